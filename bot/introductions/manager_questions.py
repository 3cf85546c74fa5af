"""What a manager asks at the desk: of which records, and what is wanted of them; else a question for the documents.

Records are told by their numbers and titles, what is wanted by a classifier of meaning
(:mod:`bot.introductions.wants`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.introductions.naming import NamedRecord, named_records, surely_named
from bot.introductions.wants import STANDS_FOR, Want, WantReader
from bot.market.records import Need, Offer
from bot.market.service import Market

#: Earlier questions looked through for the records that a follow-up leans on.
_LOOKED_BACK = 10
#: Characters of a question in which it says what is wanted; a longer one tells a story and is for the documents.
_READ_FOR_MEANING = 300


@dataclass(frozen=True, slots=True)
class ManagerQuestion:
    """A question read: what is ``want``ed of ``records``; nothing of records where it is for the documents."""

    question: str
    want: Want
    records: tuple[Need | Offer, ...] = ()

    @property
    def needs(self) -> tuple[Need, ...]:
        """The needs among the records."""
        return tuple(each for each in self.records if isinstance(each, Need))

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The offers among the records."""
        return tuple(each for each in self.records if isinstance(each, Offer))


def read_question(market: Market, wants: WantReader, question: str, history: Sequence[str] = ()) -> ManagerQuestion:
    """The reading of ``question`` after the earlier questions of its conversation, oldest first."""
    named = named_records(market, question)
    shares = wants.read(_without_names(question, named)[:_READ_FOR_MEANING])
    best = max(shares, key=lambda want: shares[want])
    if any(each.by_number for each in named):
        # Who gives a number asks of its record, if only to see it.
        best = max((want for want in shares if want not in (Want.NONE, Want.WAITING)), key=lambda want: shares[want])
    if best in (Want.NONE, Want.WAITING):
        return ManagerQuestion(question, best)
    records = tuple(each.record for each in named) or _spoken_of(market, history)
    if not records and best is not Want.SIMILAR:
        return ManagerQuestion(question, Want.NONE)
    return ManagerQuestion(question, best, records)


def _spoken_of(market: Market, history: Sequence[str]) -> tuple[Need | Offer, ...]:
    """The records of the newest earlier question that named any."""
    for earlier in reversed(history[-_LOOKED_BACK:]):
        named = surely_named(market, earlier)
        if named:
            return tuple(each.record for each in named)
    return ()


def _without_names(question: str, named: Sequence[NamedRecord]) -> str:
    """``question`` with each record that it names by number or title called by what it is."""
    for each in named:
        if each.words:
            question = question.replace(each.words, STANDS_FOR[each.kind])
    for kind in STANDS_FOR:
        # 需求 某需求 says it twice.
        question = question.replace(f"{kind.label} {STANDS_FOR[kind]}", STANDS_FOR[kind])
    return question
