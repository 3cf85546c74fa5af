"""How much of a question its evidence speaks of.

BM25 scores do not carry over from a corpus of ten documents to one of six hundred; the share of the
question's characters that the evidence covers does. A character is covered when a bigram it stands in
(or, alone in its run, the character itself) stands in the evidence, or when the evidence has another
word of the thesaurus for the word it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.catalogue.thesaurus import Thesaurus
from bot.lexicon import words
from bot.search.background import is_listed
from bot.search.idf import bm25_idf
from bot.text.figures import FigureKind, parse_figures
from bot.text.tokens import fold, search_terms

_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]+|[0-9]+(?:\.[0-9]+)?|[a-z]+[a-z0-9+#-]*")
#: Single characters that are mostly grammar, but may be part of a word (去年, 来沪): they weigh little.
_FAINT = frozenset("".join(words("faint_characters")))
FAINT_SHARE = 0.15
#: What a character counts that the evidence has only inside other words.
PARTLY = 0.3
MINIMUM_WEIGHT = 0.5
#: What a missing character counts whose pairs general text hardly ever uses: that official text lacks lay wording
#: says less than that it lacks a usual word.
LAY_SHARE = 0.75
#: A single leftover character says less than a word.
SINGLE_WEIGHT = 0.5
#: Words of the latest questions. Everybody who asks brings new ones: a bound far away is a slow leak.
_LATEST_WORDS = 2_048


@dataclass(frozen=True, slots=True)
class Coverage:
    """``share`` in 0..1 of the question's weight that is covered; ``missing`` are uncovered runs."""

    share: float
    missing: tuple[str, ...]
    weight: float


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
    text: str
    weight: float
    missing_weight: float
    terms: tuple[str, ...]
    alternatives: tuple[str, ...]


class QuestionTerms:
    """A question's subject split into weighted units, asked against many pieces of evidence."""

    def __init__(self, subject: str, weights: TermWeights, thesaurus: Thesaurus) -> None:
        self.subject = subject
        units = _units(fold(_without_figures(subject)), weights, thesaurus)
        # Units alike are found or missed together: a text is asked for each once, however often it is repeated.
        numbers = {unit: number for number, unit in enumerate(dict.fromkeys(units))}
        self._units = tuple((numbers[unit], unit) for unit in units)
        self._by_term = _holders((number, unit.terms) for unit, number in numbers.items())
        self._by_word = _holders((number, unit.alternatives) for unit, number in numbers.items())
        self.total = sum(unit.weight for unit in units)
        self.bigram_weights = {
            term: weights.idf(term) * (1.0 if len(term) > 1 else 0.4) for term in set(search_terms(subject))
        }

    @property
    def empty(self) -> bool:
        """Whether nothing worth covering is left: no word, only the grammar around it."""
        return self.total < MINIMUM_WEIGHT

    def cover(self, terms: frozenset[str] | set[str], text: str, *, lay: bool = False) -> Coverage:
        """What evidence with these search ``terms`` and this folded ``text`` covers.

        With ``lay`` a character that the evidence has only inside other words counts a little.
        """
        held = {number for term in self._by_term.keys() & terms for number in self._by_term[term]}
        held.update(number for word, numbers in self._by_word.items() if word in text for number in numbers)
        covered = uncovered = 0.0
        missing: list[list[str]] = []
        previous_missing = False
        for number, unit in self._units:
            if number in held:
                covered += unit.weight
                previous_missing = False
                continue
            # 房租 where the evidence has 免租: one character of the word is there, in another word.
            partly = PARTLY if lay and unit.text in terms and unit.weight > MINIMUM_WEIGHT else 0.0
            covered += partly * unit.missing_weight
            uncovered += (1 - partly) * unit.missing_weight
            if not previous_missing:
                missing.append([])
            missing[-1].append(unit.text)
            previous_missing = True
        whole = covered + uncovered
        return Coverage(covered / whole if whole else 0.0, tuple(map("".join, missing)), self.total)


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
            units.append(_Unit(run, weight, weight, (run,), ()))
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
            units.append(_Unit(character, weight, missing, bigrams or (character,), alternatives[position]))
    return units
