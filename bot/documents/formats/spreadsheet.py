"""Spreadsheets as documents: every row stands with its header path, values as the sheet shows them."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.documents.blocks import Block, Dropped, Extract, Reason
from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.encoding import decode_warned
from bot.documents.formats.pdf.lettering import indexed
from bot.documents.formats.shown_values import shown
from bot.documents.markers import find_marker
from bot.documents.table_texts import heads_a_group
from bot.documents.tables import GridCell, table_blocks
from bot.errors import DocumentError
from bot.types import UnitKind

#: A workbook that unpacks to more is an attack or a data dump.
MAX_UNPACKED_BYTES = 200_000_000
MAX_CELLS = 400_000
MAX_MERGED = 20_000
#: Used rows times used columns, and the places that merged cells cover.
MAX_PLACES = 4_000_000
_DELIMITERS = (",", "\t", ";", "|", "，")
#: Records looked at to tell the delimiter.
_SAMPLE = 60
#: A row of one longer cell within a table is a remark or the head of a group, not a record.
_REMARK_CHARACTERS = 5
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
_PLACEHOLDERS = ("工作簿", "book1", "sheet", "untitled", "microsoft", "无标题", "未命名", ".xls")
_REMEDY = "用 Excel 或 WPS 另存为 .xlsx 再放入"


@dataclass(slots=True)
class _Sheet:
    """What was read of one sheet: cells by (row, column), merged ranges as cells that are one object."""

    name: str
    grid: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    errors: int = 0
    unsaved: int = 0


def read_spreadsheet(data: bytes, suffix: str) -> Extract:
    """The rows of an .xlsx, .csv or .tsv file.

    Raises :class:`DocumentError` for other formats, encrypted and damaged files and for those beyond the limits.
    """
    suffix = suffix.lower()
    if suffix == ".xlsx":
        return _read_workbook(data)
    if suffix in (".csv", ".tsv"):
        return _read_separated(data, suffix)
    raise DocumentError("旧格式的表格读不了", value=suffix, remedy=_REMEDY)


# --- xlsx ---------------------------------------------------------------------------------------


def _read_workbook(data: bytes) -> Extract:
    formulas = checked_archive(data)
    book = opened_workbook(data, data_only=True)
    written = opened_workbook(data, data_only=False) if formulas else None
    sheets: list[_Sheet] = []
    dropped: list[Dropped] = []
    for source in book.worksheets:
        sheet = _sheet(source, written[source.title] if written else None)
        if source.sheet_state != "visible":
            text = " ".join(cell.text for cell in dict.fromkeys(sheet.grid.values()))
            dropped.extend([Dropped(Reason.HIDDEN, text, f"表“{sheet.name}”")] if text else [])
        else:
            sheets.append(sheet)
        dropped.extend(sheet.dropped)
    filled = [sheet for sheet in sheets if sheet.grid]
    blocks: list[Block] = []
    for number, sheet in enumerate(filled):
        if len(filled) > 1:
            blocks.append(Block(UnitKind.HEADING, tidy_blanks(fold_characters(sheet.name)), 1))
        blocks.extend(_blocks(_rows(sheet), number, dropped, f"表“{sheet.name}”"))
    title = tidy_blanks(str(book.properties.title or ""))
    named = title and not any(word in title.lower() for word in _PLACEHOLDERS)
    return Extract(tuple(blocks), tuple(dropped), title if named else None, warnings=_warnings(sheets))


def checked_archive(data: bytes) -> bool:
    """Refuse what is no workbook or would unpack to too much; whether any sheet has formulas."""
    if data.startswith(_OLD_FORMAT):
        raise DocumentError("表格有密码或是旧格式", tried="按 xlsx 打开", remedy=f"去掉密码，{_REMEDY}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > MAX_UNPACKED_BYTES:
                raise DocumentError("表格解压后太大", value=f"{unpacked:,} 字节", remedy="拆成几个文件再放入")
            parts = [item for item in archive.infolist() if item.filename.endswith((".xml", ".rels"))]
            formulas = False
            for part in parts:
                content = archive.read(part)
                if b"<!DOCTYPE" in content[:4_000] or b"<!ENTITY" in content[:4_000]:
                    raise DocumentError("表格里有不该有的实体定义", value=part.filename, remedy=_REMEDY)
                formulas = formulas or ("worksheets/" in part.filename and (b"<f>" in content or b"<f " in content))
            return formulas
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError, RuntimeError, EOFError) as error:
        raise DocumentError("表格已损坏或不是 xlsx", tried=str(error)[:120], remedy=_REMEDY) from None


def opened_workbook(data: bytes, *, data_only: bool) -> Any:
    """The workbook of ``data``. Raises :class:`DocumentError` for what is damaged or none."""
    import warnings

    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions it does not keep when writing; nothing is written here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), data_only=data_only, keep_links=False, rich_text=True)
    except Exception as error:  # noqa: BLE001 - a damaged workbook may fail anywhere in the library
        raise DocumentError("表格已损坏或不是 xlsx", tried=str(error)[:120], remedy=_REMEDY) from None


def _sheet(source: Any, written: Any) -> _Sheet:
    sheet = _Sheet(source.title)
    # The cells there are, in place of the rectangle that the sheet claims, which may be a million rows high.
    cells = sorted(source._cells.items())
    if len(cells) > MAX_CELLS:
        raise DocumentError(
            "表格太大", value=f"{source.title} 有 {len(cells):,} 格", remedy="拆成几个文件，或按记录导入"
        )
    rows, columns = _hidden(source)
    for (row, column), cell in cells:
        where = f"表“{source.title}”{cell.coordinate}"
        if cell.comment is not None and cell.comment.text.strip():
            sheet.dropped.append(Dropped(Reason.COMMENT, tidy_blanks(cell.comment.text), where))
        text = _cell_text(cell, sheet, where)
        if not text and written is not None and (row, column) in written._cells:
            formula = written._cells[row, column]
            if cell.value is None and formula.data_type == "f":
                sheet.unsaved += 1
                sheet.dropped.append(
                    Dropped(Reason.UNREADABLE, str(getattr(formula.value, "text", formula.value)), where)
                )
        if text and (row in rows or column in columns):
            sheet.dropped.append(Dropped(Reason.HIDDEN, text, where))
        elif text:
            sheet.grid[row, column] = GridCell(text)
    _merge(source, sheet, rows, columns)
    return sheet


def _hidden(source: Any) -> tuple[frozenset[int], frozenset[int]]:
    """The rows and columns that are not shown."""
    rows = frozenset(number for number, row in source.row_dimensions.items() if row.hidden)
    columns = frozenset(
        number
        for column in source.column_dimensions.values()
        if column.hidden and column.min and column.max
        for number in range(column.min, min(column.max, 16_384) + 1)
    )
    return rows, columns


def _cell_text(cell: Any, sheet: _Sheet, where: str) -> str:
    """What the cell shows; struck and hidden text goes to the ledger."""
    from openpyxl.cell.rich_text import CellRichText

    value = cell.value
    if value is None:
        return ""
    if isinstance(value, CellRichText):
        text = _rich_text(value, sheet, where)
    else:
        text = shown(value, cell.number_format or "General")
    text = tidy_blanks(fold_characters(text))
    if cell.data_type == "e":
        sheet.errors += 1
    if text and cell.font is not None and cell.font.strike:
        sheet.dropped.append(Dropped(Reason.STRUCK, text, where))
        return ""
    if not text and str(value).strip():
        sheet.dropped.append(Dropped(Reason.HIDDEN, str(value).strip(), where))
    return text


def _rich_text(value: Any, sheet: _Sheet, where: str) -> str:
    parts: list[str] = []
    for run in value:
        font = getattr(run, "font", None)
        text = run if isinstance(run, str) else str(run.text)
        if font is not None and font.strike and text.strip():
            sheet.dropped.append(Dropped(Reason.STRUCK, tidy_blanks(text), where))
        elif font is not None and font.vertAlign in ("superscript", "subscript") and text.strip():
            parts.append(indexed(text.strip(), raised=font.vertAlign == "superscript"))
        else:
            parts.append(text)
    return "".join(parts)


def _merge(source: Any, sheet: _Sheet, hidden_rows: frozenset[int], hidden_columns: frozenset[int]) -> None:
    """Put a merged cell in every place it covers, as far as the sheet is used."""
    ranges = list(source.merged_cells.ranges)
    if len(ranges) > MAX_MERGED:
        raise DocumentError(
            "表格的合并单元格太多", value=f"{source.title} 有 {len(ranges):,} 处", remedy="拆成几个文件再放入"
        )
    used_rows = sorted({row for row, _ in sheet.grid})
    used_columns = sorted({column for _, column in sheet.grid})
    covered = 0
    for area in ranges:
        cell = sheet.grid.get((area.min_row, area.min_col))
        if cell is None:
            continue
        rows = [row for row in _within(used_rows, area.min_row, area.max_row) if row not in hidden_rows]
        columns = [each for each in _within(used_columns, area.min_col, area.max_col) if each not in hidden_columns]
        covered += len(rows) * len(columns)
        _check_places(covered, source.title)
        for row in rows:
            for column in columns:
                sheet.grid.setdefault((row, column), cell)


def _within(numbers: Sequence[int], first: int, last: int) -> Sequence[int]:
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]


def _check_places(count: int, name: str) -> None:
    if count > MAX_PLACES:
        raise DocumentError("表格太大", value=f"{name} 有 {count:,} 个位置", remedy="拆成几个文件，或按记录导入")


def _rows(sheet: _Sheet) -> list[list[GridCell | None]]:
    grid = sheet.grid
    columns = sorted({column for _, column in grid})
    by_row: dict[int, dict[int, GridCell]] = {}
    for (row, column), cell in grid.items():
        by_row.setdefault(row, {})[column] = cell
    _check_places(len(by_row) * len(columns), sheet.name)
    return [[by_row[row].get(column) for column in columns] for row in sorted(by_row)]


def _warnings(sheets: Sequence[_Sheet]) -> tuple[str, ...]:
    warnings: list[str] = []
    errors = sum(sheet.errors for sheet in sheets)
    unsaved = sum(sheet.unsaved for sheet in sheets)
    if errors:
        warnings.append(f"有 {errors} 格是错误值（如 #N/A），照原样读入，请核对原表")
    if unsaved:
        warnings.append(f"有 {unsaved} 格公式没有保存结果，没有读入；用 Excel 或 WPS 打开后重新保存再放入")
    return tuple(warnings)


# --- rows to blocks -----------------------------------------------------------------------------


def _blocks(
    rows: Sequence[Sequence[GridCell | None]], number: int, dropped: list[Dropped], where: str = ""
) -> list[Block]:
    """A sheet's rows as blocks; remarks and numbered headings within the table stand between its rows."""
    filled = [row for row in rows if any(cell is not None and cell.text for cell in row)]
    if all(len(row) == 1 for row in filled):
        return [Block(UnitKind.PARAGRAPH, _single(row).text) for row in filled]
    first = next((index for index, row in enumerate(filled) if _count(row) > 1), len(filled))
    remarks = {index for index, row in enumerate(filled) if index > first and _is_remark(row)}
    records = [index for index in range(len(filled)) if index not in remarks]
    told = table_blocks([filled[index] for index in records], number)
    dropped.extend(Dropped(each.reason, each.text, where) for each in told.dropped)
    placed = {records[place]: block for place, block in zip(told.places, told.rows, strict=True)}
    blocks = [*told.captions, *told.idle]
    for index, row in enumerate(filled):
        if index in remarks:
            blocks.append(Block(UnitKind.PARAGRAPH, _single(row).text))
        elif index in placed:
            blocks.append(placed[index])
    return blocks


def _is_remark(row: Sequence[GridCell | None]) -> bool:
    """A longer text in the first column alone, or one cell across the table that names no group of its rows.

    A heading with a printed number is one of the sheet's own, on which the rows below it hang.
    """
    if _count(row) != 1 or len(row) < 3:
        return False
    cell = _single(row)
    if all(each is cell for each in row):
        return find_marker(cell.text) is not None or not heads_a_group(cell.text)
    wide = sum(each is cell for each in row) > 1
    return wide or (row[0] is cell and len(cell.text) >= _REMARK_CHARACTERS)


def _count(row: Sequence[GridCell | None]) -> int:
    return len({id(cell) for cell in row if cell is not None and cell.text})


def _single(row: Sequence[GridCell | None]) -> GridCell:
    return next(cell for cell in row if cell is not None and cell.text)


# --- csv ----------------------------------------------------------------------------------------


def _read_separated(data: bytes, suffix: str) -> Extract:
    decoded = decode_warned(data)
    text = decoded.text.lstrip("\ufeff")
    declared, text = _declared_delimiter(text)
    delimiter = declared or _delimiter(text, "\t" if suffix == ".tsv" else ",")
    records: list[list[str]] = []
    spoiled = cells = 0
    for record, whole in _records(text, delimiter):
        cells += len(record)
        spoiled += not whole
        if cells > MAX_CELLS:
            raise DocumentError("表格太大", value=f"超过 {MAX_CELLS:,} 格", remedy="拆成几个文件，或按记录导入")
        records.append([tidy_blanks(fold_characters(cell)) for cell in record])
    used = [
        column
        for column in range(max(map(len, records), default=0))
        if any(record[column : column + 1] != [""] and len(record) > column for record in records)
    ]
    rows = [
        [GridCell(record[column]) if column < len(record) and record[column] else None for column in used]
        for record in records
    ]
    warning = (f"有 {spoiled} 行的引号没有配对，按原样分列，请核对原文件",) if spoiled else ()
    dropped: list[Dropped] = []
    blocks = _blocks(rows, 0, dropped)
    return Extract(tuple(blocks), tuple(dropped), warnings=(*decoded.warnings, *warning))


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """The delimiter that Excel's own first line (``sep=;``) names, and the text below that line."""
    first, _, rest = text.partition("\n")
    line = first.strip("\r").strip('"')
    if line.lower().startswith("sep=") and len(line) == 5:
        return line[4], rest
    return None, text


def _delimiter(text: str, usual: str) -> str:
    """The delimiter that parts most records into the same number of cells."""

    def evenness(delimiter: str) -> tuple[float, int]:
        counts = Counter(len(record) for _, (record, _) in zip(range(_SAMPLE), _records(text, delimiter), strict=False))
        several = Counter({count: times for count, times in counts.items() if count > 1})
        if not several:
            return 0.0, 0
        count, times = max(several.items(), key=lambda item: (item[1], item[0]))
        return times / sum(counts.values()), count

    candidates = sorted(_DELIMITERS, key=lambda each: each != usual)
    # Of equals the first, which is the usual one.
    return max(candidates, key=evenness)


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str], bool]]:
    """Every record, and whether its quotes were in order; a quote that is never closed spoils its own line only."""
    lines = io.StringIO(text, newline="").readlines()
    start = 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        good = 0
        try:
            for record in reader:
                good = reader.line_num
                yield record, True
            return
        except csv.Error:
            yield lines[start + good].rstrip("\r\n").split(delimiter), False
            start += good + 1
