"""Records of the index."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoredId:
    """A chunk's or document's id with its score; scores compare only within one list."""

    id: str
    score: float
