"""Answers in progress, and how a reader stops one without waiting for it.

An assistant may be waiting for a model service when its reader presses stop. So the answer is
made in a thread of its own; the page takes what has come and looks for a stop in between.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

Item = TypeVar("Item")

LOOK_SECONDS = 0.05
"""How long a stop goes unnoticed at most; an answer is passed on at once."""


class Wish(Enum):
    """What the reader wants of an answer in progress."""

    GO_ON = "go on"
    STOP = "stop"
    ABANDON = "abandon"


@dataclass(slots=True)
class Progress:
    """One answer in progress."""

    wish: Wish = Wish.GO_ON


class AnswersInProgress:
    """The answers being made, by the key of their question. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Progress] = {}

    @contextmanager
    def answering(self, key: str) -> Iterator[Progress]:
        """The progress of the one answer being made for ``key``."""
        progress = Progress()
        with self._lock:
            self._running[key] = progress
        try:
            yield progress
        finally:
            progress.wish = Wish.ABANDON
            with self._lock:
                if self._running.get(key) is progress:
                    del self._running[key]

    def stop(self, key: str) -> bool:
        """Have the answer for ``key`` left as it stands; returns whether one is being made in this process."""
        return self._tell(key, Wish.STOP)

    def abandon(self, key: str) -> None:
        """Have the answer for ``key`` dropped; without one nothing happens."""
        self._tell(key, Wish.ABANDON)

    def _tell(self, key: str, wish: Wish) -> bool:
        with self._lock:
            progress = self._running.get(key)
            if progress is not None:
                progress.wish = wish
            return progress is not None


@dataclass(frozen=True, slots=True)
class _Came(Generic[Item]):
    item: Item


@dataclass(frozen=True, slots=True)
class _Ended:
    error: Exception | None = None


def interruptible(items: Iterator[Item], progress: Progress) -> Iterator[Item]:
    """``items`` as they come, until there are no more or the reader wishes an end.

    What ``items`` raises is raised here.
    """
    arrived: queue.SimpleQueue[_Came[Item] | _Ended] = queue.SimpleQueue()

    def produce() -> None:
        try:
            for item in items:
                if progress.wish is not Wish.GO_ON:
                    break
                arrived.put(_Came(item))
        except Exception as error:
            # Carried over to the thread that waits, which raises it again.
            arrived.put(_Ended(error))
        else:
            arrived.put(_Ended())

    threading.Thread(target=produce, name="answer", daemon=True).start()
    while progress.wish is Wish.GO_ON:
        try:
            arrival = arrived.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            continue
        if isinstance(arrival, _Came):
            yield arrival.item
        elif arrival.error is not None:
            raise arrival.error
        else:
            return
