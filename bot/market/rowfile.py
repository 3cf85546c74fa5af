"""Rows of CSV, XLSX and JSONL files as text cells, whatever the encoding; nothing is interpreted here.

Row numbers are those a spreadsheet shows (the first row is 1); in JSONL they are line numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.errors import MarketError
from bot.market.intake.columns import ColumnNames
from bot.market.intake.grids import ANY_ROWS, Grid, check_rows
from bot.market.intake.separated import read_separated, read_text
from bot.market.intake.tables import RawRow, RowFile, find_table, first_names, header_count
from bot.market.intake.workbook import read_workbook

__all__ = ["MAX_UNPACKED_BYTES", "SUFFIXES", "RawRow", "RowFile", "TableFile", "read_rows", "read_tables"]

#: A file of 100,000 full records is about 200 MB; beyond that somebody sent the wrong file.
MAX_FILE_BYTES = 500_000_000
#: A zip that unpacks to more than this is an attack or a mistake.
MAX_UNPACKED_BYTES = 1_000_000_000
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl")
_NO_TABLE = "第一行写列名，之后一行一条记录"


@dataclass(frozen=True, slots=True)
class TableFile:
    """The tables of a file; where it has none, ``expected`` is the row that a header was looked for in."""

    tables: tuple[RowFile, ...]
    notes: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


def read_tables(
    path: Path, names: ColumnNames, *, max_unpacked: int = MAX_UNPACKED_BYTES, most_rows: int = ANY_ROWS
) -> TableFile:
    """Every table of records in ``path``; ``names`` tell a header from what stands above and below it.

    A sheet or text of more than ``most_rows`` rows is refused before all are read, a spreadsheet that unpacks to more
    than ``max_unpacked`` bytes before it is read at all. The header decides between encodings and delimiters that would
    all decode. Raises :class:`MarketError` when the file as a whole cannot be used.
    """
    suffix = _checked_suffix(path)
    if suffix == ".jsonl":
        text, warnings = read_text(path.read_bytes(), path)
        return TableFile((_read_jsonl(text, most_rows),), warnings)
    if suffix == ".xlsx":
        grids, notes = read_workbook(path, max_unpacked, most_rows)
    else:
        separated = read_separated(path.read_bytes(), path, lambda cells: header_count(cells, names), most_rows)
        grids, notes = (separated,), ()
    if not any(row.filled or row.problem for grid in grids for row in grid.rows):
        raise MarketError("文件里没有内容", value=path.name, tried="；".join(notes), remedy=_NO_TABLE)
    return _tables(grids, notes, names)


def _tables(grids: Sequence[Grid], notes: Sequence[str], names: ColumnNames) -> TableFile:
    found = [(grid, find_table(grid, names, grid.name if grid.lettered else "")) for grid in grids]
    if any(table is not None and not table.doubtful for _, table in found):
        found = [(grid, None if table is not None and table.doubtful else table) for grid, table in found]
    tables = [table for _, table in found if table is not None]
    told = [
        f"表“{grid.name}”里没有找到“名称”等列，没有读"
        for grid, table in found
        if table is None and tables and any(row.filled for row in grid.rows)
    ]
    if len(grids) > 1:
        tables = [replace(table, notes=tuple(f"表“{table.sheet}”：{note}" for note in table.notes)) for table in tables]
    return TableFile(tuple(tables), (*notes, *told), () if tables else first_names(grids))


def read_rows(path: Path, recognised: Callable[[Sequence[str]], int]) -> RowFile:
    """The rows of a text file that begins with its header; ``recognised`` counts the known names in it."""
    _checked_suffix(path)
    rows = [row for row in read_separated(path.read_bytes(), path, recognised).rows if row.filled]
    columns = tuple(cell.strip() for cell in rows[0].cells)
    return RowFile(
        columns, tuple(RawRow(row.number, dict(zip(columns, row.cells, strict=False)), row.problem) for row in rows[1:])
    )


def _checked_suffix(path: Path) -> str:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise MarketError("文件打不开", value=path, tried=error.strerror or "", remedy="检查文件路径") from error
    if not path.is_file():
        raise MarketError("这不是一个文件", value=path, remedy="给出 CSV、XLSX 或 JSONL 文件的路径")
    if size == 0:
        raise MarketError("文件是空的", value=path.name, remedy="先下载模板填写")
    if size > MAX_FILE_BYTES:
        raise MarketError("文件太大", value=f"{path.name}（{size:,} 字节）", remedy="拆成几个文件再导入")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise MarketError("不认识的文件格式", value=path.name, remedy="用 CSV、XLSX 或 JSONL 文件")
    return suffix


def _read_jsonl(text: str, most_rows: int) -> RowFile:
    rows = []
    # Only line feeds end a line: U+2028 and its kin may stand inside a JSON string.
    lines = text.rstrip("\n").split("\n", most_rows)
    check_rows(len(lines), most_rows)
    for number, line in enumerate(lines, 1):
        if line.strip():
            rows.append(_json_row(number, line))
    if not rows:
        raise MarketError("文件里没有内容", remedy="一行写一个 JSON 对象")
    return RowFile((), tuple(rows))


def _json_row(number: int, line: str) -> RawRow:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return RawRow(number, {}, f"不是有效的 JSON（{str(error)[:80]}）")
    if not isinstance(value, dict):
        return RawRow(number, {}, "这一行不是 JSON 对象（应写成 {…}）")
    cells = {}
    for key, cell in value.items():
        if isinstance(cell, dict) or (isinstance(cell, list) and any(isinstance(x, (dict, list)) for x in cell)):
            return RawRow(number, {}, f"“{key}”的值应是文字、数字或文字列表")
        cells[key.strip()] = "；".join(map(_cell_text, cell)) if isinstance(cell, list) else _cell_text(cell)
    return RawRow(number, cells)


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
