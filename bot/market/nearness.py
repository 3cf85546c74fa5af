"""How near in meaning a record is to a wish, beside how near the records of its shelf usually are.

A cosine by itself says little: a wish in lay words is far from everything, also from what it means. What tells is how
far one record stands out from the others on the shelf.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bot.market.vectors import Usual
from bot.search.vectors import Floats

#: A shelf of few records says little of what is usual: as many records of the model's own measure stand beside it.
#: 5 to 10 do alike on the looked-at halves of the labelled wishes.
_PRIOR_RECORDS = 5
#: So many standard deviations beyond the usual is chance on a small shelf; on a larger one the nearest of all
#: comes to the square root of twice the logarithm of their number.
_CHANCE, _CHANCE_BEYOND = 3.0, 0.1


@dataclass(frozen=True, slots=True)
class Nearness:
    """Sum and squares of the cosines of one wish with ``sampled`` of ``records`` records on a shelf."""

    total: float
    squares: float
    sampled: int
    records: int
    usual: Usual

    @classmethod
    def of(cls, cosines: Floats, records: int, usual: Usual) -> Nearness:
        """From the ``(n,)`` cosines with a sample of the shelf."""
        values = np.asarray(cosines, dtype=np.float64)
        return cls(float(values.sum()), float((values**2).sum()), len(values), records, usual)

    def likeness(self, cosine: float) -> float:
        """How much more alike than unrelated records a cosine says, 0–1."""
        return max(0.0, (cosine - self.usual.mean) / (1.0 - self.usual.mean))

    def standing_out(self, cosine: float) -> float:
        """By how many standard deviations a record stands out beyond chance; 0 for one that does not.

        >>> Nearness.of(np.array([0.3, 0.4] * 20 + [0.9]), 41, Usual(0.35, 0.05)).standing_out(0.9) > 5
        True
        """
        others = max(self.sampled - 1, 0)
        # The record itself does not make its nearness usual.
        total, squares = (self.total - cosine, self.squares - cosine**2) if others else (0.0, 0.0)
        count = others + _PRIOR_RECORDS
        mean = (total + _PRIOR_RECORDS * self.usual.mean) / count
        own_mean = total / others if others else mean
        spread = max(squares - others * own_mean**2, 0.0) + _PRIOR_RECORDS * self.usual.deviation**2
        chance = max(_CHANCE, _CHANCE_BEYOND + math.sqrt(2 * math.log(max(self.records, 1))))
        return max(0.0, (cosine - mean) / math.sqrt(spread / count) - chance)
