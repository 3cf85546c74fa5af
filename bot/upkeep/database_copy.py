"""A consistent copy of the database as a SQLite file, and such a file brought back into a database.

A SQLite database is copied by SQLite's own backup, which waits for nobody and sees no half transaction. A PostgreSQL
database is read table by table in one repeatable-read transaction: the copy needs no ``pg_dump`` of the server's
version on this machine, can be read by anybody, and goes back into either kind of database.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, inspect, select, text

from bot.errors import BackupError
from bot.settings import PROJECT_ROOT
from bot.store.database import Database
from bot.store.sqlite_file import sqlite_path, sqlite_url
from bot.store.tables import METADATA

_ROWS_AT_ONCE = 1_000
_PACKAGE = PROJECT_ROOT / "bot"


def copy_out(url: str, target: Path) -> None:
    """Write the database of ``url`` as it is at this moment to the SQLite file ``target``."""
    source = Database(url)
    try:
        with source.read():
            pass
        path = sqlite_path(url)
        if path is not None:
            _copy_file(path, target)
            return
        made = Database(sqlite_url(target))
        try:
            with source.apart() as reading:
                reading.execution_options(isolation_level="REPEATABLE READ")
                with reading.begin(), made.write() as writing:
                    _copy_rows(reading, writing)
        finally:
            made.close()
    finally:
        source.close()


def copy_in(copy: Path, url: str) -> None:
    """Bring the rows of the SQLite file ``copy`` into the empty database of ``url``, all of them or none.

    Raises :class:`BackupError` for a database that holds rows already.
    """
    source, target = Database(sqlite_url(copy)), Database(url)
    try:
        with source.read() as reading, target.write() as writing:
            held = [table.name for table in _tables() if _count(writing, table)]
            if held:
                remedy = "新建一个空的数据库，把 database_url 指过去再恢复"
                raise BackupError("目标数据库里已有数据", value="、".join(held[:3]), remedy=remedy)
            _copy_rows(reading, writing)
            _renumber(writing)
    finally:
        source.close()
        target.close()


def bring_up_to_date(copy: Path) -> None:
    """Apply the migrations that an older copy lacks. Raises :class:`bot.errors.MarketError` for a newer one."""
    database = Database(sqlite_url(copy))
    try:
        database.check()
    finally:
        database.close()
    with closing(sqlite3.connect(copy)) as connection:
        # The file alone is moved on: nothing of it may lie in a log beside it.
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()


def _copy_file(path: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)


def _tables() -> list[Table]:
    """All tables, those first that others refer to."""
    for path in sorted(_PACKAGE.rglob("tables.py")):
        name = ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts)
        if "METADATA" in path.read_text(encoding="utf-8"):
            importlib.import_module(name)
    return list(METADATA.sorted_tables)


def _copy_rows(reading: Connection, writing: Connection) -> None:
    for table in _tables():
        for rows in _stretches(reading, table):
            writing.execute(insert(table), rows)


def _stretches(connection: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    found = connection.execution_options(stream_results=True).execute(select(table)).mappings()
    while rows := found.fetchmany(_ROWS_AT_ONCE):
        yield [dict(row) for row in rows]


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _renumber(connection: Connection) -> None:
    """Have PostgreSQL's own numbering go on after the rows that were brought in."""
    if connection.dialect.name != "postgresql":
        return
    for table in inspect(connection).get_table_names():
        sequence = "SELECT pg_get_serial_sequence(:name, 'id')"
        columns = {column["name"] for column in inspect(connection).get_columns(table)}
        held = connection.execute(text(sequence), {"name": table}).scalar() if "id" in columns else None
        if held:
            highest = f'(SELECT max(id) FROM "{table}")'
            connection.execute(
                text(f"SELECT setval(:held, coalesce({highest}, 1), {highest} IS NOT NULL)"), {"held": held}
            )
