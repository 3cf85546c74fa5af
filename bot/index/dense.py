"""The dense leg: Chroma through langchain-chroma, cosine over HNSW, with the indexed text beside it.

chromadb and langchain-chroma take more than a second to import, so they are imported at first use.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.index.embedder import Embedder
from bot.index.records import ScoredId

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from langchain_chroma import Chroma

#: Chroma takes ASCII names only.
COLLECTION = "chunks"
#: Recall@10 of 0.9995 at 100,000 chunks; Chroma's defaults reach 0.81–0.91 there.
MAX_NEIGHBORS, EF_CONSTRUCTION, EF_SEARCH = 32, 200, 300
#: Below Chroma's limit of 5,461; also how often progress is told.
WRITE_BATCH = 1_000
#: Below SQLite's limit of variables in one statement.
DELETE_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class DenseEntry:
    """What is embedded and stored for one chunk."""

    chunk_id: str
    document_id: str
    text: str


class DenseIndex:
    """One version's Chroma collection; the first use opens it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._client: Any = None
        self._store: Chroma | None = None

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[ScoredId, ...]:
        """The ``k`` nearest chunks by cosine (−1…1), best first; nothing for a zero vector."""
        if k <= 0 or not np.any(vector):
            return ()
        store = self._open(None)
        found = store.similarity_search_by_vector_with_relevance_scores(vector.tolist(), k=k)
        # langchain-chroma hands through Chroma's cosine *distance*.
        return tuple(ScoredId(str(document.id), 1.0 - float(distance)) for document, distance in found)

    def update(
        self,
        embedder: Embedder,
        remove: Sequence[str],
        add: Iterable[DenseEntry],
        told: Callable[[int], None],
    ) -> None:
        """Remove chunks, then embed and store new ones; ``told`` gets the number stored so far."""
        store = self._open(embedder)
        for start in range(0, len(remove), DELETE_BATCH):
            store.delete(ids=list(remove[start : start + DELETE_BATCH]))
        done = 0
        for block in _blocks(add, WRITE_BATCH):
            store.add_texts(
                [entry.text for entry in block],
                metadatas=[{"document_id": entry.document_id} for entry in block],
                ids=[entry.chunk_id for entry in block],
            )
            done += len(block)
            told(done)

    def close(self) -> None:
        """Give the files back; a later use opens them again."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._store = None

    def _open(self, embedder: Embedder | None) -> Chroma:
        with self._lock:
            if self._store is None:
                import chromadb
                from chromadb.config import Settings
                from langchain_chroma import Chroma

                from bot.index.langchain_embeddings import EmbedderAdapter

                self._client = chromadb.PersistentClient(
                    path=str(self._folder), settings=Settings(anonymized_telemetry=False)
                )
                self._store = Chroma(
                    collection_name=COLLECTION,
                    embedding_function=None if embedder is None else EmbedderAdapter(embedder),
                    client=self._client,
                    collection_configuration={"hnsw": _hnsw()},
                    create_collection_if_not_exists=embedder is not None,
                )
            return self._store


def _hnsw() -> CreateHNSWConfiguration:
    return {
        "space": "cosine",
        "max_neighbors": MAX_NEIGHBORS,
        "ef_construction": EF_CONSTRUCTION,
        "ef_search": EF_SEARCH,
    }


def _blocks(entries: Iterable[DenseEntry], size: int) -> Iterable[list[DenseEntry]]:
    block: list[DenseEntry] = []
    for entry in entries:
        block.append(entry)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block
