"""A moment after which nobody waits any longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at`` is a reading of ``clock`` in seconds (a monotonic one)."""

    at: float
    clock: Clock = time.monotonic

    @classmethod
    def after(cls, seconds: float, clock: Clock = time.monotonic) -> Deadline:
        """The moment ``seconds`` from now."""
        return cls(clock() + seconds, clock)

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - self.clock())

    @property
    def passed(self) -> bool:
        """Whether it is too late."""
        return self.remaining() <= 0

    def sooner(self, seconds: float) -> Deadline:
        """The earlier of this moment and ``seconds`` from now."""
        return Deadline(min(self.at, self.clock() + seconds), self.clock)
