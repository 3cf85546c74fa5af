"""Between frozen records and table rows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

from bot.market.fields import FIELDS, RECORDS, FieldType
from bot.market.records import AnyRecord, CloseReason, Confidentiality, FieldChange, RecordEvent, State
from bot.types import RecordKind

#: Set by the life of a record, never by a file or a form.
LIFE_FIELDS = frozenset({"state", "close_reason", "published_at"})
#: The log tells what changed; whole texts stay in the record.
_SHOWN_CHANGE = 200
_LIFE_CODES: dict[str, type[StrEnum]] = {"state": State, "close_reason": CloseReason}
#: How a field's value is made of what its column holds; others are the same in both.
_READ: dict[FieldType, Callable[[Any], object]] = {
    FieldType.LIST: tuple,
    FieldType.CONFIDENTIALITY: Confidentiality,
}


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
    values = {field.name: row[field.name] for field in fields(RECORDS[kind])}
    for name, read in _readers(kind):
        if values[name] is not None:
            values[name] = read(values[name])
    return RECORDS[kind](**values)


@functools.cache
def _readers(kind: RecordKind) -> tuple[tuple[str, Callable[[Any], object]], ...]:
    content = [(spec.name, _READ[spec.type]) for spec in FIELDS[kind] if spec.type in _READ]
    life = [(each.name, _LIFE_CODES[each.name]) for each in fields(RECORDS[kind]) if each.name in _LIFE_CODES]
    return (*content, *life)


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
