"""What a sheet says of itself beside its cells: merged ranges, hidden rows and columns, whether it has formulas.

Read from the part itself, because the library's streaming mode leaves it out, and its other mode walks every cell
of a merged or linked range, of which a small file may claim billions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, Any

from bot.errors import MarketError

#: More merged ranges than rows of a long list are no list.
_MAX_RANGES = 100_000
_TRUE = frozenset({"1", "true"})
_TAGS = ("{*}row", "{*}c", "{*}f", "{*}mergeCell", "{*}col")


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range; rows count from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Shape:
    """The layout of one sheet; ``last_row`` is the last that holds anything, a format aside, 0 for an empty sheet."""

    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: bool = False
    last_row: int = 0


def read_shape(part: IO[bytes], name: str, most_columns: int) -> Shape:
    """The layout in a worksheet's XML; raises :class:`MarketError` for what is no list."""
    from lxml import etree

    shape, row = Shape(), 0
    events = etree.iterparse(part, events=("end",), tag=_TAGS, resolve_entities=False, no_network=True)
    for _, element in events:
        kind = etree.QName(element).localname
        if kind == "row":
            row = int(element.get("r") or row + 1)
            if element.get("hidden") in _TRUE:
                shape.hidden_rows.add(row)
            if any(len(cell) for cell in element):
                shape.last_row = max(shape.last_row, row)
            _drop(element)
        elif kind == "f":
            shape.formulas = True
        elif kind == "mergeCell":
            shape.merged.append(_area(element.get("ref") or "A1"))
            if len(shape.merged) > _MAX_RANGES:
                raise MarketError("表格的合并单元格太多", value=name, remedy="取消合并再导入")
        elif kind == "col" and element.get("hidden") in _TRUE:
            first, last = int(element.get("min") or 1), int(element.get("max") or 1)
            shape.hidden_columns.extend(range(first - 1, min(last, most_columns)))
    return shape


def _area(reference: str) -> Area:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError(reference)
    return Area(int(top), int(left) - 1, int(bottom), int(right) - 1)


def _drop(element: Any) -> None:
    """Give back the memory of a row that was looked at, and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
