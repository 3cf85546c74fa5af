"""Raw glyphs to lines: which way a page is read, what nobody sees, which characters share a base line."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.documents.blocks import Dropped, Reason
from bot.documents.formats.pdf.glyphs import Band, Box, Glyph, RawGlyph, RawPage, Segment, Turn
from bot.documents.formats.pdf.lettering import SMALLER, plain_form, segments_of

#: Smaller text than this is not meant to be read.
_MIN_SIZE = 1.0
#: Characters may stick out of the page a little.
_EDGE = 3.0
#: Base lines of one line differ by no more than this share of the size.
_SAME_LINE = 0.22
#: The same character drawn again this close is a makeshift for bold or a shadow.
_TWICE = 0.15
#: A scan is a picture over at least this share of the page; unseen text on it is what recognition read.
SCAN_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it is read: upright, from the top down."""

    number: int
    width: float
    height: float
    #: Characters of the main direction, in the order of drawing.
    glyphs: tuple[Glyph, ...]
    #: Text that runs another way, each piece where it stands on the turned page.
    turned: tuple[Segment, ...]
    #: Text at an angle, one entry for each stretch.
    skewed: tuple[str, ...]
    rules: tuple[Box, ...]
    dropped: tuple[Dropped, ...]
    recognised: bool = False

    @property
    def where(self) -> str:
        """The page as people count it."""
        return f"第{self.number}页"


def sheet_of(page: RawPage) -> Sheet:
    """The page as it is read, what is not seen put aside."""
    seen, dropped, recognised = _seen(page)
    layers = Counter(glyph.turn for glyph in seen if glyph.turn is not Turn.SKEW and glyph.text.strip())
    main = layers.most_common(1)[0][0] if layers else Turn.RIGHT
    frame = _Frame(page.width, page.height, main)
    glyphs = [frame.glyph(glyph) for glyph in seen if glyph.turn is main]
    kept, twice = _without_copies(glyphs)
    if twice:
        dropped.append(Dropped(Reason.REPEATED, twice, page.where))
    turned = [
        segment
        for turn in layers
        if turn is not main
        for segment in _turned(page, turn, [glyph for glyph in seen if glyph.turn is turn], frame)
    ]
    width, height = frame.extent
    return Sheet(
        page.number,
        width,
        height,
        tuple(kept),
        tuple(turned),
        tuple(_skewed(seen)),
        tuple(frame.box(*rule) for rule in page.rules),
        tuple(dropped),
        recognised,
    )


def bands_of(glyphs: Sequence[Glyph]) -> list[Band]:
    """Lines from the top down; raised and lowered characters stand in the line they belong to."""
    rows = _rows(glyphs)
    _take_in_small(rows)
    bands = [Band(tuple(segments)) for row in rows if row and (segments := segments_of(row))]
    return sorted(bands, key=lambda band: (band.segments[0].baseline, band.x0))


@dataclass(frozen=True, slots=True)
class _Frame:
    """How points of a page lie when its text is turned upright."""

    width: float
    height: float
    turn: Turn

    @property
    def extent(self) -> tuple[float, float]:
        upright = self.turn in (Turn.RIGHT, Turn.LEFT)
        return (self.width, self.height) if upright else (self.height, self.width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """(along the line, downwards) of a point with ``y`` upwards."""
        if self.turn is Turn.UP:
            return y, x
        if self.turn is Turn.LEFT:
            return self.width - x, y
        if self.turn in (Turn.DOWN, Turn.VERTICAL):
            return self.height - y, self.width - x
        return x, self.height - y

    def back(self, x: float, y: float) -> tuple[float, float]:
        """The reverse of :meth:`point`."""
        if self.turn is Turn.UP:
            return y, x
        if self.turn is Turn.LEFT:
            return self.width - x, y
        if self.turn in (Turn.DOWN, Turn.VERTICAL):
            return self.width - y, self.height - x
        return x, self.height - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        (left, top), (right, bottom) = self.point(x0, y0), self.point(x1, y1)
        return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))

    def glyph(self, raw: RawGlyph) -> Glyph:
        start, baseline = self.point(raw.x, raw.y)
        end, _ = self.point(raw.end_x, raw.end_y)
        if self.turn is Turn.VERTICAL:
            baseline -= 0.15 * raw.size
        return Glyph(plain_form(raw.text), min(start, end), max(start, end), baseline, raw.size)


def _seen(page: RawPage) -> tuple[list[RawGlyph], list[Dropped], bool]:
    """The glyphs that are seen, the ledger of the others, and whether recognition wrote the text."""
    window = _window(page)
    scan = page.picture_share >= SCAN_SHARE
    seen: list[RawGlyph] = []
    hidden: list[str] = []
    recognised = 0
    for glyph in page.glyphs:
        middle = (glyph.x + glyph.end_x) / 2, (glyph.y + glyph.end_y) / 2
        if (
            glyph.size < _MIN_SIZE
            or not _inside(window, *middle, _EDGE)
            or (glyph.invisible and not scan)
            or (glyph.white and not glyph.invisible and not _on_dark(page, *middle))
        ):
            hidden.append(glyph.text)
        else:
            seen.append(glyph)
            recognised += glyph.invisible
    text = "".join(hidden).strip()
    dropped = [Dropped(Reason.HIDDEN, text, page.where)] if text else []
    return seen, dropped, recognised * 2 > len(seen) > 0


def _window(page: RawPage) -> tuple[float, float, float, float]:
    """The part that is shown.

    Programs that turn a page sometimes turn its box once too often: when text leaves a turned page and the page
    laid on its side holds all of it, that is the page.
    """
    inked = [glyph for glyph in page.glyphs if glyph.text.strip()]
    whole = page.window == (0.0, 0.0, page.width, page.height)
    if page.rotated and whole and any(not _inside(page.window, glyph.x, glyph.y, _EDGE) for glyph in inked):
        for left in (0.0, page.width - page.height):
            for bottom in (page.height - page.width, 0.0):
                on_side = (left, bottom, left + page.height, bottom + page.width)
                if all(_inside(on_side, glyph.x, glyph.y, _EDGE) for glyph in inked):
                    return on_side
    return page.window


def _inside(box: tuple[float, float, float, float], x: float, y: float, slack: float) -> bool:
    return box[0] - slack <= x <= box[2] + slack and box[1] - slack <= y <= box[3] + slack


def _on_dark(page: RawPage, x: float, y: float) -> bool:
    """Whether a coloured area or a picture lies where white text stands."""
    return any(_inside(box, x, y, 1.0) for box in (*page.fills, *page.images))


def _without_copies(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], str]:
    """The glyphs without those drawn again in the same place, and the text of the latter."""
    kept: list[Glyph] = []
    twice: list[str] = []
    places: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        step = max(glyph.size, 1.0)
        column, row = int(glyph.x0 / step), int(glyph.baseline / step)
        near = [
            other
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in places.get((glyph.text, i, j), ())
        ]
        reach = _TWICE * glyph.size
        if not glyph.blank and any(
            abs(other.x0 - glyph.x0) < reach and abs(other.baseline - glyph.baseline) < reach for other in near
        ):
            twice.append(glyph.text)
        else:
            kept.append(glyph)
            places.setdefault((glyph.text, column, row), []).append(glyph)
    return kept, "".join(twice)


def _turned(page: RawPage, turn: Turn, glyphs: Sequence[RawGlyph], main: _Frame) -> list[Segment]:
    """Pieces of text that run another way than the page, where they stand on it."""
    frame = _Frame(page.width, page.height, turn)
    kept, _ = _without_copies([frame.glyph(glyph) for glyph in glyphs])
    pieces = []
    for band in bands_of(kept):
        for segment in band.segments:
            corners = [
                main.point(*frame.back(x, y)) for x in (segment.x0, segment.x1) for y in (segment.top, segment.bottom)
            ]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            pieces.append(replace(segment, x0=min(xs), x1=max(xs), top=min(ys), bottom=max(ys), baseline=max(ys)))
    return pieces


def _skewed(glyphs: Sequence[RawGlyph]) -> list[str]:
    """Stretches of text at an angle, as drawn."""
    stretches: list[str] = []
    last: RawGlyph | None = None
    for glyph in glyphs:
        if glyph.turn is Turn.SKEW:
            near = last is not None and abs(last.end_x - glyph.x) + abs(last.end_y - glyph.y) < 2 * glyph.size
            if near:
                stretches[-1] += glyph.text
            else:
                stretches.append(glyph.text)
            last = glyph
    return [text for each in stretches if (text := " ".join(each.split()))]


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs by base line. Small ones keep rows of their own until they are taken in."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.baseline, glyph.x0)):
        first = rows[-1][0] if rows else None
        if first is not None and glyph.baseline - first.baseline <= _SAME_LINE * min(first.size, glyph.size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return rows


def _take_in_small(rows: list[list[Glyph]]) -> None:
    """Move raised and lowered characters into the line they touch."""
    bases = [row[0].baseline for row in rows]
    largest = [max(glyph.size for glyph in row) for row in rows]
    for index, row in enumerate(rows):
        for glyph in list(row):
            reach = glyph.size / 0.4
            first, last = (
                bisect.bisect_left(bases, glyph.baseline - reach),
                bisect.bisect_right(bases, glyph.baseline + reach),
            )
            near = [
                rows[place] for place in range(first, last) if place != index and glyph.size <= SMALLER * largest[place]
            ]
            host = None if glyph.blank or not near else _host(glyph, near)
            if host is not None:
                row.remove(glyph)
                host.append(glyph)


def _host(glyph: Glyph, rows: Sequence[list[Glyph]]) -> list[Glyph] | None:
    """The line that has a larger character right beside ``glyph``, or one that was taken in before."""
    for row in rows:
        for other in row:
            after = -0.1 * other.size <= glyph.x0 - other.x1 <= 0.35 * other.size
            before = -0.1 * other.size <= other.x0 - glyph.x1 <= 0.6 * other.size
            larger = glyph.size <= SMALLER * other.size and other.top <= glyph.middle[1] <= other.bottom + (
                0.15 * other.size
            )
            follows = after and abs(other.baseline - glyph.baseline) <= 0.1 * glyph.size
            if ((after or before) and larger) or follows:
                return row
    return None
