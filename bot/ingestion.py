"""Corpus folder → published index: what changed is read again, the rest is carried over."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.catalogue.conflicts import find_disagreements
from bot.catalogue.load import LoadedCatalogue, load_catalogue
from bot.documents.chunking import chunk_document
from bot.documents.corpus import CorpusFile, list_corpus_files
from bot.documents.load import load_document
from bot.errors import DocumentError, SearchIndexError
from bot.index.builder import Progress, build_version, fingerprint
from bot.index.embedder import Embedder, load_embedder
from bot.index.search_index import SearchIndex
from bot.index.versions import ingest_lock, new_version, publish
from bot.settings import Settings
from bot.types import Chunk, Document, FailedDocument, IngestReport

CATALOGUE_ATTACHMENT = "catalogue"
DISAGREEMENTS_ATTACHMENT = "disagreements"


@dataclass(frozen=True, slots=True)
class _Changes:
    documents: Mapping[str, Document]
    failed: tuple[FailedDocument, ...]
    added: int
    updated: int
    unchanged: int
    removed: int

    @property
    def any(self) -> bool:
        return bool(self.added or self.updated or self.removed)


def ingest(settings: Settings, *, rebuild: bool = False, progress: Progress | None = None) -> IngestReport:
    """Bring the index in ``settings.data_dir`` in step with ``settings.corpus_dir``.

    A file that cannot be read is told in the report and is not in the index; the rest goes on. Nothing
    is published when nothing changed. Raises :class:`CorpusError` or :class:`SearchIndexError`.
    """
    started = time.perf_counter()
    tell = progress or (lambda stage, done, total: None)
    listing = list_corpus_files(settings.corpus_dir)
    with ingest_lock(settings.data_dir):
        embedder = load_embedder(settings.embedding_model)
        old = None if rebuild else _open(settings.data_dir)
        changes = _changes(listing.files, old, tell)
        loaded = load_catalogue(settings.corpus_dir, changes.documents)
        attachments = _attachments(loaded, changes, old)
        same_embedder = old is not None and old.fingerprint == fingerprint(embedder)
        if old is not None and same_embedder and not changes.any and _same(old, attachments):
            chunk_count = old.chunk_count
        else:
            chunk_count = _build(settings.data_dir, changes, embedder, attachments, old, same_embedder, tell)
        if old is not None:
            old.close()
    return IngestReport(
        added=changes.added,
        updated=changes.updated,
        unchanged=changes.unchanged,
        removed=changes.removed,
        failed=(*listing.failed, *changes.failed, *loaded.failed),
        documents=len(changes.documents),
        chunks=chunk_count,
        seconds=round(time.perf_counter() - started, 3),
        embedder=embedder.fingerprint,
        warnings=loaded.warnings,
    )


def _open(data_dir: Path) -> SearchIndex | None:
    try:
        return SearchIndex.open(data_dir)
    except SearchIndexError:
        # Missing or damaged: everything is read again.
        return None


def _changes(files: tuple[CorpusFile, ...], old: SearchIndex | None, tell: Progress) -> _Changes:
    hashes = old.content_hashes() if old else {}
    documents: dict[str, Document] = {}
    failed: list[FailedDocument] = []
    added = updated = unchanged = 0
    for number, file in enumerate(files, start=1):
        known = hashes.get(file.id)
        if old is not None and known == file.content_hash:
            documents[file.id] = old.document(file.id)
            unchanged += 1
        else:
            try:
                documents[file.id] = load_document(file)
            except DocumentError as error:
                failed.append(FailedDocument(file.id, str(error)))
                continue
            added += known is None
            updated += known is not None
        tell("读取文件", number, len(files))
    removed = len(set(hashes) - set(documents))
    return _Changes(documents, tuple(failed), added, updated, unchanged, removed)


def _attachments(loaded: LoadedCatalogue, changes: _Changes, old: SearchIndex | None) -> dict[str, str]:
    disagreements = old.attachment(DISAGREEMENTS_ATTACHMENT) if old and not changes.any else None
    if disagreements is None:
        found = find_disagreements(changes.documents.values())
        disagreements = json.dumps([asdict(item) for item in found], ensure_ascii=False)
    return {
        CATALOGUE_ATTACHMENT: loaded.catalogue.model_dump_json(),
        DISAGREEMENTS_ATTACHMENT: disagreements,
    }


def _same(old: SearchIndex, attachments: Mapping[str, str]) -> bool:
    return all(old.attachment(name) == content for name, content in attachments.items())


def _build(
    data_dir: Path,
    changes: _Changes,
    embedder: Embedder,
    attachments: Mapping[str, str],
    old: SearchIndex | None,
    same_embedder: bool,
    tell: Progress,
) -> int:
    version = new_version(data_dir, fingerprint(embedder))
    chunks: list[Chunk] = []
    for document in changes.documents.values():
        chunks.extend(chunk_document(document))
    reuse = old.version_record if old is not None and same_embedder else None
    build_version(version, changes.documents, chunks, embedder, attachments, reuse=reuse, progress=tell)
    publish(data_dir, version)
    return len(chunks)
