"""Every passage of a record from one state to another, out of the log of record events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bot.market.records import State
from bot.store.database import Database
from bot.store.tables import record_events
from bot.types import RecordKind

#: Events read at once.
_STRETCH = 5_000


@dataclass(frozen=True, slots=True)
class StateChange:
    """A record came to stand at ``state`` on ``day`` (UTC); ``event`` is its place in the log, which orders."""

    kind: RecordKind
    record_id: str
    state: State
    day: date
    event: int


def state_changes(database: Database) -> Iterator[StateChange]:
    """Every passage on record in the order of the log, read in stretches."""
    last = 0
    columns = (record_events.c.id, record_events.c.kind, record_events.c.record_id, record_events.c.at)
    passed = record_events.c.to_state.is_not(None)
    while True:
        query = select(*columns, record_events.c.to_state).where(passed, record_events.c.id > last)
        with database.read() as connection:
            rows = connection.execute(query.order_by(record_events.c.id).limit(_STRETCH)).all()
        if not rows:
            return
        last = rows[-1].id
        for row in rows:
            day = date.fromisoformat(row.at[:10])
            yield StateChange(RecordKind(row.kind), row.record_id, State(row.to_state), day, row.id)


def newest_moment(database: Database) -> str | None:
    """When the newest event was put on record, ISO in UTC; ``None`` where nothing ever was."""
    with database.read() as connection:
        return connection.execute(select(func.max(record_events.c.at))).scalar()
