"""Whether what was found answers, is near, or does not state what is asked.

Three things tell: the cosine of the best sentence, how much of the question's words its passage holds, and whether
the block has the form of what is asked for. The weights are those of a logistic regression on
``python -m bot.benchmarks.outcomes`` (public questions with their documents on file, and the same with every
document that answers taken away); the vetoes come on top.
"""

from __future__ import annotations

from math import exp

from bot.answering.readers.passages import FoundBlock

#: Weights of the cosine, of the share of the question's words, and of the form asked for.
COSINE, WORDS, FORM, BIAS = 9.0, 2.5, 0.6, -5.2
#: From this chance on a block is told as the answer, and from that one on shown as the nearest original.
ANSWERED, NEAREST = 0.5, 0.28


def chance(told: FoundBlock) -> float:
    """The chance (0–1) that a block answers, before any veto."""
    score = BIAS + COSINE * told.found.sentence.cosine + WORDS * told.found.words + FORM * told.states
    return 1 / (1 + exp(-score))
