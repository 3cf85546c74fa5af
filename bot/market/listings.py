"""What the public list is filtered by, kept in step with the records.

The records' event log is the feed, as for the search structure: what changed since the last event taken in is read
anew, whichever process changed it; a new name of an owner, which is hidden in what others read, is logged with its
records. Fields and places are read from the records as anybody may read them, so that what
is hidden is neither found nor counted.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Connection, delete, insert, select, update

from bot.market.fields import FIELDS
from bot.market.intake.origins import pages
from bot.market.masking import Door
from bot.market.records import Need, Offer
from bot.market.store import MarketStore
from bot.market.taxonomy import Taxonomy
from bot.market.writing import lock_writers
from bot.store.database import Database
from bot.store.tables import listing_progress, listing_values, listings
from bot.text.places import places_in
from bot.types import RecordKind, Standing

FIELD, PLACE = "field", "place"
#: The order of the list.
STANDINGS = (Standing.OPEN, Standing.HISTORIC, Standing.CLOSED)
KINDS = (RecordKind.NEED, RecordKind.OFFER)
#: Raised when fields or places are read in another way; older lists are then read anew.
FORMAT = 1


class ListingFollower:
    """Takes in what changed. Safe to share between threads and processes; the constructor does no I/O."""

    def __init__(self, database: Database, store: MarketStore, taxonomy: Taxonomy) -> None:
        self._database, self._store, self._taxonomy = database, store, taxonomy
        self._door = Door(store)

    def follow(self, *, events: int, seconds: float) -> tuple[int, bool]:
        """Take in changes, ``events`` of the log at a time, until all are or ``seconds`` are over.

        Gives back the last event taken in, and whether that is the last there is.
        """
        until, ends = self._store.revision(), time.monotonic() + seconds
        seen = self._begin(until)
        while seen < until:
            stretch = min(seen + events, until)
            for kind in KINDS:
                for ids in pages(self._store.changed_since(kind, seen, stretch)):
                    self._take_in(kind, ids)
            with self._database.write() as connection:
                # Another process may have come further meanwhile.
                table = listing_progress
                connection.execute(update(table).where(table.c.revision < stretch).values(revision=stretch))
            seen = stretch
            if seen < until and time.monotonic() >= ends:
                return seen, False
        return seen, True

    def _begin(self, revision: int) -> int:
        """The last event taken in; a list that was read in another way begins anew."""
        reading = self._fingerprint()
        with self._database.read() as connection:
            row = connection.execute(select(listing_progress)).mappings().first()
        if row is not None and row["fingerprint"] == reading and row["revision"] <= revision:
            return cast(int, row["revision"])
        with self._database.write() as connection:
            lock_writers(connection)
            for table in (listing_values, listings, listing_progress):
                connection.execute(delete(table))
            connection.execute(insert(listing_progress), {"revision": 0, "fingerprint": reading})
        return 0

    def _take_in(self, kind: RecordKind, ids: Sequence[str]) -> None:
        with self._database.write() as connection:
            lock_writers(connection)
            # Read while nobody else writes: two followers never leave the older of two readings.
            records = [cast("Need | Offer", each) for each in self._store.get_many(kind, ids)]
            shown = self._door.public_all([_reduced(each) for each in records if each.is_public])
            _forget(connection, kind, ids)
            self._list(connection, kind, shown)

    def _list(self, connection: Connection, kind: RecordKind, shown: Iterable[Need | Offer]) -> None:
        for record in shown:
            row = {
                "kind": kind.value,
                "record_id": record.id,
                "standing": STANDINGS.index(record.standing),
                "published_at": record.published_at or "",
            }
            number = connection.execute(insert(listings).returning(listings.c.id), row).scalar_one()
            values = [(FIELD, each) for each in self.fields_of(record)]
            values += [(PLACE, each) for each in places_in(record.region)]
            if values:
                rows = [{"listing_id": number, "facet": facet, "value": value} for facet, value in values]
                connection.execute(insert(listing_values), rows)

    def fields_of(self, shown: Need | Offer) -> tuple[str, ...]:
        """The technology fields a public record is listed under: of its name and named fields, else of its words."""
        return self._taxonomy.best(f"{shown.title} {' '.join(shown.fields)}") or self._taxonomy.best(
            "", shown.description
        )

    def _fingerprint(self) -> str:
        told = repr((FORMAT, self._taxonomy.fields))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def _forget(connection: Connection, kind: RecordKind, ids: Sequence[str]) -> None:
    known = select(listings.c.id).where(listings.c.kind == kind.value, listings.c.record_id.in_(ids))
    connection.execute(delete(listing_values).where(listing_values.c.listing_id.in_(known)))
    connection.execute(delete(listings).where(listings.c.kind == kind.value, listings.c.record_id.in_(ids)))


_READ = ("title", "description", "fields", "region")


def _reduced(record: Need | Offer) -> Need | Offer:
    """``record`` with only the words that are read here: hiding what is private takes its time for every field."""
    kind = RecordKind.NEED if isinstance(record, Need) else RecordKind.OFFER
    told = (spec.name for spec in FIELDS[kind] if not spec.type.coded and spec.name not in _READ)
    emptied = {name: () if isinstance(getattr(record, name), tuple) else "" for name in told}
    return replace(record, **emptied)  # type: ignore[arg-type]
