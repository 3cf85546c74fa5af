"""The circuit: after repeated failures nobody is made to wait for a service that is down."""

from __future__ import annotations

import threading
import time

from bot.llm.deadline import Clock
from bot.llm.failures import FailureReason, ModelCallError

FAILURES_TO_OPEN = 3
COOL_DOWN_SECONDS = 30.0
#: A wrong key or a missing model does not heal in seconds.
CONFIGURATION_COOL_DOWN_SECONDS = 120.0
#: What is waited after a 429 that names no time, and the longest wait a service may ask for.
DEFAULT_RETRY_AFTER_SECONDS = 10.0
MAX_RETRY_AFTER_SECONDS = 600.0

_AT_ONCE = frozenset(
    {
        FailureReason.UNAUTHORISED,
        FailureReason.NOT_FOUND,
        FailureReason.REDIRECTED,
        FailureReason.MODEL_NOT_FOUND,
        FailureReason.NOT_CONFIGURED,
    }
)
#: These say something of one request, not of the service.
_NOT_COUNTED = frozenset(
    {
        FailureReason.BAD_REQUEST,
        FailureReason.TOO_LONG,
        FailureReason.CONTENT_FILTER,
        FailureReason.CIRCUIT_OPEN,
        FailureReason.BUSY,
    }
)


class CircuitBreaker:
    """Closed, open until a moment, then half open: one caller tries, the others are still refused.

    Safe to share between threads. ``clock`` is monotonic, in seconds.
    """

    def __init__(
        self,
        clock: Clock = time.monotonic,
        failures_to_open: int = FAILURES_TO_OPEN,
        cool_down_seconds: float = COOL_DOWN_SECONDS,
    ) -> None:
        self._clock = clock
        self._failures_to_open = failures_to_open
        self._cool_down = cool_down_seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_at: float | None = None
        self._probing = False

    @property
    def open_seconds(self) -> float:
        """Seconds until the next try is let through; 0 when the circuit is closed."""
        with self._lock:
            return self._waiting()

    def enter(self) -> None:
        """Let a call through, or raise :class:`ModelCallError` with reason ``CIRCUIT_OPEN``."""
        with self._lock:
            if self._closed_at is None:
                return
            waiting = self._waiting()
            if waiting > 0 or self._probing:
                raise ModelCallError(FailureReason.CIRCUIT_OPEN, remedy=_when(waiting))
            self._probing = True

    def succeeded(self) -> None:
        """A whole reply came: everything is forgotten."""
        with self._lock:
            self._failures = 0
            self._closed_at = None
            self._probing = False

    def abandoned(self) -> None:
        """The caller went away before an outcome; says nothing of the service."""
        with self._lock:
            self._probing = False

    def failed(self, error: ModelCallError) -> None:
        """Count a failure and open where it is time to."""
        with self._lock:
            was_probing, self._probing = self._probing, False
            if error.reason in _NOT_COUNTED:
                return
            self._failures += 1
            if error.reason is FailureReason.RATE_LIMITED:
                asked = DEFAULT_RETRY_AFTER_SECONDS if error.retry_after is None else error.retry_after
                self._open(min(asked, MAX_RETRY_AFTER_SECONDS))
            elif error.reason in _AT_ONCE:
                self._open(CONFIGURATION_COOL_DOWN_SECONDS)
            elif was_probing or self._failures >= self._failures_to_open:
                self._open(self._cool_down)

    def _open(self, seconds: float) -> None:
        self._closed_at = self._clock() + seconds

    def _waiting(self) -> float:
        return 0.0 if self._closed_at is None else max(0.0, self._closed_at - self._clock())


def _when(seconds: float) -> str:
    return f"约 {seconds:.0f} 秒后自动再试" if seconds >= 1 else "马上会自动再试"
