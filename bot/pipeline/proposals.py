"""Pairs found when a record was published or changed, shown to whoever looks after either side until they are seen.

Nothing is computed while a visitor waits: :meth:`Proposals.follow` takes in what changed since, for a few seconds at a
time, after a page of the desk was sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from bot.errors import AssistantError
from bot.market.fields import kind_of
from bot.market.matching import MatchResult
from bot.market.records import Need, Offer
from bot.market.service import Market
from bot.pipeline.duplicates import Duplicates
from bot.pipeline.inserting import insert_new, next_number
from bot.pipeline.tables import case_keepers, proposal_progress, proposal_views, proposals
from bot.store.database import utc_now
from bot.types import RecordKind, Standing

_LOGGER = logging.getLogger(__name__)
PAGE_SIZE = 30
#: The best pairs kept of one record, and how many are asked for to know which pairs fit no more.
BEST, _ASKED = 5, 20
#: How long what changed is taken in at once, in seconds.
PATIENCE = 5.0
#: A market that was filled before anybody followed it: older records are matched when they are opened.
_BEGINS_BEFORE = 500
Pair = tuple[str, str]


class Scope(StrEnum):
    """Whose pairs are shown: those whose need or offer one looks after, those nobody does, all."""

    MINE = "mine"
    NOBODYS = "nobodys"
    ALL = "all"

    @property
    def label(self) -> str:
        """The scope as people read it."""
        return {"mine": "我负责的", "nobodys": "没有人负责的", "all": "全部"}[self.value]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that was good enough to be proposed; ``level`` 1–4, ``seen`` by whoever asks.

    ``found_at`` is read off the wall clock and shown: a clock that was set tells a wrong day and changes no order.
    """

    need_id: str
    offer_id: str
    level: int
    found_at: str
    seen: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One page of the list, 1-based."""

    pairs: tuple[Proposal, ...]
    total: int
    page: int
    pages: int


class Proposals:
    """The pairs on record. The constructor does no I/O; safe to share between threads and processes."""

    def __init__(self, market: Market) -> None:
        self._market, self._duplicates = market, Duplicates(market)

    # --- finding --------------------------------------------------------------------------------------

    def follow(self, seconds: float = PATIENCE) -> bool:
        """Match what changed since, a record at least; whether that was all there is.

        Stopped at any moment it goes on with the record it was at.
        """
        ends, seen = time.monotonic() + seconds, self._begin()
        while changes := self._market.changes_after(seen):
            last = {(kind, record_id): event for event, kind, record_id in changes}
            for event, kind, record_id in changes:
                matched = last[kind, record_id] == event and self._matched(kind, record_id)
                seen = event
                if matched or event == changes[-1][0]:
                    self._came_to(seen)
                if matched and time.monotonic() >= ends:
                    return not self._market.changes_after(seen)
        return True

    def catch_up(self) -> None:
        """:meth:`follow` where nobody waits for it: what goes wrong is logged, and the next one goes on."""
        try:
            self.follow()
        except (AssistantError, OSError):
            _LOGGER.exception("new records could not be matched now")

    def of(self, record: Need | Offer) -> MatchResult:
        """The best counterparts of a record as they are now; what is good enough is kept."""
        result = self._market.matches_of(record, _ASKED)
        if record.standing is Standing.OPEN and record.is_public:
            self._keep(record, result)
        return result

    def _matched(self, kind: RecordKind, record_id: str) -> bool:
        """Match one record where it may be; returns whether that was work."""
        record = self._market.find(kind, record_id)
        if not isinstance(record, (Need, Offer)) or not record.is_public or record.standing is not Standing.OPEN:
            return False
        self.of(record)
        self._duplicates.of(record)
        return True

    def _keep(self, record: Need | Offer, result: MatchResult) -> None:
        own, other = _columns(kind_of(record))
        fit = [match.id for match in result.proposed]
        with self._market.database.write() as connection:
            gone = delete(proposals).where(proposals.c[own] == record.id, proposals.c[other].not_in(fit))
            connection.execute(gone)
            found = {"found_at": utc_now(), "number": next_number(connection, proposals)}
            for match in result.proposed[:BEST]:
                row = {own: record.id, other: match.id, "level": match.level, **found}
                insert_new(connection, proposals, {**row, "likeness": round(match.score * 1000)})

    def _begin(self) -> int:
        with self._market.database.read() as connection:
            seen = connection.execute(select(proposal_progress.c.revision)).scalar()
        if seen is not None:
            return int(seen)
        seen = max(0, self._market.revision() - _BEGINS_BEFORE)
        with self._market.database.write() as connection:
            row = {"id": 1, "revision": seen}
            insert_new(connection, proposal_progress, row)
        return seen

    def _came_to(self, event: int) -> None:
        # Another process may have come further meanwhile.
        table = proposal_progress
        with self._market.database.write() as connection:
            connection.execute(update(table).where(table.c.revision < event).values(revision=event))

    # --- showing --------------------------------------------------------------------------------------

    def listed(self, reader: str, scope: Scope, *, unseen: bool = True, page: int = 1) -> ProposalPage:
        """The pairs whose records still look for a partner, the newest first; a page beyond the last is the last."""
        conditions = self._conditions(reader, scope, unseen=unseen)
        seen = _seen_by(reader).label("seen")
        with self._market.database.read() as connection:
            total = connection.execute(select(func.count()).select_from(proposals).where(*conditions)).scalar_one()
            pages = max(1, -(-total // PAGE_SIZE))
            shown = min(max(page, 1), pages)
            order = (
                proposals.c.number.desc(),
                proposals.c.found_at.desc(),
                proposals.c.likeness.desc(),
                proposals.c.need_id,
                proposals.c.offer_id,
            )
            query = select(proposals, seen).where(*conditions).order_by(*order)
            rows = connection.execute(query.limit(PAGE_SIZE).offset((shown - 1) * PAGE_SIZE)).mappings()
            pairs = tuple(
                Proposal(row["need_id"], row["offer_id"], row["level"], row["found_at"], bool(row["seen"]))
                for row in rows
            )
        return ProposalPage(pairs, total, shown, pages)

    def unseen(self, reader: str, scope: Scope) -> int:
        """How many pairs somebody has not seen."""
        conditions = self._conditions(reader, scope, unseen=True)
        with self._market.database.read() as connection:
            return connection.execute(select(func.count()).select_from(proposals).where(*conditions)).scalar_one()

    def see(self, pairs: Iterable[Pair], reader: str) -> None:
        """Note that somebody has seen some pairs."""
        with self._market.database.write() as connection:
            for need_id, offer_id in pairs:
                known = select(proposals.c.need_id).where(
                    proposals.c.need_id == need_id, proposals.c.offer_id == offer_id
                )
                if connection.execute(known).scalar() is not None:
                    row = {"need_id": need_id, "offer_id": offer_id, "reader": reader, "at": utc_now()}
                    insert_new(connection, proposal_views, row)

    def _conditions(self, reader: str, scope: Scope, *, unseen: bool) -> list[ColumnElement[bool]]:
        open_ids = self._market.open_ids
        found: list[ColumnElement[bool]] = [
            proposals.c.need_id.in_(open_ids(RecordKind.NEED)),
            proposals.c.offer_id.in_(open_ids(RecordKind.OFFER)),
        ]
        if scope is Scope.MINE:
            found.append(_kept(case_keepers.c.keeper == reader))
        elif scope is Scope.NOBODYS:
            found.append(~_kept())
        if unseen:
            found.append(~_seen_by(reader))
        return found


def _columns(kind: RecordKind) -> tuple[str, str]:
    return ("need_id", "offer_id") if kind is RecordKind.NEED else ("offer_id", "need_id")


def _kept(*by: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody, or whoever is asked for, looks after either record of a pair."""
    columns = case_keepers.c
    need = and_(columns.kind == RecordKind.NEED.value, columns.record_id == proposals.c.need_id)
    offer = and_(columns.kind == RecordKind.OFFER.value, columns.record_id == proposals.c.offer_id)
    return exists().where(or_(need, offer), *by)


def _seen_by(reader: str) -> ColumnElement[bool]:
    views = proposal_views.c
    pair = (views.need_id == proposals.c.need_id, views.offer_id == proposals.c.offer_id)
    return exists().where(*pair, views.reader == reader)
