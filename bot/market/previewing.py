"""A record as others will see it and as the quality gate judges it, before anything is saved or published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from bot.market.contacts import NO_CONTACT, checked_contact, checked_unit
from bot.market.importing import record_from_values
from bot.market.masking import Preview, masked_text, own_names, preview
from bot.market.parties import names_behind
from bot.market.parts import MarketParts
from bot.market.quality import QualityReport, assess
from bot.market.records import Confidentiality, Need, Offer, Organisation, declared_id
from bot.types import PrivateContact, RecordKind

_Record = TypeVar("_Record", bound=Need | Offer)


class Previewing(MarketParts):
    """What an owner is shown of a record before others are."""

    def assess(self, record: Need | Offer) -> QualityReport:
        """The quality gate's view of a record, on file or not."""
        with self.database.read() as connection:
            names = names_behind(connection, record)
        return assess(record, names)

    def assess_form(
        self, kind: RecordKind, values: Mapping[str, str], *, owner: str = "", contact: PrivateContact = NO_CONTACT
    ) -> QualityReport:
        """The quality gate's view of a form that is not saved; raises :class:`MarketError` like submitting it."""
        contact = checked_contact(contact)
        return assess(_unsaved(kind, values), tuple(name for name in (owner.strip(), contact.name) if name))

    def preview(self, record: Need | Offer) -> Preview:
        """A record, on file or not, as others will see it, and what is left out; for its owner."""
        return self.door.preview(record)

    def preview_form(
        self, kind: RecordKind, values: Mapping[str, str], *, owner: str = "", contact: PrivateContact = NO_CONTACT
    ) -> Preview:
        """A form that is not saved as others would see it; raises :class:`MarketError` like submitting it."""
        contact, owner = checked_contact(contact), checked_unit(owner)
        record = _unsaved(kind, values)
        organisation = Organisation(id=declared_id(owner), title=owner) if owner else None
        shown = organisation is not None and record.confidentiality is Confidentiality.OPEN
        names = own_names(organisation, [contact])
        return preview(record, names, organisation.shown_name if organisation is not None and shown else "")

    def blind(self, record: _Record) -> _Record:
        """A need or offer as the other side reads it before both agreed: nobody is named."""
        return self.door.blind(record)

    def blinded(self, record: Need | Offer, told: str) -> str:
        """What the owner of ``record`` told, without anything that tells who it is."""
        return masked_text(told, self.names_of(record))

    def names_of(self, record: Need | Offer) -> tuple[str, ...]:
        """The private names behind a record, to be searched for in what is shown of it."""
        return self.door.names([record])[record.id]


def _unsaved(kind: RecordKind, values: Mapping[str, str]) -> Need | Offer:
    return cast("Need | Offer", record_from_values(kind, {**values, "id": "draft"}))
