"""Measures of ranking and wording; every function is exact and stateless."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

#: Recall counts a little more than precision (chatbot competition practice on this material).
ROUGE_BETA = 1.2


def ndcg_first_hit(ranked: Sequence[str], right: Collection[str], k: int = 10) -> float:
    """Gain at the first right item among the first ``k``: ``1 / log2(rank + 1)``, 0..1."""
    for rank, item in enumerate(ranked[:k], start=1):
        if item in right:
            return 1.0 / math.log2(rank + 1)
    return 0.0


def ndcg(gains: Sequence[float], all_gains: Sequence[float], k: int = 10) -> float:
    """nDCG@k of graded ``gains`` in ranked order against the best order of ``all_gains``."""
    ideal = _discounted(sorted(all_gains, reverse=True)[:k])
    return _discounted(gains[:k]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def reciprocal_rank(ranked: Sequence[str], right: Collection[str]) -> float:
    """``1 / rank`` of the first right item, 0 without one."""
    return next((1.0 / rank for rank, item in enumerate(ranked, start=1) if item in right), 0.0)


def recall(ranked: Sequence[str], right: Collection[str], k: int) -> float:
    """Share of the right items among the first ``k``."""
    return len(set(ranked[:k]) & set(right)) / len(set(right)) if right else 0.0


def precision(relevant: Sequence[bool], k: int) -> float:
    """Share of relevant items among the first ``k`` places (places left empty count as wrong)."""
    return sum(relevant[:k]) / k


def average_precision(relevant: Sequence[bool], total: int) -> float:
    """Mean of the precision at each relevant item; ``total`` relevant items exist."""
    found = 0
    score = 0.0
    for rank, is_relevant in enumerate(relevant, start=1):
        if is_relevant:
            found += 1
            score += found / rank
    return score / total if total else 0.0


def rouge_l(answer: str, reference: str, beta: float = ROUGE_BETA) -> float:
    """F-measure of the longest common subsequence of characters, white space removed (Lin 2004)."""
    first, second = "".join(answer.split()), "".join(reference.split())
    if not first or not second:
        return 0.0
    common = longest_common_subsequence(first, second)
    if not common:
        return 0.0
    precision_, recall_ = common / len(first), common / len(second)
    return (1 + beta**2) * precision_ * recall_ / (recall_ + beta**2 * precision_)


def longest_common_subsequence(first: str, second: str) -> int:
    """Its length, by the bit-parallel algorithm of Crochemore et al. (2001)."""
    positions: dict[str, int] = {}
    for index, character in enumerate(first):
        positions[character] = positions.get(character, 0) | 1 << index
    full = (1 << len(first)) - 1
    state = full
    for character in second:
        matched = state & positions.get(character, 0)
        state = ((state + matched) | (state - matched)) & full
    return len(first) - state.bit_count()


def paired_bootstrap(
    scores: Sequence[float], baseline: Sequence[float], rounds: int = 10_000, seed: int = 7
) -> tuple[float, float, float]:
    """(mean difference, 2.5th, 97.5th percentile) over resampled pairs."""
    difference = np.asarray(scores) - np.asarray(baseline)
    picks = np.random.default_rng(seed).integers(0, len(difference), size=(rounds, len(difference)))
    means = difference[picks].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(difference.mean()), float(low), float(high)
