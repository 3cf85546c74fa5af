"""Documents, their chunks and named attachments of one version, in SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import SearchIndexError, UsageError
from bot.index.layout import REMEDY
from bot.types import Chunk, Document, DocumentMetadata, LeftOut, Section, Unit, UnitCell, UnitKind

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, content_hash TEXT NOT NULL, text TEXT NOT NULL,
    metadata TEXT NOT NULL, own_metadata TEXT NOT NULL, sections TEXT NOT NULL, units TEXT NOT NULL,
    reading TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chunks (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, section_path TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, row INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS chunks_of_document ON chunks (document_id, ordinal);
CREATE INDEX IF NOT EXISTS chunks_by_row ON chunks (row);
CREATE TABLE IF NOT EXISTS attachments (name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
"""
_DOCUMENT_COLUMNS = "id, text, content_hash, metadata, sections, units, reading"
_CHUNK_COLUMNS = 'id, document_id, ordinal, section_path, start, "end"'
#: Documents kept in memory; a search touches far fewer.
_CACHED_DOCUMENTS = 1_024
#: Below SQLite's limit of variables in one statement.
_VARIABLES = 500

_Value = TypeVar("_Value")


class DocumentStore:
    """One version's SQLite file. Safe to share between threads; the first use opens it."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self._path = path
        self._writable = writable
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._cache: OrderedDict[str, Document] = OrderedDict()

    # --- reading -----------------------------------------------------------------------------

    def document(self, document_id: str) -> Document:
        """A whole document. Raises :class:`UsageError` for an unknown id."""
        with self._lock:
            cached = self._cache.get(document_id)
            if cached is not None:
                self._cache.move_to_end(document_id)
                return cached
            row = self._execute(f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE id = ?", document_id).fetchone()
            if row is None:
                raise UsageError(
                    "资料库里没有这份文件", value=document_id, remedy="用 python -m bot search 查它的 document_id"
                )
            document = _document(row)
            self._cache[document_id] = document
            if len(self._cache) > _CACHED_DOCUMENTS:
                self._cache.popitem(last=False)
            return document

    def has_document(self, document_id: str) -> bool:
        """Whether the id is on file."""
        with self._lock:
            return self._execute("SELECT 1 FROM documents WHERE id = ?", document_id).fetchone() is not None

    def content_hashes(self) -> dict[str, str]:
        """Content hash by document id, in order of the ids."""
        with self._lock:
            return dict(self._execute("SELECT id, content_hash FROM documents ORDER BY id").fetchall())

    def metadata(self) -> dict[str, DocumentMetadata]:
        """Metadata by document id, in order of the ids."""
        with self._lock:
            rows = self._execute("SELECT id, metadata FROM documents ORDER BY id").fetchall()
        return {row[0]: _metadata(row[1]) for row in rows}

    def chunk(self, chunk_id: str) -> Chunk:
        """A chunk with its text. Raises :class:`UsageError` for an unknown id."""
        with self._lock:
            row = self._execute(f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE id = ?", chunk_id).fetchone()
            if row is None:
                raise UsageError("索引里没有这个片段", value=chunk_id, remedy=REMEDY)
            return self._chunk(row)

    def chunks_of(self, document_id: str) -> tuple[Chunk, ...]:
        """All chunks of a document in reading order."""
        with self._lock:
            query = f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE document_id = ? ORDER BY ordinal"
            rows = self._execute(query, document_id).fetchall()
            return tuple(self._chunk(row) for row in rows)

    def chunks_at(self, rows: Sequence[int]) -> dict[int, Chunk]:
        """Chunks with their texts by row number, for the rows that are on file."""
        found: dict[int, Chunk] = {}
        with self._lock:
            for block in _blocks(rows):
                marks = ",".join("?" * len(block))
                query = f"SELECT row, {_CHUNK_COLUMNS} FROM chunks WHERE row IN ({marks})"
                found.update((row[0], self._chunk(row[1:])) for row in self._execute(query, *block).fetchall())
        return found

    def rows_of(self, chunk_ids: Sequence[str]) -> dict[str, int]:
        """Row number by chunk id, for the ids that are on file."""
        found: dict[str, int] = {}
        with self._lock:
            for block in _blocks(chunk_ids):
                marks = ",".join("?" * len(block))
                found.update(self._execute(f"SELECT id, row FROM chunks WHERE id IN ({marks})", *block).fetchall())
        return found

    def row_owners(self) -> list[tuple[str, str]]:
        """Chunk id and document id of every row, in order of the rows."""
        with self._lock:
            return self._execute("SELECT id, document_id FROM chunks ORDER BY row").fetchall()

    def chunk_count(self) -> int:
        """How many chunks there are."""
        with self._lock:
            return int(self._execute("SELECT count(*) FROM chunks").fetchone()[0])

    def attachment(self, name: str) -> str | None:
        """A named text kept with the version, or ``None``."""
        with self._lock:
            row = self._execute("SELECT content FROM attachments WHERE name = ?", name).fetchone()
        return None if row is None else str(row[0])

    # --- writing -----------------------------------------------------------------------------

    def create(self) -> None:
        """Make the tables where they are missing."""
        with self._lock:
            self._open().executescript(_SCHEMA)

    def put_document(self, document: Document, chunks: Iterable[Chunk]) -> None:
        """Add a document with its chunks, in place of an older one of the same id."""
        with self._lock, self._open():
            self._execute("DELETE FROM documents WHERE id = ?", document.id)
            self._execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                document.id,
                document.content_hash,
                document.text,
                _metadata_json(document.metadata),
                _metadata_json(document.metadata),
                json.dumps([[*section.path, section.start, section.end] for section in document.sections]),
                json.dumps([_unit_row(unit) for unit in document.units], ensure_ascii=False),
                _reading_json(document),
            )
            rows = [
                (c.id, c.document_id, c.ordinal, json.dumps(c.section_path, ensure_ascii=False), c.start, c.end)
                for c in chunks
            ]
            self._open().executemany("INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, NULL)", rows)
            self._cache.pop(document.id, None)

    def number_rows(self) -> None:
        """Number all chunks from 0 by document id and reading order."""
        with self._lock, self._open():
            ids = self._execute("SELECT id FROM chunks ORDER BY document_id, ordinal").fetchall()
            numbered = [(row, chunk_id) for row, (chunk_id,) in enumerate(ids)]
            self._open().executemany("UPDATE chunks SET row = ? WHERE id = ?", numbered)

    def remove_document(self, document_id: str) -> None:
        """Remove a document with its chunks."""
        with self._lock, self._open():
            self._execute("DELETE FROM documents WHERE id = ?", document_id)
            self._cache.pop(document_id, None)

    def own_metadata(self) -> dict[str, DocumentMetadata]:
        """What each document says of itself, by id, whatever others on file say of it."""
        with self._lock:
            rows = self._execute("SELECT id, own_metadata FROM documents ORDER BY id").fetchall()
        return {row[0]: _metadata(row[1]) for row in rows}

    def readings(self) -> Iterator[tuple[str, tuple[LeftOut, ...], tuple[str, ...]]]:
        """Id, what was left out and warnings of every document."""
        with self._lock:
            rows = self._execute("SELECT id, reading FROM documents ORDER BY id").fetchall()
        for document_id, reading in rows:
            told = json.loads(reading)
            yield document_id, tuple(LeftOut(**each) for each in told["left_out"]), tuple(told["warnings"])

    def set_metadata(self, document_id: str, metadata: DocumentMetadata) -> None:
        """Put what is known of a document, from itself and from others, in place of what was."""
        with self._lock, self._open():
            self._execute("UPDATE documents SET metadata = ? WHERE id = ?", _metadata_json(metadata), document_id)
            self._cache.pop(document_id, None)

    def attach(self, name: str, content: str) -> None:
        """Keep a named text with the version."""
        with self._lock, self._open():
            self._execute("INSERT OR REPLACE INTO attachments VALUES (?, ?)", name, content)

    def close(self) -> None:
        """Give the file back; a later use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    # --- inside ------------------------------------------------------------------------------

    def _chunk(self, row: tuple[str, str, int, str, int, int]) -> Chunk:
        chunk_id, document_id, ordinal, path, start, end = row
        text = self.document(document_id).text[start:end]
        return Chunk(chunk_id, document_id, ordinal, tuple(json.loads(path)), start, end, text)

    def _execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        try:
            return self._open().execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise SearchIndexError(
                "索引读不了", value=self._path, tried=str(error), remedy=f"{REMEDY} --rebuild"
            ) from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            # Nobody writes to a published version: without locks it is read on shared folders as well.
            mode = "mode=rwc" if self._writable else "mode=ro&immutable=1"
            uri = f"{self._path.resolve().as_uri()}?{mode}"
            try:
                self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            except sqlite3.OperationalError as error:
                raise SearchIndexError(
                    "索引打不开", value=self._path, tried=str(error), remedy=f"{REMEDY} --rebuild"
                ) from error
            self._connection.execute("PRAGMA foreign_keys = ON")
        return self._connection


def _blocks(values: Sequence[_Value]) -> Iterator[list[_Value]]:
    for start in range(0, len(values), _VARIABLES):
        yield list(values[start : start + _VARIABLES])


def _document(row: tuple[str, ...]) -> Document:
    document_id, text, content_hash, metadata, sections, units, reading = row
    told = json.loads(reading)
    return Document(
        document_id,
        text,
        content_hash,
        _metadata(metadata),
        _sections(sections),
        tuple(_unit(each) for each in json.loads(units)),
        tuple(LeftOut(**each) for each in told["left_out"]),
        tuple(told["warnings"]),
        bool(told["machine_read"]),
    )


def _metadata(content: str) -> DocumentMetadata:
    return DocumentMetadata.from_json(json.loads(content))


def _metadata_json(metadata: DocumentMetadata) -> str:
    return json.dumps(asdict(metadata), ensure_ascii=False)


def _reading_json(document: Document) -> str:
    told = {
        "left_out": [asdict(each) for each in document.left_out],
        "warnings": document.warnings,
        "machine_read": document.machine_read,
    }
    return json.dumps(told, ensure_ascii=False)


def _unit_row(unit: Unit) -> list[object]:
    cells = [[*cell.headers, cell.text] for cell in unit.cells]
    return [unit.kind.value, unit.start, unit.end, unit.parent, unit.marker, unit.table, cells]


def _unit(row: list[Any]) -> Unit:
    kind, start, end, parent, marker, table, cells = row
    return Unit(
        UnitKind(kind), start, end, parent, marker, table, tuple(UnitCell(tuple(each[:-1]), each[-1]) for each in cells)
    )


def _sections(content: str) -> tuple[Section, ...]:
    return tuple(Section(tuple(item[:-2]), item[-2], item[-1]) for item in json.loads(content))


def iterate_chunks(store: DocumentStore) -> Iterator[Chunk]:
    """All chunks, by document id and reading order."""
    for document_id in store.content_hashes():
        yield from store.chunks_of(document_id)
