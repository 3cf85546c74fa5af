"""The fields of needs, offers and organisations as data, read from the lines that declare them."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from bot.market.records import AnyRecord, Need, Offer, Organisation
from bot.market.records.description import (
    MAX_LINE,
    MAX_TEXT,
    Answer,
    Audience,
    FieldSpec,
    FieldType,
    Place,
    Search,
    described,
)
from bot.types import RecordKind

__all__ = [
    "CONTACT_FIELDS",
    "FIELDS",
    "MAX_LINE",
    "MAX_TEXT",
    "RECORDS",
    "Answer",
    "Audience",
    "FieldSpec",
    "FieldType",
    "Place",
    "Search",
    "asked_fields",
    "field_spec",
    "fields_in",
    "found_by",
    "kind_of",
    "public_words",
]

RECORDS: dict[RecordKind, type[Need] | type[Offer] | type[Organisation]] = {
    RecordKind.NEED: Need,
    RecordKind.OFFER: Offer,
    RecordKind.ORGANISATION: Organisation,
}

#: In the order of template and form; every consumer asks these, so that a field is written in one place.
FIELDS: dict[RecordKind, tuple[FieldSpec, ...]] = {kind: described(cls) for kind, cls in RECORDS.items()}

#: Columns of a file, and entries of a form, that go to the private contact and nowhere else.
CONTACT_FIELDS: tuple[FieldSpec, ...] = tuple(
    FieldSpec(name=name, label=label, type=FieldType.LINE, aliases=aliases, question=question, private=True)
    for name, label, aliases, question in (
        ("contact_name", "联系人", ("联系人姓名",), "怎么称呼您？（不公开）"),
        ("contact_phone", "联系电话", ("电话", "手机", "phone"), "联系电话（不公开）"),
        ("contact_email", "邮箱", ("电子邮箱", "email", "e-mail"), "电子邮箱（不公开）"),
    )
)


def kind_of(record: AnyRecord) -> RecordKind:
    """The kind ``record`` is of."""
    return next(kind for kind, cls in RECORDS.items() if isinstance(record, cls))


def field_spec(kind: RecordKind, name: str) -> FieldSpec:
    """The spec of ``name``; raises KeyError when the kind has no such field."""
    for spec in FIELDS[kind]:
        if spec.name == name:
            return spec
    raise KeyError(name)


def fields_in(kind: RecordKind, place: Place) -> tuple[FieldSpec, ...]:
    """The fields that stand in ``place``, in order."""
    return tuple(spec for spec in FIELDS[kind] if spec.stands_in(place))


def asked_fields(kind: RecordKind) -> tuple[FieldSpec, ...]:
    """The fields a conversation asks for, in the order of their turns."""
    return tuple(sorted((spec for spec in FIELDS[kind] if spec.turn), key=lambda spec: spec.turn))


def public_words(record: AnyRecord) -> Iterator[str]:
    """What was told in words for others to read, field by field and not masked yet; the owner is no part of it."""
    for spec in FIELDS[kind_of(record)]:
        if spec.audience is Audience.MASKED:
            value = getattr(record, spec.name)
            yield from value if isinstance(value, tuple) else (value,) if value else ()


def found_by(record: Need | Offer, *search: Search) -> tuple[str, ...]:
    """The stated texts, beside its title, that a record is found by: its subject, then what proves it, and so on."""
    specs = (spec for spec in _searched(kind_of(record)) if spec.search in search)
    values = (getattr(record, spec.name) for spec in specs)
    texts = (" ".join(value) if isinstance(value, tuple) else value for value in values)
    return tuple(text for text in texts if text)


@functools.cache
def _searched(kind: RecordKind) -> tuple[FieldSpec, ...]:
    specs = (spec for spec in FIELDS[kind] if spec.search is not None and spec.name != "title")
    return tuple(sorted(specs, key=lambda spec: spec.search or 0))
