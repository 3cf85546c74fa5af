"""The two fields of a chunk as search terms: what stands above it, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.text.tokens import search_terms
from bot.types import Chunk


@dataclass(frozen=True, slots=True)
class ChunkFields:
    """``heading`` is title and section path; ``body`` the text without a title that it begins with.

    ``whole_text`` are the terms of the text as it is.
    """

    heading: tuple[str, ...]
    body: tuple[str, ...]
    whole_text: tuple[str, ...]


def chunk_fields(title: str, chunk: Chunk) -> ChunkFields:
    """The fields of ``chunk`` of a document called ``title``."""
    heading = tuple(search_terms(f"{title}\n{' '.join(chunk.section_path)}"))
    whole = tuple(search_terms(chunk.text))
    repeated = bool(title) and chunk.text.startswith(title)
    body = tuple(search_terms(chunk.text[len(title) :])) if repeated else whole
    return ChunkFields(heading, body, whole)
