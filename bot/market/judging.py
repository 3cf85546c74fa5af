"""How good a match is, which gates stand in its way, and why it is one.

A level tells how much two records speak of the same thing. Whether a technology works, whether money and
people fit, or whether a partner is willing, it cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.market.evidence import SharedWord, Subject, topic_text
from bot.market.framing import content_of
from bot.market.gates import check_gates
from bot.market.masking import public, without_marks
from bot.market.reasons import Sides, reasons_for
from bot.market.records import Confidentiality, Need, Offer
from bot.market.shelf import Shelf
from bot.market.taxonomy import Taxonomy
from bot.types import PROPOSE_AT, Gate, Match, MatchParts, RecordKind, Standing

#: A likeness in meaning of one quarter counts as one more shared word.
LIKENESS_WEIGHT = 4.0
#: Lowest evidence (telling words shared, plus weighed likeness) of levels 2, 3 and 4. Level 3 was set on the
#: looked-at half of the labelled wishes in tests/cases/matching.yaml (weights 3 with 2.2 and 4 with 2.6 do alike,
#: F1 0.94); from 3.6 on every pair of that half fits.
LEVEL_THRESHOLDS = (1.4, 2.6, 3.6)
#: Of a record with nothing on file but its title so much of the evidence is asked: it can share few words. On the
#: graded pairs, all of such records, a share of 0.7 proposes something right to 31 needs instead of 21, at 37%
#: instead of 41% relevant; 0.6 to 0.8 do alike.
TITLE_ONLY_SHARE = 0.7
#: However alike two texts are, without a word of their own in common (“系统”) nothing is proposed.
_LEAST_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: ``record`` as it was told; ``title`` and ``body`` are what is searched for."""

    record: Need | Offer
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A scored record with what speaks for it and against it."""

    record: Need | Offer
    parts: MatchParts
    level: int
    shared: tuple[SharedWord, ...]
    gates: tuple[Gate, ...]

    @property
    def score(self) -> float:
        return self.parts.lexical + self.parts.dense + self.parts.fields

    @property
    def proposed(self) -> bool:
        failed = any(gate.passed is False for gate in self.gates)
        return self.level >= PROPOSE_AT and self.record.standing is Standing.OPEN and not failed


class Judge:
    """Judges the records of ``target`` on a shelf for one wish."""

    def __init__(
        self,
        sought: Sought,
        target: RecordKind,
        shelf: Shelf,
        likeness: Callable[[float], float],
        taxonomy: Taxonomy,
        today: date,
    ) -> None:
        self.target = target
        self._own, self._likeness, self._taxonomy, self._today = sought.record, likeness, taxonomy, today
        self._own_text = topic_text(sought.record)
        self._subject = Subject(content_of(sought.title), content_of(self._own_text), shelf.rarity)

    def judged(self, other: Need | Offer, parts: MatchParts, cosine: float) -> Judged:
        """``other`` with its level, the words it shares and its gates."""
        shared = self._subject.shared_with(without_marks(other.title), without_marks(topic_text(other)))
        title_only = topic_text(other) == other.title
        level = level_of(sum(word.weight for word in shared), self._likeness(cosine), title_only=title_only)
        return Judged(other, parts, level, shared, check_gates(*self._pair(other), self._today))

    def told(self, judged: Judged, owners: Mapping[str, str]) -> Match:
        """``judged`` as it is shown, with its reasons; ``owners`` are names by organisation id."""
        other = judged.record
        open_owner = other.confidentiality is Confidentiality.OPEN and other.owner_id is not None
        return Match(
            kind=self.target,
            id=other.id,
            title=public(other.title),
            score=judged.score,
            level=judged.level,
            parts=judged.parts,
            reasons=reasons_for(self._sides(other), judged.shared, self._taxonomy),
            gates=tuple(replace(gate, why=public(gate.why)) for gate in judged.gates),
            standing=other.standing,
            owner=owners.get(other.owner_id or "", "") if open_owner else "",
            region=public(other.region),
            confidential=other.confidentiality is Confidentiality.CONFIDENTIAL,
            as_of=other.as_of,
            sample=other.sample,
        )

    def _pair(self, other: Need | Offer) -> tuple[Need, Offer]:
        if isinstance(self._own, Need) and isinstance(other, Offer):
            return self._own, other
        assert isinstance(self._own, Offer) and isinstance(other, Need)  # the other direction
        return other, self._own

    def _sides(self, other: Need | Offer) -> Sides:
        text = topic_text(other)
        if isinstance(other, Offer):
            return Sides(self._own.title, self._own_text, other.title, text)
        return Sides(other.title, text, self._own.title, self._own_text)


def level_of(words: float, likeness: float, *, title_only: bool = False) -> int:
    """The level 1–4 of so many telling words shared (:class:`SharedWord`) and so much likeness (0–1).

    >>> level_of(words=2.0, likeness=0.5), level_of(words=1.0, likeness=0.2), level_of(0.0, 1.0)
    (4, 2, 2)
    """
    evidence = (words + LIKENESS_WEIGHT * likeness) / (TITLE_ONLY_SHARE if title_only else 1.0)
    level = 1 + sum(evidence >= threshold for threshold in LEVEL_THRESHOLDS)
    return level if words >= _LEAST_WORDS else min(level, PROPOSE_AT - 1)
