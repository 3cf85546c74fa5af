"""Vectors of texts and of their sentences from one run of the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from bot.training.encoder import Encoder
from bot.training.tokens import MOST_SENTENCES, PAD, IntegerLists

#: Batches are padded to a multiple of this, so that fewer different sizes are computed.
_MULTIPLE = 8
#: Tokens, padding included, of one batch when encoding without training.
ENCODE_TOKENS = 100_000
#: Places for sentences per passage; place 0 takes the prompt and the special tokens.
PLACES = MOST_SENTENCES + 1
#: A sentence of fewer tokens is a stray mark.
FEWEST_SENTENCE_TOKENS = 2


@dataclass(frozen=True, slots=True)
class Hidden:
    """Token vectors ``(batch, tokens, width)`` float32 and their mask ``(batch, tokens)``, 1 where there is a token."""

    states: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """``(batch * PLACES, width)`` unit vectors and ``(batch * PLACES,)`` bool, which of them are sentences.

    Sentence ``k`` of passage ``b`` is row ``b * PLACES + k``.
    """

    vectors: Tensor
    present: Tensor


def padded(lists: Sequence[NDArray[np.int32]], fill: int, device: torch.device) -> Tensor:
    """``(batch, tokens)`` int64 of ``lists``, filled up at the end."""
    longest = -(-max(map(len, lists)) // _MULTIPLE) * _MULTIPLE
    rows = np.full((len(lists), longest), fill, np.int64)
    for row, values in zip(rows, lists, strict=True):
        row[: len(values)] = values
    return torch.from_numpy(rows).to(device, non_blocking=True)


def run(encoder: Encoder, lists: Sequence[NDArray[np.int32]]) -> Hidden:
    """Token vectors of texts given as ids, on the encoder's device; half precision inside on cuda."""
    device = encoder.positions.weight.device
    ids = padded(lists, PAD, device)
    mask = (ids != PAD).long()
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        states = encoder(ids, mask)
    return Hidden(states.float(), mask)


def text_vectors(hidden: Hidden) -> Tensor:
    """``(batch, width)`` unit vectors: the mean of all token vectors."""
    totals = (hidden.states * hidden.mask[..., None]).sum(1)
    return functional.normalize(totals / hidden.mask.sum(1, keepdim=True), dim=-1)


def sentence_vectors(hidden: Hidden, numbers: Tensor) -> SentenceVectors:
    """Unit vectors of the sentences: means of their token vectors; ``numbers`` is ``(batch, tokens)``, 0 for none."""
    batch, _, width = hidden.states.shape
    device = hidden.states.device
    rows = (torch.arange(batch, device=device)[:, None] * PLACES + numbers).flatten()
    totals = torch.zeros(batch * PLACES, width, device=device).index_add(0, rows, hidden.states.reshape(-1, width))
    counts = torch.zeros(batch * PLACES, device=device).index_add(0, rows, torch.ones(len(rows), device=device))
    numbered = torch.arange(batch * PLACES, device=device) % PLACES > 0
    vectors = functional.normalize(totals / counts.clamp(min=1)[:, None], dim=-1)
    return SentenceVectors(vectors, (counts >= FEWEST_SENTENCE_TOKENS) & numbered)


@torch.no_grad()
def encode_all(encoder: Encoder, lists: IntegerLists, chosen: Sequence[int]) -> Tensor:
    """``(len(chosen), width)`` vectors of the chosen lists; texts of like length share a batch."""
    encoder.eval()
    order = sorted(range(len(chosen)), key=lambda place: len(lists[chosen[place]]))
    positions = encoder.positions.weight
    vectors = torch.empty(len(chosen), positions.shape[1], device=positions.device)
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * len(lists[chosen[order[end]]]) <= ENCODE_TOKENS:
            end += 1
        places = order[start:end]
        vectors[places] = text_vectors(run(encoder, [lists[chosen[place]] for place in places]))
        start = end
    return vectors
