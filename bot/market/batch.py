"""Rows to insert, rows to update and their events, written together: no change without its line in the log."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from bot.market.intake.former import changed_hands
from bot.market.records import AnyRecord, Need, Offer, Organisation, State
from bot.market.rows import field_changes, to_row
from bot.market.tables import TABLES
from bot.store.database import utc_now
from bot.store.tables import record_events
from bot.types import RecordKind

#: Talks with a former owner are none with the next one: the record looks for a partner again.
_IN_TALKS = frozenset({State.INTEREST, State.INTRODUCED, State.MET, State.AGREED})


class Change(StrEnum):
    """What saving a record did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Batch:
    """Rows to insert, rows to update and their events, written together."""

    def __init__(self, kind: RecordKind, actor: str, action: str) -> None:
        self._kind, self._actor, self._action = kind, actor, action
        self._now = utc_now()
        self._inserts: list[dict[str, Any]] = []
        self._updates: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []

    def add(self, before: AnyRecord | None, record: AnyRecord, publish: bool) -> tuple[Change, AnyRecord]:
        """Take in ``record``, of which ``before`` is on file; returns what that does, and the record as it is kept."""
        after = _with_life(before, record, publish)
        if before is None:
            self._inserts.append({**to_row(after), "created_at": self._now, "updated_at": self._now})
            self._event(None, after, "")
            return Change.ADDED, after
        if before == after:
            return Change.UNCHANGED, after
        self.change(before, after, "")
        return Change.UPDATED, after

    def change(self, before: AnyRecord, after: AnyRecord, reason: str) -> None:
        """Take in a change of one record, with its reason for the log."""
        self._updates.append({**to_row(after), "updated_at": self._now, "key": after.id})
        self._event(before, after, reason)

    def note(self, record: AnyRecord) -> None:
        """Have the log say that something happened to ``record`` whose content stays."""
        self._event(record, record, "")

    def write(self, connection: Connection) -> None:
        """Write everything taken in, within the caller's transaction."""
        table = TABLES[self._kind]
        if self._inserts:
            connection.execute(insert(table), self._inserts)
        if self._updates:
            values: dict[str, Any] = {
                column: bindparam(column) for column in self._updates[0] if column not in ("id", "key")
            }
            for row in self._updates:
                row.pop("id")
            connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), self._updates)
        if self._events:
            connection.execute(insert(record_events), self._events)

    def _event(self, before: AnyRecord | None, after: AnyRecord, reason: str) -> None:
        changes = field_changes(before, after) if before is not None else ()
        self._events.append(
            {
                "kind": self._kind.value,
                "record_id": after.id,
                "at": self._now,
                "actor": self._actor,
                "action": self._action,
                "from_state": _state(before),
                "to_state": _state(after),
                "reason": reason,
                "changes": [[change.field, change.before, change.after] for change in changes],
            }
        )


def _state(record: AnyRecord | None) -> str | None:
    return None if record is None or isinstance(record, Organisation) else record.state.value


def _with_life(before: AnyRecord | None, record: AnyRecord, publish: bool) -> AnyRecord:
    if isinstance(record, Organisation):
        return record
    if isinstance(before, (Need, Offer)):
        state = State.PUBLISHED if before.state in _IN_TALKS and changed_hands(before, record) else before.state
        record = replace(record, state=state, close_reason=before.close_reason, published_at=before.published_at)
    else:
        # Whatever a caller claims, a record enters as a draft: only moves and trusted bulk data go further.
        record = replace(record, state=State.DRAFT, close_reason=None, published_at=None)
    if publish and record.state in (State.DRAFT, State.CHECKED):
        record = replace(record, state=State.PUBLISHED, published_at=record.published_at or utc_now())
    return record
