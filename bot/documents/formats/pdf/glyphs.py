"""What stands on a page: glyphs and ruling lines, first as the file gives them, then as they are read.

Lengths are points. As the file gives them, ``y`` grows upwards; as they are read, ``top`` grows downwards and the
text runs to the right, whichever way it was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Turn(IntEnum):
    """Which way text runs, in degrees; ``VERTICAL`` are upright characters set from top to bottom."""

    RIGHT = 0
    UP = 90
    LEFT = 180
    DOWN = 270
    VERTICAL = -1
    SKEW = -2


@dataclass(frozen=True, slots=True)
class RawGlyph:
    """A character where it is drawn: from (``x``, ``y``) on its base line to (``end_x``, ``end_y``)."""

    text: str
    x: float
    y: float
    end_x: float
    end_y: float
    size: float
    turn: Turn
    #: Neither filled nor stroked: the text layer under a scan, or words put in unseen.
    invisible: bool = False
    white: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, top and bottom counted downwards."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Whether a point lies inside, or no more than ``slack`` outside."""
        return self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack

    @property
    def area(self) -> float:
        """Square points."""
        return max(self.x1 - self.x0, 0.0) * max(self.bottom - self.top, 0.0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it is read."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float

    @property
    def top(self) -> float:
        """Fonts disagree about their height; this is what Chinese fonts have."""
        return self.baseline - 0.85 * self.size

    @property
    def bottom(self) -> float:
        """The lower edge of the character's square."""
        return self.baseline + 0.15 * self.size

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the character's square."""
        return (self.x0 + self.x1) / 2, self.baseline - 0.35 * self.size

    @property
    def blank(self) -> bool:
        """Whether nothing is seen of it."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class RawPage:
    """What a page draws, in the order of drawing; boxes by their lower edge are turned to :class:`Box` later.

    ``rules`` and ``fills`` and ``images`` are (x0, y0, x1, y1) with ``y`` upwards; ``window`` is the part of the
    page that is shown.
    """

    number: int
    width: float
    height: float
    window: tuple[float, float, float, float]
    glyphs: tuple[RawGlyph, ...]
    rules: tuple[tuple[float, float, float, float], ...] = ()
    fills: tuple[tuple[float, float, float, float], ...] = ()
    images: tuple[tuple[float, float, float, float], ...] = ()
    comments: tuple[str, ...] = ()
    drawn: bool = False
    rotated: bool = False

    @property
    def where(self) -> str:
        """The page as people count it."""
        return f"第{self.number}页"

    @property
    def picture_share(self) -> float:
        """How much of the page its largest picture covers, 0–1."""
        areas = [abs((x1 - x0) * (y1 - y0)) for x0, y0, x1, y1 in self.images]
        return min(max(areas, default=0.0) / max(self.width * self.height, 1.0), 1.0)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line without a wide gap."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the piece."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """Points from its first to its last character."""
        return self.x1 - self.x0


@dataclass(frozen=True, slots=True)
class Band:
    """The pieces that share a base line, from left to right."""

    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """The pieces with a blank between them."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def top(self) -> float:
        """Upper edge of the highest piece."""
        return min(segment.top for segment in self.segments)

    @property
    def bottom(self) -> float:
        """Lower edge of the lowest piece."""
        return max(segment.bottom for segment in self.segments)

    @property
    def size(self) -> float:
        """Size of the widest piece's text."""
        return max(self.segments, key=lambda segment: segment.width).size

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(segment.x1 for segment in self.segments)
