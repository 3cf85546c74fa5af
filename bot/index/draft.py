"""A version being built: nothing of it is seen by readers until it is published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TypeAlias

import numpy as np

from bot.documents.chunking import passage_heading
from bot.encoder import Embedder, Passage, PassageVectors
from bot.errors import SearchIndexError
from bot.index.checksums import write_checksums
from bot.index.chroma import place_of
from bot.index.dense import DenseIndex
from bot.index.documents import DocumentStore, iterate_chunks
from bot.index.fields import chunk_fields
from bot.index.layout import REMEDY, IndexLayout, VersionLayout
from bot.index.manifest import INDEX_FORMAT, Manifest, write_manifest
from bot.index.records import MeanLengths
from bot.index.search_index import DOCUMENT_FIELD, FILES_ONLY, PASSAGE_FIELD
from bot.index.sentences import SentenceIndex, SentenceWriter, sentence_spans
from bot.search.lexical import LexicalWriter
from bot.search.vectors import Quantised, VectorFile, VectorWriter, quantise
from bot.settings import ChromaSettings
from bot.text.tokens import search_terms
from bot.types import Chunk, Document

#: Called with (stage, done, total).
Progress = Callable[[str, int, int], None]
EMBEDDING_STAGE = "embed"
LEXICAL_STAGE = "lexical"
#: Passages encoded and stored at a time; also how often progress is told.
EMBEDDING_BLOCK = 64

Spans: TypeAlias = tuple[tuple[int, int], ...]


class IndexDraft:
    """Built on the version ``base`` (documents and vectors copied, not made again) or from nothing."""

    def __init__(
        self, layout: IndexLayout, number: int, base: VersionLayout | None, chroma: ChromaSettings = FILES_ONLY
    ) -> None:
        self.number = number
        self._layout = layout
        self._base = base
        self._paths = layout.version(number)
        self._place = place_of(layout, number, chroma)
        self.store = DocumentStore(self._paths.documents, writable=True)

    def begin(self, *, keep_rows: bool) -> None:
        """Make the folder; with ``keep_rows`` the base's documents and attachments come over."""
        self._paths.folder.mkdir(parents=True)
        if keep_rows and self._base is not None:
            shutil.copyfile(self._base.documents, self._paths.documents)
        self.store.create()

    def put(self, document: Document, chunks: Iterable[Chunk]) -> None:
        """Add or replace a document."""
        self.store.put_document(document, chunks)

    def remove(self, document_id: str) -> None:
        """Remove a document."""
        self.store.remove_document(document_id)

    def finish(
        self, embedder: Embedder, *, model: str, keep_vectors: bool, progress: Progress, keep_chroma: bool = True
    ) -> None:
        """Bring the vectors up to date with the documents and build the lexical leg.

        Without ``keep_chroma`` Chroma is filled anew from the vectors beside it: the base's is damaged or elsewhere.
        ``model`` is the setting that named the embedder. Raises :class:`EmbeddingServiceError` when a service
        fails; the version is then never published.
        """
        self.store.number_rows()
        self._build_vectors(embedder, keep_vectors, keep_chroma, progress)
        lengths = self._build_lexical(progress)
        manifest = Manifest(
            INDEX_FORMAT, embedder.fingerprint, embedder.dimension, lengths.heading, lengths.body, model=model
        )
        write_manifest(self.store, manifest)
        self.store.close()

    def publish(self, previous: int | None) -> None:
        """Put this version in force."""
        write_checksums(self._paths)
        self._layout.publish(self.number, previous)

    def hold(self, previous: int | None) -> None:
        """Have this version wait until somebody puts it in force."""
        write_checksums(self._paths)
        self._layout.hold(self.number, previous)

    def give_up(self) -> None:
        """Leave no trace of what is neither in force nor waits."""
        in_force = self._layout.pointer_file.is_file() and self._layout.read_pointer().version == self.number
        waiting = self._layout.read_candidate()
        if not in_force and (waiting is None or waiting.version != self.number):
            self.discard()

    def discard(self) -> None:
        """Leave no trace."""
        self.store.close()
        shutil.rmtree(self._paths.folder, ignore_errors=True)

    # --- vectors -----------------------------------------------------------------------------

    def _build_vectors(self, embedder: Embedder, keep_vectors: bool, keep_chroma: bool, progress: Progress) -> None:
        owners = self.store.row_owners()
        stored: dict[str, int] = {}
        if keep_vectors and self._base is not None:
            base_store = DocumentStore(self._base.documents)
            stored = {chunk_id: row for row, (chunk_id, _) in enumerate(base_store.row_owners())}
            base_store.close()
        wanted = {chunk_id for chunk_id, _ in owners}
        fresh = _FreshVectors(self._paths.folder / "fresh", embedder.dimension)
        self._encode(embedder, fresh, wanted - stored.keys(), progress)
        self._set_in_order([chunk_id for chunk_id, _ in owners], stored, fresh, embedder.dimension)
        fresh.clear()
        self._fill_chroma(owners, stored.keys() if keep_chroma else frozenset(), embedder.dimension)

    def _fill_chroma(self, owners: Sequence[tuple[str, str]], stored: Set[str], dimension: int) -> None:
        """Have Chroma hold the passages' vectors: what a copy of the base's lacks, or all of them."""
        copied = self._place.begin(self._base.chroma if stored and self._base is not None else None)
        held = stored if copied else frozenset()
        dense = DenseIndex(self._place)
        vectors = VectorFile(self._paths.passages, len(owners), dimension)
        try:
            dense.remove(sorted(held - {chunk_id for chunk_id, _ in owners}))
            lacking = [row for row, (chunk_id, _) in enumerate(owners) if chunk_id not in held]
            for start in range(0, len(lacking), dense.batch):
                rows = lacking[start : start + dense.batch]
                ids, documents = zip(*(owners[row] for row in rows), strict=True)
                dense.put(ids, documents, np.concatenate([vectors.read(row, row + 1).floats() for row in rows]))
            if dense.count() != len(owners):
                raise SearchIndexError("Chroma 没有留住全部向量", value=dense.count(), remedy=f"{REMEDY} --rebuild")
        finally:
            dense.close()

    def _set_in_order(
        self, chunk_ids: Sequence[str], stored: Mapping[str, int], fresh: _FreshVectors, dimension: int
    ) -> None:
        """Write passage and sentence vectors in order of the rows, from the base version or from ``fresh``."""
        passages = VectorWriter(self._paths.passages, dimension)
        sentences = SentenceWriter(self._paths.sentences, dimension)
        kept = None
        if stored and self._base is not None:
            old = SentenceIndex(self._base.sentences, dimension)
            kept = VectorFile(self._base.passages, len(stored), dimension), old
        for chunk_id in chunk_ids:
            if kept is not None and chunk_id in stored:
                row = stored[chunk_id]
                passages.append(kept[0].read(row, row + 1))
                sentences.add(*kept[1].read(row))
            else:
                vector, spans, vectors = fresh.take(chunk_id)
                passages.append(vector)
                sentences.add(spans, vectors)
        passages.close()
        sentences.finish()

    def _encode(self, embedder: Embedder, fresh: _FreshVectors, missing: set[str], progress: Progress) -> None:
        done = 0
        progress(EMBEDDING_STAGE, 0, len(missing))
        for block in _blocks((chunk for chunk in iterate_chunks(self.store) if chunk.id in missing), EMBEDDING_BLOCK):
            passages = [self._passage(chunk) for chunk in block]
            vectors = embedder.embed_passages(passages)
            fresh.keep(block, passages, vectors)
            done += len(block)
            progress(EMBEDDING_STAGE, done, len(missing))

    def _passage(self, chunk: Chunk) -> Passage:
        title = self.store.document(chunk.document_id).metadata.title
        return Passage(passage_heading(title, chunk.section_path), chunk.text, sentence_spans(chunk.text))

    # --- words -------------------------------------------------------------------------------

    def _build_lexical(self, progress: Progress) -> MeanLengths:
        headings = bodies = 0
        titles = {name: metadata.title for name, metadata in self.store.metadata().items()}
        writer = LexicalWriter(self._paths.lexical_chunks, [PASSAGE_FIELD])
        count = 0
        for row, chunk in enumerate(iterate_chunks(self.store)):
            fields = chunk_fields(titles[chunk.document_id], chunk)
            headings += len(fields.heading)
            bodies += len(fields.body)
            count += 1
            writer.add(row, chunk.id, {PASSAGE_FIELD: (*fields.heading, *fields.whole_text)})
        writer.commit()
        self._build_documents(titles, progress)
        return MeanLengths(headings / max(1, count), bodies / max(1, count))

    def _build_documents(self, titles: dict[str, str], progress: Progress) -> None:
        writer = LexicalWriter(self._paths.lexical_documents, [DOCUMENT_FIELD])
        for row, (name, title) in enumerate(titles.items()):
            terms = search_terms(f"{title}\n{self.store.document(name).text}")
            writer.add(row, name, {DOCUMENT_FIELD: terms})
            progress(LEXICAL_STAGE, row + 1, len(titles))
        writer.commit()


class _FreshVectors:
    """New vectors on disk between encoding and their place in the rows' order: they may be gigabytes.

    A passage's own vector is the first row of its stretch, its sentences follow.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder, self._dimension = folder, dimension
        self._writer = VectorWriter(folder, dimension)
        self._kept: dict[str, tuple[int, Spans]] = {}
        self._rows = 0
        self._file: VectorFile | None = None

    def keep(self, chunks: Sequence[Chunk], passages: Sequence[Passage], vectors: Sequence[PassageVectors]) -> None:
        for chunk, passage, each in zip(chunks, passages, vectors, strict=True):
            self._writer.append(quantise(np.concatenate([each.passage[None], each.sentences])))
            self._kept[chunk.id] = self._rows, passage.sentences
            self._rows += 1 + len(passage.sentences)

    def take(self, chunk_id: str) -> tuple[Quantised, Spans, Quantised]:
        """The passage's vector, its sentences' places and their vectors."""
        if self._file is None:
            self._writer.close()
            self._file = VectorFile(self._folder, self._rows, self._dimension)
        start, spans = self._kept[chunk_id]
        return self._file.read(start, start + 1), spans, self._file.read(start + 1, start + 1 + len(spans))

    def clear(self) -> None:
        self._file = None
        shutil.rmtree(self._folder, ignore_errors=True)


def _blocks(chunks: Iterable[Chunk], size: int) -> Iterator[list[Chunk]]:
    block: list[Chunk] = []
    for chunk in chunks:
        block.append(chunk)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block
