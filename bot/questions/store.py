"""Kept questions as lists: filtered, counted, by wording, by what their readers said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, or_, select

from bot.errors import QuestionsError
from bot.questions.records import (
    UNANSWERED,
    AskedAt,
    Asking,
    KeptQuestion,
    QuestionFilter,
    Source,
    Verdict,
)
from bot.questions.tables import feedback, kept_questions
from bot.store.database import Database
from bot.types import Mode, Outcome

USEFUL, NOT_USEFUL, UNRATED = "useful", "not_useful", "none"
#: Wordings that are grouped by meaning: the newest. All pairs of them are compared.
MOST_GROUPED = 400
_K = kept_questions.c
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many questions share a value: a day, an outcome, a mode."""

    value: str
    count: int


class QuestionStore:
    """Reads kept questions. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, wanted: QuestionFilter, *, limit: int = 50, before: int | None = None) -> tuple[KeptQuestion, ...]:
        """The newest questions first; ``before`` goes on behind the question of that number."""
        query = _joined().where(*_conditions(wanted))
        if before is not None:
            query = query.where(_K.id < before)
        return self._read(query.order_by(_K.id.desc()).limit(limit))

    def question(self, number: int) -> KeptQuestion:
        """The question of that number; raises :class:`QuestionsError` when it is not kept (any more)."""
        found = self._read(_joined().where(_K.id == number))
        if not found:
            raise QuestionsError("没有这条问题", value=number, remedy="也许保存期已过；回列表看现有的")
        return found[0]

    def questions(self, numbers: Iterable[int]) -> tuple[KeptQuestion, ...]:
        """Those of ``numbers`` that are kept, newest first."""
        return self._read(_joined().where(_K.id.in_(list(numbers))).order_by(_K.id.desc()))

    def with_wording(self, wording: str, *, limit: int = 20) -> tuple[KeptQuestion, ...]:
        """Questions of one wording, newest first."""
        return self._read(_joined().where(_K.wording == wording).order_by(_K.id.desc()).limit(limit))

    def counts(self, wanted: QuestionFilter, by: str) -> tuple[Counted, ...]:
        """How many questions there are by ``day`` (in order), ``outcome`` or ``mode`` (the most first)."""
        value = func.substr(_K.asked_at, 1, 10) if by == "day" else _K[by]
        number = func.count()
        query = _filtered(select(value, number), wanted).group_by(value)
        query = query.order_by(value if by == "day" else number.desc())
        with self._database.read() as connection:
            return tuple(Counted(*row) for row in connection.execute(query))

    def asked_most(self, wanted: QuestionFilter, *, limit: int = 20) -> tuple[Asking, ...]:
        """The wordings that were asked most often; marks, blanks and width are no difference."""
        with self._database.read() as connection:
            return _askings(connection, wanted, (), limit, most_asked=True)

    def unanswered(self, wanted: QuestionFilter, *, limit: int = MOST_GROUPED) -> tuple[Asking, ...]:
        """The wordings without an answer from the documents, the newest first."""
        nothing = _K.outcome.in_([each.value for each in UNANSWERED])
        with self._database.read() as connection:
            return _askings(connection, wanted, (nothing,), limit)

    def not_useful(self, *, limit: int = 50) -> tuple[tuple[KeptQuestion | None, str, Verdict], ...]:
        """What readers called not useful, newest first: the question as kept, if it is; its words; the verdict."""
        query = select(feedback).where(feedback.c.useful.is_(False)).order_by(feedback.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        known = [row["exchange"] for row in rows if row["exchange"]]
        query = _joined().where(_K.exchange.in_(known))
        with self._database.read() as connection:
            kept = {row["exchange"]: _question(row) for row in connection.execute(query).mappings()}
        return tuple(
            (kept.get(row["exchange"]), row["question"], Verdict(False, row["reason"], row["created_at"]))
            for row in rows
        )

    def _read(self, query: Select[Any]) -> tuple[KeptQuestion, ...]:
        with self._database.read() as connection:
            return tuple(_question(row) for row in connection.execute(query).mappings())


def _askings(
    connection: Connection,
    wanted: QuestionFilter,
    also: Sequence[ColumnElement[bool]],
    limit: int,
    *,
    most_asked: bool = False,
) -> tuple[Asking, ...]:
    """Wordings with their newest question, the newest or the most asked first."""
    newest, times = func.max(_K.id).label("newest"), func.count().label("times")
    order = (times.desc(), newest.desc()) if most_asked else (newest.desc(),)
    groups = _filtered(select(newest, times), wanted).where(*also).group_by(_K.wording)
    told = groups.order_by(*order).limit(limit).subquery()
    query = select(_K.id, _K.standalone, told.c.times, _K.asked_at).join(told, told.c.newest == _K.id)
    order = (told.c.times.desc(), told.c.newest.desc()) if most_asked else (told.c.newest.desc(),)
    return tuple(Asking(*row) for row in connection.execute(query.order_by(*order)))


def _with_verdicts() -> FromClause:
    return kept_questions.outerjoin(feedback, feedback.c.exchange == _K.exchange)


def _joined() -> Select[Any]:
    told = (feedback.c.useful, feedback.c.reason, feedback.c.created_at)
    return select(kept_questions, *told).select_from(_with_verdicts())


def _filtered(query: Select[*tuple[Any, ...]], wanted: QuestionFilter) -> Select[*tuple[Any, ...]]:
    # Without verdicts an index alone tells days, outcomes and wordings.
    read = _with_verdicts() if wanted.verdict else kept_questions
    return query.select_from(read).where(*_conditions(wanted))


def _conditions(wanted: QuestionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.outcome:
        found.append(_K.outcome == wanted.outcome)
    if wanted.mode:
        found.append(_K.mode == wanted.mode)
    if wanted.verdict in (USEFUL, NOT_USEFUL):
        found.append(feedback.c.useful.is_(wanted.verdict == USEFUL))
    if wanted.verdict == UNRATED:
        found.append(feedback.c.id.is_(None))
    if wanted.since:
        found.append(_K.asked_at >= wanted.since)
    if wanted.until:
        found.append(_K.asked_at < _day_after(wanted.until))
    for word in wanted.words.split():
        like = f"%{_literal(word)}%"
        found.append(or_(*(column.ilike(like, escape=_ESCAPE) for column in (_K.question, _K.standalone))))
    return [and_(*found)] if found else []


def _day_after(day: str) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return day


def _literal(word: str) -> str:
    for mark in (_ESCAPE, "%", "_"):
        word = word.replace(mark, _ESCAPE + mark)
    return word


def _question(row: Mapping[Any, Any]) -> KeptQuestion:
    rated = row["useful"] is not None
    return KeptQuestion(
        number=row["id"],
        asked_at=row["asked_at"],
        door=AskedAt(row["door"]),
        question=row["question"],
        standalone=row["standalone"],
        wording=row["wording"],
        answer=row["answer"],
        notes=tuple(row["notes"]),
        sources=tuple(Source(**each) for each in row["evidence"]),
        outcome=Outcome(row["outcome"]),
        mode=Mode(row["mode"]),
        language=row["language"],
        elapsed_ms=row["elapsed_ms"],
        verdict=Verdict(row["useful"], row["reason"], row["created_at"]) if rated else None,
    )
