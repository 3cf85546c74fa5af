"""Run a blocking producer in a thread of its own, so that its consumer never waits past a deadline.

A name that does not resolve, or a peer that dribbles, can hold a thread for longer than any one timeout;
what can be done is to stop waiting. The producer is told to stop, its ``release`` is called (which breaks
off what it reads), and its own timeout ends it at the latest; the thread is a daemon and holds up no exit.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.llm.deadline import Deadline
from bot.llm.failures import FailureReason, ModelCallError

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class _Finished:
    """Marks the end of what a producer yields."""


class Worker(Generic[Item]):
    """Iterate ``produce(stopped)`` in a thread; ``stopped()`` tells it that nobody listens any more.

    ``deadline`` may be moved while the items are taken.
    """

    def __init__(
        self,
        produce: Callable[[Callable[[], bool]], Iterator[Item]],
        release: Callable[[], None],
        deadline: Deadline,
    ) -> None:
        self._produce = produce
        self._release = release
        self.deadline = deadline
        self._stop = threading.Event()
        self._queue: queue.SimpleQueue[Item | _Failed | _Finished] = queue.SimpleQueue()

    def items(self) -> Iterator[Item]:
        """What the producer yields. Raises its error, or :class:`ModelCallError` ``TIMEOUT``."""
        threading.Thread(target=self._run, name="model-call", daemon=True).start()
        try:
            while True:
                item = self._next()
                if isinstance(item, _Finished):
                    return
                if isinstance(item, _Failed):
                    raise item.error
                yield item
        finally:
            self._stop.set()
            self._release()

    def _next(self) -> Item | _Failed | _Finished:
        # Pieces that dribble in are each in time: the deadline is looked at before every one.
        if self.deadline.passed:
            raise ModelCallError(FailureReason.TIMEOUT)
        try:
            return self._queue.get(timeout=self.deadline.remaining())
        except queue.Empty:
            raise ModelCallError(FailureReason.TIMEOUT) from None

    def _run(self) -> None:
        try:
            for item in self._produce(self._stop.is_set):
                if self._stop.is_set():
                    return
                self._queue.put(item)
        except Exception as error:  # every failure is handed to the thread that waits for it
            self._queue.put(_Failed(error))
        else:
            self._queue.put(_Finished())
