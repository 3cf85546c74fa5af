"""Who looks after a record, and what managers noted; every step is one transaction with its line in the trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, insert, select, tuple_, update

from bot.accounts.audit import write_entry
from bot.errors import PipelineError
from bot.market.desk_listing import Also
from bot.pipeline.inserting import insert_new
from bot.pipeline.tables import case_entries, case_keepers
from bot.store.columns import ID_LENGTH
from bot.store.database import Database, utc_now
from bot.types import RecordKind

LONGEST_NOTE = 2_000
Ref = tuple[RecordKind, str]


class CaseAction(StrEnum):
    """What stands in a case file."""

    NOTE = "note"
    TAKEN = "taken"
    HANDED_ON = "handed_on"
    LET_GO = "let_go"

    @property
    def label(self) -> str:
        """The entry as people read it."""
        return {"note": "备注", "taken": "接手", "handed_on": "转交", "let_go": "放回"}[self.value]


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A line of a case file; ``text`` is a note, or to whom it was handed on; ``at`` is ISO in UTC."""

    action: CaseAction
    text: str
    author: str
    at: str


class CaseFiles:
    """Who looks after which record. The constructor does no I/O; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keeper(self, kind: RecordKind, record_id: str) -> str:
        """Who looks after a record; empty where nobody does."""
        with self._database.read() as connection:
            return keeper_of(connection, kind, record_id)

    def keepers(self, refs: Iterable[Ref]) -> dict[Ref, str]:
        """Who looks after which of some records."""
        wanted = [(kind.value, record_id) for kind, record_id in refs]
        table = case_keepers
        query = select(table).where(tuple_(table.c.kind, table.c.record_id).in_(wanted))
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all() if wanted else []
        return {(RecordKind(row["kind"]), row["record_id"]): row["keeper"] for row in rows}

    def kept_by(self, name: str) -> Also:
        """A condition of the desk's list: looked after by ``name``, or with an empty one by nobody."""

        def condition(kind: RecordKind, column: ColumnElement[str]) -> ColumnElement[bool]:
            kept = select(case_keepers.c.record_id).where(case_keepers.c.kind == kind.value)
            return column.in_(kept.where(case_keepers.c.keeper == name)) if name else column.not_in(kept)

        return condition

    def take(self, kind: RecordKind, record_id: str, *, by: str) -> None:
        """Look after a record from now on; raises :class:`PipelineError` where somebody else already does."""
        with self._database.write() as connection:
            row = {"kind": kind.value, "record_id": record_id, "keeper": by, "since": utc_now()}
            if insert_new(connection, case_keepers, row):
                _entry(connection, kind, record_id, CaseAction.TAKEN, "", by)
                return
            holder = keeper_of(connection, kind, record_id)
        if holder != by:
            raise PipelineError("这条已经有人负责", value=holder or "刚刚放回", remedy="和对方商量，或请对方转交给您")

    def hand_on(self, kind: RecordKind, record_id: str, to: str, *, by: str, holder: str) -> None:
        """Have ``to`` look after a record that ``holder`` does, as ``by`` saw it; anybody may do it for a colleague."""
        to = to.strip()
        if not to or to == holder or len(to) > ID_LENGTH:
            raise PipelineError("没有选转交给谁", value=to[:40], remedy="选另一位技术经理人")
        with self._database.write() as connection:
            given = update(case_keepers).where(*_mine(kind, record_id, holder)).values(keeper=to, since=utc_now())
            if connection.execute(given).rowcount != 1:
                raise _not_held(connection, kind, record_id)
            _entry(connection, kind, record_id, CaseAction.HANDED_ON, to, by)

    def let_go(self, kind: RecordKind, record_id: str, *, by: str) -> None:
        """Look after a record no more; raises :class:`PipelineError` where ``by`` did not."""
        with self._database.write() as connection:
            if connection.execute(delete(case_keepers).where(*_mine(kind, record_id, by))).rowcount != 1:
                raise _not_held(connection, kind, record_id)
            _entry(connection, kind, record_id, CaseAction.LET_GO, "", by)

    def note(self, kind: RecordKind, record_id: str, words: str, *, by: str) -> None:
        """Keep a note about a record, for managers alone."""
        if not words.strip() or len(words) > LONGEST_NOTE or not _writable(words):
            raise PipelineError(
                "备注是空的、太长或有读不出的字符", value=words.strip()[:20], remedy=f"写 1–{LONGEST_NOTE:,} 个字"
            )
        with self._database.write() as connection:
            _entry(connection, kind, record_id, CaseAction.NOTE, words, by)

    def entries(self, kind: RecordKind, record_id: str) -> tuple[CaseEntry, ...]:
        """The case file of a record, oldest first."""
        table = case_entries
        query = select(table).where(table.c.kind == kind.value, table.c.record_id == record_id).order_by(table.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(CaseEntry(CaseAction(row["action"]), row["text"], row["author"], row["at"]) for row in rows)


def keeper_of(connection: Connection, kind: RecordKind, record_id: str) -> str:
    """Who looks after a record, within the caller's transaction."""
    table = case_keepers
    query = select(table.c.keeper).where(table.c.kind == kind.value, table.c.record_id == record_id)
    return connection.execute(query).scalar() or ""


def lead_on(connection: Connection, kind: RecordKind, kept_id: str, merged_id: str) -> None:
    """Have the case file of a merged record be the kept one's, within the caller's transaction."""
    of_merged = (case_entries.c.kind == kind.value, case_entries.c.record_id == merged_id)
    connection.execute(update(case_entries).where(*of_merged).values(record_id=kept_id))
    holder = keeper_of(connection, kind, merged_id)
    if holder:
        row = {"kind": kind.value, "record_id": kept_id, "keeper": holder, "since": utc_now()}
        insert_new(connection, case_keepers, row)
        connection.execute(delete(case_keepers).where(*_mine(kind, merged_id, holder)))


def _mine(kind: RecordKind, record_id: str, holder: str) -> tuple[ColumnElement[bool], ...]:
    columns = case_keepers.c
    return columns.kind == kind.value, columns.record_id == record_id, columns.keeper == holder


def _not_held(connection: Connection, kind: RecordKind, record_id: str) -> PipelineError:
    holder = keeper_of(connection, kind, record_id)
    return PipelineError("现在负责的人变了，没有改动", value=holder or "没有人负责", remedy="刷新页面看是谁在负责")


def _entry(connection: Connection, kind: RecordKind, record_id: str, action: CaseAction, words: str, by: str) -> None:
    now = utc_now()
    row = {"kind": kind.value, "record_id": record_id, "action": action.value, "text": words, "author": by, "at": now}
    connection.execute(insert(case_entries), row)
    told = words if action is CaseAction.HANDED_ON else ""
    write_entry(connection, by, f"case.{action.value}", f"{kind.value}:{record_id}", told, now)


def _writable(words: str) -> bool:
    """Whether every database keeps ``words`` as they are."""
    return all(character >= " " or character in "\t\r\n" for character in words) and not any(
        "\ud800" <= character <= "\udfff" for character in words
    )
