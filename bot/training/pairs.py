"""Pairs that belong together: a sentence and the rest of its passage, a title and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.training.tokens import EncodedPassages

if TYPE_CHECKING:
    import torch

Ids = NDArray[np.int32]

#: Of passages with a title: how often a sentence, and not the title, is what is searched by.
SENTENCE_SHARE = 0.8
LONGEST_SIDE = 300
SHORTEST_SIDE = 2


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Both sides as (ids laid end to end, offsets), the form an embedding bag takes."""

    first: tuple[torch.Tensor, torch.Tensor]
    second: tuple[torch.Tensor, torch.Tensor]


def pair_batches(passages: EncodedPassages, size: int, random: np.random.Generator) -> Iterator[PairBatch]:
    """One pass over the passages in random order, one pair each, in batches of ``size``; the rest is dropped."""
    first: list[Ids] = []
    second: list[Ids] = []
    for passage in random.permutation(len(passages)):
        pair = _pair(passages.units(int(passage)), random)
        if pair is None:
            continue
        first.append(pair[0])
        second.append(pair[1])
        if len(first) == size:
            yield PairBatch(_bags(first), _bags(second))
            first, second = [], []


def _pair(units: list[Ids], random: np.random.Generator) -> tuple[Ids, Ids] | None:
    title, sentences = units[0], units[1:]
    if len(sentences) >= 2 and (not len(title) or random.random() < SENTENCE_SHARE):
        chosen = int(random.integers(len(sentences)))
        rest = [title, *sentences[:chosen], *sentences[chosen + 1 :]]
        query, text = sentences[chosen], np.concatenate(rest)
    elif len(title) and sentences:
        query, text = title, np.concatenate(sentences)
    else:
        return None
    if len(query) < SHORTEST_SIDE or len(text) < SHORTEST_SIDE:
        return None
    return query[:LONGEST_SIDE], text[:LONGEST_SIDE]


def _bags(sides: list[Ids]) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    offsets = np.cumsum([0, *(len(side) for side in sides[:-1])])
    return torch.from_numpy(np.concatenate(sides).astype(np.int64)), torch.from_numpy(offsets.astype(np.int64))
