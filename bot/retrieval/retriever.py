"""Query → hits: BM25 of chunks and of whole documents, and cosine, weighted on data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue.models import ThesaurusGroup
from bot.catalogue.thesaurus import Thesaurus
from bot.index.embedder import Embedder
from bot.index.lexical import ScoredKey
from bot.index.search_index import SearchIndex
from bot.retrieval.query import query_terms
from bot.types import Hit, ScoreParts


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Each leg is divided by its maximum before it is weighed; cosine is taken as it is.

    Measured by ``python -m bot.benchmarks.retrieval policy_qa DIR`` and ``… lay_questions DIR``.
    """

    lexical: float = 1.0
    document: float = 0.6
    dense: float = 0.3


DEFAULT_WEIGHTS = FusionWeights()
#: Candidates asked of each leg, at least.
CANDIDATES = 100
DOCUMENT_CANDIDATES = 200


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
        """The best ``k`` chunks, best first; nothing for an empty query."""
        if not query.strip() or k < 1:
            return ()
        terms = query_terms(query, self._thesaurus)
        wanted = max(CANDIDATES, k)
        lexical = _scaled(self._index.lexical(terms, wanted))
        documents = _scaled(self._index.lexical_documents(terms, DOCUMENT_CANDIDATES))
        dense: dict[str, float] = {}
        if self._weights.dense:
            vector = self._embedder.embed([query])[0]
            dense = {item.key: item.score for item in self._index.dense(vector, wanted)}
        hits = (self._hit(key, lexical, documents, dense) for key in dict.fromkeys((*lexical, *dense)))
        ranked = sorted((hit for hit in hits if hit is not None), key=lambda hit: (-hit.score, hit.chunk.id))
        return tuple(ranked[:k])

    def _hit(
        self, key: str, lexical: dict[str, float], documents: dict[str, float], dense: dict[str, float]
    ) -> Hit | None:
        chunk = self._index.chunk(key)
        if chunk is None:
            return None
        parts = ScoreParts(
            lexical=self._weights.lexical * lexical.get(key, 0.0),
            document=self._weights.document * documents.get(chunk.document_id, 0.0),
            dense=self._weights.dense * max(0.0, dense.get(key, 0.0)),
        )
        metadata = self._index.document(chunk.document_id).metadata
        return Hit(chunk, metadata, parts.lexical + parts.document + parts.dense, parts)


def _scaled(found: Sequence[ScoredKey]) -> dict[str, float]:
    highest = max((item.score for item in found), default=0.0)
    return {item.key: item.score / highest for item in found} if highest > 0 else {}
