"""Kept questions as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook

from bot.questions.records import MODE_LABELS, OUTCOME_LABELS, KeptQuestion
from bot.text.moments import to_the_second

#: A workbook of more rows takes the memory of everybody.
MOST_ROWS = 10_000
_HEADINGS = (
    "编号",
    "时间（UTC）",
    "来自",
    "问题",
    "完整的问题",
    "结果",
    "方式",
    "毫秒",
    "答复",
    "引用的文件",
    "评价",
    "意见",
)
#: What a cell holds at most.
_LONGEST = 32_000


def workbook(questions: Iterable[KeptQuestion]) -> bytes:
    """``questions`` as an XLSX file; whatever their words look like, none is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("问题")
    sheet.freeze_panes = "A2"
    sheet.append(_HEADINGS)
    for each in questions:
        sheet.append([_cell(sheet, value) for value in _values(each)])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _values(each: KeptQuestion) -> tuple[str, ...]:
    verdict = "" if each.verdict is None else ("有用" if each.verdict.useful else "没用")
    return (
        str(each.number),
        to_the_second(each.asked_at),
        each.door.label,
        each.question,
        each.standalone,
        OUTCOME_LABELS[each.outcome],
        MODE_LABELS[each.mode],
        f"{each.elapsed_ms:.0f}",
        each.answer,
        "、".join(dict.fromkeys(source.title for source in each.sources)),
        verdict,
        each.verdict.reason if each.verdict is not None else "",
    )


def _cell(sheet: Any, value: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST])
    # As text, whatever it looks like: a leading "=" would become a formula.
    cell.data_type = "s"
    return cell
