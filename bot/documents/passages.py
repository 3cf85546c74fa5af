"""A file of the corpus as what the index takes: its document and its passages."""

from __future__ import annotations

from bot.documents.chunking import chunk_document
from bot.documents.corpus import CorpusFile
from bot.documents.load import load_document
from bot.types import Chunk, Document

ReadFile = tuple[Document, tuple[Chunk, ...]]


def read_passages(file: CorpusFile) -> ReadFile:
    """The document of ``file`` with its passages. Raises :class:`DocumentError`."""
    document = load_document(file)
    return document, chunk_document(document)
