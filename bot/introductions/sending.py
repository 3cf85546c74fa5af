"""What a manager does for a pair: asks a side, sends letters, notes answers and how it went on, or that it ended.

Each step is one transaction with what it rests on: a joint letter is put on record as sent only where both consents
are in force at that place of the log, and a letter that asks a side puts the question on record with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.errors import ConsentError, MarketError, UsageError
from bot.introductions.drafting import check_pair
from bot.introductions.letters import Letter, read_letter
from bot.introductions.pair_events import (
    Means,
    PairAction,
    PairEvent,
    read_events,
    take_up,
    take_up_if_free,
    write_event,
)
from bot.introductions.records import Stage
from bot.introductions.stages import joint_letters
from bot.market.consents import WHOLE_SCOPE, Consent, ConsentState, ConsentStep
from bot.market.pairs import PairWriting
from bot.market.records import CloseReason, Side, State
from bot.market.service import Market

LONGEST_WHOM, LONGEST_NOTE = 100, 2_000
#: Days by which a reminder can be put off.
LONGEST_DELAY = 365
_UNREADABLE = re.compile(r"[\x00-\x08\ud800-\udfff]")
_ASKS = {Stage.ASK_NEED_OWNER: Side.NEED_OWNER, Stage.ASK_OFFER_OWNER: Side.OFFER_OWNER}
#: What an owner's record says happened when a joint letter went to that owner.
INTRODUCED = "introduced"


@dataclass(frozen=True, slots=True)
class Sending:
    """How a letter left the office: which version, to whom on which sides, by which means, on which day."""

    letter_id: int
    version: int
    whom: str
    means: Means
    day: date
    sides: tuple[Side, ...] = ()
    note: str = ""


class PairWork:
    """The steps of a pair. The constructor does no I/O; safe to share between threads.

    Every method raises :class:`MarketError` for an unknown need, offer or letter and :class:`UsageError` for
    something missing, too long or of an impossible day; nothing is kept then.
    """

    def __init__(self, market: Market) -> None:
        self._market = market

    def take_up(self, need_id: str, offer_id: str, *, actor: str) -> None:
        """``actor`` looks after the pair from now on."""
        with self._market.about_pair(need_id, offer_id, actor=actor) as writing:
            take_up(writing, actor, self._market.today())

    def record_said(self, consent: Consent, *, seen: int | None = None) -> ConsentState:
        """Put on record what a side was asked or answered; see :meth:`Market.record_consent`."""
        with self._market.about_pair(consent.need_id, consent.offer_id, actor=consent.actor) as writing:
            writing.record_consent(consent, seen)
            take_up_if_free(writing, consent.actor, self._market.today())
            return writing.state()

    def send(self, sending: Sending, *, actor: str) -> None:
        """Put on record that a letter was sent.

        Raises :class:`ConsentError` for a letter that consents do not cover now, and for a question to a side that
        already agreed.
        """
        whom, note = checked(sending.whom, "发给谁", LONGEST_WHOM), checked(sending.note, "说明", LONGEST_NOTE, True)
        day = self._past(sending.day)
        with self._market.database.read() as connection:
            drafted = read_letter(connection, sending.letter_id).drafted
        with self._market.about_pair(drafted.need_id, drafted.offer_id, actor=actor) as writing:
            letter = read_letter(writing.connection, sending.letter_id)
            letter.version(sending.version)
            check_pair(writing.need, writing.offer)
            for side, event in self._places(writing, letter, replace(sending, whom=whom), actor):
                sent = PairEvent(
                    need_id=drafted.need_id,
                    offer_id=drafted.offer_id,
                    action=PairAction.SENT,
                    day=day,
                    actor=actor,
                    side=side,
                    introduction_id=letter.id,
                    version=sending.version,
                    whom=whom,
                    means=sending.means,
                    note=note,
                    event=event,
                )
                write_event(writing.connection, sent)
            take_up_if_free(writing, actor, self._market.today())

    def _places(self, writing: PairWriting, letter: Letter, sending: Sending, actor: str) -> list[tuple[Side, int]]:
        """Whom the letter goes to and the place of each in the log, after what it rests on was checked."""
        asked = _ASKS.get(letter.drafted.stage)
        if asked is not None:
            question = Consent(
                need_id=writing.pair[0],
                offer_id=writing.pair[1],
                side=asked,
                step=ConsentStep.ASKED,
                channel=sending.means.channel,
                said_by=sending.whom,
                actor=actor,
                scope=WHOLE_SCOPE,
                evidence=f"信函 {letter.id} 第 {sending.version} 版",
            )
            placed = writing.record_consent(question)
            return [(asked, placed.event or 0)] if placed is not None else []
        if not sending.sides:
            raise UsageError("没有写明发给哪一方", remedy="选需求方、成果方或双方")
        writing.check_joint(letter.every_word)
        places = [(side, writing.mark(side, INTRODUCED)) for side in dict.fromkeys(sending.sides)]
        writing.go_on(State.INTRODUCED)
        return places

    def answer(self, need_id: str, offer_id: str, about: int, answer: str, day: date, *, actor: str) -> None:
        """Note what was answered to the joint letter sent at place ``about``."""
        words = checked(answer, "答复", LONGEST_NOTE)
        self._about(need_id, offer_id, about, PairAction.ANSWERED, self._past(day), words, actor)

    def reminded(self, need_id: str, offer_id: str, about: int, note: str, day: date, *, actor: str) -> None:
        """Note that whoever was asked at place ``about`` was reminded; the next reminder is due so much later."""
        words = checked(note, "说明", LONGEST_NOTE, True)
        self._about(need_id, offer_id, about, PairAction.REMINDED, self._past(day), words, actor)

    def put_off(self, need_id: str, offer_id: str, about: int, until: date, *, actor: str) -> None:
        """Let the reminder about place ``about`` rest until a day to come."""
        days = (until - self._market.today()).days
        if not 0 < days <= LONGEST_DELAY:
            raise UsageError("推后的日期不对", value=until.isoformat(), remedy=f"选明天起 {LONGEST_DELAY} 天内的一天")
        self._about(need_id, offer_id, about, PairAction.PUT_OFF, until, "", actor)

    def met(self, need_id: str, offer_id: str, note: str, day: date, *, actor: str) -> None:
        """Note that both sides met; both records go on to 已对接. Raises before a joint letter was sent."""
        self._went_on(need_id, offer_id, PairAction.MET, note, day, actor)

    def agreed(self, need_id: str, offer_id: str, note: str, day: date, *, actor: str) -> None:
        """Note that both sides came to terms. Raises :class:`ConsentError` before a joint letter was sent."""
        self._went_on(need_id, offer_id, PairAction.AGREED, note, day, actor)

    def end(self, need_id: str, offer_id: str, reason: CloseReason, note: str, day: date, *, actor: str) -> None:
        """Note that the pair came to nothing, and why; its records stay as they are."""
        words, day = checked(note, "说明", LONGEST_NOTE, True), self._past(day)
        with self._market.about_pair(need_id, offer_id, actor=actor) as writing:
            ended = PairEvent(
                need_id=need_id,
                offer_id=offer_id,
                action=PairAction.ENDED,
                day=day,
                actor=actor,
                note=words,
                reason=reason,
                event=writing.place(),
            )
            write_event(writing.connection, ended)
            take_up_if_free(writing, actor, self._market.today())

    def _went_on(self, need_id: str, offer_id: str, action: PairAction, note: str, day: date, actor: str) -> None:
        words, day = checked(note, "说明", LONGEST_NOTE, True), self._past(day)
        with self._market.about_pair(need_id, offer_id, actor=actor) as writing:
            events = read_events(writing.connection, [(need_id, offer_id)])
            if not _introduced(writing, events):
                raise ConsentError("双方引荐还没有发出", remedy="先记下双方对接函发给了谁，再记对接和谈成")
            writing.go_on(State.MET)
            went_on = PairEvent(
                need_id=need_id,
                offer_id=offer_id,
                action=action,
                day=day,
                actor=actor,
                note=words,
                event=writing.place(),
            )
            write_event(writing.connection, went_on)
            take_up_if_free(writing, actor, self._market.today())

    def _about(
        self, need_id: str, offer_id: str, about: int, action: PairAction, day: date, note: str, actor: str
    ) -> None:
        with self._market.about_pair(need_id, offer_id, actor=actor) as writing:
            events = read_events(writing.connection, [(need_id, offer_id)])
            sent = [each for each in events if each.action is PairAction.SENT and each.event == about]
            state = writing.state()
            asked = [side for side in Side if (rests := state.of(side).rests_on) is not None and rests.event == about]
            if action is PairAction.ANSWERED:
                sent, asked = [each for each in sent if _is_joint(writing, each)], []
            if not sent and not asked:
                raise MarketError("没有这次征询或发信", value=about, remedy="刷新页面看现在的情况")
            told = PairEvent(
                need_id=need_id,
                offer_id=offer_id,
                action=action,
                day=day,
                actor=actor,
                side=sent[0].side if sent else asked[0],
                note=note,
                about=about,
                event=writing.place(),
            )
            write_event(writing.connection, told)

    def _past(self, day: date) -> date:
        if day > self._market.today():
            raise UsageError("日期还没有到", value=day.isoformat(), remedy="写今天或以前的日期")
        return day


def _introduced(writing: PairWriting, events: Sequence[PairEvent]) -> bool:
    return any(_is_joint(writing, each) for each in events if each.action is PairAction.SENT)


def _is_joint(writing: PairWriting, sent: PairEvent) -> bool:
    return sent.introduction_id in joint_letters(writing.connection)


def checked(words: str, name: str, longest: int, may_be_empty: bool = False) -> str:
    """``words`` without outer white space; raises :class:`UsageError` naming the entry where they will not do."""
    kept = words.strip()
    if not kept and not may_be_empty:
        raise UsageError("有一栏没有写", value=name, remedy="写明后再记")
    if len(kept) > longest or _UNREADABLE.search(kept):
        raise UsageError("有一栏太长或有读不出的字符", value=name, remedy=f"不超过 {longest} 个字")
    return kept
