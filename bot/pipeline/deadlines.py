"""The days that managers must not miss, as a list and as a calendar file.

A need's own deadline as far as it names a day, the last day of a consent, and the day from which the desk reminds an
owner of an open question. Source of the file's form: RFC 5545, written by the icalendar library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.introductions.waiting import pair_files
from bot.market.consents import ConsentStanding
from bot.market.gate_terms import read_periods
from bot.market.records import Need, Side, State
from bot.market.service import Market
from bot.settings import Settings
from bot.types import RecordKind, Standing

#: What ended so long ago is no deadline any more.
PASSED_DAYS = 30
_OPEN = (State.PUBLISHED, State.INTEREST, State.INTRODUCED, State.MET)


class DeadlineKind(StrEnum):
    """What runs out."""

    NEED = "need"
    CONSENT = "consent"
    ANSWER = "answer"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return {"need": "需求期限", "consent": "同意到期", "answer": "等答复"}[self.value]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day, what runs out on it, and where: a need alone, or a pair. ``about`` are titles and sides."""

    day: date
    kind: DeadlineKind
    about: str
    need_id: str
    offer_id: str = ""


def deadlines(market: Market, settings: Settings, today: date) -> tuple[Deadline, ...]:
    """Every deadline from a month ago on, the nearest first."""
    found = (*_of_needs(market), *_of_pairs(market, settings))
    earliest = today - timedelta(days=PASSED_DAYS)
    return tuple(sorted((each for each in found if each.day >= earliest), key=_order))


def calendar_file(found: Iterable[Deadline], now: datetime | None = None) -> bytes:
    """The deadlines as an iCalendar file of whole days; an entry keeps its identity from one file to the next."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//tech-manager-assistant//desk//")
    calendar.add("version", "2.0")
    for each in found:
        event = Event()
        identity = "|".join((each.kind, each.need_id, each.offer_id, each.about))
        event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@tech-manager-assistant")
        event.add("dtstamp", now or datetime.now(UTC))
        event.add("dtstart", each.day)
        event.add("summary", f"{each.kind.label}：{each.about}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _order(each: Deadline) -> tuple[date, str, str, str]:
    return each.day, each.kind, each.need_id, each.offer_id


def _of_needs(market: Market) -> Iterator[Deadline]:
    for record in market.all_records(RecordKind.NEED):
        if isinstance(record, Need) and record.standing is Standing.OPEN and record.state in _OPEN and record.deadline:
            days = [period.safe for period in read_periods(record.deadline) if period.safe < date.max]
            if days:
                yield Deadline(max(days), DeadlineKind.NEED, record.title, record.id)


def _of_pairs(market: Market, settings: Settings) -> Iterator[Deadline]:
    for file in pair_files(market, settings.desk.reminder_days):
        about = f"{file.need.title} × {file.offer.title}"
        for side in Side:
            until = file.state.of(side).until
            if file.state.of(side).standing is ConsentStanding.GIVEN and until is not None:
                yield Deadline(until, DeadlineKind.CONSENT, f"{about}（{side.label}）", *file.pair)
        for question in file.questions:
            yield Deadline(question.due, DeadlineKind.ANSWER, f"{about}（{question.side.label}）", *file.pair)
