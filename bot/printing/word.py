"""Blocks as .docx that opens well in Word and WPS: A4, Chinese fonts named for East Asian text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from bot.printing import layout
from bot.printing.blocks import Block, BlockKind, Piece, Table
from bot.printing.layout import Align, Rule, Setting, Sheet

_BODY_FONT, _HEAD_FONT, _LATIN_FONT = "宋体", "黑体", "Times New Roman"
_HEAD_FILL = "EDEFF3"
#: Above and below the words of a cell, and the line that parts a table from what follows.
_CELL_ROOM, _AFTER_TABLE = 2.0, 6.0
_BEFORE_BORDERS = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr")
_STYLES = {
    BlockKind.LETTERHEAD: "Header",
    BlockKind.TITLE: "Title",
    BlockKind.HEADING: "Heading 1",
    BlockKind.SUBHEADING: "Heading 2",
    BlockKind.ITEM: "List Bullet",
}


def to_docx(pieces: Sequence[Piece], title: str, sheet: Sheet) -> bytes:
    """The file's bytes; ``title`` stands in its properties."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Pt(layout.PAGE_WIDTH), Pt(layout.PAGE_HEIGHT)
    section.left_margin = section.right_margin = Pt(sheet.side)
    section.top_margin, section.bottom_margin = Pt(sheet.top), Pt(sheet.bottom)
    section.header_distance = section.footer_distance = Pt(sheet.bottom / 2)
    if sheet.numbered:
        _number(section.footer.paragraphs[0])
    _set_styles(document, sheet)
    document.core_properties.title = layout.printable(title)
    _drop_template_traces(document)
    before: BlockKind | None = None
    for piece in pieces:
        if isinstance(piece, Table):
            _add_table(document, piece, sheet)
            before = None
        else:
            _add(document, piece, before, sheet)
            before = piece.kind
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _drop_template_traces(document: Any) -> None:
    """Leave out what the blank template brings along: a picture, another program's name, an old date."""
    from datetime import UTC, datetime

    properties = document.core_properties
    properties.author = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    for relations in (document.part.package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/extended-properties", "/customXml")):
                relations.pop(key)


def _set_styles(document: Any, sheet: Sheet) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for kind, name in ((None, "Normal"), *_STYLES.items()):
        how = sheet.plain if kind is None else sheet.setting(kind)
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = (
            _LATIN_FONT,
            Pt(how.size),
            how.bold,
            False,
        )
        style.font.color.rgb = RGBColor.from_string(how.colour)
        _name_east_asian(style.element.get_or_add_rPr(), _HEAD_FONT if how.heads else _BODY_FONT)
        spacing = style.paragraph_format
        spacing.line_spacing = Pt(how.pitch)
        spacing.space_before, spacing.space_after = Pt(how.before), Pt(how.after)
        spacing.widow_control = False
        if how.hang:
            spacing.left_indent, spacing.first_line_indent = Pt(how.hang), Pt(-how.hang)
        # The default template rules a coloured line under titles.
        for border in list(style.element.iter(qn("w:pBdr"))):
            border.getparent().remove(border)


def _name_east_asian(properties: Any, font: str) -> None:
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    # Theme fonts win over named ones and are Latin in the default template.
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for attribute, value in (("ascii", _LATIN_FONT), ("hAnsi", _LATIN_FONT), ("eastAsia", font)):
        fonts.set(qn(f"w:{attribute}"), value)
    # Without a language, punctuation is drawn in the traditional form, centred.
    language = properties.find(qn("w:lang"))
    if language is None:
        language = properties.makeelement(qn("w:lang"), {})
        properties.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _add(document: Any, block: Block, before: BlockKind | None, sheet: Sheet) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    how = sheet.setting(block.kind)
    paragraph = document.add_paragraph(style=_STYLES.get(block.kind, "Normal"))
    shape = paragraph.paragraph_format
    shape.space_before = Pt(layout.room_before(how, block.kind, before))
    shape.space_after, shape.line_spacing = Pt(how.after), Pt(how.pitch)
    shape.keep_with_next = how.heads or how.keeps
    if how.align is not Align.LEFT:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if how.align is Align.CENTER else WD_ALIGN_PARAGRAPH.RIGHT
    if how.first:
        shape.first_line_indent = Pt(how.first)
    run = paragraph.add_run(layout.printable(block.text))
    run.font.size, run.bold = Pt(how.size), how.bold
    run.font.color.rgb = RGBColor.from_string(how.colour)
    if how.rule and not (how.rule.above and block.kind is before):
        _rule(paragraph, how.rule)


def _rule(paragraph: Any, rule: Rule) -> None:
    from docx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    borders = properties.makeelement(qn("w:pBdr"), {})
    values = {"val": "single", "sz": str(round(8 * rule.thick)), "space": "4", "color": rule.colour}
    edge = "w:top" if rule.above else "w:bottom"
    borders.append(borders.makeelement(qn(edge), {qn(f"w:{name}"): value for name, value in values.items()}))
    # The schema wants borders before spacing and alignment.
    before = {qn(f"w:{name}") for name in _BEFORE_BORDERS}
    place = next((n for n, child in enumerate(properties) if child.tag not in before), len(properties))
    properties.insert(place, borders)


def _add_table(document: Any, piece: Table, sheet: Sheet) -> None:
    from docx.shared import Pt

    table = document.add_table(rows=1 + len(piece.rows), cols=len(piece.head))
    table.style, table.autofit = "Table Grid", False
    for column, share in zip(table.columns, piece.shares, strict=True):
        column.width = Pt(sheet.width * share)
    for place, (row, words) in enumerate(zip(table.rows, (piece.head, *piece.rows), strict=True)):
        _keep_whole(row, head=not place)
        for column, (cell, written) in enumerate(zip(row.cells, words, strict=True)):
            cell.width = Pt(sheet.width * piece.shares[column])
            _write_cell(cell, written, sheet.cell, bold=not place or column == piece.strong)
            if not place:
                _fill(cell)
    after = document.add_paragraph().paragraph_format
    after.space_before = after.space_after = Pt(0)
    after.line_spacing = Pt(_AFTER_TABLE)


def _write_cell(cell: Any, words: str, how: Setting, *, bold: bool) -> None:
    from docx.shared import Pt

    shape = cell.paragraphs[0].paragraph_format
    shape.space_before = shape.space_after = Pt(_CELL_ROOM)
    shape.line_spacing = Pt(how.pitch)
    run = cell.paragraphs[0].add_run(layout.printable(words))
    run.font.size, run.bold = Pt(how.size), bold


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


def _number(paragraph: Any) -> None:
    """The page number, as a field that Word counts."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
