"""Word tables as grids: merged cells as one object, deleted rows left out, nested tables after their row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.documents.blocks import Block, Reason
from bot.documents.formats.word.names import (
    Element,
    attribute,
    child,
    descendants,
    is_properties,
    kind,
    number,
    raw_text,
    switch,
    value,
)
from bot.documents.tables import GridCell, TableBlocks, table_blocks
from bot.types import UnitKind

if TYPE_CHECKING:
    from bot.documents.formats.word.story import Story

#: Word itself stops at 63 columns.
_MOST_COLUMNS = 128
_WIDEST_SPAN = 63
_LABEL_CHARACTERS = 12
_COLUMN_CHARACTERS = 60
_WRAPPER_DELETIONS = frozenset({"w:del", "w:moveFrom"})
#: Reads a cell's blocks; with a reason all its text goes to the ledger.
_ReadCell = Callable[[Element, Reason | None], list[Block]]


@dataclass(slots=True)
class _Place:
    """A cell of the file: its element, the columns it covers and what it goes on."""

    element: Element
    column: int
    span: int
    goes_on: bool
    reason: Reason | None


@dataclass(slots=True)
class _Row:
    """A row of the file; ``reason`` says why it is left out."""

    places: list[_Place]
    width: int
    header: bool
    reason: Reason | None


@dataclass(slots=True)
class _Reading:
    """A table as far as it is read: the grid, each new cell's blocks, and what follows each row."""

    grid: list[list[GridCell | None]] = field(default_factory=list)
    paragraphs: list[Block] = field(default_factory=list)
    after: dict[int, list[Block]] = field(default_factory=dict)
    notes: list[Block] = field(default_factory=list)


class TableReader:
    """Reads the tables of one story."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def read(self, table: Element, reason: Reason | None) -> list[Block]:
        """The captions and rows of a table, or its paragraphs where the table only lays them out."""
        rows = [_row(element, gone) for element, gone in _members(table, "w:tr", reason)]
        for row in rows:
            self._drop_surplus(row)
        shown = [row for row in rows if row.reason is None]
        layout = _is_layout(shown)
        index = 0 if layout or not shown else self._story.context.next_table()
        ledger = self._story.context.ledger
        outer = ledger.where
        if not layout:
            ledger.where = f"{self._story.place}表{index + 1}"
        reading = _Reading()
        read_cell = self._story.blocks if layout else self._story.cell
        for row in rows:
            _read_row(row, reading, read_cell)
        found = reading.paragraphs
        if not layout:
            told = table_blocks(reading.grid, index, header_rows=_marked_headers(shown, reading.grid))
            found = _with_nested(told, reading) + reading.notes
            for each in told.dropped:
                ledger.drop(each.reason, each.text)
        ledger.where = outer
        return found

    def _drop_surplus(self, row: _Row) -> None:
        for place in row.places:
            if place.column >= _MOST_COLUMNS:
                self._story.context.ledger.drop(Reason.TOO_MUCH, raw_text(place.element))
        row.places = [place for place in row.places if place.column < _MOST_COLUMNS]


def _read_row(row: _Row, reading: _Reading, read_cell: _ReadCell) -> None:
    if row.reason is not None:
        for place in row.places:
            read_cell(place.element, row.reason)
        return
    cells: list[GridCell | None] = [None] * min(row.width, _MOST_COLUMNS)
    above = reading.grid[-1] if reading.grid else []
    for place in row.places:
        cell = _cell(place, above, reading, read_cell)
        for column in range(place.column, min(place.column + place.span, len(cells))):
            cells[column] = cell
    reading.grid.append(cells)


def _cell(place: _Place, above: list[GridCell | None], reading: _Reading, read_cell: _ReadCell) -> GridCell | None:
    over = above[place.column] if place.column < len(above) else None
    if place.goes_on and over is not None:
        # What a merged cell hides stays in the file.
        read_cell(place.element, place.reason or Reason.HIDDEN)
        return over
    blocks = read_cell(place.element, place.reason)
    if place.reason is not None:
        return None
    own = [block for block in blocks if block.kind in (UnitKind.HEADING, UnitKind.PARAGRAPH, UnitKind.ITEM)]
    reading.paragraphs += blocks
    reading.notes += [block for block in blocks if block.kind is UnitKind.NOTE]
    nested = [block for block in blocks if block.kind in (UnitKind.ROW, UnitKind.CAPTION)]
    if nested:
        reading.after.setdefault(len(reading.grid), []).extend(nested)
    return GridCell(_joined([block.text for block in own]))


def _row(element: Element, gone: Reason | None) -> _Row:
    properties = child(element, "w:trPr")
    reason = gone
    if child(properties, "w:del") is not None:
        reason = reason or Reason.DELETED
    elif switch(properties, "w:hidden"):
        reason = reason or Reason.HIDDEN
    column = min(number(value(properties, "w:gridBefore"), 0), _MOST_COLUMNS)
    places: list[_Place] = []
    for cell, removed in _members(element, "w:tc", None):
        about = child(cell, "w:tcPr")
        span = max(1, min(number(value(about, "w:gridSpan"), 1), _WIDEST_SPAN))
        beside = child(about, "w:hMerge")
        joins = beside is not None and attribute(beside, "w:val", "continue") == "continue" and places
        if joins and not raw_text(cell).strip():
            places[-1].span += span
            column += span
            continue
        down = child(about, "w:vMerge")
        goes_on = down is not None and attribute(down, "w:val", "continue") != "restart"
        removed = removed or (Reason.DELETED if child(about, "w:cellDel") is not None else None)
        places.append(_Place(cell, column, span, goes_on, removed))
        column += span
    after = min(number(value(properties, "w:gridAfter"), 0), _MOST_COLUMNS)
    return _Row(places, column + after, bool(switch(properties, "w:tblHeader")), reason)


def _members(parent: Element, name: str, reason: Reason | None) -> Iterator[tuple[Element, Reason | None]]:
    """Rows or cells below ``parent``, also within content controls and other wrappers."""
    for each in parent:
        found = kind(each)
        if found == name:
            yield each, reason
        elif found in _WRAPPER_DELETIONS:
            yield from _members(each, name, reason or Reason.DELETED)
        elif not is_properties(found) and found not in ("w:tc", "w:tr", "w:p", "w:tbl", "w:tblGrid"):
            yield from _members(each, name, reason)


def _joined(texts: list[str]) -> str:
    """A cell's lines as one; characters set one below the other are a word."""
    if len(texts) > 1 and all(len(text) == 1 and "\u4e00" <= text <= "\u9fff" for text in texts):
        return "".join(texts)
    return " ".join(texts)


def _is_layout(rows: list[_Row]) -> bool:
    """Whether a table only places its text: one cell, one column, a line of parts that are no label and value."""
    filled = [[text for place in row.places if (text := raw_text(place.element).strip())] for row in rows]
    filled = [row for row in filled if row]
    if all(len(row) == 1 for row in filled):
        return all(len(row.places) == 1 for row in rows) or len(filled) <= 1
    if len(filled) > 1:
        return False
    if any(next(descendants(place.element, "w:tbl"), None) is not None for row in rows for place in row.places):
        return True
    label, *others = filled[0]
    if len(others) > 1:
        # Short cells in one line belong together (姓名 张某 性别 男), long ones are columns of text.
        return any(len(text) > _COLUMN_CHARACTERS for text in filled[0])
    says_itself = any(each in "：:" for each in others[0][:_LABEL_CHARACTERS])
    return len(label) > _LABEL_CHARACTERS or any(each in "：:〔[［" for each in label) or says_itself


def _marked_headers(rows: list[_Row], grid: list[list[GridCell | None]]) -> int | None:
    """How many rows below the captions the file marks as headers; None where the look of the rows tells better."""
    pairs = [
        (row.header, {cell for cell in cells if cell is not None and cell.text})
        for row, cells in zip(rows, grid, strict=True)
    ]
    filled = [(header, cells) for header, cells in pairs if cells]
    while filled and len(filled[0][1]) == 1:
        filled = filled[1:]
    count = 0
    while count < len(filled) and filled[count][0]:
        count += 1
    if not 0 < count < len(filled):
        return None
    # Often only the first of several header rows is marked: the last marked one then reaches into the next.
    last, following = filled[count - 1][1], filled[count][1]
    return None if last & following else count


def _with_nested(told: TableBlocks, reading: _Reading) -> list[Block]:
    """The rows with the tables nested in them, each after the row it stands in."""
    found = [*told.captions, *told.idle]
    waiting = deque(sorted(reading.after))
    for place, row in zip(told.places, told.rows, strict=True):
        while waiting and waiting[0] < place:
            found += reading.after[waiting.popleft()]
        found.append(row)
    for index in waiting:
        found += reading.after[index]
    return found
