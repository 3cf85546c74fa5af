"""Changes of the market within one transaction: all of them are kept, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import cast

from sqlalchemy import Connection, insert, select

from bot.errors import MarketError
from bot.market.batch import Batch, Change
from bot.market.consent_log import write_consent, write_interest
from bot.market.consents import Consent
from bot.market.contacts import NO_CONTACT, read_contacts, write_contacts
from bot.market.fields import kind_of
from bot.market.intake.former import changed_hands, forget_aside, forget_former
from bot.market.intake.origins import pages
from bot.market.records import (
    AnyRecord,
    CloseReason,
    Interest,
    Need,
    Offer,
    Organisation,
    Side,
    State,
    check_transition,
)
from bot.market.rows import from_row
from bot.market.tables import TABLES
from bot.settings import PROGRAM
from bot.store.database import utc_now
from bot.store.exclusive import Turn, take_turns
from bot.store.tables import record_events
from bot.types import PrivateContact, RecordKind

NO_CONTACTS: Mapping[str, PrivateContact] = MappingProxyType({})
_SIDE_KINDS = {Side.NEED_OWNER: RecordKind.NEED, Side.OFFER_OWNER: RecordKind.OFFER}


class MarketWriting:
    """One transaction that changes the market, made by :meth:`MarketStore.writing`.

    ``erased`` says that private data was deleted, whose remains are to be cleared away after the transaction.
    """

    def __init__(self, connection: Connection, actor: str) -> None:
        self.connection, self._actor = connection, actor
        self.erased = False

    def find(self, kind: RecordKind, record_id: str) -> AnyRecord | None:
        """The record as this transaction sees it, or ``None``."""
        return fetch_records(self.connection, kind, [record_id]).get(record_id)

    def record(self, kind: RecordKind, record_id: str) -> Need | Offer:
        """The need or offer; raises :class:`MarketError` when there is none."""
        found = self.find(kind, record_id)
        if found is None or isinstance(found, Organisation):
            raise unknown_record(kind, record_id)
        return found

    def save(self, record: AnyRecord, *, action: str = "save", contact: PrivateContact | None = None) -> Change:
        """Insert or update one record with its contact; see :meth:`save_many`."""
        contacts = {record.id: contact} if contact is not None else {}
        return self.save_many([record], action=action, contacts=contacts)[0]

    def save_many(
        self,
        records: Sequence[AnyRecord],
        *,
        action: str = "save",
        publish: bool = False,
        contacts: Mapping[str, PrivateContact] = NO_CONTACTS,
    ) -> tuple[Change, ...]:
        """Save records of one kind; a stored record keeps its state.

        With ``publish`` drafts and checked records are published without the quality gate. ``contacts`` are
        kept by record id. What belonged to the former owner of a record that changes hands (contact, receipts,
        kept columns) is gone with it, and what it agreed to counts no more.
        """
        if not records:
            return ()
        kind = kind_of(records[0])
        known = fetch_records(self.connection, kind, [record.id for record in records])
        batch = Batch(kind, self._actor, action)
        changes = [batch.add(known.get(record.id), record, publish)[0] for record in records]
        batch.write(self.connection)
        handed = [record.id for record in records if changed_hands(known.get(record.id), record)]
        forget_former(self.connection, kind, handed, self._actor)
        self.erased |= bool(handed)
        write_contacts(self.connection, kind, contacts)
        return tuple(changes)

    def move(
        self,
        kind: RecordKind,
        record_id: str,
        target: State,
        *,
        reason: CloseReason | None = None,
        note: str = "",
        action: str = "move",
    ) -> Need | Offer:
        """Pass a need or offer to another state; raises :class:`MarketError` when that is not allowed.

        The contact of one that its owner takes back is deleted.
        """
        record = self.record(kind, record_id)
        check_transition(record.state, target, reason)
        moved = replace(
            record,
            state=target,
            close_reason=reason if target is State.CLOSED else None,
            published_at=_published_at(record, target),
        )
        batch = Batch(kind, self._actor, action)
        batch.change(record, moved, "：".join(filter(None, (reason.value if reason else "", note))))
        batch.write(self.connection)
        if reason is CloseReason.WITHDRAWN:
            self.set_contacts(kind, {record_id: NO_CONTACT})
            forget_aside(self.connection, kind, record_id)
            self.erased = True
        return moved

    def set_contacts(self, kind: RecordKind, contacts: Mapping[str, PrivateContact]) -> None:
        """Keep private contacts by record id, an empty one is deleted; the log says that, not to what, they changed.

        Raises :class:`MarketError` for an unknown record.
        """
        known = read_contacts(self.connection, kind, contacts)
        changed = {each: contact for each, contact in contacts.items() if known.get(each, NO_CONTACT) != contact}
        if not changed:
            return
        records = fetch_records(self.connection, kind, list(changed))
        missing = [record_id for record_id in changed if record_id not in records]
        if missing:
            raise unknown_record(kind, missing[0])
        write_contacts(self.connection, kind, changed)
        self.erased |= any(record_id in known for record_id in changed)
        batch = Batch(kind, self._actor, "contact")
        for record_id in changed:
            batch.note(records[record_id])
        batch.write(self.connection)

    def record_consent(self, consent: Consent) -> Consent:
        """Append what was said, at its place in the log of the record of its side."""
        placed = replace(consent, at=utc_now(), actor=self._actor, event=self._mark(consent, consent.step.value))
        write_consent(self.connection, placed)
        return placed

    def record_interest(self, interest: Interest) -> Interest:
        """Keep an interest, at its place in the log of the record of its side."""
        kept = replace(interest, at=utc_now(), actor=self._actor)
        write_interest(self.connection, kept, self._mark(interest, "interest"))
        return kept

    def _mark(self, told: Consent | Interest, action: str) -> int:
        return self.mark_pair(told.side, (told.need_id, told.offer_id), action)

    def mark_pair(self, side: Side, pair: tuple[str, str], action: str) -> int:
        """The number of a new event in the log of the record of ``side``: that ``action`` happened in ``pair``."""
        kind = _SIDE_KINDS[side]
        own, other = pair if kind is RecordKind.NEED else pair[::-1]
        state = self.record(kind, own).state.value
        self.record(kind.counterpart, other)
        row: dict[str, object] = {
            "kind": kind.value,
            "record_id": own,
            "at": utc_now(),
            "actor": self._actor,
            "action": action,
            "from_state": state,
            "to_state": state,
            "reason": other,
            "changes": [],
        }
        return cast(int, self.connection.execute(insert(record_events).returning(record_events.c.id), row).scalar_one())


def _published_at(record: Need | Offer, target: State) -> str | None:
    if record.published_at is None and target is State.PUBLISHED:
        return utc_now()
    return record.published_at


def unknown_record(kind: RecordKind, record_id: str) -> MarketError:
    """The error for an id that is not on file."""
    return MarketError(
        f"没有这条{kind.label}",
        value=record_id,
        remedy=f"用 {PROGRAM} market list --kind {kind.value} 查看编号",
    )


def fetch_records(connection: Connection, kind: RecordKind, ids: Sequence[str]) -> dict[str, AnyRecord]:
    """The records that exist, by id, within the caller's transaction."""
    table = TABLES[kind]
    found: dict[str, AnyRecord] = {}
    for page in pages(ids):
        for row in connection.execute(select(table).where(table.c.id.in_(page))).mappings():
            found[row["id"]] = from_row(kind, row)
    return found


def lock_writers(connection: Connection) -> None:
    """Have writers of one PostgreSQL database take turns; SQLite has one writer anyway."""
    take_turns(connection, Turn.WRITING_MARKET)
