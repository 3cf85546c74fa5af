"""Text of one cell or form field to its value, or a reason a person can act on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.market.fields import FieldSpec, FieldType
from bot.market.records import Confidentiality
from bot.text.cells import FORMULA_STARTS

MAX_ID = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_YES, _NO = frozenset({"是", "有", "true", "yes", "y", "1"}), frozenset({"否", "无", "false", "no", "n", "0"})
_OPEN = frozenset({"公开", "open", "public", "否"})
_CONFIDENTIAL = frozenset({"保密", "confidential", "private", "匿名", "不公开", "是"})
_DATE = re.compile(r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*日?|月)?|年)?(?:[ T]\d.*)?")


class CellError(Exception):
    """A cell that cannot be read; the text is the reason. Callers turn it into a row's reason."""


def parse_cell(spec: FieldSpec, cell: str) -> Any:
    """The value of one cell; raises an error whose text is the reason."""
    text = cell.strip()
    # The mark before what a spreadsheet would run (bot.text.cells) is not content.
    if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS:
        text = text[1:]
    if _CONTROL.search(text):
        raise CellError(f"“{spec.label}”含有控制字符或无法存储的字符")
    if len(text) > spec.max_length:
        raise CellError(f"“{spec.label}”有 {len(text):,} 个字符，最多 {spec.max_length:,} 个")
    return _PARSERS.get(spec.type, _line)(spec, text)


def cell_text(value: object) -> str:
    """A value as a cell, a form or a page says it: what :func:`parse_cell` reads back; empty for what is not stated."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Confidentiality):
        return value.label
    if isinstance(value, tuple):
        return "；".join(map(str, value))
    return "" if value is None else str(value)


def _line(spec: FieldSpec, text: str) -> str:
    return text if spec.type is FieldType.TEXT else re.sub(r"\s+", " ", text)


def _identifier(spec: FieldSpec, text: str) -> str:
    if len(text) > MAX_ID or re.search(r"\s", text):
        raise CellError(f"编号不能有空格，最多 {MAX_ID} 个字符：{text[:40]}")
    return text


def _list(_spec: FieldSpec, text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r"[;；、,，|/\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _trl(spec: FieldSpec, text: str) -> int | None:
    match = re.fullmatch(r"(?:trl)?\s*[-:]?\s*([1-9])\s*级?", text.casefold())
    if text and not match:
        raise CellError(f"“{spec.label}”应是 1–9 的整数：{text[:40]}")
    return int(match.group(1)) if match else None


def _date(spec: FieldSpec, text: str) -> str | None:
    if not text:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        raise CellError(f"“{spec.label}”不是日期（写成 2025-01-15）：{text[:40]}")
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise CellError(f"“{spec.label}”没有这一天：{text[:40]}") from None
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


def _yes_no(spec: FieldSpec, text: str) -> bool:
    folded = text.casefold()
    if folded in _YES:
        return True
    if folded in _NO or not folded:
        return False
    raise CellError(f"“{spec.label}”应写“是”或“否”：{text[:40]}")


def _confidentiality(spec: FieldSpec, text: str) -> Confidentiality:
    folded = text.casefold()
    if folded in _CONFIDENTIAL:
        return Confidentiality.CONFIDENTIAL
    if folded in _OPEN or not folded:
        return Confidentiality.OPEN
    raise CellError(f"“{spec.label}”应写“公开”或“保密”：{text[:40]}")


_PARSERS: dict[FieldType, Callable[[FieldSpec, str], Any]] = {
    FieldType.ID: _identifier,
    FieldType.LIST: _list,
    FieldType.TRL: _trl,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.CONFIDENTIALITY: _confidentiality,
}
