"""Which encoder an index is asked with: the one it was built with, whatever the settings say meanwhile."""

from __future__ import annotations

import logging

from bot.encoder import Embedder, load_embedder
from bot.errors import EmbedderMissing
from bot.index.search_index import SearchIndex
from bot.settings import EmbeddingSettings

_LOG = logging.getLogger(__name__)


def query_encoder(index: SearchIndex, settings: EmbeddingSettings) -> Embedder | None:
    """The embedder whose vectors ``index`` holds, or ``None`` when it is not to be had: words alone then serve.

    A setting that was changed takes effect with the next ingest; until then, and when that fails, the index
    that is there goes on being asked with the model it was built with.
    """
    for candidate in (settings, EmbeddingSettings(model=index.model or settings.model, threads=settings.threads)):
        try:
            embedder = load_embedder(candidate)
        except EmbedderMissing as error:
            _LOG.warning("encoder not usable: %s", error)
            continue
        if embedder.fingerprint == index.fingerprint:
            return embedder
    _LOG.warning("the index was built with another encoder (%s): words alone are searched", index.fingerprint)
    return None
