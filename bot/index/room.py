"""Whether something failed because the disk is full, whichever library says so."""

from __future__ import annotations

import errno
import sqlite3

from bot.errors import SearchIndexError

_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: What libraries written in Rust say, and SQLite's own words within them.
_WORDS = ("no space left", "os error 28", "os error 122", "os error 27", "disk is full")
_KIND_BYTE = 0xFF


def is_full(error: BaseException | None) -> bool:
    """Whether ``error``, or what caused it, is that nothing more can be written."""
    while error is not None:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & _KIND_BYTE == sqlite3.SQLITE_FULL:
            return True
        if getattr(error, "errno", None) in _NUMBERS or any(each in str(error).lower() for each in _WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False


def no_room(place: object, error: BaseException) -> SearchIndexError:
    """What to tell where an index found no room."""
    return SearchIndexError(
        "磁盘满了，新的索引没有建成，原来的照常使用",
        value=place,
        tried=str(error)[:200],
        remedy="腾出数据文件夹所在磁盘的空间，再运行一次",
    )
