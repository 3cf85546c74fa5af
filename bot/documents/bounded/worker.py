"""What runs in a worker process: it reads one file after another until its reader is gone.

It says nothing on the standard streams and warns of nothing; whatever a parser prints goes nowhere.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO, NoReturn

from bot.documents.bounded.protocol import Reply, Setup, pack, read_frame, write_frame
from bot.documents.bounded.refusals import TOO_MUCH_MEMORY, ran_out_of_memory, refusal_of
from bot.documents.corpus import CorpusFile

#: Exit code of a worker that found itself beyond its memory.
EXIT_MEMORY = 99
#: A worker told to end has this long to remove its temporary files and end what it started.
GRACE_SECONDS = 1.0
#: The reader ends a file in time; should it be gone, the worker's own clock does so this much later.
_ALARM_DELAY_SECONDS = 5.0
_WATCH_SECONDS = 0.1
#: Made while there is memory.
_OUT_OF_MEMORY = pack(Reply(refusal=TOO_MUCH_MEMORY, spent=True))


class _Ended(BaseException):
    """The reader has told this process to end. Passes every ``except Exception`` on its way."""


def serve() -> NoReturn:
    """Be a worker. Never returns: the process ends without the interpreter's own clearing up."""
    code = 1
    try:
        requests, replies = _take_streams()
        _heed_signals()
        frames: SimpleQueue[bytes] = SimpleQueue()
        threading.Thread(target=_listen, args=(requests, frames), daemon=True).start()
        _work(frames, replies)
    except _Ended:
        code = 0
    except MemoryError:
        code = EXIT_MEMORY
    except BaseException:  # nowhere to tell it: the reader sees the exit code
        code = 1
    os._exit(code)


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """The streams from and to the reader, moved where no parser and no program started by one finds them."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    # Whatever is printed, printing must not fail.
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False)
    return requests, replies


def _heed_signals() -> None:
    def end(number: int, frame: object) -> NoReturn:
        raise _Ended

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        # A thread of a server may have started this process with its own signals held back.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGALRM})


def _listen(requests: BinaryIO, frames: SimpleQueue[bytes]) -> None:
    """Take requests; end this process when the reader is gone, whatever is being read."""
    while (frame := read_frame(requests)) is not None:
        frames.put(frame)
    if sys.platform != "win32":
        main = threading.main_thread().ident
        if main is not None:
            signal.pthread_kill(main, signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _work(frames: SimpleQueue[bytes], replies: BinaryIO) -> None:
    try:
        setup: Setup = pickle.loads(frames.get())
    except _Ended:
        raise
    except BaseException as error:  # the function's module cannot be imported here
        write_frame(replies, pack(Reply(refusal=refusal_of(error), spent=True)))
        return
    _limit_memory(setup.memory_bytes)
    write_frame(replies, pack(Reply(resident_bytes=_resident_bytes())))
    while True:
        file: CorpusFile = pickle.loads(frames.get())
        _set_alarm(setup.seconds + _ALARM_DELAY_SECONDS)
        answer = _answer(setup.function, file)
        _set_alarm(0.0)
        write_frame(replies, answer)


def _answer(function: Callable[[CorpusFile], object], file: CorpusFile) -> bytes:
    """The reply to ``file``, packed here so that a result that cannot be packed is the file's own failure."""
    try:
        try:
            return pack(Reply(function(file), resident_bytes=_resident_bytes()))
        except _Ended:
            raise
        except BaseException as error:  # also SystemExit: a parser must not end the worker
            reply = Reply(refusal=refusal_of(error), spent=ran_out_of_memory(error))
        return pack(reply)
    except MemoryError:
        return _OUT_OF_MEMORY


def _set_alarm(seconds: float) -> None:
    """Have the system end this process after ``seconds``, even inside a library's loop; 0 takes it back."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(limit: int) -> None:
    """Let requests for more than ``limit`` bytes fail, and no crash write its memory to disk.

    The limit is on data, not on addresses: libraries reserve addresses by the gigabyte that they never use.
    Where the system does not keep to it (macOS), or memory is shared and so not counted, a thread watches.
    """
    if sys.platform == "win32":
        return
    import resource

    for kind, wanted in ((resource.RLIMIT_DATA, limit), (resource.RLIMIT_CORE, 0)):
        soft, hard = resource.getrlimit(kind)
        allowed = min((value for value in (wanted, soft, hard) if value != resource.RLIM_INFINITY), default=wanted)
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (allowed, hard))
    with suppress(OSError):
        # When the whole machine runs out of memory, the system is to end this process and no other.
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
            score.write("1000")
    threading.Thread(target=_watch_memory, args=(limit,), daemon=True).start()


def _watch_memory(limit: int) -> None:
    while True:
        time.sleep(_WATCH_SECONDS)
        if _resident_bytes() > limit:
            os._exit(EXIT_MEMORY)


def _resident_bytes() -> int:
    """The memory this process holds; its peak on macOS; 0 where nobody tells."""
    if sys.platform == "win32":
        return 0
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Not ru_maxrss, which starts at what the parent process held when it started this one.
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
