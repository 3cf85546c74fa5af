"""When somebody means to look at a document again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select

from bot.curation.tables import document_reviews as table
from bot.errors import CorpusError
from bot.store.database import Database, utc_now


@dataclass(frozen=True, slots=True)
class Review:
    """A document is to be looked at again on the ISO day ``due``."""

    document: str
    due: str
    note: str
    by_name: str
    at: str


class ReviewBook:
    """The days on record. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Review, ...]:
        """Every day on record, soonest first."""
        query = select(table).order_by(table.c.due, table.c.document)
        with self._database.read() as connection:
            return tuple(Review(**row) for row in connection.execute(query).mappings())

    def set(self, document: str, due: str, *, note: str = "", by: str) -> None:
        """Have a document looked at again on ``due`` (``2026-05-28``); empty: no longer.

        Raises :class:`CorpusError` for what is no day.
        """
        try:
            day = date.fromisoformat(due).isoformat() if due else ""
        except ValueError:
            raise CorpusError("这不是日期", value=due[:20], remedy="写成 2026-05-28 的样子") from None
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.document == document))
            if day:
                row = {"document": document, "due": day, "note": note[:500], "by_name": by, "at": utc_now()}
                connection.execute(insert(table).values(**row))
