"""The search structure over published needs and offers, kept in step with the store.

The store's event log is the feed: an index remembers the last event it has seen and, when asked for the
current shelves, takes in the records that changed since, whichever process changed them. Updates happen
under a lock between processes; readers see the last complete one.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeGuard, cast

import numpy as np
from filelock import FileLock, Timeout

from bot.errors import MarketError
from bot.market.evidence import searched_text
from bot.market.exclusions import wanted_text
from bot.market.masking import Door, without_marks
from bot.market.nearness import Nearness
from bot.market.records import Need, Offer
from bot.market.shelf import Shelf, ShelfRecord, ShelfWriter
from bot.market.store import MarketStore
from bot.market.taxonomy import Taxonomy
from bot.market.vectors import RecordVectors
from bot.search.vectors import Floats
from bot.types import RecordKind

#: Raised when what is written changes its meaning; older indexes are then built anew.
FORMAT = 7
BATCH = 500
LOCK_SECONDS = 300.0
#: The index is built anew when fewer rows of a shelf than this share are still in force.
_LIVE_SHARE = 0.5
_MINIMUM_REBUILD = 1_000
_KINDS = (RecordKind.NEED, RecordKind.OFFER)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Meta:
    """What the index vouches for: rows of each shelf, and the event it has seen last."""

    format: int
    fingerprint: str
    dim: int
    revision: int
    needs: int = 0
    offers: int = 0

    def rows(self, kind: RecordKind) -> int:
        return self.needs if kind is RecordKind.NEED else self.offers


@dataclass(frozen=True, slots=True)
class Shelves:
    """Both shelves as of one revision of the store."""

    revision: int
    needs: Shelf
    offers: Shelf

    def of(self, kind: RecordKind) -> Shelf:
        """The shelf of needs or of offers."""
        return self.needs if kind is RecordKind.NEED else self.offers


class MarketIndex:
    """Opens, follows and rebuilds the shelves below ``folder``. Safe to share between threads.

    The constructor does no I/O; everything is made on first use. A damaged or foreign index is built
    anew from the store.
    """

    def __init__(self, folder: Path, store: MarketStore, vectors: RecordVectors, taxonomy: Taxonomy) -> None:
        self._folder, self._store, self._door = folder, store, Door(store)
        self._vectors, self._taxonomy = vectors, taxonomy
        self._lock = threading.Lock()
        self._shelves: Shelves | None = None

    def current(self, progress: Progress | None = None) -> Shelves:
        """Shelves that hold every change the store has committed."""
        revision = self._store.revision()
        with self._lock:
            if self._shelves is None or self._shelves.revision < revision:
                self._shelves = self._refresh(revision, progress)
            return self._shelves

    def sought(self, title: str, body: str) -> Floats:
        """The vector of what is looked for: ``(dim,) float32``, normalised."""
        return self._vectors.sought(title, body)

    def nearness(self, vector: Floats, shelf: Shelf) -> Nearness:
        """How near ``vector`` usually is to the records of ``shelf``: what a cosine is measured against."""
        return Nearness.of(shelf.sampled_cosines(vector), len(shelf.row_of), self._vectors.usual())

    def _refresh(self, revision: int, progress: Progress | None) -> Shelves:
        with self._writing():
            meta = self._meta()
            shelves = self._readable(meta) if meta is not None and meta.revision <= revision else None
            if meta is None or shelves is None:
                meta = self._fresh()
            if meta.revision < revision:
                meta, shelves = self._update(meta, revision, progress), None
            return shelves or self._opened(meta)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the one right to write, between processes; its holder's death ends it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            raise MarketError(
                "另一个进程正在更新匹配索引，等不到它结束",
                value=self._folder,
                tried=f"等了 {LOCK_SECONDS:.0f} 秒",
                remedy="稍后再试，或结束占用的进程",
            ) from None
        try:
            yield
        finally:
            lock.release()

    def _opened(self, meta: _Meta) -> Shelves:
        needs, offers = (
            Shelf(self._folder / kind.value, meta.rows(kind), meta.dim, self._taxonomy.size) for kind in _KINDS
        )
        return Shelves(meta.revision, needs, offers)

    def _fingerprint(self) -> str:
        fields = [[field.name, *field.words] for field in self._taxonomy.fields]
        return f"{self._vectors.fingerprint}|{len(fields)}|{hash_text(json.dumps(fields))}"

    def _meta(self) -> _Meta | None:
        try:
            meta = _Meta(**json.loads((self._folder / "meta.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return meta if (meta.format, meta.fingerprint) == (FORMAT, self._fingerprint()) else None

    def _readable(self, meta: _Meta) -> Shelves | None:
        """The shelves as ``meta`` vouches for them; ``None`` when a file is missing or damaged."""
        try:
            return self._opened(meta)
        except (OSError, ValueError):
            return None

    def _fresh(self) -> _Meta:
        (self._folder / "meta.json").unlink(missing_ok=True)
        for kind in _KINDS:
            shutil.rmtree(self._folder / kind.value, ignore_errors=True)
        dim = self._vectors.dimension
        meta = _Meta(FORMAT, self._fingerprint(), dim, revision=0)
        for kind in _KINDS:
            ShelfWriter(self._folder / kind.value, 0, dim, self._taxonomy.size).commit()
        self._write(meta)
        return meta

    def _update(self, meta: _Meta, revision: int, progress: Progress | None) -> _Meta:
        meta, changed, known = self._changes(meta, revision)
        total, done = sum(map(len, changed.values())), 0
        rows = {}
        for kind in _KINDS:
            writer = ShelfWriter(self._folder / kind.value, meta.rows(kind), meta.dim, self._taxonomy.size)
            for ids in _batches(changed[kind]):
                records = self._shelf_records(kind, ids, known[kind])
                if records:
                    writer.add(records, self._embed(records), self._fields(records))
                done += len(ids)
                if progress:
                    progress(done, total)
            writer.commit()
            rows[kind] = writer.rows
        meta = replace(meta, revision=revision, needs=rows[_KINDS[0]], offers=rows[_KINDS[1]])
        self._write(meta)
        return meta

    def _changes(
        self, meta: _Meta, revision: int
    ) -> tuple[_Meta, dict[RecordKind, tuple[str, ...]], dict[RecordKind, frozenset[str]]]:
        """The ids to take in and the ids on the shelves; a mostly outdated index is emptied first."""
        changed = {kind: self._store.changed_since(kind, meta.revision, revision) for kind in _KINDS}
        shelves = self._opened(meta)
        known = {kind: frozenset(shelves.of(kind).row_of) for kind in _KINDS}
        for kind in _KINDS:
            rows, live = meta.rows(kind), len(known[kind])
            if rows > _MINIMUM_REBUILD and live < rows * _LIVE_SHARE:
                meta = self._fresh()
                changed = {each: self._store.changed_since(each, 0, revision) for each in _KINDS}
                return meta, changed, dict.fromkeys(_KINDS, frozenset())
        return meta, changed, known

    def _shelf_records(self, kind: RecordKind, ids: Sequence[str], known: frozenset[str]) -> list[ShelfRecord]:
        found = {record.id: cast("Need | Offer", record) for record in self._store.get_many(kind, ids)}
        # What nobody may read, nobody finds a record by.
        shown = {each.id: each for each in self._door.public_all([each for each in found.values() if _is_shown(each)])}
        records = [shelf_record(shown.get(record_id), record_id) for record_id in ids]
        # What was never on the shelf need not be taken off it.
        return [record for record in records if record.standing is not None or record.id in known]

    def _embed(self, records: Sequence[ShelfRecord]) -> Floats:
        return self._vectors.on_file([record.title for record in records], [record.body for record in records])

    def _fields(self, records: Sequence[ShelfRecord]) -> Floats:
        return np.stack([self._taxonomy.vector(record.title, record.body) for record in records])

    def _write(self, meta: _Meta) -> None:
        path = self._folder / "meta.json"
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(meta)), encoding="utf-8")
        os.replace(draft, path)


def shelf_record(record: object, record_id: str) -> ShelfRecord:
    """What is indexed of a need or offer; one that is not public is not."""
    if not _is_shown(record):
        return ShelfRecord(record_id, None)
    # What a need does not want must not find it.
    title, body = (record.title, searched_text(record))
    if isinstance(record, Need):
        title, body = wanted_text(title), wanted_text(body)
    return ShelfRecord(record.id, record.standing, without_marks(title), without_marks(body))


def _is_shown(record: object) -> TypeGuard[Need | Offer]:
    """Closed records are still told of as past ones; whoever takes a record back wants it unseen."""
    return isinstance(record, (Need, Offer)) and record.is_public


def hash_text(text: str) -> str:
    """A short stable hash of ``text``."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    items = list(ids)
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
