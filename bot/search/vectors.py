"""Vectors on disk as int8, memory-mapped, searched exactly.

A row is stored as 8-bit codes with one float32 scale: a quarter of the space, and cosines within 0.002 of
the float ones (``tests/search``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Codes: TypeAlias = NDArray[np.int8]
Rows: TypeAlias = NDArray[np.intp]

_LARGEST_CODE = 127
#: Rows turned to floats at a time in a scan: 6 MB at 384 dimensions, which stays in the processor's cache.
_BLOCK_ROWS = 4_096
CODES_FILE, SCALES_FILE = "codes.i8", "scales.f32"


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """``codes`` ``(n, dimension)`` int8 and ``scales`` ``(n,)`` float32: a row is its codes times its scale."""

    codes: Codes
    scales: Floats

    def floats(self) -> Floats:
        """``(n, dimension)`` float32."""
        return np.asarray(self.codes * self.scales[:, None], dtype=np.float32)


def quantise(vectors: Floats) -> Quantised:
    """``vectors`` ``(n, dimension)`` as 8-bit codes; what was quantised before stays as it is."""
    if not len(vectors):
        return Quantised(np.zeros(vectors.shape, dtype=np.int8), np.zeros(0, dtype=np.float32))
    scales = np.abs(vectors).max(axis=1).astype(np.float32) / np.float32(_LARGEST_CODE)
    divisors = np.where(scales > 0, scales, np.float32(1.0))
    codes = np.rint(vectors / divisors[:, None]).astype(np.int8)
    return Quantised(codes, scales)


class VectorWriter:
    """Appends rows to the vectors in ``folder``, after the first ``rows`` of them; later ones are cut off."""

    def __init__(self, folder: Path, dimension: int, rows: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._files = [(folder / name).open("ab") for name in (CODES_FILE, SCALES_FILE)]
        for file, width in zip(self._files, (dimension, np.dtype(np.float32).itemsize), strict=True):
            file.truncate(rows * width)

    def append(self, vectors: Quantised) -> None:
        """Add rows at the end."""
        for file, block in zip(self._files, (vectors.codes, vectors.scales), strict=True):
            file.write(np.ascontiguousarray(block).tobytes())

    def close(self) -> None:
        """Bring everything to the files."""
        for file in self._files:
            file.close()


class VectorFile:
    """The first ``rows`` vectors of a folder, opened for reading.

    Raises ValueError or OSError when a file is missing or too short.
    """

    def __init__(self, folder: Path, rows: int, dimension: int) -> None:
        self.rows, self.dimension = rows, dimension
        self._codes: Codes = np.zeros((0, dimension), dtype=np.int8)
        self._scales: Floats = np.zeros(0, dtype=np.float32)
        if rows:
            self._codes = np.memmap(folder / CODES_FILE, dtype=np.int8, mode="r", shape=(rows, dimension))
            self._scales = np.memmap(folder / SCALES_FILE, dtype=np.float32, mode="r", shape=(rows,))

    def read(self, start: int, end: int) -> Quantised:
        """Rows ``start:end`` as they are stored."""
        return Quantised(np.array(self._codes[start:end]), np.array(self._scales[start:end]))

    def cosines(self, vector: Floats, rows: Rows | None = None) -> Floats:
        """Products of ``vector`` ``(dimension,)`` with ``rows`` in their order, or with all of them."""
        count = self.rows if rows is None else len(rows)
        found = np.empty(count, dtype=np.float32)
        for start in range(0, count, _BLOCK_ROWS):
            end = min(start + _BLOCK_ROWS, count)
            part: slice | Rows = slice(start, end) if rows is None else rows[start:end]
            # Not ``@``: BLAS would start all its threads, and let them spin, for a few rows.
            block = self._codes[part].astype(np.float32)
            found[start:end] = np.einsum("ij,j->i", block, vector) * self._scales[part]
        return found
