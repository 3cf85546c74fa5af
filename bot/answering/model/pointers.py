"""Pointers: what a model returns instead of an answer, and what code makes of them.

A pointer names a unit, clauses of it that may be left out, and the stretch that is what was asked for. Everything
shown is rendered from the documents; a pointer that names nothing on offer is dropped and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering.draft import Passage, Statement
from bot.answering.model.clauses import may_leave_out, rendered
from bot.answering.model.material import Material, MaterialUnit
from bot.lexicon import words
from bot.text.figures import parse_figures
from bot.types import Document

#: Units told in one answer at most; more is a copy of the documents.
MAX_TOLD = 8


class Heading(StrEnum):
    """What a unit may be told under; they frame and claim nothing."""

    NONE = ""
    AMOUNT = "金额与标准"
    CONDITION = "对象与条件"
    MATERIALS = "材料"
    PROCEDURE = "办理方式"
    TIME = "时间与期限"
    CONTACT = "联系方式"
    BACKGROUND = "相关内容"


class Pointer(BaseModel):
    """One unit that answers a part of the question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unit: int = Field(description="单元的编号")
    part: int = Field(1, description="它回答第几个问题")
    heading: Heading = Field(Heading.NONE, description="小标题，只在多个单元需要分开时用")
    leave_out: tuple[int, ...] = Field((), description="可以略去的分句的编号；拿不准就不略")
    asked: str = Field("", description="单元里正是所问的那几个字，照抄，例如金额；没有就留空")


class PointedAnswer(BaseModel):
    """What a model returns: the units that answer, in the order they are told."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pointers: tuple[Pointer, ...] = Field((), description="回答问题的单元，按该讲的先后")
    not_stated: tuple[int, ...] = Field((), description="材料里没有写明的问题的编号")


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many pointers were not followed, by reason."""

    unknown_unit: int = 0
    unknown_clause: int = 0
    guarded_clause: int = 0
    unknown_span: int = 0
    not_fitting: int = 0
    repeated: int = 0

    @property
    def told(self) -> str:
        """The reasons with their numbers; for the log."""
        counts = ((name.replace("_", " "), getattr(self, name)) for name in self.__dataclass_fields__)
        return ", ".join(f"{count} {name}" for name, count in counts if count)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Pointers made into statements, in order; ``units`` are the units told, ``dropped`` what was not followed."""

    statements: tuple[Statement, ...] = ()
    units: tuple[MaterialUnit, ...] = ()
    parts: frozenset[int] = frozenset()
    dropped: Dropped = Dropped()


#: Whether a unit may answer a part of the question, beside being on offer.
Fits = Callable[[MaterialUnit, int], bool]


def whole_pointers(partial: Mapping[str, Any]) -> PointedAnswer:
    """The pointers of a reply on its way that cannot grow any more: all but the last, each by itself."""
    listed = partial.get("pointers")
    return pointers_in(listed[:-1] if isinstance(listed, list) else ())


def pointers_in(listed: Sequence[Any], not_stated: tuple[int, ...] = ()) -> PointedAnswer:
    """The entries of a list that are pointers."""
    found = []
    for each in listed:
        try:
            found.append(Pointer.model_validate(each))
        except ValidationError:
            continue
    return PointedAnswer(pointers=tuple(found), not_stated=not_stated)


def resolve(answer: PointedAnswer, material: Material, document: Callable[[str], Document], fits: Fits) -> Resolved:
    """The statements that the pointers stand for; each unit is told once."""
    told: list[MaterialUnit] = []
    statements: list[Statement] = []
    parts: set[int] = set()
    counts: dict[str, int] = {}

    def count(reason: str, number: int = 1) -> None:
        if number:
            counts[reason] = counts.get(reason, 0) + number

    headed = len({each.heading for each in answer.pointers if each.heading}) > 1
    heading = Heading.NONE
    for pointer in answer.pointers:
        unit = material.unit(pointer.unit)
        if unit is None or not 0 < pointer.part <= len(material.questions):
            count("unknown_unit")
        elif len(told) >= MAX_TOLD or any(_holds(each, unit) for each in told):
            count("repeated")
        elif not fits(unit, pointer.part):
            count("not_fitting")
        else:
            before = told[-1] if told else None
            if headed and pointer.heading and pointer.heading is not heading:
                heading, before = pointer.heading, None
                statements.append(Statement(f"【{heading.value}】"))
            statements += _told(unit, pointer, document, before, count)
            told.append(unit)
            parts.add(pointer.part)
    return Resolved(tuple(statements), tuple(told), frozenset(parts), Dropped(**counts))


def _holds(told: MaterialUnit, unit: MaterialUnit) -> bool:
    """Whether all that a unit tells has been told."""
    return all(
        any(
            each.document_id == passage.document_id and each.start <= passage.start and passage.end <= each.end
            for each in told.passages
        )
        for passage in unit.passages
    )


def _told(
    unit: MaterialUnit,
    pointer: Pointer,
    document: Callable[[str], Document],
    before: MaterialUnit | None,
    count: Callable[[str, int], None],
) -> tuple[Statement, ...]:
    if unit.judged is None:
        return unit.statements
    (statement,) = unit.statements
    wanted = {number - 1 for number in pointer.leave_out}
    known = {place for place in wanted if 0 <= place < len(unit.clauses)}
    granted = may_leave_out(unit.text, unit.clauses, known)
    count("unknown_clause", len(wanted - known))
    count("guarded_clause", len(known - granted))
    if granted:
        return (replace(statement, text=rendered(unit.text, unit.clauses, granted), focus=None),)
    focus = _focus(pointer.asked, unit, document)
    count("unknown_span", int(bool(pointer.asked.strip()) and focus is None))
    return (_without_lead_in(replace(statement, focus=focus or statement.focus), before, document),)


def _focus(asked: str, unit: MaterialUnit, document: Callable[[str], Document]) -> Passage | None:
    """Where the words that a model gives as what was asked for stand in the unit.

    Nothing where they do not, where they cut a figure, or where a word before them denies or bounds them.
    """
    asked = asked.strip()
    if not asked:
        return None
    for passage in unit.passages:
        text = document(passage.document_id).text[passage.start : passage.end]
        place = text.find(asked)
        while place >= 0:
            if _is_whole(text, place, place + len(asked)):
                return Passage(passage.document_id, passage.start + place, passage.start + place + len(asked))
            place = text.find(asked, place + 1)
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` cuts no figure in two and does not begin right after a word that turns it round."""
    cut = any(figure.start < edge < figure.end for figure in parse_figures(text) for edge in (start, end))
    return not cut and text[max(0, start - 1) : start] not in words("negations")


def _without_lead_in(
    statement: Statement, before: MaterialUnit | None, document: Callable[[str], Document]
) -> Statement:
    """The second item of a list right after the first: its lead-in stands there already."""
    *leads, own = statement.passages
    if not leads or before is None or before.judged is None or leads != [*before.passages[:-1]]:
        return statement
    text = document(own.document_id).text[own.start : own.end]
    return replace(statement, text="\n".join(line for each in text.split("\n") if (line := each.strip())))
