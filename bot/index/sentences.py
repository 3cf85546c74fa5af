"""The sentences of every passage: where they stand, and their vectors, beside the passages of a version.

::

    sentences/
    ├── starts.npy   (passages + 1,) int64: the sentences of passage row r are starts[r]:starts[r + 1]
    ├── spans.npy    (sentences, 2) int32: offsets within the passage
    └── codes.i8, scales.f32   their vectors (bot.search.vectors)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.vectors import Floats, Quantised, Rows, VectorFile, VectorWriter
from bot.text.sentences import split_sentences

STARTS_FILE, SPANS_FILE = "starts.npy", "spans.npy"


@dataclass(frozen=True, slots=True, eq=False)
class PassageSentences:
    """Sentences of one passage: ``spans`` ``(n, 2)`` offsets within it and their ``cosines`` ``(n,)``."""

    spans: NDArray[np.int32]
    cosines: Floats


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of the sentences of a passage in order, semicolons ending one too."""
    return tuple((span.start, span.end) for span in split_sentences(text, at_semicolons=True))


class SentenceWriter:
    """Writes a version's sentences, passage by passage in row order."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._vectors = VectorWriter(folder, dimension)
        self._counts: list[int] = [0]
        self._spans: list[NDArray[np.int32]] = []

    def add(self, spans: Sequence[tuple[int, int]] | NDArray[np.int32], vectors: Quantised) -> None:
        """Add the next passage's sentences."""
        self._counts.append(len(vectors.scales))
        self._spans.append(np.asarray(spans, dtype=np.int32).reshape(-1, 2))
        self._vectors.append(vectors)

    def finish(self) -> None:
        """Write where each passage's sentences lie, and close the files."""
        self._vectors.close()
        np.save(self._folder / STARTS_FILE, np.cumsum(np.array(self._counts, dtype=np.int64)))
        spans = np.concatenate(self._spans) if self._spans else np.zeros((0, 2), dtype=np.int32)
        np.save(self._folder / SPANS_FILE, spans)


class SentenceIndex:
    """A version's sentences, memory-mapped. Raises ValueError or OSError when a file is missing or damaged."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._starts: NDArray[np.int64] = np.load(folder / STARTS_FILE)
        self._spans: NDArray[np.int32] = np.load(folder / SPANS_FILE, mmap_mode="r")
        self._vectors = VectorFile(folder, int(self._starts[-1]), dimension)

    def read(self, row: int) -> tuple[NDArray[np.int32], Quantised]:
        """Spans and stored vectors of passage ``row``."""
        start, end = int(self._starts[row]), int(self._starts[row + 1])
        return np.array(self._spans[start:end]), self._vectors.read(start, end)

    def scored(self, rows: Sequence[int], vector: Floats | None) -> list[PassageSentences]:
        """The sentences of passage ``rows`` with their cosine to ``vector`` (0 without one)."""
        ranges = [np.arange(self._starts[row], self._starts[row + 1], dtype=np.intp) for row in rows]
        wanted: Rows = np.concatenate(ranges) if ranges else np.zeros(0, dtype=np.intp)
        cosines = np.zeros(len(wanted), dtype=np.float32) if vector is None else self._vectors.cosines(vector, wanted)
        found: list[PassageSentences] = []
        position = 0
        for each in ranges:
            following = position + len(each)
            found.append(PassageSentences(np.array(self._spans[each]), cosines[position:following]))
            position = following
        return found
