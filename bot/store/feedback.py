"""Useful or not useful, with a reason: what users said of answers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from bot.errors import UsageError
from bot.store.database import Database, shared_database, utc_now
from bot.store.tables import feedback as table
from bot.types import Feedback

#: Longest text kept of one part; anything longer is cut, a rating is never lost for its length.
MAX_PART = 20_000


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    """One rating on file; ``created_at`` is ISO text in UTC."""

    id: int
    feedback: Feedback
    created_at: str


def record_feedback(database: Database | str, feedback: Feedback) -> StoredFeedback:
    """Keep one rating in ``database`` (or the one behind a URL) and return it as kept."""
    kept = Feedback(
        _storable(feedback.question), _storable(feedback.answer), feedback.useful, _storable(feedback.reason)
    )
    created_at = utc_now()
    values = {
        "question": kept.question,
        "answer": kept.answer,
        "useful": kept.useful,
        "reason": kept.reason,
        "created_at": created_at,
    }
    with _opened(database).write() as connection:
        row_id = connection.execute(insert(table).returning(table.c.id), values).scalar_one()
    return StoredFeedback(row_id, kept, created_at)


def list_feedback(
    database: Database | str, *, useful: bool | None = None, limit: int = 100
) -> tuple[StoredFeedback, ...]:
    """The newest ratings first; only useful or only not useful ones where asked."""
    if limit < 1:
        raise UsageError("条数要大于 0", value=limit, remedy="给一个正整数")
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if useful is not None:
        query = query.where(table.c.useful.is_(useful))
    with _opened(database).read() as connection:
        return tuple(
            StoredFeedback(
                row["id"],
                Feedback(row["question"], row["answer"], row["useful"], row["reason"]),
                row["created_at"],
            )
            for row in connection.execute(query).mappings()
        )


def _opened(database: Database | str) -> Database:
    return shared_database(database) if isinstance(database, str) else database


def _storable(text: str) -> str:
    # PostgreSQL refuses NUL, and no encoding takes a lone surrogate.
    return text[:MAX_PART].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
