"""A right that one process holds at a time, also among machines that share nothing but a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import IntEnum, unique

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import MarketError
from bot.store.database import Database


@unique
class Turn(IntEnum):
    """What only one may do at a time, by the key of its advisory lock; the numbers are any that differ.

    Writers of the market take turns so that event numbers become visible in order: a follower of the log misses none,
    and what was agreed is ordered by them.
    """

    MIGRATING = 7_203_119
    WRITING_MARKET = 7_203_120
    WRITING_INDEX = 7_203_121
    ASKING_FOR_WORK = 7_203_122
    LEAVING_QUESTION = 7_203_123
    SIGNING_IN = 7_203_124


#: How soon the server notices that the machine of a holder is gone: 30 + 3 × 10 seconds.
_NOTICED = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


@contextmanager
def held_alone(database: Database, turn: Turn) -> Iterator[Callable[[], None] | None]:
    """Hold ``turn``, an advisory lock of a PostgreSQL database for as long as the block lasts.

    ``None`` is given where another process holds it. What is given otherwise raises :class:`MarketError` when called
    after the connection was lost, and the right with it. The lock ends with the process or machine that holds it.
    Raises :class:`MarketError` without the database.
    """
    with ExitStack() as open_ones:
        try:
            connection = open_ones.enter_context(database.apart())
            taken = _taken(connection, turn)
        except SQLAlchemyError as error:
            raise _lost(error) from error
        if not taken:
            yield None
            return

        def still_held() -> None:
            try:
                connection.execute(text("SELECT 1"))
            except SQLAlchemyError as error:
                raise _lost(error) from error

        yield still_held


def take_turns(connection: Connection, turn: Turn) -> None:
    """Have PostgreSQL transactions that name ``turn`` take turns until they end; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": turn})


def _taken(connection: Connection, turn: Turn) -> bool:
    for name, seconds in _NOTICED.items():
        connection.execute(text(f"SET {name} = {seconds}"))
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": turn}).scalar_one())


def _lost(error: SQLAlchemyError) -> MarketError:
    return MarketError("和数据库的连接断了", tried=type(error).__name__, remedy="数据库恢复后再做一次")
