"""Text files with delimiters, in whatever encoding: the reading whose header is understood best."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.documents.encoding import decode_warned
from bot.errors import DocumentError, MarketError
from bot.market.intake.grids import ANY_ROWS, ERRORS, MAX_COLUMNS, Grid, GridRow, check_rows, letters
from bot.search.background import background_shares

#: The csv module's own limit would end the whole file; longer cells are refused row by row later.
_CSV_CELL_LIMIT = 50_000_000
#: Characters looked at to tell encodings apart.
_SAMPLE = 4_000
_BEGINNING = 40_000
#: Records looked at to tell encodings and delimiters apart: titles above a table are few.
_FIRST_RECORDS = 15
_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", "\t", ";", "，", "|")
#: Excel's own first line, which names the delimiter.
_DECLARED = "sep="
#: Where fewer of the Han characters are common ones, the encoding was probably another.
_PLAUSIBLE = 0.5


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a file: how many columns it gives a meaning, how Chinese its text looks."""

    merit: tuple[int, float]
    text: str
    delimiter: str


def read_separated(
    data: bytes, path: Path, recognised: Callable[[Sequence[str]], int], most_rows: int = ANY_ROWS
) -> Grid:
    """The records of a text file; ``recognised`` counts the known names among column names.

    Raises :class:`MarketError` when no encoding reads it, and for more than ``most_rows`` records.
    """
    best = _best(_readings(data), recognised)
    notes: tuple[str, ...] = ()
    if best is None or not best.merit[0] or best.merit[1] < _PLAUSIBLE:
        # A broken byte or two, and every strict reading took the file for something else.
        text, warnings = _mended(data)
        again = _best([text] if text else [], recognised)
        if again is not None and (best is None or again.merit > best.merit):
            best, notes = again, warnings
    if best is None:
        raise _unreadable(path)
    rows = tuple(_row(*record) for record in islice(_records(best.text, best.delimiter), most_rows + 1))
    check_rows(len(rows), most_rows)
    return Grid(path.name, rows, notes, lettered=False)


def read_text(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """The likeliest text of ``data`` and what to tell of bytes that cannot be read; raises :class:`MarketError`."""
    strict = _readings(data)
    text, warnings = (strict[0], ()) if strict else _mended(data)
    if not text:
        raise _unreadable(path)
    return text, warnings


def _readings(data: bytes) -> list[str]:
    """Every plausible reading of ``data``, the likeliest first."""
    candidates = next(((encoding,) for mark, encoding in _BOMS if data.startswith(mark)), _ENCODINGS)
    texts = []
    for encoding in candidates:
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
        if encoding in ("utf-8", "utf-8-sig") and "\x00" not in texts[-1]:
            break
    return texts


def _unreadable(path: Path) -> MarketError:
    return MarketError(
        "文件的编码认不出",
        value=path.name,
        tried="、".join(_ENCODINGS),
        remedy="另存为 UTF-8 编码的 CSV，或直接用 XLSX",
    )


def _mended(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text with a sign for every broken byte, and what to tell of them; empty where there are too many."""
    try:
        decoded = decode_warned(data)
    except DocumentError:
        return "", ()
    return decoded.text, decoded.warnings


def _best(texts: Sequence[str], recognised: Callable[[Sequence[str]], int]) -> _Reading | None:
    found = []
    for text in texts:
        for delimiter in _declared(text) or _DELIMITERS:
            first = [cells for _, cells, _ in islice(_records(text[:_BEGINNING], delimiter), _FIRST_RECORDS)]
            count = max(map(recognised, first), default=0)
            found.append(_Reading((count, _plausibility(text)), text, delimiter))
    # Of equals the first: encodings and delimiters are tried in the order of their likelihood.
    return max(found, key=lambda reading: reading.merit, default=None)


def _declared(text: str) -> tuple[str, ...]:
    """The delimiter that a first line like ``sep=;`` names."""
    line = text.lstrip("\ufeff").partition("\n")[0].strip("\r").strip('"')
    return (line[-1],) if line.lower().startswith(_DECLARED) and len(line) == len(_DECLARED) + 1 else ()


def _plausibility(text: str) -> float:
    """The share of common characters among the Han ones: text decoded wrongly is full of rare ones."""
    common = background_shares()
    han = [character for character in text[:_SAMPLE] if character >= "\u3400"]
    return sum(character in common for character in han) / len(han) if han else 1.0


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """(row number, cells, problem); a quote that is never closed spoils its own line only."""
    lines = io.StringIO(text, newline="").readlines()
    previous_limit = csv.field_size_limit(_CSV_CELL_LIMIT)
    try:
        start = number = 0
        if _declared(text):
            start = number = 1
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


def _row(number: int, cells: list[str], problem: str) -> GridRow:
    if len(cells) > MAX_COLUMNS:
        cells, problem = cells[:MAX_COLUMNS], f"有 {len(cells):,} 列，最多读 {MAX_COLUMNS} 列"
    faults = {
        place: f"{letters(place)}{number} 格是错误值 {cell.strip()}"
        for place, cell in enumerate(cells)
        if cell.strip() in ERRORS
    }
    return GridRow(number, cells, problem, faults)
