"""What a reading process is made to do: each file's name says it. With the limits it does it under, and its traces."""

import logging
import mmap
import os
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path

import pytest

from bot.documents.bounded import BoundedReader, ReadingLimits
from bot.documents.corpus import CorpusFile
from bot.errors import DocumentError

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024**2
LIMITS = ReadingLimits(seconds=20.0, memory_bytes=300 * MEGABYTE)
SHORT = ReadingLimits(seconds=0.5, memory_bytes=300 * MEGABYTE)

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups")
linux = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")

_kept: list[bytes] = []


class Unreadable:
    """Can be packed and not unpacked."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return int, ("no number",)


def act(file: CorpusFile) -> object:
    """Does what the file's name says, in the worker."""
    return globals()[f"do_{file.id}"](file)


def do_text(file: CorpusFile) -> str:
    return f"{file.path}：{file.content_hash}"


def do_pid(file: CorpusFile) -> int:
    return os.getpid()


def do_loop(file: CorpusFile) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_text(str(os.getpid()))
    while True:
        pass


def do_stubborn_loop(file: CorpusFile) -> None:
    while True:
        with suppress(BaseException):
            do_loop(file)


def do_loop_of_a_library(file: CorpusFile) -> None:
    re.match(r"(?:a|aa|aaa)+$", "a" * 200 + "b")


def do_bomb(file: CorpusFile) -> None:
    kept = []
    while True:
        kept.append(bytearray(10 * MEGABYTE))


def do_bomb_of_small_things(file: CorpusFile) -> None:
    kept: list[object] = []
    while True:
        kept = [kept, [], {}]


def do_shared_bomb(file: CorpusFile) -> None:
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 10 * MEGABYTE))
        kept[-1].write(b"x" * (10 * MEGABYTE))
        time.sleep(0.002)


def do_bomb_told_otherwise(file: CorpusFile) -> None:
    try:
        do_bomb(file)
    except MemoryError:
        raise RuntimeError("something is wrong") from None


def do_library_without_memory(file: CorpusFile) -> None:
    raise RuntimeError("Non-zero status code: std::bad_alloc")


def do_segfault(file: CorpusFile) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(5)


def do_killed(file: CorpusFile) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(5)


def do_quit(file: CorpusFile) -> None:
    os._exit(3)


def do_close_everything(file: CorpusFile) -> None:
    os.closerange(0, 100)
    time.sleep(5)


def do_exit(file: CorpusFile) -> None:
    sys.exit("enough")


def do_interrupt(file: CorpusFile) -> None:
    raise KeyboardInterrupt


def do_recursion(file: CorpusFile) -> None:
    do_recursion(file)


def do_refused(file: CorpusFile) -> None:
    raise DocumentError("文件已损坏", value=file.id, tried="两种办法", remedy="重新下载")


def do_fail(file: CorpusFile) -> None:
    raise ValueError("表格\ud800\n  不完整" + "长" * 1000)


def do_print(file: CorpusFile) -> str:
    sys.stdout.write("printed \ud800\n")
    sys.stderr.write("printed\n")
    os.write(1, b"written")
    os.write(2, b"written")
    subprocess.run([sys.executable, "-c", "print('by a child')"], check=True)
    warnings.warn("beware", stacklevel=1)
    logging.getLogger("parser").error("logged")
    assert sys.stdin.read() == ""
    return "read"


def do_huge(file: CorpusFile) -> bytes:
    return b"x" * (60 * MEGABYTE)


def do_unpicklable(file: CorpusFile) -> object:
    return lambda: None


def do_unreadable(file: CorpusFile) -> object:
    return Unreadable()


def do_leak(file: CorpusFile) -> int:
    _kept.append(b"x" * (40 * MEGABYTE))
    return os.getpid()


def do_crash_later(file: CorpusFile) -> int:
    threading.Timer(0.2, do_quit, [file]).start()
    return os.getpid()


def do_slow(file: CorpusFile) -> int:
    time.sleep(0.4)
    return os.getpid()


def do_child(file: CorpusFile) -> None:
    """A converter in a session of its own, as the one for old office files."""
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    file.path.write_text(str(child.pid))
    try:
        child.communicate()
    except BaseException:
        child.kill()
        child.communicate()
        raise


def do_careless_child(file: CorpusFile) -> None:
    child = subprocess.Popen(["sleep", "60"])
    file.path.write_text(str(child.pid))
    do_stubborn_loop(CorpusFile(file.id, file.path.with_name("other"), ""))


def named(name: str, path: Path = Path("place")) -> CorpusFile:
    return CorpusFile(name, path, "hash")


def refusal(reader: BoundedReader[object], name: str, path: Path = Path("place")) -> str:
    with pytest.raises(DocumentError) as caught:
        reader.read(named(name, path))
    return str(caught.value)


def running(pid: int) -> bool:
    with suppress(OSError):
        status = Path(f"/proc/{pid}/stat").read_text()
        return status.rpartition(")")[2].split()[0] not in "ZX"
    if Path("/proc/self").exists():
        return False
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True).returncode == 0


def wait_until_gone(pid: int, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while running(pid):
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.01)


def wait_for_pid(path: Path) -> int:
    end = time.monotonic() + 10
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return int(path.read_text())
