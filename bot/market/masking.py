"""The one door between a record on file and everybody but its owner and the desk.

What a field is decides: a level, a date, a yes or no and the kind are public as they are; whatever was told in
words is searched for everything private and for the record's own names first. Public list, search, match
reasons and blind letters are all made from what comes out here, never from the record itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from bot.market.cells import cell_text
from bot.market.fields import FIELDS, Place, fields_in, kind_of
from bot.market.records import Confidentiality, Need, Offer, Organisation
from bot.market.redaction import Finding, FindingKind, redact, scan
from bot.market.store import MarketStore
from bot.types import PrivateContact, RecordKind

_Told = TypeVar("_Told", bound=Need | Offer)

#: The owner of an open record is named beside it, and so may be others it names.
_OPEN_KINDS = frozenset({FindingKind.ORGANISATION})
_KEPT = 4_096
_MARKS = tuple(f"〔{kind.label}略〕" for kind in FindingKind)
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a mark stands for: for its owner's eyes only."""

    field: str
    kind: FindingKind
    text: str


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A field as others will read it."""

    field: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A record as others will see it, and what was left out of it, before anything is published.

    ``owner`` is empty where others are not told whose it is.
    """

    lines: tuple[PreviewLine, ...]
    left_out: tuple[LeftOut, ...]
    owner: str = ""


class Door:
    """Shows records to others; knows from the store which names are each record's own."""

    def __init__(self, store: MarketStore) -> None:
        self._store = store

    def public(self, record: _Told) -> _Told:
        """``record`` as anybody may read it."""
        return masked(record, self.names([record])[record.id])

    def public_all(self, records: Sequence[Need | Offer]) -> tuple[Need | Offer, ...]:
        """``records`` of one kind as anybody may read them, in order."""
        names = self.names(records)
        return tuple(masked(record, names[record.id]) for record in records)

    def blind(self, record: _Told) -> _Told:
        """``record`` as the other side reads it before both agreed: nobody is named, whatever is public."""
        return masked(record, self.names([record])[record.id], blind=True)

    def preview(self, record: Need | Offer) -> Preview:
        """``record`` as others will see it, for its owner."""
        owner = ""
        if record.owner_id is not None and record.confidentiality is Confidentiality.OPEN:
            found = self._store.find(RecordKind.ORGANISATION, record.owner_id)
            owner = found.shown_name if isinstance(found, Organisation) else ""
        return preview(record, self.names([record])[record.id], owner)

    def names(self, records: Sequence[Need | Offer]) -> Mapping[str, tuple[str, ...]]:
        """The private names of records of one kind, by id: their owner's and their contacts'."""
        if not records:
            return {}
        owners = sorted({record.owner_id for record in records if record.owner_id is not None})
        contacts = self._store.private_contacts(kind_of(records[0]), [record.id for record in records])
        organisations = {each.id: each for each in self._store.get_many(RecordKind.ORGANISATION, owners)}
        shared = self._store.private_contacts(RecordKind.ORGANISATION, owners) if owners else {}
        return {
            record.id: own_names(
                cast("Organisation | None", organisations.get(record.owner_id or "")),
                (contacts.get(record.id), shared.get(record.owner_id or "")),
            )
            for record in records
        }


def own_names(owner: Organisation | None, contacts: Iterable[PrivateContact | None]) -> tuple[str, ...]:
    """What tells who is behind a record; a full name before its parts."""
    names = [owner.title] if owner is not None else []
    for contact in contacts:
        if contact is not None:
            names += [contact.name, contact.phone, contact.email, *contact.note.split()]
    return tuple(
        sorted({name.strip() for name in names if len(name.strip()) >= _SHORTEST_NAME}, key=lambda n: (-len(n), n))
    )


def masked(record: _Told, names: tuple[str, ...] = (), *, blind: bool = False) -> _Told:
    """``record`` with every field of words masked.

    An open record keeps the names of organisations, unless it is to be ``blind``.
    """
    return cast(_Told, _masked(record, names, _standing(record, blind=blind)))


@functools.lru_cache(maxsize=_KEPT)
def _masked(record: Need | Offer, names: tuple[str, ...], stand: frozenset[FindingKind]) -> Need | Offer:
    values: dict[str, str | tuple[str, ...]] = {}
    for field in _told_fields(record):
        value = getattr(record, field)
        if isinstance(value, tuple):
            values[field] = tuple(masked_text(each, names, stand) for each in value)
        elif value:
            values[field] = masked_text(value, names, stand)
    return replace(record, **values)  # type: ignore[arg-type]


def masked_text(text: str, names: Iterable[str] = (), stand: frozenset[FindingKind] = frozenset()) -> str:
    """``text`` with everything private left out, but for what may ``stand``; the same again when masked again."""
    return redact(text, _to_leave_out(text, names, stand))


def public(text: str) -> str:
    """A text of no record as anybody may read it: without persons, addresses, numbers and ways to reach somebody."""
    return masked_text(text, (), _OPEN_KINDS)


def preview(record: Need | Offer, names: Iterable[str] = (), owner: str = "") -> Preview:
    """``record`` as others will see it; nothing needs to be on file."""
    names, stand = tuple(names), _standing(record, blind=False)
    shown = masked(record, names)
    lines, left_out = [], []
    for spec in fields_in(kind_of(record), Place.PREVIEW):
        value, told = getattr(record, spec.name), getattr(shown, spec.name)
        if not told:
            continue
        lines.append(PreviewLine(spec.name, spec.label, cell_text(told)))
        if not spec.type.coded:
            parts = value if isinstance(value, tuple) else (value,)
            found = (each for part in parts for each in _to_leave_out(part, names, stand))
            left_out += [LeftOut(spec.name, each.kind, each.text) for each in found]
    return Preview(tuple(lines), tuple(left_out), owner)


def marks_in(text: str) -> tuple[FindingKind, ...]:
    """The kinds of what was left out of a masked text."""
    return tuple(kind for kind, mark in zip(FindingKind, _MARKS, strict=True) if mark in text)


def without_marks(text: str) -> str:
    """A masked text to compare with others: that both left something out makes nothing alike."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return text


def _told_fields(record: Need | Offer) -> Iterable[str]:
    return (spec.name for spec in FIELDS[kind_of(record)] if not spec.type.coded)


def _standing(record: Need | Offer, *, blind: bool) -> frozenset[FindingKind]:
    hidden = blind or record.confidentiality is Confidentiality.CONFIDENTIAL
    return frozenset() if hidden else _OPEN_KINDS


def _to_leave_out(text: str, names: Iterable[str], stand: frozenset[FindingKind]) -> list[Finding]:
    return [finding for finding in scan(text, names) if finding.kind not in stand]
