"""Word documents (.docx): paragraphs and tables in reading order."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.formats.numbering import ListNumbering
from bot.documents.furniture import is_page_number
from bot.documents.paragraphs import Extract, Paragraph
from bot.documents.tables import render_rows
from bot.errors import DocumentError

#: What a .docx may unpack to; more is an archive made to fill the memory.
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s?([1-6])$", re.IGNORECASE)
_TITLE_STYLES = frozenset({"title", "标题"})
_DAMAGED = "用 Word 打开后另存一份"


def read_docx(data: bytes) -> Extract:
    """Paragraphs with their list numbers, tables one line a row with the headers, in reading order.

    Deleted text of tracked changes is left out, inserted text kept. Raises :class:`DocumentError` for
    encrypted, old-format and damaged files.
    """
    document = _open(data)
    numbering = ListNumbering(document)
    paragraphs = list(_paragraphs(document, numbering))
    title = tidy_blanks(str(document.core_properties.title or ""))
    return Extract(tuple(paragraphs), title=title or None)


def _open(data: bytes) -> Any:
    if data.startswith(_OLE_MAGIC):
        raise DocumentError("文件有密码，或是旧版 .doc 格式", remedy="去掉密码，用 Word 另存为 .docx")
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise DocumentError("docx 解开后太大", value=f"{unpacked // 1024**2} MB", remedy="去掉图片和附件后另存")
        return docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError, OSError, EOFError) as error:
        raise DocumentError("docx 已损坏或不是 docx", tried=_first_line(error), remedy=_DAMAGED) from None
    except (NotImplementedError, RuntimeError, AttributeError) as error:
        # What zipfile and the parser raise for encrypted or odd members.
        raise DocumentError("docx 读不了", tried=_first_line(error), remedy=_DAMAGED) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _paragraphs(document: Any, numbering: ListNumbering) -> Iterator[Paragraph]:
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in render_rows(_rows(item)):
                yield Paragraph(row)
            continue
        text = tidy_blanks(fold_characters(_text(item._p)))
        if not text or is_page_number(text):
            continue
        number = numbering.next_label(item._p, item.style)
        for index, line in enumerate(_lines(item._p)):
            yield Paragraph(f"{number}{line}" if index == 0 else line, _level(item))


def _lines(element: Any) -> list[str]:
    """A paragraph's text; a manual line break starts a new one."""
    pieces = (tidy_blanks(fold_characters(piece)) for piece in _text(element).split("\n"))
    return [piece for piece in pieces if piece]


def _text(element: Any) -> str:
    """All text below a paragraph, tracked insertions, links and fields included."""
    from docx.oxml.ns import qn

    parts: list[str] = []
    text, tab, line_break, carriage = (qn(f"w:{name}") for name in ("t", "tab", "br", "cr"))
    for node in element.iter(text, tab, line_break, carriage):
        if node.tag == text:
            parts.append(node.text or "")
        elif node.tag == tab:
            parts.append("" if node.getparent().tag == qn("w:tabs") else "\t")
        else:
            parts.append("\n")
    return "".join(parts)


def _level(paragraph: Any) -> int | None:
    style = paragraph.style
    name = (style.name or "").strip() if style is not None else ""
    if name.lower() in _TITLE_STYLES:
        return 1
    match = _HEADING_STYLE.match(name)
    return int(match.group(1)) if match else None


def _rows(table: Any) -> list[list[str]]:
    """Cell texts by row; a merged cell is repeated in every place it covers."""
    rows: list[list[str]] = []
    for row in table.rows:
        cells = [_cell_text(cell) for cell in row.cells]
        rows.append([""] * row.grid_cols_before + cells)
    return rows


def _cell_text(cell: Any) -> str:
    return tidy_blanks(fold_characters(" ".join(_text(paragraph) for paragraph in cell._tc.iter(_paragraph_tag()))))


def _paragraph_tag() -> str:
    from docx.oxml.ns import qn

    return str(qn("w:p"))
