"""What a reader and its worker say to each other: pickles, each after its length.

The reader sends one :class:`Setup`, then one :class:`bot.documents.corpus.CorpusFile` at a time. The worker
answers each of them with a :class:`Reply`.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from bot.documents.bounded.refusals import Refusal
from bot.documents.corpus import CorpusFile

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker has to know: the function to run for each file, and its limits."""

    function: Callable[[CorpusFile], object]
    seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one file: ``value``, or ``refusal``.

    ``spent`` says that the worker ran out of memory or died and cannot go on; ``resident_bytes`` is what it holds
    (0 where the platform does not tell).
    """

    value: object = None
    refusal: Refusal | None = None
    spent: bool = False
    resident_bytes: int = 0


def pack(message: object) -> bytes:
    """``message`` as a frame's content."""
    return pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)


def write_frame(stream: BinaryIO, content: bytes) -> None:
    """Send one frame. Raises :class:`OSError` when the other side is gone."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame's content; ``None`` when the other side is gone, also in the middle of a frame."""
    try:
        head = stream.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        content = stream.read(length)
    except OSError:
        return None
    return content if len(content) == length else None
