"""Cases kept at the desk, in the database that all web processes share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.evaluation.cases import Case, CasesError
from bot.evaluation.tables import bench_cases
from bot.store.columns import ID_LENGTH
from bot.store.database import Database, utc_now

#: Characters of one case as JSON, and cases kept in all.
LONGEST_CASE, MOST_CASES = 20_000, 20_000
#: Characters that PostgreSQL or a spreadsheet cannot keep.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class CaseChanged(CasesError):
    """Somebody else changed the case since it was opened; ``kept`` is how it stands now."""

    def __init__(self, kept: KeptCase) -> None:
        self.kept = kept
        super().__init__(
            "这条用例在您打开之后被改过",
            value=kept.case.id,
            remedy="对照现在的内容，改好再保存",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCase:
    """A case with what the desk keeps of it; one that is not ``active`` is left out of runs. Times are ISO in UTC."""

    number: int
    case: Case
    active: bool
    revision: int
    source: str
    added_by: str
    added_at: str
    changed_by: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did, by ids of cases."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]


class CaseStore:
    """The cases of the desk. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database, now: Callable[[], str] = utc_now) -> None:
        self._database, self._now = database, now

    def listed(self, tag: str | None = None, *, active: bool | None = None) -> tuple[KeptCase, ...]:
        """The cases in the order in which they were added, those with ``tag`` alone, or that are (not) ``active``."""
        query = select(bench_cases).order_by(bench_cases.c.id)
        if active is not None:
            query = query.where(bench_cases.c.active == active)
        with self._database.read() as connection:
            found = [_read(row) for row in connection.execute(query).mappings()]
        return tuple(kept for kept in found if tag is None or tag in kept.case.tags)

    def kept(self, number: int) -> KeptCase:
        """The case of that number; raises :class:`CasesError` when there is none."""
        with self._database.read() as connection:
            return _numbered(connection, number)

    def add(self, case: Case, *, by: str, source: str = "") -> KeptCase:
        """Keep a new case; ``source`` says where it comes from. Raises :class:`CasesError` for an id in use."""
        _check(case)
        with self._database.write() as connection:
            if _named(connection, (case.id,)):
                raise _in_use(case.id)
            _check_room(connection, 1)
            return _numbered(connection, self._insert(connection, case, by, source))

    def replace(self, number: int, case: Case, *, revision: int, by: str) -> KeptCase:
        """Change a case that was opened at ``revision``.

        Raises :class:`CaseChanged` when somebody changed it since, :class:`CasesError` for an id in use or none there.
        """
        _check(case)
        with self._database.write() as connection:
            before = _numbered(connection, number)
            if before.revision != revision:
                raise CaseChanged(before)
            if any(other != number for other in _named(connection, (case.id,)).values()):
                raise _in_use(case.id)
            if case != before.case:
                try:
                    self._update(connection, number, by, case_id=case.id, content=_plain(case))
                except IntegrityError:
                    raise _in_use(case.id) from None
            return _numbered(connection, number)

    def switch(self, number: int, *, active: bool, by: str) -> KeptCase:
        """Have runs ask the case, or leave it out."""
        with self._database.write() as connection:
            if _numbered(connection, number).active != active:
                self._update(connection, number, by, active=active)
            return _numbered(connection, number)

    def remove(self, number: int) -> KeptCase:
        """Delete the case; what earlier runs kept of it stays. Gives what was deleted."""
        with self._database.write() as connection:
            gone = _numbered(connection, number)
            connection.execute(delete(bench_cases).where(bench_cases.c.id == number))
            return gone

    def take_in(self, cases: Sequence[Case], *, by: str, source: str, replacing: bool = False) -> TakenIn:
        """Keep all of ``cases`` or none; with ``replacing`` those of the same id are changed.

        Raises :class:`CasesError` naming the ids in use whose content differs, when they are not to be replaced.
        """
        for case in cases:
            _check(case)
        with self._database.write() as connection:
            numbers = _named(connection, [case.id for case in cases])
            present = _contents(connection, numbers)
            differing = [case.id for case in cases if case.id in present and present[case.id] != case]
            if differing and not replacing:
                shown = "、".join(differing[:10]) + (f" 等 {len(differing)} 条" if len(differing) > 10 else "")
                raise CasesError("已有同名而内容不同的用例", value=shown, remedy="改 id，或选“覆盖同名的用例”再导入")
            added = [case for case in cases if case.id not in present]
            _check_room(connection, len(added))
            self._insert_all(connection, added, by, source)
            for case in cases:
                if case.id in differing:
                    self._update(connection, numbers[case.id], by, content=_plain(case), source=source)
        changed = set(differing)
        same = tuple(case.id for case in cases if case.id in present and case.id not in changed)
        return TakenIn(tuple(case.id for case in added), tuple(differing), same)

    def _insert(self, connection: Connection, case: Case, by: str, source: str) -> int:
        statement = insert(bench_cases).returning(bench_cases.c.id)
        try:
            return int(connection.execute(statement, self._row(case, by, source)).scalar_one())
        except IntegrityError:
            # Another process added the id between the look and the write.
            raise _in_use(case.id) from None

    def _insert_all(self, connection: Connection, cases: Sequence[Case], by: str, source: str) -> None:
        if not cases:
            return
        try:
            connection.execute(insert(bench_cases), [self._row(case, by, source) for case in cases])
        except IntegrityError:
            raise CasesError("别人刚刚添加了同名的用例", value=source, remedy="再导入一次") from None

    def _row(self, case: Case, by: str, source: str) -> dict[str, Any]:
        now = self._now()
        told = {"case_id": case.id, "content": _plain(case), "active": True, "revision": 1, "source": source}
        return {**told, "added_by": by, "added_at": now, "changed_by": by, "changed_at": now}

    def _update(self, connection: Connection, number: int, by: str, **values: Any) -> None:
        told = {"changed_by": by, "changed_at": self._now(), "revision": bench_cases.c.revision + 1}
        connection.execute(update(bench_cases).where(bench_cases.c.id == number).values(**values, **told))


def _plain(case: Case) -> dict[str, Any]:
    return case.model_dump(mode="json", exclude_defaults=True)


def _read(row: Mapping[Any, Any]) -> KeptCase:
    told = {name: row[name] for name in ("active", "revision", "source", "added_by", "added_at")}
    case = Case.model_validate(row["content"])
    return KeptCase(number=row["id"], case=case, changed_by=row["changed_by"], changed_at=row["changed_at"], **told)


def _numbered(connection: Connection, number: int) -> KeptCase:
    # For update: on PostgreSQL two who change one case come after another, as SQLite's one writer has it.
    query = select(bench_cases).where(bench_cases.c.id == number).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise CasesError("没有这条用例", value=number, remedy="看用例列表；也许刚被删除")
    return _read(row)


def _named(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of those of ``ids`` that are in use."""
    wanted = set(ids)
    rows = connection.execute(select(bench_cases.c.case_id, bench_cases.c.id))
    return {case_id: number for case_id, number in rows if case_id in wanted}


def _contents(connection: Connection, numbers: Mapping[str, int]) -> dict[str, Case]:
    """The cases of ``numbers`` as they stand, by id."""
    if not numbers:
        return {}
    rows = connection.execute(select(bench_cases.c.case_id, bench_cases.c.content))
    return {case_id: Case.model_validate(content) for case_id, content in rows if case_id in numbers}


def _check(case: Case) -> None:
    if len(case.id) > ID_LENGTH:
        raise CasesError("用例 id 太长", value=f"{case.id[:20]}…", remedy=f"不超过 {ID_LENGTH} 个字")
    content = json.dumps(_plain(case), ensure_ascii=False)
    if len(content) > LONGEST_CASE:
        raise CasesError("用例太长", value=case.id, tried=f"{len(content)} 个字", remedy=f"不超过 {LONGEST_CASE} 个字")
    if _UNSTORABLE.search("\n".join(_texts(_plain(case)))):
        raise CasesError("用例里有不能保存的控制字符", value=_UNSTORABLE.sub("", case.id), remedy="去掉后再保存")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _check_room(connection: Connection, more: int) -> None:
    there = len(connection.execute(select(bench_cases.c.id)).all())
    if there + more > MOST_CASES:
        raise CasesError("用例太多", value=there + more, remedy=f"工作台最多留 {MOST_CASES} 条；先删去不用的")


def _in_use(case_id: str) -> CasesError:
    return CasesError("用例 id 已经用了", value=case_id, remedy="换一个 id，或打开那一条修改")
