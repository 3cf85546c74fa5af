"""The files of a corpus folder: which are documents, which cannot be used and why."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.documents.formats.office import OFFICE_SUFFIXES
from bot.documents.formats.recognition import PICTURE_SUFFIXES
from bot.errors import CorpusError, DocumentError
from bot.types import FailedDocument

if TYPE_CHECKING:
    from bot.documents.formats.archive import Contents

#: Raised whenever a loader's output changes, so that an ingest reads every file again.
LOADER_VERSION = "3"
#: A readable policy document is far below this; larger files are scans or archives.
MAX_FILE_BYTES = 50 * 1024 * 1024
SUFFIXES = (
    frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".csv", ".tsv"})
    | frozenset(OFFICE_SUFFIXES)
    | PICTURE_SUFFIXES
)
ARCHIVE_SUFFIX = ".zip"
#: Files at the corpus' root that staff keep beside the documents.
ROOT_FILES = frozenset(
    {
        "README.md",
        "programmes.yaml",
        "contacts.yaml",
        "organisations.yaml",
        "needs.yaml",
        "thesaurus.yaml",
        "scope.yaml",
    }
)
#: Editors' lock files and system litter that nobody put there as a document.
_LITTER_PREFIXES = (".", "~$")
_LITTER_NAMES = frozenset({"Thumbs.db", "desktop.ini", "__pycache__"})
_BLOCK_BYTES = 1024 * 1024
_REMEDIES = {
    ".ofd": "用阅读器导出为带文字层的 .pdf",
    ".xls": "另存为 .xlsx",
    ".et": "另存为 .xlsx",
    ".ppt": "另存为 .pdf",
    ".pptx": "另存为 .pdf",
    ".rar": "解压后把里面的文件单独放进来",
    ".7z": "解压后把里面的文件单独放进来",
}


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file to be read.

    ``id`` is its POSIX path below the corpus folder, within an archive continued by its path there
    (``通知.zip/附件1.docx``); ``member`` is that path.
    ``content_hash`` is the SHA-256 (64 hexadecimal digits) over the file's bytes and the loader's
    version.
    """

    id: str
    path: Path
    content_hash: str
    member: str = ""

    @property
    def suffix(self) -> str:
        """The suffix that tells the format, lower case with its dot."""
        return Path(self.member or self.path.name).suffix.lower()

    def read(self, limit: int) -> bytes:
        """The first ``limit`` bytes. Raises OSError; a member that is gone is such an error too."""
        if not self.member:
            with self.path.open("rb") as stream:
                return stream.read(limit)
        found = next((each for each in _unpacked(self.path).members if each.name == self.member), None)
        if found is None:
            raise OSError("压缩包里没有这个文件了")
        return found.data[:limit]


@dataclass(frozen=True, slots=True)
class CorpusListing:
    """The files of a corpus in order of their ids, and those that cannot be used."""

    files: tuple[CorpusFile, ...]
    failed: tuple[FailedDocument, ...]


class _Unusable(Exception):
    """Why one file is left out; becomes a :class:`FailedDocument`."""


def list_corpus_files(folder: Path) -> CorpusListing:
    """Every readable-format file below ``folder``, sorted; hidden files and the root's own files aside.

    Raises :class:`CorpusError` when there is no such folder. Nothing outside the folder is opened.
    """
    if not folder.is_dir():
        raise CorpusError(
            "文件夹不存在" if not folder.exists() else "这不是文件夹",
            value=folder,
            remedy="新建该文件夹并放入文件，或用 --corpus 指定另一个文件夹",
        )
    root = folder.resolve()
    files: list[CorpusFile] = []
    failed: list[FailedDocument] = []
    for path in _walk(folder, failed):
        name = path.relative_to(folder).as_posix()
        try:
            if path.suffix.lower() == ARCHIVE_SUFFIX:
                inside, refused = _archived(path, name, root)
                files += inside
                failed += refused
            else:
                files.append(_examine(path, name, root))
        except _Unusable as reason:
            failed.append(FailedDocument(_printable(name), str(reason)))
        except OSError as error:
            reason_text = f"读不了这个文件（{error.strerror or error}）。解决办法：检查文件权限和磁盘"
            failed.append(FailedDocument(_printable(name), reason_text))
    files.sort(key=lambda file: file.id)
    failed.sort(key=lambda failure: failure.path)
    return CorpusListing(tuple(files), tuple(failed))


def _walk(folder: Path, failed: list[FailedDocument]) -> Iterator[Path]:
    def report(error: OSError) -> None:
        name = Path(str(error.filename)).relative_to(folder).as_posix()
        failed.append(FailedDocument(_printable(name), "打不开这个文件夹。解决办法：检查文件夹权限"))

    for parent, folders, names in os.walk(folder, onerror=report, followlinks=False):
        here = Path(parent)
        folders[:] = sorted(name for name in folders if not _is_litter(name))
        # A link to a folder could lead outside or round in a circle: told, never followed.
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted(names) + links:
            if _is_litter(name) or (here == folder and name in ROOT_FILES):
                continue
            yield here / name


def _is_litter(name: str) -> bool:
    return name.startswith(_LITTER_PREFIXES) or name in _LITTER_NAMES


def _archived(path: Path, name: str, root: Path) -> tuple[list[CorpusFile], list[FailedDocument]]:
    """The documents in an archive, and what of it cannot be used."""
    _check_place(path, name, root)
    _check_size(path)
    try:
        contents = _unpacked(path)
    except DocumentError as error:
        raise _Unusable(str(error)) from None
    files: list[CorpusFile] = []
    failed = [FailedDocument(f"{name}/{each.name}", each.reason) for each in contents.refused]
    for member in contents.members:
        suffix = Path(member.name).suffix.lower()
        if suffix in SUFFIXES:
            digest = hashlib.sha256(member.data + LOADER_VERSION.encode()).hexdigest()
            files.append(CorpusFile(f"{name}/{member.name}", path, digest, member.name))
        else:
            failed.append(FailedDocument(f"{name}/{member.name}", _unsupported(suffix)))
    return files, failed


def _unpacked(path: Path) -> Contents:
    from bot.documents.formats.archive import members

    return members(path.read_bytes())


def _unsupported(suffix: str) -> str:
    remedy = _REMEDIES.get(suffix, "转成 txt、md、html、docx、xlsx 或带文字层的 pdf，或移出该文件夹")
    return f"不支持的格式：{suffix or '没有扩展名'}。解决办法：{remedy}"


def _examine(path: Path, name: str, root: Path) -> CorpusFile:
    _check_place(path, name, root)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise _Unusable(_unsupported(suffix))
    _check_size(path)
    return CorpusFile(name, path, _hash(path))


def _check_place(path: Path, name: str, root: Path) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise _Unusable("文件名不是有效的文字。解决办法：给文件换个名字") from None
    if path.is_symlink():
        _check_link(path, root)


def _check_size(path: Path) -> None:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise _Unusable("不是普通文件。解决办法：换成普通文件")
    if status.st_size == 0:
        raise _Unusable("空文件。解决办法：补上内容或删除")
    if status.st_size > MAX_FILE_BYTES:
        megabytes = status.st_size // (1024 * 1024)
        limit = MAX_FILE_BYTES // (1024 * 1024)
        raise _Unusable(f"文件太大：{megabytes} MB，上限 {limit} MB。解决办法：拆成几个文件或只留文字")


def _check_link(path: Path, root: Path) -> None:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise _Unusable("链接指向的文件不存在或绕成了圈。解决办法：删除链接，放入文件本身") from None
    if not target.is_relative_to(root):
        raise _Unusable("链接指向该文件夹之外。解决办法：把文件本身复制进来")
    if target.is_dir():
        raise _Unusable("指向文件夹的链接不会跟进去。解决办法：把文件本身复制进来")


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    digest.update(LOADER_VERSION.encode())
    return digest.hexdigest()


def _printable(name: str) -> str:
    return name.encode("utf-8", errors="replace").decode("utf-8")
