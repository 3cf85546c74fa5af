"""The wishes left for a technology manager, with whom to answer. For the desk only: contacts are private."""

from __future__ import annotations

from dataclasses import dataclass

from bot.market.contacts import NO_CONTACT
from bot.market.fields import kind_of
from bot.market.records import Need, Offer
from bot.market.service import Market
from bot.types import PrivateContact, RecordKind


@dataclass(frozen=True, slots=True)
class ManagerRequest:
    """A wish as it was left; ``owner`` is the organisation's name as told, empty when none was."""

    kind: RecordKind
    record: Need | Offer
    owner: str
    contact: PrivateContact


def manager_requests(market: Market) -> tuple[ManagerRequest, ...]:
    """The wishes that nobody has taken up yet, in the order of :meth:`Market.handed_over`."""
    records = market.handed_over()
    owner_ids = sorted({record.owner_id for record in records if record.owner_id})
    owners = {owner.id: owner.title for owner in market.store.get_many(RecordKind.ORGANISATION, owner_ids)}
    contacts = {
        kind: market.store.private_contacts(kind, [record.id for record in records if kind_of(record) is kind])
        for kind in (RecordKind.NEED, RecordKind.OFFER)
    }
    return tuple(
        ManagerRequest(
            kind=kind_of(record),
            record=record,
            owner=owners.get(record.owner_id or "", ""),
            contact=contacts[kind_of(record)].get(record.id, NO_CONTACT),
        )
        for record in records
    )
