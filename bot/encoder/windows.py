"""A passage's tokens in runs that fit the model, and the vectors of passage and sentences from their means."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.encoder.embedder import Floats, Passage, PassageVectors, unit_rows

#: Of a run at most this share is heading; a longer one is cut.
_HEADING_SHARE = 0.5
#: A run ends where a sentence does, if that leaves it at least so full.
_FULL_SHARE = 0.6
_NO_SENTENCE = -1


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's token ids and their ``(start, end)`` offsets, without the marks of beginning and end."""

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Window:
    """One run through the model: ``ids`` without marks, and for each the sentence it belongs to (−1: none).

    The first ``repeated`` ids stand in an earlier window of the same passage too, and count there.
    """

    ids: tuple[int, ...]
    sentences: tuple[int, ...]
    repeated: int = 0


def passage_windows(tokens: Tokens, text_start: int, passage: Passage, room: int) -> list[Window]:
    """The runs of a passage whose text begins at ``text_start`` of what was tokenised; ``room`` ids fit in one.

    What stands before the text (prompt, title, section) is repeated before each run.
    """
    head = bisect_right([start for start, _ in tokens.offsets], text_start - 1)
    members = [_NO_SENTENCE] * head + _members(tokens.offsets[head:], text_start, passage.sentences)
    ids = list(tokens.ids)
    if len(ids) <= room:
        return [Window(tuple(ids), tuple(members))]
    head_ids = ids[: min(head, int(room * _HEADING_SHARE))]
    capacity = room - len(head_ids)
    windows: list[Window] = []
    start = head
    while start < len(ids):
        end = _window_end(members, start, capacity)
        windows.append(
            Window(
                (*head_ids, *ids[start:end]),
                (*[_NO_SENTENCE] * len(head_ids), *members[start:end]),
                len(head_ids) if windows else 0,
            )
        )
        start = end
    return windows


def _members(offsets: Sequence[tuple[int, int]], text_start: int, sentences: Sequence[tuple[int, int]]) -> list[int]:
    """For each token the number of the sentence that its middle stands in."""
    starts = [start for start, _ in sentences]
    members: list[int] = []
    for start, end in offsets:
        middle = (start + end) / 2 - text_start
        number = bisect_right(starts, middle) - 1
        inside = number >= 0 and middle <= sentences[number][1]
        members.append(number if inside else _NO_SENTENCE)
    return members


def _window_end(members: Sequence[int], start: int, capacity: int) -> int:
    end = min(start + capacity, len(members))
    if end == len(members):
        return end
    for cut in range(end, start + int(capacity * _FULL_SHARE), -1):
        if members[cut] != members[cut - 1]:
            return cut
    return end


class Pool:
    """Sums token vectors of one passage over its windows; the means are its vectors."""

    def __init__(self, sentences: int, dimension: int) -> None:
        self._total = np.zeros(dimension, dtype=np.float64)
        self._tokens = 0
        self._sums = np.zeros((sentences, dimension), dtype=np.float64)
        self._counts = np.zeros(sentences, dtype=np.int64)

    def add(self, window: Window, hidden: Floats) -> None:
        """Take in one run; ``hidden`` is ``(len(window.ids) + 2, dimension)`` with the marks' vectors at the ends."""
        inner = hidden[1:-1]
        first = window.repeated
        self._total += inner[first:].sum(axis=0, dtype=np.float64)
        self._tokens += len(inner) - first
        if not first:
            self._total += hidden[0].astype(np.float64) + hidden[-1]
            self._tokens += 2
        members = np.asarray(window.sentences)
        inside = members >= 0
        np.add.at(self._sums, members[inside], inner[inside])
        np.add.at(self._counts, members[inside], 1)

    def vectors(self) -> PassageVectors:
        """The means, of length 1; a sentence without tokens of its own has its passage's vector."""
        passage = (self._total / max(self._tokens, 1)).astype(np.float32)[None]
        sums = self._sums.astype(np.float32)
        sums[self._counts == 0] = passage
        return PassageVectors(unit_rows(passage)[0], unit_rows(sums))
