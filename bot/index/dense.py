"""The dense leg: a Chroma collection of passage vectors, cosine over HNSW. Texts stay in SQLite."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bot.encoder import Floats
from bot.errors import SearchIndexError, VectorServerError
from bot.index.chroma import Place
from bot.index.records import ScoredId

#: Seconds for which a server that failed is not asked again.
TRIED_AGAIN_AFTER = 10.0
#: Below SQLite's limit of variables in one statement.
DELETE_BATCH = 5_000
_LOG = logging.getLogger(__name__)


class DenseIndex:
    """One version's Chroma collection; the first use opens it. Safe to share between threads.

    Raises :class:`SearchIndexError` where files are damaged, :class:`VectorServerError` while a server is away.
    """

    def __init__(self, place: Place, clock: Callable[[], float] = time.monotonic) -> None:
        self._place, self._clock = place, clock
        self._lock = threading.Lock()
        self._client: Any = None
        self._collection: Any = None
        self._away_until = 0.0
        self._away: SearchIndexError | None = None

    def search(self, vector: Floats, k: int) -> tuple[ScoredId, ...]:
        """The ``k`` nearest passages by cosine (−1…1), best first; nothing for a zero vector."""
        if k <= 0 or not np.any(vector):
            return ()
        self._look_whether_away()
        try:
            collection = self._open(create=False)
            found = collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        except Exception as error:  # Chroma's own errors have no common base
            raise self._failed(error) from error
        self._back()
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        # Chroma's cosine *distance*.
        return tuple(ScoredId(str(each), 1.0 - float(distance)) for each, distance in pairs)

    def count(self) -> int:
        """How many vectors there are, by Chroma's own count."""
        try:
            return int(self._open(create=False).count())
        except Exception as error:
            raise self._failed(error) from error

    def stored(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The vectors that Chroma holds of ``ids``, as many as may be put in at a time; what it lacks is left out."""
        try:
            found = self._open(create=False).get(ids=list(ids), include=["embeddings"])
        except Exception as error:
            raise self._failed(error) from error
        return {str(each): np.asarray(held) for each, held in zip(found["ids"], found["embeddings"], strict=True)}

    def remove(self, ids: Sequence[str]) -> None:
        """Take passages out."""
        collection = self._writable()
        for start in range(0, len(ids), DELETE_BATCH):
            collection.delete(ids=list(ids[start : start + DELETE_BATCH]))

    @property
    def batch(self) -> int:
        """How many passages may be put in at a time."""
        return self._place.batch

    def put(self, ids: Sequence[str], document_ids: Sequence[str], vectors: Floats) -> None:
        """Add at most :attr:`batch` passages, or replace those of the same id; ``vectors`` is ``(n, dimension)``."""
        collection = self._writable()
        if not len(ids):
            return
        try:
            collection.upsert(
                ids=list(ids), embeddings=vectors, metadatas=[{"document_id": each} for each in document_ids]
            )
        except Exception as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Give the files back; a later use opens them again."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None

    def _writable(self) -> Any:
        try:
            return self._open(create=True)
        except Exception as error:
            raise self._failed(error) from error

    def _open(self, *, create: bool) -> Any:
        with self._lock:
            if self._collection is None:
                self._client, self._collection = self._place.open(create=create)
            return self._collection

    # --- a server that is away ------------------------------------------------------------------------

    def _look_whether_away(self) -> None:
        """Raise at once while the server is not to be asked; of those who come after that, one asks."""
        with self._lock:
            if self._away is None:
                return
            if self._clock() < self._away_until:
                raise self._away
            self._away_until = self._clock() + TRIED_AGAIN_AFTER

    def _back(self) -> None:
        with self._lock:
            returned, self._away = self._away is not None, None
        if returned:
            _LOG.info("Chroma answers again")

    def _failed(self, error: Exception) -> SearchIndexError:
        if isinstance(error, SearchIndexError):
            return error
        told = self._place.failed(error)
        if isinstance(told, VectorServerError):
            # What was opened may be of a server that is no more.
            self.close()
            with self._lock:
                first, self._away = self._away is None, told
                self._away_until = self._clock() + TRIED_AGAIN_AFTER
            if first:
                _LOG.warning("Chroma cannot be asked; vectors are compared one by one meanwhile: %s", told)
        return told
