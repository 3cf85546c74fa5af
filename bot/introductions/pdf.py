"""A draft as .pdf, drawn here without any other program, its Chinese font embedded (``fonts/README.md``).

Set as the .docx is; letters in English in the Times that every reader has. A character that the font lacks is drawn
in the reader's own Song font, and as 〓 where that cannot have it either.
"""

from __future__ import annotations

import functools
import io
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.errors import ConsentError
from bot.introductions import layout
from bot.introductions.layout import Setting
from bot.introductions.records import Block, BlockKind, Introduction, Language

_LOGGER = logging.getLogger(__name__)

FONT_FILE = Path(__file__).resolve().parent / "fonts" / "letters-serif-sc.ttf"
_FONT, _READERS_FONT, _LATIN_FONT = "LettersSerifSC", "STSong-Light", "Times-Roman"
#: Stands where no font has a character, as in print.
_UNDRAWN = "〓"
#: Chinese characters sit this far above the foot of their line, in parts of the pitch.
_BASELINE = 0.28
#: Strokes are drawn a little wider for bold, in parts of the size.
_BOLD = 0.03
#: The most that characters are moved apart to fill a line, in parts of the size.
_MOST_SPREAD = 0.08
_GREY = 0.5


def to_pdf(introduction: Introduction) -> bytes:
    """The file's bytes. Raises :class:`ConsentError` for a blocked draft."""
    if introduction.blocked is not None:
        raise ConsentError("这份引荐还不能导出", value=introduction.blocked, remedy="先补齐双方同意")
    titles = (block.text for block in introduction.blocks if block.kind is BlockKind.TITLE)
    latin = introduction.language is Language.ENGLISH
    return blocks_to_pdf(introduction.blocks, next(titles, introduction.form.label), latin=latin)


def blocks_to_pdf(blocks: Sequence[Block], title: str, *, latin: bool = False) -> bytes:
    """Any blocks as the bytes of a file with that title in its properties."""
    from reportlab.pdfgen.canvas import Canvas

    _load_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(layout.PAGE_WIDTH, layout.PAGE_HEIGHT), invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setCreator("")
    step = layout.step_that_fits(blocks, latin=latin)
    page = _Page(canvas, latin=latin)
    for place, block in enumerate(blocks):
        page.draw(block, blocks[place - 1].kind if place else None, step)
    canvas.save()
    return buffer.getvalue()


class _Page:
    """Draws blocks from the top down, on another page where one is full."""

    def __init__(self, canvas: Any, *, latin: bool) -> None:
        self._canvas, self._latin = canvas, latin
        self._top = layout.PAGE_HEIGHT - layout.MARGIN_TOP

    def draw(self, block: Block, before: BlockKind | None, step: int) -> None:
        how = layout.setting(block.kind, step, latin=self._latin)
        text = block.text
        if block.kind is BlockKind.SUBJECT:
            text = f"{'Subject: ' if self._latin else '主题：'}{text}"
        if block.kind is BlockKind.SIGNATURE and text.endswith("："):
            text += "＿" * 8
        first_signature = block.kind is BlockKind.SIGNATURE and before is not BlockKind.SIGNATURE
        before_block = 0.0 if block.kind is before else how.before
        self._top -= layout.SIZES[step][1] / 2 if first_signature else before_block
        if block.kind is BlockKind.CONTACT and before is not BlockKind.CONTACT:
            self._rule(self._top + 2.0, _GREY, 0.5)
        lines = layout.broken(text, how, lambda part: _width(part, how.size, self._latin))
        for place, line in enumerate(lines):
            self._line(line, block, how, first=not place, last=place == len(lines) - 1)
        if block.kind is BlockKind.LETTERHEAD:
            self._rule(self._top - 2.0, None, 1.5)
        self._top -= how.after

    def _line(self, line: str, block: Block, how: Setting, *, first: bool, last: bool) -> None:
        if self._top - how.pitch < layout.MARGIN_BOTTOM:
            self._canvas.showPage()
            self._top = layout.PAGE_HEIGHT - layout.MARGIN_TOP
        self._top -= how.pitch
        foot = self._top + how.pitch * _BASELINE
        left = layout.MARGIN_SIDE + how.hang + (how.first if first else 0.0)
        room = how.width - (how.first if first else 0.0)
        wide = _width(line, how.size, self._latin)
        if block.kind in (BlockKind.LETTERHEAD, BlockKind.TITLE):
            left += (room - wide) / 2
        elif block.kind in (BlockKind.NUMBER, BlockKind.SIGNATURE):
            left += room - wide
        if block.kind is BlockKind.ITEM and first:
            self._canvas.setFillColorRGB(0, 0, 0)
            middle = layout.MARGIN_SIDE + how.hang / 2, foot + how.size * 0.35
            self._canvas.circle(*middle, how.size * 0.1, stroke=0, fill=1)
        spread = (room - wide) / max(1, len(line) - 1)
        # A line cut short by a long word would be pulled apart.
        full = not last and not self._latin and spread <= _MOST_SPREAD * how.size
        self._text(left, foot, line, how, block.kind, spread if full else 0.0)

    def _text(self, left: float, foot: float, text: str, how: Setting, kind: BlockKind, spread: float) -> None:
        drawn = self._canvas.beginText(left, foot)
        colour = layout.RED if kind is BlockKind.LETTERHEAD else (0.0, 0.0, 0.0)
        drawn.setFillColorRGB(*colour)
        drawn.setStrokeColorRGB(*colour)
        bold = how.bold or kind is BlockKind.SUBJECT
        self._canvas.saveState()
        self._canvas.setLineWidth(how.size * _BOLD)
        drawn.setTextRenderMode(2 if bold else 0)
        drawn.setCharSpace(spread)
        for font, run in _runs(text, self._latin):
            drawn.setFont(font, how.size)
            drawn.textOut(run)
        self._canvas.drawText(drawn)
        self._canvas.restoreState()

    def _rule(self, height: float, grey: float | None, thick: float) -> None:
        self._canvas.setStrokeColorRGB(*(layout.RED if grey is None else (grey, grey, grey)))
        self._canvas.setLineWidth(thick)
        self._canvas.line(layout.MARGIN_SIDE, height, layout.PAGE_WIDTH - layout.MARGIN_SIDE, height)


@functools.cache
def _load_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(_FONT, str(FONT_FILE)))
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
    from reportlab.pdfbase import pdfmetrics

    if latin and _encodes(character, "cp1252"):
        return _LATIN_FONT, character
    if ord(character) in pdfmetrics.getFont(_FONT).face.charToGlyph:
        return _FONT, character
    if _encodes(character, "gbk"):
        return _READERS_FONT, character
    _LOGGER.warning("no font for the character U+%04X", ord(character))
    return _FONT, _UNDRAWN


def _encodes(character: str, encoding: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False


def _width(text: str, size: float, latin: bool) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(run, font, size) for font, run in _runs(text, latin)))
