"""How much of a question its evidence speaks of.

BM25 scores do not carry over from a corpus of ten documents to one of six hundred; the share of the
question's characters that the evidence covers does. A character is covered when a bigram it stands in
(or, alone in its run, the character itself) stands in the evidence, or when the evidence has another
word of the thesaurus for the word it belongs to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.catalogue.thesaurus import Thesaurus
from bot.lexicon import words
from bot.search.background import is_listed
from bot.search.idf import bm25_idf
from bot.text.figures import FigureKind, parse_figures
from bot.text.tokens import fold, held_terms

_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]+|[0-9]+(?:\.[0-9]+)?|[a-z]+[a-z0-9+#-]*")
#: Single characters that are mostly grammar, but may be part of a word (去年, 来沪): they weigh little.
_FAINT = frozenset("".join(words("faint_characters")))
FAINT_SHARE = 0.15
MINIMUM_WEIGHT = 0.5
#: What a missing character counts whose pairs general text hardly ever uses: that official text lacks lay wording
#: says less than that it lacks a usual word.
LAY_SHARE = 0.75
#: A single leftover character says less than a word.
SINGLE_WEIGHT = 0.5
#: Words of the latest questions. Everybody who asks brings new ones: a bound far away is a slow leak.
_LATEST_WORDS = 2_048


@cache
def _light_words() -> re.Pattern[str]:
    """Words of ordinary Chinese that carry no subject, longest first; a question is not about them."""
    # A single character may be part of a word (去年, 来沪); those are told apart by _FAINT.
    return re.compile("|".join(re.escape(word) for word in words("light_words") if len(word) > 1))


class TermWeights:
    """Inverse document frequencies over the chunks of an index (Robertson's non-negative form)."""

    def __init__(self, document_frequency: Callable[[str], int], chunk_count: int) -> None:
        self._frequency = lru_cache(maxsize=_LATEST_WORDS)(document_frequency)
        self._count = chunk_count

    def idf(self, term: str) -> float:
        """``ln(1 + (N - n + 0.5) / (n + 0.5))``; an unknown term weighs most."""
        found = min(self._frequency(term), self._count)
        return bm25_idf(self._count, found)

    def known(self, term: str) -> bool:
        """Whether any chunk has ``term``."""
        return self._frequency(term) > 0


@dataclass(frozen=True, slots=True)
class _Unit:
    weight: float
    missing_weight: float
    terms: tuple[str, ...]
    alternatives: tuple[str, ...]


class QuestionTerms:
    """A question's subject split into weighted units, asked against many pieces of evidence."""

    def __init__(self, subject: str, weights: TermWeights, thesaurus: Thesaurus) -> None:
        self.subject = subject
        units = Counter(_units(fold(_without_figures(subject)), weights, thesaurus))
        # Units alike are found or missed together: a text is asked for each once, however often it is repeated.
        self._weights = [times * unit.weight for unit, times in units.items()]
        self._missing = [times * unit.missing_weight for unit, times in units.items()]
        self._by_term = _holders((number, unit.terms) for number, unit in enumerate(units))
        self._by_word = _holders((number, unit.alternatives) for number, unit in enumerate(units))
        self._all_missing = sum(self._missing)
        self.total = sum(self._weights)

    @property
    def empty(self) -> bool:
        """Whether nothing worth covering is left: no word, only the grammar around it."""
        return self.total < MINIMUM_WEIGHT

    def share(self, text: str) -> float:
        """How much of the question's weight evidence of this folded ``text`` covers, 0–1."""
        held = {number for term in held_terms(self._by_term, text) for number in self._by_term[term]}
        held.update(number for word, numbers in self._by_word.items() if word in text for number in numbers)
        covered = sum(self._weights[number] for number in held)
        uncovered = max(0.0, self._all_missing - sum(self._missing[number] for number in held))
        return covered / (covered + uncovered) if covered else 0.0


def _holders(told: Iterable[tuple[int, Iterable[str]]]) -> dict[str, set[int]]:
    """The numbers of the units that each string holds."""
    found: dict[str, set[int]] = {}
    for number, texts in told:
        for text in texts:
            found.setdefault(text, set()).add(number)
    return found


def _without_figures(subject: str) -> str:
    """Figures are checked by their own rules; a wrong one must lead to a correction, not a refusal."""
    for figure in reversed(parse_figures(subject)):
        if figure.kind is not FigureKind.DOCUMENT_NUMBER:
            subject = subject[: figure.start] + " " + subject[figure.end :]
    return subject


def _units(subject: str, weights: TermWeights, thesaurus: Thesaurus) -> list[_Unit]:
    light = [False] * len(subject)
    for match in _light_words().finditer(subject):
        light[match.start() : match.end()] = [True] * len(match.group())
    alternatives: list[tuple[str, ...]] = [()] * len(subject)
    for occurrence in thesaurus.occurrences(subject):
        for position in range(occurrence.start, occurrence.end):
            alternatives[position] = occurrence.alternatives
            light[position] = False
    units: list[_Unit] = []
    for match in _RUN.finditer(subject):
        run = match.group()
        if run[0] < "\u3400":
            weight = 2 * max(weights.idf(run), MINIMUM_WEIGHT)
            units.append(_Unit(weight, weight, (run,), ()))
            continue
        for offset, character in enumerate(run):
            position = match.start() + offset
            if light[position]:
                continue
            near = range(max(0, offset - 1), min(len(run) - 1, offset + 1))
            bigrams = tuple(
                run[index : index + 2]
                for index in near
                if not light[match.start() + index] and not light[match.start() + index + 1]
            )
            weight = max(weights.idf(character), MINIMUM_WEIGHT) * (1.0 if bigrams else SINGLE_WEIGHT)
            if character in _FAINT and not alternatives[position]:
                weight *= FAINT_SHARE
            official = any(is_listed(pair) for pair in bigrams or (character,))
            missing = weight * (1.0 if official else LAY_SHARE)
            units.append(_Unit(weight, missing, bigrams or (character,), alternatives[position]))
    return units
