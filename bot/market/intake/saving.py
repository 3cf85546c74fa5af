"""Saving a whole list: everything is worked out before the one transaction, which then only writes.

Others wait for a transaction: on SQLite every writer there is. So nothing is worked out within it, as long as what the
work rests on still stands when it begins; what does not stand is worked out again outside, and the last time within,
so that a busy market puts off no import for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import count

from bot.market.intake.arrivals import Arrival, ReadyBatch, Saved
from bot.market.records import AnyRecord, Organisation, is_declared, named_id
from bot.market.store import MarketStore
from bot.types import RecordKind

#: So often what does not stand any more is worked out again outside of the transaction.
AGAIN = 3
_ORGANISATION = RecordKind.ORGANISATION


class Owners:
    """The organisations that rows name as owners, by id or by name; unknown names become organisations."""

    def __init__(self, store: MarketStore, names: Collection[str], actor: str) -> None:
        self._store, self._names = store, set(names)
        self._revision = store.revision()
        ids = {record.id for record in store.get_many(_ORGANISATION, sorted(self._names))}
        found = store.organisations_by_name(sorted(self._names - ids))
        named = {name: record.id for name, record in found.items() if not is_declared(record.id)}
        made = {name: named_id(name) for name in sorted(self._names - ids - set(named))}
        self._ids = {owner: owner for owner in ids} | named | made
        known = {record.id: record for record in store.get_many(_ORGANISATION, made.values())}
        origins = store.origins(_ORGANISATION, known)
        arrivals = []
        for name, record_id in made.items():
            expected = (origins[record_id].source if record_id in origins else "") if record_id in known else None
            arrivals.append(Arrival(Organisation(id=record_id, title=name), None, {}, expected, known.get(record_id)))
        self.made = ReadyBatch(store, _ORGANISATION, arrivals, actor=actor, publish=False, whole=False)

    def stands(self) -> bool:
        """Whether the names lead to the same organisations still; asked within the transaction that writes."""
        moved = set(self._store.changed_since(_ORGANISATION, self._revision, self._store.revision()))
        if not self._names or not moved:
            return True
        titles = {record.title for record in self._store.get_many(_ORGANISATION, moved)}
        return moved.isdisjoint(self._ids.values()) and self._names.isdisjoint(moved | titles)

    def owned(self, arrival: Arrival) -> Arrival:
        """``arrival`` with its owner by id."""
        if isinstance(arrival.record, Organisation) or not arrival.owner:
            return arrival
        record: AnyRecord = replace(arrival.record, owner_id=self._ids[arrival.owner])
        return replace(arrival, record=record)


class Saving:
    """Saves batches of arrivals, all of them or none.

    ``tell`` hears how many rows are ready; whatever it raises ends the saving with nothing changed.
    """

    def __init__(
        self,
        store: MarketStore,
        kind: RecordKind,
        batches: Sequence[Sequence[Arrival]],
        *,
        actor: str,
        publish: bool,
        whole: bool,
        tell: Callable[[int], None],
    ) -> None:
        self._store, self._kind, self._batches, self._tell = store, kind, batches, tell
        self._actor, self._publish, self._whole = actor, publish, whole
        self._owners: Owners | None = None
        self._ready: dict[int, ReadyBatch] = {}

    def save(self) -> list[Saved]:
        """Save everything; see :class:`ReadyBatch` for what is raised."""
        self._make_ready()
        for tried in count():
            with self._store.database.together(), self._store.writing(self._actor) as writing:
                self._drop_fallen()
                if tried == AGAIN:
                    self._make_ready()
                if self._owners is not None and len(self._ready) == len(self._batches):
                    self._owners.made.write(writing)
                    for place in range(len(self._batches)):
                        self._ready[place].write(writing)
                        self._tell(self._rows_ready)
                    break
            self._make_ready()
        return [each for place in range(len(self._batches)) for each in self._ready[place].saved]

    def _make_ready(self) -> None:
        """Work out what is not ready."""
        if self._owners is None:
            names = {arrival.owner for batch in self._batches for arrival in batch if arrival.owner}
            self._owners = Owners(self._store, names, self._actor)
        for place, batch in enumerate(self._batches):
            if place not in self._ready:
                owned = [self._owners.owned(arrival) for arrival in batch]
                made = ReadyBatch(
                    self._store, self._kind, owned, actor=self._actor, publish=self._publish, whole=self._whole
                )
                self._ready[place] = made
                self._tell(self._rows_ready)

    def _drop_fallen(self) -> None:
        """Forget what rests on something that was changed: all of it, where the owners are not the same."""
        if self._owners is not None and not self._owners.stands():
            self._owners = None
            self._ready.clear()
        self._ready = {place: batch for place, batch in self._ready.items() if batch.stands()}

    @property
    def _rows_ready(self) -> int:
        return sum(len(self._batches[place]) for place in self._ready)
