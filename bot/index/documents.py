"""The stored documents of one index version: clean text, metadata, sections, chunks, attachments."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.types import (
    Chunk,
    ContactBlock,
    Document,
    DocumentMetadata,
    Section,
    SourceKind,
    Status,
    TextKind,
)

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, content_hash TEXT NOT NULL, text TEXT NOT NULL,
    metadata TEXT NOT NULL, sections TEXT NOT NULL
);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, document_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    section_path TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX chunks_of_document ON chunks (document_id, ordinal);
CREATE TABLE attachments (name TEXT PRIMARY KEY, content TEXT NOT NULL);
"""
DOCUMENT_CACHE = 512


def write_documents(
    path: Path,
    documents: Iterable[Document],
    chunks: Iterable[Chunk],
    attachments: Mapping[str, str],
) -> None:
    """Write a new file; it must not exist yet."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
            (
                (
                    document.id,
                    document.content_hash,
                    document.text,
                    _dump(asdict(document.metadata)),
                    _dump([asdict(section) for section in document.sections]),
                )
                for document in documents
            ),
        )
        connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (number, c.id, c.document_id, c.ordinal, _dump(c.section_path), c.start, c.end)
                for number, c in enumerate(chunks)
            ),
        )
        connection.executemany("INSERT INTO attachments VALUES (?, ?)", attachments.items())


class DocumentStore:
    """Reads one version's documents; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self._document = lru_cache(maxsize=DOCUMENT_CACHE)(self._read_document)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def document(self, document_id: str) -> Document | None:
        """One document, or None."""
        return self._document(document_id)

    def document_ids(self) -> tuple[str, ...]:
        """All ids, sorted."""
        return tuple(row[0] for row in self._connection.execute("SELECT id FROM documents ORDER BY id"))

    def content_hashes(self) -> dict[str, str]:
        """Content hash by document id."""
        return dict(self._connection.execute("SELECT id, content_hash FROM documents"))

    def metadata(self) -> Iterator[DocumentMetadata]:
        """Metadata of every document."""
        for (text,) in self._connection.execute("SELECT metadata FROM documents ORDER BY id").fetchall():
            yield _metadata(json.loads(text))

    def chunk_count(self) -> int:
        """How many chunks there are."""
        return int(self._connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def chunk(self, number: int) -> Chunk | None:
        """The chunk of a running number."""
        return next(self._chunks("WHERE number = ?", number), None)

    def chunk_by_id(self, chunk_id: str) -> Chunk | None:
        """The chunk of an id."""
        return next(self._chunks("WHERE id = ?", chunk_id), None)

    def chunks_of(self, document_id: str) -> tuple[Chunk, ...]:
        """The chunks of a document, in order."""
        return tuple(self._chunks("WHERE document_id = ? ORDER BY ordinal", document_id))

    def attachment(self, name: str) -> str | None:
        """A named text kept beside the documents."""
        row = self._connection.execute("SELECT content FROM attachments WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _chunks(self, condition: str, value: object) -> Iterator[Chunk]:
        rows = self._connection.execute(
            f'SELECT id, document_id, ordinal, section_path, "start", "end" FROM chunks {condition}', (value,)
        ).fetchall()
        for identifier, document_id, ordinal, section_path, start, end in rows:
            document = self.document(document_id)
            if document is not None:
                text = document.text[start:end]
                path = tuple(json.loads(section_path))
                yield Chunk(identifier, document_id, ordinal, path, start, end, text)

    def _read_document(self, document_id: str) -> Document | None:
        row = self._connection.execute(
            "SELECT content_hash, text, metadata, sections FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            return None
        content_hash, text, metadata, sections = row
        return Document(
            document_id,
            text,
            content_hash,
            _metadata(json.loads(metadata)),
            tuple(Section(tuple(s["path"]), s["start"], s["end"]) for s in json.loads(sections)),
        )


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def _metadata(fields: dict[str, Any]) -> DocumentMetadata:
    contact = fields.pop("contact")
    return DocumentMetadata(
        **{
            **fields,
            "status": Status(fields["status"]),
            "kind": SourceKind(fields["kind"]),
            "text_kind": TextKind(fields["text_kind"]),
        },
        contact=ContactBlock(**contact) if contact else None,
    )
