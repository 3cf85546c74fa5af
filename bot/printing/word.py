"""A report as .docx that opens well in Word and WPS: A4, Chinese fonts named for East Asian text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from bot.printing.paper import Paragraph, Piece, Style, Table

_BODY_FONT, _HEAD_FONT, _LATIN_FONT = "宋体", "黑体", "Times New Roman"
_MARGIN_CM, _WIDTH_CM = 2.2, 16.6
#: (built-in style, size in points, heading font, room before, room after).
_STYLES = {
    Style.TITLE: ("Title", 18, True, 0, 6),
    Style.HEADING: ("Heading 1", 14, True, 14, 4),
    Style.PROGRAMME: ("Heading 2", 12, True, 10, 2),
    Style.VERDICT: ("Normal", 10.5, False, 0, 2),
    Style.TEXT: ("Normal", 10.5, False, 0, 4),
    Style.NOTE: ("Normal", 10.5, False, 0, 4),
    Style.ITEM: ("List Bullet", 10.5, False, 0, 2),
}
_HEAD_FILL = "EDEFF3"


def to_docx(pieces: Sequence[Piece]) -> bytes:
    """The file's bytes."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    _set_styles(document)
    for piece in pieces:
        if isinstance(piece, Table):
            _add_table(document, piece)
        else:
            _add_paragraph(document, piece)
    properties = document.core_properties
    properties.title = next((each.text for each in pieces if isinstance(each, Paragraph)), "")
    properties.author = properties.comments = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_styles(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size, heading, _, _ in _STYLES.values():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = _LATIN_FONT, Pt(size), heading, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # Theme fonts win over named ones and are Latin in the default template.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        fonts.set(qn("w:eastAsia"), _HEAD_FONT if heading else _BODY_FONT)
        # The default template rules a coloured line under titles.
        for border in list(style.element.iter(qn("w:pBdr"))):
            border.getparent().remove(border)


def _add_paragraph(document: Any, piece: Paragraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    style, _, heading, before, after = _STYLES[piece.style]
    paragraph = document.add_paragraph(printable(piece.text), style=style)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    paragraph.paragraph_format.keep_with_next = heading or piece.style is Style.VERDICT
    if piece.style is Style.TITLE:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in paragraph.runs:
        run.bold = heading or piece.style is Style.VERDICT
        if piece.style is Style.NOTE:
            run.font.color.rgb = RGBColor(0x55, 0x55, 0x55)


def _add_table(document: Any, piece: Table) -> None:
    from docx.shared import Cm, Pt

    table = document.add_table(rows=1 + len(piece.rows), cols=len(piece.head))
    table.style, table.autofit = "Table Grid", False
    for column, share in zip(table.columns, piece.shares, strict=True):
        column.width = Cm(_WIDTH_CM * share)
    for place, row in enumerate((piece.head, *piece.rows)):
        _keep_whole(table.rows[place], head=not place)
        for column, words in enumerate(row):
            cell = table.cell(place, column)
            cell.width = Cm(_WIDTH_CM * piece.shares[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(printable(words))
            run.font.size = Pt(10)
            run.bold = not place or column == piece.strong
            if not place:
                _fill(cell)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _keep_whole(row: Any, *, head: bool) -> None:
    """A row is not broken over pages, and a head is repeated on the next."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _fill(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _HEAD_FILL)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def printable(text: str) -> str:
    """``text`` without control characters, which no document may hold."""
    return "".join(character for character in text if character == "\n" or character >= " ")
