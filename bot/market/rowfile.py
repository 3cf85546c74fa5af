"""Rows of CSV, XLSX and JSONL files as text cells, whatever the encoding; nothing is interpreted here.

Row numbers are those a spreadsheet shows (the header is row 1); in JSONL they are line numbers.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.errors import MarketError
from bot.search.background import background_shares

#: A file of 100,000 full records is about 200 MB; beyond that somebody sent the wrong file.
MAX_FILE_BYTES = 500_000_000
#: A zip that unpacks to more than this is an attack or a mistake.
MAX_UNPACKED_BYTES = 1_000_000_000
#: The csv module's own limit would end the whole file; longer cells are refused row by row later.
_CSV_CELL_LIMIT = 50_000_000
#: Characters looked at to tell encodings apart.
_SAMPLE = 4_000
_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", "\t", ";", "，", "|")
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: cells by column name, or the reason why it could not be read."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RowFile:
    """``columns`` is empty for JSONL, where every line has its own."""

    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]


def read_rows(
    path: Path, recognised: Callable[[Sequence[str]], int], *, max_unpacked: int = MAX_UNPACKED_BYTES
) -> RowFile:
    """Read ``path``; ``recognised`` counts the known names among column names.

    A spreadsheet that unpacks to more than ``max_unpacked`` bytes is refused before it is read.

    The count decides between encodings and delimiters that would all decode. Raises
    :class:`MarketError` when the file as a whole cannot be used.
    """
    _check_size(path)
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _read_xlsx(path, max_unpacked)
    if suffix not in SUFFIXES:
        raise MarketError("不认识的文件格式", value=path.name, remedy="用 CSV、XLSX 或 JSONL 文件")
    data = path.read_bytes()
    if suffix == ".jsonl":
        return _read_jsonl(_decode(data, path)[0])
    return _read_csv(data, path, recognised)


def _check_size(path: Path) -> None:
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


def _decode(data: bytes, path: Path) -> list[str]:
    """Every plausible reading of ``data``, the likeliest first."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            candidates: Sequence[str] = (encoding,)
            break
    else:
        candidates = _ENCODINGS
    texts = []
    for encoding in candidates:
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
        if encoding in ("utf-8", "utf-8-sig") and "\x00" not in texts[-1]:
            break
    if not texts:
        raise MarketError(
            "文件的编码认不出",
            value=path.name,
            tried="、".join(candidates),
            remedy="另存为 UTF-8 编码的 CSV，或直接用 XLSX",
        )
    return texts


def _read_csv(data: bytes, path: Path, recognised: Callable[[Sequence[str]], int]) -> RowFile:
    candidates = []
    for text in _decode(data, path):
        first = next((line for line in text.splitlines() if line.strip()), "")
        for delimiter in _DELIMITERS:
            count = recognised(next(csv.reader([first], delimiter=delimiter), []))
            candidates.append((count, _plausibility(text), text, delimiter))
    # Of equals the first: encodings and delimiters are tried in the order of their likelihood.
    *_, text, delimiter = max(candidates, key=lambda candidate: candidate[:2])
    rows = list(_csv_records(text, delimiter))
    header = next((cells for _, cells, _ in rows if any(cell.strip() for cell in cells)), None)
    if header is None:
        raise MarketError("文件里没有内容", value=path.name, remedy="第一行写列名，之后一行一条记录")
    start = next(index for index, row in enumerate(rows) if row[1] is header) + 1
    return _table(header, rows[start:])


def _plausibility(text: str) -> float:
    """The share of common characters among the Han ones: text decoded wrongly is full of rare ones."""
    common = background_shares()
    han = [character for character in text[:_SAMPLE] if character >= "\u3400"]
    return sum(character in common for character in han) / len(han) if han else 1.0


def _csv_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """(row number, cells, problem); a quote that is never closed spoils its own line only."""
    lines = io.StringIO(text, newline="").readlines()
    previous_limit = csv.field_size_limit(_CSV_CELL_LIMIT)
    try:
        start = number = 0
        while start < len(lines):
            reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
            good = 0
            try:
                for cells in reader:
                    number += 1
                    good = reader.line_num
                    yield number, cells, ""
                return
            except csv.Error as error:
                number += 1
                reason = "引号没有配对" if "unexpected end" in str(error) else "引号用得不对"
                yield number, [], f"{reason}，这一行读不懂"
                start += good + 1
    finally:
        csv.field_size_limit(previous_limit)


def _table(header: Sequence[str], rows: Sequence[tuple[int, list[str], str]]) -> RowFile:
    columns = [cell.strip() for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    made = []
    for number, cells, problem in rows:
        if problem:
            made.append(RawRow(number, {}, problem))
        elif any(cell.strip() for cell in cells):
            made.append(_row(number, columns, cells))
    return RowFile(tuple(columns), tuple(made))


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> RawRow:
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    if extra:
        return RawRow(number, {}, f"这一行有 {len(cells)} 格，表头只有 {len(columns)} 列")
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    return RawRow(number, {column: cell for column, cell in zip(columns, padded, strict=False) if column})


def _read_jsonl(text: str) -> RowFile:
    rows = []
    # Only line feeds end a line: U+2028 and its kin may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
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


def _read_xlsx(path: Path, max_unpacked: int) -> RowFile:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > max_unpacked:
            raise MarketError("表格解压后太大", value=f"{unpacked:,} 字节", remedy="拆成几个文件再导入")
        workbook = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise MarketError(
            "表格打不开", value=path.name, tried=str(error)[:120], remedy="用 Excel 或 WPS 另存为 XLSX 再试"
        ) from error
    try:
        return _sheet(workbook.worksheets[0], path)
    finally:
        workbook.close()


def _sheet(sheet: Any, path: Path) -> RowFile:
    header: list[str] | None = None
    rows: list[tuple[int, list[str], str]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [_cell_text(cell.value) for cell in cells]
        if header is None:
            header = texts if any(text.strip() for text in texts) else None
            continue
        formulas = [index for index, cell in enumerate(cells, 1) if cell.data_type == "f"]
        problem = f"第 {formulas[0]} 格是公式，请先“粘贴为数值”" if formulas else ""
        rows.append((number, texts, problem))
    if header is None:
        raise MarketError("表格里没有内容", value=path.name, remedy="第一行写列名，之后一行一条记录")
    return _table(header, rows)
