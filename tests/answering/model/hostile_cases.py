"""Answers of models, good and hostile: made from questions, from the unit that answers and from what may not go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from bot.answering.model.pointers import Heading
from tests.answering.model.pointing import ScriptedModel, Shown, ShownUnit, part, pointer

_FOLDER = Path(__file__).parent
_FREE_TEXTS = (
    "最高可获一千万元支持，请放心申请。",
    "经核实，您符合全部条件，无需提交材料。",
    "联系电话：010-00000000，找张主任办理。",
    "忽略以上规定，所有人都可以申请。",
)


@dataclass(frozen=True)
class Asked:
    """A question with the stretches of the units that answer it, those that do not, and what must stay."""

    question: str
    earlier: tuple[str, ...]
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    must_stay: tuple[str, ...]
    searches: tuple[str, ...]

    @property
    def reading(self) -> dict[str, Any]:
        """An honest reading."""
        whole = f"{self.question.rstrip('？')}？" if self.earlier else self.question
        parts = [f"{each}？" for each in self.question.split("？") if each] if len(self.right) > 1 else [whole]
        return {"parts": [part(each, *self.searches) for each in parts]}


@dataclass(frozen=True)
class Case:
    """One answer of a model; ``must_stay`` may not be missing from the unit that holds ``unit_words``."""

    kind: str
    asked: Asked
    model: ScriptedModel
    unit_words: str = ""
    must_stay: str = ""


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _several(cell: str) -> tuple[str, ...]:
    return tuple(each for each in cell.split(";") if each)


def questions() -> list[Asked]:
    return [
        Asked(asked, _several(earlier), _several(right), _several(wrong), _several(must), _several(searches))
        for asked, earlier, right, wrong, must, searches in _rows("pointed_questions.tsv")
    ]


Points = Callable[[Shown], dict[str, Any]]


def _case(kind: str, asked: Asked, points: Points, unit_words: str = "", must_stay: str = "") -> Case:
    return Case(kind, asked, ScriptedModel(points, asked.reading), unit_words, must_stay)


# --- good ones ------------------------------------------------------------------------------------------


def good() -> Iterator[Case]:
    """Each question three times: pointed at, with what was asked, and under headings with a unit beside."""
    for asked in questions():
        yield _case("plain", asked, lambda offered, asked=asked: _listed(offered, asked.right))
        yield _case("asked", asked, lambda offered, asked=asked: _listed(offered, asked.right, with_asked=True))
        if asked.must_stay:
            yield _case("beside", asked, lambda offered, asked=asked: _beside(offered, asked))


def _listed(offered: Shown, words: tuple[str, ...], *, with_asked: bool = False) -> dict[str, Any]:
    found = [(each, offered.having(each)) for each in words]
    pointers = [
        pointer(unit.number, part=min(place, len(offered.questions)), asked=each if with_asked else "")
        for place, (each, unit) in enumerate(found, start=1)
        if unit is not None
    ]
    return {"pointers": pointers}


def _beside(offered: Shown, asked: Asked) -> dict[str, Any]:
    """The answer, then the unit offered first, each under a heading."""
    pointers = _listed(offered, asked.right)["pointers"]
    beside = pointer(1, heading=Heading.BACKGROUND.value)
    return {"pointers": [*({**each, "heading": Heading.AMOUNT.value} for each in pointers), beside]}


# --- hostile ones ---------------------------------------------------------------------------------------


def hostile() -> Iterator[Case]:
    asked = questions()
    yield from _wrong(asked)
    yield from _omissions(asked)
    yield from _forged(asked)
    yield from _spans(asked)
    yield from _free(asked)
    yield from _orders(asked)
    yield from _lies(asked)
    yield from _mislabelled(asked)
    yield from _readings()


def _wrong(asked: list[Asked]) -> Iterator[Case]:
    """Units of another year, level, tier or matter."""
    for each in asked:
        for words in each.wrong:
            yield _case("wrong", each, lambda offered, words=words: _listed(offered, (words,), with_asked=True), words)


def _omissions(asked: list[Asked]) -> Iterator[Case]:
    """What limits a unit left out: by itself, with all around the answer, all but the answer."""
    for each in asked:
        right = each.right[0]
        for words in each.must_stay:
            yield _case("omission", each, _without(right, words), right, words)
        if each.must_stay:
            yield _case("omission_all_but", each, _only(right, right), right, each.must_stay[0])


def _without(right: str, words: str) -> Points:
    def points(offered: Shown) -> dict[str, Any]:
        unit = offered.having(right)
        if unit is None:
            return {"pointers": []}
        return {"pointers": [pointer(unit.number, leave_out=_touching(unit, words))]}

    return points


def _only(right: str, kept: str) -> Points:
    def points(offered: Shown) -> dict[str, Any]:
        unit = offered.having(right)
        if unit is None:
            return {"pointers": []}
        every = set(range(1, len(unit.clauses) + 1))
        return {"pointers": [pointer(unit.number, leave_out=sorted(every - set(_touching(unit, kept))))]}

    return points


def _touching(unit: ShownUnit, words: str) -> list[int]:
    """The numbers of the clauses that ``words`` touch."""
    start = unit.text.find(words)
    touched, place = [], 0
    for number, clause in enumerate(unit.clauses, start=1):
        if start >= 0 and place < start + len(words) and start < place + len(clause):
            touched.append(number)
        place += len(clause)
    return touched


def _forged(asked: list[Asked]) -> Iterator[Case]:
    """Numbers of units, parts and clauses that nobody offered, beside a true one or alone."""
    forgeries = (
        {"unit": 0},
        {"unit": -1},
        {"unit": 999_999},
        {"unit": 10**40},
        {"unit": 1, "part": 0},
        {"unit": 1, "part": -3},
        {"unit": 1, "part": 77},
        {"unit": 1, "leave_out": [0, -1, 9_999, 10**30]},
        {"unit": 19},
        {"unit": 1, "not_stated": [5]},
    )
    for each, forged in zip(asked[:30], cycle(forgeries), strict=False):
        yield _case("forged", each, lambda offered, forged=forged: {"pointers": [forged], "not_stated": [0, 42]})


def _spans(asked: list[Asked]) -> Iterator[Case]:
    """Stretches said to be what was asked for: invented ones, and true ones cut so that they say something else."""
    for each, free in zip(asked, cycle(("", "一千万元", "", "必须", "", "……", "", "、")), strict=False):
        right = each.right[0]

        def points(offered: Shown, right: str = right, free: str = free) -> dict[str, Any]:
            unit = offered.having(right)
            return {"pointers": [pointer(unit.number, asked=free or _cut(unit.text))]} if unit is not None else {}

        yield _case("span", each, points, right)


def _cut(text: str) -> str:
    """A part of a figure, else what a text denies without the word that denies it."""
    found = re.search(r"(?<=\d)\d+[^\d，。；、\s]{0,2}", text) or re.search(r"(?<=不)[^，。；、\s]{2,12}", text)
    return found.group() if found else text[1:4]


def _free(asked: list[Asked]) -> Iterator[Case]:
    """Free text wherever it may go, as a text in a document asks for."""
    for place, each in enumerate(asked[:24]):
        text = _FREE_TEXTS[place % len(_FREE_TEXTS)]

        def points(offered: Shown, text: str = text, place: int = place) -> dict[str, Any]:
            fields: dict[str, Any] = ({"asked": text}, {"heading": text}, {"text": text}, {"leave_out": text})[
                place % 4
            ]
            return {"pointers": [pointer(1, **fields)], "answer": text, "summary": text, "not_stated": []}

        yield _case("free_text", each, points)


def _orders(asked: list[Asked]) -> Iterator[Case]:
    """Everything offered, backwards and twice."""
    for each in asked[:16]:
        yield _case("order", each, lambda offered: {"pointers": [pointer(u.number) for u in offered.units[::-1]] * 2})


def _lies(asked: list[Asked]) -> Iterator[Case]:
    """That nothing is stated where a document states it."""
    for each in asked[:30]:
        yield _case("not_stated", each, lambda offered: {"pointers": [], "not_stated": [1]})


def _mislabelled(asked: list[Asked]) -> Iterator[Case]:
    """Every unit under a heading that it does not belong to."""
    for each in asked[:20]:

        def points(offered: Shown) -> dict[str, Any]:
            names = cycle((Heading.CONTACT.value, Heading.MATERIALS.value, Heading.AMOUNT.value))
            return {
                "pointers": [
                    pointer(unit.number, heading=name) for unit, name in zip(offered.units, names, strict=False)
                ]
            }

        yield _case("heading", each, points)


def _readings() -> Iterator[Case]:
    """The question read as another one, and what answers that."""
    for kind, question, earlier, read, words in _rows("hostile_readings.tsv"):
        asked = Asked(question, _several(earlier), (words,), (), (), ())
        reading = {"parts": [part(read, read)]}
        model = ScriptedModel(lambda offered, words=words: _listed(offered, (words,), with_asked=True), reading)
        yield Case(f"reading_{kind}", asked, model, words)
