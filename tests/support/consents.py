"""What owners say, put on record, and what of it is missing, for tests that have a store and no market."""

from __future__ import annotations

from datetime import date

from bot.market.consent_log import pairings, states
from bot.market.consents import WHOLE_SCOPE, Consent, ConsentChannel, ConsentScope, ConsentStep
from bot.market.records import Interest, Side
from bot.market.store import MarketStore
from bot.types import RecordKind

DAYS = 180


def say(
    store: MarketStore,
    need_id: str,
    offer_id: str,
    side: Side,
    step: ConsentStep = ConsentStep.GIVEN,
    scope: tuple[ConsentScope, ...] = WHOLE_SCOPE,
) -> Consent:
    """One side's answer, told by phone."""
    told = Consent(
        need_id=need_id,
        offer_id=offer_id,
        side=side,
        step=step,
        channel=ConsentChannel.PHONE,
        said_by="本人",
        actor="t",
        scope=scope,
    )
    with store.writing("t") as writing:
        return writing.record_consent(told)


def want(store: MarketStore, need_id: str, offer_id: str, side: Side = Side.NEED_OWNER) -> Interest:
    """One side's interest."""
    interest = Interest(need_id=need_id, offer_id=offer_id, side=side, cooperation_sought="许可")
    with store.writing("t") as writing:
        return writing.record_interest(interest)


def missing(store: MarketStore, need_id: str, offer_id: str) -> tuple[Side, ...]:
    """The sides whose yes is not in force today."""
    with store.database.read() as connection:
        return states(connection, [(need_id, offer_id)], date.today(), DAYS)[need_id, offer_id].missing


def tied(store: MarketStore, kind: RecordKind, record_id: str) -> tuple[str, ...]:
    """Ids of the records that a record is tied to."""
    with store.database.read() as connection:
        found = pairings(connection, kind, record_id, date.today(), DAYS)
    return tuple(each.offer_id if kind is RecordKind.NEED else each.need_id for each in found if each.linked)
