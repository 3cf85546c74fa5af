"""A version being built: nothing of it is seen by readers until it is published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.documents.chunking import indexed_text
from bot.index.dense import DenseEntry, DenseIndex
from bot.index.documents import DocumentStore, iterate_chunks
from bot.index.embedder import Embedder
from bot.index.fields import chunk_fields
from bot.index.layout import IndexLayout, VersionLayout
from bot.index.lexical import LexicalEntry, build_lexical
from bot.index.manifest import INDEX_FORMAT, Manifest, write_manifest
from bot.index.records import MeanLengths
from bot.text.tokens import search_terms
from bot.types import Chunk, Document

#: Called with (stage, done, total).
Progress = Callable[[str, int, int], None]
EMBEDDING_STAGE = "embed"
LEXICAL_STAGE = "lexical"


class IndexDraft:
    """Built on the version ``base`` (documents and vectors copied, not made again) or from nothing."""

    def __init__(self, layout: IndexLayout, number: int, base: VersionLayout | None) -> None:
        self.number = number
        self._layout = layout
        self._base = base
        self._paths = layout.version(number)
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

    def finish(self, embedder: Embedder, *, keep_vectors: bool, progress: Progress) -> None:
        """Bring the dense leg up to date with the documents and build the lexical one."""
        self._build_dense(embedder, keep_vectors, progress)
        lengths = self._build_lexical(progress)
        manifest = Manifest(INDEX_FORMAT, embedder.fingerprint, embedder.dimension, lengths.heading, lengths.body)
        write_manifest(self.store, manifest)
        self.store.close()

    def publish(self, previous: int | None) -> None:
        """Put this version in force."""
        self._layout.publish(self.number, previous)

    def discard(self) -> None:
        """Leave no trace."""
        self.store.close()
        shutil.rmtree(self._paths.folder, ignore_errors=True)

    def _build_dense(self, embedder: Embedder, keep_vectors: bool, progress: Progress) -> None:
        wanted = self.store.chunk_documents()
        stored: Mapping[str, str] = {}
        if keep_vectors and self._base is not None:
            stored = DocumentStore(self._base.documents).chunk_documents()
            shutil.copytree(self._base.chroma, self._paths.chroma)
        missing = wanted.keys() - stored.keys()
        dense = DenseIndex(self._paths.chroma)
        progress(EMBEDDING_STAGE, 0, len(missing))
        try:
            dense.update(
                embedder,
                remove=sorted(stored.keys() - wanted.keys()),
                add=(entry for entry in self._entries() if entry.chunk_id in missing),
                told=lambda done: progress(EMBEDDING_STAGE, done, len(missing)),
            )
        finally:
            dense.close()

    def _entries(self) -> Iterator[DenseEntry]:
        titles = {name: metadata.title for name, metadata in self.store.metadata().items()}
        for chunk in iterate_chunks(self.store):
            text = indexed_text(titles[chunk.document_id], chunk.section_path, chunk.text)
            yield DenseEntry(chunk.id, chunk.document_id, text)

    def _build_lexical(self, progress: Progress) -> MeanLengths:
        headings, bodies = [0], [0]

        def chunks() -> Iterator[LexicalEntry]:
            titles = {name: metadata.title for name, metadata in self.store.metadata().items()}
            for chunk in iterate_chunks(self.store):
                fields = chunk_fields(titles[chunk.document_id], chunk)
                headings.append(len(fields.heading))
                bodies.append(len(fields.body))
                yield LexicalEntry(chunk.id, (*fields.heading, *fields.whole_text))

        build_lexical(self._paths.lexical_chunks, chunks())
        build_lexical(self._paths.lexical_documents, self._whole_documents(progress))
        count = max(1, len(bodies) - 1)
        return MeanLengths(sum(headings) / count, sum(bodies) / count)

    def _whole_documents(self, progress: Progress) -> Iterator[LexicalEntry]:
        documents = self.store.metadata()
        for done, (name, metadata) in enumerate(documents.items(), start=1):
            yield LexicalEntry(name, search_terms(f"{metadata.title}\n{self.store.document(name).text}"))
            progress(LEXICAL_STAGE, done, len(documents))
