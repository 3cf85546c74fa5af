"""``python -m bot.benchmarks.doors [--data DIR] [--only WORDS]``: how long anybody's text can hold a door up.

Every door that takes a text is given texts of one kind of character at its limit and at half of it: repeated
characters, spaces, digits, numerals, brackets, quotes, dashes, line ends, characters of no width, and their mixtures.
Told are the processor time of the best of three and the ratio of both lengths: 2 is linear, 4 is quadratic.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.assistant import Assistant
from bot.catalogue.eligibility import Profile, check_eligibility
from bot.documents.corpus import list_corpus_files
from bot.documents.passages import read_passages
from bot.errors import AssistantError
from bot.inquiries.office import LONGEST_MESSAGE, InquiryOffice
from bot.market.drafting import next_question, start_draft, take_answer
from bot.market.service import Market
from bot.questions.masking import masked
from bot.settings import Settings, load_settings
from bot.store.database import shared_database
from bot.types import PrivateContact, RecordKind, Turn
from bot.understanding.understanding import MAX_QUESTION_CHARACTERS
from bot.web.suggesting import LONGEST_TYPED

#: What a text may take, and how much more than half of it: 2 is linear, the rest is noise of short times.
MOST_SECONDS, MOST_RATIO = 0.3, 2.6
#: Shorter times than this tell nothing of their ratio.
TELLING_SECONDS = 0.05
TRIES = 3
#: Repeated to the length of the door.
UNITS = {
    "letter": "a",
    "han": "的",
    "spaces": " ",
    "wide spaces": "\u3000",
    "line ends": "\n",
    "digits": "1",
    "numeral one": "一",
    "numeral ten": "十",
    "numeral hundred": "百",
    "numeral ten thousand": "万",
    "numerals": "一十百千万",
    "points": "1.",
    "commas": "1,",
    "brackets": "（",
    "bracket pairs": "（）",
    "square": "[",
    "book": "《",
    "quotes": "“",
    "straight quotes": '"',
    "dashes": "-",
    "long dashes": "—",
    "no width": "\u200b",
    "combining": "e\u0301",
    "stops": "。",
    "semicolons": "；",
    "colons": "：",
    "dates": "2025年",
    "days": "1月1日",
    "percent": "10%",
    "money": "5万元",
    "phones": "13800000000 ",
    "mail": "a@",
    "not": "不",
    "or": "或者",
    "firm": "有限公司",
    "area": "省市区",
    "pipe": "|a",
    "contact, spaces": "联系人 ",
    "surrogate of a tag": "<a ",
}
#: Before the repeated part, so that a reader begins to read.
BEGINNINGS = ("", "我们想找做涂层的合作单位，预算")


@dataclass(frozen=True, slots=True)
class Door:
    """Something that takes a text of at most ``limit`` characters."""

    name: str
    limit: int
    take: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Taken:
    """Processor seconds for a whole text and for half of it."""

    door: str
    text: str
    whole: float
    half: float

    @property
    def ratio(self) -> float:
        """How much longer the whole takes; 0 where the time is too short to tell."""
        return self.whole / self.half if self.whole >= TELLING_SECONDS and self.half else 0.0

    @property
    def well(self) -> bool:
        """Whether nobody is held up."""
        return self.whole < MOST_SECONDS and self.ratio < MOST_RATIO


def doors(settings: Settings, folder: Path) -> Iterator[Door]:
    """Every door, over the index and the database of ``settings``; files are made in ``folder``."""
    assistant, market = Assistant.open(settings), Market(settings)
    catalogue = assistant.catalogue
    office = InquiryOffice(shared_database(settings.resolved_database_url))
    contact = PrivateContact(name="示例", phone="00000000")
    yield Door("ask", MAX_QUESTION_CHARACTERS, lambda text: assistant.ask(Turn(text)))
    yield Door("search", MAX_QUESTION_CHARACTERS, lambda text: assistant.search(text, 10))
    yield Door("suggest", LONGEST_TYPED, assistant.suggest)
    yield Door("talk", 4_000, lambda text: start_draft(text, RecordKind.NEED, today=date(2025, 6, 1)))
    yield Door("answer", 4_000, _answered)
    yield Door("match", 4_000, lambda text: market.matcher.match_text(text, 10))
    yield Door("form", 20_000, lambda text: market.assess_form(RecordKind.NEED, {"title": "示例", "description": text}))
    yield Door("eligibility", 2_000, lambda text: check_eligibility(catalogue, Profile(about=text), date(2025, 6, 1)))
    yield Door("inquiry", LONGEST_MESSAGE, lambda text: office.leave(text, contact, agreed=True))
    yield Door("kept question", 2_000, masked)
    yield Door("import row", 20_000, lambda text: _imported(market, folder, text))
    yield Door("ingest", 60_000, lambda text: _read(folder, text))


def measured(door: Door, unit: str, beginning: str = "", tries: int = TRIES) -> Taken:
    """The time of one text at one door."""
    whole, half = (_best(door, _text(beginning, unit, length), tries) for length in (door.limit, door.limit // 2))
    return Taken(door.name, f"{beginning[:2]}{unit!r}", whole, half)


def _text(beginning: str, unit: str, length: int) -> str:
    return (beginning + unit * (length // len(unit) + 1))[:length]


def _best(door: Door, text: str, tries: int) -> float:
    best = float("inf")
    for number in range(tries):
        # Another text each time: what was just asked may be remembered.
        asked = text[:-1] + "甲乙丙丁"[number % 4]
        started = time.process_time()
        try:
            door.take(asked)
        except AssistantError:
            # A refusal is an answer; how long it took counts all the same.
            pass
        best = min(best, time.process_time() - started)
        if best < TELLING_SECONDS:
            break
    return best


def _answered(text: str) -> object:
    draft = start_draft("我们想找涂层技术", RecordKind.NEED)
    return take_answer(draft, text) if draft is not None and next_question(draft) else None


def _imported(market: Market, folder: Path, text: str) -> object:
    import json

    path = folder / "rows.jsonl"
    path.write_text(json.dumps({"id": "x", "title": "示例", "description": text}) + "\n", encoding="utf-8")
    return market.plan_import(path, RecordKind.NEED)


def _read(folder: Path, text: str) -> object:
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    (corpus / "示例.txt").write_text(text, encoding="utf-8")
    (file,) = list_corpus_files(corpus).files
    return read_passages(file)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every door; 1 where one is slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--only", default="")
    given = parser.parse_args(arguments)
    slow = 0
    with tempfile.TemporaryDirectory() as name:
        for door in doors(load_settings(data_dir=given.data), Path(name)):
            if given.only not in door.name:
                continue
            door.take("先热身")
            taken = [measured(door, unit, start) for start in BEGINNINGS for unit in UNITS.values()]
            bad = [each for each in taken if not each.well]
            slow += len(bad)
            worst = max(taken, key=lambda each: each.whole)
            told = f"{len(taken)} texts of {door.limit}, worst {worst.whole:.3f} s ({worst.text}), {len(bad)} slow"
            sys.stdout.write(f"{door.name}: {told}\n")
            sys.stdout.writelines(f"  {each.text}: {each.whole:.3f} s, ratio {each.ratio:.1f}\n" for each in bad)
            sys.stdout.flush()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
