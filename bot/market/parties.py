"""Who is behind a record, read within the caller's transaction."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection

from bot.market.contacts import read_contacts
from bot.market.fields import kind_of
from bot.market.records import Need, Offer, Organisation, Party
from bot.market.writing import fetch_records
from bot.types import RecordKind

_ORGANISATION = RecordKind.ORGANISATION


def read_party(connection: Connection, record: Need | Offer) -> Party:
    """The organisation of a record and the contact that counts: its own before its organisation's."""
    own = read_contacts(connection, kind_of(record), [record.id]).get(record.id)
    owner = record.owner_id
    if owner is None:
        return Party(None, own)
    organisation = cast("Organisation | None", fetch_records(connection, _ORGANISATION, [owner]).get(owner))
    return Party(organisation, own or read_contacts(connection, _ORGANISATION, [owner]).get(owner))


def names_behind(connection: Connection, record: Need | Offer) -> tuple[str, ...]:
    """The names that a confidential text may not hold: the owner's, and of every contact on file for it."""
    owners = [record.owner_id] if record.owner_id is not None else []
    titles = [owner.title for owner in fetch_records(connection, _ORGANISATION, owners).values()]
    own = read_contacts(connection, kind_of(record), [record.id])
    shared = read_contacts(connection, _ORGANISATION, owners)
    return tuple(filter(None, (*titles, *(contact.name for contact in (*own.values(), *shared.values())))))
