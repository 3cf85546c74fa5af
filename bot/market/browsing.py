"""The public list: needs and offers by kind, technology field, place, date and standing, and what is left to choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any, TypeAlias, cast

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from bot.errors import UsageError
from bot.market.listings import FIELD, PLACE, STANDINGS, ListingFollower
from bot.market.parts import MarketParts
from bot.market.records import Need, Offer
from bot.market.taxonomy import load_taxonomy
from bot.store.columns import ID_LENGTH
from bot.store.tables import listing_values, listings
from bot.types import RecordKind, Standing

PAGE_SIZE = 20
#: Days since publication that may be asked for.
PERIODS = (30, 90, 365)
#: Places named to choose from, the most frequent ones.
MOST_PLACES = 40
#: Events of the log taken in at once, and how long a visitor waits for it: a list that was imported whole is read
#: over several calls, about 1,000 records a second.
TAKEN_IN_AT_ONCE = 1_000
PATIENCE_SECONDS = 3.0
_COUNTS_KEPT = 500


@dataclass(frozen=True, slots=True)
class ListingFilter:
    """What is asked for; an empty part asks for nothing. ``within_days`` is 0 or one of :data:`PERIODS`."""

    kind: RecordKind | None = None
    field: str = ""
    place: str = ""
    within_days: int = 0
    standing: Standing | None = None

    @property
    def empty(self) -> bool:
        """Whether everything is asked for."""
        return self == ListingFilter()


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be chosen, and how many records it would list beside the other parts of the filter."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the public list, 1-based; records as anybody may read them.

    ``complete`` is false while records that were changed in great number are still taken in.
    """

    records: tuple[Need | Offer, ...]
    total: int
    page: int
    pages: int
    kinds: tuple[Choice, ...] = ()
    fields: tuple[Choice, ...] = ()
    places: tuple[Choice, ...] = ()
    standings: tuple[Choice, ...] = ()
    periods: tuple[Choice, ...] = ()
    complete: bool = True


_Named: TypeAlias = tuple[tuple[RecordKind, str], ...]
_Choices: TypeAlias = tuple[tuple[Choice, ...], ...]


class Browsing(MarketParts):
    """The list that anybody may see."""

    @cached_property
    def _follower(self) -> ListingFollower:
        return ListingFollower(self.database, self.store, load_taxonomy())

    def browse(
        self, chosen: ListingFilter, *, page: int = 1, among: Sequence[tuple[RecordKind, str]] | None = None
    ) -> Listing:
        """The records that fit, open ones first and of each standing the newest; a page beyond the last is the last.

        With ``among`` only those of the named records, on one page. Raises :class:`UsageError` for a period that is
        not offered.
        """
        if chosen.within_days not in (0, *PERIODS):
            raise UsageError(
                "没有这个时间范围", value=chosen.within_days, remedy="可选：" + "、".join(map(str, (0, *PERIODS)))
            )
        if not self.on_file:
            return Listing((), 0, 1, 1)
        seen, complete = self._follower.follow(events=TAKEN_IN_AT_ONCE, seconds=PATIENCE_SECONDS)
        named = None if among is None else tuple(among)
        total, choices = self._counts(chosen, named, seen, self._today())
        kinds, fields, places, standings, periods = choices
        size = PAGE_SIZE if named is None else max(len(named), 1)
        pages = max(1, -(-total // size))
        shown = min(max(page, 1), pages)
        with self.database.read() as connection:
            conditions = (*self._conditions(chosen), *_among(named))
            rows = _rows(connection, conditions, size, (shown - 1) * size)
        records = self._records(rows)
        return Listing(records, total, shown, pages, kinds, fields, places, standings, periods, complete)

    @cached_property
    def _counts(self) -> Callable[[ListingFilter, _Named | None, int, date], tuple[int, _Choices]]:
        """Counting 100,000 records takes a second: what was counted is kept until a record or the day changes."""

        def counted(chosen: ListingFilter, named: _Named | None, seen: int, today: date) -> tuple[int, _Choices]:
            among = _among(named)
            with self.database.read() as connection:
                total = _count(connection, (*self._conditions(chosen), *among))
                return total, self._choices(connection, chosen, among)

        return lru_cache(maxsize=_COUNTS_KEPT)(counted)

    def _conditions(self, chosen: ListingFilter) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if chosen.kind is not None:
            found.append(listings.c.kind == chosen.kind.value)
        if chosen.standing is not None:
            found.append(listings.c.standing == STANDINGS.index(chosen.standing))
        if chosen.within_days:
            since = self._today() - timedelta(days=chosen.within_days)
            found.append(listings.c.published_at >= since.isoformat())
        return [*found, *(_bears(facet, value) for facet, value in _values(chosen) if value)]

    def _choices(self, connection: Connection, chosen: ListingFilter, named: Sequence[ColumnElement[bool]]) -> _Choices:
        """Kinds, fields, places, standings and periods, each counted beside the other parts of the filter."""

        def without(**part: object) -> list[ColumnElement[bool]]:
            return [*self._conditions(replace(chosen, **part)), *named]  # type: ignore[arg-type]

        kinds = dict(_counted(connection, listings.c.kind, without(kind=None)))
        standings = dict(_counted(connection, listings.c.standing, without(standing=None)))
        periods = []
        for days in PERIODS:
            count = _count(connection, [*self._conditions(replace(chosen, within_days=days)), *named])
            periods.append(Choice(str(days), count))
        told = (
            [Choice(kind.value, kinds.get(kind.value, 0)) for kind in (RecordKind.NEED, RecordKind.OFFER)],
            _values_counted(connection, FIELD, without(field="")),
            _values_counted(connection, PLACE, without(place=""))[:MOST_PLACES],
            [Choice(each.value, standings.get(number, 0)) for number, each in enumerate(STANDINGS)],
            periods,
        )
        return tuple(tuple(choice for choice in choices if choice.count) for choices in told)

    def _records(self, rows: Sequence[tuple[str, str]]) -> tuple[Need | Offer, ...]:
        """The records of rows (kind, id) as anybody may read them; one that was just taken back is left out."""
        shown: dict[tuple[str, str], Need | Offer] = {}
        for kind in (RecordKind.NEED, RecordKind.OFFER):
            ids = [record_id for named, record_id in rows if named == kind.value]
            records = [cast("Need | Offer", each) for each in self.store.get_many(kind, ids)]
            public = self.door.public_all([each for each in records if each.is_public])
            shown |= {(kind.value, each.id): each for each in public}
        return tuple(shown[row] for row in rows if row in shown)


def _values(chosen: ListingFilter) -> tuple[tuple[str, str], ...]:
    return (FIELD, chosen.field), (PLACE, chosen.place)


def _bears(facet: str, value: str) -> ColumnElement[bool]:
    """Whether a listing bears a value; what no value can be is never asked of the database."""
    if len(value) > ID_LENGTH or not value.isprintable():
        return false()
    table = listing_values
    return listings.c.id.in_(select(table.c.listing_id).where(table.c.facet == facet, table.c.value == value))


def _among(named: _Named | None) -> tuple[ColumnElement[bool], ...]:
    """The condition to be one of ``named``; none where nothing is."""
    if named is None:
        return ()
    ids = {kind: [each for of, each in named if of is kind] for kind in RecordKind}
    parts = [and_(listings.c.kind == kind.value, listings.c.record_id.in_(some)) for kind, some in ids.items() if some]
    return (or_(*parts) if parts else false(),)


def _count(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> int:
    return connection.execute(select(func.count()).select_from(listings).where(*conditions)).scalar_one()


def _rows(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
) -> list[tuple[str, str]]:
    order = (listings.c.standing, listings.c.published_at.desc(), listings.c.kind, listings.c.id.desc())
    query = select(listings.c.kind, listings.c.record_id).where(*conditions).order_by(*order)
    return [(row[0], row[1]) for row in connection.execute(query.limit(limit).offset(offset))]


def _counted(connection: Connection, column: Any, conditions: Sequence[ColumnElement[bool]]) -> list[tuple[Any, int]]:
    query = select(column, func.count()).where(*conditions).group_by(column)
    return [(row[0], row[1]) for row in connection.execute(query)]


def _values_counted(connection: Connection, facet: str, conditions: Sequence[ColumnElement[bool]]) -> list[Choice]:
    """The values of a facet, the most frequent first."""
    table, count = listing_values, func.count()
    query = select(table.c.value, count).where(table.c.facet == facet)
    if conditions:
        query = query.join(listings, listings.c.id == table.c.listing_id).where(*conditions)
    query = query.group_by(table.c.value).order_by(count.desc(), table.c.value)
    return [Choice(row[0], row[1]) for row in connection.execute(query)]
