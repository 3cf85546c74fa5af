"""The suggestions of one index version, ranked by characters and by meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from bot.encoder import Floats
from bot.search.idf import bm25_idf
from bot.suggestions.records import Place, Suggestion, SuggestionList
from bot.text.tokens import fold, search_terms

#: What a cosine counts for beside the share (0–1) of typed characters that a suggestion holds.
MEANING = 0.5
#: Below either of these a suggestion has to do with what was typed by chance.
NEAR_CHARACTERS, NEAR_COSINE = 0.5, 0.5
#: What starting as a suggestion does is worth, in shares.
BEGINNING = 0.2
#: So many of a list may ask about one thing.
ALIKE = 3


class SuggestionShelf:
    """Finds suggestions. Vectors handed in are a text's, ``(dimension,)``, or ``None`` without an encoder."""

    def __init__(self, kept: SuggestionList) -> None:
        self.suggestions = kept.suggestions
        self._vectors = kept.vectors
        self._terms = [frozenset(search_terms(f"{each.question} {each.topic}")) for each in self.suggestions]
        counts = Counter(term for terms in self._terms for term in terms)
        self._idf = {term: bm25_idf(len(self._terms), count) for term, count in counts.items()}
        self._rarest = bm25_idf(len(self._terms), 0)

    @cached_property
    def questions(self) -> frozenset[str]:
        """All questions on the shelf."""
        return frozenset(each.question for each in self.suggestions)

    def near(self, typed: str, vector: Floats | None, limit: int, alike: int = ALIKE) -> tuple[Suggestion, ...]:
        """The suggestions that fit what was typed so far, best first; at most ``alike`` of one group."""
        ranked = self._ranked(typed, vector)
        return tuple(_spread((self.suggestions[place] for place in ranked), limit, alike))

    def choices(self, word: str, vector: Floats | None, limit: int) -> tuple[Suggestion, ...]:
        """One suggestion for each thing that a bare word may stand for, best first."""
        holding = [
            place for place in self._ranked(word, vector) if fold(word) in fold(self.suggestions[place].question)
        ]
        near = holding if len(holding) > 1 else self._ranked(word, vector)
        topics: dict[str, Suggestion] = {}
        for place in near:
            topics.setdefault(self.suggestions[place].topic, self.suggestions[place])
        return tuple(_spread(topics.values(), limit, 1))

    def related(self, cited: Sequence[Place], limit: int) -> tuple[Suggestion, ...]:
        """What else is stated of what ``cited`` passages answer, then what stands beside them; nothing just told."""
        groups = dict.fromkeys(each.group for each in self.suggestions if _told(each, cited))
        fresh = [each for each in self.suggestions if not _told(each, cited)]
        same = [each for each in fresh if each.group in groups]
        documents = {place.document_id for place in cited}
        beside = [
            each
            for each in fresh
            if each.group not in groups and any(place.document_id in documents for place in each.places)
        ]
        beside.sort(key=lambda each: _distance(each, cited))
        return tuple(_spread((*same, *beside), limit, limit))

    def _ranked(self, typed: str, vector: Floats | None) -> list[int]:
        """Places of the suggestions near to a text, best first."""
        terms = set(search_terms(typed))
        if not terms or not self.suggestions:
            return []
        whole = sum(self._weight(term) for term in terms)
        held = np.array([sum(self._weight(term) for term in terms & own) for own in self._terms]) / whole
        start = fold(typed).strip()
        held += [BEGINNING * fold(each.question).startswith(start) for each in self.suggestions]
        cosines: Floats = np.zeros(len(held), dtype=np.float32)
        if vector is not None and self._vectors is not None and vector.shape == self._vectors.shape[1:]:
            cosines = self._vectors @ vector
        scores = held + MEANING * cosines
        near = (held >= NEAR_CHARACTERS) | (cosines >= NEAR_COSINE)
        return [int(place) for place in np.argsort(-scores, kind="stable") if near[place]]

    def _weight(self, term: str) -> float:
        return self._idf.get(term, self._rarest)


def _spread(found: Iterable[Suggestion], limit: int, alike: int) -> Iterator[Suggestion]:
    """The first of ``found``, each question once, no more than ``alike`` of one group."""
    groups: Counter[str] = Counter()
    seen: set[str] = set()
    for each in found:
        if len(seen) >= limit:
            return
        if each.question not in seen and groups[each.group] < alike:
            groups[each.group] += 1
            seen.add(each.question)
            yield each


def _told(suggestion: Suggestion, cited: Sequence[Place]) -> bool:
    return any(place.touches(each.document_id, each.start, each.end) for place in suggestion.places for each in cited)


def _distance(suggestion: Suggestion, cited: Sequence[Place]) -> int:
    """Characters between a suggestion's answer and what was cited of the same document."""
    return min(
        abs(place.start - each.start)
        for place in suggestion.places
        for each in cited
        if place.document_id == each.document_id
    )
