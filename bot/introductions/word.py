"""A draft as .docx that opens well in Word and WPS: A4, Chinese fonts named for East Asian text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from bot.errors import ConsentError
from bot.introductions import layout
from bot.introductions.records import Block, BlockKind, Introduction, Language

_BODY_FONT, _HEAD_FONT, _LATIN_FONT = "宋体", "黑体", "Times New Roman"
#: Room to sign.
_RULE = "＿" * 8
_BEFORE_BORDERS = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr")
_STYLES = {
    BlockKind.LETTERHEAD: "Header",
    BlockKind.TITLE: "Title",
    BlockKind.HEADING: "Heading 1",
    BlockKind.ITEM: "List Bullet",
}


def to_docx(introduction: Introduction) -> bytes:
    """The file's bytes. Raises :class:`ConsentError` for a blocked draft."""
    if introduction.blocked is not None:
        raise ConsentError("这份引荐还不能导出", value=introduction.blocked, remedy="先补齐双方同意")
    titles = (block.text for block in introduction.blocks if block.kind is BlockKind.TITLE)
    latin = introduction.language is Language.ENGLISH
    return blocks_to_docx(introduction.blocks, next(titles, introduction.form.label), latin=latin)


def blocks_to_docx(blocks: Sequence[Block], title: str, *, latin: bool = False) -> bytes:
    """Any blocks as the bytes of a file with that title in its properties."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Pt(layout.PAGE_WIDTH), Pt(layout.PAGE_HEIGHT)
    section.left_margin = section.right_margin = Pt(layout.MARGIN_SIDE)
    section.top_margin, section.bottom_margin = Pt(layout.MARGIN_TOP), Pt(layout.MARGIN_BOTTOM)
    section.header_distance = section.footer_distance = Pt(layout.MARGIN_BOTTOM / 2)
    step = layout.step_that_fits(blocks, latin=latin)
    _set_styles(document, step, latin=latin)
    document.core_properties.title = title
    document.core_properties.author = ""
    _drop_template_traces(document)
    for place, block in enumerate(blocks):
        _add(document, block, blocks[place - 1].kind if place else None, step, latin=latin)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _drop_template_traces(document: Any) -> None:
    """Leave out what the blank template brings along: a picture, another program's name, an old date."""
    from datetime import UTC, datetime

    properties = document.core_properties
    properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    for relations in (document.part.package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/extended-properties", "/customXml")):
                relations.pop(key)


def _set_styles(document: Any, step: int, *, latin: bool) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    kinds = {**_STYLES, BlockKind.PARAGRAPH: "Normal"}
    for kind, name in kinds.items():
        how = layout.setting(kind, step, latin=latin)
        style = document.styles[name]
        head = kind in (BlockKind.TITLE, BlockKind.HEADING)
        style.font.name, style.font.size, style.font.bold = _LATIN_FONT, Pt(how.size), how.bold
        red = RGBColor(*(round(255 * part) for part in layout.RED))
        style.font.color.rgb = red if kind is BlockKind.LETTERHEAD else RGBColor(0, 0, 0)
        _name_east_asian(style.element.get_or_add_rPr(), _HEAD_FONT if head else _BODY_FONT)
        spacing = style.paragraph_format
        spacing.line_spacing = Pt(how.pitch)
        spacing.space_before, spacing.space_after = Pt(how.before), Pt(how.after if name != "Normal" else 0)
        spacing.widow_control = False
        if kind is BlockKind.ITEM:
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


def _add(document: Any, block: Block, before: BlockKind | None, step: int, *, latin: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Pt

    how = layout.setting(block.kind, step, latin=latin)
    text = "".join(character for character in block.text if character == "\n" or character >= " ")
    if block.kind is BlockKind.SUBJECT:
        text = f"{'Subject: ' if latin else '主题：'}{text}"
    if block.kind is BlockKind.SIGNATURE and text.endswith("："):
        text += _RULE
    paragraph = document.add_paragraph(text, style=_STYLES.get(block.kind, "Normal"))
    shape = paragraph.paragraph_format
    if block.kind in (BlockKind.LETTERHEAD, BlockKind.TITLE):
        paragraph.alignment = ALIGN.CENTER
    elif block.kind in (BlockKind.NUMBER, BlockKind.SIGNATURE):
        paragraph.alignment = ALIGN.RIGHT
    elif block.kind is BlockKind.PARAGRAPH:
        shape.first_line_indent, shape.space_after = Pt(how.first), Pt(how.after)
    if block.kind is BlockKind.SIGNATURE and before is not BlockKind.SIGNATURE:
        shape.space_before = Pt(layout.SIZES[step][1] / 2)
    if block.kind is BlockKind.SUBJECT:
        paragraph.runs[0].bold = True
    if block.kind is BlockKind.LETTERHEAD:
        _rule(paragraph, "bottom", "C70000", 12)
    if block.kind is BlockKind.CONTACT:
        shape.space_before = Pt(0 if before is BlockKind.CONTACT else how.before)
        shape.line_spacing = Pt(how.pitch)
        paragraph.runs[0].font.size = Pt(how.size)
        if before is not BlockKind.CONTACT:
            _rule(paragraph, "top", "808080", 4)


def _rule(paragraph: Any, edge: str, colour: str, eighths: int) -> None:
    """A line above or below a paragraph, ``eighths`` of a point thick."""
    from docx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    borders = properties.makeelement(qn("w:pBdr"), {})
    values = {"val": "single", "sz": str(eighths), "space": "4", "color": colour}
    borders.append(borders.makeelement(qn(f"w:{edge}"), {qn(f"w:{name}"): value for name, value in values.items()}))
    # The schema wants borders before spacing and alignment.
    before = {qn(f"w:{name}") for name in _BEFORE_BORDERS}
    place = next((n for n, child in enumerate(properties) if child.tag not in before), len(properties))
    properties.insert(place, borders)
