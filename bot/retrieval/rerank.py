"""Closer looks at a few candidates: words by field, and the best sentence of each.

Both need the candidate's text and would be too slow for a whole index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.index.embedder import Embedder
from bot.index.fields import chunk_fields
from bot.index.search_index import SearchIndex
from bot.text.sentences import split_sentences
from bot.types import Chunk

#: BM25F after Robertson, Zaragoza and Taylor (2004), with the usual constants in both fields.
SATURATION = 1.2
LENGTH_SHARE = 0.75
#: Chunks whose terms and sentence vectors stay in memory (about 8 kB each).
_REMEMBERED = 4_096


class FieldScorer:
    """BM25F: a term of the heading counts like one of the body, each field against its own usual length."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._idf = lru_cache(maxsize=65_536)(self._inverse_frequency)
        self._fields = lru_cache(maxsize=_REMEMBERED)(self._count)

    def score(self, terms: Mapping[str, float], chunk: Chunk) -> float:
        """The sum over ``terms`` of weight × idf × saturated frequency; 0 or more."""
        frequencies = self._fields(chunk)
        total = 0.0
        for term, weight in terms.items():
            frequency = frequencies.get(term)
            if frequency:
                total += weight * self._idf(term) * frequency * (SATURATION + 1) / (frequency + SATURATION)
        return total

    def _count(self, chunk: Chunk) -> Mapping[str, float]:
        fields = chunk_fields(self._index.metadata(chunk.document_id).title, chunk)
        means = self._index.mean_lengths
        frequencies: dict[str, float] = {}
        for terms, mean in ((fields.heading, means.heading), (fields.body, means.body)):
            length = 1 - LENGTH_SHARE + LENGTH_SHARE * len(terms) / (mean or 1)
            for term, count in Counter(terms).items():
                frequencies[term] = frequencies.get(term, 0.0) + count / length
        return frequencies

    def _inverse_frequency(self, term: str) -> float:
        found = self._index.document_frequency(term)
        return float(np.log1p((self._index.chunk_count - found + 0.5) / (found + 0.5)))


class SentenceScorer:
    """The cosine of the sentence that is nearest to the query. For embedders that cost microseconds a text."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._remembered: dict[str, NDArray[np.float32]] = {}

    def scores(self, vector: NDArray[np.float32], chunks: Sequence[Chunk]) -> list[float]:
        """The best cosine (−1…1) of each chunk's sentences; ``vector`` is ``(dimension,)``."""
        self._remember(chunks)
        return [float((self._remembered[chunk.id] @ vector).max()) for chunk in chunks]

    def _remember(self, chunks: Sequence[Chunk]) -> None:
        if len(self._remembered) > _REMEMBERED:
            self._remembered = {}
        new = [chunk for chunk in chunks if chunk.id not in self._remembered]
        sentences = [_sentences(chunk) for chunk in new]
        vectors = self._embedder.embed([sentence for each in sentences for sentence in each])
        start = 0
        for chunk, each in zip(new, sentences, strict=True):
            self._remembered[chunk.id] = vectors[start : start + len(each)]
            start += len(each)


def _sentences(chunk: Chunk) -> list[str]:
    return [span.text for span in split_sentences(chunk.text, at_semicolons=True)] or [chunk.text]
