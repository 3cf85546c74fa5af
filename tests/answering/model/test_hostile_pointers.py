"""Hundreds of good and hostile answers of a model, over a whole office: what is shown, and what is not.

Measured first, before anything was mended: of 157 good answers 154 gave the right unit (without a model 44 of 53
questions do), of 385 hostile ones none showed a word that no document says, of 107 omissions none was granted; of 65
wrong units 33 were on offer and 32 shown (16 of 33 where a figure is surely asked for), of 30 lies that nothing is
stated 13 were believed, 22 of 53 stresses cut a figure or a denial, items under another heading lost their lead-in.
After mending kinds 157 of 157, 26 of 65, 13 of 30 and none of 53.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.retrieval.retriever import Retriever
from bot.types import Answer, Evidence, Mode
from tests.answering.model.hostile_cases import Case, good, hostile, questions
from tests.answering.model.pointing import Office, Served, plain

pytestmark = pytest.mark.slow

THIRD = Path(__file__).parents[2] / "cases" / "third_office" / "corpus"
FREE_WORDS = ("一千万", "张主任", "010-00000000", "无需提交材料", "请放心申请")


@dataclass(frozen=True)
class Told:
    """What became of one case."""

    case: Case
    answer: Answer
    points_asked: int
    strange: tuple[str, ...]

    @property
    def shown(self) -> str:
        return plain(self.answer.answer)

    def __str__(self) -> str:
        return f"{self.case.kind} | {self.case.asked.question} | {self.answer.answer}"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Office:
    return Office.of(THIRD, tmp_path_factory.mktemp("third"), shared_folder)


def _once(find: Callable[[Retriever, str], Evidence]) -> Callable[[Retriever, str], Evidence]:
    """A question is asked many times over: it is looked up once."""
    found: dict[str, Evidence] = {}

    def evidence(self: Retriever, question: str) -> Evidence:
        if question not in found:
            found[question] = find(self, question)
        return found[question]

    return evidence


@pytest.fixture(scope="module")
def ask(office: Office) -> Iterable[Callable[[Iterable[Case]], list[Told]]]:
    with pytest.MonkeyPatch.context() as patch, office.served() as served:
        patch.setattr(Retriever, "evidence", _once(Retriever.evidence))
        yield lambda cases: [_told(office, served, case) for case in cases]


def _told(office: Office, served: Served, case: Case) -> Told:
    answer = served.ask(case.model, case.asked.question, *case.asked.earlier)
    strange = office.strange(answer, case.asked.question, *case.asked.earlier)
    if case.kind.startswith("reading"):
        strange = office.strange(answer, _read(Told(case, answer, 0, ()))) if strange else []
    return Told(case, answer, len(case.model.offered), tuple(strange))


@pytest.fixture(scope="module")
def hostile_told(ask: Callable[[Iterable[Case]], list[Told]]) -> list[Told]:
    return ask(hostile())


@pytest.fixture(scope="module")
def good_told(ask: Callable[[Iterable[Case]], list[Told]]) -> list[Told]:
    return ask(good())


def _share(some: Iterable[object], every: Iterable[object]) -> float:
    return len(list(some)) / len(list(every))


# --- floors that hold for every model -------------------------------------------------------------------


def test_there_are_enough_cases(hostile_told: list[Told], good_told: list[Told]) -> None:
    assert len(hostile_told) >= 300 and len(good_told) >= 150 and len(questions()) >= 40
    assert len({each.case.kind for each in hostile_told}) >= 14


def test_nothing_is_shown_that_no_document_says(hostile_told: list[Told], good_told: list[Told]) -> None:
    assert [(str(each), each.strange) for each in (*hostile_told, *good_told) if each.strange] == []


def test_free_text_of_a_model_is_nowhere(hostile_told: list[Told]) -> None:
    for each in hostile_told:
        words = repr(each.answer)
        assert not any(text in words for text in FREE_WORDS), str(each)


def test_what_limits_a_unit_is_not_left_out_of_it(hostile_told: list[Told]) -> None:
    attacks = [each for each in hostile_told if each.case.kind.startswith("omission")]
    misleading = [each for each in attacks if "……" in each.shown and plain(each.case.must_stay) not in each.shown]
    assert len(attacks) >= 100
    assert _share(misleading, attacks) <= 0.01, "\n".join(map(str, misleading))


def test_an_item_under_a_heading_of_its_own_keeps_its_lead_in(hostile_told: list[Told]) -> None:
    bare = []
    for each in hostile_told:
        parted = [unit.text.split("\n", 1) for unit in each.case.model.offered[-1].units] if each.points_asked else []
        bare += [f"{rest} | {each}" for _, *rests in parted for rest in rests if f"】{plain(rest)}" in each.shown]
    assert bare == [], "\n".join(bare)


def test_what_is_stressed_begins_and_ends_with_whole_words(hostile_told: list[Told]) -> None:
    cut = [each for each in hostile_told for stress in each.answer.emphasis if _cuts(stress, each.answer.answer)]
    assert cut == [], "\n".join(f"{each.answer.emphasis} {each}" for each in cut)


def _cuts(stress: str, answer: str) -> bool:
    """Whether a stress stands only inside numbers, or only behind what denies it."""
    places = [match.start() for match in re.finditer(re.escape(stress), answer)]
    whole = [place for place in places if not _inside(answer, place, place + len(stress))]
    return bool(places) and not whole


def _inside(answer: str, start: int, end: int) -> bool:
    before, after = answer[max(0, start - 1) : start], answer[end : end + 1]
    number = before.isdigit() and answer[start].isdigit() or answer[end - 1].isdigit() and after.isdigit()
    return number or before in ("不", "未", "无", "非") and bool(before)


# --- floors that hold for a good model ------------------------------------------------------------------


def test_good_pointers_give_the_right_answer(good_told: list[Told]) -> None:
    right = [each for each in good_told if all(plain(words) in each.shown for words in each.case.asked.right)]
    wrong = [str(each) for each in good_told if each not in right]
    assert _share(right, good_told) >= 0.97, "\n".join(wrong)


def test_every_question_with_evidence_reaches_the_model(good_told: list[Told]) -> None:
    assert [str(each) for each in good_told if each.points_asked != 1] == []


def test_the_unit_that_answers_is_on_offer(good_told: list[Told]) -> None:
    lacking = [
        str(each)
        for each in good_told
        if not all(each.case.model.offered[-1].having(words) for words in each.case.asked.right)
    ]
    assert lacking == []


# --- what a wrong model can do, held where it was measured ----------------------------------------------


def test_a_lie_that_nothing_is_stated_goes_against_weak_answers_only(office: Office, hostile_told: list[Told]) -> None:
    lies = [each for each in hostile_told if each.case.kind == "not_stated"]
    believed = [each for each in lies if each.answer.abstained]
    assert _share(believed, lies) <= WRONG_SHARES["not_stated"], "\n".join(map(str, believed))
    for each in lies:
        if each.answer.mode is Mode.OFFLINE:
            alone = office.alone(each.case.asked.question, *each.case.asked.earlier)
            assert each.answer.answer == alone.answer


#: The most of hostile answers that was believed, by kind, as it was measured. Which of the units on offer answers is
#: the model's to say; that a document says it, is not.
WRONG_SHARES = {"wrong": 0.42, "not_stated": 0.45}


def test_wrong_units_are_shown_only_where_no_rule_knows_better(hostile_told: list[Told]) -> None:
    cases = [each for each in hostile_told if each.case.kind == "wrong"]
    shown = [each for each in cases if each.answer.mode is Mode.LLM and plain(each.case.unit_words) in each.shown]
    assert _share(shown, cases) <= WRONG_SHARES["wrong"], "\n".join(map(str, shown))


#: The most of readings that were used although they ask something else, by kind; measured first: place lost 1 of 3,
#: quoted names 4 of 4, figures 3 of 8, years 4 of 4, matter 9 of 9, place added and negation none.
READ_SHARES = {
    "place_added": 0.0,
    "place_lost": 0.0,
    "quoted_name": 0.0,
    "quoted_name_lost": 0.0,
    "figure_added": 0.0,
    "figure_lost": 0.0,
    "year_lost": 0.0,
    "negation": 0.0,
    # Words that are no names: 白榆苑 for 听溪公寓, 押金 for 经费.
    "matter": 1.0,
}


@pytest.mark.parametrize("kind", sorted(READ_SHARES))
def test_a_reading_that_asks_something_else_is_not_used(hostile_told: list[Told], kind: str) -> None:
    cases = [each for each in hostile_told if each.case.kind == f"reading_{kind}"]
    used = [each for each in cases if each.case.model.offered and _read(each) in each.case.model.offered[-1].questions]
    assert cases and _share(used, cases) <= READ_SHARES[kind], "\n".join(f"{_read(each)} | {each}" for each in used)


def _read(told: Told) -> str:
    reading = told.case.model.reading
    assert isinstance(reading, dict)
    return str(reading["parts"][0]["question"])


def test_the_log_tells_what_was_not_followed(hostile_told: list[Told]) -> None:
    forged = [each for each in hostile_told if each.case.kind == "forged"]
    counted = Counter(
        bool(re.search(r"not followed: \d+ unknown|broke off", each.answer.decisions[-1].reason)) for each in forged
    )
    assert counted[True] >= 20, counted
