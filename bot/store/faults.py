"""What the machine or the database service did wrong, told with a remedy that can work."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot.errors import StoreError
from bot.store.sqlite_file import RESTORE, failure_kind

#: What SQLite tells in its error code.
_KINDS = {
    sqlite3.SQLITE_FULL: ("磁盘满了，没有保存", "腾出数据文件夹所在磁盘的空间，再做一次"),
    sqlite3.SQLITE_READONLY: ("数据库只读，没有保存", "让运行程序的用户可以写数据文件夹，再做一次"),
    sqlite3.SQLITE_CANTOPEN: ("数据库文件打不开", "核对数据文件夹在不在、可不可写"),
    sqlite3.SQLITE_IOERR: (
        "读写磁盘失败，没有保存",
        "腾出数据文件夹所在磁盘的空间；仍这样就是磁盘坏了，运行 python -m bot doctor",
    ),
    sqlite3.SQLITE_CORRUPT: ("数据库文件已损坏", RESTORE),
    sqlite3.SQLITE_NOTADB: ("这个文件不是 SQLite 数据库，或已损坏", RESTORE),
    sqlite3.SQLITE_BUSY: ("数据库正忙，没有保存", "等正在进行的导入结束，再做一次"),
}


class _Told(NamedTuple):
    message: str
    remedy: str


def told(error: DBAPIError, place: str) -> StoreError | None:
    """``error`` as people are told of it, or ``None`` where it is the program's own affair (a broken constraint)."""
    found = _cause(error)
    if found is None:
        return None
    lines = str(error.orig).strip().splitlines()
    return StoreError(found.message, value=place, tried=lines[0] if lines else "", remedy=found.remedy)


def _cause(error: DBAPIError) -> _Told | None:
    kind = failure_kind(error.orig)
    if kind is not None:
        known = _KINDS.get(kind)
        return None if known is None else _Told(*known)
    if isinstance(error.orig, sqlite3.Error):
        return None
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return _Told("数据库服务没有应答，没有保存", "看数据库服务是否在运行；它回来后会自动接上")
    return None
