"""One file of the corpus to a :class:`bot.types.Document`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.documents.corpus import MAX_FILE_BYTES, CorpusFile
from bot.documents.formats.docx import read_docx
from bot.documents.formats.html import read_html
from bot.documents.formats.markdown import read_markdown
from bot.documents.formats.pdf import read_pdf
from bot.documents.formats.plain import read_text
from bot.documents.metadata import read_metadata
from bot.documents.paragraphs import Extract, Paragraph
from bot.documents.structure import find_sections, text_lines
from bot.errors import DocumentError
from bot.types import Document

_READERS: dict[str, Callable[[bytes], Extract]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
_LETTER = re.compile(r"\w")


def load_document(file: CorpusFile) -> Document:
    r"""The document of ``file``: clean text (paragraphs parted by ``\n``), metadata and sections.

    Raises :class:`DocumentError` with reason and remedy for a file that is gone, empty, too large, no
    text, encrypted, damaged or scanned, and for front matter that cannot be used.
    """
    reader = _READERS.get(file.path.suffix.lower())
    if reader is None:
        raise DocumentError(
            "不支持的格式",
            value=file.path.suffix or file.id,
            remedy="转成 txt、md、html、docx 或带文字层的 pdf",
        )
    extract = reader(_bytes(file))
    paragraphs = _filled(extract.paragraphs)
    if not any(_LETTER.search(paragraph.text) for paragraph in paragraphs):
        raise DocumentError("文件里没有文字", value=file.id, remedy="补上正文；扫描件先做文字识别")
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    lines = text_lines(text, [paragraph.level for paragraph in paragraphs])
    metadata = read_metadata(lines, extract)
    return Document(file.id, text, file.content_hash, metadata, find_sections(lines, metadata.title))


def _bytes(file: CorpusFile) -> bytes:
    try:
        with file.path.open("rb") as stream:
            # One byte more than allowed tells a file that has grown since it was listed.
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise DocumentError(
            "读不了这个文件",
            value=file.id,
            tried=error.strerror or str(error),
            remedy="检查文件是否还在、权限是否够",
        ) from None
    if len(data) > MAX_FILE_BYTES:
        raise DocumentError("文件太大", value=file.id, remedy="拆成几个文件或只留文字")
    if not data.strip(b"\x00 \t\r\n"):
        raise DocumentError("空文件", value=file.id, remedy="补上内容或删除")
    return data


def _filled(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs with text; a title printed twice in a row is kept once."""
    filled: list[Paragraph] = []
    for paragraph in paragraphs:
        text = paragraph.text.replace("\n", " ").strip()
        if text and not (len(filled) == 1 and "".join(filled[0].text.split()) == "".join(text.split())):
            filled.append(Paragraph(text, paragraph.level))
    return filled
