"""Useful or not useful, with a reason: what users said of answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import UsageError
from bot.questions.masking import exchange_of, masked
from bot.questions.tables import feedback as table
from bot.store.database import Database, shared_database, utc_now
from bot.text.storable import storable
from bot.types import Feedback

#: Longest text kept of one part; anything longer is cut, a rating is never lost for its length.
MAX_PART = 20_000


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    """One rating on file; ``created_at`` is ISO text in UTC."""

    id: int
    feedback: Feedback
    created_at: str


def record_feedback(database: Database | str, feedback: Feedback, published: tuple[str, ...] = ()) -> StoredFeedback:
    """Keep one rating in ``database`` (or the one behind a URL), masked, and return it as kept.

    Whoever rates one exchange again changes what they said of it. ``published`` are texts of documents, from which
    an answer may hold contacts.
    """
    kept = replace(
        feedback,
        question=storable(masked(feedback.question[:MAX_PART])),
        answer=storable(masked(feedback.answer[:MAX_PART], published)),
        reason=storable(masked(feedback.reason[:MAX_PART])),
    )
    values = {
        "question": kept.question,
        "answer": kept.answer,
        "useful": kept.useful,
        "reason": kept.reason,
        "created_at": utc_now(),
        "exchange": exchange_of(feedback.exchange),
    }
    opened = _opened(database)
    try:
        number = _written(opened, values)
    except IntegrityError:
        # Sent twice at the same moment: the other one is on file now.
        number = _written(opened, values)
    return StoredFeedback(number, kept, str(values["created_at"]))


def _written(database: Database, values: dict[str, object]) -> int:
    with database.write() as connection:
        if values["exchange"] is not None:
            again = update(table).where(table.c.exchange == values["exchange"]).values(**values).returning(table.c.id)
            number = connection.execute(again).scalar()
            if number is not None:
                return int(number)
        return int(connection.execute(insert(table).returning(table.c.id), values).scalar_one())


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
