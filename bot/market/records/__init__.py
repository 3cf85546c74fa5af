"""Frozen records of the market: organisations, needs, offers, and the states they pass through.

Text fields hold what was told, word for word; an empty string means that nothing was stated. Dates
are ISO strings. Nothing here is a contact: those are kept apart (:class:`bot.types.PrivateContact`) and leave
the desk only after both sides agreed.
"""

from __future__ import annotations

from bot.market.records.events import FieldChange, Interest, RecordEvent, Side
from bot.market.records.need import Need
from bot.market.records.offer import Offer
from bot.market.records.organisation import (
    DECLARED_MARK,
    Organisation,
    Party,
    declared_id,
    is_declared,
    known_same_owner,
    named_id,
    same_owner,
)
from bot.market.records.shared import MarketRecord
from bot.market.records.states import (
    OPEN_STATES,
    CloseReason,
    Confidentiality,
    State,
    allowed_transitions,
    check_transition,
)

AnyRecord = Need | Offer | Organisation

__all__ = [
    "DECLARED_MARK",
    "OPEN_STATES",
    "AnyRecord",
    "CloseReason",
    "Confidentiality",
    "FieldChange",
    "Interest",
    "MarketRecord",
    "Need",
    "Offer",
    "Organisation",
    "Party",
    "RecordEvent",
    "Side",
    "State",
    "allowed_transitions",
    "check_transition",
    "declared_id",
    "is_declared",
    "known_same_owner",
    "named_id",
    "same_owner",
]
