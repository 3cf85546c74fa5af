"""Right and wrong passages of a question: what else answers it, and near passages that do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray

from bot.training.encoder import Encoder
from bot.training.tokens import EncodedExamples
from bot.training.vectors import encode_all

#: Passages that agree in their first tokens are the same passage.
SAME_HEAD_TOKENS = 30
_BLOCK = 2_048


@dataclass(frozen=True, slots=True)
class RightPassages:
    """Which passages answer which questions, over all examples.

    ``passage_keys`` and ``question_keys`` are ``(n,)`` and equal where passage heads and questions are;
    ``right`` maps a question's key to the keys of all its passages.
    """

    passage_keys: NDArray[np.int64]
    question_keys: NDArray[np.int64]
    right: Mapping[int, NDArray[np.int64]]

    @staticmethod
    def of(examples: EncodedExamples) -> RightPassages:
        """Gather them from ``examples``."""
        passages = _keys(examples.passages[i][:SAME_HEAD_TOKENS] for i in range(len(examples)))
        questions = _keys(examples.questions[i] for i in range(len(examples)))
        right: defaultdict[int, set[int]] = defaultdict(set)
        for question, passage in zip(questions.tolist(), passages.tolist(), strict=True):
            right[question].add(passage)
        return RightPassages(passages, questions, {key: np.array(sorted(own)) for key, own in right.items()})

    def is_right(self, rows: Sequence[int], candidates: Sequence[int]) -> NDArray[np.bool_]:
        """``(rows, candidates)``: whether the candidate's passage answers the row's question."""
        keys = self.passage_keys[list(candidates)]
        return np.stack([np.isin(keys, self.right[int(self.question_keys[row])]) for row in rows])


@dataclass(frozen=True, slots=True)
class Mining:
    """Which of a question's nearest passages serve as wrong ones.

    Of the ``nearest`` those are taken that score at least ``margin`` below the right passage (None: any),
    from place ``first`` on, every ``step``-th, ``most`` at the most. The very nearest are skipped because
    they may answer as well.
    """

    nearest: int
    first: int
    step: int
    most: int
    margin: float | None


@dataclass(frozen=True, slots=True)
class HardNegatives:
    """Numbers of the wrong passages found for each example; an example without any has an empty list."""

    found: Mapping[int, NDArray[np.int64]]

    def draw(self, example: int, others: Sequence[int], random: Random) -> int:
        """One wrong passage of ``example``, or any of ``others`` where none was found."""
        near = self.found.get(example)
        return int(random.choice(near)) if near is not None and len(near) else random.choice(others)


@torch.no_grad()
def mine(
    encoder: Encoder,
    examples: EncodedExamples,
    right: RightPassages,
    rows: Sequence[int],
    pool: Sequence[int],
    rule: Mining,
) -> HardNegatives:
    """Near wrong passages out of ``pool`` for the questions of ``rows``, by the encoder as it is."""
    questions = encode_all(encoder, examples.questions, rows)
    own = encode_all(encoder, examples.passages, rows)
    passages = own if rows is pool else encode_all(encoder, examples.passages, pool)
    numbers = np.asarray(pool)
    found = {}
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        scores = questions[block] @ passages.T
        if rule.margin is not None:
            own_scores = (questions[block] * own[block]).sum(1, keepdim=True)
            scores = scores.masked_fill(scores > own_scores - rule.margin, -torch.inf)
        top = scores.topk(min(rule.nearest, len(pool)), dim=1)
        for row, places, values in zip(rows[block], top.indices.cpu(), top.values.cpu(), strict=True):
            near = numbers[places[values > -torch.inf].numpy()]
            wrong = near[~right.is_right([row], near.tolist())[0]]
            found[row] = wrong[rule.first :: rule.step][: rule.most]
    return HardNegatives(found)


def _keys(lists: Iterable[NDArray[np.int32]]) -> NDArray[np.int64]:
    known: dict[bytes, int] = {}
    return np.array([known.setdefault(values.tobytes(), len(known)) for values in lists], dtype=np.int64)
