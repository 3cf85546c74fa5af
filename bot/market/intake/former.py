"""What a record's former owner leaves behind: a contact, receipts, consents, columns kept aside — all of it goes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from bot.market.intake.origins import pages
from bot.market.records import AnyRecord, Organisation, same_owner
from bot.store.database import utc_now
from bot.store.tables import consents, receipts, record_contacts, record_origins
from bot.types import RecordKind

#: Written into the withdrawals that end what a former owner, or a partner towards it, agreed to.
SYSTEM = "系统"
CHANGED_HANDS = "记录换了所属单位，原来的同意不再有效"


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
    """Delete the contacts, receipts and kept columns of records that changed hands; end their consents.

    A withdrawal is written behind every consent, so that none counts again whatever the clocks said.
    """
    for page in pages(record_ids):
        for table in (record_contacts, receipts):
            connection.execute(delete(table).where(table.c.kind == kind.value, table.c.record_id.in_(page)))
        origins = record_origins
        connection.execute(
            update(origins).where(origins.c.kind == kind.value, origins.c.record_id.in_(page)).values(aside={})
        )
        if kind is not RecordKind.ORGANISATION:
            own = consents.c.need_id if kind is RecordKind.NEED else consents.c.offer_id
            _end_consents(connection, own.in_(page), actor)


def forget_aside(connection: Connection, kind: RecordKind, record_id: str) -> None:
    """Delete the kept columns of one record: its owner withdrew it."""
    table = record_origins
    connection.execute(update(table).where(table.c.kind == kind.value, table.c.record_id == record_id).values(aside={}))


def _end_consents(connection: Connection, concerned: ColumnElement[bool], actor: str) -> None:
    query = select(consents).where(concerned).order_by(consents.c.id)
    newest = {
        (row["need_id"], row["offer_id"], row["side"]): row["given"] for row in connection.execute(query).mappings()
    }
    rows = [
        {
            "need_id": need_id,
            "offer_id": offer_id,
            "side": side,
            "given": False,
            "given_by": SYSTEM,
            "evidence": CHANGED_HANDS,
            "at": utc_now(),
            "actor": actor,
        }
        for (need_id, offer_id, side), given in newest.items()
        if given
    ]
    if rows:
        connection.execute(insert(consents), rows)
