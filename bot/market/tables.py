"""The tables of needs, offers and organisations: a column for every described field, and the record's life beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, MetaData, String, Table

from bot.market.fields import FIELDS, FieldSpec, FieldType
from bot.store.columns import ID_LENGTH, code, flag, stamp, text
from bot.store.tables import METADATA
from bot.types import RecordKind

_COLUMNS: dict[FieldType, Callable[[str], Column[Any]]] = {
    FieldType.ID: lambda name: Column(name, String(ID_LENGTH), primary_key=True),
    FieldType.LINE: text,
    FieldType.TEXT: text,
    FieldType.LIST: lambda name: Column(name, JSON, nullable=False),
    FieldType.TRL: lambda name: Column(name, Integer, nullable=True),
    FieldType.DATE: lambda name: stamp(name, nullable=True),
    FieldType.YES_NO: flag,
    FieldType.CONFIDENTIALITY: code,
    FieldType.OWNER: lambda name: Column(name, String(ID_LENGTH), ForeignKey("organisations.id"), nullable=True),
}


def content_columns(specs: Sequence[FieldSpec]) -> list[Column[Any]]:
    """A column for every field, under the field's name."""
    return [_COLUMNS[spec.type](spec.name) for spec in specs]


def market_table(name: str, specs: Sequence[FieldSpec], metadata: MetaData) -> Table:
    """The table of needs or offers: content, state, and the times of its row."""
    return Table(
        name,
        metadata,
        *content_columns(specs),
        code("state"),
        code("close_reason", nullable=True),
        stamp("published_at", nullable=True),
        stamp("created_at"),
        stamp("updated_at"),
        Index(f"ix_{name}_state", "state"),
        Index(f"ix_{name}_owner_id", "owner_id"),
        Index(f"ix_{name}_newest", "state", "published_at"),
        # What the desk sorts by, and what waits there.
        Index(f"ix_{name}_in_state", "state", "updated_at"),
        *(Index(f"ix_{name}_{column}", column) for column in ("title", "updated_at", "created_at", "published_at")),
    )


TABLES: dict[RecordKind, Table] = {
    RecordKind.ORGANISATION: Table(
        "organisations",
        METADATA,
        *content_columns(FIELDS[RecordKind.ORGANISATION]),
        stamp("created_at"),
        stamp("updated_at"),
        Index("ix_organisations_title", "title"),
    ),
    RecordKind.NEED: market_table("needs", FIELDS[RecordKind.NEED], METADATA),
    RecordKind.OFFER: market_table("offers", FIELDS[RecordKind.OFFER], METADATA),
}
