"""The first training: a question's passage against the others of its batch and mined near ones."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from bot.errors import UsageError
from bot.training.encoder import Encoder
from bot.training.negatives import HardNegatives, Mining, RightPassages, mine
from bot.training.optimising import Optimiser, Schedule, Trained
from bot.training.records import Source
from bot.training.tokens import EncodedExamples
from bot.training.vectors import run, text_vectors

#: Cosines are divided by this before the softmax; the start model was trained near it (0.01).
TEMPERATURE = 0.02
#: All below as the shipped model was trained, on one GPU with 80 GB.
LEARNING_RATE = 4e-5
WARM_STEPS = 40
LAST_RATE_SHARE = 0.05
BATCH = 512
EPOCHS = 2.0
#: Weight of finding the question of a passage, beside finding the passage of a question.
BACKWARD_WEIGHT = 0.3
#: A batch of fewer examples has too few wrong passages to learn from.
SMALLEST_BATCH = 8
MINING = Mining(nearest=30, first=4, step=2, most=6, margin=0.01)
#: A score that no softmax gives any weight.
HIDDEN_SCORE = -1e4
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FirstSettings:
    """``batch`` examples a step, ``epochs`` passes over all, ended early after ``seconds`` if given.

    Dropout and order are fixed by ``seed``, the weights then by the machine.
    """

    batch: int = BATCH
    epochs: float = EPOCHS
    seconds: float | None = None
    seed: int = 1
    learning_rate: float = LEARNING_RATE


def train_first(encoder: Encoder, examples: EncodedExamples, settings: FirstSettings) -> Trained:
    """Train ``encoder`` in place; a batch holds examples of one source, so that the wrong passages are alike.

    Raises :class:`UsageError` when no source has :data:`SMALLEST_BATCH` examples.
    """
    random = Random(settings.seed)
    torch.manual_seed(settings.seed)
    groups = by_source(examples, range(len(examples)))
    steps = int(settings.epochs * sum(len(batches(own, settings.batch, random)) for own in groups.values()))
    if steps < 1:
        raise UsageError("训练样本太少", value=len(examples), tried="按来源分批", remedy="每个来源至少 8 个样本")
    right = RightPassages.of(examples)
    hard = [mine(encoder, examples, right, own, own, MINING) for own in groups.values()]
    negatives = HardNegatives({row: near for found in hard for row, near in found.found.items()})
    _log.info("%d examples, %d steps at most", len(examples), steps)
    schedule = Schedule(settings.learning_rate, WARM_STEPS, LAST_RATE_SHARE, steps, settings.seconds)
    optimiser = Optimiser(encoder, schedule)
    encoder.train()
    while not optimiser.is_done:
        epoch = [batch for own in groups.values() for batch in batches(own, settings.batch, random)]
        random.shuffle(epoch)
        for rows in epoch:
            if not optimiser.is_done:
                wrong = [negatives.draw(row, range(len(examples)), random) for row in rows]
                loss = pair_loss(encoder, examples, right, rows, wrong, BACKWARD_WEIGHT)
                optimiser.step(loss, examples.sources[rows[0]].value)
    encoder.eval()
    return optimiser.trained()


def pair_loss(
    encoder: Encoder,
    examples: EncodedExamples,
    right: RightPassages,
    rows: Sequence[int],
    wrong: Sequence[int],
    backward_weight: float,
) -> Tensor:
    """Loss of finding the passages of ``rows`` among their own and those of ``wrong``."""
    questions = text_vectors(run(encoder, [examples.questions[row] for row in rows]))
    candidates = [*rows, *wrong]
    # Two runs: joined, the question batch would be padded to the passages' length.
    passages = text_vectors(run(encoder, [examples.passages[row] for row in candidates]))
    own = torch.arange(len(rows), device=questions.device)
    scores = hide_other_right(questions @ passages.T / TEMPERATURE, own, right.is_right(rows, candidates))
    loss = functional.cross_entropy(scores, own)
    if backward_weight:
        loss = loss + backward_weight * functional.cross_entropy(scores[:, : len(rows)].T, own)
    return loss


def hide_other_right(scores: Tensor, own: Tensor, right: NDArray[np.bool_]) -> Tensor:
    """``scores`` ``(rows, candidates)`` without the candidates that are ``right`` but not the row's ``own`` column."""
    hidden = torch.from_numpy(right).to(scores.device).scatter(1, own[:, None], False)
    return scores.masked_fill(hidden, HIDDEN_SCORE)


def by_source(examples: EncodedExamples, rows: Sequence[int]) -> dict[Source, list[int]]:
    """The ``rows`` of each source, in order."""
    groups: defaultdict[Source, list[int]] = defaultdict(list)
    for row in rows:
        groups[examples.sources[row]].append(row)
    return dict(groups)


def batches(rows: Sequence[int], size: int, random: Random) -> list[list[int]]:
    """``rows`` shuffled, in batches of ``size``, the last one smaller or left out."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    cut = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    return [batch for batch in cut if len(batch) >= min(size, SMALLEST_BATCH)]
