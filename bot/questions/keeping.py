"""Questions are written down beside answering, never before it: a queue with a bound, a thread of its own."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from bot.questions.masking import exchange_of, masked, published_in, wording_of
from bot.questions.records import AskedAt
from bot.questions.tables import feedback, kept_questions
from bot.store.database import Database
from bot.text.moments import present, stamp
from bot.text.storable import storable
from bot.types import Answer, Citation

_LOGGER = logging.getLogger(__name__)

#: Questions that may wait to be written; what comes then is not kept: the answer matters more.
MOST_WAITING = 2_000
#: Questions written in one transaction, and how long the first of them waits for others.
MOST_IN_BATCH, BATCH_SECONDS = 200, 0.3
#: How often a writer without work looks whether the day has changed.
LOOK_SECONDS = 60.0
#: A clock that went on by so much more, or less, than the time that passed was set, or the machine was asleep.
JUMP = timedelta(minutes=5)
#: How long a clock in doubt has to go evenly before anything is deleted by it.
SURE_AFTER = timedelta(hours=1)
#: What is past its time for longer than a program is usually away puts the clock in doubt.
OVERDUE = timedelta(days=4)
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_QUOTE = 2_000, 20_000, 2_000
MOST_SOURCES, MOST_NOTES = 40, 40


@dataclass(frozen=True, slots=True)
class _Heard:
    answer: Answer
    door: AskedAt
    key: str
    at: datetime


class QuestionKeeper:
    """Keeps questions with their answers for ``days``, masked; with 0 none are kept. Does no I/O until one comes.

    Safe to share between threads. What was heard less than a second ago is lost when the program is killed.
    """

    def __init__(
        self,
        database: Database,
        days: int,
        now: Callable[[], datetime] = present,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.days = days
        self._database, self._now, self._steady = database, now, steady
        self._waiting: queue.Queue[_Heard | None] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._swept = ""
        self._looked: tuple[datetime, float] | None = None
        self._doubted: float | None = None

    def keep(self, answer: Answer, door: AskedAt, key: str = "") -> None:
        """Have ``answer`` written down with its question; ``key`` is the page's own number of the exchange.

        Returns at once and never fails. What is told to register a need or offer is no question and not kept.
        """
        if not self.days or (answer.draft is not None and answer.draft.draft.started):
            return
        try:
            self._waiting.put_nowait(_Heard(answer, door, key, self._now()))
        except queue.Full:
            _LOGGER.warning("questions come faster than they are written: one was not kept")
        self.start()

    def start(self) -> None:
        """Begin to write, and delete what is past its time: now, and every day while the program runs."""
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="questions", daemon=True)
                self._thread.start()

    def close(self, seconds: float = 5.0) -> None:
        """Write what waits and stop; gives up after ``seconds``."""
        with self._lock:
            self._closed, thread = True, self._thread
        if thread is None:
            return
        try:
            self._waiting.put(None, timeout=seconds)
        except queue.Full:
            return
        thread.join(seconds)

    def sweep(self) -> int:
        """Delete questions and verdicts that are past their time, from the database's files too; gives how many."""
        now = self._now()
        with self._database.write() as connection:
            gone = sum(self._swept_from(connection, table, now) for table in (kept_questions, feedback))
        if gone:
            self._database.clear_remains()
        return gone

    def _swept_from(self, connection: Connection, table: Table, now: datetime) -> int:
        if not self.days:
            return connection.execute(delete(table)).rowcount
        # Rows are in the order in which they came, whatever the clock said: what came after one that is to be kept is
        # kept, and what bears a time to come leaves with what came after it.
        at, before = _moment(table), stamp(now - timedelta(days=self.days))
        first_kept = select(func.min(table.c.id)).where(at > before, at <= stamp(now + JUMP)).scalar_subquery()
        first = connection.execute(select(first_kept)).scalar()
        due = select(func.max(table.c.id)).where(at <= before, *([] if first is None else [table.c.id < first]))
        last = connection.execute(due).scalar()
        return 0 if last is None else connection.execute(delete(table).where(table.c.id <= last)).rowcount

    def _work(self) -> None:
        going = True
        while going:
            self._look_at_the_clock()
            batch, going = self._next()
            if batch:
                self._guarded("questions could not be kept", partial(self._write, batch))

    def _next(self) -> tuple[list[_Heard], bool]:
        """What came, and whether more may come."""
        try:
            first = self._waiting.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return [], True
        if first is None:
            return [], False
        batch, until = [first], time.monotonic() + BATCH_SECONDS
        while len(batch) < MOST_IN_BATCH:
            try:
                heard = self._waiting.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if heard is None:
                return batch, False
            batch.append(heard)
        return batch, True

    def _write(self, batch: Sequence[_Heard]) -> None:
        rows = [_row(each) for each in batch]
        with self._database.write() as connection:
            connection.execute(insert(kept_questions), rows)

    def _look_at_the_clock(self) -> None:
        """Sweep once a day, by a clock that is not in doubt."""
        now, steady = self._now(), self._steady()
        if self._looked is None:
            self._guarded("old questions could not be looked at", partial(self._doubt_overdue, now, steady))
        else:
            before, then = self._looked
            off = now - before - timedelta(seconds=steady - then)
            if abs(off) > JUMP:
                self._doubt(steady, f"the machine's clock was set by {off}, or it was asleep")
        self._looked = now, steady
        if self._doubted is not None and steady - self._doubted < SURE_AFTER.total_seconds():
            return
        self._doubted = None
        today = now.date().isoformat()
        if today != self._swept:
            self._swept = today
            self._guarded("old questions could not be deleted", self.sweep)

    def _doubt_overdue(self, now: datetime, steady: float) -> None:
        """Put the clock in doubt where a program that swept every day would have swept before."""
        overdue = stamp(now - timedelta(days=self.days) - OVERDUE)
        with self._database.read() as connection:
            oldest = [
                connection.execute(select(func.min(_moment(each)))).scalar() for each in (kept_questions, feedback)
            ]
        if self.days and any(each is not None and each <= overdue for each in oldest):
            self._doubt(steady, "questions are past their time for days: the machine's clock may be ahead")

    def _doubt(self, steady: float, why: str) -> None:
        self._doubted = steady
        _LOGGER.warning("%s; nothing is deleted by this clock within the hour", why)

    def _guarded(self, failure: str, work: Callable[[], object]) -> None:
        """A database that is away stops neither answers nor this thread; what was asked stays out of the log."""
        try:
            work()
        except Exception as error:
            _LOGGER.warning("%s (%s)", failure, type(error).__name__)


def _moment(table: Table) -> Any:
    return table.c.asked_at if table is kept_questions else table.c.created_at


def _row(heard: _Heard) -> dict[str, Any]:
    answer = heard.answer
    public = published_in(answer)
    standalone = _masked(answer.standalone_question or answer.question, LONGEST_QUESTION)
    return {
        "exchange": exchange_of(heard.key),
        "asked_at": stamp(heard.at),
        "door": heard.door.value,
        "question": _masked(answer.question, LONGEST_QUESTION),
        "standalone": standalone,
        "wording": wording_of(standalone),
        "answer": _masked(answer.answer, LONGEST_ANSWER, public),
        "notes": [_masked(each, LONGEST_QUOTE, public) for each in answer.notes[:MOST_NOTES]],
        "evidence": [_source(each) for each in answer.citations[:MOST_SOURCES]],
        "outcome": answer.outcome.value,
        "mode": answer.mode.value,
        "language": answer.language,
        "elapsed_ms": answer.elapsed_ms,
    }


def _source(cited: Citation) -> dict[str, Any]:
    # The documents' own words are published as they are.
    return {
        "marker": cited.marker,
        "document_id": cited.document_id,
        "title": cited.title,
        "section": cited.section,
        "quote": storable(cited.quote[:LONGEST_QUOTE]),
    }


def _masked(text: str, longest: int, published: Sequence[str] = ()) -> str:
    return storable(masked(text[:longest], published))
