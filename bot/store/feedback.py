"""Useful or not useful, with a reason: what users said of answers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from bot.errors import UsageError
from bot.store.database import Database, utc_now
from bot.store.tables import feedback

#: Longest text kept of one part; anything longer is cut, a rating is never lost for its length.
MAX_PART = 20_000


@dataclass(frozen=True, slots=True)
class Feedback:
    """One rating; ``created_at`` is ISO text in UTC."""

    id: int
    question: str
    answer: str
    useful: bool
    reason: str
    created_at: str


def record_feedback(
    database: Database, *, question: str, answer: str, useful: bool, reason: str = ""
) -> Feedback:
    """Keep one rating and return it as kept."""
    values = {
        "question": _storable(question),
        "answer": _storable(answer),
        "useful": useful,
        "reason": _storable(reason),
        "created_at": utc_now(),
    }
    with database.write() as connection:
        row_id = connection.execute(insert(feedback).returning(feedback.c.id), values).scalar_one()
    return Feedback(id=row_id, **values)  # type: ignore[arg-type]


def list_feedback(
    database: Database, *, useful: bool | None = None, limit: int = 100
) -> tuple[Feedback, ...]:
    """The newest ratings first; only useful or only not useful ones where asked."""
    if limit < 1:
        raise UsageError("条数要大于 0", value=limit, remedy="给一个正整数")
    query = select(feedback).order_by(feedback.c.id.desc()).limit(limit)
    if useful is not None:
        query = query.where(feedback.c.useful.is_(useful))
    with database.read() as connection:
        return tuple(Feedback(**row) for row in connection.execute(query).mappings())


def _storable(text: str) -> str:
    # PostgreSQL refuses NUL, and no encoding takes a lone surrogate.
    return text[:MAX_PART].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
