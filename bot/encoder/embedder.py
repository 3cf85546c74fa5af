"""What every encoder offers, and the records it takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage to encode: ``heading`` (title, section) gives it its context.

    ``sentences`` are ``(start, end)`` offsets into ``text``, in order and without overlap.
    """

    heading: str
    text: str
    sentences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PassageVectors:
    """``passage`` is ``(dimension,)`` and ``sentences`` ``(number of sentences, dimension)``, rows of length 1."""

    passage: Floats
    sentences: Floats


class Embedder(Protocol):
    """Whatever turns texts into vectors of length 1, compared by cosine. Safe to share between threads."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors do: with the weights, the vocabulary and the prompts."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_query(self, text: str) -> Floats:
        """``(dimension,)``: what is sought. Raises :class:`EmbeddingServiceError` when a service does not answer."""
        ...

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of passages and their sentences, in order. Raises :class:`EmbeddingServiceError` likewise."""
        ...


def unit_rows(vectors: Floats) -> Floats:
    """``vectors`` ``(n, dimension)`` with rows of length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
