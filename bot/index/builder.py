"""Build one index version from documents, reusing the vectors of chunks that did not change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from bot.documents.chunking import indexed_text
from bot.index.dense import read_vectors, write_dense
from bot.index.documents import write_documents
from bot.index.embedder import Embedder, Vectors
from bot.index.lexical import TermEntry, write_lexical
from bot.index.versions import Version
from bot.text.tokens import search_terms
from bot.types import Chunk, Document

Progress = Callable[[str, int, int], None]
EMBED_BATCH = 512
#: Raised whenever chunks are indexed in another way, so that an old index rebuilds itself.
INDEX_FORMAT = 1


def fingerprint(embedder: Embedder) -> str:
    """What an index was built with; another one is no longer compatible."""
    return f"{INDEX_FORMAT}:{embedder.fingerprint}"


def build_version(
    version: Version,
    documents: Mapping[str, Document],
    chunks: Sequence[Chunk],
    embedder: Embedder,
    attachments: Mapping[str, str],
    *,
    reuse: Version | None,
    progress: Progress,
) -> None:
    """Write every part of ``version``; ``reuse`` is an older version of the same fingerprint."""
    texts = [
        indexed_text(documents[chunk.document_id].metadata.title, chunk.section_path, chunk.text) for chunk in chunks
    ]
    vectors = _vectors(chunks, texts, embedder, reuse.dense if reuse else None, progress)
    progress("写入索引", 0, 4)
    write_documents(version.documents, documents.values(), chunks, attachments)
    progress("写入索引", 1, 4)
    write_dense(version.dense, chunks, vectors)
    progress("写入索引", 2, 4)
    write_lexical(
        version.lexical,
        (TermEntry(chunk.id, tuple(search_terms(text))) for chunk, text in zip(chunks, texts, strict=True)),
    )
    progress("写入索引", 3, 4)
    write_lexical(version.lexical_documents, _document_entries(documents, chunks))
    progress("写入索引", 4, 4)


def _document_entries(documents: Mapping[str, Document], chunks: Iterable[Chunk]) -> Iterable[TermEntry]:
    for document_id, _ in groupby(chunks, key=lambda chunk: chunk.document_id):
        document = documents[document_id]
        yield TermEntry(document_id, tuple(search_terms(f"{document.metadata.title}\n{document.text}")))


def _vectors(
    chunks: Sequence[Chunk], texts: Sequence[str], embedder: Embedder, old: Path | None, progress: Progress
) -> Vectors:
    vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    wanted = {chunk.id: row for row, chunk in enumerate(chunks)}
    missing = set(range(len(chunks)))
    if old is not None and old.is_dir():
        for chunk_id, vector in read_vectors(old):
            row = wanted.get(chunk_id)
            if row is not None:
                vectors[row] = vector
                missing.discard(row)
    rows = sorted(missing)
    for start in range(0, len(rows), EMBED_BATCH):
        batch = rows[start : start + EMBED_BATCH]
        vectors[batch] = embedder.embed([texts[row] for row in batch])
        progress("计算向量", start + len(batch), len(rows))
    return vectors
