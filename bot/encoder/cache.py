"""Vectors kept by content and model, so that a rebuild encodes only what was never encoded before."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.encoder.embedder import Embedder, Floats, Passage, PassageVectors
from bot.search.vectors import Quantised, quantise

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY, used INTEGER NOT NULL, bytes INTEGER NOT NULL,
    passage BLOB NOT NULL, codes BLOB NOT NULL, scales BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS vectors_by_use ON vectors (used);
"""
#: When the cache is full, the entries unused for longest go, until it is down to this share.
_KEPT_SHARE = 0.75
_WAIT_SECONDS = 30.0
#: Below SQLite's limit of variables in one statement.
_VARIABLES = 500
_LOG = logging.getLogger(__name__)


class CachedEmbedder:
    """``embedder`` with a memory on disk. A cache that cannot be read or written is done without."""

    def __init__(self, embedder: Embedder, path: Path, limit_bytes: int) -> None:
        self._embedder = embedder
        self._path = path
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._broken = False

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the embedder behind."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    def embed_query(self, text: str) -> Floats:
        """``(dimension,)``; questions are not kept."""
        return self._embedder.embed_query(text)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of passages and their sentences, in order; only unknown passages are encoded."""
        keys = [passage_key(self.fingerprint, passage) for passage in passages]
        known = self._read(keys)
        missing = [index for index, key in enumerate(keys) if key not in known]
        fresh = self._embedder.embed_passages([passages[index] for index in missing])
        rounded = {keys[index]: _rounded(vectors) for index, vectors in zip(missing, fresh, strict=True)}
        self._write(rounded)
        known.update(rounded)
        return [PassageVectors(known[key][0], known[key][1].floats()) for key in keys]

    def close(self) -> None:
        """Give the file back; a later use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, tuple[Floats, Quantised]]:
        found: dict[bytes, tuple[Floats, Quantised]] = {}
        with self._lock:
            try:
                for start in range(0, len(keys), _VARIABLES):
                    block = keys[start : start + _VARIABLES]
                    marks = ",".join("?" * len(block))
                    query = f"SELECT key, passage, codes, scales FROM vectors WHERE key IN ({marks})"
                    for key, passage, codes, scales in self._open().execute(query, block):
                        found[key] = _unpacked(passage, codes, scales)
            except (sqlite3.Error, OSError, ValueError) as error:
                self._give_up(error)
        return found

    def _write(self, entries: dict[bytes, tuple[Floats, Quantised]]) -> None:
        if not entries:
            return
        with self._lock:
            try:
                connection = self._open()
                with connection:
                    # Order of use is counted, not read off a clock.
                    now = connection.execute("SELECT coalesce(max(used), 0) + 1 FROM vectors").fetchone()[0]
                    rows = [
                        (key, now, passage.nbytes + codes.codes.nbytes + codes.scales.nbytes)
                        + (passage.tobytes(), codes.codes.tobytes(), codes.scales.tobytes())
                        for key, (passage, codes) in entries.items()
                    ]
                    connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?, ?)", rows)
                    self._shrink(connection)
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)

    def _shrink(self, connection: sqlite3.Connection) -> None:
        total = int(connection.execute("SELECT coalesce(sum(bytes), 0) FROM vectors").fetchone()[0])
        if total <= self._limit:
            return
        excess = total - int(self._limit * _KEPT_SHARE)
        going: list[tuple[bytes]] = []
        for key, size in connection.execute("SELECT key, bytes FROM vectors ORDER BY used, key"):
            if excess <= 0:
                break
            going.append((key,))
            excess -= int(size)
        connection.executemany("DELETE FROM vectors WHERE key = ?", going)

    def _open(self) -> sqlite3.Connection:
        if self._broken:
            raise OSError("the cache was given up")
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, check_same_thread=False)
            connection.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {_SCHEMA}")
            self._connection = connection
        return self._connection

    def _give_up(self, error: Exception) -> None:
        if not self._broken:
            _LOG.warning("embedding cache not used: %s", error, extra={"path": str(self._path)})
        self._broken = True


def passage_key(fingerprint: str, passage: Passage) -> bytes:
    """32 bytes that change with the model, the passage's words, its heading, and where its sentences lie."""
    digest = hashlib.sha256()
    for part in (fingerprint, passage.heading, passage.text, repr(passage.sentences)):
        digest.update(part.encode("utf-8", errors="surrogatepass") + b"\0")
    return digest.digest()


def _rounded(vectors: PassageVectors) -> tuple[Floats, Quantised]:
    return vectors.passage, quantise(vectors.sentences)


def _unpacked(passage: bytes, codes: bytes, scales: bytes) -> tuple[Floats, Quantised]:
    vector = np.frombuffer(passage, dtype=np.float32)
    rows = np.frombuffer(scales, dtype=np.float32)
    return vector, Quantised(np.frombuffer(codes, dtype=np.int8).reshape(len(rows), len(vector)), rows)
