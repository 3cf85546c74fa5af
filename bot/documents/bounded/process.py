"""One worker process, seen from the reader's side."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

from bot.documents.bounded.protocol import Reply, Setup, pack, read_frame, write_frame
from bot.documents.bounded.refusals import refusal_of
from bot.documents.bounded.worker import GRACE_SECONDS
from bot.documents.corpus import CorpusFile

#: The first import of the parsers from a cold disk with a virus scanner on it.
_START_SECONDS = 60.0
#: Waiting is done in slices: a wait for a lock does not heed the keyboard on Windows.
_SLICE_SECONDS = 0.1
#: A killed process is gone at once, unless it hangs in a file system; then it is left behind.
_REAP_SECONDS = 5.0
# The search path travels with it: the worker must find what its reader finds, in the same order.
_PROGRAM = "import sys; sys.path[:] = {path}; from bot.documents.bounded.worker import serve; serve()"
#: Reading needs no matrix products, whose threads take memory for every core of the machine.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}


class WorkerNotStarted(Exception):
    """No worker can be started here; ``str()`` says why."""


class WorkerTimedOut(Exception):
    """A file takes longer than it may. The worker is still at it."""


class WorkerDied(Exception):
    """The worker ended while it read a file; ``exit_code`` is negative for a signal."""

    def __init__(self, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(exit_code)


class Worker:
    """A running worker process. ``served`` counts the files it has been given."""

    def __init__(self, process: subprocess.Popen[bytes], requests: BinaryIO, replies: BinaryIO) -> None:
        self.served = 0
        self._process = process
        self._requests = requests
        self._replies = replies
        self._frames: SimpleQueue[bytes | None] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="bounded-reader", daemon=True)

    @classmethod
    def start(cls, setup: Setup) -> Worker:
        """A worker that is ready for its first file. Raises :class:`WorkerNotStarted`."""
        content = pack(setup)
        if not sys.executable or getattr(sys, "frozen", False):
            raise WorkerNotStarted("no interpreter to start")
        try:
            process = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT | os.environ,
                **_apart(),
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise WorkerNotStarted(str(error)) from None
        assert process.stdin is not None and process.stdout is not None
        worker = cls(process, process.stdin, process.stdout)  # type: ignore[arg-type]
        try:
            worker._begin(content)
        except BaseException:
            worker.stop()
            raise
        return worker

    def _begin(self, setup: bytes) -> None:
        try:
            self._listener.start()
            write_frame(self._requests, setup)
            reply = self._receive(_START_SECONDS)
        except (OSError, RuntimeError, WorkerTimedOut, WorkerDied) as error:
            raise WorkerNotStarted(f"{type(error).__name__}: {error}") from None
        if reply.refusal is not None:
            raise WorkerNotStarted(str(reply.refusal.error()))

    def ask(self, file: CorpusFile, seconds: float) -> Reply:
        """What comes of ``file``. Raises :class:`WorkerTimedOut` and :class:`WorkerDied`; stop it then."""
        self.served += 1
        try:
            write_frame(self._requests, pack(file))
        except OSError:
            raise WorkerDied(self.stop()) from None
        return self._receive(seconds)

    def stop(self) -> int:
        """End the worker and all it started; its exit code. Can be called again."""
        code = self._process.returncode
        if code is not None:
            return code
        try:
            self._tell_to_end()
        finally:
            self._kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_SECONDS)
        if self._listener.ident is not None:
            self._listener.join(_REAP_SECONDS)
        with suppress(OSError):
            self._requests.close()
        if not self._listener.is_alive():
            self._replies.close()
        return self._process.returncode if self._process.returncode is not None else -9

    def _tell_to_end(self) -> None:
        """Give the worker the time to end what it started: a converter may run in a session of its own."""
        if sys.platform != "win32":
            with suppress(OSError):
                os.kill(self._process.pid, signal.SIGTERM)
            # Its end is seen by the end of its replies and not by waiting for the process: until that has been
            # waited for, its number and its group's are nobody else's and can be signalled safely.
            if self._listener.ident is not None:
                self._listener.join(GRACE_SECONDS)

    def _kill(self) -> None:
        if sys.platform != "win32":
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            return
        program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
        with suppress(OSError, subprocess.SubprocessError):
            command = [str(program), "/F", "/T", "/PID", str(self._process.pid)]
            subprocess.run(command, capture_output=True, timeout=_REAP_SECONDS, check=False)
        self._process.kill()

    def _receive(self, seconds: float) -> Reply:
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            try:
                content = self._frames.get(timeout=min(_SLICE_SECONDS, left))
            except Empty:
                if not left:
                    raise WorkerTimedOut from None
                continue
            if content is None:
                raise WorkerDied(self.stop())
            return _unpack(content)

    def _listen(self) -> None:
        content: bytes | None = b""
        while content is not None:
            content = read_frame(self._replies)
            self._frames.put(content)


def _unpack(content: bytes) -> Reply:
    try:
        reply = pickle.loads(content)
    except Exception as error:  # a result whose class is known to the worker only
        return Reply(refusal=refusal_of(error))
    if not isinstance(reply, Reply):
        return Reply(refusal=refusal_of(TypeError("no reply")), spent=True)
    return reply


def _command() -> list[str]:
    path = [str(entry) or os.getcwd() for entry in sys.path]
    utf8 = f"utf8={int(sys.flags.utf8_mode)}"
    return [sys.executable, "-W", "ignore", "-X", utf8, "-c", _PROGRAM.format(path=ascii(path))]


def _apart() -> dict[str, Any]:
    """How to start a process that the keyboard's interrupt does not reach and that can be killed with its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
