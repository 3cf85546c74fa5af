"""The documents of a version as a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.index.documents import DocumentStore
from bot.types import Document


class StoredDocuments(Mapping[str, Document]):
    """The documents of a store by id, read when asked for."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._ids = store.content_hashes()

    def __getitem__(self, document_id: str) -> Document:
        if document_id not in self._ids:
            raise KeyError(document_id)
        return self._store.document(document_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
