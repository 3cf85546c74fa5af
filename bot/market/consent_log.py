"""Consents and interests in the database, each with its place in the log of record events.

Every function works within its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, insert, or_, select

from bot.market.consents import (
    Consent,
    ConsentChannel,
    ConsentScope,
    ConsentState,
    ConsentStep,
    PairBounds,
    Pairing,
    newest_answer,
    side_consent,
)
from bot.market.intake.former import OWNER_REPLACED
from bot.market.intake.origins import pages
from bot.market.records import Interest, Side, State, same_owner
from bot.store.tables import consent_events, interests, record_events
from bot.types import RecordKind

Pair = tuple[str, str]
_OWNER = "owner_id"


def write_consent(connection: Connection, consent: Consent) -> None:
    """Append an event; its place in the log is already known."""
    connection.execute(
        insert(consent_events),
        {
            "need_id": consent.need_id,
            "offer_id": consent.offer_id,
            "side": consent.side.value,
            "step": consent.step.value,
            "channel": consent.channel.value,
            "scope": ",".join(consent.scope),
            "said_by": consent.said_by,
            "evidence": consent.evidence,
            "at": consent.at,
            "actor": consent.actor,
            "event_id": consent.event,
        },
    )


def write_interest(connection: Connection, interest: Interest, event: int) -> None:
    """Keep an interest at its place in the log."""
    names = (name for name in interests.c.keys() if name not in ("id", "event_id"))  # noqa: SIM118
    values = {name: getattr(interest, name) for name in names}
    connection.execute(insert(interests), {**values, "side": interest.side.value, "event_id": event})


def states(connection: Connection, pairs: Sequence[Pair], today: date, days: int) -> dict[Pair, ConsentState]:
    """Where both sides of every pair stand; a yes is in force for ``days`` days."""
    bounds = pair_bounds(connection, pairs)
    said: dict[tuple[Pair, Side], list[Consent]] = {}
    for consent in consents_of(connection, pairs):
        said.setdefault(((consent.need_id, consent.offer_id), consent.side), []).append(consent)
    answers = (newest_answer(told) for told in said.values())
    given = [each for each in answers if each is not None and each.step is ConsentStep.GIVEN]
    # A yes dated after today was given under a clock that was ahead.
    ahead = [each.event for each in given if each.event is not None and each.at[:10] > today.isoformat()]
    earliest = _earliest(connection, ahead)
    found = {}
    for pair in pairs:
        need, offer = (side_consent(said.get((pair, side), ()), bounds[pair], today, days, earliest) for side in Side)
        found[pair] = ConsentState(need, offer, bounds[pair].changed)
    return found


def pairings(connection: Connection, kind: RecordKind, record_id: str, today: date, days: int) -> tuple[Pairing, ...]:
    """Every pair of a record that an interest or something said ever tied, in the order it first did."""
    own, other = ("need_id", "offer_id") if kind is RecordKind.NEED else ("offer_id", "need_id")
    others: dict[str, None] = {}
    for table in (interests, consent_events):
        query = select(table.c[other]).where(table.c[own] == record_id).order_by(table.c.id)
        others.update(dict.fromkeys(connection.execute(query).scalars()))
    pairs = [(record_id, each) if kind is RecordKind.NEED else (each, record_id) for each in others]
    if not pairs:
        return ()
    bounds, consents = pair_bounds(connection, pairs), states(connection, pairs, today, days)
    told: dict[Pair, list[Interest]] = {}
    for interest, event in read_interests(connection, interests.c[own] == record_id):
        pair = (interest.need_id, interest.offer_id)
        # What a former owner wanted ties nobody.
        if event >= bounds[pair].parted:
            told.setdefault(pair, []).append(interest)
    return tuple(
        Pairing(*pair, tuple(told.get(pair, ())), consents[pair], pair in told or consents[pair].links)
        for pair in pairs
    )


def read_interests(connection: Connection, *where: ColumnElement[bool]) -> list[tuple[Interest, int]]:
    """Interests with their places in the log, oldest first; 0 for one whose place is in doubt."""
    query = select(interests).where(*where).order_by(interests.c.id)
    found = []
    for row in connection.execute(query).mappings():
        values = {name: value for name, value in row.items() if name not in ("id", "event_id")}
        found.append((Interest(**{**values, "side": Side(row["side"])}), row["event_id"] or 0))
    return found


def pair_bounds(connection: Connection, pairs: Iterable[Pair]) -> dict[Pair, PairBounds]:
    """The newest events that end what was said in each pair."""
    pairs = list(pairs)
    needs = _bounds(connection, RecordKind.NEED, sorted({need for need, _ in pairs}))
    offers = _bounds(connection, RecordKind.OFFER, sorted({offer for _, offer in pairs}))
    found = {}
    for need, offer in pairs:
        both = (needs.get(need, PairBounds()), offers.get(offer, PairBounds()))
        found[need, offer] = PairBounds(max(each.changed for each in both), max(each.parted for each in both))
    return found


def _bounds(connection: Connection, kind: RecordKind, ids: Sequence[str]) -> dict[str, PairBounds]:
    table = record_events
    # JSON is compared as text: an event without changes holds an empty list.
    telling = or_(
        cast(table.c.changes, Text) != "[]", table.c.to_state == State.CLOSED.value, table.c.action == OWNER_REPLACED
    )
    found: dict[str, PairBounds] = {}
    for page in pages(ids):
        query = select(table).where(table.c.kind == kind.value, table.c.record_id.in_(page), telling)
        for row in connection.execute(query.order_by(table.c.id)).mappings():
            parts, changes = _parts(row), bool(row["changes"])
            if parts or changes:
                before = found.get(row["record_id"], PairBounds())
                found[row["record_id"]] = PairBounds(row["id"], row["id"] if parts else before.parted)
    return found


def _parts(event: Mapping[Any, Any]) -> bool:
    """Whether an event gave the record to another owner, or closed it."""
    closed = State.CLOSED.value
    if event["action"] == OWNER_REPLACED or (event["to_state"] == closed and event["from_state"] != closed):
        return True
    return any(
        field == _OWNER and before and not same_owner(before, after or None)
        for field, before, after in event["changes"]
    )


def consents_of(connection: Connection, pairs: Sequence[Pair] | None) -> list[Consent]:
    """Everything said in ``pairs``, oldest first within each; in every pair where none are named."""
    table, found = consent_events, []
    if pairs is None:
        return [_consent(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
    wanted = set(pairs)
    for page in pages(sorted({need for need, _ in pairs})):
        query = select(table).where(table.c.need_id.in_(page)).order_by(table.c.id)
        for row in connection.execute(query).mappings():
            if (row["need_id"], row["offer_id"]) in wanted:
                found.append(_consent(row))
    return found


def _consent(row: Mapping[Any, Any]) -> Consent:
    return Consent(
        need_id=row["need_id"],
        offer_id=row["offer_id"],
        side=Side(row["side"]),
        step=ConsentStep(row["step"]),
        channel=ConsentChannel(row["channel"]),
        said_by=row["said_by"],
        actor=row["actor"],
        scope=tuple(ConsentScope(each) for each in row["scope"].split(",") if each),
        evidence=row["evidence"],
        at=row["at"],
        event=row["event_id"],
    )


def consent_history(connection: Connection, need_id: str, offer_id: str) -> tuple[Consent, ...]:
    """Everything said in a pair, oldest first."""
    return tuple(consents_of(connection, [(need_id, offer_id)]))


def _earliest(connection: Connection, events: Sequence[int]) -> dict[int, str]:
    """By event number the earliest time of it and all later ones."""
    table = record_events
    return {
        event: connection.execute(select(func.min(table.c.at)).where(table.c.id >= event)).scalar_one()
        for event in events
    }
