"""Tables of a page as grids, merged cells as one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.documents.formats.web.units import Unit, length
from bot.documents.formats.web.visible import SILENT, reason_of, shown_text
from bot.documents.tables import GridCell

_SECTIONS = {"thead": 0, "tbody": 1, "tfoot": 2}
#: More columns than any table that people read.
_MOST_COLUMNS = 120
#: Cells merged over rows are told further down as long as a table has no more places than this.
_MOST_PLACES = 1_000_000
#: A cell with this share of its table's text is the page's own text in a table that only places it.
_PLACED_SHARE = 0.7
_PLACED_PARAGRAPHS = 3
_PROSE_CHARACTERS = 200
#: Of a large table only so many cells are looked at to tell what it is.
_LOOKED_AT = 400
_TEXT_BLOCKS = frozenset("p div li h1 h2 h3 h4 h5 h6 br".split())

ReadCell = Callable[[Any], tuple[str, list[Unit]]]


@dataclass(slots=True)
class GridTexts:
    """A table's rows and caption, and text that stands outside of its cells."""

    rows: list[list[GridCell | None]] = field(default_factory=list)
    caption: str = ""
    stray: list[str] = field(default_factory=list)


def is_data_table(table: Any) -> bool:
    """Whether a table holds data; others only place the parts of a page."""
    if table.get("role") == "presentation" or any(
        each is not table for each in table.iter("table", "h1", "article", "main")
    ):
        return False
    sizes: list[tuple[int, Any]] = []
    widest = rows = 0
    for _, row in _rows(table):
        cells = _cells(row)
        rows += 1
        widest = max(widest, sum(_span(cell, "colspan") for cell in cells))
        if len(sizes) < _LOOKED_AT:
            sizes += [(length(cell.text_content()), cell) for cell in cells]
    if widest < 2 or not sizes:
        return False
    largest, cell = max(sizes, key=lambda each: each[0])
    paragraphs = sum(1 for _ in cell.iter(*_TEXT_BLOCKS))
    placed = largest >= _PLACED_SHARE * sum(size for size, _ in sizes) and paragraphs >= _PLACED_PARAGRAPHS
    return not placed and not (rows == 1 and largest >= _PROSE_CHARACTERS)


def read_grid(table: Any, read_cell: ReadCell) -> tuple[GridTexts, list[Unit]]:
    """The grid of a data table, each cell read by ``read_cell``, and what is left out of it.

    A span that reaches beyond its section ends there, as browsers have it; rows of the foot come last.
    """
    texts, left_out = GridTexts(), list[Unit]()
    held: dict[int, tuple[int, GridCell]] = {}
    section = None
    places = 0
    for each, row in _rows(table):
        if each is not section or places > _MOST_PLACES:
            section, held = each, {}
        reason = reason_of(row) or reason_of(each)
        if reason is not None:
            left_out.append(Unit(table, [shown_text(row)], reason=reason))
            continue
        texts.rows.append(_read_row(row, each.tag == "thead", held, read_cell, left_out))
        places += len(texts.rows[-1])
    for node in table.iter("caption"):
        texts.caption, gone = read_cell(node)
        left_out += gone
    texts.stray += list(_strays(table))
    return texts, [unit for unit in left_out if unit.text]


def _read_row(
    row: Any, is_head: bool, held: dict[int, tuple[int, GridCell]], read_cell: ReadCell, left_out: list[Unit]
) -> list[GridCell | None]:
    cells: list[GridCell | None] = []

    def fill_held() -> None:
        while len(cells) in held:
            left, above = held.pop(len(cells))
            if left > 1:
                held[len(cells)] = (left - 1, above)
            cells.append(above)

    for node in _cells(row):
        fill_held()
        if (reason := reason_of(node)) is not None:
            left_out.append(Unit(row, [shown_text(node)], reason=reason))
            continue
        text, gone = read_cell(node)
        left_out += gone
        cell = GridCell(text, header=is_head or node.tag == "th")
        rows = _span(node, "rowspan")
        for _ in range(_span(node, "colspan")):
            if len(cells) < _MOST_COLUMNS or not cells or cells[-1] is not cell:
                if rows != 1:
                    held[len(cells)] = (rows - 1, cell)
                cells.append(cell)
    fill_held()
    while held and len(cells) <= max(held):
        # A cell from above stands further right than this row's own cells reach.
        cells.append(None)
        fill_held()
    return cells


def _rows(table: Any) -> Iterator[tuple[Any, Any]]:
    """The rows with the section each stands in: head, bodies, foot."""
    sections = sorted(
        (child for child in table if child.tag in _SECTIONS or child.tag == "tr"),
        key=lambda child: _SECTIONS.get(child.tag, 1),
    )
    for section in sections:
        if section.tag == "tr":
            yield table, section
        else:
            for row in section:
                if row.tag == "tr":
                    yield section, row


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _span(cell: Any, name: str) -> int:
    """How many places a cell covers; a ``rowspan`` of 0 reaches to the end of its section."""
    value = (cell.get(name) or "1").strip()
    if not (value.isascii() and value.isdecimal()):
        return 1
    number = int(value[:6])
    if name == "rowspan":
        return number if number > 0 else 1_000_000
    return max(1, min(number, _MOST_COLUMNS))


def _strays(table: Any) -> Iterator[str]:
    """Text between the cells, where no table may hold any."""
    for node in table.iter():
        if node.tag in (*_SECTIONS, "tr", "table"):
            if node.text and node.text.strip():
                yield node.text.strip()
        if node is not table and node.getparent().tag in (*_SECTIONS, "tr", "table"):
            if node.tail and node.tail.strip():
                yield node.tail.strip()
            if node.tag not in (*_SECTIONS, "tr", "td", "th", "caption", *SILENT) and reason_of(node) is None:
                text = shown_text(node)
                if text:
                    yield text
