"""The desk's list: needs and offers as they are on file, filtered, sorted and paged by the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Text,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as as_type

from bot.market.contacts import UNSTORABLE
from bot.market.listings import FIELD, PLACE
from bot.market.parts import MarketParts
from bot.market.publishing import HAND_OVER
from bot.market.records import OPEN_STATES, CloseReason, Need, Offer, State
from bot.market.rows import from_row
from bot.market.tables import TABLES
from bot.store.tables import listing_values, listings, record_events
from bot.types import RecordKind

PAGE_SIZE = 50
#: Longer words are in no record that anybody would look for by them.
LONGEST_SOUGHT = 200
#: Words that must all occur.
_MOST_WORDS = 5
_STRETCH = 1_000
_KINDS = (RecordKind.NEED, RecordKind.OFFER)
#: What another package knows of records, as a condition on the column of their ids.
Also = Callable[[RecordKind, ColumnElement[str]], ColumnElement[bool]]


class Sorting(StrEnum):
    """What the list is in the order of: the newest first, titles from the first."""

    UPDATED = "updated"
    CREATED = "created"
    PUBLISHED = "published"
    TITLE = "title"

    @property
    def label(self) -> str:
        """The order as people read it."""
        return {"updated": "最近变更", "created": "最近登记", "published": "最近发布", "title": "名称"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """What is asked for; an empty part asks for nothing. ``since`` and ``until`` are days of the last change."""

    kind: RecordKind | None = None
    state: State | None = None
    words: str = ""
    field: str = ""
    region: str = ""
    owner: str = ""
    since: str = ""
    until: str = ""
    handed_over: bool = False
    sorting: Sorting = Sorting.UPDATED


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record as the list shows it; ``owner`` is the organisation's name, times are ISO in UTC."""

    kind: RecordKind
    id: str
    title: str
    state: State
    close_reason: CloseReason | None
    owner: str
    region: str
    created_at: str
    updated_at: str
    published_at: str | None
    handed_over: bool


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of the list, 1-based."""

    rows: tuple[RecordRow, ...]
    total: int
    page: int
    pages: int


class DeskListing(MarketParts):
    """The list for the desk alone: nothing is masked."""

    def listed(self, chosen: RecordFilter, *, page: int = 1, also: Also | None = None) -> RecordPage:
        """The records that fit, in the chosen order; a page beyond the last is the last."""
        with self.database.read() as connection:
            total = _count(connection, chosen, also)
            last = max(1, -(-total // PAGE_SIZE))
            shown = min(max(page, 1), last)
            found = _page(connection, chosen, also, (shown - 1) * PAGE_SIZE) if total else []
            return RecordPage(_rows(connection, found), total, shown, last)

    def count(self, chosen: RecordFilter, *, also: Also | None = None) -> int:
        """How many records fit."""
        with self.database.read() as connection:
            return _count(connection, chosen, also)

    def found(self, kind: RecordKind, chosen: RecordFilter, *, also: Also | None = None) -> Iterator[Need | Offer]:
        """Every record of a kind that fits, by id, read in stretches."""
        if chosen.kind not in (None, kind):
            return
        table, last = TABLES[kind], ""
        while True:
            query = select(table).where(*_conditions(kind, chosen, also), table.c.id > last)
            with self.database.read() as connection:
                rows = connection.execute(query.order_by(table.c.id).limit(_STRETCH)).mappings().all()
            if not rows:
                return
            last = rows[-1]["id"]
            yield from (cast("Need | Offer", from_row(kind, row)) for row in rows)

    def open_ids(self, kind: RecordKind) -> Select[tuple[str]]:
        """A query for the ids of records that still look for a partner, for tables that name records."""
        table = TABLES[kind]
        return select(table.c.id).where(table.c.state.in_(sorted(OPEN_STATES)), table.c.historic.is_(False))

    def unclosed_ids(self, kind: RecordKind) -> Select[tuple[str]]:
        """A query for the ids of records that are not closed."""
        table = TABLES[kind]
        return select(table.c.id).where(table.c.state != State.CLOSED.value)


def _count(connection: Connection, chosen: RecordFilter, also: Also | None) -> int:
    total = 0
    for kind in _kinds(chosen):
        query = select(func.count()).select_from(TABLES[kind]).where(*_conditions(kind, chosen, also))
        total += connection.execute(query).scalar_one()
    return total


def _kinds(chosen: RecordFilter) -> tuple[RecordKind, ...]:
    return _KINDS if chosen.kind is None else (chosen.kind,)


def _page(connection: Connection, chosen: RecordFilter, also: Also | None, offset: int) -> list[tuple[str, str]]:
    """Kind and id of the records on a page.

    Each kind is read in the order of its index as far as the page reaches; then both are merged.
    """
    parts = []
    for kind in _kinds(chosen):
        column = _sorted_by(kind, chosen.sorting)
        query = select(literal(kind.value).label("kind"), TABLES[kind].c.id.label("id"), column.label("at"))
        query = query.where(*_conditions(kind, chosen, also)).order_by(_direction(column, chosen.sorting), "id")
        parts.append(select(query.limit(offset + PAGE_SIZE).subquery()))
    found: Subquery = union_all(*parts).subquery()
    order = (_direction(found.c.at, chosen.sorting), found.c.kind, found.c.id)
    rows = connection.execute(select(found.c.kind, found.c.id).order_by(*order).limit(PAGE_SIZE).offset(offset))
    return [(row[0], row[1]) for row in rows]


def _sorted_by(kind: RecordKind, sorting: Sorting) -> ColumnElement[Any]:
    columns = TABLES[kind].c
    return columns.title if sorting is Sorting.TITLE else columns[f"{sorting.value}_at"]


def _direction(column: ColumnElement[Any], sorting: Sorting) -> ColumnElement[Any]:
    if sorting is Sorting.TITLE:
        return column.asc()
    return column.desc().nulls_last() if sorting is Sorting.PUBLISHED else column.desc()


def _rows(connection: Connection, found: Sequence[tuple[str, str]]) -> tuple[RecordRow, ...]:
    made: dict[tuple[str, str], RecordRow] = {}
    owners = TABLES[RecordKind.ORGANISATION]
    for kind in _KINDS:
        table, ids = TABLES[kind], [record_id for of, record_id in found if of == kind.value]
        if not ids:
            continue
        handed = set(connection.execute(_handed_over(kind).where(record_events.c.record_id.in_(ids))).scalars())
        query = select(table, owners.c.title.label("owner")).outerjoin(owners, owners.c.id == table.c.owner_id)
        for row in connection.execute(query.where(table.c.id.in_(ids))).mappings():
            made[kind.value, row["id"]] = RecordRow(
                kind=kind,
                state=State(row["state"]),
                close_reason=CloseReason(row["close_reason"]) if row["close_reason"] else None,
                owner=row["owner"] or "",
                handed_over=row["id"] in handed,
                **{each: row[each] for each in ("id", "title", "region", "created_at", "updated_at", "published_at")},
            )
    return tuple(made[each] for each in found if each in made)


def _conditions(kind: RecordKind, chosen: RecordFilter, also: Also | None) -> list[ColumnElement[bool]]:
    columns = TABLES[kind].c
    found: list[ColumnElement[bool]] = []
    if chosen.state is not None:
        found.append(columns.state == chosen.state.value)
    for word in chosen.words.split()[:_MOST_WORDS]:
        told = [_holds(column, word) for column in (columns.title, columns.description, columns.id)]
        found.append(or_(*told, _of_owner(columns.owner_id, word)))
    if chosen.owner.strip():
        found.append(_of_owner(columns.owner_id, chosen.owner.strip()))
    if chosen.region.strip():
        found.append(or_(_holds(columns.region, chosen.region.strip()), _listed(kind, PLACE, chosen.region.strip())))
    if chosen.field.strip():
        found.append(
            or_(_names_field(columns.fields, chosen.field.strip()), _listed(kind, FIELD, chosen.field.strip()))
        )
    found += _days(columns.updated_at, chosen.since.strip(), chosen.until.strip())
    if chosen.handed_over:
        found.append(columns.id.in_(_handed_over(kind)))
    if also is not None:
        found.append(also(kind, columns.id))
    return found


def _sought(words: str) -> bool:
    """Whether a record may hold ``words`` at all."""
    return len(words) <= LONGEST_SOUGHT and not UNSTORABLE.search(words)


def _holds(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True) if _sought(words) else false()


def _of_owner(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    owners = TABLES[RecordKind.ORGANISATION]
    return column.in_(select(owners.c.id).where(_holds(owners.c.title, name)))


def _names_field(column: ColumnElement[Any], field: str) -> ColumnElement[bool]:
    # As the list of fields is written down: with its marks a whole field, whatever its characters look like there.
    return as_type(column, Text).contains(json.dumps(field), autoescape=True) if _sought(field) else false()


def _listed(kind: RecordKind, facet: str, value: str) -> ColumnElement[bool]:
    """Whether the public list has a record below a field or place that was read from its words."""
    if not _sought(value) or len(value) > 100:
        return false()
    query = select(listings.c.record_id).join(listing_values, listing_values.c.listing_id == listings.c.id)
    named = (listing_values.c.facet == facet, listing_values.c.value == value, listings.c.kind == kind.value)
    return TABLES[kind].c.id.in_(query.where(*named))


def _handed_over(kind: RecordKind) -> Select[tuple[str]]:
    events = record_events.c
    return select(events.record_id).where(events.action == HAND_OVER, events.kind == kind.value)


def _days(column: ColumnElement[str], since: str, until: str) -> list[ColumnElement[bool]]:
    """The conditions of a span of days; what is no day fits nothing."""
    try:
        first = date.fromisoformat(since) if since else None
        last = date.fromisoformat(until) if until else None
    except ValueError:
        return [false()]
    found = [column >= first.isoformat()] if first is not None else []
    if last is not None and last < date.max:
        found.append(column < (last + timedelta(days=1)).isoformat())
    return found


def title_groups(connection: Connection, kind: RecordKind, limit: int) -> list[tuple[str, ...]]:
    """Ids of unclosed records that share owner and title, a group each, by id."""
    columns = TABLES[kind].c
    live = (columns.state != State.CLOSED.value, columns.owner_id.is_not(None))
    shared = select(columns.title, columns.owner_id).where(*live).group_by(columns.title, columns.owner_id)
    groups = []
    for title, owner in connection.execute(shared.having(func.count() > 1).order_by(columns.title).limit(limit)).all():
        query = select(columns.id).where(*live, columns.title == title, columns.owner_id == owner)
        groups.append(tuple(connection.execute(query.order_by(columns.id)).scalars()))
    return groups


def twins(connection: Connection, kind: RecordKind, record: Need | Offer, limit: int) -> tuple[str, ...]:
    """Ids of other unclosed records with the title and owner of ``record``."""
    if record.owner_id is None:
        return ()
    columns = TABLES[kind].c
    same = (columns.title == record.title, columns.owner_id == record.owner_id, columns.id != record.id)
    query = select(columns.id).where(*same, columns.state != State.CLOSED.value).order_by(columns.id).limit(limit)
    return tuple(connection.execute(query).scalars())
