"""Exchanges as a file to pass on: question, answer, what qualifies it, and the numbered evidence with its source."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.errors import UsageError
from bot.types import Citation, Document
from bot.web.conversation import KeptExchange
from bot.web.copying import PartKind, answer_parts
from bot.web.evidence import gather
from bot.web.texts import Texts
from bot.web.views.reply import Download

LONGEST_TITLE = 60
"""Characters of a conversation's title in the file and in its name."""

_BODY_FONT, _HEAD_FONT, _LATIN_FONT = "宋体", "黑体", "Times New Roman"
#: Sizes in points: 小二, 四号 and 小四 of Chinese office practice, 五号 for what stands below.
_TITLE_SIZE, _HEADING_SIZE, _BODY_SIZE, _SMALL_SIZE = 18, 14, 12, 10.5
_LINES = 1.25


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file; ``style`` names one of the document's styles."""

    text: str
    style: str = "Normal"


def exported_lines(
    title: str, exchanges: Sequence[KeptExchange], open_document: Callable[[str], Document], today: date, texts: Texts
) -> list[Line]:
    """The lines of a file with ``exchanges``; a quote that no longer stands in its document is told as such."""
    lines = [
        Line(title[:LONGEST_TITLE], "Title"),
        Line(texts.kept.exported_on.format(today.isoformat()), "Caption"),
        Line(texts.kept.exported_hint, "Caption"),
    ]
    for exchange in exchanges:
        lines += _exchange_lines(exchange, open_document, texts)
    return lines


def _exchange_lines(exchange: KeptExchange, open_document: Callable[[str], Document], texts: Texts) -> list[Line]:
    lines = [Line(exchange.question, "Heading 1")]
    answer = exchange.answer
    if answer is None:
        return [*lines, Line(exchange.problem or texts.no_answer)]
    if answer.standalone_question.strip() not in ("", answer.question.strip()):
        lines.append(Line(texts.understood_as.format(answer.standalone_question), "Caption"))
    for part in answer_parts(answer, texts):
        if part.kind is PartKind.QUESTION:
            continue
        if part.heading:
            lines.append(Line(part.heading, "Heading 2"))
        style = "Caption" if part.kind is PartKind.EVIDENCE else "Normal"
        lines += [Line(line, style) for written in part.lines for line in written.split("\n") if line.strip()]
    changed = [each.citation for each in gather(answer.citations, open_document) if each.passage is None]
    return lines + [Line(_changed(each, texts), "Caption") for each in changed]


def _changed(citation: Citation, texts: Texts) -> str:
    return f"[{citation.marker}] {texts.kept.evidence_changed_since}"


def to_docx(lines: Sequence[Line]) -> bytes:
    """The lines as a .docx that opens well in Word and WPS: A4, Chinese fonts named for East Asian text."""
    from docx import Document as WordDocument
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document = WordDocument()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.54)
    _set_styles(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = lines[0].text, "", ""
    properties.created = properties.modified = datetime.now()
    for line in lines:
        # Word refuses control characters.
        text = "".join(character for character in line.text if character == "\t" or character >= " ")
        paragraph = document.add_paragraph(text, style=line.style)
        if line.style == "Title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_styles(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles = (
        ("Normal", _BODY_FONT, _BODY_SIZE, False),
        ("Title", _HEAD_FONT, _TITLE_SIZE, True),
        ("Heading 1", _HEAD_FONT, _HEADING_SIZE, True),
        ("Heading 2", _HEAD_FONT, _BODY_SIZE, True),
        ("Caption", _BODY_FONT, _SMALL_SIZE, False),
    )
    for name, font, size, bold in styles:
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = _LATIN_FONT, Pt(size), bold
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.line_spacing = _LINES
        style.paragraph_format.space_after = Pt(2)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # Theme fonts win over named ones and are Latin in the default template.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        for attribute, value in (("ascii", _LATIN_FONT), ("hAnsi", _LATIN_FONT), ("eastAsia", font)):
            fonts.set(qn(f"w:{attribute}"), value)
        # The default template rules a coloured line under titles.
        for border in list(style.element.iter(qn("w:pBdr"))):
            border.getparent().remove(border)


def to_pdf(lines: Sequence[Line]) -> bytes:
    """The lines as a .pdf."""
    raise UsageError("还不能导出 PDF", remedy="用浏览器的打印，存为 PDF")


def exported_file(
    suffix: str,
    title: str,
    exchanges: Sequence[KeptExchange],
    open_document: Callable[[str], Document],
    today: date,
    texts: Texts,
) -> Download:
    """The file of that kind. Raises :class:`UsageError` for a kind there is not."""
    writers = {"docx": to_docx, "pdf": to_pdf}
    if suffix not in writers:
        raise UsageError("没有这种文件", value=suffix[:10], remedy="可选：docx、pdf")
    title = " ".join(title.split())[:LONGEST_TITLE] or exchanges[0].question[:LONGEST_TITLE]
    lines = exported_lines(title, exchanges, open_document, today, texts)
    name = "".join("_" if character in '\\/:*?"<>|' else character for character in title)
    return Download(f"{name}.{suffix}", writers[suffix](lines))
