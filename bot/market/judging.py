"""How good a match is, which gates stand in its way, and why it is one.

A level tells how much two records speak of the same thing. Whether a technology works, whether money and
people fit, or whether a partner is willing, it cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.market.comparing import compare
from bot.market.evidence import SharedWord, Subject, topic_text
from bot.market.exclusions import wanted_text
from bot.market.figures_stated import claimed, demanded
from bot.market.framing import content_of
from bot.market.gates import check_gates
from bot.market.masking import public, without_marks
from bot.market.nearness import Nearness
from bot.market.reasons import SLIGHT, Sides, reasons_for
from bot.market.records import Confidentiality, Need, Offer
from bot.market.taxonomy import Taxonomy
from bot.types import PROPOSE_AT, Comparison, Gate, LevelBasis, Match, MatchParts, RecordKind, Standing

#: Beside telling words count: every further one, likeness in meaning, and by how many standard deviations a record
#: stands out from its shelf. Set on the looked-at halves of tests/cases/matching.yaml and both_sides_wishes.yaml: the
#: most fits proposed with something proposed for at most 5% of the wishes without one. Best sentence pair, likeness of
#: titles, and nearest word to word tell less than the likeness of the whole (area under the curve of the doubtful
#: pairs 0.88, 0.86 and 0.82; this sum 0.93); without the shared words the rest adds little and costs two encodings.
_FURTHER_WORD, LIKENESS_WEIGHT, STANDING_OUT_WEIGHT, _MOST_STANDING_OUT = 0.2, 2.5, 0.6, 0.8
#: Lowest evidence of levels 2, 3 and 4, from the same measurement; from 3.4 on every pair of these halves fits.
LEVEL_THRESHOLDS = (1.2, 2.5, 3.4)
#: A word counts as a further one from this weight on.
_TELLING = 0.2
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
    comparisons: tuple[Comparison, ...]
    basis: LevelBasis

    @property
    def score(self) -> float:
        return self.parts.lexical + self.parts.dense + self.parts.fields

    @property
    def proposed(self) -> bool:
        failed = any(gate.passed is False for gate in self.gates)
        return self.level >= PROPOSE_AT and self.record.standing is Standing.OPEN and not failed


class Judge:
    """Judges the records of ``target`` on a shelf for one wish; ``fellows`` are of the wish's own side.

    Of fellows only how alike they are is judged: nobody has to meet the conditions of who seeks the same.
    """

    def __init__(
        self,
        sought: Sought,
        target: RecordKind,
        rarity: Callable[[str], float],
        nearness: Nearness,
        taxonomy: Taxonomy,
        today: date,
        *,
        fellows: bool = False,
    ) -> None:
        self.target = target
        self._own, self._nearness, self._taxonomy, self._today = sought.record, nearness, taxonomy, today
        self._own_text = wanted_text(topic_text(sought.record))
        self._subject = Subject(content_of(sought.title), content_of(self._own_text), rarity)
        self._fellows = fellows
        self._own_figures = demanded(self._own) if isinstance(self._own, Need) else claimed(self._own)

    def judged(self, other: Need | Offer, parts: MatchParts, cosine: float) -> Judged:
        """``other`` with its level and what that rests on, the words it shares, its gates and its figures."""
        text = topic_text(other)
        shared = self._subject.shared_with(without_marks(wanted_text(other.title)), without_marks(wanted_text(text)))
        likeness, apart = self._nearness.likeness(cosine), self._nearness.standing_out(cosine)
        level = level_of(_weighed(shared), likeness, apart, title_only=text == other.title)
        gates = () if self._fellows else check_gates(*self._pair(other), self._today)
        compared = () if self._fellows or level == 1 else self._compared(other)
        unmet = sum(each.met is False for each in compared)
        telling = tuple(word.text for word in shared if word.weight >= SLIGHT)
        met = sum(each.met is True for each in compared)
        basis = LevelBasis(telling, round(likeness, 2), apart > 0, met, unmet)
        return Judged(other, parts, max(1, level - bool(unmet)), shared, gates, compared, basis)

    def _compared(self, other: Need | Offer) -> tuple[Comparison, ...]:
        # Told words that claim no figure leave every demand open, which needs no list.
        if not self._own_figures:
            return ()
        if isinstance(other, Offer):
            return compare(self._own_figures, claimed(other))
        return compare(demanded(other), self._own_figures)

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
            comparisons=tuple(map(_public_comparison, judged.comparisons)),
            basis=judged.basis,
            fellow=self._fellows,
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
        own, theirs = wanted_text(self._own.title), wanted_text(other.title)
        text = wanted_text(topic_text(other))
        if isinstance(other, Offer):
            return Sides(own, self._own_text, theirs, text)
        return Sides(theirs, text, own, self._own_text)


def _public_comparison(comparison: Comparison) -> Comparison:
    return replace(
        comparison,
        asked=public(comparison.asked),
        offered=public(comparison.offered),
        asked_quote=public(comparison.asked_quote),
        offered_quote=public(comparison.offered_quote),
    )


def _weighed(shared: Sequence[SharedWord]) -> float:
    """How much shared words tell together: several say more than their sum."""
    further = sum(word.weight > _TELLING for word in shared) - 1
    return sum(word.weight for word in shared) + _FURTHER_WORD * max(0, further)


def level_of(words: float, likeness: float, standing_out: float = 0.0, *, title_only: bool = False) -> int:
    """The level 1–4 of so many telling words shared (:class:`SharedWord`), so much likeness (0–1) and standing out.

    >>> level_of(words=2.0, likeness=0.5), level_of(words=1.0, likeness=0.2), level_of(0.0, 1.0)
    (4, 2, 2)
    """
    evidence = words + LIKENESS_WEIGHT * likeness + min(_MOST_STANDING_OUT, STANDING_OUT_WEIGHT * standing_out)
    evidence /= TITLE_ONLY_SHARE if title_only else 1.0
    level = 1 + sum(evidence >= threshold for threshold in LEVEL_THRESHOLDS)
    return level if words >= _LEAST_WORDS else min(level, PROPOSE_AT - 1)
