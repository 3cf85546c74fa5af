"""One object for the database: an engine made on first use, migrated before the first transaction."""

from __future__ import annotations

import functools
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from bot.errors import MarketError

_LOGGER = logging.getLogger(__name__)

#: How long a writer waits for another one before giving up, in milliseconds.
BUSY_TIMEOUT_MS = 30_000
#: How long clearing the write-ahead log waits for readers; the next clearing takes what is left.
CLEARING_TIMEOUT_MS = 500
_IMMEDIATE = "bot_immediate"


def utc_now() -> str:
    """The present moment as ISO text in UTC, to the microsecond, sortable as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Database:
    """The database behind a SQLAlchemy URL (SQLite and PostgreSQL are tested).

    The constructor does no I/O. The first transaction connects and applies missing migrations under a
    lock, so several processes may start at once. Safe to share between threads. Raises
    :class:`MarketError` when the database cannot be reached or was written by a newer program.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction for reading: one consistent view."""
        with self._ready().begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction for writing; on SQLite it takes the write lock at once, so it never deadlocks."""
        with self._ready().execution_options(**{_IMMEDIATE: True}).begin() as connection:
            yield connection

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
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _ready(self) -> Engine:
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    self._engine = self._open()
        return self._engine

    def _open(self) -> Engine:
        from bot.store.migrate import migrate

        engine = _engine(self.url)
        try:
            migrate(engine)
        except (DBAPIError, SQLAlchemyError) as error:
            engine.dispose()
            raise MarketError(
                "数据库打不开",
                value=make_url(self.url).render_as_string(hide_password=True),
                tried=str(getattr(error, "orig", error)).strip().splitlines()[0],
                remedy="检查 database_url、数据库服务是否在运行、数据文件夹是否可写",
            ) from error
        except BaseException:
            engine.dispose()
            raise
        return engine


@functools.cache
def shared_database(url: str) -> Database:
    """The one :class:`Database` of this process for ``url``, so that its connections are pooled."""
    return Database(url)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(url, parsed.database)
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


def _sqlite_engine(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # Values of a failed statement would stand in the log: contacts among them.
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late and not at all before DDL; _begin_sqlite does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    # The timeout first: switching to WAL takes a lock that another starting process may hold.
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        # What is deleted is overwritten: contacts among it.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
