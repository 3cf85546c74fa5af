"""How telling a term is."""

from __future__ import annotations

import math


def bm25_idf(documents: float, frequency: float) -> float:
    """BM25's inverse document frequency (Robertson and Zaragoza 2009, in Lucene's form that is never negative)."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
