"""Question → evidence: two legs find passages, their weighted sum orders them, the best are looked at closely."""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.encoder import Embedder, Floats
from bot.errors import EmbeddingServiceError, SearchIndexError
from bot.index.layout import REMEDY
from bot.index.search_index import SearchIndex
from bot.index.sentences import PassageSentences
from bot.retrieval.foreign import QuestionVectors
from bot.retrieval.fusion import DEFAULT_WEIGHTS, FusionWeights
from bot.retrieval.words import PassageWords, share_in
from bot.search.lexical import RowScores
from bot.text.tokens import search_terms
from bot.types import Chunk, Evidence, Hit, ScoredSentence, ScoreParts

#: Candidates asked of each leg, at least.
CANDIDATES = 100
#: How many of the candidates are looked at closely.
RERANKED = 60
#: The best lexical passages whose words tell how far a question's words carry.
COVERING = 5
#: What a full cosine counts for beside the words of a sentence, as a share of what it counts beside a passage's.
#: Sentences differ more in their words than passages do.
SENTENCE_MEANING = 0.25
#: Questions whose evidence stays in memory: one question is found once, however often it is asked for.
_REMEMBERED = 32
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Query:
    """A question ready to be searched: terms with weights, their shares, its vector and what that counts for."""

    text: str
    terms: Mapping[str, float]
    shares: Mapping[str, float]
    vector: Floats | None
    coverage: float
    meaning: float


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Passages by ``rows``, best first, with ``cosines`` and the document summand, all of equal length."""

    rows: Sequence[int]
    cosines: Sequence[float]
    documents: Sequence[float]


class Retriever:
    """Searches one index. Safe to share between threads.

    ``embedder`` is the one the index was built with, or ``None``: words alone are then searched.
    """

    def __init__(
        self,
        index: SearchIndex,
        embedder: Embedder | None,
        weights: FusionWeights = DEFAULT_WEIGHTS,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._questions = None if embedder is None else QuestionVectors(embedder)
        self._weights = weights
        self._words = PassageWords(index)
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, Evidence] = OrderedDict()

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The best ``k`` passages, best first; nothing for an empty query."""
        return self.evidence(query, k).hits[:k] if k >= 1 else ()

    def evidence(self, question: str, k: int = RERANKED) -> Evidence:
        """Everything found for ``question``: at least the best ``k`` passages on file, with their sentences.

        Raises :class:`SearchIndexError` when the index was built with another embedding model, or is damaged.
        """
        if not question.strip():
            return Evidence(question)
        with self._lock:
            known = self._remembered.get(question)
        if known is None or len(known.hits) < min(k, self._index.chunk_count):
            known = self._find(question, max(k, RERANKED))
            with self._lock:
                self._remembered[question] = known
                if len(self._remembered) > _REMEMBERED:
                    self._remembered.popitem(last=False)
        return known

    def _find(self, question: str, k: int) -> Evidence:
        wanted = max(CANDIDATES, k)
        # A term that is said twice weighs twice.
        terms = {term: float(count) for term, count in Counter(search_terms(question)).items()}
        lexical = self._index.lexical(terms, wanted)
        query = self._query(question, terms, lexical)
        candidates = self._candidates(query, lexical, wanted)
        hits = self._look_closely(query, candidates, k)
        return Evidence(question, hits, terms, query.coverage, query.meaning, query.vector is not None)

    def _query(self, question: str, terms: Mapping[str, float], lexical: RowScores) -> _Query:
        shares = self._words.question(terms)
        best = self._index.chunks_at([int(row) for row in lexical.rows[:COVERING]])
        coverage = max((self._words.share(shares, chunk) for chunk in best.values()), default=0.0)
        vector = self._vector(question)
        meaning = 0.0 if vector is None else self._weights.meaning(coverage)
        return _Query(question, terms, shares, vector, coverage, meaning)

    def _candidates(self, query: _Query, lexical: RowScores, wanted: int) -> _Candidates:
        """Everything either leg found, by the weighted sum of the scores of the whole index."""
        by_row = _scaled(lexical)
        documents = _scaled(self._index.lexical_documents(query.terms, wanted))
        rows = dict.fromkeys(by_row)
        if query.vector is not None:
            rows |= dict.fromkeys(int(row) for row in self._index.dense(query.vector, wanted).rows)
        order = np.array(sorted(rows), dtype=np.intp)
        cosines = np.zeros(len(order)) if query.vector is None else self._index.cosines(query.vector, order)
        owners = self._index.owners[order]
        weights = self._weights
        whole = np.array([weights.document * documents.get(int(owner), 0.0) for owner in owners])
        words = np.array([weights.lexical * by_row.get(int(row), 0.0) for row in order])
        best = np.argsort(-(words + whole + query.meaning * cosines), kind="stable")
        return _Candidates(order[best].tolist(), cosines[best].tolist(), whole[best].tolist())

    def _look_closely(self, query: _Query, candidates: _Candidates, k: int) -> tuple[Hit, ...]:
        """The best candidates in the order of the closer scores."""
        rows = candidates.rows[: max(k, RERANKED)]
        chunks = self._index.chunks_at(rows)
        sentences = self._index.sentences(rows, query.vector)
        words = [self._words.score(query.terms, chunks[row]) for row in rows]
        highest = max(words, default=0.0) or 1.0
        hits = [
            self._hit(query, chunks[row], word / highest, candidates.documents[place], candidates.cosines[place], near)
            for place, (row, word, near) in enumerate(zip(rows, words, sentences, strict=True))
        ]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.chunk.document_id, hit.chunk.ordinal)))

    def _hit(
        self, query: _Query, chunk: Chunk, words: float, document: float, cosine: float, near: PassageSentences
    ) -> Hit:
        nearest = float(near.cosines.max()) if len(near.cosines) else cosine
        share = self._weights.sentence_share
        parts = ScoreParts(
            lexical=self._weights.lexical * words,
            document=document,
            dense=query.meaning * (1 - share) * cosine,
            sentence=query.meaning * share * nearest,
        )
        return Hit(
            chunk,
            self._index.metadata(chunk.document_id),
            parts.total,
            parts,
            cosine,
            self._words.share(query.shares, chunk),
            _scored_sentences(query, chunk, near),
        )

    def vector(self, text: str) -> Floats | None:
        """The vector of a question or a part of one, ``(dimension,)``; ``None`` without an encoder."""
        return self._vector(text) if text.strip() else None

    def _vector(self, question: str) -> Floats | None:
        if self._embedder is None or self._questions is None or not self._weights.meaning_most:
            return None
        if self._embedder.fingerprint != self._index.fingerprint:
            raise SearchIndexError(
                "索引是用另一个向量模型建的",
                value=self._index.fingerprint,
                tried=f"现在的模型是 {self._embedder.fingerprint}",
                remedy=REMEDY,
            )
        try:
            vector = self._questions.embed(question)
        except EmbeddingServiceError as error:
            _LOG.warning("words alone are searched: %s", error)
            return None
        if vector.shape != (self._index.dimension,):
            _LOG.warning("words alone are searched: %d dimensions, index has %d", *vector.shape, self._index.dimension)
            return None
        return vector


def _scored_sentences(query: _Query, chunk: Chunk, near: PassageSentences) -> tuple[ScoredSentence, ...]:
    found: list[ScoredSentence] = []
    for (start, end), cosine in zip(near.spans.tolist(), near.cosines.tolist(), strict=True):
        text = chunk.text[start:end]
        lexical = share_in(query.shares, text)
        score = lexical + SENTENCE_MEANING * query.meaning * cosine
        found.append(
            ScoredSentence(chunk.document_id, chunk.start + start, chunk.start + end, text, lexical, cosine, score)
        )
    return tuple(found)


def _scaled(found: RowScores) -> dict[int, float]:
    """Scores divided by their maximum, by row."""
    if not len(found.scores) or found.scores[0] <= 0:
        return {}
    highest = float(found.scores[0])
    return {int(row): float(score) / highest for row, score in zip(found.rows, found.scores, strict=True)}
