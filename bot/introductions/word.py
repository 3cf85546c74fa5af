"""A draft as .docx that opens well in Word and WPS: A4, Chinese fonts named for East Asian text."""

from __future__ import annotations

import io
from typing import Any

from bot.errors import ConsentError
from bot.introductions.records import Block, BlockKind, Form, Introduction

_BODY_FONT, _HEAD_FONT, _LATIN_FONT = "宋体", "黑体", "Times New Roman"
#: Sizes in points: 小二, 四号 and 小四 of Chinese office practice.
_TITLE_SIZE, _HEADING_SIZE, _BODY_SIZE = 18, 14, 12
#: A summary has to fit one page: 五号, and tighter lines.
_SMALL_SIZE, _TIGHT, _OPEN = 10.5, 1.0, 1.25
#: Room to sign.
_RULE = "＿" * 8
#: Two characters of body text.
_INDENT = 2 * _BODY_SIZE
_MARGIN_CM, _SUMMARY_EDGE_CM = 2.54, 1.8


def to_docx(introduction: Introduction) -> bytes:
    """The file's bytes. Raises :class:`ConsentError` for a blocked draft."""
    if introduction.blocked is not None:
        raise ConsentError("这份引荐还不能导出", value=introduction.blocked, remedy="先补齐双方同意")
    from docx import Document
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(_MARGIN_CM)
    edge = _SUMMARY_EDGE_CM if introduction.form is Form.SUMMARY else _MARGIN_CM
    section.top_margin = section.bottom_margin = Cm(edge)
    _set_styles(document, introduction.form)
    document.core_properties.title = introduction.form.label
    document.core_properties.author = ""
    _drop_template_traces(document)
    for block in introduction.blocks:
        _add(document, block)
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


def _set_styles(document: Any, form: Form) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    one_page = form is Form.SUMMARY
    body, spacing = (_SMALL_SIZE, _TIGHT) if one_page else (_BODY_SIZE, _OPEN)
    styles = (
        ("Normal", _BODY_FONT, body, False),
        ("Title", _HEAD_FONT, _TITLE_SIZE, True),
        ("Heading 1", _HEAD_FONT, _HEADING_SIZE, True),
        ("List Bullet", _BODY_FONT, body, False),
    )
    for name, font, size, bold in styles:
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = _LATIN_FONT, Pt(size), bold
        style.font.color.rgb = RGBColor(0, 0, 0)
        _name_east_asian(style.element.get_or_add_rPr(), font)
        style.paragraph_format.line_spacing = spacing
        style.paragraph_format.space_after = Pt(0 if name != "Title" else _TITLE_SIZE)
        if name == "Heading 1":
            style.paragraph_format.space_before = Pt(_SMALL_SIZE if one_page else _BODY_SIZE)
        # The default template rules a coloured line under titles.
        for border in style.element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
            break


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


def _add(document: Any, block: Block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    text = "".join(character for character in block.text if character == "\n" or character >= " ")
    if block.kind is BlockKind.TITLE:
        document.add_paragraph(text, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif block.kind is BlockKind.HEADING:
        document.add_paragraph(text, style="Heading 1")
    elif block.kind is BlockKind.ITEM:
        document.add_paragraph(text, style="List Bullet")
    elif block.kind is BlockKind.SIGNATURE:
        paragraph = document.add_paragraph(f"{text}{_RULE}" if text.endswith("：") else text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_before = Pt(_BODY_SIZE)
    elif block.kind is BlockKind.SUBJECT:
        document.add_paragraph(f"主题：{text}").runs[0].bold = True
    else:
        paragraph = document.add_paragraph(text)
        # A salutation stands at the margin, running text is indented by two characters.
        if not text.endswith("："):
            paragraph.paragraph_format.first_line_indent = Pt(_INDENT)
