"""Opening a PDF within limits, and what the file says of itself: title, bookmarks.

pdfminer takes characters and their places from the file alone, so that a machine without Chinese fonts reads the
same as one with them; PDFium leaves out text whose font it cannot find. What a hostile file could make pdfminer
unpack or count through without end is measured before pdfminer touches it.
"""

from __future__ import annotations

import io
import itertools
import logging
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.cmapdb import CMap
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import (
    LITERALS_ASCII85_DECODE,
    LITERALS_ASCIIHEX_DECODE,
    LITERALS_FLATE_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFStream,
    resolve1,
)
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from bot.documents.characters import fold_characters, tidy_blanks
from bot.errors import DocumentError

# pdfminer logs every oddity of a file; staff are told by the warnings of the extract.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

#: Longer files are compilations that are better put in by the document.
MAX_PAGES = 2_000
#: Fonts and object streams of real files unpack to a few megabytes.
MAX_UNPACKED_BYTES = 64_000_000
#: Compressions that pdfminer undoes slowly; real streams of these kinds are short.
MAX_SLOW_BYTES = 4_000_000
#: Code points that one font may list by ranges; the largest Chinese fonts have 65,536.
MAX_RANGE = 2_000_000
MAX_BOOKMARKS = 5_000
_RANGE_LIST = re.compile(rb"begin(?:bf|cid|notdef)range(.{0,200000}?)end(?:bf|cid|notdef)range", re.DOTALL)
_ARRAY = re.compile(rb"\[[^\]]{0,100000}\]")
_RANGE = re.compile(rb"<\s*([0-9a-fA-F]{1,16})\s*>\s{0,8}<\s*([0-9a-fA-F]{1,16})\s*>\s{0,8}[<\[0-9]")
_PLACEHOLDERS = ("untitled", "microsoft", ".doc", ".wps", ".pdf", ".xls", "无标题", "未命名", "幻灯片", "文档1")
_TOO_LARGE = "拆成几个文件，或另存为 docx 后放入"


class BoundedDocument(PDFDocument):
    """A document whose streams are measured before they are unpacked."""

    def getobj(self, objid: int) -> object:
        """The object, refused when it would unpack to more than the limit."""
        found = super().getobj(objid)
        if isinstance(found, PDFStream) and found.data is None and not _is_picture(found):
            _measure(found)
        return found


class BoundedFonts(PDFResourceManager):
    """Fonts whose lists of widths are measured before they are expanded."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> Any:
        """The font, refused when its ranges name more characters than any font has."""
        for descendant in [spec, *(resolve1(spec.get("DescendantFonts")) or [])]:
            attributes = resolve1(descendant)
            if isinstance(attributes, Mapping):
                _check_widths(resolve1(attributes.get("W")), 3)
                _check_widths(resolve1(attributes.get("W2")), 5)
        font = super().get_font(objid, spec)
        cmap = getattr(font, "cmap", None)
        if isinstance(cmap, CMap):
            name = resolve1(spec.get("Encoding"))
            unicode = isinstance(name, PSLiteral) and "Uni" in str(name.name) and "UTF8" not in str(name.name)
            # pdfminer passes over codes that its tables do not have, without a word.
            decode: Any = partial(_every_code, cmap.code2cid, 2 if unicode else 1)
            vars(font)["decode"] = decode
        return font


def unlisted_code(cid: int) -> str:
    """The character that :class:`BoundedFonts` gave for a code without an entry in the font's table, if known."""
    return chr(-cid - 1) if -cid - 1 >= 0x20 and -cid - 1 not in range(0xD800, 0xE000) else ""


def _every_code(table: dict[int, Any], unit: int, data: bytes) -> Iterator[int]:
    """The font's numbers for the codes in ``data``; a code that the table does not have comes as −code − 1.

    ``unit`` is 2 where codes are UTF-16, which then tell their character themselves, else 1: such codes come as −1.
    """
    position = 0
    while position < len(data):
        found: Any = table
        length = 0
        while isinstance(found, dict) and position + length < len(data) and length < 4:
            found = found.get(data[position + length])
            length += 1
        if isinstance(found, int):
            yield found
        else:
            length = unit if unit == 2 else max(length, 1)
            yield -int.from_bytes(data[position : position + 2]) - 1 if unit == 2 else -1
        position += length


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the file's own table of contents; ``level`` counts from 1."""

    title: str
    level: int


def open_document(data: bytes) -> BoundedDocument:
    """The opened file. Raises :class:`DocumentError` when it has a password or is damaged beyond reading."""
    _check_cross_references(data)
    try:
        return BoundedDocument(PDFParser(io.BytesIO(data)))
    except PDFPasswordIncorrect:
        raise DocumentError("PDF 有密码，打不开", remedy="去掉密码另存后放入") from None
    except DocumentError:
        raise
    except RecursionError:
        raise DocumentError("PDF 的结构套得太深", tried="打开文件", remedy="重新下载或另存一份") from None
    except Exception as error:  # noqa: BLE001 - a damaged file may fail anywhere in the library
        raise DocumentError("PDF 已损坏或不是 PDF", tried=_reason(error), remedy="重新下载或另存一份") from None


def pages_of(document: BoundedDocument) -> list[PDFPage]:
    """The pages in order. Raises :class:`DocumentError` for too many, none, or a tree that cannot be walked."""
    try:
        pages = list(itertools.islice(PDFPage.create_pages(document), MAX_PAGES + 1))
    except DocumentError:
        raise
    except RecursionError:
        raise DocumentError("PDF 的页目录套得太深", tried="列出各页", remedy="重新下载或另存一份") from None
    except Exception as error:  # noqa: BLE001 - see above
        raise DocumentError("PDF 的页目录已损坏", tried=_reason(error), remedy="重新下载或另存一份") from None
    if len(pages) > MAX_PAGES:
        raise DocumentError("PDF 页数太多", value=f"超过 {MAX_PAGES} 页", remedy=_TOO_LARGE)
    if not pages:
        raise DocumentError("PDF 已损坏或不是 PDF", tried="找不到任何一页", remedy="重新下载或另存一份")
    return pages


def title_of(document: BoundedDocument) -> str | None:
    """The title in the file's properties, unless it is a program's or a file's name."""
    for info in document.info:
        title = text_of(info.get("Title"))
        if title and not any(word in title.lower() for word in _PLACEHOLDERS):
            return title
    return None


def bookmarks_of(document: BoundedDocument) -> list[Bookmark]:
    """The file's own table of contents, empty when there is none or it cannot be followed."""
    found: list[Bookmark] = []
    seen: set[int] = set()
    # (entry, level); a list in place of recursion, so that a chain of thousands can be followed.
    waiting: list[tuple[object, int]] = [(document.catalog.get("Outlines"), 0)]
    while waiting and len(found) < MAX_BOOKMARKS:
        reference, level = waiting.pop()
        number = getattr(reference, "objid", id(reference))
        entry = _resolved(reference)
        if not isinstance(entry, Mapping) or number in seen:
            continue
        seen.add(number)
        title = text_of(entry.get("Title"))
        if title:
            found.append(Bookmark(title, max(level, 1)))
        waiting.append((entry.get("Next"), level))
        waiting.append((entry.get("First"), level + 1))
    return found


def _resolved(reference: object) -> object:
    try:
        return resolve1(reference)
    except DocumentError:
        raise
    except Exception:  # noqa: BLE001 - a bookmark that leads nowhere is no reason to refuse the file
        return None


def text_of(value: object, *, lines: bool = False) -> str:
    """A text string of the file, its line breaks kept with ``lines``.

    Programs that write neither UTF-16 nor Latin write GB 18030 or UTF-8.
    """
    value = _resolved(value)
    if isinstance(value, PSLiteral):
        value = value.name
    if isinstance(value, bytes):
        value = _decoded(value)
    if not isinstance(value, str):
        return ""
    folded = fold_characters(value)
    return "\n".join(map(tidy_blanks, folded.split("\n"))).strip() if lines else tidy_blanks(folded)


def _decoded(value: bytes) -> str:
    if not value.startswith((b"\xfe\xff", b"\xff\xfe")) and any(byte > 0x7F for byte in value):
        for encoding in ("utf-8", "gb18030"):
            try:
                return value.decode(encoding)
            except UnicodeDecodeError:
                continue
    return decode_text(value)


def _is_picture(stream: PDFStream) -> bool:
    subtype = stream.get("Subtype")
    return isinstance(subtype, PSLiteral) and subtype.name == "Image"


def _measure(stream: PDFStream) -> None:
    """Refuse a stream that unpacks to too much, or that lists too many characters by ranges."""
    data = stream.rawdata or b""
    if stream.decipher is not None and stream.objid is not None:
        data = stream.decipher(stream.objid, stream.genno or 0, data, stream.attrs)
    for name, _ in stream.get_filters():
        if name in LITERALS_FLATE_DECODE:
            data = _inflated(data)
        elif name in LITERALS_LZW_DECODE or name in LITERALS_RUNLENGTH_DECODE:
            if len(data) > MAX_SLOW_BYTES:
                raise DocumentError("PDF 里有一段内容太大", value=f"{len(data):,} 字节", remedy=_TOO_LARGE)
            return
        elif name in LITERALS_ASCII85_DECODE:
            data = ascii85decode(data)
        elif name in LITERALS_ASCIIHEX_DECODE:
            data = asciihexdecode(data)
        else:
            return
    if b"endbfrange" in data or b"endcidrange" in data:
        _check_ranges(data)


def _inflated(data: bytes) -> bytes:
    try:
        unpacked = zlib.decompressobj().decompress(data, MAX_UNPACKED_BYTES + 1)
    except zlib.error:
        return b""
    if len(unpacked) > MAX_UNPACKED_BYTES:
        raise DocumentError("PDF 里有一段内容解压后太大", value=f"超过 {MAX_UNPACKED_BYTES:,} 字节", remedy=_TOO_LARGE)
    return unpacked


def _check_ranges(data: bytes) -> None:
    """Refuse a code table whose ranges (``<first> <last> start``) name more codes than fonts have."""
    listed = 0
    for ranges in _RANGE_LIST.findall(data):
        # Characters listed one by one look like ranges themselves.
        for first, last in _RANGE.findall(_ARRAY.sub(b"[", ranges)):
            listed += max(int(last, 16) - int(first, 16), 0)
    if listed > MAX_RANGE:
        raise DocumentError("PDF 的字体编码表不合理", value=f"列出 {listed:,} 个字", remedy="另存一份或转成 docx")


def _check_widths(widths: object, group: int) -> None:
    """``widths`` as ``first last width`` (or ``first [width …]``): no range wider than a font."""
    if not isinstance(widths, list):
        return
    numbers: list[float] = []
    listed = 0.0
    for value in widths:
        each = resolve1(value)
        if isinstance(each, list):
            numbers = []
        elif isinstance(each, int | float):
            numbers.append(each)
            if len(numbers) == group:
                listed += max(numbers[1] - numbers[0], 0)
                numbers = []
    if listed > MAX_RANGE:
        raise DocumentError("PDF 的字宽表不合理", value=f"列出 {int(listed):,} 个字", remedy="另存一份或转成 docx")


def _check_cross_references(data: bytes) -> None:
    """Cross-reference streams are unpacked while the file is opened; they are measured in its bytes."""
    for found in _occurrences(data, b"/XRef"):
        start = data.find(b"stream", found)
        if 0 <= start < found + 2_000:
            _inflated(data[start + len(b"stream") :].lstrip(b"\r\n"))


def _occurrences(data: bytes, word: bytes, most: int = 100) -> Iterator[int]:
    position = data.find(word)
    while position >= 0 and most:
        yield position
        most -= 1
        position = data.find(word, position + len(word))


def _reason(error: Exception) -> str:
    return str(error)[:120] or type(error).__name__
