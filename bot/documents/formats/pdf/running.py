"""Running heads and feet, page numbers and footnotes: told by where they stand and that they come again.

A line is a running head when the same words stand at the same height at the edge of several pages; numbers in it may
differ only as page numbers do. Lines with a label (期望完成时间：…) and sentences are never taken for one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.blocks import Dropped, Reason
from bot.documents.characters import fold_characters
from bot.documents.formats.pdf.glyphs import Band, Box
from bot.documents.furniture import is_page_number

#: Shares of the page's height where heads end and feet begin.
_HEAD_ZONE = 0.14
_FOOT_ZONE = 0.85
#: Heads and feet of several lines.
_EDGE_LINES = 3
#: Lines that run through stand at the same height, in points.
_SAME_HEIGHT = 5.0
#: Twice may be chance; then the line must also be small or set apart from the text, in sizes.
_SURE_TIMES = 3
_APART = 1.6
#: A head is no larger than the text, a title is.
_MAX_SIZE = 1.12
_NOTE_SIZE = 0.93
_NOTE_RULE_SHARE = 0.45
_DIGITS = re.compile(r"\d+")
_NUMERAL = re.compile(r"\d{1,4}|[ivxlIVXL]{1,6}")
_NOTE_MARK = re.compile(
    r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]|[\[［〔][0-9]{1,3}[\]］〕]|[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]?|[*†‡]{1,3}|[0-9]{1,2}(?=\s?[\u4e00-\u9fff《])"
)
_ENDS = "。；！？"


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote with the mark it begins with."""

    text: str
    marker: str


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one page from the top down."""

    number: int
    height: float
    bands: tuple[Band, ...]
    rules: tuple[Box, ...] = ()
    width: float = 0.0
    notes: tuple[Note, ...] = ()

    @property
    def where(self) -> str:
        """The page as people count it."""
        return f"第{self.number}页"


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the edge of a page."""

    page: int
    band: Band
    head: bool
    #: 0 for the outermost line.
    depth: int
    apart: bool

    @property
    def key(self) -> tuple[bool, str]:
        return self.head, _DIGITS.sub("#", "".join(self.band.text.split()))

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(each) for each in _DIGITS.findall(self.band.text))


def without_running(pages: Sequence[PageLines], body_size: float) -> tuple[list[PageLines], list[Dropped]]:
    """The pages without what runs through them, and the ledger of that."""
    edges = [edge for index, page in enumerate(pages) for edge in _edges(page, index)]
    running = _running(edges, body_size)
    numbers = _page_numbers(pages, edges)
    kept: list[PageLines] = []
    dropped: list[Dropped] = []
    for page, own in zip(pages, _by_page(edges, len(pages)), strict=True):
        gone: dict[int, Reason] = {}
        for head in (True, False):
            for edge in sorted((edge for edge in own if edge.head is head), key=lambda edge: edge.depth):
                identity = id(edge.band)
                if is_page_number(edge.band.text) or identity in numbers:
                    gone[identity] = Reason.PAGE_NUMBER
                elif identity in running:
                    gone[identity] = Reason.RUNNING_HEAD
                else:
                    break
        dropped.extend(
            Dropped(gone[id(band)], fold_characters(band.text), page.where) for band in page.bands if id(band) in gone
        )
        left = tuple(band for band in page.bands if id(band) not in gone)
        kept.append(PageLines(page.number, page.height, left, page.rules, page.width))
    return kept, dropped


def with_notes(page: PageLines, body_size: float) -> PageLines:
    """The page with its footnotes told from its lines."""
    start = _notes_start(page, body_size)
    if start is None:
        return page
    notes: list[Note] = []
    for band in page.bands[start:]:
        mark = _NOTE_MARK.match(band.text)
        if mark or not notes:
            notes.append(Note(band.text, mark.group() if mark else ""))
        else:
            last = notes.pop()
            notes.append(Note(last.text + band.text, last.marker))
    return PageLines(page.number, page.height, page.bands[:start], page.rules, page.width, tuple(notes))


def _edges(page: PageLines, index: int) -> list[_Edge]:
    bands = page.bands
    edges: list[_Edge] = []
    for depth in range(min(_EDGE_LINES, len(bands))):
        band = bands[depth]
        below = bands[depth + 1].top - band.bottom if depth + 1 < len(bands) else page.height
        edges.append(_Edge(index, band, True, depth, below > _APART * band.size))
    for depth in range(min(_EDGE_LINES, len(bands))):
        band = bands[-1 - depth]
        above = band.top - bands[-2 - depth].bottom if depth + 1 < len(bands) else page.height
        edges.append(_Edge(index, band, False, depth, above > _APART * band.size))
    return [edge for edge in edges if _in_zone(edge, page) or is_page_number(edge.band.text)]


def _in_zone(edge: _Edge, page: PageLines) -> bool:
    if edge.head:
        return edge.band.top <= _HEAD_ZONE * page.height
    return edge.band.bottom >= _FOOT_ZONE * page.height


def _running(edges: Sequence[_Edge], body_size: float) -> frozenset[int]:
    """The lines that run through, by identity."""
    groups: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        if edge.band.size <= _MAX_SIZE * body_size and edge.key[1]:
            groups[edge.key].append(edge)
    found: set[int] = set()
    for (_, key), group in groups.items():
        level = sorted(edge.band.top for edge in group)[len(group) // 2]
        same = [edge for edge in group if abs(edge.band.top - level) <= _SAME_HEIGHT]
        counts = len({edge.page for edge in same})
        fixed = len({edge.numbers for edge in same}) == 1
        counting = not fixed and _is_counting(same)
        if counts < 2 or not (fixed or counting) or _is_statement(key):
            continue
        small = all(edge.band.size <= _NOTE_SIZE * body_size for edge in same)
        if counts >= _SURE_TIMES or counting or small or all(edge.apart for edge in same):
            found.update(id(edge.band) for edge in same)
    return frozenset(found)


def _is_statement(key: str) -> bool:
    """A sentence, or a label with its value."""
    return key[-1] in _ENDS or "：" in key[:-1] or key.endswith("：")


def _is_counting(edges: Sequence[_Edge]) -> bool:
    """Whether numbers differ only in going up by one from page to page."""
    width = {len(edge.numbers) for edge in edges}
    if len(width) != 1:
        return False
    columns = list(zip(*(edge.numbers for edge in edges), strict=True))
    pages = [edge.page for edge in edges]
    return all(
        len(set(column)) == 1 or len({value - page for value, page in zip(column, pages, strict=True)}) == 1
        for column in columns
    )


def _page_numbers(pages: Sequence[PageLines], edges: Sequence[_Edge]) -> frozenset[int]:
    """Numbers without dress that stand alone at the edge and count the pages."""
    bare = [edge for edge in edges if _NUMERAL.fullmatch(edge.band.text) and edge.depth == 0]
    if len(pages) == 1:
        return frozenset(id(edge.band) for edge in bare if not edge.head and edge.band.text == "1" and edge.apart)
    steps: dict[int, list[_Edge]] = defaultdict(list)
    for edge in edges:
        if edge.band.text.isdigit() and edge.depth == 0 and len(edge.band.text) <= 4:
            steps[int(edge.band.text) - edge.page].append(edge)
        elif is_page_number(edge.band.text):
            steps[edge.numbers[0] - edge.page].append(edge)
    counted = {id(edge.band) for group in steps.values() if len({e.page for e in group}) > 1 for edge in group}
    roman = [edge for edge in bare if not edge.band.text.isdigit()]
    return frozenset(counted | {id(edge.band) for edge in roman if counted or len(roman) > 1})


def _by_page(edges: Sequence[_Edge], count: int) -> list[list[_Edge]]:
    by_page: list[list[_Edge]] = [[] for _ in range(count)]
    for edge in edges:
        by_page[edge.page].append(edge)
    return by_page


def _notes_start(page: PageLines, body_size: float) -> int | None:
    """The first line of the footnotes: small text at the foot that begins with a mark, or what follows a short rule."""
    bands = page.bands
    start = len(bands)
    while start > 0 and bands[start - 1].size <= _NOTE_SIZE * body_size:
        start -= 1
    if 0 < start < len(bands):
        first = next((i for i in range(start, len(bands)) if _NOTE_MARK.match(bands[i].text)), None)
        if first is not None and bands[first].top > 0.4 * page.height:
            return first
    for rule in page.rules:
        short = 20 < rule.x1 - rule.x0 < _NOTE_RULE_SHARE * page.width and rule.bottom - rule.top < 3
        below = [index for index, band in enumerate(bands) if band.top >= rule.top - 2]
        if short and below and below[0] > 0 and rule.top > 0.5 * page.height and _NOTE_MARK.match(bands[below[0]].text):
            return below[0]
    return None
