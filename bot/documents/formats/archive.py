"""Zip archives of documents: their members by name, within limits, and what of them cannot be used."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.errors import DocumentError

MAX_MEMBERS = 2000
MAX_MEMBER_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 256 * 1024 * 1024
#: How often a member may have been packed smaller; text reaches 20, bombs 1000.
MAX_RATIO = 200
_RATIO_FROM_BYTES = 1024 * 1024
#: Archives in archives; one in an archive is common, more is a trap.
MAX_DEPTH = 2
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_LITTER_FOLDERS = frozenset({"__macosx", ".git", ".svn"})
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNICODE_PATH = 0x7075
_REPACK = "解压后把里面的文件单独放进来"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its path (``附件/表1.docx``; through an inner archive ``内.zip/表.docx``) and bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A member that cannot be used: its path and why, in words for staff."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds, in its own order."""

    members: tuple[Member, ...]
    refused: tuple[Refused, ...] = ()


@dataclass(slots=True)
class _Unpacking:
    members: list[Member] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    total: int = 0


def members(data: bytes) -> Contents:
    """The files of a zip archive, those of zip archives in it included; nothing is written to disk.

    Folders and what systems leave behind (``__MACOSX``, ``Thumbs.db``, ``~$…``) are passed over. Members that are
    too large, lead out of the archive, have a password, are damaged or come when :data:`MAX_TOTAL_BYTES` are
    unpacked are refused one by one. Raises :class:`DocumentError` for what is no zip archive or has too many members.
    """
    unpacking = _Unpacking()
    _unpack(data, "", 1, unpacking)
    return Contents(tuple(unpacking.members), tuple(unpacking.refused))


def _unpack(data: bytes, prefix: str, depth: int, unpacking: _Unpacking) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, struct.error) as error:
        raise DocumentError("压缩包已损坏或不是 zip", tried=str(error), remedy=_REPACK) from None
    if len(entries) + len(unpacking.names) > MAX_MEMBERS:
        raise DocumentError("压缩包里的文件太多", value=len(entries), remedy=_REPACK)
    for entry in entries:
        name = _name(entry)
        if entry.is_dir() or name.endswith("/") or _is_litter(name):
            continue
        path = _safe(name)
        if path is None:
            unpacking.refused.append(Refused(prefix + name, "路径指向压缩包之外"))
            continue
        _take(archive, entry, prefix + path, depth, unpacking)


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, depth: int, unpacking: _Unpacking) -> None:
    try:
        if path in unpacking.names:
            raise DocumentError("同一路径的第二个文件")
        unpacking.names.add(path)
        content = _content(archive, entry, unpacking.total)
        unpacking.total += len(content)
        if not path.lower().endswith(".zip"):
            unpacking.members.append(Member(path, content))
        elif depth >= MAX_DEPTH:
            raise DocumentError("压缩包套得太深")
        else:
            _unpack(content, f"{path}/", depth + 1, unpacking)
    except DocumentError as error:
        unpacking.refused.append(Refused(path, str(error).rstrip("。")))


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, total: int) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise DocumentError("有密码", remedy="去掉密码后重新打包")
    if entry.file_size > MAX_MEMBER_BYTES:
        raise DocumentError("太大", value=f"{entry.file_size // 1024**2} MB", remedy="拆成几个文件或只留文字")
    if entry.file_size > _RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise DocumentError("压缩得不像正常文件", value=f"{entry.file_size // max(entry.compress_size, 1)} 倍")
    if total + entry.file_size > MAX_TOTAL_BYTES:
        raise DocumentError("压缩包解开后太大", value=f"超过 {MAX_TOTAL_BYTES // 1024**2} MB", remedy=_REPACK)
    try:
        with archive.open(entry) as stream:
            # The size a member says it has may be a lie.
            content = stream.read(entry.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, LookupError) as error:
        raise DocumentError("已损坏或压缩方法不认识", tried=str(error)) from None
    return content


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: Windows programs write GBK without saying so, others UTF-8."""
    unicode_path = _unicode_path(entry.extra)
    if unicode_path:
        name = unicode_path
    elif entry.flag_bits & _UTF8:
        name = entry.orig_filename
    else:
        name = _decoded(entry.orig_filename)
    return name.partition("\0")[0].replace("\\", "/")


def _decoded(name: str) -> str:
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _unicode_path(extra: bytes) -> str | None:
    """The name of Info-ZIP's field for it, where there is one."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and length > 5:
            return extra[9 : 4 + length].decode("utf-8", errors="replace")
        extra = extra[4 + length :]
    return None


def _safe(name: str) -> str | None:
    """The path within the archive; None for one that leads out of it or cannot be a name."""
    path = PurePosixPath(name)
    parts = [part for part in path.parts if part not in (".", "/")]
    drive = bool(parts) and len(parts[0]) >= 2 and parts[0][1] == ":"
    if not parts or path.is_absolute() or drive or ".." in parts or any(ord(each) < 0x20 for each in name):
        return None
    return "/".join(parts)


def _is_litter(name: str) -> bool:
    parts = [part.lower() for part in name.split("/") if part]
    if not parts or any(part in _LITTER_FOLDERS for part in parts[:-1]):
        return True
    return parts[-1] in _LITTER or parts[-1].startswith(("~$", "._"))
