"""What a piece of work costs the thread that does it: other threads and programs of the machine are not measured."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails when the work took more processor time of this thread; what goes back over itself takes many times that."""
    gc.disable()
    started = time.thread_time()
    try:
        yield
        assert time.thread_time() - started < seconds
    finally:
        gc.enable()


def least_spent(work: Callable[[], object], tries: int = 3) -> float:
    """Return the processor time in seconds of the cheapest of so many tries."""
    spent = []
    for _ in range(tries):
        gc.disable()
        started = time.thread_time()
        work()
        spent.append(time.thread_time() - started)
        gc.enable()
    return min(spent)
