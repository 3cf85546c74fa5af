"""What a market is made of. Only modules of ``bot.market`` touch these parts; everybody else asks :class:`Market`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from bot.encoder import Floats, Passage, PassageVectors, load_embedder
from bot.encoder.cache import CachedEmbedder
from bot.errors import EmbedderMissing
from bot.market.market_index import MarketIndex
from bot.market.masking import Door
from bot.market.matching import Matcher
from bot.market.store import MarketStore
from bot.market.taxonomy import load_taxonomy
from bot.market.vectors import RecordVectors
from bot.market.wishes import WishReader, wish_reader
from bot.settings import Settings
from bot.store.database import Database, shared_database
from bot.store.sqlite_file import sqlite_path

#: Who is written into the log when the owner of a record acts without an account.
OWNER_ACTOR = "owner"


class WordsOnly:
    """Stands in where no embedding model is on the machine: matching then rests on words alone."""

    fingerprint = "words-only"
    dimension = 1

    def embed_query(self, text: str) -> Floats:
        """``(1,)``, zero."""
        return np.zeros(1, dtype=np.float32)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Zeros."""
        zero = np.zeros(1, dtype=np.float32)
        return [PassageVectors(zero, np.zeros((len(each.sentences), 1), dtype=np.float32)) for each in passages]


class MarketParts:
    """Store, index, matcher and the door to the public, each made on first use. The constructor does no I/O."""

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self._settings, self._today = settings, today

    @property
    def on_file(self) -> bool:
        """Whether there may be records: a database file that was never made holds none."""
        path = sqlite_path(self._settings.resolved_database_url)
        return path is None or path.exists() or self.database.was_there

    @property
    def moderated(self) -> bool:
        """Whether what the page sends waits for a manager to publish it."""
        return self._settings.desk.moderation

    def today(self) -> date:
        """The day the market goes by."""
        return self._today()

    @property
    def database(self) -> Database:
        """The database, for tables that are not the market's own."""
        return shared_database(self._settings.resolved_database_url)

    @cached_property
    def store(self) -> MarketStore:
        """The records."""
        return MarketStore(self.database)

    @cached_property
    def index(self) -> MarketIndex:
        """The search structure; follows the store by itself."""
        folder = self._settings.data_dir / "market"
        return MarketIndex(folder, self.store, _vectors(self._settings), load_taxonomy())

    @cached_property
    def reader(self) -> WishReader:
        """Reads what is told."""
        return wish_reader(self._settings.embedding)

    @cached_property
    def matcher(self) -> Matcher:
        """Finds counterparts."""
        return Matcher(self.store, self.index, load_taxonomy(), self._today)

    @cached_property
    def door(self) -> Door:
        """Shows records to others."""
        return Door(self.store)


def _vectors(settings: Settings) -> RecordVectors:
    try:
        embedder = load_embedder(settings.embedding)
    except EmbedderMissing:
        return RecordVectors(WordsOnly())
    cache_bytes = settings.embedding.cache_megabytes * 1024 * 1024
    return RecordVectors(CachedEmbedder(embedder, settings.embedding_cache, cache_bytes))
