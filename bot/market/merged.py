"""Records that were merged into another one at the desk, out of the log: where each went."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.market.intake.origins import pages
from bot.store.tables import record_events
from bot.types import RecordKind

#: Actions in the log: another record taken in; taken in by another record.
MERGE, MERGED = "merge", "merged"


def survivors(connection: Connection, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, str]:
    """Of some records those that were merged, with the one each is now; one merged twice leads to the last."""
    asked = list(record_ids)
    found = _taken_in(connection, kind, asked)
    last = found
    while last := _taken_in(connection, kind, list(dict.fromkeys(last.values()))):
        found = {merged: last.get(kept, kept) for merged, kept in found.items()}
    return found


def _taken_in(connection: Connection, kind: RecordKind, record_ids: list[str]) -> dict[str, str]:
    events = record_events.c
    found: dict[str, str] = {}
    for page in pages(record_ids):
        query = select(events.reason, events.record_id).where(
            events.action == MERGE, events.kind == kind.value, events.reason.in_(page)
        )
        found |= {row[0]: row[1] for row in connection.execute(query.order_by(events.id))}
    return found
