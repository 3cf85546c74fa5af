"""Needs, offers and organisations in the database; every change is logged with who and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import cast

from sqlalchemy import Connection, delete, func, insert, select, text

from bot.errors import MarketError
from bot.market.batch import Batch, Change
from bot.market.fields import kind_of
from bot.market.intake.former import changed_hands, forget_aside, forget_former
from bot.market.intake.origins import Origin, origins_of, pages
from bot.market.records import (
    OPEN_STATES,
    AnyRecord,
    CloseReason,
    Interest,
    Need,
    Offer,
    Organisation,
    RecordEvent,
    Side,
    State,
    check_transition,
)
from bot.market.rows import event_from_row, from_row
from bot.market.tables import TABLES
from bot.store.database import Database, utc_now
from bot.store.tables import interests, record_contacts, record_events
from bot.types import PrivateContact, RecordKind

#: Records read at once when all are read.
_STRETCH = 2_000
#: Two writers of one PostgreSQL database take turns, so that event ids become visible in order and a
#: follower of the log misses none.
_WRITER_LOCK = 7_203_120


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a listing; ``total`` counts all records that fit."""

    records: tuple[AnyRecord, ...]
    total: int


NO_CONTACTS: Mapping[str, PrivateContact] = MappingProxyType({})


class MarketStore:
    """Reads and writes market records. The constructor does no I/O.

    Every method is one transaction. Unknown ids raise :class:`MarketError`.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    # --- reading -------------------------------------------------------------------------------

    def find(self, kind: RecordKind, record_id: str) -> AnyRecord | None:
        """The record, or ``None``."""
        return next(iter(self.get_many(kind, [record_id])), None)

    def get_many(self, kind: RecordKind, ids: Iterable[str]) -> tuple[AnyRecord, ...]:
        """The records that exist, in the order of ``ids``."""
        wanted = list(dict.fromkeys(ids))
        with self.database.read() as connection:
            found = fetch_records(connection, kind, wanted)
        return tuple(found[record_id] for record_id in wanted if record_id in found)

    def need(self, record_id: str) -> Need:
        """The need; raises :class:`MarketError` when there is none."""
        return cast(Need, self._existing(RecordKind.NEED, record_id))

    def offer(self, record_id: str) -> Offer:
        """The offer; raises :class:`MarketError` when there is none."""
        return cast(Offer, self._existing(RecordKind.OFFER, record_id))

    def organisation(self, record_id: str) -> Organisation:
        """The organisation; raises :class:`MarketError` when there is none."""
        return cast(Organisation, self._existing(RecordKind.ORGANISATION, record_id))

    def list_records(
        self,
        kind: RecordKind,
        *,
        states: Sequence[State] = (),
        owner_id: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """Records by id, only those in ``states`` or of ``owner_id`` where given."""
        table = TABLES[kind]
        query = select(table)
        if states:
            query = query.where(table.c.state.in_([state.value for state in states]))
        if owner_id is not None:
            query = query.where(table.c.owner_id == owner_id)
        with self.database.read() as connection:
            total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
            rows = connection.execute(query.order_by(table.c.id).limit(limit).offset(offset)).mappings()
            return Page(tuple(from_row(kind, row) for row in rows), total)

    def newest(self, kind: RecordKind, limit: int) -> Page:
        """The needs or offers published last that are still open, newest first; historic ones among them."""
        table = TABLES[kind]
        found: list[AnyRecord] = []
        total = 0
        # One state at a time, each in the order of its index: sorting 100,000 rows for twelve takes 0.1 s.
        newest = table.c.published_at.desc()
        with self.database.read() as connection:
            for state in sorted(OPEN_STATES):
                shown = table.c.state == state.value
                total += connection.execute(select(func.count()).select_from(table).where(shown)).scalar_one()
                rows = connection.execute(select(table).where(shown).order_by(newest).limit(limit)).mappings()
                found += (from_row(kind, row) for row in rows)
        found.sort(key=lambda record: getattr(record, "published_at", None) or "", reverse=True)
        return Page(tuple(found[:limit]), total)

    def iterate(self, kind: RecordKind) -> Iterator[AnyRecord]:
        """Every record of ``kind`` by id, read in pages (changes in between may show)."""
        table = TABLES[kind]
        last = ""
        while True:
            query = select(table).where(table.c.id > last).order_by(table.c.id).limit(_STRETCH)
            with self.database.read() as connection:
                rows = connection.execute(query).mappings().all()
            if not rows:
                return
            last = rows[-1]["id"]
            yield from (from_row(kind, row) for row in rows)

    def organisations_by_name(self, names: Iterable[str]) -> dict[str, Organisation]:
        """The organisations that bear one of ``names`` exactly; one that staff named before a declared one."""
        table = TABLES[RecordKind.ORGANISATION]
        found: dict[str, Organisation] = {}
        with self.database.read() as connection:
            for page in pages(list(dict.fromkeys(names))):
                query = select(table).where(table.c.title.in_(page)).order_by(table.c.id.desc())
                for row in connection.execute(query).mappings():
                    found[row["title"]] = cast(Organisation, from_row(RecordKind.ORGANISATION, row))
        return found

    def events(self, kind: RecordKind, record_id: str) -> tuple[RecordEvent, ...]:
        """Everything that happened to a record, oldest first."""
        query = (
            select(record_events)
            .where(record_events.c.kind == kind.value, record_events.c.record_id == record_id)
            .order_by(record_events.c.id)
        )
        with self.database.read() as connection:
            return tuple(event_from_row(row) for row in connection.execute(query).mappings())

    def with_action(self, kind: RecordKind, action: str) -> tuple[str, ...]:
        """Ids of the records that ``action`` ever happened to, in the order it first did."""
        first = func.min(record_events.c.id)
        query = (
            select(record_events.c.record_id)
            .where(record_events.c.kind == kind.value, record_events.c.action == action)
            .group_by(record_events.c.record_id)
            .order_by(first)
        )
        with self.database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def revision(self) -> int:
        """The id of the newest event; 0 when nothing ever happened."""
        with self.database.read() as connection:
            return connection.execute(select(func.max(record_events.c.id))).scalar() or 0

    def changed_since(self, kind: RecordKind, revision: int, until: int) -> tuple[str, ...]:
        """Ids of the records with an event after ``revision`` and up to ``until``, each once."""
        query = (
            select(record_events.c.record_id)
            .where(record_events.c.kind == kind.value, record_events.c.id.between(revision + 1, until))
            .distinct()
        )
        with self.database.read() as connection:
            return tuple(connection.execute(query.order_by(record_events.c.record_id)).scalars())

    # --- writing -------------------------------------------------------------------------------

    def save(
        self, record: AnyRecord, *, actor: str, action: str = "save", contact: PrivateContact | None = None
    ) -> Change:
        """Insert or update the content of one record; a stored record keeps its state.

        ``contact`` is kept with it, in the same transaction.
        """
        contacts = {record.id: contact} if contact is not None else {}
        return self.save_many([record], actor=actor, action=action, contacts=contacts)[0]

    def save_many(
        self,
        records: Sequence[AnyRecord],
        *,
        actor: str,
        action: str = "save",
        publish: bool = False,
        contacts: Mapping[str, PrivateContact] = NO_CONTACTS,
    ) -> tuple[Change, ...]:
        """Save records of one kind in one transaction; all of them or, on an error, none.

        With ``publish`` drafts and checked records are published without the quality gate. ``contacts`` are
        kept by record id in the same transaction. What belonged to the former owner of a record that changes
        hands (contact, receipts, consents) is gone with it.
        """
        if not records:
            return ()
        kind = kind_of(records[0])
        with self.database.write() as connection:
            lock_writers(connection)
            known = fetch_records(connection, kind, [record.id for record in records])
            batch = Batch(kind, actor, action)
            changes = [batch.add(known.get(record.id), record, publish) for record in records]
            batch.write(connection)
            handed = [record.id for record in records if changed_hands(known.get(record.id), record)]
            forget_former(connection, kind, handed, actor)
            write_contacts(connection, kind, contacts)
        return tuple(changes)

    def move(
        self,
        kind: RecordKind,
        record_id: str,
        target: State,
        *,
        actor: str,
        reason: CloseReason | None = None,
        note: str = "",
    ) -> AnyRecord:
        """Pass a need or offer to another state; raises :class:`MarketError` when that is not allowed."""
        with self.database.write() as connection:
            lock_writers(connection)
            record = fetch_records(connection, kind, [record_id]).get(record_id)
            if record is None or isinstance(record, Organisation):
                raise _unknown(kind, record_id)
            check_transition(record.state, target, reason)
            moved = replace(
                record,
                state=target,
                close_reason=reason if target is State.CLOSED else None,
                published_at=_published_at(record, target),
            )
            batch = Batch(kind, actor, "move")
            batch.change(record, moved, "：".join(filter(None, (reason.value if reason else "", note))))
            batch.write(connection)
            if reason is CloseReason.WITHDRAWN:
                forget_aside(connection, kind, record_id)
        return moved

    # --- private contacts and interests ----------------------------------------------------------

    def set_contacts(self, kind: RecordKind, contacts: Mapping[str, PrivateContact], *, actor: str) -> None:
        """Keep private contacts by record id, an empty one is deleted; the log says that, not to what, they changed.

        Raises :class:`MarketError` for an unknown record; nothing is changed then.
        """
        known, none = self.private_contacts(kind, contacts), PrivateContact()
        changed = {
            record_id: contact for record_id, contact in contacts.items() if known.get(record_id, none) != contact
        }
        if not changed:
            return
        ids = list(changed)
        with self.database.write() as connection:
            lock_writers(connection)
            records = fetch_records(connection, kind, ids)
            missing = [record_id for record_id in ids if record_id not in records]
            if missing:
                raise _unknown(kind, missing[0])
            write_contacts(connection, kind, changed)
            batch = Batch(kind, actor, "contact")
            for record_id in ids:
                batch.note(records[record_id])
            batch.write(connection)

    def private_contacts(self, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, PrivateContact]:
        """The private contacts on file, for the desk only: introductions hand them on after both consents."""
        with self.database.read() as connection:
            return read_contacts(connection, kind, record_ids)

    def origins(self, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, Origin]:
        """Which list brought each record, and its columns that no field takes: for the desk only."""
        with self.database.read() as connection:
            return origins_of(connection, kind, record_ids)

    def record_interest(self, interest: Interest) -> Interest:
        """Keep an interest; raises :class:`MarketError` when the need or offer does not exist."""
        self.need(interest.need_id)
        self.offer(interest.offer_id)
        kept = replace(interest, at=utc_now())
        values = {name: getattr(kept, name) for name in interests.c.keys() if name != "id"}  # noqa: SIM118
        values["side"] = kept.side.value
        with self.database.write() as connection:
            connection.execute(insert(interests), values)
        return kept

    def list_interests(self, *, need_id: str | None = None, offer_id: str | None = None) -> tuple[Interest, ...]:
        """Interests on a need, an offer, or both, oldest first."""
        query = select(interests).order_by(interests.c.id)
        if need_id is not None:
            query = query.where(interests.c.need_id == need_id)
        if offer_id is not None:
            query = query.where(interests.c.offer_id == offer_id)
        with self.database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(
            Interest(**{**{k: v for k, v in row.items() if k != "id"}, "side": Side(row["side"])}) for row in rows
        )

    def _existing(self, kind: RecordKind, record_id: str) -> AnyRecord:
        record = self.find(kind, record_id)
        if record is None:
            raise _unknown(kind, record_id)
        return record


def _unknown(kind: RecordKind, record_id: str) -> MarketError:
    return MarketError(
        f"没有这条{kind.label}",
        value=record_id,
        remedy=f"用 market list --kind {kind.value} 查看编号，或先用 market import 导入",
    )


def _published_at(record: Need | Offer, target: State) -> str | None:
    if record.published_at is None and target is State.PUBLISHED:
        return utc_now()
    return record.published_at


def fetch_records(connection: Connection, kind: RecordKind, ids: Sequence[str]) -> dict[str, AnyRecord]:
    """The records that exist, by id, within the caller's transaction."""
    table = TABLES[kind]
    found: dict[str, AnyRecord] = {}
    for page in pages(ids):
        for row in connection.execute(select(table).where(table.c.id.in_(page))).mappings():
            found[row["id"]] = from_row(kind, row)
    return found


def read_contacts(connection: Connection, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, PrivateContact]:
    """The private contacts on file by record id, within the caller's transaction."""
    table, found = record_contacts, {}
    for page in pages(list(record_ids)):
        query = select(table).where(table.c.kind == kind.value, table.c.record_id.in_(page))
        for row in connection.execute(query).mappings():
            found[row["record_id"]] = PrivateContact(
                name=row["name"], phone=row["phone"], email=row["email"], note=row["note"]
            )
    return found


def write_contacts(connection: Connection, kind: RecordKind, contacts: Mapping[str, PrivateContact]) -> None:
    """Keep private contacts in place of those on file; an empty one is deleted."""
    table, now = record_contacts, utc_now()
    for page in pages(list(contacts)):
        connection.execute(delete(table).where(table.c.kind == kind.value, table.c.record_id.in_(page)))
    rows = [
        {**asdict(contact), "kind": kind.value, "record_id": record_id, "updated_at": now}
        for record_id, contact in contacts.items()
        if not contact.empty
    ]
    if rows:
        connection.execute(insert(table), rows)


def lock_writers(connection: Connection) -> None:
    """Have writers of one PostgreSQL database take turns; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
