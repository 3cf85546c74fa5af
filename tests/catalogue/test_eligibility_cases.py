"""What firms say of themselves, as they say it, against conditions of the shipped corpus and of a made-up district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.catalogue.eligibility import Outcome, Profile, check_eligibility
from bot.catalogue.models import Catalogue

FOLDER = Path(__file__).parent
CORPUS = FOLDER.parents[1] / "corpus"
TODAY = date(2026, 11, 1)
#: What the three words of the table stand for.
UNDECIDED = {Outcome.CANNOT_TELL, Outcome.NOT_STATED, Outcome.NOT_TOLD}


@dataclass(frozen=True)
class Case:
    line: int
    corpus: str
    programme: str
    condition: str
    profile: Profile
    expected: str

    @property
    def name(self) -> str:
        told = "；".join(f"{entry}={typed}" for entry, typed in self.profile.entries())
        return f"{self.line}:{self.programme}:{self.condition}:{told}"


def read_cases() -> list[Case]:
    found = []
    lines = (FOLDER / "eligibility_cases.tsv").read_text(encoding="utf-8").splitlines()
    for line, text in enumerate(lines, start=1):
        if text.startswith("#"):
            continue
        corpus, programme, condition, told, expected = text.split("\t")
        entry, _, typed = told.partition("=")
        profile = Profile(**{entry: (typed,) if entry == "qualifications" else typed}) if entry else Profile()
        found.append(Case(line, corpus, programme, condition, profile, expected))
    return found


def read_catalogues() -> dict[str, Catalogue]:
    district = yaml.safe_load((FOLDER / "eligibility_district.yaml").read_text(encoding="utf-8"))
    shipped = {
        name: yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("scope", "programmes", "contacts", "thesaurus")
    }
    return {"district": Catalogue.model_validate(district), "putuo": Catalogue.model_validate(shipped)}


CATALOGUES = read_catalogues()


def outcome(case: Case) -> str:
    results = check_eligibility(CATALOGUES[case.corpus], case.profile, TODAY).results
    programme = next(result for result in results if result.programme.id == case.programme)
    decided = next(
        each
        for each in programme.conditions
        if each.stated and case.condition in (each.stated.dimension.value, each.stated.measure)
    )
    return "无法判断" if decided.outcome in UNDECIDED else decided.outcome.value


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_a_condition_is_decided_only_where_the_firm_tells_it(case: Case) -> None:
    assert outcome(case) == case.expected
