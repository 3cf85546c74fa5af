"""How far each pair came, stage by stage with its day: what funnels and figures are drawn from.

Order is the place in the one log of record events; days are for reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, select

from bot.introductions.pair_events import PairAction, PairEvent, read_events
from bot.introductions.records import Stage
from bot.market.consents import ConsentStep
from bot.market.pairs import Pair, PairLog
from bot.market.records import CloseReason, Side
from bot.market.service import Market
from bot.store.tables import introductions


class PairStage(StrEnum):
    """The stages of a pair in order; a pair that ``ended`` came to nothing."""

    MATCHED = "matched"
    ASKED = "asked"
    BOTH_AGREED = "both_agreed"
    INTRODUCED = "introduced"
    MET = "met"
    AGREED = "agreed"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The stage as people read it."""
        return _LABELS[self]


_LABELS = {
    PairStage.MATCHED: "已匹配",
    PairStage.ASKED: "已征询",
    PairStage.BOTH_AGREED: "双方同意",
    PairStage.INTRODUCED: "已引荐",
    PairStage.MET: "已对接",
    PairStage.AGREED: "已谈成",
    PairStage.ENDED: "未成",
}
_OF_ACTIONS = {
    PairAction.MET: PairStage.MET,
    PairAction.AGREED: PairStage.AGREED,
    PairAction.ENDED: PairStage.ENDED,
}


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage, the first place in the log at which the pair stood there, and its day."""

    stage: PairStage
    event: int
    day: date


@dataclass(frozen=True, slots=True)
class PairProgress:
    """The stages a pair ever reached, in order, each at its first time.

    ``ended_for`` is why it came to nothing, unless it went on after that. ``keeper`` is the manager who took it up
    last, empty for none.
    """

    need_id: str
    offer_id: str
    reached: tuple[Reached, ...]
    ended_for: CloseReason | None = None
    keeper: str = ""

    def at(self, stage: PairStage) -> Reached | None:
        """When the pair first stood at ``stage``; ``None`` when it never did."""
        return next((each for each in self.reached if each.stage is stage), None)

    @property
    def stage(self) -> PairStage:
        """Where the pair stands: the furthest stage, or that it ended."""
        return self.reached[-1].stage


def pair_stages(market: Market, pairs: Iterable[Pair] | None = None) -> tuple[PairProgress, ...]:
    """How far ``pairs`` came; without them every pair that an owner or a manager ever tied."""
    named = None if pairs is None else list(dict.fromkeys(pairs))
    logs = {(log.need_id, log.offer_id): log for log in market.pair_logs(named)}
    with market.database.read() as connection:
        done: dict[Pair, list[PairEvent]] = {}
        for event in read_events(connection, named):
            done.setdefault(event.pair, []).append(event)
        letters = joint_letters(connection)
    found = (
        progress(logs.get(pair, PairLog(*pair, (), ())), done.get(pair, ()), letters)
        for pair in dict.fromkeys((*logs, *done))
    )
    return tuple(each for each in found if each.reached)


def joint_letters(connection: Connection) -> frozenset[int]:
    """The numbers of the letters that introduce both sides to each other."""
    joint = introductions.c.stage == Stage.JOINT.value
    return frozenset(connection.execute(select(introductions.c.id).where(joint)).scalars())


def progress(log: PairLog, done: Sequence[PairEvent], letters: frozenset[int]) -> PairProgress:
    """How far a pair came, from what its owners said and what was done for it (in order)."""
    stood = [*_told_by_owners(log), *_told_by_managers(done, letters)]
    first: dict[PairStage, Reached] = {}
    for each in sorted(stood, key=lambda reached: reached.event):
        first.setdefault(each.stage, each)
        first.setdefault(PairStage.MATCHED, replace(each, stage=PairStage.MATCHED))
    ended = next((each for each in reversed(done) if each.action is PairAction.ENDED), None)
    first.pop(PairStage.ENDED, None)
    if ended is not None and not _went_on(ended, log, done):
        first[PairStage.ENDED] = Reached(PairStage.ENDED, ended.event, ended.day)
    else:
        ended = None
    keepers = [each.actor for each in done if each.action is PairAction.TAKEN_UP]
    reached = tuple(first[stage] for stage in PairStage if stage in first)
    keeper = keepers[-1] if keepers else ""
    return PairProgress(log.need_id, log.offer_id, reached, ended.reason if ended else None, keeper)


def _told_by_owners(log: PairLog) -> Iterator[Reached]:
    for interest, event in log.interests:
        yield Reached(PairStage.MATCHED, event, _day(interest.at))
    agreed: dict[Side, bool] = {}
    for consent in log.consents:
        event, day = consent.event or 0, _day(consent.at)
        if consent.step is ConsentStep.ASKED:
            yield Reached(PairStage.ASKED, event, day)
            continue
        yield Reached(PairStage.MATCHED, event, day)
        agreed[consent.side] = consent.step is ConsentStep.GIVEN
        if len(agreed) == len(Side) and all(agreed.values()):
            yield Reached(PairStage.BOTH_AGREED, event, day)


def _told_by_managers(done: Sequence[PairEvent], letters: frozenset[int]) -> Iterator[Reached]:
    for each in done:
        introduced = each.action is PairAction.SENT and each.introduction_id in letters
        stage = PairStage.INTRODUCED if introduced else _OF_ACTIONS.get(each.action, PairStage.MATCHED)
        yield Reached(stage, each.event, each.day)


def _went_on(ended: PairEvent, log: PairLog, done: Sequence[PairEvent]) -> bool:
    """Whether a side was asked or said yes after a pair came to nothing, or managers went on with it."""
    said = (ConsentStep.ASKED, ConsentStep.GIVEN)
    on = (PairAction.SENT, PairAction.MET, PairAction.AGREED)
    return any(each.step in said and (each.event or 0) > ended.event for each in log.consents) or any(
        each.action in on and (each.event, each.id) > (ended.event, ended.id) for each in done
    )


def _day(at: str) -> date:
    return date.fromisoformat(at[:10])
