"""Tables without ruling lines: pieces of text that keep to columns, every one given its place or none.

Rows are told by lines across the page where there are some, else by which columns a line fills: a line that only
goes on with cells that were broken for lack of room belongs to the row above. Where that is not certain there is no
table, and the text stays line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.formats.pdf.glyphs import Band, Segment
from bot.documents.formats.pdf.parts import Table, joined_cell
from bot.documents.tables import GridCell

#: Pieces of a column may be this close to those of the next, in sizes.
_COLUMN_GAP = 0.5
#: A broken cell fills its column but for so many sizes.
_SLACK = 0.8
#: Words that a whole row of full cells could be broken in.
_LONG_CELL = 6

Strip = tuple[float, float]


@dataclass(slots=True)
class _Row:
    """Lines of each column, and which columns a heading above them spans."""

    cells: dict[tuple[int, int], list[Band]]
    filled: int = 0


def looks_like_table(region: Sequence[Band]) -> int:
    """1 for lines of several pieces that stand above each other, else 0."""
    several = [band for band in region if len(band.segments) > 1]
    labelled = sum(_is_labelled(segment.text) for band in several for segment in band.segments)
    pieces = sum(len(band.segments) for band in several)
    return int(len(region) >= 3 and len(several) * 2 > len(region) and labelled * 2 < pieces)


def aligned_table(region: Sequence[Band], separators: Sequence[float], page: int) -> Table | None:
    """The table that ``region`` is, or nothing where a piece's place is not certain."""
    most = max(len(band.segments) for band in region)
    if most < 2 or len(region) < (2 if most > 2 else 3) or not looks_like_table([*region, region[0]]):
        return None
    strips = _strips(region, most)
    if strips is None:
        return None
    places = [_places(band, strips) for band in region]
    if any(place is None for place in places):
        return None
    known = [place for place in places if place is not None]
    if _are_sentences(known, most):
        return None
    inner = [height for height in separators if region[0].bottom - 1 < height < region[-1].top + 1]
    head = next(index for index, band in enumerate(region) if len(band.segments) == most)
    if any(_spans(place) for place in known[head:]):
        return None
    if len(inner) >= 2:
        rows: list[_Row] | None = _rows_between(region, known, inner)
        header = None
    else:
        rows = _rows_by_filling(region, known, strips)
        header = sum(band.bottom <= inner[0] + 2 for band in region) if inner else None
    if rows is None or len(rows) < 2:
        return None
    if header is not None and len(rows) < len(region):
        header = None
    return _table(rows, strips, region, page, header)


def _strips(region: Sequence[Band], most: int) -> list[Strip] | None:
    """The columns, from the lines that fill all of them."""
    strips: list[Strip] = []
    segments = [segment for band in region if len(band.segments) == most for segment in band.segments]
    for segment in sorted(segments, key=lambda segment: segment.x0):
        if strips and segment.x0 - strips[-1][1] < _COLUMN_GAP * segment.size:
            strips[-1] = (strips[-1][0], max(strips[-1][1], segment.x1))
        else:
            strips.append((segment.x0, segment.x1))
    return strips if len(strips) == most else None


def _places(band: Band, strips: Sequence[Strip]) -> dict[tuple[int, int], Segment] | None:
    """The columns (first, last) of every piece; nothing when two pieces share a column."""
    places: dict[tuple[int, int], Segment] = {}
    taken = -1
    for segment in band.segments:
        under = [index for index, (x0, x1) in enumerate(strips) if segment.x0 < x1 and segment.x1 > x0]
        if not under:
            middle = segment.middle[0]
            before = [index for index, (_, x1) in enumerate(strips) if x1 <= middle]
            after = [index for index, (x0, _) in enumerate(strips) if x0 >= middle]
            under = [*before[-1:], *after[:1]]
        if not under or under[0] <= taken:
            return None
        taken = under[-1]
        places[under[0], under[-1]] = segment
    return places


def _are_sentences(places: Sequence[dict[tuple[int, int], Segment]], columns: int) -> bool:
    """Whether every column is full of sentences: text beside text, of which nobody knows that it makes rows."""
    for column in range(columns):
        texts = [segment.text for place in places for (first, _), segment in place.items() if first == column]
        marked = sum(any(mark in text for mark in "，。；、") for text in texts)
        if marked * 2 < len(texts):
            return False
    return True


def _spans(place: dict[tuple[int, int], Segment]) -> bool:
    return any(first != last for first, last in place)


def _rows_between(
    region: Sequence[Band], places: Sequence[dict[tuple[int, int], Segment]], inner: Sequence[float]
) -> list[_Row]:
    """One row for what stands between two lines across the page."""
    rows: list[_Row] = []
    last = -1
    for band, place in zip(region, places, strict=True):
        index = sum(height <= (band.top + band.bottom) / 2 for height in inner)
        if index != last:
            rows.append(_Row({}))
            last = index
        _add(rows[-1], place)
    return rows


def _rows_by_filling(
    region: Sequence[Band], places: Sequence[dict[tuple[int, int], Segment]], strips: Sequence[Strip]
) -> list[_Row] | None:
    rows: list[_Row] = []
    broken = False
    doubtful = False
    for place in places:
        above = rows[-1] if rows else None
        goes_on = above is not None and not _spans(place) and _goes_on(place, above, strips)
        if goes_on and len(place) < len(strips):
            broken = True
            _add(rows[-1], place)
            continue
        if goes_on and all(len(segment.text) >= _LONG_CELL for segment in place.values()):
            doubtful = True
        first = any(columns[0] == 0 for columns in place)
        if rows and not first and not _spans(place) and len(place) < 2 and len(strips) > 1:
            return None
        rows.append(_Row({}))
        _add(rows[-1], place)
    return None if broken and doubtful else rows


def _goes_on(place: dict[tuple[int, int], Segment], above: _Row, strips: Sequence[Strip]) -> bool:
    """Whether every piece goes on with a cell above that had no more room."""
    for columns, segment in place.items():
        lines = above.cells.get(columns)
        if not lines or _is_value(segment.text):
            return False
        x0, x1 = strips[columns[0]][0], strips[columns[1]][1]
        if lines[-1].x1 - lines[-1].x0 < x1 - x0 - _SLACK * segment.size:
            return False
    return True


def _add(row: _Row, place: dict[tuple[int, int], Segment]) -> None:
    for columns, segment in place.items():
        row.cells.setdefault(columns, []).append(Band((segment,)))


def _table(
    rows: Sequence[_Row], strips: Sequence[Strip], region: Sequence[Band], page: int, header: int | None
) -> Table:
    grid: list[tuple[GridCell | None, ...]] = []
    for row in rows:
        line: list[GridCell | None] = [None] * len(strips)
        for (first, last), bands in row.cells.items():
            cell = GridCell(joined_cell(bands, strips[last][1] - strips[first][0]))
            for column in range(first, last + 1):
                line[column] = cell
        grid.append(tuple(line))
    edges = tuple(x0 for x0, _ in strips)
    return Table(tuple(grid), edges, region[0].top, region[-1].bottom, page, header)


def _is_value(text: str) -> bool:
    return text[0].isdigit() or text[0] in "+-−±≥≤<>＜＞¥￥$—"


def _is_labelled(text: str) -> bool:
    return "：" in text[:-1] or text.endswith(("：", ":"))
