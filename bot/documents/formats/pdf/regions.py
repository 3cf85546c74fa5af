"""Lines to parts in reading order: columns of running text one after the other, tables told by alignment.

Consecutive lines that leave the same strip of the page free form a region. Full lines with sentences in them on both
sides are columns of text; short pieces that keep to their strips are a table, when every piece can be given its
place with certainty. What is neither stays line by line.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.formats.pdf.aligned import aligned_table, looks_like_table
from bot.documents.formats.pdf.glyphs import Band, Segment
from bot.documents.formats.pdf.parts import Part, line_of
from bot.documents.markers import find_marker

#: The strip between columns, in sizes of the text.
_GUTTER = 0.8
_MAX_COLUMNS = 4
#: A column of running text is at least this wide, in sizes, and so often has a mark within or at its end.
_COLUMN_WIDTH = 7.0
_CHARACTERS_PER_MARK = 28
_FULL_SHARE = 0.12
_MARKS = "，。；、：！？,;"
_ENDS = "。；：！？"
#: More than this many line heights below, a single piece no longer belongs to the table above it.
_APART = 1.3

Strip = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of a page, and how many tables on it could not be resolved."""

    parts: tuple[Part, ...]
    unresolved: int = 0


def read_bands(bands: Sequence[Band], separators: Sequence[float], page: int, narrow: bool = False) -> Reading:
    """The parts that ``bands`` make up; ``separators`` are the heights of ruling lines across the page."""
    if not bands:
        return Reading(())
    left = min(band.x0 for band in bands)
    right = max(band.x1 for band in bands)
    parts: list[Part] = []
    unresolved = index = 0
    while index < len(bands):
        end = _region(bands, index)
        region = bands[index:end]
        columns = _columns(region) if len(region) > 1 else None
        if columns is not None:
            for column in columns:
                inner = read_bands(column, separators, page, True)
                parts.extend(inner.parts)
                unresolved += inner.unresolved
        elif len(region) > 1 and (table := aligned_table(region, separators, page)) is not None:
            parts.append(table)
        else:
            unresolved += looks_like_table(region)
            parts.extend(line_of(band, left, right, page, narrow) for band in region)
        index = end
    return Reading(tuple(parts), unresolved)


def _region(bands: Sequence[Band], start: int) -> int:
    """Where the region that begins at ``start`` ends."""
    size = bands[start].size
    strips = _union([], bands[start].segments, size)
    end = start + 1
    if len(strips) < 2:
        if end == len(bands) or not _side_by_side(bands[start], bands[end]):
            return end
        strips = _union(strips, bands[end].segments, size)
    while end < len(bands):
        grown = _union(strips, bands[end].segments, size)
        if len(grown) < 2:
            break
        strips = grown
        end += 1
    return _trimmed(bands, start, end)


def _side_by_side(first: Band, second: Band) -> bool:
    """Whether two lines of one piece each stand beside each other, a part of a line apart."""
    apart = first.x1 < second.x0 - _GUTTER * first.size or second.x1 < first.x0 - _GUTTER * first.size
    return apart and second.top < first.bottom


def _trimmed(bands: Sequence[Band], start: int, end: int) -> int:
    """The end without single pieces that follow at a distance or open a paragraph of their own."""
    pitches = [low.top - high.top for high, low in zip(bands[start:end], bands[start + 1 : end], strict=False)]
    usual = statistics.median(pitches) if pitches else 0.0
    while end - start > 1 and len(bands[end - 1].segments) == 1:
        last = bands[end - 1]
        far = last.top - bands[end - 2].top > _APART * max(usual, last.size)
        note = last.text.startswith(("注", "备注", "说明", "附件")) or find_marker(last.text) is not None
        opens = note and last.x0 <= bands[start].x0 + 2 * last.size
        if not (far or opens) or any(len(band.segments) == 1 and band is not last for band in bands[start:end]):
            break
        end -= 1
    return end


def _union(strips: Sequence[Strip], segments: Sequence[Segment], size: float) -> list[Strip]:
    """The strips widened by ``segments``; what is closer than a gutter grows together."""
    merged: list[Strip] = []
    for x0, x1 in sorted([*strips, *((segment.x0, segment.x1) for segment in segments)]):
        if merged and x0 - merged[-1][1] < _GUTTER * size:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def _columns(region: Sequence[Band]) -> list[list[Band]] | None:
    """The lines of every column of running text, or nothing when the region is none."""
    strips = _union([], [segment for band in region for segment in band.segments], region[0].size)
    if not 2 <= len(strips) <= _MAX_COLUMNS:
        return None
    columns: list[list[Band]] = []
    for x0, x1 in strips:
        column = [
            Band(tuple(inside))
            for band in region
            if (inside := [segment for segment in band.segments if x0 <= segment.x0 and segment.x1 <= x1])
        ]
        if not _is_running_text(column, x1 - x0):
            return None
        columns.append(column)
    return columns


def _is_running_text(column: Sequence[Band], width: float) -> bool:
    text = "".join(band.text for band in column)
    size = statistics.median(band.size for band in column)
    full = sum(band.x1 - band.x0 >= width - 1.6 * size for band in column)
    marks = sum(text.count(mark) for mark in _MARKS)
    return (
        len(column) >= 2
        and width >= _COLUMN_WIDTH * size
        and marks * _CHARACTERS_PER_MARK >= len(text)
        and full >= max(_FULL_SHARE * len(column), 1)
        and all(full or band.text[-1] in _ENDS or find_marker(band.text) for band in column[-1:])
    )
