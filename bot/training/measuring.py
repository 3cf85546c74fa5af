"""What the questions kept from training tell: is the right sentence found, are unanswerable questions told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from bot.training.encoder import Encoder
from bot.training.examples import Role
from bot.training.records import Source
from bot.training.tokens import EncodedExamples
from bot.training.vectors import PLACES, padded, run, sentence_vectors, text_vectors

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares from 0 to 1; NaN where there was nothing to measure with.

    ``right_sentence``: the best sentence of the passage answers (CMRC trial questions). ``told_apart``: an
    answerable question's best score is above an unanswerable one's (area under the ROC curve).
    """

    questions: int
    right_sentence: float
    told_apart: float


def measure(encoder: Encoder, examples: EncodedExamples) -> Measured:
    """Measure ``encoder`` with the examples of :attr:`Role.MEASURED`."""
    rows = examples.with_role(Role.MEASURED)
    trial = [row for row in rows if examples.sources[row] is Source.CMRC_TRIAL]
    answered = [row for row in rows if examples.sources[row] is Source.SQUAD and len(examples.answering[row])]
    unanswerable = [row for row in rows if not len(examples.answering[row]) and row not in set(trial)]
    hits = _best(encoder, examples, trial)
    right = [int(best) in examples.answering[row] for row, best in zip(trial, hits.sentences, strict=True)]
    above = _best(encoder, examples, answered).scores[:, None] > _best(encoder, examples, unanswerable).scores
    return Measured(
        len(rows),
        float(np.mean(right)) if right else float("nan"),
        float(above.mean()) if above.size else float("nan"),
    )


@dataclass(frozen=True, slots=True)
class _Best:
    """``(n,)`` number of the best sentence and ``(n,)`` its cosine."""

    sentences: NDArray[np.int64]
    scores: NDArray[np.float32]


@torch.no_grad()
def _best(encoder: Encoder, examples: EncodedExamples, rows: Sequence[int]) -> _Best:
    encoder.eval()
    sentences: list[int] = []
    scores: list[float] = []
    for start in range(0, len(rows), _BATCH):
        block = rows[start : start + _BATCH]
        questions = text_vectors(run(encoder, [examples.questions[row] for row in block]))
        hidden = run(encoder, [examples.passages[row] for row in block])
        found = sentence_vectors(hidden, padded([examples.sentences[row] for row in block], 0, questions.device))
        cosines = (questions[:, None] * found.vectors.view(len(block), PLACES, -1)).sum(-1)
        best = cosines.masked_fill(~found.present.view(len(block), PLACES), -1.0).max(dim=1)
        sentences += best.indices.tolist()
        scores += best.values.tolist()
    return _Best(np.array(sentences, dtype=np.int64), np.array(scores, dtype=np.float32))
