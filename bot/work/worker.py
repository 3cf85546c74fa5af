"""One piece of long work from taking it to its end, with signs of life in between."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.errors import AssistantError
from bot.jobs.board import SIGN_SECONDS, JobBoard
from bot.jobs.records import Job, JobKind, JobState
from bot.settings import Settings
from bot.store.database import shared_database
from bot.work.benching import benching
from bot.work.importing import importing
from bot.work.ingesting import ingesting
from bot.work.progress import StopAsked, Work
from bot.work.proposing import proposing

_LOGGER = logging.getLogger(__name__)
#: Progress is told so often, however fast it comes.
_TOLD_EVERY = 0.5

WORKERS: dict[JobKind, Callable[[Work], dict[str, Any]]] = {
    JobKind.INGEST: ingesting,
    JobKind.IMPORT: importing,
    JobKind.BENCH: benching,
    JobKind.PROPOSE: proposing,
}


def run_job(number: int, settings: Settings) -> Job:
    """Do the work of that number; what goes wrong is written down for the desk."""
    board = JobBoard(shared_database(settings.resolved_database_url))
    job = board.take(number)
    signs = _Signs(board, number)
    work = Work(number, job.asked_by, settings, job.parameters, signs.told)
    try:
        with signs:
            result = WORKERS[job.kind](work)
    except StopAsked:
        board.end(number, JobState.STOPPED)
    except (AssistantError, OSError) as error:
        board.end(number, JobState.FAILED, note=str(error))
    except Exception as error:
        # The trace goes to the log of the process; the desk learns that it was no mistake of its own.
        _LOGGER.exception("job %d failed", number)
        board.end(number, JobState.FAILED, note=f"程序出错（{type(error).__name__}）。请把日志交给维护的人")
    else:
        board.end(number, JobState.DONE, result=result)
    return board.job(number)


class _Signs:
    """Tells the progress, and that the worker lives while there is none."""

    def __init__(self, board: JobBoard, number: int) -> None:
        self._board, self._number = board, number
        self._at = ("", 0, 0)
        self._stop = False
        self._one = threading.Lock()
        self._last = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="signs-of-life", daemon=True)

    def __enter__(self) -> _Signs:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def told(self, stage: str, done: int, total: int) -> None:
        """Called by the worker; raises :class:`StopAsked` when the work is to stop."""
        new_stage = stage != self._at[0]
        self._at = stage, done, total
        # Within a transaction of the work nobody could see the sign; the thread beside gives it as soon as it can.
        due = new_stage or time.monotonic() - self._last >= _TOLD_EVERY
        if due and not self._board.within_transaction:
            self._sign()
        if self._stop:
            raise StopAsked

    def _beat(self) -> None:
        while not self._over.wait(SIGN_SECONDS):
            # While a long transaction holds the database a sign cannot be given; the next one may.
            with suppress(AssistantError):
                self._sign()

    def _sign(self) -> None:
        # One after the other: an older sign would go over a newer one.
        with self._one:
            self._last = time.monotonic()
            self._stop = self._board.sign(self._number, *self._at) or self._stop
