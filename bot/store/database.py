"""One object for the database: an engine made on first use, migrated before the first transaction."""

from __future__ import annotations

import functools
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from bot.errors import MarketError, StoreError
from bot.store import faults
from bot.store.sqlite_file import RESTORE, FileIdentity, check_is_ours, check_tables, failure_kind, sqlite_path
from bot.text.moments import present, stamp

_LOGGER = logging.getLogger(__name__)

#: How long a writer waits for another one before giving up, in milliseconds.
BUSY_TIMEOUT_MS = 30_000
#: How long clearing the write-ahead log waits for readers; the next clearing takes what is left.
CLEARING_TIMEOUT_MS = 500
#: Between two tries to switch a new file.
_AGAIN_SECONDS = 0.01
_IMMEDIATE = "bot_immediate"


def utc_now() -> str:
    """The present moment as ISO text in UTC, to the microsecond, sortable as text."""
    return stamp(present())


class Database:
    """The database behind a SQLAlchemy URL (SQLite and PostgreSQL are tested).

    The constructor does no I/O. The first transaction connects and applies missing migrations under a
    lock, so several processes may start at once. Safe to share between threads. Raises
    :class:`MarketError` when the database cannot be reached, is damaged, is another program's or a newer one's, and
    where nothing can be saved (a full disk, a folder that cannot be written).

    A SQLite file that is replaced while it is open (a backup was restored) is opened anew; one that is deleted is
    told, and not made again before the next start: an empty database must not pass for the old one.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine: Engine | None = None
        self._identity: FileIdentity | None = None
        self._lock = threading.Lock()
        self._together = threading.local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction for reading: one consistent view."""
        with self._transaction(writing=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction for writing; on SQLite it takes the write lock at once, so it never deadlocks."""
        with self._transaction(writing=True) as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make everything one transaction that this thread reads and writes within: all of it is kept, or none.

        Remains that are to be cleared within are cleared afterwards.
        """
        with self.write() as connection:
            self._together.connection, self._together.remains = connection, False
            try:
                yield
            finally:
                remains = self._together.remains
                self._together.connection = None
        if remains:
            self.clear_remains()

    @contextmanager
    def apart(self) -> Iterator[Connection]:
        """A connection of its own, outside of transactions; what it set or locked ends with it."""
        with self._ready().connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            try:
                yield connection
            finally:
                # Not back to the pool: its locks and settings would go along.
                connection.invalidate()

    @property
    def within(self) -> bool:
        """Whether this thread is within :meth:`together`."""
        return self._joined() is not None

    @property
    def was_there(self) -> bool:
        """Whether this process has had the database open: a file that is gone since held what it held."""
        return self._engine is not None

    def check(self) -> None:
        """Raise :class:`MarketError` or the driver's error where the database cannot be asked."""
        with self.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    def clear_remains(self) -> None:
        """Clear from SQLite's write-ahead log what was just deleted, as far as no reader still needs it.

        The main file holds nothing of it (``secure_delete``). Does nothing on other databases.
        """
        if make_url(self.url).get_backend_name() != "sqlite":
            return
        if self._joined() is not None:
            self._together.remains = True
            return
        with self._ready().connect() as connection:
            raw = connection.connection.cursor()
            try:
                raw.execute(f"PRAGMA busy_timeout={CLEARING_TIMEOUT_MS}")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                raw.fetchall()
            except sqlite3.OperationalError:
                # What was done is done; the next clearing takes this one along.
                _LOGGER.warning("the write-ahead log could not be cleared now")
            finally:
                raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
                raw.close()

    def close(self) -> None:
        """Close all pooled connections; the next transaction opens new ones."""
        with self._lock:
            self._identity = None
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    # --- inside ---------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self, *, writing: bool) -> Iterator[Connection]:
        joined = self._joined()
        if joined is not None:
            yield joined
            return
        engine = self._ready()
        opened = self._identity
        try:
            with engine.execution_options(**{_IMMEDIATE: writing}).begin() as connection:
                yield connection
        except DBAPIError as error:
            told = faults.told(error, self._place)
            if told is None:
                raise
            raise told from error
        path = sqlite_path(self.url) if writing else None
        if path is not None and opened is not None and FileIdentity.of(path) != opened:
            # It went into a file that bears the name no more: nobody may be told that it is kept.
            raise self._gone(path)

    def _joined(self) -> Connection | None:
        """The connection of :meth:`together` in this thread."""
        return getattr(self._together, "connection", None)

    @property
    def _place(self) -> str:
        path = sqlite_path(self.url)
        return make_url(self.url).render_as_string(hide_password=True) if path is None else str(path)

    def _ready(self) -> Engine:
        if self._engine is None or self._replaced():
            with self._lock:
                if self._engine is not None and self._replaced():
                    _LOGGER.warning("the database file is another one now; it is opened anew")
                    self._engine.dispose()
                    self._engine = None
                if self._engine is None:
                    self._engine = self._open()
        return self._engine

    def _replaced(self) -> bool:
        """Whether another file bears the name now; raises where none does."""
        path = sqlite_path(self.url)
        if path is None or self._identity is None:
            return False
        now = FileIdentity.of(path)
        if now is None:
            raise self._gone(path)
        return now != self._identity

    def _gone(self, path: Path) -> StoreError:
        return StoreError(
            "数据库文件不见了，没有保存", value=path, remedy=f"{RESTORE}，服务会自己接上；要从空的开始，就重新启动程序"
        )

    def _open(self) -> Engine:
        from bot.store.migrate import migrate

        path = sqlite_path(self.url) if self.url.startswith("sqlite:") else None
        try:
            if path is not None:
                check_is_ours(path)
            engine = _engine(self.url)
        except OSError as error:
            remedy = "让运行程序的用户可以读写数据文件夹"
            raise StoreError("数据文件夹用不了", value=path, tried=str(error), remedy=remedy) from None
        try:
            if path is not None and path.exists():
                with engine.connect() as connection:
                    check_tables(inspect(connection).get_table_names(), path)
            migrate(engine)
        except (DBAPIError, SQLAlchemyError) as error:
            engine.dispose()
            known = faults.told(error, self._place) if isinstance(error, DBAPIError) and path is not None else None
            raise known or StoreError(
                "数据库打不开",
                value=self._place,
                tried=str(getattr(error, "orig", error)).strip().splitlines()[0],
                remedy="检查 database_url、数据库服务是否在运行、数据文件夹是否可写",
            ) from error
        except BaseException:
            engine.dispose()
            raise
        self._identity = FileIdentity.of(path) if path is not None else None
        return engine


@functools.cache
def shared_database(url: str) -> Database:
    """The one :class:`Database` of this process for ``url``, so that its connections are pooled."""
    return Database(url)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(parsed)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise MarketError(
            "数据库地址用不了",
            value=url.split("@")[-1],
            tried=str(error),
            remedy="写成 sqlite:///文件 或 postgresql://用户:密码@主机/库（需要 psycopg）",
        ) from error


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # Values of a failed statement would stand in the log: contacts among them.
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late and not at all before DDL; _begin_sqlite does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _write_ahead(cursor)
    for pragma in (
        "foreign_keys=ON",
        "synchronous=NORMAL",
        # What is deleted is overwritten: contacts among it.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to a write-ahead log, once for the file.

    SQLite does not wait where two programs that start at once switch the same new file: each would wait for the other.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if failure_kind(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(_AGAIN_SECONDS)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
