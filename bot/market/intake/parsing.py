"""Rows of a table to values by field, or the reason why not; columns without a field are kept aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import MarketError
from bot.market.cells import CellError, parse_cell
from bot.market.fields import CONTACT_FIELDS, FieldSpec, FieldType
from bot.market.intake.columns import ColumnNames, is_serial, with_unit
from bot.market.intake.tables import RawRow, RowFile
from bot.market.rowfile import TableFile

#: What stands in the text for a byte that no encoding reads.
BROKEN = "\ufffd"
#: A name of a column in a message.
_SHOWN = 40
#: What is kept aside of one cell; a column of whole reports is no remark.
_MAX_ASIDE = 2_000
_NAMED_ROWS = 10
_CONTACTS = frozenset(spec.name for spec in CONTACT_FIELDS)


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that did not go in; ``row`` is its number in the file, ``sheet`` where a workbook has several tables."""

    row: int
    reason: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SheetReport:
    """A table that was read, and how many rows it has that are meant as records."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row that passed: the values of the columns it has, by field name. ``id`` is empty where the list has none."""

    number: int
    id: str
    values: dict[str, Any]
    owner: str
    contact: dict[str, str]
    aside: dict[str, str]
    keeps_aside: bool
    sheet: str = ""

    @property
    def title(self) -> str:
        """The record's own name."""
        return str(self.values["title"])

    @property
    def where(self) -> str:
        """The row as messages call it."""
        return f"表“{self.sheet}”第 {self.number} 行" if self.sheet else f"第 {self.number} 行"

    def failed(self, reason: str) -> FailedRow:
        """The row as one that does not go in."""
        return failed_row(self.number, reason, self.sheet)


@dataclass(slots=True)
class Intake:
    """What a file holds: rows to be saved, rows refused, and what staff should know."""

    rows: list[ParsedRow] = field(default_factory=list)
    failed: list[FailedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sheets: list[SheetReport] = field(default_factory=list)


def failed_row(number: int, reason: str, sheet: str) -> FailedRow:
    """A refused row; its reason names the sheet too, for those who read only that."""
    return FailedRow(number, f"表“{sheet}”：{reason}" if sheet else reason, sheet)


def parse_tables(file: TableFile, names: ColumnNames) -> Intake:
    """The rows of every table; raises :class:`MarketError` when the columns cannot be used."""
    if not file.tables:
        raise _missing(("title",), names, file.expected)
    intake = Intake(notes=list(file.notes))
    seen: dict[str, ParsedRow] = {}
    several = len(file.tables) > 1
    for table in file.tables:
        intake.notes += table.notes
        if table.sheet:
            intake.sheets.append(SheetReport(table.sheet, len(table.rows)))
        _parse_table(table, names, table.sheet if several else "", intake, seen)
    return intake


def _parse_table(table: RowFile, names: ColumnNames, sheet: str, intake: Intake, seen: dict[str, ParsedRow]) -> None:
    columns = table.columns or tuple(dict.fromkeys(column for row in table.rows for column in row.cells))
    if table.columns:
        check_columns(table.columns, names)
    assigned = names.assigned(columns)
    # A column of identifiers that nobody filled in is none; one that a row left empty is that row's fault.
    identifying = [column for column, spec in assigned.items() if spec.type is FieldType.ID]
    numbered = any(row.cells.get(column, "").strip() for column in identifying for row in table.rows)
    aside = [column for column in columns if column not in assigned and not is_serial(column)]
    for row in table.rows:
        own = assigned if table.columns else names.assigned(tuple(row.cells))
        try:
            made = _parse_row(row, names, own, numbered, sheet, keeps_aside=not aside)
            if made.id and made.id in seen:
                raise CellError(f"编号“{made.id}”与{seen[made.id].where}重复")
            seen[made.id] = made
            intake.rows.append(made)
        except CellError as problem:
            intake.failed.append(failed_row(row.number, str(problem), sheet))
    told = _column_notes(columns, table.rows, aside, numbered) + _broken_notes(table.rows, assigned)
    intake.notes += [f"表“{sheet}”：{note}" if sheet else note for note in told]


def check_columns(columns: Sequence[str], names: ColumnNames) -> None:
    """Raise :class:`MarketError` when two columns stand for one field, or the records' own name has none."""
    fields = [spec.name for spec in names.assigned(columns).values()]
    twice = sorted({name for name in fields if fields.count(name) > 1})
    if twice:
        raise MarketError("同一项有两列", value="、".join(twice), remedy="每项只留一列")
    missing = [spec.name for spec in names.specs if spec.required and spec.name != "id" and spec.name not in fields]
    if missing:
        raise _missing(missing, names, columns)


def _missing(fields: Sequence[str], names: ColumnNames, found: Sequence[str]) -> MarketError:
    known = "、".join(f"{spec.label}（{spec.name}）" for spec in names.specs)
    return MarketError(
        "缺少必要的列",
        value="、".join(f"{spec.label}（{spec.name}）" for spec in names.specs if spec.name in fields),
        tried="读到的列：" + "、".join(column[:_SHOWN] for column in found[:_NAMED_ROWS]) if found else "",
        remedy=f"加上这些列，可先下载模板；可用的列：{known}",
    )


def _parse_row(
    row: RawRow,
    names: ColumnNames,
    assigned: dict[str, FieldSpec],
    numbered: bool,
    sheet: str,
    *,
    keeps_aside: bool,
) -> ParsedRow:
    if row.problem:
        raise CellError(row.problem)
    values: dict[str, Any] = {}
    for column, spec in assigned.items():
        if column not in row.cells:
            continue
        if spec.name in values:
            raise CellError(f"“{spec.label}”写了两次")
        values[spec.name] = cell_value(row, column, spec)
    for spec in names.specs:
        if spec.required and not values.get(spec.name) and (numbered or spec.type is not FieldType.ID):
            raise CellError(f"缺少“{spec.label}”")
    identifier = str(values.pop("id", "") or "")
    if not identifier and BROKEN in values["title"]:
        raise CellError("“名称”里有读不出的字节，又没有编号；请对照原文件改正")
    owner = values.pop("owner_id", None)
    if owner == "":
        values["owner_id"] = None
    contact = {name.removeprefix("contact_"): values.pop(name) for name in sorted(_CONTACTS) if name in values}
    aside = _aside(row, assigned)
    return ParsedRow(row.number, identifier, values, owner or "", contact, aside, keeps_aside, sheet)


def cell_value(row: RawRow, column: str, spec: FieldSpec) -> Any:
    """The value of one cell; raises :class:`CellError` for an error of the spreadsheet, too."""
    if column in row.faults:
        raise CellError(f"“{spec.label}”不能用：{row.faults[column]}")
    cell = row.cells[column]
    if spec.type is FieldType.DATE:
        cell = row.dates.get(column, cell)
    plain = spec.type in (FieldType.LINE, FieldType.TEXT) and spec.name not in _CONTACTS
    if BROKEN in cell and not plain:
        raise CellError(f"“{spec.label}”里有读不出的字节，请对照原文件改正")
    return parse_cell(spec, with_unit(column, spec, cell))


def _aside(row: RawRow, assigned: dict[str, FieldSpec]) -> dict[str, str]:
    return {
        column[:_SHOWN]: cell.strip()[:_MAX_ASIDE].replace("\x00", "")
        for column, cell in row.cells.items()
        if column not in assigned and not is_serial(column) and cell.strip()
    }


def _column_notes(columns: Sequence[str], rows: Sequence[RawRow], aside: Sequence[str], numbered: bool) -> list[str]:
    notes = []
    filled = [column for column in aside if any(row.cells.get(column, "").strip() for row in rows)]
    if filled:
        named = "、".join(column[:_SHOWN] for column in filled)
        notes.append(f"没有对应栏目的列：{named}；内容另存在记录旁边，不公开")
    serial = next((column for column in columns if is_serial(column)), None)
    if serial is not None and not numbered:
        notes.append(f"“{serial}”只是行号，没有当作编号")
    if rows and not numbered:
        notes.append("没有编号，编号按来源和名称生成；同一份名单再导入时会对上")
    return notes


def _broken_notes(rows: Sequence[RawRow], assigned: dict[str, FieldSpec]) -> list[str]:
    broken = [row.number for row in rows if any(BROKEN in row.cells.get(column, "") for column in assigned)]
    if not broken:
        return []
    named = "、".join(map(str, broken[:_NAMED_ROWS])) + (" 等" if len(broken) > _NAMED_ROWS else "")
    return [f"第 {named} 行有读不出的字节，写成了“{BROKEN}”，请对照原文件改正后再导入"]
