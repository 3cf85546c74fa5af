"""Which candidate answers best."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.evidence import Window
from bot.text.questions import FIGURE_KINDS, Asked
from bot.text.status import NOT_YET, document_status
from bot.types import SourceKind, TextKind


@dataclass(frozen=True, slots=True)
class SelectionWeights:
    """Weights of a linear score over a window's features.

    Rounded from a random search on one half of 449 public policy questions and checked on the other
    (ROUGE-L 0.41 there); ``python -m bot.benchmarks.answers DIR`` measures them.
    """

    context_coverage: float = 1.4
    sentence_coverage: float = 0.1
    hit: float = 0.4
    asked_figure: float = 0.6
    long: float = -0.5
    short: float = -0.7
    more_sentences: float = -0.15
    nothing_new: float = -1.3
    unfinished: float = -1.0
    clause: float = -0.4
    clause_with_figure: float = 0.5
    figure_length: float = -0.6
    original: float = 0.15
    not_in_force: float = -0.3


DEFAULT_SELECTION = SelectionWeights()
LONG_CHARACTERS = 150
SHORT_CHARACTERS = 25
FIGURE_CHARACTERS = 30


def window_score(window: Window, asked: Asked, weights: SelectionWeights = DEFAULT_SELECTION) -> float:
    """The higher the better; compares only windows of one question."""
    length = max(len(window.text), 1)
    wants_figure = asked in FIGURE_KINDS
    score = (
        weights.context_coverage * window.context_coverage
        + weights.sentence_coverage * window.sentence_coverage
        + weights.hit * window.hit_share
        + weights.long * max(0.0, math.log(length / LONG_CHARACTERS))
        + weights.short * max(0.0, math.log(SHORT_CHARACTERS / length))
        + weights.more_sentences * (window.sentences - 1)
    )
    if window.new_terms < 4:
        score += weights.nothing_new
    if window.text.rstrip().endswith(("：", ":", "？", "?")):
        score += weights.unfinished
    if wants_figure:
        score += weights.asked_figure * (1.0 if window.has_asked_figure else -1.0)
        score += weights.figure_length * math.log(length / FIGURE_CHARACTERS)
    metadata = window.hit.metadata
    if metadata.kind is SourceKind.OFFICIAL and metadata.text_kind is TextKind.VERBATIM:
        score += weights.original
    if document_status(metadata) in NOT_YET:
        score += weights.not_in_force
    if window.clauses:
        score += weights.clause_with_figure if wants_figure else weights.clause
    return score


def best_window(
    windows: Iterable[Window], asked: Asked, weights: SelectionWeights = DEFAULT_SELECTION
) -> Window | None:
    """The best of ``windows``; the earlier one where two score alike."""
    best: Window | None = None
    best_score = -math.inf
    for window in windows:
        score = window_score(window, asked, weights)
        if score > best_score:
            best, best_score = window, score
    return best
