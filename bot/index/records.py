"""Records of the index."""

from __future__ import annotations

from dataclasses import dataclass

from bot.search.lexical import RowScores

__all__ = ["MeanLengths", "RowScores", "ScoredId"]


@dataclass(frozen=True, slots=True)
class ScoredId:
    """A chunk's or document's id with its score; scores compare only within one list."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class MeanLengths:
    """Mean numbers of search terms in the two fields of a chunk: its heading and its body."""

    heading: float
    body: float
