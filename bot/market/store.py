"""Needs, offers and organisations in the database; every change is logged with who and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select

from bot.market.batch import Change
from bot.market.consent_log import read_interests
from bot.market.contacts import read_contacts
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
    State,
)
from bot.market.rows import event_from_row, from_row
from bot.market.tables import TABLES
from bot.market.writing import NO_CONTACTS, MarketWriting, fetch_records, lock_writers, unknown_record
from bot.store.database import Database
from bot.store.tables import interests, record_events
from bot.types import PrivateContact, RecordKind

#: Records read at once when all are read.
_STRETCH = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a listing; ``total`` counts all records that fit."""

    records: tuple[AnyRecord, ...]
    total: int


class MarketStore:
    """Reads and writes market records. The constructor does no I/O.

    Every method is one transaction; :meth:`writing` makes several changes one. Unknown ids raise :class:`MarketError`.
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

    @contextmanager
    def writing(self, actor: str) -> Iterator[MarketWriting]:
        """One transaction of changes by ``actor``: all of them are kept, or none."""
        with self.database.write() as connection:
            lock_writers(connection)
            writing = MarketWriting(connection, actor)
            yield writing
        if writing.erased:
            self.database.clear_remains()

    def save(
        self, record: AnyRecord, *, actor: str, action: str = "save", contact: PrivateContact | None = None
    ) -> Change:
        """Save one record with its contact; see :meth:`MarketWriting.save`."""
        with self.writing(actor) as writing:
            return writing.save(record, action=action, contact=contact)

    def save_many(
        self,
        records: Sequence[AnyRecord],
        *,
        actor: str,
        action: str = "save",
        publish: bool = False,
        contacts: Mapping[str, PrivateContact] = NO_CONTACTS,
    ) -> tuple[Change, ...]:
        """Save records of one kind; see :meth:`MarketWriting.save_many`."""
        with self.writing(actor) as writing:
            return writing.save_many(records, action=action, publish=publish, contacts=contacts)

    def move(
        self,
        kind: RecordKind,
        record_id: str,
        target: State,
        *,
        actor: str,
        reason: CloseReason | None = None,
        note: str = "",
    ) -> Need | Offer:
        """Pass a need or offer to another state; see :meth:`MarketWriting.move`."""
        with self.writing(actor) as writing:
            return writing.move(kind, record_id, target, reason=reason, note=note)

    def set_contacts(self, kind: RecordKind, contacts: Mapping[str, PrivateContact], *, actor: str) -> None:
        """Keep private contacts by record id; see :meth:`MarketWriting.set_contacts`."""
        with self.writing(actor) as writing:
            writing.set_contacts(kind, contacts)

    # --- what is private -------------------------------------------------------------------------

    def private_contacts(self, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, PrivateContact]:
        """The private contacts on file, for the desk only: introductions hand them on after both consents."""
        with self.database.read() as connection:
            return read_contacts(connection, kind, record_ids)

    def origins(self, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, Origin]:
        """Which list brought each record, and its columns that no field takes: for the desk only."""
        with self.database.read() as connection:
            return origins_of(connection, kind, record_ids)

    def list_interests(self, *, need_id: str | None = None, offer_id: str | None = None) -> tuple[Interest, ...]:
        """Interests on a need, an offer, or both, oldest first."""
        asked = ((interests.c.need_id, need_id), (interests.c.offer_id, offer_id))
        where = [column == value for column, value in asked if value is not None]
        with self.database.read() as connection:
            return tuple(interest for interest, _ in read_interests(connection, *where))

    def _existing(self, kind: RecordKind, record_id: str) -> AnyRecord:
        record = self.find(kind, record_id)
        if record is None:
            raise unknown_record(kind, record_id)
        return record
