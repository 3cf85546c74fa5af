"""Records as a list brings them, saved with their contacts and origins in one transaction, or refused one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.errors import MarketError
from bot.market.batch import Batch, Change
from bot.market.contacts import NO_CONTACT, read_contacts, write_contacts
from bot.market.fields import kind_of
from bot.market.intake.former import changed_hands, forget_former
from bot.market.intake.origins import Origin, origins_of, write_origins
from bot.market.records import AnyRecord
from bot.market.store import MarketStore
from bot.market.writing import fetch_records, lock_writers
from bot.types import RecordKind

_NO_ORIGIN = Origin("", "", "", "")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record to be saved. ``contact`` are the entries that its row has.

    ``expected`` is the source of what was on file when the row was judged, empty for an unknown one, ``None`` where
    nothing was on file; ``before`` is what it was then.
    With ``keeps_aside`` the file has no columns to keep aside, and those on file stay.
    """

    record: AnyRecord
    origin: Origin
    contact: Mapping[str, str]
    expected: str | None
    before: AnyRecord | None = None
    keeps_aside: bool = False


def save_arrivals(
    store: MarketStore, arrivals: Sequence[Arrival], *, actor: str, publish: bool = False, whole: bool = False
) -> tuple[Change | None, ...]:
    """Save records of one kind; ``None`` stands for one that somebody changed since it was judged.

    With ``whole`` nothing is saved then, and :class:`MarketError` is raised.
    """
    if not arrivals:
        return ()
    kind = kind_of(arrivals[0].record)
    ids = [arrival.record.id for arrival in arrivals]
    with store.database.write() as connection:
        lock_writers(connection)
        known = fetch_records(connection, kind, ids)
        origins = origins_of(connection, kind, ids)
        batch = Batch(kind, actor, "import")
        changes: list[Change | None] = []
        kept: list[Arrival] = []
        for arrival in arrivals:
            found = arrival.record.id in known
            now = origins.get(arrival.record.id, _NO_ORIGIN).source if found else None
            if now != arrival.expected or known.get(arrival.record.id) != arrival.before:
                if whole:
                    raise MarketError("核对之后有人改了记录", value=arrival.record.id, remedy="请再导入一次")
                changes.append(None)
                continue
            changes.append(batch.add(known.get(arrival.record.id), arrival.record, publish))
            kept.append(arrival)
        batch.write(connection)
        handed = {each.record.id for each in kept if changed_hands(known.get(each.record.id), each.record)}
        forget_former(connection, kind, sorted(handed), actor)
        _write_contacts(connection, kind, kept, actor)
        _write_origins(connection, kind, kept, origins, handed)
    if handed:
        store.database.clear_remains()
    return tuple(changes)


def _write_contacts(connection: Connection, kind: RecordKind, arrivals: Sequence[Arrival], actor: str) -> None:
    """Fill up the contacts on file, which are no former owner's any more; the log says that they changed."""
    told = [arrival for arrival in arrivals if any(arrival.contact.values())]
    on_file = read_contacts(connection, kind, [arrival.record.id for arrival in told])
    changed = {}
    for arrival in told:
        before = on_file.get(arrival.record.id, NO_CONTACT)
        contact = replace(before, **arrival.contact)
        if contact != before:
            changed[arrival.record.id] = contact
    write_contacts(connection, kind, changed)
    log = Batch(kind, actor, "contact")
    for record in fetch_records(connection, kind, list(changed)).values():
        log.note(record)
    log.write(connection)


def _write_origins(
    connection: Connection,
    kind: RecordKind,
    arrivals: Sequence[Arrival],
    on_file: Mapping[str, Origin],
    handed: set[str],
) -> None:
    changed = {}
    for arrival in arrivals:
        record_id, origin = arrival.record.id, arrival.origin
        before = on_file.get(record_id)
        if before is not None and arrival.keeps_aside and record_id not in handed:
            origin = replace(origin, aside=before.aside)
        if origin != before:
            changed[record_id] = origin
    write_origins(connection, kind, changed)
