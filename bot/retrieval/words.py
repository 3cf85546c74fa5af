"""A closer look at the words of a few passages: BM25F by field, and how much of a question they hold.

Both need the passage's text and would be too slow for a whole index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache

from bot.index.fields import chunk_fields
from bot.index.search_index import SearchIndex
from bot.text.tokens import fold, held_terms
from bot.types import Chunk

#: BM25F after Robertson, Zaragoza and Taylor (2004), with the usual constants in both fields.
SATURATION = 1.2
LENGTH_SHARE = 0.75
#: Passages whose terms stay in memory (about 75 kB each).
_REMEMBERED = 1_024
#: Words of the latest questions and of the passages they found.
_LATEST_WORDS = 4_096
#: Sentences as they are searched: of a small corpus the same ones are looked at for every question.
_folded = lru_cache(maxsize=4_096)(fold)


class PassageWords:
    """The words of passages against those of a question. Safe to share between threads."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._idf = lru_cache(maxsize=_LATEST_WORDS)(index.idf)
        self._fields = lru_cache(maxsize=_REMEMBERED)(self._count)

    def score(self, terms: Mapping[str, float], chunk: Chunk) -> float:
        """The sum over ``terms`` of weight × idf × saturated frequency; 0 or more.

        A term of the heading counts like one of the body, each field against its own usual length.
        """
        frequencies = self._fields(chunk)
        total = 0.0
        for term, weight in terms.items():
            frequency = frequencies.get(term)
            if frequency:
                total += weight * self._idf(term) * frequency * (SATURATION + 1) / (frequency + SATURATION)
        return total

    def question(self, terms: Mapping[str, float]) -> dict[str, float]:
        """The pairs and words of a question with their shares of what it says; they sum up to 1.

        A rare word says more than a common one, and one that no passage holds says most. Single characters
        say nothing by themselves.
        """
        weights = {term: weight * self._idf(term) for term, weight in terms.items() if len(term) > 1}
        total = sum(weights.values())
        return {term: weight / total for term, weight in weights.items()} if total else {}

    def share(self, question: Mapping[str, float], chunk: Chunk) -> float:
        """How much of a question's words, 0–1, stand in a passage or its heading."""
        return share_of(question, self._fields(chunk))

    def _count(self, chunk: Chunk) -> Mapping[str, float]:
        fields = chunk_fields(self._index.metadata(chunk.document_id).title, chunk)
        means = self._index.mean_lengths
        frequencies: dict[str, float] = {}
        for terms, mean in ((fields.heading, means.heading), (fields.body, means.body)):
            length = 1 - LENGTH_SHARE + LENGTH_SHARE * len(terms) / (mean or 1)
            for term, count in Counter(terms).items():
                frequencies[term] = frequencies.get(term, 0.0) + count / length
        return frequencies


def share_of(question: Mapping[str, float], terms: Collection[str]) -> float:
    """How much of a question's words, 0–1, stand among ``terms``."""
    return min(1.0, sum(share for term, share in question.items() if term in terms))


def share_in(question: Mapping[str, float], text: str) -> float:
    """How much of a question's words, 0–1, stand in a sentence, as :func:`share_of` of its terms tells it."""
    return min(1.0, sum(question[term] for term in held_terms(question, _folded(text))))
