"""One published version of the index, opened for reading and replaceable while running."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import IndexMissing, SearchIndexError
from bot.index.dense import DenseIndex
from bot.index.documents import DocumentStore
from bot.index.layout import REMEDY, IndexLayout
from bot.index.lexical import LexicalIndex
from bot.index.manifest import INDEX_FORMAT, Manifest, read_manifest
from bot.index.records import MeanLengths, ScoredId
from bot.types import Chunk, Document, DocumentMetadata


class SearchIndex:
    """A version in force at the time of :meth:`open`. Safe to share between threads.

    When :meth:`is_current` turns false, open another and :meth:`close` this one; a thread still at work
    on a closed one finishes undisturbed (files are opened again as needed).
    """

    def __init__(self, layout: IndexLayout, version: int, manifest: Manifest) -> None:
        paths = layout.version(version)
        self._layout = layout
        self._version = version
        self._manifest = manifest
        self._store = DocumentStore(paths.documents)
        self._chunks = LexicalIndex(paths.lexical_chunks)
        self._documents = LexicalIndex(paths.lexical_documents)
        self._dense = DenseIndex(paths.chroma)

    @classmethod
    def open(cls, data_dir: Path) -> SearchIndex:
        """The version in force below ``data_dir``.

        Raises :class:`IndexMissing` when none was built, :class:`SearchIndexError` when it is damaged or
        of another program version; both name the remedy.
        """
        layout = IndexLayout(data_dir)
        pointer = layout.read_pointer()
        paths = layout.version(pointer.version)
        if not paths.documents.is_file():
            raise IndexMissing("索引文件不见了", value=paths.folder, remedy=f"{REMEDY} --rebuild")
        store = DocumentStore(paths.documents)
        try:
            manifest = read_manifest(store)
        finally:
            store.close()
        if manifest.format != INDEX_FORMAT:
            raise SearchIndexError(
                "索引是程序的另一个版本建的", value=manifest.format, tried=f"本版本用 {INDEX_FORMAT}", remedy=REMEDY
            )
        return cls(layout, pointer.version, manifest)

    @property
    def version(self) -> int:
        """Number of the version."""
        return self._version

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the embedder whose vectors are stored."""
        return self._manifest.embedder

    @property
    def dimension(self) -> int:
        """Length of the stored vectors."""
        return self._manifest.dimension

    @property
    def mean_lengths(self) -> MeanLengths:
        """How many search terms the heading and the body of a chunk have on average."""
        return MeanLengths(self._manifest.heading_terms, self._manifest.body_terms)

    @cached_property
    def chunk_count(self) -> int:
        """How many chunks there are."""
        return self._store.chunk_count()

    @cached_property
    def _metadata(self) -> Mapping[str, DocumentMetadata]:
        return self._store.metadata()

    @property
    def document_ids(self) -> tuple[str, ...]:
        """All document ids, sorted."""
        return tuple(self._metadata)

    def documents_metadata(self) -> tuple[DocumentMetadata, ...]:
        """Metadata of all documents, in order of :attr:`document_ids`."""
        return tuple(self._metadata.values())

    def metadata(self, document_id: str) -> DocumentMetadata:
        """Metadata of one document. Raises :class:`UsageError` for an unknown id."""
        known = self._metadata.get(document_id)
        return self._store.document(document_id).metadata if known is None else known

    def document(self, document_id: str) -> Document:
        """A whole document. Raises :class:`UsageError` for an unknown id."""
        return self._store.document(document_id)

    def chunk(self, chunk_id: str) -> Chunk:
        """A chunk with its text. Raises :class:`UsageError` for an unknown id."""
        return self._store.chunk(chunk_id)

    def documents_of(self, chunk_ids: Collection[str]) -> dict[str, str]:
        """Document id by chunk id, for the ids that are on file."""
        return self._store.documents_of(chunk_ids)

    def chunks_of(self, document_id: str) -> tuple[Chunk, ...]:
        """All chunks of a document in reading order; none for an unknown id."""
        return self._store.chunks_of(document_id)

    def attachment(self, name: str) -> str | None:
        """A named text published with the version, or ``None``."""
        return self._store.attachment(name)

    def document_frequency(self, term: str) -> int:
        """In how many chunks the search term ``term`` stands (title and section path included)."""
        return self._chunks.document_frequency(term)

    def lexical(self, terms: Mapping[str, float], k: int) -> tuple[ScoredId, ...]:
        """The best ``k`` chunks by weighted BM25, best first."""
        return self._chunks.search(terms, k)

    def lexical_documents(self, terms: Mapping[str, float], k: int) -> tuple[ScoredId, ...]:
        """The best ``k`` whole documents by weighted BM25, best first."""
        return self._documents.search(terms, k)

    def dense(self, vector: NDArray[np.float32], k: int) -> tuple[ScoredId, ...]:
        """The ``k`` nearest chunks by cosine; ``vector`` is ``(dimension,)`` float32."""
        return self._dense.search(vector, min(k, self.chunk_count))

    def is_current(self) -> bool:
        """Whether this version is still the one in force (reads one small file)."""
        try:
            return self._layout.read_pointer().version == self._version
        except SearchIndexError:
            # Nothing newer to move to: what is open goes on serving.
            return True

    def close(self) -> None:
        """Give all files back."""
        for part in (self._store, self._chunks, self._documents, self._dense):
            part.close()
