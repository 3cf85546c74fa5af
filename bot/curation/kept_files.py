"""Bytes kept by what they are: every version of a file that lay in the corpus, and those handed in."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import CorpusError

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class KeptFiles:
    """Files below ``folder`` named by the SHA-256 of their bytes. The constructor does no I/O."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep ``data``; returns its digest (64 hexadecimal digits). Raises :class:`CorpusError`."""
        digest = digest_of(data)
        path = self.path(digest)
        if not path.is_file() or digest_of(path.read_bytes()) != digest:
            write_whole(path, data)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of ``digest``. Raises :class:`CorpusError` where they are gone or no longer the same."""
        try:
            data = self.path(digest).read_bytes()
        except OSError as error:
            raise CorpusError(
                "留存的文件读不了", value=digest[:12], tried=error.strerror or "", remedy="从备份里找回 corpus-history"
            ) from None
        if digest_of(data) != digest:
            raise CorpusError("留存的文件已损坏", value=digest[:12], remedy="从备份里找回 corpus-history")
        return data

    def path(self, digest: str) -> Path:
        """Where the bytes of ``digest`` lie."""
        return self._folder / digest[:2] / digest

    def drop(self, digest: str) -> None:
        """Keep the bytes of ``digest`` no longer."""
        with contextlib.suppress(OSError):
            self.path(digest).unlink(missing_ok=True)


def digest_of(data: bytes) -> str:
    """The SHA-256 of ``data``, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step: whoever reads sees the old one or the new one, whole, also after a power cut.

    Raises :class:`CorpusError` that tells a full disk and a closed folder apart; nothing half stays behind.
    """
    with told_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # The dot keeps an ingest from taking it for a document.
        handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
                os.fchmod(stream.fileno(), 0o644)
            os.replace(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in ``folder`` to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Say in words what the system refused of writing ``path``."""
    try:
        yield
    except OSError as error:
        if error.errno in _CLOSED:
            raise CorpusError(
                "这个文件夹不能写",
                value=path.parent,
                tried=error.strerror or "",
                remedy="请管理员给运行本程序的账号写权限",
            ) from None
        if error.errno in _FULL:
            raise CorpusError("磁盘写满了", value=path.parent, remedy="腾出空间后再做一次；原来的文件没有动") from None
        raise CorpusError("文件写不下去", value=path, tried=error.strerror or str(error), remedy="检查磁盘") from None
