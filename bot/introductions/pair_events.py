"""What managers did for a pair, as events in their order: taken up, letters sent and answered, met, agreed, ended.

Events are only added. Their order is ``event``, the place in the one log of record events, then ``id``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select

from bot.introductions.tables import pair_events
from bot.market.consents import ConsentChannel
from bot.market.pairs import Pair, PairWriting
from bot.market.records import CloseReason, Side
from bot.store.database import utc_now

#: Pairs named in one query.
_AT_ONCE = 200


class PairAction(StrEnum):
    """What was done."""

    TAKEN_UP = "taken_up"
    SENT = "sent"
    ANSWERED = "answered"
    MET = "met"
    AGREED = "agreed"
    ENDED = "ended"
    REMINDED = "reminded"
    PUT_OFF = "put_off"

    @property
    def label(self) -> str:
        """The action as people read it."""
        return _ACTIONS[self]


_ACTIONS = {
    PairAction.TAKEN_UP: "接手",
    PairAction.SENT: "发出信函",
    PairAction.ANSWERED: "对方答复",
    PairAction.MET: "双方对接",
    PairAction.AGREED: "谈成",
    PairAction.ENDED: "未成，结束",
    PairAction.REMINDED: "已催",
    PairAction.PUT_OFF: "推后再催",
}


class Means(StrEnum):
    """How the office sent a letter."""

    MAIL = "mail"
    POST = "post"
    MESSAGE = "message"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        """The means as people read it."""
        return {"mail": "电子邮件", "post": "纸质函件", "message": "短信或即时消息", "in_person": "当面递交"}[
            self.value
        ]

    @property
    def channel(self) -> ConsentChannel:
        """The means as the log of consents names it."""
        return ConsentChannel.MAIL if self is Means.MAIL else ConsentChannel.WRITTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEvent:
    """One thing done for a pair on ``day``, put on record by ``actor`` at ``at`` (UTC).

    ``side`` is whom it concerned, ``introduction_id`` and ``version`` which letter went to ``whom`` by ``means``.
    ``about`` is the event that an answer or a reminder is about. All words are the desk's own.
    """

    need_id: str
    offer_id: str
    action: PairAction
    day: date
    actor: str
    side: Side | None = None
    introduction_id: int | None = None
    version: int | None = None
    whom: str = ""
    means: Means | None = None
    note: str = ""
    reason: CloseReason | None = None
    about: int | None = None
    id: int = 0
    event: int = 0
    at: str = ""

    @property
    def pair(self) -> Pair:
        """Need and offer."""
        return self.need_id, self.offer_id


def write_event(connection: Connection, event: PairEvent) -> None:
    """Append ``event``, whose place is known."""
    row = {
        "need_id": event.need_id,
        "offer_id": event.offer_id,
        "action": event.action.value,
        "event_id": event.event,
        "at": utc_now(),
        "actor": event.actor,
        "day": event.day.isoformat(),
        "side": event.side,
        "introduction_id": event.introduction_id,
        "version": event.version,
        "whom": event.whom,
        "means": event.means,
        "note": event.note,
        "reason": event.reason,
        "about": event.about,
    }
    connection.execute(insert(pair_events), row)


def take_up_if_free(writing: PairWriting, actor: str, day: date) -> None:
    """Who works on a pair that nobody looks after looks after it from now on."""
    events = read_events(writing.connection, [writing.pair])
    if not any(each.action is PairAction.TAKEN_UP for each in events):
        take_up(writing, actor, day)


def take_up(writing: PairWriting, actor: str, day: date) -> None:
    """``actor`` looks after the pair from now on."""
    need_id, offer_id = writing.pair
    event = PairEvent(need_id=need_id, offer_id=offer_id, action=PairAction.TAKEN_UP, day=day, actor=actor)
    write_event(writing.connection, replace(event, event=writing.place()))


def read_events(connection: Connection, pairs: Iterable[Pair] | None = None) -> list[PairEvent]:
    """The events of ``pairs``, of every pair where none are named, in their order."""
    table = pair_events
    query = select(table).order_by(table.c.event_id, table.c.id)
    if pairs is None:
        return [_event(row) for row in connection.execute(query).mappings()]
    wanted, found = list(dict.fromkeys(pairs)), []
    for start in range(0, len(wanted), _AT_ONCE):
        named = (and_(table.c.need_id == n, table.c.offer_id == o) for n, o in wanted[start : start + _AT_ONCE])
        found += [_event(row) for row in connection.execute(query.where(or_(*named))).mappings()]
    return sorted(found, key=lambda each: (each.event, each.id))


def _event(row: Any) -> PairEvent:
    told = ("id", "need_id", "offer_id", "actor", "introduction_id", "version", "whom", "note", "about", "at")
    return PairEvent(
        **{name: row[name] for name in told},
        event=row["event_id"],
        action=PairAction(row["action"]),
        day=date.fromisoformat(row["day"]),
        side=Side(row["side"]) if row["side"] else None,
        means=Means(row["means"]) if row["means"] else None,
        reason=CloseReason(row["reason"]) if row["reason"] else None,
    )
