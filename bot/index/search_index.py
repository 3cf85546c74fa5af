"""One published index version, opened for reading and replaceable while running."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import IndexMissing, SearchIndexError, UsageError
from bot.index.dense import DenseIndex
from bot.index.documents import DocumentStore
from bot.index.lexical import LexicalIndex, ScoredKey
from bot.index.versions import Version, current_version
from bot.types import Chunk, Document, DocumentMetadata

REMEDY = "运行 python ingest.py"


class SearchIndex:
    """Stored text and both legs of one version. Open a new one when :meth:`is_current` turns false."""

    def __init__(
        self,
        data_dir: Path,
        version: Version,
        documents: DocumentStore,
        lexical: LexicalIndex,
        lexical_documents: LexicalIndex,
    ) -> None:
        self._data_dir = data_dir
        self._version = version
        self._documents = documents
        self._lexical = lexical
        self._lexical_documents = lexical_documents
        self._dense = DenseIndex(version.dense)
        self.document_ids = documents.document_ids()
        self.chunk_count = documents.chunk_count()

    @classmethod
    def open(cls, data_dir: Path) -> SearchIndex:
        """The version in force. Raises :class:`IndexMissing` or :class:`SearchIndexError`."""
        version = current_version(data_dir)
        if version is None:
            raise IndexMissing("还没有建索引", value=data_dir, remedy=REMEDY)
        if not version.documents.is_file():
            raise IndexMissing("索引文件不见了", value=version.folder, remedy=f"{REMEDY} --rebuild")
        try:
            return cls(
                data_dir,
                version,
                DocumentStore(version.documents),
                LexicalIndex(version.lexical),
                LexicalIndex(version.lexical_documents),
            )
        except (ValueError, OSError) as error:
            raise SearchIndexError(
                "索引打不开", value=version.folder, tried=str(error)[:200], remedy=f"{REMEDY} --rebuild"
            ) from None

    @property
    def version(self) -> int:
        """Running number of the version."""
        return self._version.number

    @property
    def fingerprint(self) -> str:
        """What the version was built with."""
        return self._version.fingerprint

    @property
    def version_record(self) -> Version:
        """Where the version lies, for a build that reuses its vectors."""
        return self._version

    def is_current(self) -> bool:
        """Whether this is still the version in force."""
        current = current_version(self._data_dir)
        return current is not None and current.number == self._version.number

    def document(self, document_id: str) -> Document:
        """One document. Raises :class:`UsageError` for an unknown id."""
        document = self._documents.document(document_id)
        if document is None:
            raise UsageError(
                "资料库里没有这份文件", value=document_id, remedy="用 python -m bot search 查它的 document_id"
            )
        return document

    def documents_metadata(self) -> tuple[DocumentMetadata, ...]:
        """Metadata of every document, in the order of ids."""
        return tuple(self._documents.metadata())

    def content_hashes(self) -> dict[str, str]:
        """Content hash by document id."""
        return self._documents.content_hashes()

    def chunk(self, chunk_id: str) -> Chunk | None:
        """One chunk, or None."""
        return self._documents.chunk_by_id(chunk_id)

    def chunks_of(self, document_id: str) -> tuple[Chunk, ...]:
        """The chunks of one document, in order."""
        return self._documents.chunks_of(document_id)

    def attachment(self, name: str) -> str | None:
        """A named text that ingest kept beside the documents."""
        return self._documents.attachment(name)

    def document_frequency(self, term: str) -> int:
        """In how many chunks a search term stands (title and section path counted)."""
        return self._lexical.document_frequency(term)

    def lexical(self, terms: Mapping[str, float], k: int) -> tuple[ScoredKey, ...]:
        """BM25 over chunks: the best ``k`` chunk ids."""
        return self._lexical.search(terms, k)

    def lexical_documents(self, terms: Mapping[str, float], k: int) -> tuple[ScoredKey, ...]:
        """BM25 over whole documents: the best ``k`` document ids."""
        return self._lexical_documents.search(terms, k)

    def dense(self, vector: NDArray[np.float32], k: int) -> tuple[ScoredKey, ...]:
        """Cosine over chunks: the best ``k`` chunk ids."""
        return self._dense.search(vector, min(k, self.chunk_count)) if self.chunk_count else ()

    def close(self) -> None:
        """Release files and memory."""
        self._dense.close()
        self._documents.close()
