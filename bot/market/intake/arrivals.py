"""Records as a list brings them, made ready to be written before any transaction, or refused one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Table, select

from bot.errors import MarketError
from bot.market.batch import Batch, Change
from bot.market.contacts import NO_CONTACT, read_contacts, write_contacts
from bot.market.intake.former import changed_hands, forget_former
from bot.market.intake.origins import Origin, origins_of, pages, write_origins
from bot.market.records import AnyRecord, Need, Offer, State
from bot.market.store import MarketStore
from bot.market.writing import MarketWriting, fetch_records
from bot.store.tables import record_contacts, record_origins
from bot.types import PrivateContact, RecordKind

_UNKNOWN = Origin("", "", "", "")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record to be saved. ``contact`` are the entries that its row has, ``owner`` is the id or name it gives.

    ``expected`` is the source of what was on file when the row was judged, empty for an unknown one, ``None`` where
    nothing was on file; ``before`` is what it was then. ``origin`` is ``None`` for a record that no list brings.
    With ``keeps_aside`` the file has no columns to keep aside, and those on file stay. ``worse`` says why the quality
    gate holds the record back, if it is published.
    """

    record: AnyRecord
    origin: Origin | None
    contact: Mapping[str, str]
    expected: str | None
    before: AnyRecord | None = None
    keeps_aside: bool = False
    owner: str = ""
    worse: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an arrival; ``change`` is ``None`` for one that somebody changed since it was judged.

    ``held`` is whether it was published and is a draft again.
    """

    record: AnyRecord
    change: Change | None
    held: bool = False


class ReadyBatch:
    """Records of one kind with everything that saving them writes, worked out from what is on file.

    It rests on no event having come for these records, and on their contacts and origins being the same ones:
    :meth:`stands` says whether that is so still. ``saved`` are the arrivals in their order.
    With ``whole`` :class:`MarketError` is raised for a record that somebody changed since it was judged.
    """

    def __init__(
        self,
        store: MarketStore,
        kind: RecordKind,
        arrivals: Sequence[Arrival],
        *,
        actor: str,
        publish: bool,
        whole: bool,
    ) -> None:
        self._store, self._kind, self._actor = store, kind, actor
        self._ids = [arrival.record.id for arrival in arrivals]
        self._told = [arrival.record.id for arrival in arrivals if any(arrival.contact.values())]
        # What it rests on first: what comes in while the rest is read is then seen to have come.
        self._revision, self._stamps = store.revision(), self._read_stamps()
        with store.database.read() as connection:
            self._known = fetch_records(connection, kind, self._ids)
            self._origins = origins_of(connection, kind, self._ids)
            contacts = read_contacts(connection, kind, self._told)
        self._rows = Batch(kind, actor, "import")
        self._moves, self._log = Batch(kind, actor, "move"), Batch(kind, actor, "contact")
        self._changed_contacts: dict[str, PrivateContact] = {}
        self._changed_origins: dict[str, Origin] = {}
        self._handed: list[str] = []
        self.saved = tuple(self._take_in(arrival, publish, whole, contacts) for arrival in arrivals)
        del self._known, self._origins

    def stands(self) -> bool:
        """Whether what it rests on is on file still; asked within the transaction that writes it."""
        moved = self._store.changed_since(self._kind, self._revision, self._store.revision())
        return set(self._ids).isdisjoint(moved) and self._read_stamps() == self._stamps

    def write(self, writing: MarketWriting) -> None:
        """Write it, within the caller's transaction and without working anything out."""
        connection = writing.connection
        self._rows.write(connection)
        forget_former(connection, self._kind, sorted(self._handed), self._actor)
        writing.erased |= bool(self._handed)
        write_contacts(connection, self._kind, self._changed_contacts)
        self._log.write(connection)
        write_origins(connection, self._kind, self._changed_origins)
        self._moves.write(connection)

    # --- inside ---------------------------------------------------------------------------------

    def _read_stamps(self) -> tuple[dict[str, str], dict[str, str]]:
        with self._store.database.read() as connection:
            return (
                _stamps(connection, record_origins, self._kind, self._ids),
                _stamps(connection, record_contacts, self._kind, self._told),
            )

    def _take_in(self, arrival: Arrival, publish: bool, whole: bool, contacts: Mapping[str, PrivateContact]) -> Saved:
        record = arrival.record
        known, origin = self._known.get(record.id), self._origins.get(record.id, _UNKNOWN)
        if (origin.source if known is not None else None) != arrival.expected or known != arrival.before:
            if whole:
                raise MarketError("核对之后有人改了记录", value=record.id, remedy="请再导入一次")
            return Saved(record, None)
        change, kept = self._rows.add(known, record, publish)
        handed = changed_hands(known, record)
        if handed:
            self._handed.append(record.id)
        self._take_contact(arrival, kept, NO_CONTACT if handed else contacts.get(record.id, NO_CONTACT))
        self._take_origin(arrival, handed)
        return Saved(record, change, self._hold_back(kept, arrival.worse))

    def _take_contact(self, arrival: Arrival, kept: AnyRecord, before: PrivateContact) -> None:
        """Fill up the contact on file, which is no former owner's any more; the log says that it changed."""
        contact = replace(before, **arrival.contact) if any(arrival.contact.values()) else before
        if contact != before:
            self._changed_contacts[kept.id] = contact
            self._log.note(kept)

    def _take_origin(self, arrival: Arrival, handed: bool) -> None:
        origin, before = arrival.origin, self._origins.get(arrival.record.id)
        if origin is None:
            return
        if before is not None and arrival.keeps_aside and not handed:
            origin = replace(origin, aside=before.aside)
        if origin != before:
            self._changed_origins[arrival.record.id] = origin

    def _hold_back(self, kept: AnyRecord, worse: str) -> bool:
        """A published record that does not pass the gate any more goes back to draft."""
        if not worse or not isinstance(kept, (Need, Offer)) or kept.state is not State.PUBLISHED:
            return False
        self._moves.change(kept, replace(kept, state=State.DRAFT, close_reason=None), worse)
        return True


def _stamps(connection: Connection, table: Table, kind: RecordKind, record_ids: Sequence[str]) -> dict[str, str]:
    """When each row of ``table`` was written, to the microsecond: another stamp is another row."""
    found: dict[str, str] = {}
    for page in pages(record_ids):
        query = select(table.c.record_id, table.c.updated_at).where(
            table.c.kind == kind.value, table.c.record_id.in_(page)
        )
        found |= {record_id: stamp for record_id, stamp in connection.execute(query)}
    return found
