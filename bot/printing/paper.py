"""A report as a run of paragraphs and tables; Word and PDF are written from the same run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.catalogue.eligibility import NextStep, Outcome
from bot.catalogue.eligibility.report import (
    CAVEAT,
    ENTRY_NAMES,
    NOTHING_TOLD,
    TITLE,
    ConditionLine,
    ProgrammeEntry,
    Report,
    next_lines,
)
from bot.catalogue.eligibility.understood import Understood

_TOLD_HEAD = ("项目", "您填的", "理解为")
_CONDITION_HEAD = ("条件", "结论", "依据与出处")


class Style(StrEnum):
    """How a paragraph is set."""

    TITLE = "title"
    HEADING = "heading"
    PROGRAMME = "programme"
    VERDICT = "verdict"
    TEXT = "text"
    NOTE = "note"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; ``shares`` are the widths of the columns, adding up to 1. ``strong`` is a column in bold."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    strong: int


Piece: TypeAlias = Paragraph | Table


def paper(report: Report) -> tuple[Piece, ...]:
    """The whole report in reading order."""
    return tuple(_pieces(report))


def _pieces(report: Report) -> Iterator[Piece]:
    yield Paragraph(Style.TITLE, TITLE)
    yield Paragraph(Style.NOTE, "　".join(filter(None, (report.region, f"日期：{report.date}"))))
    yield Paragraph(Style.TEXT, CAVEAT)
    yield Paragraph(Style.HEADING, "您填的情况")
    if report.told:
        rows = tuple((ENTRY_NAMES[each.entry], each.typed, _meaning(each)) for each in report.told)
        yield Table(_TOLD_HEAD, rows, (0.18, 0.36, 0.46), 0)
    else:
        yield Paragraph(Style.TEXT, NOTHING_TOLD)
    if report.empty:
        yield Paragraph(Style.TEXT, report.empty)
    for step, entries in report.groups:
        yield Paragraph(Style.HEADING, f"{step}（{len(entries)}项）")
        for entry in entries:
            yield from _programme(step, entry)


def _meaning(told: Understood) -> str:
    unclear = f"没有把握，不据此判断：{'、'.join(told.unclear)}" if told.unclear else ""
    return "；".join(filter(None, ("、".join(told.meanings), unclear))) or "按所填的字对照"


def _programme(step: NextStep, entry: ProgrammeEntry) -> Iterator[Piece]:
    yield Paragraph(Style.PROGRAMME, f"{entry.name}〔{entry.status}〕")
    if step is NextStep.CLOSED:
        yield Paragraph(Style.TEXT, f"{entry.summary}——{entry.source}")
        return
    yield Paragraph(Style.VERDICT, entry.verdict)
    yield Paragraph(Style.TEXT, f"{entry.summary}——{entry.source}")
    stated = [line for line in entry.conditions if line.quote]
    unstated = "、".join(line.condition for line in entry.conditions if line.outcome is Outcome.NOT_STATED)
    if stated:
        yield Table(_CONDITION_HEAD, tuple(map(_condition, stated)), (0.27, 0.23, 0.5), 1)
    if unstated:
        yield Paragraph(Style.NOTE, f"文件未写明：{unstated}")
    for label, lines in next_lines(entry):
        yield from (Paragraph(Style.ITEM, f"{label}：{line}") for line in lines)


def _condition(line: ConditionLine) -> tuple[str, str, str]:
    why = f"（{line.why}）" if line.why else ""
    return line.condition, f"{line.outcome}{why}", f"“{line.quote}”——{line.source}"
