"""The zip archive that a Word file is: parts by name, relationships between them, limits on both."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import unquote

from bot.documents.formats.word.names import Element
from bot.errors import DocumentError

#: One part of XML; the largest real ones, books of a thousand pages, have a tenth of it.
MAX_PART_BYTES = 64 * 1024 * 1024
MAX_PARTS = 10_000
DAMAGED_REMEDY = "用 Word 打开后另存一份"
_STRICT = b"http://purl.oclc.org/ooxml/"
# ISO's strict form differs from what Word writes in names only.
_STRICT_NAMES = (
    (_STRICT + b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (
        _STRICT + b"officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (_STRICT + b"officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (_STRICT + b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (_STRICT + b"drawingml/chart", b"http://schemas.openxmlformats.org/drawingml/2006/chart"),
    (_STRICT + b"drawingml/diagram", b"http://schemas.openxmlformats.org/drawingml/2006/diagram"),
    (_STRICT + b"drawingml/picture", b"http://schemas.openxmlformats.org/drawingml/2006/picture"),
    (
        _STRICT + b"drawingml/wordprocessingDrawing",
        b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    ),
)
_OTHER_FORMATS = (
    ("xl/workbook.xml", "这是 Excel 表格", "把扩展名改成 .xlsx"),
    ("ppt/presentation.xml", "这是演示文稿", "另存为 pdf 或 .docx"),
    ("content.xml", "这是 OpenDocument 文件", "用 WPS 或 LibreOffice 另存为 .docx"),
    ("ofd.xml", "这是 OFD 文件", "用 OFD 阅读器另存为 pdf 或 .docx"),
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another: its id, the last word of its type (``footnotes``), the part's name."""

    id: str
    type: str
    target: str


class Package:
    """The parts of one file. Names are compared without case, leading and backward slashes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {_normal(entry.filename): entry for entry in archive.infolist()}
        self.unreadable: list[str] = []

    def __contains__(self, name: str) -> bool:
        return _normal(name) in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        """All part names, in the archive's order."""
        return tuple(self._entries)

    def read(self, name: str) -> bytes:
        """A part's bytes. Raises KeyError, DocumentError and what zipfile raises for damaged members."""
        entry = self._entries[_normal(name)]
        if entry.file_size > MAX_PART_BYTES:
            raise DocumentError("docx 的一个部分太大", value=name, remedy="拆成几个文件")
        return self._archive.read(entry)

    def xml(self, name: str) -> Element:
        """The root element of a part that must be there. Raises as :meth:`read` and lxml do."""
        return parse(self.read(name))

    def optional_xml(self, name: str | None) -> Element | None:
        """The root of a part that a document can do without; a damaged one is noted in ``unreadable``."""
        if name is None or name not in self:
            return None
        try:
            return self.xml(name)
        except DocumentError:
            self.unreadable.append(name)
        except damage():
            self.unreadable.append(name)
        return None

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """The links from ``part`` (empty for the package itself) to other parts of this file."""
        folder, name = posixpath.split(part)
        root = self.optional_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = () if root is None else root.iter("{*}Relationship")
        return tuple(
            Relationship(each.get("Id", ""), each.get("Type", "").rpartition("/")[2], _target(folder, each))
            for each in found
            if each.get("TargetMode", "").lower() != "external"
        )

    def main_part(self) -> str:
        """The name of the document's own part. Raises :class:`DocumentError` when this is no Word file."""
        named = [each.target for each in self.relationships("") if each.type == "officeDocument"]
        usual = [name for name in self.names if name.startswith("word/document") and name.endswith(".xml")]
        for name in named + ["word/document.xml"] + usual:
            if name in self and not name.startswith(("xl/", "ppt/")):
                return name
        for name, what, remedy in _OTHER_FORMATS:
            if name in self:
                raise DocumentError("不是 docx", tried=what, remedy=remedy)
        raise DocumentError("docx 已损坏或不是 docx", tried="没有 word/document.xml", remedy=DAMAGED_REMEDY)

    def related(self, part: str, kind: str) -> str | None:
        """The part of that kind (``footnotes``) that belongs to ``part``; the usual name where no link names it."""
        for each in self.relationships(part):
            if each.type == kind and each.target in self:
                return each.target
        usual = posixpath.join(posixpath.dirname(part), f"{kind}.xml")
        return usual if usual in self else None


def open_package(data: bytes, unpacked_limit: int) -> Package:
    """The parts of a file; nothing is unpacked yet. Raises :class:`DocumentError` and zipfile's own errors."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise DocumentError("docx 有密码", remedy="去掉密码后另存一份")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > unpacked_limit:
        raise DocumentError("docx 解开后太大", value=f"{unpacked // 1024**2} MB", remedy="去掉图片和附件后另存")
    if len(entries) > MAX_PARTS:
        raise DocumentError("docx 里的文件太多", value=len(entries), remedy="去掉图片和附件后另存")
    return Package(archive)


def parse(data: bytes) -> Element:
    """The root element of a part. Entities of the file's own are refused: documents have none, attacks do."""
    from lxml import etree

    if _STRICT in data:
        for strict, usual in _STRICT_NAMES:
            data = data.replace(strict, usual)
    try:
        root = etree.fromstring(data, _parser(None))
    except etree.XMLSyntaxError:
        # Some writers declare another encoding than they use.
        root = etree.fromstring(data, _parser("utf-8"))
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError("docx 里有实体定义，不是正常的 Word 文件", remedy=DAMAGED_REMEDY)
    return root


def _parser(encoding: str | None) -> Element:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding=encoding,
    )


def damage() -> tuple[type[Exception], ...]:
    """What reading a damaged archive or part raises."""
    from lxml.etree import LxmlError

    # zipfile raises RuntimeError and NotImplementedError for members it cannot unpack.
    return (zipfile.BadZipFile, zlib.error, LxmlError, LookupError, ValueError, OSError, EOFError, RuntimeError)


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _target(folder: str, relationship: Element) -> str:
    target = unquote(relationship.get("Target", "")).replace("\\", "/")
    path = target if target.startswith("/") else posixpath.join(folder, target)
    return _normal(posixpath.normpath(path))
