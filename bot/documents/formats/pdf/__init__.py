"""PDF files: text layer, tables, forms, notes, and scanned pages where text recognition is installed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pdfminer.pdfpage import PDFPage

from bot.documents.blocks import Dropped, Extract, Field, Reason
from bot.documents.formats import recognition
from bot.documents.formats.pdf.assembling import PageContent, assemble, content_of, pages_text
from bot.documents.formats.pdf.device import CountingInterpreter, GlyphDevice, TooMuch, read_page, to_page
from bot.documents.formats.pdf.fallback import pdfium_glyphs
from bot.documents.formats.pdf.glyphs import RawPage
from bot.documents.formats.pdf.lines import sheet_of
from bot.documents.formats.pdf.opening import BoundedFonts, bookmarks_of, open_document, pages_of, title_of
from bot.documents.formats.pdf.running import PageLines
from bot.documents.formats.pdf.scans import recognised_pages
from bot.documents.formats.pdf.widgets import with_fields
from bot.errors import DocumentError

#: A file that takes longer is refused; a usual page takes a twentieth of a second.
MAX_SECONDS = 150.0
#: A picture over half of the page with fewer characters than this is a scan with a stamp of text.
MIN_CHARACTERS_PER_PAGE = 10
_PICTURE_SHARE = 0.5
_UNKNOWN = "\ufffd"
#: Above this share of characters without meaning the text is no text.
MAX_UNKNOWN_SHARE = 0.2
#: From this share on PDFium is asked whether it knows better.
_ASK_SHARE = 0.02


@dataclass(slots=True)
class _Read:
    """What was read so far."""

    contents: list[PageContent] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    without_text: list[int] = field(default_factory=list)
    too_much: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    characters: int = 0
    unknown: int = 0
    pages_with_text: int = 0
    machine_read: bool = False


def read_pdf(data: bytes, *, clock: Callable[[], float] = time.monotonic) -> Extract:
    """The text of all pages in reading order, running heads and page numbers in the ledger.

    Raises :class:`DocumentError` for encrypted and damaged files, for scans where no text recognition is
    installed, for text that is no text, and for files beyond the limits of pages, size and time.
    """
    document = open_document(data)
    pages = pages_of(document)
    read = _read_pages(data, pages, clock)
    recognised: dict[int, PageContent] = {}
    if read.without_text and recognition.is_available():
        recognised = recognised_pages(data, read.without_text, clock, MAX_SECONDS)
    _check(read, len(pages), bool(recognised))
    contents = [recognised.get(content.lines.number, content) for content in read.contents]
    assembled = assemble(contents, bookmarks_of(document))
    missing = [number for number in read.without_text if number not in recognised]
    return Extract(
        assembled.blocks,
        (*read.dropped, *assembled.dropped, *(Dropped(Reason.NO_TEXT, "", f"第{number}页") for number in missing)),
        title=title_of(document),
        fields=tuple(read.fields),
        warnings=(*_warnings(read, missing, sorted(recognised)), *assembled.warnings),
        machine_read=read.machine_read or bool(recognised),
    )


def _read_pages(data: bytes, pages: list[PDFPage], clock: Callable[[], float]) -> _Read:
    fonts = BoundedFonts()
    device = GlyphDevice(fonts)
    interpreter = CountingInterpreter(fonts, device)
    read = _Read()
    end = clock() + MAX_SECONDS
    for number, page in enumerate(pages, 1):
        if clock() > end:
            raise DocumentError(
                "PDF 读得太久", value=f"读到第 {number} 页", remedy="拆成几个文件，或另存为 docx 后放入"
            )
        raw = _read_one(data, page, number, interpreter, device, read)
        if raw is not None:
            _take(page, raw, read)
    return read


def _read_one(
    data: bytes, page: PDFPage, number: int, interpreter: CountingInterpreter, device: GlyphDevice, read: _Read
) -> RawPage | None:
    """One page, by PDFium where pdfminer fails; nothing for a page beyond the limits."""
    try:
        raw = read_page(page, number, interpreter, device)
    except TooMuch:
        read.too_much.append(number)
        read.dropped.append(Dropped(Reason.TOO_MUCH, "", f"第{number}页"))
        return None
    except DocumentError:
        raise
    except Exception:  # noqa: BLE001 - a damaged page may fail anywhere in the library
        width, height = abs(page.mediabox[2] - page.mediabox[0]), abs(page.mediabox[3] - page.mediabox[1])
        raw = RawPage(number, width, height, (0.0, 0.0, width, height), ())
    unknown = sum(glyph.text == _UNKNOWN for glyph in raw.glyphs)
    if not raw.glyphs and not raw.drawn or unknown > _ASK_SHARE * max(len(raw.glyphs), 1):
        other = pdfium_glyphs(data, number - 1, lambda x, y: to_page(page, x, y), page.rotate)
        inked = sum(bool(glyph.text.strip()) for glyph in raw.glyphs)
        if (
            sum(bool(glyph.text.strip()) for glyph in other) >= inked
            and sum(glyph.text == _UNKNOWN for glyph in other) <= unknown
        ):
            raw = replace(raw, glyphs=tuple(other))
    return raw


def _take(page: PDFPage, raw: RawPage, read: _Read) -> None:
    filled = with_fields(page, raw)
    sheet = sheet_of(filled.page)
    read.fields.extend(filled.fields)
    read.dropped.extend([*filled.dropped, *sheet.dropped])
    inked = [glyph.text for glyph in sheet.glyphs if not glyph.blank]
    characters = len(inked) + sum(len(segment.text) for segment in sheet.turned)
    read.characters += characters
    read.unknown += sum(_UNKNOWN in text for text in inked)
    read.machine_read = read.machine_read or sheet.recognised
    scan = raw.picture_share >= _PICTURE_SHARE and characters < MIN_CHARACTERS_PER_PAGE
    if scan or (not characters and raw.drawn):
        read.without_text.append(raw.number)
    read.pages_with_text += characters > 0 and not scan
    empty = PageContent(PageLines(raw.number, sheet.height, ()))
    read.contents.append(content_of(sheet) if characters or sheet.skewed else empty)


def _check(read: _Read, pages: int, recognised: bool) -> None:
    if not read.pages_with_text and not recognised:
        if read.too_much:
            raise DocumentError(
                "PDF 的一页内容太多", value=pages_text(read.too_much), remedy="另存为 docx，或拆成几个文件再放入"
            )
        raise DocumentError(
            "PDF 没有文字层，可能是扫描件",
            value=f"{pages} 页共 {read.characters} 个字",
            remedy=f"先做文字识别（OCR）另存后放入，或{recognition.REMEDY}，或找原文",
        )
    if read.unknown > read.characters * MAX_UNKNOWN_SHARE:
        raise DocumentError("PDF 的文字层是乱码", tried="读取文字层", remedy="另存为 docx 或 txt，或做文字识别（OCR）")


def _warnings(read: _Read, missing: list[int], recognised: list[int]) -> list[str]:
    warnings: list[str] = []
    if missing:
        remedy = (
            "文字识别也没有认出内容，请找原文"
            if recognition.is_available()
            else f"先做文字识别（OCR），或{recognition.REMEDY}"
        )
        warnings.append(f"{pages_text(missing)}没有文字层（扫描件或图片），内容没有读入；{remedy}")
    if recognised:
        warnings.append(f"{pages_text(recognised)}由机器识别图片得到，引用前请核对原件")
    elif read.machine_read:
        warnings.append("文字层是机器识别扫描图片得到的，引用前请核对原件")
    if read.too_much:
        warnings.append(f"{pages_text(read.too_much)}的内容超出上限，没有读入；另存为 docx 或拆开再放入")
    if read.unknown:
        warnings.append(f"有 {read.unknown} 个字认不出（字体没有对应的编码），正文里写作 {_UNKNOWN}，请核对原件")
    return warnings
