"""How often somebody may call within a minute, by time that only goes on: no setting of the clock counts."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from math import ceil

WINDOW_SECONDS = 60.0


class Rate:
    """At most ``most`` calls of one caller within any minute, counted in this process. Safe to share between threads.

    Libraries for this read the wall clock: set back by a day, it would keep callers out for a day.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = {}
        self._cleared = clock()

    def hit(self, caller: str) -> bool:
        """Whether ``caller`` may call now; a refused call does not count."""
        now = self._clock()
        with self._lock:
            if now - self._cleared >= WINDOW_SECONDS:
                self._clear(now)
            calls = self._recent(caller, now)
            if len(calls) >= self.most:
                return False
            calls.append(now)
            return True

    def seconds_left(self, caller: str) -> int:
        """Whole seconds until ``caller`` may call again; 0 where it may now."""
        now = self._clock()
        with self._lock:
            calls = self._recent(caller, now)
            return ceil(calls[0] + WINDOW_SECONDS - now) if len(calls) >= self.most else 0

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._calls)

    def _recent(self, caller: str, now: float) -> deque[float]:
        """The calls of ``caller`` within the window, which are those that are kept from now on."""
        calls = self._calls.setdefault(caller, deque())
        while calls and now - calls[0] >= WINDOW_SECONDS:
            calls.popleft()
        return calls

    def _clear(self, now: float) -> None:
        """Forget who has not called within the window."""
        self._calls = {each: calls for each, calls in self._calls.items() if calls and now - calls[-1] < WINDOW_SECONDS}
        self._cleared = now
