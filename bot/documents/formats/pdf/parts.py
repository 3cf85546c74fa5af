"""What a page is made of once its layout is told: lines of text and tables, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.formats.pdf.glyphs import Band
from bot.documents.formats.pdf.lettering import joined_letters
from bot.documents.lines import glue
from bot.documents.markers import find_marker
from bot.documents.tables import GridCell

#: Room for more characters than this, in sizes, and a cell's line was not broken for lack of it.
_ROOM = 2.6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of running text; ``left`` and ``right`` are the edges of the column it stands in."""

    text: str
    size: float
    x0: float
    x1: float
    top: float
    bottom: float
    left: float
    right: float
    page: int
    #: Whether the column is one of several beside each other.
    narrow: bool = False

    @property
    def column(self) -> tuple[int, bool]:
        """Lines with the same value are set to the same width, also on other pages."""
        return round(self.left / 4), self.narrow

    @property
    def indented(self) -> bool:
        """Whether it begins to the right of its column's edge, as a paragraph's first line does."""
        return 1.2 * self.size <= self.x0 - self.left <= 5 * self.size


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows; ``columns`` are the edges of its columns, by which its continuation is known."""

    rows: tuple[tuple[GridCell | None, ...], ...]
    columns: tuple[float, ...]
    top: float
    bottom: float
    page: int
    header_rows: int | None = None


Part = Line | Table


def line_of(band: Band, left: float, right: float, page: int, narrow: bool = False) -> Line:
    """A whole line of the column between ``left`` and ``right``."""
    return Line(band.text, band.size, band.x0, band.x1, band.top, band.bottom, left, right, page, narrow)


def joined_cell(lines: Sequence[Band], width: float) -> str:
    """The text of a cell: what was broken for lack of room is joined, other lines are parted by a blank."""
    text = ""
    widest = max((band.x1 - band.x0 for band in lines), default=0.0)
    alike = all(band.x1 - band.x0 >= widest - 0.5 * band.size for band in lines)
    for index, band in enumerate(lines):
        if not index:
            text = band.text
            continue
        above = lines[index - 1]
        length = above.x1 - above.x0
        room = width - length > _ROOM * above.size
        # A line that could have gone on ends on purpose when others are longer, or when all are as long: a list.
        ended = room and (alike or length < widest - above.size) or find_marker(band.text) is not None
        text = f"{text} {band.text}" if ended else glue(text, band.text)
    return joined_letters(text)
