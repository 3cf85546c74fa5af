"""Tables by their ruling lines: every cell is a rectangle, a merged one covers several places of the grid."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.documents.formats.pdf.glyphs import Box, Glyph, Segment
from bot.documents.formats.pdf.lines import bands_of
from bot.documents.formats.pdf.parts import Table, joined_cell
from bot.documents.tables import GridCell

#: Lines this close are the same line.
_SNAP = 3.0
#: Shorter lines are strokes of a drawing or of a letter.
_MIN_LENGTH = 6.0
#: A drawing, not a table.
_MAX_EDGES = 3_000
#: A frame around running text is no table.
_FRAME_SHARE = 0.6
_FRAME_CHARACTERS = 400

Cell = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ruled:
    """The tables of a page and what stands outside of them."""

    tables: tuple[Table, ...]
    glyphs: tuple[Glyph, ...]
    turned: tuple[Segment, ...]


def take_tables(rules: Sequence[Box], glyphs: Sequence[Glyph], turned: Sequence[Segment], page: int) -> Ruled:
    """Find the tables that lines close in, with their text."""
    tables: list[Table] = []
    rest, rest_turned = list(glyphs), list(turned)
    for cells in _tables(rules):
        grid = _Grid.of(cells)
        if grid is None:
            continue
        inside = [glyph for glyph in rest if grid.place(*glyph.middle) is not None]
        pieces = [segment for segment in rest_turned if grid.place(*segment.middle) is not None]
        if not inside or _is_frame(grid, inside, len(glyphs)):
            continue
        tables.append(grid.table(inside, pieces, page))
        rest = [glyph for glyph in rest if grid.place(*glyph.middle) is None]
        rest_turned = [segment for segment in rest_turned if grid.place(*segment.middle) is None]
    return Ruled(tuple(tables), tuple(rest), tuple(rest_turned))


@dataclass(frozen=True, slots=True)
class _Grid:
    cells: tuple[Cell, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    #: Which cell covers a place (row, column).
    owner: dict[tuple[int, int], int]

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> _Grid | None:
        xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
        ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
        if len(xs) < 3 or len(cells) < 2 or len(xs) * len(ys) > _MAX_EDGES * 10:
            return None
        owner: dict[tuple[int, int], int] = {}
        for index, (x0, top, x1, bottom) in enumerate(cells):
            for row in range(ys.index(top), ys.index(bottom)):
                for column in range(xs.index(x0), xs.index(x1)):
                    owner.setdefault((row, column), index)
        return cls(tuple(cells), tuple(xs), tuple(ys), owner)

    def place(self, x: float, y: float) -> int | None:
        """The cell that a point lies in."""
        return self.owner.get((bisect.bisect_right(self.ys, y) - 1, bisect.bisect_right(self.xs, x) - 1))

    def table(self, glyphs: Sequence[Glyph], turned: Sequence[Segment], page: int) -> Table:
        by_cell: dict[int, list[Glyph]] = defaultdict(list)
        for glyph in glyphs:
            place = self.place(*glyph.middle)
            if place is not None:
                by_cell[place].append(glyph)
        made: dict[int, GridCell] = {}
        for index, (x0, _, x1, _) in enumerate(self.cells):
            text = joined_cell(bands_of(by_cell[index]), x1 - x0)
            also = [segment.text for segment in turned if self.place(*segment.middle) == index]
            made[index] = GridCell(" ".join(filter(None, [text, *also])))
        rows = tuple(
            tuple(
                made[self.owner[row, column]] if (row, column) in self.owner else None
                for column in range(len(self.xs) - 1)
            )
            for row in range(len(self.ys) - 1)
        )
        return Table(rows, self.xs, self.ys[0], self.ys[-1], page)


def _is_frame(grid: _Grid, inside: Sequence[Glyph], all_glyphs: int) -> bool:
    """Whether one cell holds most of the page: text in a frame."""
    counts: dict[int, int] = defaultdict(int)
    for glyph in inside:
        place = grid.place(*glyph.middle)
        if place is not None:
            counts[place] += 1
    most = max(counts.values())
    return most > _FRAME_CHARACTERS and most > _FRAME_SHARE * all_glyphs


def _tables(rules: Sequence[Box]) -> list[list[Cell]]:
    """The cells of every table, by pdfplumber's search for closed rectangles."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges = [edge for rule in rules if (edge := _edge(rule)) is not None]
    if len(edges) < 4 or len(edges) > _MAX_EDGES:
        return []
    edges = merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    edges = merge_edges([*edges, *_open_sides(edges)], _SNAP, _SNAP, _SNAP, _SNAP)
    if len(edges) > _MAX_EDGES // 4:
        return []
    cells: list[Cell] = intersections_to_cells(edges_to_intersections(edges, _SNAP, _SNAP))
    return [list(table) for table in cells_to_tables(cells)]


def _edge(rule: Box) -> dict[str, Any] | None:
    width, height = rule.x1 - rule.x0, rule.bottom - rule.top
    if max(width, height) < _MIN_LENGTH:
        return None
    if width >= height:
        middle = (rule.top + rule.bottom) / 2
        return _made(rule.x0, middle, rule.x1, middle, "h")
    middle = (rule.x0 + rule.x1) / 2
    return _made(middle, rule.top, middle, rule.bottom, "v")


def _made(x0: float, top: float, x1: float, bottom: float, orientation: str) -> dict[str, Any]:
    edge: dict[str, Any] = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "orientation": orientation}
    return edge | {"width": x1 - x0, "height": bottom - top, "doctop": top, "object_type": "line"}


def _open_sides(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The left and right side of tables that are drawn without them: lines of one width above each other."""
    groups: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for edge in edges:
        if edge["orientation"] == "h":
            groups[round(edge["x0"] / 4), round(edge["x1"] / 4)].append(edge)
    sides = []
    for group in groups.values():
        if len(group) >= 3:
            tops = [edge["top"] for edge in group]
            for x in (group[0]["x0"], group[0]["x1"]):
                sides.append(_made(x, min(tops), x, max(tops), "v"))
    return sides
