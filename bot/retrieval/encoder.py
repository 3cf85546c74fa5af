"""Which encoder an index is asked with: the one it was built with, whatever the settings say meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from bot.encoder import Embedder, Floats, Passage, PassageVectors, load_embedder
from bot.errors import EmbedderMissing, EmbeddingServiceError
from bot.index.search_index import SearchIndex
from bot.settings import EmbeddingSettings

_LOG = logging.getLogger(__name__)
#: A service that failed is left alone for so long: nobody is made to wait for it.
COOL_DOWN_SECONDS = 30.0


def query_encoder(index: SearchIndex, settings: EmbeddingSettings) -> Embedder | None:
    """The embedder whose vectors ``index`` holds, or ``None`` when it is not to be had: words alone then serve.

    A setting that was changed takes effect with the next ingest; until then, and when that fails, the index
    that is there goes on being asked with the model it was built with.
    """
    for candidate in (settings, EmbeddingSettings(model=index.model or settings.model, threads=settings.threads)):
        try:
            embedder = _loaded(candidate)
        except EmbedderMissing as error:
            _LOG.warning("encoder not usable: %s", error)
            continue
        if embedder.fingerprint == index.fingerprint:
            return embedder
    _LOG.warning("the index was built with another encoder (%s): words alone are searched", index.fingerprint)
    return None


def _loaded(settings: EmbeddingSettings) -> Embedder:
    """The embedder of ``settings``; a service is asked once, briefly, and left alone for a while after a failure."""
    if not settings.base_url:
        return load_embedder(settings)
    seconds = min(settings.query_seconds, settings.timeout_seconds)
    return ServiceQueries(load_embedder(settings.model_copy(update={"timeout_seconds": seconds, "retries": 0})))


class ServiceQueries:
    """Questions to an embeddings service that may be slow or away. Safe to share between threads."""

    def __init__(self, embedder: Embedder, clock: Callable[[], float] = time.monotonic) -> None:
        self._embedder, self._clock = embedder, clock
        self._lock = threading.Lock()
        self._asked_again_at = 0.0

    @property
    def fingerprint(self) -> str:
        """That of the service's model."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    def embed_query(self, text: str) -> Floats:
        """``(dimension,)``. Raises :class:`EmbeddingServiceError`, at once while the service is left alone."""
        with self._lock:
            if self._clock() < self._asked_again_at:
                raise EmbeddingServiceError("向量服务刚刚没有回答，暂时不再问它", remedy="过一会儿会自动再试")
        try:
            return self._embedder.embed_query(text)
        except EmbeddingServiceError:
            with self._lock:
                self._asked_again_at = self._clock() + COOL_DOWN_SECONDS
            raise

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of passages, as the service gives them."""
        return self._embedder.embed_passages(passages)
