"""Query → hits: two legs find candidates, their sum is weighted on data, the best are looked at closely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.catalogue.models import ThesaurusGroup
from bot.catalogue.thesaurus import Thesaurus
from bot.errors import SearchIndexError
from bot.index.embedder import Embedder, StaticEmbedder
from bot.index.layout import REMEDY
from bot.index.records import ScoredId
from bot.index.search_index import SearchIndex
from bot.retrieval.general import general_thesaurus
from bot.retrieval.query import query_terms
from bot.retrieval.rerank import FieldScorer, SentenceScorer
from bot.types import Chunk, Hit, ScoreParts

#: Candidates asked of each leg, at least.
CANDIDATES = 100
#: How many of the candidates are looked at closely.
RERANKED = 60


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """What each score counts for. Both BM25 scores are first divided by their maximum; cosines are not.

    ``lexical`` is BM25 of the chunk (BM25F where it is looked at closely), ``document`` BM25 of its whole
    document, ``dense`` the cosine of the chunk, ``sentence`` that of its best sentence.
    """

    lexical: float = 1.0
    document: float = 0.6
    dense: float = 0.3
    sentence: float = 0.3


#: Measured by ``python -m bot.benchmarks.retrieval DIR`` on both question collections; nDCG@10 moves by
#: less than 0.005 when any weight is halved.
DEFAULT_WEIGHTS = FusionWeights()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A chunk on its way to a hit."""

    chunk_id: str
    document_id: str
    parts: ScoreParts

    @property
    def score(self) -> float:
        return self.parts.lexical + self.parts.document + self.parts.dense


class Retriever:
    """Searches one index. Safe to share between threads."""

    def __init__(
        self,
        index: SearchIndex,
        embedder: Embedder,
        thesaurus: Sequence[ThesaurusGroup] = (),
        weights: FusionWeights = DEFAULT_WEIGHTS,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._groups = tuple(thesaurus)
        self._thesaurus: Thesaurus | None = None
        self._weights = weights
        self._fields = FieldScorer(index)
        self._sentences = SentenceScorer(embedder) if isinstance(embedder, StaticEmbedder) else None

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The best ``k`` chunks, best first; nothing for an empty query.

        Raises :class:`SearchIndexError` when the index was built with another embedding model.
        """
        if not query.strip() or k < 1:
            return ()
        if self._thesaurus is None:
            self._thesaurus = Thesaurus((*general_thesaurus(), *self._groups))
        terms = query_terms(query, self._thesaurus)
        vector = self._vector(query)
        candidates = self._candidates(terms, vector, max(CANDIDATES, k))
        hits = self._look_closely(terms, vector, candidates[:RERANKED])
        hits += self._rest(candidates[RERANKED:k], hits[-1].score if hits else 0.0)
        return tuple(hits[:k])

    def _candidates(
        self, terms: Mapping[str, float], vector: NDArray[np.float32] | None, wanted: int
    ) -> list[_Candidate]:
        """Everything either leg found, by the weighted sum of the scores of the whole index."""
        lexical = _scaled(self._index.lexical(terms, wanted))
        documents = _scaled(self._index.lexical_documents(terms, wanted))
        found = () if vector is None else self._index.dense(vector, wanted)
        dense = {item.id: max(0.0, item.score) for item in found}
        # A chunk outside the dense leg's list is no nearer than the last one on it.
        floor = min(dense.values(), default=0.0)
        both = dict.fromkeys((*lexical, *dense))
        owners = self._index.documents_of(both)
        candidates = [
            _Candidate(
                chunk_id,
                owners[chunk_id],
                ScoreParts(
                    lexical=self._weights.lexical * lexical.get(chunk_id, 0.0),
                    document=self._weights.document * documents.get(owners[chunk_id], 0.0),
                    dense=self._weights.dense * dense.get(chunk_id, floor),
                ),
            )
            for chunk_id in both
        ]
        return sorted(candidates, key=lambda item: (-item.score, item.document_id, item.chunk_id))

    def _look_closely(
        self, terms: Mapping[str, float], vector: NDArray[np.float32] | None, best: Sequence[_Candidate]
    ) -> list[Hit]:
        """``best`` in the order of the closer scores."""
        chunks = [self._index.chunk(candidate.chunk_id) for candidate in best]
        words = [self._fields.score(terms, chunk) for chunk in chunks]
        highest = max(words, default=0.0) or 1.0
        nearest = self._nearest(vector, chunks)
        hits = [
            self._hit(
                chunk,
                ScoreParts(
                    lexical=self._weights.lexical * word / highest,
                    document=candidate.parts.document,
                    dense=candidate.parts.dense + self._weights.sentence * max(0.0, near),
                ),
            )
            for candidate, chunk, word, near in zip(best, chunks, words, nearest, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.document_id, hit.chunk.ordinal))

    def _nearest(self, vector: NDArray[np.float32] | None, chunks: Sequence[Chunk]) -> list[float]:
        if vector is None or self._sentences is None or not self._weights.sentence or not chunks:
            return [0.0] * len(chunks)
        return self._sentences.scores(vector, chunks)

    def _rest(self, candidates: Sequence[_Candidate], ceiling: float) -> list[Hit]:
        """Candidates that were not looked at, in their order and never above ``ceiling``."""
        if not candidates:
            return []
        factor = min(1.0, ceiling / (candidates[0].score or 1.0))
        return [
            self._hit(
                self._index.chunk(candidate.chunk_id),
                ScoreParts(
                    lexical=candidate.parts.lexical * factor,
                    document=candidate.parts.document * factor,
                    dense=candidate.parts.dense * factor,
                ),
            )
            for candidate in candidates
        ]

    def _hit(self, chunk: Chunk, parts: ScoreParts) -> Hit:
        score = parts.lexical + parts.document + parts.dense
        return Hit(chunk, self._index.metadata(chunk.document_id), score, parts)

    def _vector(self, query: str) -> NDArray[np.float32] | None:
        if not (self._weights.dense or self._weights.sentence):
            return None
        if self._embedder.fingerprint != self._index.fingerprint:
            raise SearchIndexError(
                "索引是用另一个向量模型建的",
                value=self._index.fingerprint,
                tried=f"现在的模型是 {self._embedder.fingerprint}",
                remedy=REMEDY,
            )
        vector: NDArray[np.float32] = self._embedder.embed([query])[0]
        return vector


def _scaled(found: Sequence[ScoredId]) -> dict[str, float]:
    highest = max((item.score for item in found), default=0.0)
    return {item.id: item.score / highest for item in found} if highest > 0 else {}
