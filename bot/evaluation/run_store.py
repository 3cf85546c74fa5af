"""Runs in the database: several web processes see the same ones, and every answer is kept as soon as it is there.

The database is the one home of runs rather than files below the data folder: a run is begun, gone on with and read
by different processes, each answer is a transaction of its own, and the desk asks for the newest run of an index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select, update

from bot.errors import UsageError
from bot.evaluation.cases import Case
from bot.evaluation.circumstances import Circumstances
from bot.evaluation.results import SavedResult
from bot.evaluation.tables import bench_results, bench_runs
from bot.store.columns import ID_LENGTH
from bot.store.database import Database, utc_now

_LONGEST_STEM = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: ``done`` of ``total`` cases asked, ``passed`` of them right; ``seconds`` were spent on asking.

    ``of_kept``: of the cases kept at the desk; ``target`` is the index asked; ``job`` the work at the desk that it
    belongs to. Times are ISO in UTC; ``ended_at`` is ``None`` while cases are left.
    """

    number: int
    name: str
    cases_from: str
    of_kept: bool
    circumstances: Circumstances
    target: str
    by: str
    job: int | None
    started_at: str
    ended_at: str | None
    seconds: float
    total: int
    done: int
    passed: int

    @property
    def finished(self) -> bool:
        """Whether every case was asked."""
        return self.ended_at is not None


class RunStore:
    """The runs. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database, now: Callable[[], str] = utc_now) -> None:
        self._database, self._now = database, now

    def begin(
        self,
        cases: Sequence[Case],
        told: Circumstances,
        *,
        cases_from: str,
        of_kept: bool,
        target: str,
        by: str,
        job: int | None = None,
    ) -> Run:
        """Put a run on record with all that it will ask: cases changed meanwhile do not change it."""
        if not cases:
            raise UsageError("没有要问的用例", remedy="先写几条用例，或换一个标签")
        with self._database.write() as connection:
            row = {
                "name": self._name(connection, cases_from),
                "cases_from": cases_from,
                "of_kept": of_kept,
                "index_digest": told.index_digest,
                "setting_digest": told.setting_digest,
                "circumstances": told.model_dump(mode="json"),
                "by_name": by,
                "started_at": self._now(),
                "seconds": 0.0,
                "job": job,
                "target": target,
            }
            number = int(connection.execute(insert(bench_runs).returning(bench_runs.c.id), row).scalar_one())
            rows = [
                {"run": number, "place": place, "content": each.model_dump(mode="json", exclude_defaults=True)}
                for place, each in enumerate(cases)
            ]
            connection.execute(insert(bench_results), rows)
            return _one(connection, bench_runs.c.id == number, number)

    def pending(self, number: int) -> tuple[tuple[int, Case], ...]:
        """The cases that are left, with their places."""
        query = select(bench_results.c.place, bench_results.c.content).where(
            bench_results.c.run == number, bench_results.c.result.is_(None)
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(bench_results.c.place)).all()
        return tuple((place, Case.model_validate(content)) for place, content in rows)

    def record(self, number: int, place: int, result: SavedResult, seconds: float) -> None:
        """Keep the answer to one case. Raises :class:`UsageError` when the run was deleted meanwhile."""
        content = result.model_dump(mode="json", exclude_defaults=True)
        mine = bench_results.c.run == number, bench_results.c.place == place, bench_results.c.result.is_(None)
        with self._database.write() as connection:
            spent = update(bench_runs).where(bench_runs.c.id == number)
            if not connection.execute(spent.values(seconds=bench_runs.c.seconds + seconds)).rowcount:
                raise UsageError("这次测试已被删除", value=number, remedy="重新跑一次")
            connection.execute(update(bench_results).where(*mine).values(result=content, passed=result.passed))

    def finish(self, number: int) -> Run:
        """Write down that every case was asked."""
        with self._database.write() as connection:
            ended = update(bench_runs).where(bench_runs.c.id == number, bench_runs.c.ended_at.is_(None))
            connection.execute(ended.values(ended_at=self._now()))
            return _one(connection, bench_runs.c.id == number, number)

    def run(self, number: int) -> Run:
        """The run of that number; raises :class:`UsageError` when there is none."""
        with self._database.read() as connection:
            return _one(connection, bench_runs.c.id == number, number)

    def named(self, name: str) -> Run | None:
        """The run of that name, or of that number."""
        own = bench_runs.c.name == name
        # Larger numbers than a column holds are nobody's.
        wanted = own | (bench_runs.c.id == int(name)) if re.fullmatch(r"\d{1,9}", name) else own
        with self._database.read() as connection:
            return next(iter(_found(connection, wanted)), None)

    def of_job(self, job: int) -> tuple[Run, ...]:
        """The runs of one piece of work, in the order in which they were begun."""
        with self._database.read() as connection:
            return tuple(reversed(_found(connection, bench_runs.c.job == job)))

    def newest(self, limit: int = 50) -> tuple[Run, ...]:
        """The newest runs first."""
        with self._database.read() as connection:
            return tuple(_found(connection, limit=limit))

    def newest_of(self, index_digest: str, setting_digest: str | None = None) -> Run | None:
        """The newest finished run of all kept cases on an index, with those settings where they are given."""
        wanted = [bench_runs.c.index_digest == index_digest, bench_runs.c.of_kept, bench_runs.c.ended_at.is_not(None)]
        if setting_digest is not None:
            wanted.append(bench_runs.c.setting_digest == setting_digest)
        with self._database.read() as connection:
            return next(iter(_found(connection, *wanted, limit=1)), None)

    def results(self, number: int) -> tuple[SavedResult, ...]:
        """The answers of a run so far, in the order of its cases."""
        query = select(bench_results.c.result).where(bench_results.c.run == number, bench_results.c.result.is_not(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(bench_results.c.place)).scalars().all()
        return tuple(SavedResult.model_validate(row) for row in rows)

    def cases(self, number: int) -> tuple[Case, ...]:
        """What a run asks, as it stood when the run began."""
        query = select(bench_results.c.content).where(bench_results.c.run == number).order_by(bench_results.c.place)
        with self._database.read() as connection:
            return tuple(Case.model_validate(row) for row in connection.execute(query).scalars())

    def remove(self, number: int) -> Run:
        """Delete a run with its answers; gives what was deleted."""
        with self._database.write() as connection:
            gone = _one(connection, bench_runs.c.id == number, number)
            connection.execute(delete(bench_results).where(bench_results.c.run == number))
            connection.execute(delete(bench_runs).where(bench_runs.c.id == number))
            return gone

    def _name(self, connection: Connection, cases_from: str) -> str:
        """A name for people that no run has: when it began and of what."""
        began = datetime.fromisoformat(self._now()).astimezone().strftime("%Y%m%d-%H%M%S")
        stem = re.sub(r"[^\w-]", "-", cases_from)[:_LONGEST_STEM].strip("-") or "cases"
        name = f"{began}-{stem}"[: ID_LENGTH - 8]
        taken = set(connection.execute(select(bench_runs.c.name).where(bench_runs.c.name.startswith(name))).scalars())
        return next(each for each in chain([name], (f"{name}-{more}" for more in count(2))) if each not in taken)


def _one(connection: Connection, wanted: Any, number: int) -> Run:
    found = _found(connection, wanted)
    if not found:
        raise UsageError("没有这次测试", value=number, remedy="看测试列表；也许已被删除")
    return found[0]


def _found(connection: Connection, *wanted: Any, limit: int | None = None) -> list[Run]:
    runs = select(bench_runs).where(*wanted).order_by(bench_runs.c.id.desc()).limit(limit).subquery()
    counts = (
        func.count(bench_results.c.place).label("cases_total"),
        func.count(case((bench_results.c.result.is_not(None), 1))).label("cases_done"),
        func.count(case((bench_results.c.passed, 1))).label("cases_passed"),
    )
    joined = runs.join(bench_results, bench_results.c.run == runs.c.id)
    counted = select(runs.c.id, *counts).select_from(joined).group_by(runs.c.id).subquery()
    query = select(runs, counted).join(counted, counted.c.id == runs.c.id).order_by(runs.c.id.desc())
    return [_read(row) for row in connection.execute(query).mappings()]


def _read(row: Mapping[Any, Any]) -> Run:
    told = {name: row[name] for name in ("name", "cases_from", "of_kept", "target", "job", "started_at", "ended_at")}
    return Run(
        number=row["id"],
        circumstances=Circumstances.model_validate(row["circumstances"]),
        by=row["by_name"],
        seconds=float(row["seconds"]),
        total=row["cases_total"],
        done=row["cases_done"],
        passed=row["cases_passed"],
        **told,
    )
