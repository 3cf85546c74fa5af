"""The dense leg: a Chroma collection of passage vectors, cosine over HNSW. Texts stay in SQLite.

chromadb takes most of a second to import, so it is imported at the first use.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.encoder import Floats
from bot.errors import SearchIndexError
from bot.index.layout import REMEDY
from bot.index.records import ScoredId

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

#: Chroma takes ASCII names only.
COLLECTION = "passages"
#: Recall@10 of 0.9995 at 100,000 passages; Chroma's defaults reach 0.81–0.91 there.
MAX_NEIGHBORS, EF_CONSTRUCTION, EF_SEARCH = 32, 200, 300
#: Below Chroma's limit of 5,461.
WRITE_BATCH = 1_000
#: Below SQLite's limit of variables in one statement.
DELETE_BATCH = 5_000


class DenseIndex:
    """One version's Chroma collection; the first use opens it. Raises :class:`SearchIndexError` when damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._client: Any = None
        self._collection: Any = None

    def search(self, vector: Floats, k: int) -> tuple[ScoredId, ...]:
        """The ``k`` nearest passages by cosine (−1…1), best first; nothing for a zero vector."""
        if k <= 0 or not np.any(vector):
            return ()
        collection = self._open(create=False)
        try:
            found = collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        except Exception as error:  # Chroma's own errors have no common base
            raise self._damaged(error) from error
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        # Chroma's cosine *distance*.
        return tuple(ScoredId(str(each), 1.0 - float(distance)) for each, distance in pairs)

    def remove(self, ids: Sequence[str]) -> None:
        """Take passages out."""
        collection = self._open(create=True)
        for start in range(0, len(ids), DELETE_BATCH):
            collection.delete(ids=list(ids[start : start + DELETE_BATCH]))

    def put(self, ids: Sequence[str], document_ids: Sequence[str], vectors: Floats) -> None:
        """Add passages, or replace those of the same id; ``vectors`` is ``(len(ids), dimension)``."""
        collection = self._open(create=True)
        for start in range(0, len(ids), WRITE_BATCH):
            end = start + WRITE_BATCH
            collection.upsert(
                ids=list(ids[start:end]),
                embeddings=vectors[start:end],
                metadatas=[{"document_id": each} for each in document_ids[start:end]],
            )

    def close(self) -> None:
        """Give the files back; a later use opens them again."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None

    def _open(self, *, create: bool) -> Any:
        with self._lock:
            if self._collection is None:
                import chromadb
                from chromadb.config import Settings

                try:
                    self._client = chromadb.PersistentClient(
                        path=str(self._folder), settings=Settings(anonymized_telemetry=False)
                    )
                    # No embedding function: Chroma's own would fetch a model.
                    self._collection = (
                        self._client.get_or_create_collection(
                            COLLECTION, embedding_function=None, configuration={"hnsw": _hnsw()}
                        )
                        if create
                        else self._client.get_collection(COLLECTION, embedding_function=None)
                    )
                except Exception as error:
                    self._client = None
                    raise self._damaged(error) from error
            return self._collection

    def _damaged(self, error: Exception) -> SearchIndexError:
        return SearchIndexError(
            "向量库打不开或已损坏", value=self._folder, tried=str(error)[:200], remedy=f"{REMEDY} --rebuild"
        )


def _hnsw() -> CreateHNSWConfiguration:
    return {
        "space": "cosine",
        "max_neighbors": MAX_NEIGHBORS,
        "ef_construction": EF_CONSTRUCTION,
        "ef_search": EF_SEARCH,
    }
