"""What managers asked at the desk and were answered, kept in the database: a reload loses nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select

from bot.errors import UsageError
from bot.introductions.manager_replies import ManagerReply
from bot.introductions.tables import manager_turns
from bot.serialization import answer_from_kept, kept_answer, to_line
from bot.store.database import Database, utc_now
from bot.types import Answer

#: Turns shown at once; of those before only the number is told.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ManagerTurn:
    """A question with what was answered: about records, or from the documents, or the ``problem`` it met."""

    id: int
    question: str
    at: str
    reply: ManagerReply | None = None
    answer: Answer | None = None
    problem: str = ""


class Conversations:
    """The kept conversations, one a manager. The constructor does no I/O; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, user_id: int, limit: int = SHOWN) -> tuple[tuple[ManagerTurn, ...], int]:
        """The newest turns, oldest of them first, and how many there are in all."""
        mine = manager_turns.c.user_id == user_id
        query = select(manager_turns).where(mine).order_by(manager_turns.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            total = connection.execute(select(func.count()).select_from(manager_turns).where(mine)).scalar_one()
            rows = connection.execute(query).mappings().all()
        return tuple(_turn(row) for row in reversed(rows)), total

    def keep(
        self,
        user_id: int,
        question: str,
        *,
        reply: ManagerReply | None = None,
        answer: Answer | None = None,
        problem: str = "",
    ) -> None:
        """Add a turn."""
        told: dict[str, Any] = {"problem": problem}
        if reply is not None:
            told["reply"] = asdict(reply)
        if answer is not None:
            told["answer"] = to_line(kept_answer(answer))
        row = {"user_id": user_id, "question": question, "reply": told, "at": utc_now()}
        with self._database.write() as connection:
            connection.execute(insert(manager_turns), row)

    def clear(self, user_id: int) -> None:
        """Forget everything that the manager asked."""
        with self._database.write() as connection:
            connection.execute(delete(manager_turns).where(manager_turns.c.user_id == user_id))


def _turn(row: Any) -> ManagerTurn:
    told = row["reply"]
    reply = _replies().validate_python(told["reply"]) if "reply" in told else None
    answer, problem = None, told["problem"]
    try:
        answer = answer_from_kept(told["answer"]) if "answer" in told else None
    except UsageError as error:
        # Kept by another version of this program.
        problem = str(error)
    return ManagerTurn(row["id"], row["question"], row["at"], reply, answer, problem)


@cache
def _replies() -> TypeAdapter[ManagerReply]:
    return TypeAdapter(ManagerReply)
