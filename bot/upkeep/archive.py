"""A backup file: a ZIP archive with a manifest that gives the checksum of everything in it.

::

    manifest.json        format, time, revision of the database, files with size and SHA-256
    database.sqlite3     all tables
    corpus/…             the documents and the catalogue
    corpus-history/…     earlier versions of them
    settings.json        the settings without keys and passwords, to look things up in
    index/…              the index in force, where asked for; an ingest makes it anew
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from bot.errors import BackupError
from bot.settings import PROGRAM

FORMAT = 1
MANIFEST, DATABASE, SETTINGS = "manifest.json", "database.sqlite3", "settings.json"
CORPUS, HISTORY, INDEX = "corpus", "corpus-history", "index"
#: What a backup may unpack to, in bytes: what is larger is no backup of this program.
MOST_BYTES = 1 << 40
_BLOCK = 1 << 20
_OTHER_FILE = "换一个完好的备份文件"
_MADE_BY = f"给出用 {PROGRAM} backup 做的文件"
_ZIP_HEAD = b"PK\x03\x04"
#: Files that are taken for backups, by their first bytes.
_KINDS = {
    b"SQLite format 3": "SQLite 数据库",
    b"\x1f\x8b": "gzip 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"Rar!": "RAR 压缩包",
    b"%PDF": "PDF",
}
_HEAD, _MOST_NAMED = 4_096, 3


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup: size in bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; ``revision`` is its database's, empty without a database."""

    made_at: str
    revision: str
    files: Mapping[str, Kept]
    format: int = FORMAT


class ArchiveWriter:
    """Puts files into an archive and remembers what went in."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._files: dict[str, Kept] = {}

    def add(self, name: str, path: Path) -> None:
        """Put a file in, as it is read now."""
        with path.open("rb") as source, self._archive.open(name, "w", force_zip64=True) as target:
            digest, size = hashlib.sha256(), 0
            while block := source.read(_BLOCK):
                target.write(block)
                digest.update(block)
                size += len(block)
        self._files[name] = Kept(size, digest.hexdigest())

    def add_folder(self, name: str, folder: Path) -> None:
        """Put in every file below a folder, if there is one; links are left out."""
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink() and path.suffix not in {".lock", ".partial"}:
                self.add(f"{name}/{path.relative_to(folder).as_posix()}", path)

    def add_text(self, name: str, content: str) -> None:
        """Put a text in."""
        data = content.encode()
        self._archive.writestr(name, data)
        self._files[name] = Kept(len(data), hashlib.sha256(data).hexdigest())

    def finish(self, made_at: str, revision: str) -> Manifest:
        """Write the manifest, last of all."""
        made = Manifest(made_at, revision, self._files)
        self._archive.writestr(MANIFEST, json.dumps(asdict(made), ensure_ascii=False))
        return made


def opened(file: Path) -> zipfile.ZipFile:
    """The archive ``file``. Raises :class:`BackupError` that calls it what it is where it is none, ``OSError``."""
    if not file.exists():
        raise BackupError("没有这个文件", value=file, remedy="核对路径")
    if file.is_dir():
        raise BackupError("这是文件夹，不是备份", value=file, remedy="给出备份的 .zip 文件")
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        pass
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise BackupError("备份文件是空的（0 字节）", value=file, remedy=_OTHER_FILE)
    if head.startswith(_ZIP_HEAD):
        raise BackupError("备份不完整，没有拷完或被截断", value=file, remedy=f"从原处重新拷一次，或{_OTHER_FILE}")
    raise BackupError("这不是备份", value=file, tried=f"不是 ZIP，是{_kind(head)}", remedy=_MADE_BY)


def _kind(head: bytes) -> str:
    """What a file is by its first bytes, as people call it."""
    known = next((name for start, name in _KINDS.items() if head.startswith(start)), "")
    if known:
        return known
    try:
        # The cut may go through a character.
        head[:-3].decode("utf-8")
    except UnicodeDecodeError:
        return "认不出的文件"
    return "文字"


def read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """What the backup ``file`` says of itself. Raises :class:`BackupError` where it cannot be used."""
    if MANIFEST not in archive.namelist():
        inside = "、".join(archive.namelist()[:_MOST_NAMED]) or "什么也没有"
        raise BackupError("这个 ZIP 不是备份", value=file, tried=f"里面是 {inside}", remedy=_MADE_BY)
    try:
        told = json.loads(archive.read(MANIFEST))
        files = {str(name): Kept(int(each["size"]), str(each["sha256"])) for name, each in told["files"].items()}
        found = Manifest(str(told["made_at"]), str(told["revision"]), files, int(told["format"]))
    except (KeyError, ValueError, TypeError, AttributeError, OSError, zipfile.BadZipFile, NotImplementedError) as error:
        tried = f"{MANIFEST} 读不懂（{error}）"
        raise BackupError("备份已损坏", value=file, tried=tried, remedy=_OTHER_FILE) from None
    if found.format > FORMAT:
        raise BackupError(
            "备份是更新的程序做的", value=found.format, tried=f"本程序认识到 {FORMAT}", remedy="升级程序后再恢复"
        )
    if sum(each.size for each in files.values()) > MOST_BYTES:
        raise BackupError("备份大得不合常理", value=file, remedy=_OTHER_FILE)
    return found


def unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Write every file of the manifest below ``folder`` and compare its checksum.

    Raises :class:`BackupError` for one that is missing, changed, or named to lie outside.
    """
    for name, kept in manifest.files.items():
        target = folder.joinpath(*_checked(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(_Bounded(source, kept.size), file, _BLOCK)
            with target.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (KeyError, EOFError, zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            raise BackupError("备份已损坏", value=name, tried=str(error), remedy=_OTHER_FILE) from None
        if digest != kept.sha256:
            raise BackupError("备份已损坏", value=name, tried="校验值不对", remedy=_OTHER_FILE)


class _Bounded:
    """Reads no more of a file than one byte beyond what it is said to hold."""

    def __init__(self, source: object, size: int) -> None:
        self._source, self._left = source, size + 1

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        wanted = self._left if size < 0 else min(size, self._left)
        data: bytes = self._source.read(wanted)  # type: ignore[attr-defined]
        self._left -= len(data)
        return data


def _checked(name: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.parts:
        raise BackupError("备份里有不该有的路径", value=name, remedy=_OTHER_FILE)
    return path.parts
