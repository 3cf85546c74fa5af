"""The sheets of a workbook: values as shown, merged cells in every place, hidden rows left out and told."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.documents.formats.shown_values import shown
from bot.errors import MarketError
from bot.market.intake.grids import ERRORS, Grid, GridRow

#: Rows of a hidden stretch that a note names one by one.
_NAMED_ROWS = 10
#: A merged cell is put into every place it covers, up to here.
_MAX_COVERED = 2_000_000
_REMEDY = "用 Excel 或 WPS 另存为 XLSX 再试"


def read_workbook(path: Path, max_unpacked: int) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The visible sheets of ``path`` and what staff should know of the others.

    Raises :class:`MarketError` for what is no workbook and for one that unpacks to more than ``max_unpacked`` bytes.
    """
    data = path.read_bytes()
    formulas = _checked(data, path, max_unpacked)
    book = _opened(data, path, data_only=True)
    written = _opened(data, path, data_only=False) if formulas else None
    grids, notes = [], []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(f"表“{sheet.title}”是隐藏的，没有读；要导入请先取消隐藏")
        else:
            grids.append(_grid(sheet, written[sheet.title] if written else None))
    return tuple(grids), tuple(notes)


def _checked(data: bytes, path: Path, max_unpacked: int) -> bool:
    """Refuse what would unpack to too much; whether any sheet has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > max_unpacked:
                raise MarketError("表格解压后太大", value=f"{unpacked:,} 字节", remedy="拆成几个文件再导入")
            for name in archive.namelist():
                if not name.endswith((".xml", ".rels")):
                    continue
                head = archive.open(name).read(4_000)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise MarketError("表格里有不该有的实体定义", value=path.name, remedy=_REMEDY)
            sheets = (name for name in archive.namelist() if name.startswith("xl/worksheets/"))
            return any(_has_formula(archive, name) for name in sheets)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError) as error:
        raise _unreadable(path, error) from error


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    before = b""
    with archive.open(name) as part:
        while block := part.read(1_000_000):
            if b"<f>" in before + block or b"<f " in before + block:
                return True
            before = block[-2:]
    return False


def _opened(data: bytes, path: Path, *, data_only: bool) -> Any:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions it does not keep when writing; nothing is written here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), data_only=data_only, keep_links=False)
    except Exception as error:  # noqa: BLE001 - a damaged workbook may fail anywhere in the library
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> MarketError:
    return MarketError("表格打不开", value=path.name, tried=str(error)[:120], remedy=_REMEDY)


def _grid(sheet: Any, written: Any) -> Grid:
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    by_row: dict[int, dict[int, Any]] = {}
    # The cells there are, in place of the rectangle that the sheet claims: it may be a million rows high, or A1.
    for (row, column), cell in sheet._cells.items():
        by_row.setdefault(row, {})[column - 1] = cell
    formulas = _formulas(written) if written is not None else {}
    rows = {number: _row(number, by_row[number], formulas.get(number, {})) for number in sorted(by_row)}
    _spread(sheet, rows)
    left_out = [number for number in rows if number in hidden and rows[number].filled]
    kept = tuple(row for number, row in rows.items() if number not in hidden)
    return Grid(sheet.title, kept, _hidden_notes(sheet, left_out))


def _formulas(sheet: Any) -> dict[int, dict[int, str]]:
    """The places of formulas, by row."""
    found: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet._cells.items():
        if cell.data_type == "f":
            found.setdefault(row, {})[column - 1] = cell.coordinate
    return found


def _row(number: int, cells: Mapping[int, Any], formulas: Mapping[int, str]) -> GridRow:
    texts = [""] * (max(cells) + 1)
    faults: dict[int, str] = {}
    dates: dict[int, str] = {}
    for place, cell in cells.items():
        texts[place] = text = _text(cell)
        if cell.data_type == "e" or text.strip() in ERRORS:
            faults[place] = f"{cell.coordinate} 格是错误值 {text.strip()}"
        elif cell.value is None and place in formulas:
            faults[place] = f"{cell.coordinate} 格是公式，没有保存结果；请在表格软件里打开并保存，或“粘贴为数值”"
        elif isinstance(cell.value, datetime | date):
            dates[place] = f"{cell.value:%Y-%m-%d}"
    return GridRow(number, texts, "", faults, dates, {})


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else shown(value, cell.number_format or "General")


def _spread(sheet: Any, rows: dict[int, GridRow]) -> None:
    """Put the value of a merged cell into every place it covers in the rows that are used."""
    covered = 0
    for area in sheet.merged_cells.ranges:
        first = rows.get(area.min_row)
        left = area.min_col - 1
        if first is None or left >= len(first.cells):
            continue
        used = [number for number in range(area.min_row, area.max_row + 1) if number in rows]
        covered += len(used) * (area.max_col - left)
        if covered > _MAX_COVERED:
            raise MarketError("表格的合并单元格太多", value=sheet.title, remedy="取消合并再导入")
        for number in used:
            _fill(rows, number, first, range(left, area.max_col))


def _fill(rows: dict[int, GridRow], number: int, first: GridRow, places: range) -> None:
    row, left = rows[number], places[0]
    row.cells.extend([""] * (places[-1] + 1 - len(row.cells)))
    faults, dates, spread = dict(row.faults), dict(row.dates), dict(row.spread)
    for place in places:
        row.cells[place] = first.cells[left]
        for values, source in ((faults, first.faults), (dates, first.dates)):
            if left in source:
                values[place] = source[left]
        if len(places) > 1:
            spread[place] = left
    rows[number] = GridRow(number, row.cells, row.problem, faults, dates, spread)


def _hidden_notes(sheet: Any, rows: Sequence[int]) -> tuple[str, ...]:
    notes = []
    if rows:
        named = "、".join(map(str, rows[:_NAMED_ROWS])) + (" 等" if len(rows) > _NAMED_ROWS else "")
        notes.append(f"第 {named} 行是隐藏的（共 {len(rows)} 行），没有导入；要导入请先取消隐藏或清除筛选")
    columns = sorted(key for key, column in sheet.column_dimensions.items() if column.hidden)
    if columns:
        notes.append(f"{'、'.join(columns)} 列是隐藏的，照样读入")
    return tuple(notes)
