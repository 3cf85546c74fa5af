"""What a record's former owner leaves behind: a contact, receipts, consents, columns kept aside — all of it goes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from bot.market.intake.origins import pages
from bot.market.records import AnyRecord, Organisation, same_owner
from bot.market.tables import TABLES
from bot.store.database import utc_now
from bot.store.tables import receipts, record_contacts, record_events, record_origins
from bot.types import RecordKind

#: The action of the event by which a record's organisation became another one.
OWNER_REPLACED = "owner_replaced"


def changed_hands(before: AnyRecord | None, after: AnyRecord) -> bool:
    """Whether ``after`` belongs to somebody else than ``before``; an owner named for the first time takes over none.

    An organisation is somebody else when neither name holds the other.
    """
    if before is None:
        return False
    if isinstance(before, Organisation) or isinstance(after, Organisation):
        one, other = ("".join(record.title.split()) for record in (before, after))
        return not (one in other or other in one)
    return before.owner_id not in (None, after.owner_id) and not same_owner(before.owner_id, after.owner_id)


def forget_former(connection: Connection, kind: RecordKind, record_ids: Sequence[str], actor: str) -> None:
    """Delete the contacts, receipts and kept columns of records that changed hands.

    The event of the change ends whatever the former owner agreed to and wanted; where an organisation became another
    one, each of its records gets such an event.
    """
    for page in pages(record_ids):
        for table in (record_contacts, receipts):
            connection.execute(delete(table).where(table.c.kind == kind.value, table.c.record_id.in_(page)))
        origins = record_origins
        connection.execute(
            update(origins).where(origins.c.kind == kind.value, origins.c.record_id.in_(page)).values(aside={})
        )
        if kind is RecordKind.ORGANISATION:
            for owned in (RecordKind.NEED, RecordKind.OFFER):
                _mark_replaced(connection, owned, page, actor)


def forget_aside(connection: Connection, kind: RecordKind, record_id: str) -> None:
    """Delete the kept columns of one record: its owner withdrew it."""
    table = record_origins
    connection.execute(update(table).where(table.c.kind == kind.value, table.c.record_id == record_id).values(aside={}))


def _mark_replaced(connection: Connection, kind: RecordKind, owner_ids: Sequence[str], actor: str) -> None:
    table = TABLES[kind]
    query = select(table.c.id, table.c.state).where(table.c.owner_id.in_(owner_ids)).order_by(table.c.id)
    rows = [
        {
            "kind": kind.value,
            "record_id": record_id,
            "at": utc_now(),
            "actor": actor,
            "action": OWNER_REPLACED,
            "from_state": state,
            "to_state": state,
            "reason": "",
            "changes": [],
        }
        for record_id, state in connection.execute(query)
    ]
    if rows:
        connection.execute(insert(record_events), rows)
