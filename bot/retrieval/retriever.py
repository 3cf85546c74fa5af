"""Query → hits: BM25 of chunks and of whole documents, and cosine, weighted on data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue.models import ThesaurusGroup
from bot.catalogue.thesaurus import Thesaurus
from bot.errors import SearchIndexError
from bot.index.embedder import Embedder
from bot.index.layout import REMEDY
from bot.index.records import ScoredId
from bot.index.search_index import SearchIndex
from bot.retrieval.query import query_terms
from bot.types import Hit, ScoreParts

#: Candidates asked of each leg, at least.
CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Each BM25 leg is divided by its maximum before it is weighed; cosine is taken as it is."""

    lexical: float = 1.0
    document: float = 0.6
    dense: float = 0.3


#: Measured by ``python -m bot.benchmarks.retrieval DIR`` on both question collections.
DEFAULT_WEIGHTS = FusionWeights()


class Retriever:
    """Searches one index; holds no state of any query."""

    def __init__(
        self,
        index: SearchIndex,
        embedder: Embedder,
        thesaurus: Sequence[ThesaurusGroup] = (),
        weights: FusionWeights = DEFAULT_WEIGHTS,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._thesaurus = Thesaurus(thesaurus)
        self._weights = weights

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The best ``k`` chunks, best first; nothing for an empty query.

        Raises :class:`SearchIndexError` when the index was built with another embedding model.
        """
        if not query.strip() or k < 1:
            return ()
        terms = query_terms(query, self._thesaurus)
        wanted = max(CANDIDATES, k)
        lexical = _scaled(self._index.lexical(terms, wanted))
        documents = _scaled(self._index.lexical_documents(terms, wanted))
        dense = self._cosines(query, wanted)
        # A chunk outside the dense leg's list is no nearer than the last one on it.
        floor = min(dense.values(), default=0.0)
        hits = []
        for chunk_id in dict.fromkeys((*lexical, *dense)):
            chunk = self._index.chunk(chunk_id)
            parts = ScoreParts(
                lexical=self._weights.lexical * lexical.get(chunk_id, 0.0),
                document=self._weights.document * documents.get(chunk.document_id, 0.0),
                dense=self._weights.dense * dense.get(chunk_id, floor),
            )
            score = parts.lexical + parts.document + parts.dense
            hits.append(Hit(chunk, self._index.metadata(chunk.document_id), score, parts))
        hits.sort(key=lambda hit: (-hit.score, hit.chunk.document_id, hit.chunk.ordinal))
        return tuple(hits[:k])

    def _cosines(self, query: str, k: int) -> Mapping[str, float]:
        if not self._weights.dense:
            return {}
        if self._embedder.fingerprint != self._index.fingerprint:
            raise SearchIndexError(
                "索引是用另一个向量模型建的",
                value=self._index.fingerprint,
                tried=f"现在的模型是 {self._embedder.fingerprint}",
                remedy=REMEDY,
            )
        vector = self._embedder.embed([query])[0]
        return {found.id: found.score for found in self._index.dense(vector, k)}


def _scaled(found: Sequence[ScoredId]) -> dict[str, float]:
    highest = max((item.score for item in found), default=0.0)
    return {item.id: item.score / highest for item in found} if highest > 0 else {}
