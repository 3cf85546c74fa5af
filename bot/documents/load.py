"""One file of the corpus to a :class:`bot.types.Document`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.documents.blocks import Block, Dropped, Extract, Reason
from bot.documents.corpus import MAX_FILE_BYTES, CorpusFile
from bot.documents.formats.office import OFFICE_SUFFIXES, read_office
from bot.documents.formats.recognition import PICTURE_SUFFIXES, read_picture
from bot.documents.formats.spreadsheet import read_spreadsheet
from bot.documents.metadata import read_metadata
from bot.documents.structure import find_sections, text_lines
from bot.documents.units import hang_units
from bot.errors import DocumentError
from bot.types import Document, LeftOut, UnitKind

_LETTER = re.compile(r"\w")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
#: Of what was left out so much is kept to be shown to staff.
_SHOWN_CHARACTERS = 200
_MACHINE_READ = "正文由程序从图片识别，请对照原件核对数字和日期"


def load_document(file: CorpusFile) -> Document:
    r"""The document of ``file``: clean text (a block a line, parted by ``\n``), its tree, metadata and sections.

    Raises :class:`DocumentError` with reason and remedy for a file that is gone, empty, too large, no
    text, encrypted, damaged or scanned, and for front matter that cannot be used.
    """
    extract = read_file(_bytes(file), file.suffix)
    blocks, repeated = _filled(extract.blocks)
    if not any(_LETTER.search(block.text) for block in blocks):
        raise DocumentError("文件里没有文字", value=file.id, remedy="补上正文；扫描件先做文字识别")
    text = "\n".join(block.text for block in blocks)
    levels = [block.level if block.kind is UnitKind.HEADING else None for block in blocks]
    lines = text_lines(text, levels)
    metadata = read_metadata(lines, extract)
    warnings = (*extract.warnings, *((_MACHINE_READ,) if extract.machine_read else ()))
    return Document(
        file.id,
        text,
        file.content_hash,
        metadata,
        find_sections(lines, metadata.title),
        hang_units(blocks),
        tuple(
            _left_out(each) for each in (*extract.dropped, *repeated) if each.characters or not each.reason.furniture
        ),
        tuple(dict.fromkeys(warnings)),
        extract.machine_read,
    )


def read_file(data: bytes, suffix: str) -> Extract:
    """The blocks of a file by its suffix (lower case, with the dot). Raises :class:`DocumentError`."""
    if suffix == ".docx" and data.startswith(_OLE_MAGIC):
        # A .doc under another name, or an encrypted file: the converter tells which.
        return read_office(data, ".doc")
    if suffix in OFFICE_SUFFIXES:
        return read_office(data, suffix)
    if suffix in PICTURE_SUFFIXES:
        return read_picture(data)
    if suffix in (".xlsx", ".csv", ".tsv"):
        return read_spreadsheet(data, suffix)
    reader = _reader(suffix)
    if reader is None:
        raise DocumentError(
            "不支持的格式", value=suffix or "没有扩展名", remedy="转成 txt、md、html、docx、xlsx 或带文字层的 pdf"
        )
    return reader(data)


def _reader(suffix: str) -> Callable[[bytes], Extract] | None:
    # Imported for the suffix at hand: each brings libraries of its own.
    if suffix == ".docx":
        from bot.documents.formats.docx import read_docx

        return read_docx
    if suffix == ".pdf":
        from bot.documents.formats.pdf import read_pdf

        return read_pdf
    if suffix in (".html", ".htm"):
        from bot.documents.formats.html import read_html

        return read_html
    if suffix in (".md", ".markdown"):
        from bot.documents.formats.markdown import read_markdown

        return read_markdown
    if suffix == ".txt":
        from bot.documents.formats.plain import read_text

        return read_text
    return None


def _bytes(file: CorpusFile) -> bytes:
    try:
        data = file.read(MAX_FILE_BYTES + 1)
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


def _filled(blocks: Sequence[Block]) -> tuple[list[Block], list[Dropped]]:
    """Blocks with text; a title printed twice in a row is kept once and told."""
    filled: list[Block] = []
    repeated: list[Dropped] = []
    for block in blocks:
        text = block.text.replace("\n", " ").strip()
        if len(filled) == 1 and "".join(filled[0].text.split()) == "".join(text.split()):
            repeated.append(Dropped(Reason.REPEATED, text))
        elif text:
            filled.append(block if text == block.text else replace(block, text=text))
    return filled, repeated


def _ledger(dropped: Sequence[Dropped]) -> tuple[LeftOut, ...]:
    return tuple(_left_out(each) for each in dropped if each.characters or not each.reason.furniture)


def _left_out(dropped: Dropped) -> LeftOut:
    text = " ".join(dropped.text.split())[:_SHOWN_CHARACTERS]
    return LeftOut(dropped.reason.label, dropped.characters, dropped.reason.furniture, dropped.where, text)
