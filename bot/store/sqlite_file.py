"""The file of a SQLite database: whether it may be opened as ours, and whether it is still the one that was opened."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from bot.errors import StoreError

_SQLITE = "sqlite"
_MEMORY = ":memory:"
_VERSION_TABLE = "alembic_version"
#: Another process that has just made the file writes its first page within this time, in seconds.
_FIRST_PAGE_WITHIN = 2.0
_BEGINNING = b"SQLite format 3\x00"
RESTORE = "用 python -m bot restore 备份文件 --replace 恢复最近的备份"
#: In the data folder while a backup comes back: the database may be out of its place.
RESTORING_FILE = "RESTORING"
_MOVE_AWAY = f"{RESTORE}；确认里面没有数据，就把它移走，会新建一个"


def sqlite_url(path: Path) -> str:
    """The address of the database in ``path``, whatever characters are in it."""
    return URL.create(_SQLITE, database=str(path.resolve())).render_as_string()


def sqlite_path(url: str) -> Path | None:
    """The file of a database address; ``None`` where it is no file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != _SQLITE or not parsed.database or parsed.database == _MEMORY:
        return None
    return None if parsed.database.startswith("file:") else Path(parsed.database)


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Device and number of a file: another file of the same name has another."""

    device: int
    number: int

    @classmethod
    def of(cls, path: Path) -> FileIdentity | None:
        """The file that bears the name now, or ``None``."""
        try:
            found = path.stat()
        except OSError:
            return None
        return cls(found.st_dev, found.st_ino)


def check_is_ours(path: Path) -> None:
    """Raise :class:`StoreError` for a file that is no database of this program; one that is missing is made later.

    A file of 0 bytes is not taken for a new one: what empties files empties those that held records.
    """
    if not path.exists():
        if (path.parent / RESTORING_FILE).exists():
            # A new database would pass for the one that is to come back.
            remedy = "再运行一次 python -m bot restore 备份文件 --replace"
            raise StoreError("上次恢复没有做完，数据库还没有放好", value=path, remedy=remedy)
        return
    if not _has_first_page(path):
        raise StoreError("数据库文件是空的（0 字节）", value=path, remedy=_MOVE_AWAY)
    with path.open("rb") as file:
        if file.read(len(_BEGINNING)) != _BEGINNING:
            raise StoreError("这个文件不是 SQLite 数据库，或已损坏", value=path, remedy=_MOVE_AWAY)


def failure_kind(error: BaseException | None) -> int | None:
    """Which of ``sqlite3.SQLITE_…`` an error is; ``None`` for one that is not SQLite's. The low byte is the kind."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def check_tables(tables: list[str], path: Path | None) -> None:
    """Raise :class:`StoreError` for a database that another program made: it has tables, and none of ours."""
    if tables and _VERSION_TABLE not in tables:
        raise StoreError(
            "这是别的程序的数据库",
            value=path,
            tried=f"里面有 {'、'.join(sorted(tables)[:3])}",
            remedy="核对 database_url 和数据文件夹；数据库要用自己的文件",
        )


def _has_first_page(path: Path) -> bool:
    until = time.monotonic() + _FIRST_PAGE_WITHIN
    while path.stat().st_size == 0:
        if time.monotonic() > until or time.time() - path.stat().st_mtime > 2 * _FIRST_PAGE_WITHIN:
            return False
        time.sleep(0.05)
    return True
