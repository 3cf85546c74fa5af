"""The sheets of a workbook: values as shown, merged cells in every place, hidden rows left out and told."""

from __future__ import annotations

import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

from bot.documents.formats.shown_values import shown
from bot.errors import MarketError
from bot.market.intake.grids import ANY_ROWS, ERRORS, MAX_COLUMNS, Grid, GridRow, check_rows, letters
from bot.market.intake.shape import Area, Shape, read_shape

#: Rows of a hidden stretch that a note names one by one.
_NAMED_ROWS = 10
#: A merged cell is put into every place it covers, up to here.
_MAX_COVERED = 2_000_000
_REMEDY = "用 Excel 或 WPS 另存为 XLSX 再试"


def read_workbook(path: Path, max_unpacked: int, most_rows: int = ANY_ROWS) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The visible sheets of ``path`` and what staff should know of the others.

    Raises :class:`MarketError` for what is no workbook, for one that unpacks to more than ``max_unpacked`` bytes, and
    for a sheet of more than ``most_rows`` rows.
    """
    grids, notes = [], []
    try:
        _check(path, max_unpacked)
        with _opened(path, data_only=True) as book, _opened(path, data_only=False) as written:
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    notes.append(f"表“{sheet.title}”是隐藏的，没有读；要导入请先取消隐藏")
                else:
                    grids.append(_grid(path, sheet, written[sheet.title], most_rows))
    except MarketError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged workbook may fail anywhere in the libraries
        raise MarketError("表格打不开", value=path.name, tried=str(error)[:120], remedy=_REMEDY) from error
    return tuple(grids), tuple(notes)


def _check(path: Path, max_unpacked: int) -> None:
    """Refuse what would unpack to too much, and definitions of entities, which no program writes into a workbook."""
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > max_unpacked:
            raise MarketError("表格解压后太大", value=f"{unpacked:,} 字节", remedy="拆成几个文件再导入")
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    head = part.read(4_000)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise MarketError("表格里有不该有的实体定义", value=path.name, remedy=_REMEDY)


@contextmanager
def _opened(path: Path, *, data_only: bool) -> Iterator[Any]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of extensions it does not keep when writing; nothing is written here.
        warnings.simplefilter("ignore")
        book = load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _grid(path: Path, sheet: Any, written: Any, most_rows: int) -> Grid:
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path.lstrip("/")) as part:
        shape = read_shape(part, sheet.title, MAX_COLUMNS)
    check_rows(shape.last_row, most_rows)
    formulas = _rows(written, shape.last_row) if shape.formulas else repeat(())
    rows: dict[int, GridRow] = {}
    for number, (cells, sources) in enumerate(zip(_rows(sheet, shape.last_row), formulas, strict=False), 1):
        row = _row(number, cells, sources)
        if row is not None:
            rows[number] = row
    _spread(sheet.title, shape.merged, rows)
    left_out = [number for number in rows if number in shape.hidden_rows and rows[number].filled]
    kept = tuple(row for number, row in rows.items() if number not in shape.hidden_rows)
    return Grid(sheet.title, kept, _hidden_notes(shape, left_out))


def _rows(sheet: Any, last: int) -> Iterator[Sequence[Any]]:
    # The cells there are, in place of the rectangle that the sheet claims: it may be a million rows high, or A1.
    sheet.reset_dimensions()
    rows: Iterator[Sequence[Any]] = sheet.iter_rows(max_row=max(1, last), max_col=MAX_COLUMNS)
    return rows


def _row(number: int, cells: Sequence[Any], sources: Sequence[Any]) -> GridRow | None:
    """The cells that hold something; ``None`` for a row of none."""
    texts: list[str] = []
    faults: dict[int, str] = {}
    dates: dict[int, str] = {}
    for place, cell in enumerate(cells):
        value = cell.value
        text = _text(cell)
        if value is not None and (cell.data_type == "e" or text.strip() in ERRORS):
            faults[place] = f"{letters(place)}{number} 格是错误值 {text.strip()}"
        elif value is None and place < len(sources) and sources[place].data_type == "f":
            remedy = "请在表格软件里打开并保存，或“粘贴为数值”"
            faults[place] = f"{letters(place)}{number} 格是公式，没有保存结果；{remedy}"
        elif isinstance(value, datetime | date):
            dates[place] = f"{value:%Y-%m-%d}"
        if text or place in faults:
            texts.extend([""] * (place - len(texts)))
            texts.append(text)
    return GridRow(number, texts, "", faults, dates, {}) if texts else None


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else shown(value, cell.number_format or "General")


def _spread(name: str, merged: Sequence[Area], rows: dict[int, GridRow]) -> None:
    """Put the value of a merged cell into every place it covers in the rows that are used."""
    numbers = sorted(rows)
    covered = 0
    for area in merged:
        first = rows.get(area.top)
        if first is None or area.left >= len(first.cells):
            continue
        used = numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
        places = range(area.left, min(area.right + 1, MAX_COLUMNS))
        covered += len(used) * len(places)
        if covered > _MAX_COVERED:
            raise MarketError("表格的合并单元格太多", value=name, remedy="取消合并再导入")
        for number in used:
            rows[number] = _filled(rows[number], first, places)


def _filled(row: GridRow, first: GridRow, places: range) -> GridRow:
    left = places[0]
    cells = row.cells + [""] * (places[-1] + 1 - len(row.cells))
    faults, dates, spread = dict(row.faults), dict(row.dates), dict(row.spread)
    for place in places:
        cells[place] = first.cells[left]
        for values, source in ((faults, first.faults), (dates, first.dates)):
            if left in source:
                values[place] = source[left]
        if len(places) > 1:
            spread[place] = left
    return GridRow(row.number, cells, row.problem, faults, dates, spread)


def _hidden_notes(shape: Shape, rows: Sequence[int]) -> tuple[str, ...]:
    notes = []
    if rows:
        named = "、".join(map(str, rows[:_NAMED_ROWS])) + (" 等" if len(rows) > _NAMED_ROWS else "")
        notes.append(f"第 {named} 行是隐藏的（共 {len(rows)} 行），没有导入；要导入请先取消隐藏或清除筛选")
    if shape.hidden_columns:
        notes.append(f"{'、'.join(map(letters, shape.hidden_columns[:_NAMED_ROWS]))} 列是隐藏的，照样读入")
    return tuple(notes)
