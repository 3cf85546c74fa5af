"""Filters of the desk's list that somebody kept under a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from bot.errors import PipelineError
from bot.pipeline.tables import saved_filters
from bot.store.database import Database, utc_now

MOST_FILTERS, LONGEST_NAME, LONGEST_QUERY = 30, 60, 2_000


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter as an address holds it, without the question mark."""

    id: int
    name: str
    query: str


class SavedFilters:
    """Everybody's own filters. The constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, user_id: int, name: str, query: str) -> None:
        """Keep a filter under a name, in place of one that has it."""
        name, table = " ".join(name.split()), saved_filters
        if not name or len(name) > LONGEST_NAME or not name.isprintable() or len(query) > LONGEST_QUERY:
            raise PipelineError(
                "筛选的名称是空的、太长或有读不出的字符", value=name[:20], remedy=f"写 1–{LONGEST_NAME} 个字"
            )
        mine, values = (table.c.user_id == user_id), {"query": query, "kept_at": utc_now()}
        with self._database.write() as connection:
            if connection.execute(update(table).where(mine, table.c.name == name).values(**values)).rowcount:
                return
            if connection.execute(select(func.count()).select_from(table).where(mine)).scalar_one() >= MOST_FILTERS:
                raise PipelineError("存的筛选太多了", value=MOST_FILTERS, remedy="先删掉不用的")
            connection.execute(insert(table), {"user_id": user_id, "name": name, **values})

    def listed(self, user_id: int) -> tuple[SavedFilter, ...]:
        """Somebody's filters by name."""
        table = saved_filters
        query = select(table.c.id, table.c.name, table.c.query).where(table.c.user_id == user_id)
        with self._database.read() as connection:
            return tuple(SavedFilter(*row) for row in connection.execute(query.order_by(table.c.name)))

    def drop(self, user_id: int, number: int) -> None:
        """Forget one of somebody's own filters."""
        table = saved_filters
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.user_id == user_id, table.c.id == number))
