"""Which list brought a record, kept beside it: the ground on which another list is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, insert, select

from bot.store.database import utc_now
from bot.store.tables import record_origins
from bot.types import RecordKind

#: SQLite allows 32,766 bound values in one statement; ids are asked for in pages well below.
PAGE = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """The list a record came with. ``aside`` are cells of columns that no field takes; they are private."""

    source: str
    place: str
    likeness: str
    label: str
    aside: Mapping[str, str] = field(default_factory=dict)


def origins_of(connection: Connection, kind: RecordKind, record_ids: Iterable[str]) -> dict[str, Origin]:
    """The origins on file by record id."""
    table, found = record_origins, {}
    for page in pages(list(record_ids)):
        query = select(table).where(table.c.kind == kind.value, table.c.record_id.in_(page))
        for row in connection.execute(query).mappings():
            found[row["record_id"]] = Origin(
                row["source"], row["place"], row["likeness"], row["label"], dict(row["aside"])
            )
    return found


def alike(connection: Connection, kind: RecordKind, likenesses: Iterable[str]) -> dict[str, list[str]]:
    """Ids of the records that came with a row of the same name and owner, by its likeness."""
    table = record_origins
    found: dict[str, list[str]] = {}
    for page in pages(list(dict.fromkeys(likenesses))):
        query = select(table.c.likeness, table.c.record_id).where(
            table.c.kind == kind.value, table.c.likeness.in_(page)
        )
        for likeness, record_id in connection.execute(query.order_by(table.c.record_id)):
            found.setdefault(likeness, []).append(record_id)
    return found


def size(connection: Connection, kind: RecordKind, source: str) -> int:
    """How many records a list brought."""
    table = record_origins
    query = select(func.count()).where(table.c.kind == kind.value, table.c.source == source)
    return connection.execute(query).scalar_one()


def write_origins(connection: Connection, kind: RecordKind, origins: Mapping[str, Origin]) -> None:
    """Keep origins by record id in place of those on file."""
    table, now = record_origins, utc_now()
    for page in pages(list(origins)):
        connection.execute(delete(table).where(table.c.kind == kind.value, table.c.record_id.in_(page)))
    rows = [
        {
            "kind": kind.value,
            "record_id": record_id,
            "source": origin.source,
            "place": origin.place,
            "likeness": origin.likeness,
            "label": origin.label,
            "aside": dict(origin.aside),
            "updated_at": now,
        }
        for record_id, origin in origins.items()
    ]
    if rows:
        connection.execute(insert(table), rows)


def pages(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """``items`` in stretches that one statement takes."""
    for start in range(0, len(items), PAGE):
        yield items[start : start + PAGE]
