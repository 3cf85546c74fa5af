"""ROUGE-L over characters; the longest common subsequence is RapidFuzz's."""

from __future__ import annotations

from rapidfuzz.distance import LCSseq

from bot.evaluation.verbatim import fold

#: ROUGE-L weighs recall over precision as the field's Chinese reading tasks do.
ROUGE_BETA = 1.2


def rouge_l(text: str, reference: str) -> float:
    """Character ROUGE-L, β = 1.2, from 0 to 1; markers and white space aside. 0 when either is empty."""
    ours, theirs = "".join(fold(text).split()), "".join(fold(reference).split())
    common = LCSseq.similarity(ours, theirs)
    if not common:
        return 0.0
    precision, recall = common / len(ours), common / len(theirs)
    weight = ROUGE_BETA**2
    return (1 + weight) * precision * recall / (recall + weight * precision)
