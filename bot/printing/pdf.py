"""A report as .pdf, set like the .docx, with the Chinese font of the letters embedded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from bot.introductions.pdf import FONT_FILE
from bot.printing.paper import Paragraph, Piece, Style, Table
from bot.printing.word import printable

_FONT, _READERS_FONT = "ReportSerifSC", "STSong-Light"
_UNDRAWN = "〓"
_PAGE = (595.28, 841.89)
_MARGIN = 62.0
#: What a frame keeps free on each side.
_PADDING = 6.0
#: Size, line pitch, room before and after, in points.
_SETTINGS = {
    Style.TITLE: (18, 26, 0, 8),
    Style.HEADING: (14, 20, 14, 4),
    Style.PROGRAMME: (12, 18, 8, 2),
    Style.VERDICT: (10.5, 16, 0, 2),
    Style.TEXT: (10.5, 16, 0, 4),
    Style.NOTE: (10.5, 16, 0, 4),
    Style.ITEM: (10.5, 16, 0, 2),
}
_CELL = (9.5, 14)
_COLOURS = {Style.NOTE: "#555555", Style.HEADING: "#1F3A93", Style.VERDICT: "#1F3A93"}
_STRONG = frozenset({Style.TITLE, Style.HEADING, Style.PROGRAMME, Style.VERDICT})


def to_pdf(pieces: Sequence[Piece]) -> bytes:
    """The file's bytes, with the page number at the foot of each page."""
    from reportlab.platypus import SimpleDocTemplate

    _load_fonts()
    buffer = io.BytesIO()
    title = next((each.text for each in pieces if isinstance(each, Paragraph)), "")
    template = SimpleDocTemplate(
        buffer,
        pagesize=_PAGE,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        author="",
        invariant=1,
    )
    flow = [_table(each) if isinstance(each, Table) else _paragraph(each) for each in pieces]
    template.build(flow, onFirstPage=_number, onLaterPages=_number)
    return buffer.getvalue()


def _number(canvas: Any, template: Any) -> None:
    canvas.setFont(_FONT, 9)
    canvas.drawCentredString(_PAGE[0] / 2, _MARGIN / 2, str(template.page))


def _paragraph(piece: Paragraph) -> Any:
    from reportlab.platypus import Paragraph as Flowing

    text = _marked(piece.text)
    bullet = "•" if piece.style is Style.ITEM else None
    return Flowing(text, _style(piece.style), bulletText=bullet)


def _table(piece: Table) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Paragraph as Flowing
    from reportlab.platypus import Table as FlowingTable
    from reportlab.platypus import TableStyle

    width = _PAGE[0] - 2 * _MARGIN - 2 * _PADDING
    head = [Flowing(_marked(words), _cell(strong=False)) for words in piece.head]
    rows = [
        [Flowing(_marked(words), _cell(strong=column == piece.strong)) for column, words in enumerate(row)]
        for row in piece.rows
    ]
    return FlowingTable(
        [head, *rows],
        colWidths=[width * share for share in piece.shares],
        repeatRows=1,
        spaceAfter=6,
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, HexColor("#888888")),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor("#EDEFF3")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        ),
    )


@cache
def _style(style: Style) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_CENTER, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle

    size, pitch, before, after = _SETTINGS[style]
    return ParagraphStyle(
        style.value,
        fontName=_FONT,
        fontSize=size,
        leading=pitch,
        spaceBefore=before,
        spaceAfter=after,
        wordWrap="CJK",
        alignment=TA_CENTER if style is Style.TITLE else TA_LEFT,
        leftIndent=14 if style is Style.ITEM else 0,
        textColor=HexColor(_COLOURS.get(style, "#000000")),
        keepWithNext=style in _STRONG,
    )


@cache
def _cell(*, strong: bool) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    size, pitch = _CELL
    colour = HexColor("#1F3A93" if strong else "#000000")
    return ParagraphStyle(
        "strong cell" if strong else "cell",
        fontName=_FONT,
        fontSize=size,
        leading=pitch,
        wordWrap="CJK",
        textColor=colour,
    )


@cache
def _load_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(_FONT, str(FONT_FILE)))
    pdfmetrics.registerFont(UnicodeCIDFont(_READERS_FONT))


def _marked(text: str) -> str:
    """``text`` as markup, with what the font lacks set in the reader's own Song font."""
    return "".join(_drawn(character) for character in printable(text))


def _drawn(character: str) -> str:
    from reportlab.pdfbase import pdfmetrics

    if character == "\n":
        return "<br/>"
    if ord(character) in pdfmetrics.getFont(_FONT).face.charToGlyph:
        return escape(character)
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return _UNDRAWN
    return f'<font name="{_READERS_FONT}">{escape(character)}</font>'
