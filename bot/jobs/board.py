"""Long work on record: asked for, taken by one process, its progress, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.errors import JobError
from bot.jobs.records import Job, JobKind, JobState
from bot.jobs.tables import jobs
from bot.store.database import Database
from bot.store.exclusive import Turn, take_turns
from bot.text.moments import present, stamp

#: A worker gives a sign of life so often, and is given up after so long without one.
SIGN_SECONDS, GIVEN_UP_AFTER = 2.0, timedelta(seconds=30)
#: An import writes all its rows in one transaction, and on SQLite a sign of life waits for its end: so much longer.
WRITING_A_ROW = timedelta(milliseconds=10)
#: Machines that share a database may be so far apart in time; a sign of life later than that was given under a clock
#: that has been set back since: whoever is alive soon gives another one.
CLOCKS_APART = timedelta(minutes=5)
_LIVE = (JobState.WAITING.value, JobState.RUNNING.value)


class JobBoard:
    """The work on record. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database, now: Callable[[], datetime] = present) -> None:
        self._database, self._now = database, now

    # --- for whoever asks -----------------------------------------------------------------------------

    def ask(self, kind: JobKind, title: str, parameters: Mapping[str, Any], *, by: str) -> Job:
        """Put work on record. Raises :class:`JobError` while work of that kind is going on: one at a time."""
        now = self._stamp()
        row = {
            "kind": kind.value,
            "title": title,
            "asked_by": by,
            "parameters": dict(parameters),
            "state": JobState.WAITING.value,
            "stage": "",
            "done": 0,
            "total": 0,
            "note": "",
            "result": {},
            "asked_at": now,
            "seen_at": now,
            "stop_asked": False,
        }
        with self._database.write() as connection:
            self._check_alone(connection, kind)
            number = connection.execute(insert(jobs).returning(jobs.c.id), row).scalar_one()
            return self._job(connection, number)

    def again(self, number: int) -> Job:
        """Have work that ended early wait for a worker once more; its parameters stay."""
        with self._database.write() as connection:
            job = self._job(connection, number)
            if not job.state.resumable:
                raise JobError(
                    "这项工作不能再继续", value=f"{number}（{job.state.label}）", remedy="刷新页面看现在的情况"
                )
            self._check_alone(connection, job.kind, other_than=number)
            self._set(connection, number, state=JobState.WAITING.value, note="", stop_asked=False, ended_at=None)
            return self._job(connection, number)

    def ask_to_stop(self, number: int) -> Job:
        """Ask the worker to stop at its next step; what is done of it stays."""
        with self._database.write() as connection:
            job = self._job(connection, number)
            if job.state.live:
                connection.execute(update(jobs).where(jobs.c.id == number).values(stop_asked=True))
            return self._job(connection, number)

    def job(self, number: int) -> Job:
        """The work of that number; raises :class:`JobError` when there is none."""
        with self._database.read() as connection:
            return self._job(connection, number)

    def newest(self, limit: int = 50, *, kind: JobKind | None = None) -> tuple[Job, ...]:
        """The newest work first."""
        query = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(jobs.c.kind == kind.value)
        with self._database.read() as connection:
            return tuple(self._read(row) for row in connection.execute(query).mappings())

    # --- for the worker -------------------------------------------------------------------------------

    @property
    def within_transaction(self) -> bool:
        """Whether what this thread writes is seen by nobody before a transaction of its work ends."""
        return self._database.within

    def take(self, number: int) -> Job:
        """Take waiting work; raises :class:`JobError` when another process did."""
        with self._database.write() as connection:
            mine = jobs.c.id == number, jobs.c.state == JobState.WAITING.value
            taken = {"state": JobState.RUNNING.value, "seen_at": self._stamp()}
            if connection.execute(update(jobs).where(*mine).values(**taken)).rowcount != 1:
                raise JobError("这项工作已有人在做", value=number, remedy="等它结束")
            return self._job(connection, number)

    def sign(self, number: int, stage: str, done: int, total: int) -> bool:
        """Give a sign of life with the progress; returns whether to stop."""
        with self._database.write() as connection:
            self._set(connection, number, stage=stage, done=done, total=total)
            return bool(connection.execute(select(jobs.c.stop_asked).where(jobs.c.id == number)).scalar_one())

    def end(self, number: int, state: JobState, *, note: str = "", result: Mapping[str, Any] | None = None) -> None:
        """Write down how the work ended; ``note`` is told to people and holds nothing private."""
        told = {} if result is None else {"result": dict(result)}
        with self._database.write() as connection:
            self._set(connection, number, state=state.value, note=note, ended_at=self._stamp(), **told)

    def fail_if_left(self, number: int, note: str) -> None:
        """Write down that a process ended without a word, unless it said how."""
        with self._database.write() as connection:
            if connection.execute(select(jobs.c.state).where(jobs.c.id == number)).scalar() in _LIVE:
                self._set(connection, number, state=JobState.FAILED.value, note=note, ended_at=self._stamp())

    # --- inside ---------------------------------------------------------------------------------------

    def _check_alone(self, connection: Connection, kind: JobKind, other_than: int = 0) -> None:
        # Two who look at once would both see nobody.
        take_turns(connection, Turn.ASKING_FOR_WORK)
        query = select(jobs).where(jobs.c.kind == kind.value, jobs.c.state.in_(_LIVE), jobs.c.id != other_than)
        for row in connection.execute(query).mappings():
            job = self._read(row)
            if job.state.live:
                raise JobError(f"已经有一项{kind.label}在进行", value=job.title, remedy="等它结束，或先停下它")

    def _set(self, connection: Connection, number: int, **values: Any) -> None:
        connection.execute(update(jobs).where(jobs.c.id == number).values(seen_at=self._stamp(), **values))

    def _job(self, connection: Connection, number: int) -> Job:
        row = connection.execute(select(jobs).where(jobs.c.id == number)).mappings().first()
        if row is None:
            raise JobError("没有这项工作", value=number, remedy="看工作列表")
        return self._read(row)

    def _read(self, row: Mapping[Any, Any]) -> Job:
        state, kind = JobState(row["state"]), JobKind(row["kind"])
        patience = GIVEN_UP_AFTER + (WRITING_A_ROW * row["total"] if kind is JobKind.IMPORT else timedelta())
        now = self._now()
        if state.live and not stamp(now - patience) <= row["seen_at"] <= stamp(now + CLOCKS_APART):
            state = JobState.INTERRUPTED
        told = {name: row[name] for name in ("id", "title", "asked_by", "parameters", "stage", "done", "total", "note")}
        more = {name: row[name] for name in ("result", "asked_at", "ended_at", "stop_asked")}
        return Job(kind=kind, state=state, **told, **more)

    def _stamp(self) -> str:
        return stamp(self._now())
