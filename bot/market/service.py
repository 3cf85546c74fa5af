"""The market as one object, and the only door to it: what page, desk, chat and commands use.

What may be done lies by subject in the modules it is made of: looking through what is public
(:mod:`bot.market.browsing`), seeing a record before others do (:mod:`bot.market.previewing`), publishing and
withdrawing (:mod:`bot.market.publishing`), interest and consent (:mod:`bot.market.consenting`), what a manager does
for a pair (:mod:`bot.market.pairs`). Nothing outside
``bot.market`` reaches past it; a test proves that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

from bot.errors import MarketError
from bot.market.browsing import Browsing
from bot.market.desk_listing import DeskListing
from bot.market.exporting import write_public_records, write_records
from bot.market.importing import ImportReport, import_file
from bot.market.importing import Progress as ImportProgress
from bot.market.intake.origins import Origin
from bot.market.managing import Managing
from bot.market.masking import public
from bot.market.matching import MatchResult
from bot.market.pairs import Pairs
from bot.market.parties import read_party
from bot.market.planning import ImportPlan, plan_import
from bot.market.reasons import explain
from bot.market.records import (
    AnyRecord,
    Confidentiality,
    Interest,
    Need,
    Offer,
    Organisation,
    Party,
    RecordEvent,
    State,
)
from bot.market.sample_records import RemovalReport, load_samples, remove_samples
from bot.market.state_log import StateChange, state_changes
from bot.market.store import Page
from bot.market.taxonomy import load_taxonomy
from bot.types import Reason, RecordKind

Progress = Callable[[int, int], None]


class Market(Managing, DeskListing, Pairs, Browsing):
    """Everything about needs and offers behind one door. The constructor does no I/O."""

    # --- for its owner and the desk ----------------------------------------------------------------

    def need(self, need_id: str) -> Need:
        """The need as it is on file; raises :class:`MarketError` when there is none."""
        return self.store.need(need_id)

    def offer(self, offer_id: str) -> Offer:
        """The offer as it is on file; raises :class:`MarketError` when there is none."""
        return self.store.offer(offer_id)

    def organisation(self, organisation_id: str) -> Organisation:
        """The organisation; raises :class:`MarketError` when there is none."""
        return self.store.organisation(organisation_id)

    def party(self, record: Need | Offer) -> Party:
        """Who is behind a record; a contact left with the record itself goes before its organisation's.

        For the desk and the owner: to the other side go only :meth:`agreed_parties`.
        """
        with self.database.read() as connection:
            return read_party(connection, record)

    def find(self, kind: RecordKind, record_id: str) -> AnyRecord | None:
        """The record as it is on file, or ``None``."""
        return self.store.find(kind, record_id)

    def records_of(self, kind: RecordKind, record_ids: Sequence[str]) -> dict[str, AnyRecord]:
        """Those of some records that are on file, as they are on file, by id."""
        return {record.id: record for record in self.store.get_many(kind, record_ids)}

    def records(self, kind: RecordKind, *, states: Sequence[State] = (), limit: int = 50) -> Page:
        """Records as they are on file, by id."""
        return self.store.list_records(kind, states=states, limit=limit)

    def all_records(self, kind: RecordKind) -> Iterator[AnyRecord]:
        """Every record of a kind by id, read in pages."""
        return self.store.iterate(kind)

    def history(self, kind: RecordKind, record_id: str) -> tuple[RecordEvent, ...]:
        """Everything that happened to a record, oldest first."""
        return self.store.events(kind, record_id)

    def origin(self, kind: RecordKind, record_id: str) -> Origin | None:
        """Which list brought a record, with its columns that no field takes."""
        return self.store.origins(kind, [record_id]).get(record_id)

    def state_changes(self) -> Iterator[StateChange]:
        """Every passage of a record from one state to another, in the order they happened."""
        return state_changes(self.database)

    def interests(self, record: Need | Offer) -> tuple[Interest, ...]:
        """Every interest on a record, oldest first, as it was told."""
        if isinstance(record, Need):
            return self.store.list_interests(need_id=record.id)
        return self.store.list_interests(offer_id=record.id)

    # --- for everybody -----------------------------------------------------------------------------

    def public_record(self, kind: RecordKind, record_id: str) -> Need | Offer:
        """A need or offer as anybody may see it.

        Raises :class:`MarketError` for any other id, known or not: whether a draft exists is nobody's business.
        """
        found = self.public_records(kind, [record_id]) if kind is not RecordKind.ORGANISATION and record_id else ()
        if not found:
            raise MarketError(
                f"没有这条{kind.label}，或者它没有发布", value=record_id, remedy="核对编号，或用一段话查找"
            )
        return found[0]

    def public_records(self, kind: RecordKind, record_ids: Sequence[str]) -> tuple[Need | Offer, ...]:
        """Those of some needs or offers that anybody may see, as anybody may see them."""
        records = (cast("Need | Offer", record) for record in self.store.get_many(kind, record_ids))
        return self.door.public_all([record for record in records if record.is_public])

    def newest(self, limit: int) -> tuple[tuple[Need | Offer, ...], int]:
        """The ``limit`` needs and offers published last, newest first, and how many are published in all."""
        pages = [self.store.newest(kind, limit) for kind in (RecordKind.NEED, RecordKind.OFFER)]
        told = [[cast("Need | Offer", record) for record in page.records] for page in pages]
        records = [record for each in told for record in self.door.public_all(each)]
        records.sort(key=lambda record: record.published_at or "", reverse=True)
        return tuple(records[:limit]), sum(page.total for page in pages)

    def owner_shown(self, record: Need | Offer) -> str:
        """The owner's name as the public may read it; empty when it is confidential or not on file."""
        if record.owner_id is None or record.confidentiality is Confidentiality.CONFIDENTIAL:
            return ""
        owner = self.store.find(RecordKind.ORGANISATION, record.owner_id)
        return public(owner.shown_name) if isinstance(owner, Organisation) else ""

    def matches_of(self, record: Need | Offer, k: int) -> MatchResult:
        """The counterparts of a record, on file or not."""
        if isinstance(record, Need):
            return self.matcher.match_need(record, k)
        return self.matcher.match_offer(record, k)

    def reasons(self, need: Need, offer: Offer) -> tuple[Reason, ...]:
        """What both records of a pair have in common, in the words of both."""
        return explain(need, offer, self.index.current().offers.rarity, load_taxonomy())

    # --- many at once, by staff --------------------------------------------------------------------

    def import_records(
        self,
        path: Path,
        kind: RecordKind,
        *,
        actor: str,
        publish: bool = False,
        all_or_nothing: bool = False,
        source: str = "",
        progress: ImportProgress | None = None,
    ) -> ImportReport:
        """Import a list; see :func:`bot.market.importing.import_file`."""
        return import_file(
            self.store,
            path,
            kind,
            actor=actor,
            publish=publish,
            all_or_nothing=all_or_nothing,
            source=source,
            progress=progress,
        )

    def plan_import(
        self, path: Path, kind: RecordKind, *, source: str = "", progress: ImportProgress | None = None
    ) -> ImportPlan:
        """What importing a list would do, row by row; nothing is saved. Raises like :meth:`import_records`."""
        return plan_import(self.store, path, kind, source, progress)

    def keep_trusted(self, records: Sequence[AnyRecord], *, actor: str) -> None:
        """Save records of one kind and publish them without the quality gate."""
        self.store.save_many(records, actor=actor, publish=True)

    def export(self, kind: RecordKind, path: Path) -> int:
        """Write every record of a kind as a table, for the desk; returns how many."""
        return write_records(kind, self.store.iterate(kind), path)

    def export_public(self, kind: RecordKind, path: Path) -> int:
        """Write the needs or offers that anybody may see, as anybody may read them; returns how many."""
        return write_public_records(self.door, kind, self.store.iterate(kind), path)

    def load_samples(self) -> ImportReport:
        """Load the made-up records (示例)."""
        return load_samples(self.store)

    def remove_samples(self) -> RemovalReport:
        """Close the made-up records."""
        return remove_samples(self.store)

    def build_index(self, progress: Progress | None = None) -> None:
        """Bring the search structure up to every change on file; searching does so by itself, without telling."""
        self.index.current(progress)

    def close(self) -> None:
        """Close the connections to the database; the next use opens new ones."""
        self.database.close()
