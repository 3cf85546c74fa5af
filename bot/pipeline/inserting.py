"""Inserting what may be there already, whoever else inserts it at the same moment; numbers in the order of coming."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert ``row`` unless one with its key is there; returns whether it was inserted."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    first = next(iter(table.primary_key.columns))
    added = make(table).values(**row).on_conflict_do_nothing().returning(first)
    return connection.execute(added).first() is not None


def next_number(connection: Connection, table: Table) -> int:
    """One more than the highest ``number`` in ``table``; two PostgreSQL transactions at once may get the same."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()) + 1
