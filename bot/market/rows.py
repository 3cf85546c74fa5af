"""Between frozen records and table rows."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Table

from bot.market.records import (
    AnyRecord,
    CloseReason,
    Confidentiality,
    FieldChange,
    Need,
    Offer,
    Organisation,
    RecordEvent,
    State,
)
from bot.store import tables
from bot.types import RecordKind

TABLES: dict[RecordKind, Table] = {
    RecordKind.NEED: tables.needs,
    RecordKind.OFFER: tables.offers,
    RecordKind.ORGANISATION: tables.organisations,
}
RECORDS: dict[RecordKind, type[Need] | type[Offer] | type[Organisation]] = {
    RecordKind.NEED: Need,
    RecordKind.OFFER: Offer,
    RecordKind.ORGANISATION: Organisation,
}
#: Set by the life of a record, never by a file or a form.
LIFE_FIELDS = frozenset({"state", "close_reason", "published_at"})
#: The log tells what changed; whole texts stay in the record.
_SHOWN_CHANGE = 200
_ENUMS: dict[str, type[StrEnum]] = {
    "confidentiality": Confidentiality,
    "state": State,
    "close_reason": CloseReason,
}


def kind_of(record: AnyRecord) -> RecordKind:
    """The kind ``record`` is of."""
    return next(kind for kind, cls in RECORDS.items() if isinstance(record, cls))


def to_row(record: AnyRecord) -> dict[str, Any]:
    """The column values of ``record`` (without the row's own time stamps)."""
    row: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, StrEnum):
            value = value.value
        row[field.name] = list(value) if isinstance(value, tuple) else value
    return row


def from_row(kind: RecordKind, row: Mapping[Any, Any]) -> AnyRecord:
    """The record of a row; columns that are no fields (time stamps) are left out."""
    values = {name: row[name] for name in _field_names(kind)}
    values["fields"] = tuple(values["fields"])
    for name, enum in _ENUMS.items():
        if values.get(name) is not None:
            values[name] = enum(values[name])
    return RECORDS[kind](**values)


@functools.cache
def _field_names(kind: RecordKind) -> tuple[str, ...]:
    return tuple(field.name for field in fields(RECORDS[kind]))


def field_changes(before: AnyRecord, after: AnyRecord) -> tuple[FieldChange, ...]:
    """The content fields that differ, their values cut for the log."""
    old, new = to_row(before), to_row(after)
    return tuple(
        FieldChange(name, _shown(old[name]), _shown(new[name]))
        for name in new
        if name not in LIFE_FIELDS and old[name] != new[name]
    )


def _shown(value: object) -> str:
    text = "；".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= _SHOWN_CHANGE else text[:_SHOWN_CHANGE] + "…"


def event_from_row(row: Mapping[Any, Any]) -> RecordEvent:
    """The event of a row of the log."""
    return RecordEvent(
        id=row["id"],
        kind=RecordKind(row["kind"]),
        record_id=row["record_id"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        from_state=State(row["from_state"]) if row["from_state"] else None,
        to_state=State(row["to_state"]) if row["to_state"] else None,
        reason=row["reason"],
        changes=tuple(FieldChange(*change) for change in row["changes"]),
    )
