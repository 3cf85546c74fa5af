"""The suggestions of one index version, ranked by characters and by meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from bot.encoder import Floats
from bot.search.idf import bm25_idf
from bot.suggestions.records import EXAMPLE_GROUP, Place, Suggestion, SuggestionList
from bot.text.tokens import fold, search_terms
from bot.types import Intent

#: What a cosine counts for beside the share (0–1) of typed characters that a suggestion holds.
MEANING = 0.5
#: Below either of these a suggestion has to do with what was typed by chance.
NEAR_CHARACTERS, NEAR_COSINE = 0.5, 0.5
#: Below this a question has nothing to do with another one that the same document answers.
BESIDE_COSINE = 0.4
#: What starting as a suggestion does is worth, in shares.
BEGINNING = 0.2
#: What the characters of other words for a topic count for beside those of a question.
OTHER_WORDS = 0.7
#: What a question about a document itself loses: people seldom ask who issued it.
ABOUT_ITSELF = 0.3
#: So many of a list may ask about one thing.
ALIKE = 3


class SuggestionShelf:
    """Finds suggestions. Vectors handed in are a text's, ``(dimension,)``, or ``None`` without an encoder."""

    def __init__(self, kept: SuggestionList) -> None:
        self.suggestions = kept.suggestions
        self._vectors = kept.vectors
        self._terms = [frozenset(search_terms(f"{each.question} {each.topic}")) for each in self.suggestions]
        self._others = [frozenset(search_terms(" ".join(each.words))) for each in self.suggestions]
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
        """One suggestion for each thing that a bare word may stand for; those that have the word go first."""
        ranked = self._ranked(word, vector)
        having = [place for place in ranked if self.has(word, self.suggestions[place])]
        topics = self._first_of_topics(having)
        return (topics if len(topics) > 1 else self._first_of_topics([*having, *ranked]))[:limit]

    def _first_of_topics(self, places: Iterable[int]) -> tuple[Suggestion, ...]:
        topics: dict[str, Suggestion] = {}
        for place in places:
            topics.setdefault(self.suggestions[place].topic, self.suggestions[place])
        return tuple(topics.values())

    def has(self, word: str, suggestion: Suggestion) -> bool:
        """Whether a word stands in a suggestion, or is one of the other words for its topic."""
        return any(fold(word) in fold(each) for each in (suggestion.question, *suggestion.words))

    def of_topic(self, question: str) -> tuple[Suggestion, ...]:
        """The suggestions on what a question names, in the order in which they were made."""
        text = fold(question)
        return tuple(each for each in self.suggestions if not _is_example(each) and fold(each.topic) in text)

    def related(self, cited: Sequence[Place], vector: Floats | None, limit: int) -> tuple[Suggestion, ...]:
        """What else is stated of what ``cited`` passages answer, then what else their documents say; nothing just told.

        Of the latter what is nearest to a question with that vector goes first.
        """
        told = (each for each in self.suggestions if not _is_example(each) and _told(each, cited))
        groups = dict.fromkeys(each.group for each in told)
        fresh = [each for each in self.suggestions if not _told(each, cited)]
        same = _with_partners([each for each in fresh if each.group in groups])
        documents = {place.document_id for place in cited}
        cosines = self._cosines(vector)
        beside = [
            (_is_about_itself(each), -cosines[place], place)
            for place, each in enumerate(self.suggestions)
            if each in fresh and each.group not in groups and documents & {other.document_id for other in each.places}
            if vector is None or cosines[place] >= BESIDE_COSINE
        ]
        return tuple(_spread((*same, *(self.suggestions[place] for *_, place in sorted(beside))), limit, limit))

    def _ranked(self, typed: str, vector: Floats | None) -> list[int]:
        """Places of the suggestions near to a text, best first."""
        terms = set(search_terms(typed))
        if not terms or not self.suggestions:
            return []
        whole = sum(self._weight(term) for term in terms)
        own = np.array([sum(self._weight(term) for term in terms & each) for each in self._terms]) / whole
        other = np.array([sum(self._weight(term) for term in terms & each) for each in self._others]) / whole
        held = np.maximum(own, OTHER_WORDS * other)
        start = fold(typed).strip()
        held += [BEGINNING * fold(each.question).startswith(start) for each in self.suggestions]
        cosines = self._cosines(vector)
        scores = held + MEANING * cosines - [ABOUT_ITSELF * _is_about_itself(each) for each in self.suggestions]
        near = (np.maximum(own, other) >= NEAR_CHARACTERS) | (cosines >= NEAR_COSINE)
        return [int(place) for place in np.argsort(-scores, kind="stable") if near[place]]

    def _cosines(self, vector: Floats | None) -> Floats:
        if vector is None or self._vectors is None or vector.shape != self._vectors.shape[1:]:
            return np.zeros(len(self.suggestions), dtype=np.float32)
        return self._vectors @ vector

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


def _with_partners(same: Sequence[Suggestion]) -> list[Suggestion]:
    """Questions on one thing, the one for partners no later than third: it leads on."""
    partners = [each for each in same if each.intent is Intent.PARTNER][:1]
    others = [each for each in same if each not in partners]
    return [*others[:2], *partners, *others[2:]]


def _is_example(suggestion: Suggestion) -> bool:
    """Whether it is one of the staff's examples, which share a heading and nothing else."""
    return suggestion.group.startswith(EXAMPLE_GROUP)


def _is_about_itself(suggestion: Suggestion) -> bool:
    return suggestion.question.startswith("《")


def _told(suggestion: Suggestion, cited: Sequence[Place]) -> bool:
    return any(place.touches(each.document_id, each.start, each.end) for place in suggestion.places for each in cited)
