"""Files are read in a worker process that is kept for the next file and replaced when it fails."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Generic, Self, TypeVar, cast

from bot.documents.bounded.limits import ReadingLimits
from bot.documents.bounded.process import Worker, WorkerDied, WorkerNotStarted, WorkerTimedOut
from bot.documents.bounded.protocol import Reply, Setup
from bot.documents.bounded.refusals import TOO_MUCH_MEMORY, Refusal, died, refusal_of, too_slow
from bot.documents.bounded.worker import EXIT_MEMORY
from bot.documents.corpus import CorpusFile

_log = logging.getLogger(__name__)

Result = TypeVar("Result")


class BoundedReader(Generic[Result]):
    """Runs ``function`` for one file after another in a process with ``limits``.

    ``function`` is a picklable function at the top of an importable module, as are its results. It must not rely
    on what it left behind for an earlier file. The process is started for the first file and ended when the
    reader is left. Where no process can be started files are read in this one, without limits; that is logged
    once. Threads may share a reader; they take turns.
    """

    def __init__(self, function: Callable[[CorpusFile], Result], limits: ReadingLimits) -> None:
        self._function = function
        self._limits = limits
        self._worker: Worker | None = None
        self._worker_impossible = False
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker process. A later :meth:`read` starts another."""
        with self._turn:
            self._end_worker()

    def read(self, file: CorpusFile) -> Result:
        """What ``function`` makes of ``file``.

        Raises :class:`DocumentError`: the one that ``function`` raised, or one that says that reading took too
        long or too much memory, ended its process or failed with another error.
        """
        with self._turn:
            reply = self._reply(file)
        if reply.refusal is not None:
            raise reply.refusal.error()
        return cast(Result, reply.value)

    def _reply(self, file: CorpusFile) -> Reply:
        while True:
            worker = self._running_worker()
            if worker is None:
                return _read_here(self._function, file)
            first = not worker.served
            reply = self._ask(worker, file)
            # Files before this one may be to blame for the worker's end. A new worker tells.
            if first or not reply.spent:
                return reply

    def _running_worker(self) -> Worker | None:
        if self._worker is None and not self._worker_impossible:
            limits = self._limits
            try:
                self._worker = Worker.start(Setup(self._function, limits.seconds, limits.memory_bytes))
            except WorkerNotStarted as error:
                self._worker_impossible = True
                _log.warning("启动不了单独的读取进程，改在本进程读取，不限时间和内存：%s", error)
        return self._worker

    def _ask(self, worker: Worker, file: CorpusFile) -> Reply:
        try:
            reply = worker.ask(file, self._limits.seconds)
        except WorkerTimedOut:
            self._end_worker()
            return Reply(refusal=too_slow(self._limits.seconds))
        except WorkerDied as death:
            self._end_worker()
            return self._reply_of_dead(death.exit_code)
        except BaseException:
            # Interrupted: a reply to this file would be taken for one to the next.
            self._end_worker()
            raise
        limits = self._limits
        outworn = worker.served >= limits.files_per_worker or reply.resident_bytes > limits.resident_bytes
        if reply.spent or outworn:
            self._end_worker()
        return reply

    def _reply_of_dead(self, exit_code: int) -> Reply:
        if exit_code == -getattr(signal, "SIGALRM", 0):
            return Reply(refusal=too_slow(self._limits.seconds))
        refusal: Refusal = TOO_MUCH_MEMORY if exit_code == EXIT_MEMORY else died(exit_code)
        return Reply(refusal=refusal, spent=True)

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None


def _read_here(function: Callable[[CorpusFile], object], file: CorpusFile) -> Reply:
    try:
        return Reply(function(file))
    except Exception as error:  # parsers of other people's formats fail in ways of their own
        return Reply(refusal=refusal_of(error))
