"""A report as the bytes of a file, by the ending of its name: Markdown, Word, PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.catalogue.eligibility.outcomes import NextStep, Outcome
from bot.catalogue.eligibility.report import (
    CAVEAT,
    ENTRY_NAMES,
    NOTHING_TOLD,
    TITLE,
    ConditionLine,
    ProgrammeEntry,
    Report,
    markdown,
    next_lines,
)
from bot.catalogue.eligibility.understood import Understood
from bot.errors import UsageError
from bot.printing import layout, pdf, word
from bot.printing.blocks import Block, BlockKind, Piece, Table

_WRITERS = {".docx": word.to_docx, ".pdf": pdf.to_pdf}
_TOLD_HEAD = ("项目", "您填的", "理解为")
_CONDITION_HEAD = ("条件", "结论", "依据与出处")


def report_file(report: Report, suffix: str, say: Callable[[str], str] = str) -> bytes:
    """The report as .md, .docx or .pdf; raises :class:`UsageError` for any other ending.

    ``say`` words the texts of .docx and .pdf for a reader of another language; Chinese as they are without it.
    """
    if suffix == ".md":
        return markdown(report).encode("utf-8")
    writer = _WRITERS.get(suffix)
    if writer is None:
        remedy = f"可选：{'、'.join(('.md', *_WRITERS))}"
        raise UsageError("不能写成这种文件", value=suffix or "没有扩展名", remedy=remedy)
    return writer(tuple(_said(piece, say) for piece in _pieces(report)), say(TITLE), layout.report_sheet())


def _said(piece: Piece, say: Callable[[str], str]) -> Piece:
    if isinstance(piece, Block):
        return replace(piece, text="　".join(map(say, piece.text.split("　"))))
    rows = tuple(tuple(map(say, row)) for row in piece.rows)
    return replace(piece, head=tuple(map(say, piece.head)), rows=rows)


def _pieces(report: Report) -> Iterator[Piece]:
    yield Block(BlockKind.TITLE, TITLE)
    yield Block(BlockKind.NOTE, "　".join(filter(None, (report.region, f"日期：{report.date}"))))
    yield Block(BlockKind.PARAGRAPH, CAVEAT)
    yield Block(BlockKind.HEADING, "您填的情况")
    if report.told:
        rows = tuple((ENTRY_NAMES[each.entry], each.typed, _meaning(each)) for each in report.told)
        yield Table(_TOLD_HEAD, rows, (0.18, 0.36, 0.46), 0)
    else:
        yield Block(BlockKind.PARAGRAPH, NOTHING_TOLD)
    if report.empty:
        yield Block(BlockKind.PARAGRAPH, report.empty)
    for step, entries in report.groups:
        yield Block(BlockKind.HEADING, f"{step}（{len(entries)}项）")
        for entry in entries:
            yield from _programme(step, entry)


def _meaning(told: Understood) -> str:
    unclear = f"没有把握，不据此判断：{'、'.join(told.unclear)}" if told.unclear else ""
    return "；".join(filter(None, ("、".join(told.meanings), unclear))) or "按所填的字对照"


def _programme(step: NextStep, entry: ProgrammeEntry) -> Iterator[Piece]:
    yield Block(BlockKind.SUBHEADING, f"{entry.name}〔{entry.status}〕")
    if step is NextStep.CLOSED:
        yield Block(BlockKind.PARAGRAPH, f"{entry.summary}——{entry.source}")
        return
    yield Block(BlockKind.VERDICT, entry.verdict)
    yield Block(BlockKind.PARAGRAPH, f"{entry.summary}——{entry.source}")
    stated = [line for line in entry.conditions if line.quote]
    unstated = "、".join(line.condition for line in entry.conditions if line.outcome is Outcome.NOT_STATED)
    if stated:
        yield Table(_CONDITION_HEAD, tuple(map(_condition, stated)), (0.27, 0.23, 0.5), 1)
    if unstated:
        yield Block(BlockKind.NOTE, f"文件未写明：{unstated}")
    for label, lines in next_lines(entry):
        yield from (Block(BlockKind.ITEM, f"{label}：{line}") for line in lines)


def _condition(line: ConditionLine) -> tuple[str, str, str]:
    why = f"（{line.why}）" if line.why else ""
    return line.condition, f"{line.outcome}{why}", f"“{line.quote}”——{line.source}"
