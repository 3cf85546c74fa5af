"""The list of gaps: what people ask and the documents do not say, until somebody writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.errors import QuestionsError
from bot.questions.records import AskedAgain, Gap, GapState, Repetition
from bot.questions.tables import gap_questions, kept_questions, question_gaps
from bot.store.database import Database, utc_now
from bot.text.storable import storable
from bot.types import Outcome

LONGEST_QUESTION, LONGEST_NOTE = 500, 5_000
#: Kept questions that one gap is linked with.
MOST_LINKED = 500
_G = question_gaps.c


class GapChanged(QuestionsError):
    """Somebody else changed the gap since it was opened; ``kept`` is how it stands now."""

    def __init__(self, kept: Gap) -> None:
        self.kept = kept
        super().__init__(
            "这处缺口在您打开之后被改过",
            value=f"{kept.number}（{kept.changed_by}）",
            remedy="对照现在的内容，改好再保存",
        )


class GapBook:
    """Gaps in the database. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database, now: Callable[[], str] = utc_now) -> None:
        self._database, self._now = database, now

    def listed(self, states: Iterable[GapState] = tuple(GapState)) -> tuple[Gap, ...]:
        """The gaps in ``states``, the newest first."""
        wanted = [each.value for each in states]
        with self._database.read() as connection:
            return _fetch(connection, _G.state.in_(wanted))

    def gap(self, number: int) -> Gap:
        """The gap of that number; raises :class:`QuestionsError` when there is none."""
        with self._database.read() as connection:
            return _numbered(connection, number)

    def of_questions(self, numbers: Iterable[int]) -> tuple[Gap, ...]:
        """The gaps that any of these kept questions is linked with."""
        linked = select(gap_questions.c.gap).where(gap_questions.c.question.in_(list(numbers)))
        with self._database.read() as connection:
            return _fetch(connection, _G.id.in_(linked))

    def of_inquiry(self, number: int) -> tuple[Gap, ...]:
        """The gaps that an inquiry led to."""
        with self._database.read() as connection:
            return _fetch(connection, _G.inquiry == number)

    def add(
        self, question: str, note: str, *, by: str, questions: Sequence[int] = (), inquiry: int | None = None
    ) -> Gap:
        """Note a gap; ``questions`` are kept questions that ask it. Raises :class:`QuestionsError` without words."""
        question, note = _checked(question, note)
        now = self._now()
        row = {
            "question": question,
            "note": note,
            "state": GapState.OPEN.value,
            "inquiry": inquiry,
            "revision": 1,
            "added_by": by,
            "added_at": now,
            "changed_by": by,
            "changed_at": now,
        }
        with self._database.write() as connection:
            number = int(connection.execute(insert(question_gaps).returning(_G.id), row).scalar_one())
            # Those alone that are still kept: some may have been deleted while the form was open.
            there = select(kept_questions.c.id).where(kept_questions.c.id.in_(list(questions)[:MOST_LINKED]))
            links = [{"gap": number, "question": each} for each in connection.execute(there).scalars()]
            if links:
                connection.execute(insert(gap_questions), links)
            return _numbered(connection, number)

    def change(self, number: int, question: str, note: str, state: GapState, *, revision: int, by: str) -> Gap:
        """Change a gap that was opened at ``revision``. Raises :class:`GapChanged` when it was changed since."""
        question, note = _checked(question, note)
        with self._database.write() as connection:
            before = _numbered(connection, number, writing=True)
            if before.revision != revision:
                raise GapChanged(before)
            self._set(connection, before, by, question=question, note=note, state=state.value)
            return _numbered(connection, number)

    def asked_again(self, number: int, repetition: Repetition) -> Gap:
        """Keep what came of asking again; the gap is filled where the index in force answers everything."""
        with self._database.write() as connection:
            before = _numbered(connection, number, writing=True)
            filled = repetition.all_answered and not repetition.waiting
            state = GapState.FILLED if filled else before.state
            self._set(connection, before, repetition.by, asked_again=_plain(repetition), state=state.value)
            return _numbered(connection, number)

    def _set(self, connection: Connection, before: Gap, by: str, **values: Any) -> None:
        told = {"changed_by": by, "changed_at": self._now(), "revision": before.revision + 1}
        connection.execute(update(question_gaps).where(_G.id == before.number).values(**values, **told))


def _checked(question: str, note: str) -> tuple[str, str]:
    question, note = " ".join(storable(question).split()), storable(note).strip()
    if not question:
        raise QuestionsError("没有写缺什么", remedy="用一句问话写明资料里缺什么")
    for words, longest in ((question, LONGEST_QUESTION), (note, LONGEST_NOTE)):
        if len(words) > longest:
            raise QuestionsError("写得太长", value=f"{len(words)} 个字", remedy=f"不超过 {longest} 个字")
    return question, note


def _numbered(connection: Connection, number: int, *, writing: bool = False) -> Gap:
    found = _fetch(connection, _G.id == number, writing=writing)
    if not found:
        raise QuestionsError("没有这处缺口", value=number, remedy="看缺口列表")
    return found[0]


def _fetch(connection: Connection, condition: Any, *, writing: bool = False) -> tuple[Gap, ...]:
    query = select(question_gaps).where(condition).order_by(_G.id.desc())
    # For update: on PostgreSQL two who change one gap come after another, as SQLite's one writer has it.
    rows = connection.execute(query.with_for_update() if writing else query).mappings().all()
    linked: dict[int, list[int]] = {row["id"]: [] for row in rows}
    links = select(gap_questions).where(gap_questions.c.gap.in_(linked)).order_by(gap_questions.c.question.desc())
    for each in connection.execute(links).mappings():
        linked[each["gap"]].append(each["question"])
    return tuple(_read(row, linked[row["id"]]) for row in rows)


def _read(row: Mapping[Any, Any], linked: Sequence[int]) -> Gap:
    told = {name: row[name] for name in ("revision", "added_by", "added_at", "changed_by", "changed_at")}
    return Gap(
        number=row["id"],
        question=row["question"],
        note=row["note"],
        state=GapState(row["state"]),
        questions=tuple(linked),
        inquiry=row["inquiry"],
        repetition=_repetition(row["asked_again"]) if row["asked_again"] is not None else None,
        **told,
    )


def _plain(told: Repetition) -> dict[str, Any]:
    askings = [
        [each.question, each.outcome.value, each.answer, each.before.value if each.before else None]
        for each in told.askings
    ]
    return {"at": told.at, "by": told.by, "version": told.version, "waiting": told.waiting, "askings": askings}


def _repetition(kept: Mapping[str, Any]) -> Repetition:
    askings = tuple(
        AskedAgain(question, Outcome(outcome), answer, Outcome(before) if before else None)
        for question, outcome, answer, before in kept["askings"]
    )
    return Repetition(kept["at"], kept["by"], kept["version"], kept["waiting"], askings)
