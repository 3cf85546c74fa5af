"""A condition against a firm: met, not met, or not to be told. 不满足 only where the firm says the opposite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot import lexicon
from bot.catalogue.eligibility.clauses import Clause, Stance
from bot.catalogue.eligibility.firm import Firm, Profile, understand
from bot.catalogue.eligibility.intervals import Interval, stated_bounds
from bot.catalogue.eligibility.outcomes import Decision, Outcome, Reason
from bot.catalogue.eligibility.places import Places, region_only_office
from bot.catalogue.eligibility.terms import Family, Term, Vocabulary, holds, tidy
from bot.catalogue.models import Catalogue, Condition, Dimension
from bot.catalogue.thesaurus import Thesaurus
from bot.text.figures import FigureKind

_PREFERRED = ("优先", "重点支持")
_REGISTERED_SEAT = ("注册", "登记")
_MET, _NOT_MET = Decision(Outcome.MET), Decision(Outcome.NOT_MET)
_CONTRADICTS = Decision(Outcome.CANNOT_TELL, Reason.CONTRADICTS)
_BY_OFFICE = Decision(Outcome.CANNOT_TELL, Reason.BY_OFFICE)


@dataclass(frozen=True)
class Judge:
    """Decides conditions of one catalogue. Safe to share between threads."""

    catalogue: Catalogue
    vocabulary: Vocabulary
    places: Places
    thesaurus: Thesaurus

    @classmethod
    def of(cls, catalogue: Catalogue) -> Judge:
        """A judge with the names and places of ``catalogue``."""
        return cls(catalogue, Vocabulary.of(catalogue), Places(catalogue.scope), Thesaurus(catalogue.thesaurus))

    def understand(self, profile: Profile, today: date) -> Firm:
        """What was typed, as understood."""
        return understand(profile, self.vocabulary, self.places, today)

    def decide(self, condition: Condition, firm: Firm) -> Decision:
        """How ``condition`` stands for ``firm``."""
        decision = self._decided(condition, firm)
        if decision.outcome is Outcome.NOT_MET and names_examples_only(condition):
            decision = Decision(Outcome.CANNOT_TELL, Reason.EXAMPLES_ONLY)
        if decision.outcome is not Outcome.CANNOT_TELL or decision.why:
            return decision
        if condition.dimension is Dimension.OTHER:
            return _BY_OFFICE
        told = firm.was_asked(condition.dimension)
        return Decision(Outcome.CANNOT_TELL, Reason.NOT_CERTAIN) if told else Decision(Outcome.NOT_TOLD)

    def _decided(self, condition: Condition, firm: Firm) -> Decision:
        if condition.measure:
            return self._measured(condition, firm)
        if condition.dimension is Dimension.REGION:
            return self._region(condition, firm)
        if condition.dimension is Dimension.SIZE:
            sized = self._size(condition, firm)
            return sized if sized.outcome is not Outcome.CANNOT_TELL or sized.why else self._named(condition, firm)
        if condition.dimension is Dimension.INDUSTRY:
            return self._industry(condition, firm)
        return self._named(condition, firm)

    # --- names --------------------------------------------------------------------------------

    def _asked(self, condition: Condition) -> tuple[Term, ...]:
        return tuple(self.vocabulary.term(word) for word in condition.accepts)

    def _named(self, condition: Condition, firm: Firm) -> Decision:
        asked = self._asked(condition)
        told = [firm.terms[term.name] for term in asked if term.name in firm.terms]
        if any(each.contradicts for each in told):
            return _CONTRADICTS
        met = any(holds(held, term) for held in firm.held for term in asked)
        excluded = any(term.name in held.excludes for held in firm.held for term in asked)
        denied = bool(asked) and all(self._is_denied(term, firm) for term in asked)
        if met and (excluded or denied):
            return _CONTRADICTS
        if met:
            return _MET
        if denied or (excluded and len(asked) == 1):
            return _NOT_MET
        return Decision(Outcome.CANNOT_TELL)

    def _is_denied(self, term: Term, firm: Firm) -> bool:
        told = firm.terms.get(term.name)
        if told is not None and told.stance is Stance.DENIED:
            return True
        return firm.no_qualification and term.family is Family.QUALIFICATION

    def _size(self, condition: Condition, firm: Firm) -> Decision:
        wanted = frozenset(size for term in self._asked(condition) for size in term.sizes)
        if not wanted:
            return Decision(Outcome.CANNOT_TELL)
        if not firm.sizes:
            return _CONTRADICTS
        if firm.sizes <= wanted:
            return _MET
        return Decision(Outcome.CANNOT_TELL) if firm.sizes & wanted else _NOT_MET

    def _industry(self, condition: Condition, firm: Firm) -> Decision:
        """By the words accepted and their synonyms on file: 芯片 for 集成电路."""
        words = {tidy(word) for word in condition.accepts}
        words |= {tidy(other) for word in condition.accepts for other in self._synonyms(word)}
        stances = {stance for reading in firm.readings for stance in _industry_stances(reading.clause, words)}
        if {Stance.HELD, Stance.DENIED} <= stances:
            return _CONTRADICTS
        if Stance.HELD in stances:
            return _MET
        return _NOT_MET if Stance.DENIED in stances else Decision(Outcome.CANNOT_TELL)

    def _synonyms(self, word: str) -> tuple[str, ...]:
        return tuple(
            other for each in self.thesaurus.occurrences(word) if each.word == word for other in each.alternatives
        )

    # --- places -------------------------------------------------------------------------------

    def _region(self, condition: Condition, firm: Firm) -> Decision:
        asked = {self.places.canonical(word) for word in condition.accepts}
        region = self.places.scope.region
        inside = [place for place in firm.places if not place.outside]
        if any(word in condition.quote for word in _REGISTERED_SEAT):
            if any(region_only_office(place) for place in inside):
                return Decision(Outcome.CANNOT_TELL, Reason.ONLY_OFFICE)
        sure = [place for place in inside if place.stance is Stance.HELD]
        elsewhere = [place for place in firm.places if place.outside and place.stance is Stance.HELD]
        fits = [place for place in sure if region in asked or place.name in asked]
        denied = [
            place for place in inside if place.stance is Stance.DENIED and (place.name in asked or place.name == region)
        ]
        unsaid = {place.name for place in inside if place.stance is Stance.DENIED} & {place.name for place in sure}
        if sure and (elsewhere or unsaid or any(place.name == region for place in denied)):
            return _CONTRADICTS
        if fits:
            return _MET
        if any(place.name in asked for place in denied):
            return _NOT_MET
        if sure or any(place.stance is Stance.UNSURE for place in firm.places):
            return Decision(Outcome.CANNOT_TELL, Reason.NOT_CERTAIN)
        return _NOT_MET if asked and (elsewhere or denied) else Decision(Outcome.CANNOT_TELL)

    # --- figures ------------------------------------------------------------------------------

    def _measured(self, condition: Condition, firm: Firm) -> Decision:
        measure = self.vocabulary.term(condition.measure)
        bound = stated_bound(condition, measure)
        if bound is None:
            return _BY_OFFICE
        if measure.name not in firm.values:
            return Decision(Outcome.CANNOT_TELL)
        told = firm.values[measure.name]
        if told is None:
            return _CONTRADICTS
        if told.within(bound):
            return _MET
        return _NOT_MET if told.apart_from(bound) else Decision(Outcome.CANNOT_TELL, Reason.AT_THE_BOUND)


def stated_bound(condition: Condition, measure: Term) -> Interval | None:
    """The range a condition's own words set for its measure; None where they set none, or several."""
    kind = measure.figure or FigureKind.COUNT
    bounds = stated_bounds(tidy(condition.quote), kind)
    return bounds[0] if len(bounds) == 1 else None


def names_examples_only(condition: Condition) -> bool:
    """Whether the quote names examples or preferences, so that missing them turns nobody away."""
    if condition.open is not None:
        return condition.open
    if condition.measure or condition.dimension is Dimension.REGION:
        # 等 and 尤其 go with the names listed beside, not with a place or a figure.
        return any(word in condition.quote for word in _PREFERRED)
    return bool(lexicon.recogniser("open_list_words").search(condition.quote))


def _industry_stances(clause: Clause, words: set[str]) -> list[Stance]:
    if clause.field not in ("industry", "about"):
        return []
    found = []
    for word in words:
        start = clause.text.find(word)
        if start < 0:
            continue
        before, after = clause.rest(end=start), clause.rest(start=start + len(word))
        if not after and (not before or before in {"不", "没", "非"}):
            found.append(Stance.DENIED if before else Stance.HELD)
    return found
