"""One published version of the index, opened for reading and replaceable while running."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.encoder import Floats
from bot.errors import IndexMissing, SearchIndexError, VectorServerError
from bot.index.chroma import place_of
from bot.index.dense import DenseIndex
from bot.index.documents import DocumentStore
from bot.index.layout import REMEDY, IndexLayout
from bot.index.manifest import INDEX_FORMAT, Manifest, read_manifest
from bot.index.records import MeanLengths, RowScores
from bot.index.sentences import PassageSentences, SentenceIndex
from bot.search.idf import bm25_idf
from bot.search.lexical import LexicalIndex, Term
from bot.search.vectors import Rows, VectorFile
from bot.settings import ChromaSettings
from bot.types import Chunk, Document, DocumentMetadata, LeftOut

#: The one field of either lexical index.
PASSAGE_FIELD, DOCUMENT_FIELD = "passage", "document"
FILES_ONLY = ChromaSettings()
#: A vector comes back from Chroma as it was put in, but for the last bits of its numbers.
_SAME = 1e-6
#: Passages that are looked for by their own vectors, and the cosine that each has with itself at least. The search is
#: approximate: one of them may be missed in a whole index.
_LOOKED_FOR, _OWN = 16, 0.99
_LOG = logging.getLogger(__name__)


class SearchIndex:
    """A version in force at the time of :meth:`open`. Safe to share between threads.

    Passages have row numbers from 0 in order of document id and reading. When :meth:`is_current` turns
    false, open another and :meth:`close` this one; a thread still at work on a closed one finishes
    undisturbed (files are opened again as needed).
    """

    def __init__(self, layout: IndexLayout, version: int, manifest: Manifest, chroma: ChromaSettings) -> None:
        paths = layout.version(version)
        self._layout = layout
        self._version = version
        self._manifest = manifest
        self._paths = paths
        self._store = DocumentStore(paths.documents)
        self._chunks = LexicalIndex(paths.lexical_chunks)
        self._documents = LexicalIndex(paths.lexical_documents)
        self._dense = DenseIndex(place_of(layout, version, chroma))
        self._told_damaged = False

    @classmethod
    def open(cls, data_dir: Path, version: int | None = None, *, chroma: ChromaSettings = FILES_ONLY) -> SearchIndex:
        """The version in force below ``data_dir``, or a ``version`` that is complete and not in force yet.

        ``chroma`` says where the passages' vectors lie.
        Raises :class:`IndexMissing` when none was built, :class:`SearchIndexError` when it is damaged or
        of another program version; both name the remedy.
        """
        layout = IndexLayout(data_dir)
        version = layout.read_pointer().version if version is None else version
        paths = layout.version(version)
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
        return cls(layout, version, manifest, chroma)

    @property
    def version(self) -> int:
        """Number of the version."""
        return self._version

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the embedder whose vectors are stored."""
        return self._manifest.embedder

    @property
    def model(self) -> str:
        """The setting that named that embedder when the version was built."""
        return self._manifest.model

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

    @cached_property
    def document_ids(self) -> tuple[str, ...]:
        """All document ids, sorted."""
        return tuple(self._metadata)

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """For each passage row the position of its document in :attr:`document_ids`: ``(passages,)``."""
        position = {name: number for number, name in enumerate(self.document_ids)}
        return np.array([position[document] for _, document in self._store.row_owners()], dtype=np.int32)

    @cached_property
    def _sentences(self) -> SentenceIndex:
        try:
            return SentenceIndex(self._paths.sentences, self.dimension)
        except (OSError, ValueError) as error:
            raise self._damaged(self._paths.sentences, error) from error

    @cached_property
    def _passages(self) -> VectorFile:
        try:
            return VectorFile(self._paths.passages, self.chunk_count, self.dimension)
        except (OSError, ValueError) as error:
            raise self._damaged(self._paths.passages, error) from error

    def documents_metadata(self) -> tuple[DocumentMetadata, ...]:
        """Metadata of all documents, in order of :attr:`document_ids`."""
        return tuple(self._metadata.values())

    def catalogued(self) -> tuple[tuple[str, DocumentMetadata], ...]:
        """Every document's id with its metadata."""
        return tuple(self._metadata.items())

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

    def chunks_at(self, rows: Sequence[int]) -> dict[int, Chunk]:
        """Chunks with their texts by row number."""
        return self._store.chunks_at(rows)

    def chunks_of(self, document_id: str) -> tuple[Chunk, ...]:
        """All chunks of a document in reading order; none for an unknown id."""
        return self._store.chunks_of(document_id)

    def attachment(self, name: str) -> str | None:
        """A named text published with the version, or ``None``."""
        return self._store.attachment(name)

    def document_frequency(self, term: str) -> int:
        """In how many chunks the search term ``term`` stands (title and section path included)."""
        try:
            return self._chunks.frequency(Term(PASSAGE_FIELD, term))
        except ValueError as error:
            raise self._damaged(self._paths.lexical_chunks, error) from error

    def idf(self, term: str) -> float:
        """How telling ``term`` is among the passages; a term in none of them is the most telling."""
        return bm25_idf(self.chunk_count, self.document_frequency(term))

    def lexical(self, terms: Mapping[str, float], k: int) -> RowScores:
        """The best ``k`` passages by weighted BM25, best first."""
        return self._words(self._chunks, self._paths.lexical_chunks, PASSAGE_FIELD, terms, k)

    def lexical_documents(self, terms: Mapping[str, float], k: int) -> RowScores:
        """The best ``k`` whole documents by weighted BM25, by their positions in :attr:`document_ids`."""
        return self._words(self._documents, self._paths.lexical_documents, DOCUMENT_FIELD, terms, k)

    def dense(self, vector: Floats, k: int) -> RowScores:
        """The ``k`` passages nearest by cosine, best first; ``vector`` is ``(dimension,)`` float32.

        While a Chroma server is away, or Chroma's files are damaged, every passage is compared: slower in a large
        index, and no less exact.
        Raises :class:`SearchIndexError` for a vector of another length.
        """
        if vector.shape != (self.dimension,):
            raise SearchIndexError(
                "问题的向量和索引的对不上",
                value=f"{vector.shape[-1]} 维",
                tried=f"索引是 {self.dimension} 维",
                remedy=REMEDY,
            )
        k = min(k, self.chunk_count)
        try:
            return self.nearest(vector, k)
        except SearchIndexError as error:
            if not isinstance(error, VectorServerError) and not self._told_damaged:
                self._told_damaged = True
                _LOG.error("vectors are compared one by one: %s", error)
            return self._nearest_of_all(vector, k)

    def nearest(self, vector: Floats, k: int) -> RowScores:
        """What Chroma finds. Raises :class:`SearchIndexError` where its files are damaged or its server is away."""
        found = self._dense.search(vector, k)
        rows = self._store.rows_of([item.id for item in found])
        kept = [item for item in found if item.id in rows]
        return RowScores(
            np.array([rows[item.id] for item in kept], dtype=np.intp),
            np.array([item.score for item in kept], dtype=np.float32),
        )

    def check_dense(self) -> None:
        """Raise :class:`SearchIndexError` where Chroma does not hold a vector of every passage."""
        held = self._dense.count()
        if held != self.chunk_count:
            counted = f"{held} / {self.chunk_count}"
            raise VectorServerError("Chroma 里的向量和索引的片段数目不同", value=counted, remedy=REMEDY)

    def check_stored(self) -> None:
        """Raise :class:`SearchIndexError` where Chroma holds other vectors than lie beside it, or finds them no more.

        Chroma changes its own files when it opens them: no checksum of them would hold.
        """
        ids = [chunk_id for chunk_id, _ in self._store.row_owners()]
        for start in range(0, len(ids), self._dense.batch):
            block = ids[start : start + self._dense.batch]
            held = self._dense.stored(block)
            for chunk_id, vector in zip(block, self._passages.read(start, start + len(block)).floats(), strict=True):
                if chunk_id not in held or not np.allclose(held[chunk_id], vector, atol=_SAME):
                    raise SearchIndexError("向量库里的向量和索引的不同", value=chunk_id, remedy=REMEDY)
        rows = np.unique(np.linspace(0, len(ids) - 1, min(len(ids), _LOOKED_FOR)).astype(int))
        found = [self.nearest(self._passages.read(row, row + 1).floats()[0], 1) for row in rows]
        # Of two passages with the same words either may come first: the score tells.
        lost = [
            int(row) for row, each in zip(rows, found, strict=True) if not len(each.scores) or each.scores[0] < _OWN
        ]
        if 2 * len(lost) > len(rows):
            raise SearchIndexError("向量库找不到片段自己的向量", value=ids[lost[0]], remedy=REMEDY)

    def _nearest_of_all(self, vector: Floats, k: int) -> RowScores:
        if k <= 0 or not np.any(vector):
            return RowScores(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32))
        cosines = self.cosines(vector)
        nearest = np.argpartition(-cosines, k - 1)[:k]
        rows = nearest[np.argsort(-cosines[nearest], kind="stable")]
        return RowScores(rows, cosines[rows])

    def cosines(self, vector: Floats, rows: Rows | None = None) -> Floats:
        """Cosines of passage ``rows`` in their order, or of all: what :meth:`dense` finds approximately, exactly."""
        return self._passages.cosines(vector, rows)

    def sentences(self, rows: Sequence[int], vector: Floats | None) -> list[PassageSentences]:
        """The sentences of passage ``rows`` with their cosine to ``vector`` (0 without one)."""
        return self._sentences.scored(rows, vector)

    def readings(self) -> Iterator[tuple[str, tuple[LeftOut, ...], tuple[str, ...]]]:
        """Id, what reading left out, and warnings of every document."""
        return self._store.readings()

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

    def _words(self, index: LexicalIndex, folder: Path, field: str, terms: Mapping[str, float], k: int) -> RowScores:
        try:
            return index.search({Term(field, term): weight for term, weight in terms.items()}, k)
        except ValueError as error:
            raise self._damaged(folder, error) from error

    def _damaged(self, folder: Path, error: Exception) -> SearchIndexError:
        return SearchIndexError("索引打不开", value=folder, tried=str(error)[:200], remedy=f"{REMEDY} --rebuild")
