"""Consents on record: append-only, the newest of each side in force, withdrawals kept too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import insert, select

from bot.errors import ConsentError, UsageError
from bot.market.records import Side, State
from bot.market.store import MarketStore
from bot.store.database import utc_now
from bot.store.tables import consents, interests
from bot.types import RecordKind

_MAX_TEXT = 500


@dataclass(frozen=True, slots=True)
class Consent:
    """What one side said, by whom, and on what it rests (a call, a mail, a signed form)."""

    need_id: str
    offer_id: str
    side: Side
    given: bool
    given_by: str
    evidence: str
    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The consent in force of either side; ``None`` when it was never asked or answered."""

    need_owner: Consent | None = None
    offer_owner: Consent | None = None

    @property
    def missing(self) -> tuple[Side, ...]:
        """The sides whose yes is not on record."""
        sides = ((Side.NEED_OWNER, self.need_owner), (Side.OFFER_OWNER, self.offer_owner))
        return tuple(side for side, consent in sides if consent is None or not consent.given)


def record_consent(
    store: MarketStore,
    need_id: str,
    offer_id: str,
    side: Side,
    *,
    given: bool,
    given_by: str,
    evidence: str,
    actor: str,
) -> Consent:
    """Put one side's yes (or withdrawal) on record.

    Who said it and what it rests on are required. Raises :class:`MarketError` for an unknown need or
    offer, :class:`UsageError` when something is missing.
    """
    store.need(need_id)
    store.offer(offer_id)
    for value, name in ((given_by, "谁表示的同意"), (evidence, "同意的依据（电话、邮件、书面……）")):
        if not value.strip() or len(value) > _MAX_TEXT or re.search(r"[\x00-\x08\ud800-\udfff]", value):
            raise UsageError(f"要写明{name}", value=value[:40], remedy=f"用不超过 {_MAX_TEXT} 个字写明")
    consent = Consent(need_id, offer_id, side, given, given_by.strip(), evidence.strip(), utc_now(), actor)
    row = {name: getattr(consent, name) for name in consents.c.keys() if name not in ("id", "side")}  # noqa: SIM118
    with store.database.write() as connection:
        connection.execute(insert(consents), {**row, "side": side.value})
    return consent


def consent_state(store: MarketStore, need_id: str, offer_id: str) -> ConsentState:
    """The consents in force for a pair: the newest of each side, given to the records as they are now.

    A yes to something else counts no more: it ends when either record's content or owner changes, and when
    either is closed.
    """
    query = (
        select(consents).where(consents.c.need_id == need_id, consents.c.offer_id == offer_id).order_by(consents.c.id)
    )
    latest: dict[Side, Consent] = {}
    with store.database.read() as connection:
        for row in connection.execute(query).mappings():
            values = {**{key: value for key, value in row.items() if key != "id"}, "side": Side(row["side"])}
            latest[Side(row["side"])] = Consent(**values)
    if latest:
        since = max(_last_change(store, RecordKind.NEED, need_id), _last_change(store, RecordKind.OFFER, offer_id))
        latest = {side: consent for side, consent in latest.items() if consent.at > since}
    return ConsentState(latest.get(Side.NEED_OWNER), latest.get(Side.OFFER_OWNER))


def _last_change(store: MarketStore, kind: RecordKind, record_id: str) -> str:
    """When a record last became another one or was closed; empty when it never did."""
    told = (
        event.at
        for event in store.events(kind, record_id)
        if event.changes or (event.to_state is State.CLOSED and event.from_state is not State.CLOSED)
    )
    return max(told, default="")


def counterparts(store: MarketStore, kind: RecordKind, record_id: str) -> tuple[str, ...]:
    """Ids of the other side's records that an interest or a yes ties to a need or offer, each once."""
    own, other = ("need_id", "offer_id") if kind is RecordKind.NEED else ("offer_id", "need_id")
    found: dict[str, None] = {}
    with store.database.read() as connection:
        for table in (interests, consents):
            query = select(table.c[other]).where(table.c[own] == record_id).order_by(table.c.id)
            if table is consents:
                query = query.where(consents.c.given)
            found.update(dict.fromkeys(connection.execute(query).scalars()))
    return tuple(found)


def require_consents(state: ConsentState) -> None:
    """Raise :class:`ConsentError` unless both sides said yes."""
    if state.missing:
        sides = "、".join(side.label for side in state.missing)
        raise ConsentError(
            "双方同意还没有都记录在案，不能写双方引荐",
            value=f"缺{sides}的同意",
            remedy="先分别征询，再用 introduce consent 记下同意",
        )
