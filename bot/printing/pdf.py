"""Blocks as .pdf, drawn here without any other program, all its fonts embedded (``fonts/README.md``).

Set as the .docx is. A character that the fonts lack is drawn in the reader's own Song font, and as 〓 where that cannot
have it either. Bold is drawn by a wider stroke.
"""

from __future__ import annotations

import functools
import io
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.printing import layout
from bot.printing.blocks import Block, BlockKind, Piece, Table
from bot.printing.layout import Align, Setting, Sheet

_LOGGER = logging.getLogger(__name__)

_FONTS = Path(__file__).resolve().parent / "fonts"
_FONT, _LATIN_FONT, _READERS_FONT = "SerifSC", "SerifLatin", "STSong-Light"
_FONT_FILES = {_FONT: "serif-sc.ttf", _LATIN_FONT: "serif-latin.ttf"}
#: Stands where no font has a character, as in print.
_UNDRAWN = "〓"
#: Chinese characters sit this far above the foot of their line, in parts of the pitch.
_BASELINE = 0.28
#: Strokes are drawn a little wider for bold, in parts of the size.
_BOLD = 0.03
#: The most that characters are moved apart to fill a line, in parts of the size.
_MOST_SPREAD = 0.08
_CELL_SIDE, _CELL_ROOM, _AFTER_TABLE = 5.0, 3.0, 6.0
_GRID, _HEAD_FILL = "888888", "EDEFF3"


def to_pdf(pieces: Sequence[Piece], title: str, sheet: Sheet) -> bytes:
    """The file's bytes; ``title`` stands in its properties."""
    from reportlab.pdfgen.canvas import Canvas

    _load_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(layout.PAGE_WIDTH, layout.PAGE_HEIGHT), invariant=True)
    canvas.setTitle(layout.printable(title))
    canvas.setAuthor("")
    canvas.setCreator("")
    writer = _Writer(canvas, sheet)
    for place in range(len(pieces)):
        writer.write(pieces, place)
    writer.end()
    return buffer.getvalue()


class _Writer:
    """Writes from the top down, on another page where one is full."""

    def __init__(self, canvas: Any, sheet: Sheet) -> None:
        self._canvas, self._sheet = canvas, sheet
        self._start = self._top = layout.PAGE_HEIGHT - sheet.top
        self._page = 1

    def write(self, pieces: Sequence[Piece], place: int) -> None:
        """The piece at ``place``, on the page of what it has to stay with."""
        piece, before = pieces[place], pieces[place - 1] if place else None
        kind = before.kind if isinstance(before, Block) else None
        if self._top < self._start and self._top - self._needed(pieces, place, kind) < self._sheet.bottom:
            self._turn()
        if isinstance(piece, Table):
            self._table(piece)
        else:
            self._block(piece, kind)

    def end(self) -> None:
        """Close the last page."""
        self._foot()
        self._canvas.save()

    def _turn(self) -> None:
        self._foot()
        self._canvas.showPage()
        self._top, self._page = self._start, self._page + 1

    def _foot(self) -> None:
        if self._sheet.numbered:
            how = Setting(9.0, 12.0, align=Align.CENTER)
            self._aligned(str(self._page), self._sheet.bottom / 2, how)

    def _needed(self, pieces: Sequence[Piece], place: int, before: BlockKind | None) -> float:
        """How high the least is that has to stand together from ``place`` on."""
        high = 0.0
        for at in range(place, len(pieces)):
            piece = pieces[at]
            if isinstance(piece, Table):
                return high + sum(map(self._row_height, self._cells(piece)[:2]))
            how = self._sheet.setting(piece.kind)
            high += layout.room_before(how, piece.kind, before)
            if not how.keeps or high > self._sheet.height:
                return high + how.pitch
            high += how.pitch * len(self._lines(piece.text, how, self._sheet.width)) + how.after
            before = piece.kind
        return high

    def _block(self, block: Block, before: BlockKind | None) -> None:
        how = self._sheet.setting(block.kind)
        # Room above is for what stands above; on the first page it belongs to the look.
        if self._top < self._start or self._page == 1:
            self._top -= layout.room_before(how, block.kind, before)
        if how.rule and how.rule.above and block.kind is not before:
            self._rule(self._top + 2.0, how.rule.colour, how.rule.thick)
        lines = self._lines(block.text, how, self._sheet.width)
        for place, line in enumerate(lines):
            self._line(line, how, first=not place, last=place == len(lines) - 1)
        if how.rule and not how.rule.above:
            self._rule(self._top - 2.0, how.rule.colour, how.rule.thick)
        self._top -= how.after

    def _lines(self, text: str, how: Setting, width: float) -> list[str]:
        latin = self._sheet.latin
        room = width - how.hang
        return layout.broken(layout.printable(text), room, how.first, lambda part: _width(part, how.size, latin))

    def _line(self, line: str, how: Setting, *, first: bool, last: bool) -> None:
        if self._top - how.pitch < self._sheet.bottom:
            self._turn()
        self._top -= how.pitch
        foot = self._top + how.pitch * _BASELINE
        if how.dotted and first:
            self._canvas.setFillColor(_colour(how.colour))
            middle = self._sheet.side + how.hang / 2, foot + how.size * 0.35
            self._canvas.circle(*middle, how.size * 0.1, stroke=0, fill=1)
        self._aligned(line, foot, how, how.first if first else 0.0, full=not last)

    def _aligned(self, line: str, foot: float, how: Setting, indent: float = 0.0, *, full: bool = False) -> None:
        """``line`` between the margins; where ``full``, moved apart to fill them."""
        left = self._sheet.side + how.hang + indent
        spare = self._sheet.width - how.hang - indent - _width(line, how.size, self._sheet.latin)
        if how.align is not Align.LEFT:
            left += spare / 2 if how.align is Align.CENTER else spare
        spread = spare / max(1, len(line) - 1)
        # A line cut short by a long word would be pulled apart.
        full = full and not self._sheet.latin and how.align is Align.LEFT and spread <= _MOST_SPREAD * how.size
        self._text(left, foot, line, how, bold=how.bold, spread=spread if full else 0.0)

    def _text(self, left: float, foot: float, text: str, how: Setting, *, bold: bool, spread: float = 0.0) -> None:
        self._canvas.saveState()
        self._canvas.setLineWidth(how.size * _BOLD)
        drawn = self._canvas.beginText(left, foot)
        drawn.setFillColor(_colour(how.colour))
        drawn.setStrokeColor(_colour(how.colour))
        drawn.setTextRenderMode(2 if bold else 0)
        drawn.setCharSpace(spread)
        for font, run in _runs(text, self._sheet.latin):
            drawn.setFont(font, how.size)
            drawn.textOut(run)
        self._canvas.drawText(drawn)
        self._canvas.restoreState()

    def _rule(self, height: float, colour: str, thick: float) -> None:
        self._canvas.setStrokeColor(_colour(colour))
        self._canvas.setLineWidth(thick)
        self._canvas.line(self._sheet.side, height, layout.PAGE_WIDTH - self._sheet.side, height)

    def _table(self, table: Table) -> None:
        head, *rows = self._cells(table)
        self._row(head, table, head=True)
        under_head = self._top
        for cells in rows:
            while any(cells):
                room = int((self._top - self._sheet.bottom - 2 * _CELL_ROOM) / self._sheet.cell.pitch)
                longest = max(map(len, cells))
                if longest > room and self._top != under_head:
                    self._turn()
                    self._row(head, table, head=True)
                    under_head = self._top
                    continue
                # A row higher than a page goes on under the head of the next.
                taken = max(1, min(longest, room))
                self._row([cell[:taken] for cell in cells], table)
                cells = [cell[taken:] for cell in cells]
        self._top -= _AFTER_TABLE

    def _cells(self, table: Table) -> list[list[list[str]]]:
        """The lines of each cell of each row, the head first."""
        widths = [self._sheet.width * share - 2 * _CELL_SIDE for share in table.shares]
        how = self._sheet.cell
        return [
            [self._lines(words, how, width) for words, width in zip(row, widths, strict=True)]
            for row in (table.head, *table.rows)
        ]

    def _row_height(self, cells: Sequence[Sequence[str]]) -> float:
        return 2 * _CELL_ROOM + self._sheet.cell.pitch * max(map(len, cells))

    def _row(self, cells: Sequence[Sequence[str]], table: Table, *, head: bool = False) -> None:
        how, left = self._sheet.cell, self._sheet.side
        high = self._row_height(cells)
        self._top -= high
        for column, (lines, share) in enumerate(zip(cells, table.shares, strict=True)):
            self._canvas.setLineWidth(0.5)
            self._canvas.setStrokeColor(_colour(_GRID))
            self._canvas.setFillColor(_colour(_HEAD_FILL))
            self._canvas.rect(left, self._top, self._sheet.width * share, high, stroke=1, fill=int(head))
            for place, line in enumerate(lines, 1):
                foot = self._top + high - _CELL_ROOM - how.pitch * (place - _BASELINE)
                self._text(left + _CELL_SIDE, foot, line, how, bold=head or column == table.strong)
            left += self._sheet.width * share


@functools.cache
def _colour(digits: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(f"#{digits}")


@functools.cache
def _load_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in _FONT_FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / file)))
    pdfmetrics.registerFont(UnicodeCIDFont(_READERS_FONT))


def _runs(text: str, latin: bool) -> Iterator[tuple[str, str]]:
    """Stretches of ``text`` with the font that draws them."""
    run, font = "", _FONT
    for each in text:
        wanted, character = _drawn(each, latin)
        if run and wanted != font:
            yield font, run
            run = ""
        font, run = wanted, run + character
    if run:
        yield font, run


@functools.lru_cache(maxsize=16_384)
def _drawn(character: str, latin: bool) -> tuple[str, str]:
    """The font that has ``character``, and what is drawn for it."""
    # Marks that both fonts have are Chinese ones in a Chinese text.
    prefers_latin = latin or character.isascii() or character.isalpha()
    fonts = (_LATIN_FONT, _FONT) if prefers_latin else (_FONT, _LATIN_FONT)
    for font in fonts:
        if _has(font, character):
            return font, character
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        _LOGGER.warning("no font for the character U+%04X", ord(character))
        return _FONT, _UNDRAWN
    return _READERS_FONT, character


def _has(font: str, character: str) -> bool:
    from reportlab.pdfbase import pdfmetrics

    return ord(character) in pdfmetrics.getFont(font).face.charToGlyph


def _width(text: str, size: float, latin: bool) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(run, font, size) for font, run in _runs(text, latin)))
