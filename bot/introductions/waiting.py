"""What waits in each pair: whom for, since when, and when to remind; read anew from the log each time.

Nothing is scheduled: an open question ends with its answer, with the consent it rests on, and with the pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.errors import MarketError
from bot.introductions.drafting import check_pair
from bot.introductions.pair_events import PairAction, PairEvent, read_events
from bot.introductions.stages import PairProgress, PairStage, joint_letters, pair_stages
from bot.market.consents import ConsentStanding, ConsentState
from bot.market.pairs import Pair
from bot.market.records import Need, Offer, Side
from bot.market.service import Market
from bot.types import RecordKind


class NextStep(StrEnum):
    """What the pair waits for; the first ones wait for its manager."""

    REMIND = "remind"
    WRITE_JOINT = "write_joint"
    ASK_NEED_OWNER = "ask_need_owner"
    ASK_OFFER_OWNER = "ask_offer_owner"
    DECIDE = "decide"
    FOLLOW_UP = "follow_up"
    WAIT_BOTH = "wait_both"
    WAIT_NEED_OWNER = "wait_need_owner"
    WAIT_OFFER_OWNER = "wait_offer_owner"
    NOT_OPEN = "not_open"
    AGREED = "agreed"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """What to do next, as people read it."""
        return _STEPS[self]

    @property
    def waits_for_manager(self) -> bool:
        """Whether the next step is the manager's."""
        return self in _OWN

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self in (NextStep.NOT_OPEN, NextStep.AGREED, NextStep.ENDED)


_STEPS = {
    NextStep.REMIND: "过期未答，该催了",
    NextStep.WRITE_JOINT: "双方已同意，写双方引荐",
    NextStep.ASK_NEED_OWNER: "征询需求方",
    NextStep.ASK_OFFER_OWNER: "征询成果方",
    NextStep.DECIDE: "有一方不同意或撤回了，另找或结束",
    NextStep.FOLLOW_UP: "已引荐，问双方谈得怎样",
    NextStep.WAIT_BOTH: "已引荐，等双方答复",
    NextStep.WAIT_NEED_OWNER: "等需求方答复",
    NextStep.WAIT_OFFER_OWNER: "等成果方答复",
    NextStep.NOT_OPEN: "记录已不开放，不再引荐",
    NextStep.AGREED: "已谈成",
    NextStep.ENDED: "已结束",
}
_OWN = frozenset(
    {
        NextStep.REMIND,
        NextStep.WRITE_JOINT,
        NextStep.ASK_NEED_OWNER,
        NextStep.ASK_OFFER_OWNER,
        NextStep.DECIDE,
        NextStep.FOLLOW_UP,
    }
)
_TO_ASK = frozenset({ConsentStanding.NOT_ASKED, ConsentStanding.EXPIRED, ConsentStanding.LAPSED})
_ASK = {Side.NEED_OWNER: NextStep.ASK_NEED_OWNER, Side.OFFER_OWNER: NextStep.ASK_OFFER_OWNER}
_WAIT = {Side.NEED_OWNER: NextStep.WAIT_NEED_OWNER, Side.OFFER_OWNER: NextStep.WAIT_OFFER_OWNER}


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A side that was asked, or got the joint letter, at place ``about`` of the log and has not answered.

    ``due`` is the day from which to remind.
    """

    side: Side
    about: int
    joint: bool
    since: date
    due: date
    whom: str = ""


@dataclass(frozen=True, slots=True)
class PairFile:
    """One pair at the desk. ``not_open`` is why it cannot be introduced now, empty where it can."""

    need: Need
    offer: Offer
    progress: PairProgress
    state: ConsentState
    events: tuple[PairEvent, ...]
    questions: tuple[OpenQuestion, ...]
    step: NextStep
    since: date
    not_open: str = ""

    @property
    def pair(self) -> Pair:
        """Need and offer."""
        return self.need.id, self.offer.id

    def due(self, today: date) -> tuple[OpenQuestion, ...]:
        """The questions to remind of today."""
        return tuple(each for each in self.questions if each.due <= today)


def pair_file(market: Market, need_id: str, offer_id: str, reminder_days: int) -> PairFile:
    """The pair as it stands; one that nobody tied yet stands at its beginning. Raises :class:`MarketError`."""
    market.need(need_id), market.offer(offer_id)
    (found,) = pair_files(market, reminder_days, [(need_id, offer_id)])
    return found


def pair_files(market: Market, reminder_days: int, pairs: Iterable[Pair] | None = None) -> tuple[PairFile, ...]:
    """``pairs`` as they stand; without them every pair that an owner or a manager ever tied.

    Those whose next step is the manager's come first, reminders before all, of them what is longest in that state.
    """
    wanted = None if pairs is None else tuple(dict.fromkeys(pairs))
    came = {(each.need_id, each.offer_id): each for each in pair_stages(market, wanted)}
    named = wanted if wanted is not None else tuple(came)
    states = market.consent_states(named)
    needs = market.records_of(RecordKind.NEED, [need for need, _ in named])
    offers = market.records_of(RecordKind.OFFER, [offer for _, offer in named])
    done: dict[Pair, list[PairEvent]] = {}
    with market.database.read() as connection:
        letters = joint_letters(connection)
        for event in read_events(connection, wanted):
            done.setdefault(event.pair, []).append(event)
    today, found = market.today(), []
    for pair in named:
        need, offer = needs.get(pair[0]), offers.get(pair[1])
        if isinstance(need, Need) and isinstance(offer, Offer):
            progress = came.get(pair, PairProgress(*pair, ()))
            desk = _Desk(progress, states[pair], tuple(done.get(pair, ())), letters, reminder_days, today)
            found.append(desk.file(need, offer))
    return tuple(sorted(found, key=_urgency))


def _urgency(file: PairFile) -> tuple[bool, bool, bool, date]:
    step = file.step
    return not step.waits_for_manager, step.over, step is not NextStep.REMIND, file.since


@dataclass(frozen=True, slots=True)
class _Desk:
    """A pair while its next step is worked out."""

    progress: PairProgress
    state: ConsentState
    events: Sequence[PairEvent]
    joint_letters: frozenset[int]
    days: int
    today: date

    def file(self, need: Need, offer: Offer) -> PairFile:
        not_open = ""
        try:
            check_pair(need, offer)
        except MarketError as error:
            not_open = str(error)
        questions = () if not_open or self.over else self.questions()
        step, since = self.step(not_open, questions)
        return PairFile(need, offer, self.progress, self.state, tuple(self.events), questions, step, since, not_open)

    @property
    def over(self) -> bool:
        reached = self.progress.reached
        return bool(reached) and reached[-1].stage in (PairStage.AGREED, PairStage.ENDED)

    def questions(self) -> tuple[OpenQuestion, ...]:
        found = []
        for side in Side:
            stood = self.state.of(side)
            if stood.standing is ConsentStanding.PENDING and stood.rests_on is not None:
                asked = stood.rests_on
                letter = next((each for each in self.events if self.sent(each, asked.event)), None)
                since = letter.day if letter is not None else date.fromisoformat(asked.at[:10])
                found.append(self.question(side, asked.event or 0, False, since, letter.whom if letter else ""))
        met = self.progress.at(PairStage.MET)
        for side in Side if self.state.agreed and met is None else ():
            letters = [each for each in self.introduced() if each.side is side]
            answered = {each.about for each in self.events if each.action is PairAction.ANSWERED}
            if letters and letters[-1].event not in answered:
                newest = letters[-1]
                found.append(self.question(side, newest.event, True, newest.day, newest.whom))
        return tuple(found)

    def question(self, side: Side, about: int, joint: bool, since: date, whom: str) -> OpenQuestion:
        """With the day to remind: put off until a day, or so long after the last word."""
        due = self.from_then_on(since)
        for each in self.events:
            if each.about == about and each.action is PairAction.REMINDED:
                due = self.from_then_on(each.day)
            elif each.about == about and each.action is PairAction.PUT_OFF:
                due = each.day
        return OpenQuestion(side, about, joint, min(since, self.today), due, whom)

    def from_then_on(self, day: date) -> date:
        """The day to remind of what was put on record on ``day``.

        A day that is still to come was read off a clock that was ahead. Nothing tells when it was: better now than
        never.
        """
        # By a day: moments are kept in UTC, today is that of this place.
        return self.today if day > self.today + timedelta(days=1) else day + timedelta(days=self.days)

    @staticmethod
    def sent(event: PairEvent, place: int | None) -> bool:
        return event.action is PairAction.SENT and event.event == place

    def introduced(self) -> list[PairEvent]:
        """The joint letters sent under the consents in force."""
        rests = [self.state.of(side).rests_on for side in Side]
        after = max((each.event or 0 for each in rests if each is not None), default=0)
        sent = (each for each in self.events if each.action is PairAction.SENT and each.event > after)
        return [each for each in sent if each.introduction_id in self.joint_letters]

    def step(self, not_open: str, questions: Sequence[OpenQuestion]) -> tuple[NextStep, date]:
        """What the pair waits for, and since when."""
        reached = self.progress.reached
        newest = reached[-1].day if reached else self.today
        if self.over:
            return NextStep.ENDED if reached[-1].stage is PairStage.ENDED else NextStep.AGREED, newest
        if not_open:
            return NextStep.NOT_OPEN, newest
        late = [each for each in questions if each.due <= self.today]
        if late:
            return NextStep.REMIND, min(each.since for each in late)
        if self.state.agreed:
            sent = self.introduced()
            if sent or self.progress.at(PairStage.MET) is not None:
                waits = any(each.joint for each in questions)
                return NextStep.WAIT_BOTH if waits else NextStep.FOLLOW_UP, newest
            return NextStep.WRITE_JOINT, self.said_last(Side) or newest
        return self.consent_step(newest)

    def consent_step(self, newest: date) -> tuple[NextStep, date]:
        missing = self.state.missing
        standings = {side: self.state.of(side).standing for side in missing}
        no = [side for side in missing if standings[side] in (ConsentStanding.REFUSED, ConsentStanding.WITHDRAWN)]
        if no:
            return NextStep.DECIDE, self.said_last(no) or newest
        for side in missing:
            if standings[side] in _TO_ASK:
                return _ASK[side], self.said_last([side]) or newest
        return _WAIT[missing[0]], self.said_last(missing) or newest

    def said_last(self, sides: Iterable[Side]) -> date | None:
        """The day of the newest word that the standing of ``sides`` rests on."""
        rests = (self.state.of(side).rests_on for side in sides)
        newest = max((each for each in rests if each is not None), key=lambda each: each.event or 0, default=None)
        return date.fromisoformat(newest.at[:10]) if newest is not None else None
