"""The second training: the sentence that answers against every other sentence of the batch.

Sentences are pooled in their passage, from the same run that gives the passage's vector. A fixed null score
competes as well: a question without an answer must prefer it to every sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from bot.errors import UsageError
from bot.training.contrastive import HIDDEN_SCORE, TEMPERATURE, by_source, hide_other_right, pair_loss
from bot.training.encoder import Encoder
from bot.training.examples import Role
from bot.training.negatives import HardNegatives, Mining, RightPassages, mine
from bot.training.optimising import Optimiser, Schedule, Trained
from bot.training.records import Source
from bot.training.tokens import EncodedExamples
from bot.training.vectors import PLACES, SentenceVectors, padded, run, sentence_vectors, text_vectors

#: The cosine that the best sentence must reach for a question to count as answered.
NULL_SCORE = 0.5
#: All below as the shipped model was trained, on one GPU with 80 GB.
LEARNING_RATE = 3e-5
WARM_STEPS = 50
LAST_RATE_SHARE = 0.04
SENTENCE_BATCH = 160
PAIR_BATCH = 224
SECONDS = 245.0
#: How many of the steps take questions with answer spans; the others take pairs of one source.
SENTENCE_STEPS_SHARE = 0.6
PASSAGE_WEIGHT = 0.5
UNANSWERABLE_WEIGHT = 0.5
#: Sources are drawn by their size to this power: large ones do not crowd the small ones out.
SIZE_POWER = 0.7
#: The questions nearest to the product's are few and count more often.
REPEATED = {Source.POLICY: 4, Source.LAY: 4}
MINING = Mining(nearest=40, first=2, step=1, most=12, margin=0.01)
#: Articles that answer a lay question are all known, so the very nearest others are wrong.
LAY_MINING = Mining(nearest=40, first=0, step=1, most=14, margin=None)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SecondSettings:
    """Examples of a step of either kind, and the end: after ``seconds`` or ``steps``, whichever comes first."""

    sentence_batch: int = SENTENCE_BATCH
    pair_batch: int = PAIR_BATCH
    seconds: float | None = SECONDS
    steps: int | None = None
    seed: int = 1
    learning_rate: float = LEARNING_RATE


@dataclass(frozen=True, slots=True)
class _Groups:
    sentences: tuple[int, ...]
    pairs: Mapping[Source, tuple[int, ...]]


def train_second(encoder: Encoder, examples: EncodedExamples, settings: SecondSettings) -> Trained:
    """Train ``encoder`` in place. Raises :class:`UsageError` when there is nothing to train on."""
    random = Random(settings.seed)
    torch.manual_seed(settings.seed)
    groups = _groups(examples)
    if not groups.sentences and not groups.pairs:
        raise UsageError(
            "没有可训练的样本", value=len(examples), tried="有答案、无答案与成对的样本", remedy="检查 prepare 的输入"
        )
    right = RightPassages.of(examples)
    negatives = _mined(encoder, examples, right, groups)
    _log.info("%d questions over sentences, %d pairs", len(groups.sentences), sum(map(len, groups.pairs.values())))
    schedule = Schedule(settings.learning_rate, WARM_STEPS, LAST_RATE_SHARE, settings.steps, settings.seconds)
    optimiser = Optimiser(encoder, schedule)
    encoder.train()
    while not optimiser.is_done:
        if groups.sentences and (not groups.pairs or random.random() < SENTENCE_STEPS_SHARE):
            rows = _drawn(groups.sentences, settings.sentence_batch, random)
            optimiser.step(sentences_loss(encoder, examples, right, rows), "sentence")
        else:
            weights = [len(own) ** SIZE_POWER for own in groups.pairs.values()]
            source = random.choices(list(groups.pairs), weights)[0]
            rows = _drawn(groups.pairs[source], settings.pair_batch, random)
            wrong = [negatives.draw(row, groups.pairs[source], random) for row in rows]
            optimiser.step(pair_loss(encoder, examples, right, rows, wrong, 0.0), source.value)
    encoder.eval()
    return optimiser.trained()


def sentences_loss(encoder: Encoder, examples: EncodedExamples, right: RightPassages, rows: Sequence[int]) -> Tensor:
    """Loss of finding the answering sentences of ``rows``, and of finding their passages."""
    questions = text_vectors(run(encoder, [examples.questions[row] for row in rows]))
    hidden = run(encoder, [examples.passages[row] for row in rows])
    numbers = padded([examples.sentences[row] for row in rows], 0, questions.device)
    found = sentence_vectors(hidden, numbers)
    unanswerable = torch.tensor([examples.roles[row] is Role.UNANSWERABLE for row in rows], device=questions.device)
    loss = answer_loss(questions, found, answering_places(examples, rows).to(questions.device), unanswerable)
    own = torch.arange(len(rows), device=questions.device)[~unanswerable]
    if len(own):
        scores = (questions @ text_vectors(hidden).T / TEMPERATURE)[~unanswerable]
        answered = [rows[place] for place in own.tolist()]
        scores = hide_other_right(scores, own, right.is_right(answered, rows))
        loss = loss + PASSAGE_WEIGHT * functional.cross_entropy(scores, own)
    return loss


def answer_loss(questions: Tensor, found: SentenceVectors, answering: Tensor, unanswerable: Tensor) -> Tensor:
    """Cross-entropy of the answering sentences, or of the null score, among all sentences and the null score.

    ``questions`` is ``(n, width)``, ``answering`` ``(n, n * PLACES)`` bool, ``unanswerable`` ``(n,)`` bool.
    Questions without an answering sentence that are not unanswerable do not count.
    """
    scores = (questions @ found.vectors.T / TEMPERATURE).masked_fill(~found.present, HIDDEN_SCORE)
    answering = answering & found.present
    null = torch.full((len(questions), 1), NULL_SCORE / TEMPERATURE, device=questions.device)
    everything = torch.logsumexp(torch.cat([scores, null], dim=1), dim=1)
    answers = torch.logsumexp(scores.masked_fill(~answering, HIDDEN_SCORE), dim=1)
    counted = unanswerable | answering.any(dim=1)
    weight = torch.where(unanswerable, UNANSWERABLE_WEIGHT, 1.0) * counted
    losses = everything - torch.where(unanswerable, null[:, 0], answers)
    return (losses * weight).sum() / counted.sum().clamp(min=1)


def answering_places(examples: EncodedExamples, rows: Sequence[int]) -> Tensor:
    """``(n, n * PLACES)`` bool: the rows of :class:`SentenceVectors` that answer each question of ``rows``."""
    places = torch.zeros(len(rows), len(rows) * PLACES, dtype=torch.bool)
    for place, row in enumerate(rows):
        places[place, place * PLACES + torch.from_numpy(examples.answering[row]).long()] = True
    return places


def _groups(examples: EncodedExamples) -> _Groups:
    answered = [row for row in examples.with_role(Role.ANSWERED) if len(examples.answering[row])]
    sentences = [row for row in answered for _ in range(REPEATED.get(examples.sources[row], 1))]
    pairs = by_source(examples, examples.with_role(Role.PAIR))
    repeated = {source: tuple(rows) * REPEATED.get(source, 1) for source, rows in pairs.items()}
    return _Groups((*sentences, *examples.with_role(Role.UNANSWERABLE)), repeated)


def _mined(encoder: Encoder, examples: EncodedExamples, right: RightPassages, groups: _Groups) -> HardNegatives:
    found: dict[int, NDArray[np.int64]] = {}
    for source, repeated in groups.pairs.items():
        rows = tuple(dict.fromkeys(repeated))
        pool = (*rows, *examples.with_role(Role.NEGATIVE)) if source is Source.LAY else rows
        rule = LAY_MINING if source is Source.LAY else MINING
        found.update(mine(encoder, examples, right, rows, pool, rule).found)
    return HardNegatives(found)


def _drawn(rows: Sequence[int], size: int, random: Random) -> list[int]:
    """``size`` of ``rows``, fewer where a repeated one is drawn twice."""
    return list(dict.fromkeys(random.sample(rows, min(size, len(rows)))))
