"""One bad file is refused alone, with its reason, and the rest is read."""

import _thread
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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents.bounded import BoundedReader, ReadingLimits
from bot.documents.corpus import CorpusFile, list_corpus_files
from bot.errors import DocumentError

pytestmark = [pytest.mark.own_process, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024**2
LIMITS = ReadingLimits(seconds=20.0, memory_bytes=300 * MEGABYTE)
SHORT = ReadingLimits(seconds=0.5, memory_bytes=300 * MEGABYTE)
SPLIT = "解决办法：拆成几个文件或只留文字，或移出该文件夹。"
OTHER_FORMAT = "解决办法：换一种格式另存，或移出该文件夹。"

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


@pytest.fixture(scope="module", autouse=True)
def importable() -> Iterator[None]:
    """The worker finds this module however pytest was started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield


@pytest.fixture(scope="module")
def reader(importable: None) -> Iterator[BoundedReader[object]]:
    """One for all tests, which is what it is made for: it recovers from whatever the one before did."""
    with BoundedReader(act, LIMITS) as opened:
        yield opened


@pytest.fixture
def fresh(reader: BoundedReader[object]) -> BoundedReader[object]:
    """The same, with its process still to be started."""
    reader.close()
    return reader


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


def test_what_is_read_comes_from_another_process_that_is_kept(reader: BoundedReader[object]) -> None:
    assert reader.read(named("text", Path("甲 \udcff.txt"))) == "甲 \udcff.txt：hash"
    pids = {reader.read(named("pid")) for _ in range(5)}
    assert len(pids) == 1
    assert os.getpid() not in pids


@pytest.mark.parametrize("name", ["loop", pytest.param("loop_of_a_library", marks=posix)])
def test_an_endless_loop(name: str, tmp_path: Path) -> None:
    with BoundedReader(act, SHORT) as reader:
        before = reader.read(named("pid"))
        started = time.monotonic()
        assert refusal(reader, name, tmp_path / "pid") == f"读取超时（0.5 秒）。{SPLIT}"
        assert time.monotonic() - started < 10
        assert isinstance(before, int) and not running(before)
        assert reader.read(named("pid")) != before


@posix
@pytest.mark.parametrize("name", ["bomb", "bomb_of_small_things", "bomb_told_otherwise", "library_without_memory"])
def test_a_memory_bomb(fresh: BoundedReader[object], name: str) -> None:
    assert refusal(fresh, name) == f"读取占用内存过多。{SPLIT}"
    assert fresh.read(named("text"))


@linux
def test_a_bomb_of_shared_memory(fresh: BoundedReader[object]) -> None:
    assert refusal(fresh, "shared_bomb") == f"读取占用内存过多。{SPLIT}"


@posix
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("segfault", f"读取程序异常退出（信号 11）。{OTHER_FORMAT}"),
        ("quit", f"读取程序异常退出（退出码 3）。{OTHER_FORMAT}"),
        (
            "killed",
            f"读取程序异常退出（信号 9）。解决办法：多半是机器的内存不够，关掉占内存的程序再试；或{SPLIT[5:]}",
        ),
    ],
)
def test_a_crash(fresh: BoundedReader[object], name: str, reason: str) -> None:
    assert refusal(fresh, name) == reason


@posix
def test_a_worker_that_hangs_up(fresh: BoundedReader[object]) -> None:
    assert "读取程序异常退出" in refusal(fresh, "close_everything")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("refused", "文件已损坏：refused。已尝试：两种办法。解决办法：重新下载。"),
        ("exit", f"读取时出错（SystemExit：enough）。{OTHER_FORMAT}"),
        ("interrupt", f"读取时出错（KeyboardInterrupt：）。{OTHER_FORMAT}"),
        ("recursion", f"文件的结构嵌套太深。{OTHER_FORMAT}"),
        ("fail", f"读取时出错（ValueError：表格? 不完整{'长' * 293}…）。{OTHER_FORMAT}"),
    ],
)
def test_an_error_leaves_the_worker_as_it_is(reader: BoundedReader[object], name: str, reason: str) -> None:
    before = reader.read(named("pid"))
    assert refusal(reader, name) == reason
    assert reader.read(named("pid")) == before


def test_a_result_that_cannot_be_sent(reader: BoundedReader[object]) -> None:
    before = reader.read(named("pid"))
    assert refusal(reader, "unpicklable").startswith("读取时出错（")
    assert refusal(reader, "unreadable").startswith("读取时出错（ValueError：invalid literal")
    assert reader.read(named("pid")) == before


def test_a_huge_result(reader: BoundedReader[object]) -> None:
    result = reader.read(named("huge"))
    assert isinstance(result, bytes) and len(result) == 60 * MEGABYTE


def test_what_a_parser_prints_goes_nowhere(reader: BoundedReader[object], capfd: pytest.CaptureFixture[str]) -> None:
    assert [reader.read(named("print")) for _ in range(3)] == ["read"] * 3
    assert capfd.readouterr() == ("", "")


@posix
def test_the_rest_is_read_in_order(tmp_path: Path) -> None:
    bad = {7: "segfault", 20: "loop", 21: "bomb", 22: "refused", 39: "exit"}
    files = [CorpusFile(bad.get(number, "text"), tmp_path / str(number), str(number)) for number in range(40)]
    results: list[object] = []
    # Long enough for the bomb on a busy machine.
    with BoundedReader(act, replace(SHORT, seconds=2.0)) as reader:
        for file in files:
            try:
                results.append(reader.read(file))
            except DocumentError as error:
                results.append(str(error)[:6])
    refused = {7: "读取程序异常", 20: "读取超时（2", 21: "读取占用内存", 22: "文件已损坏：", 39: "读取时出错（"}
    assert results == [refused.get(number, f"{files[number].path}：{number}") for number in range(40)]


def test_reading_is_quick(reader: BoundedReader[object]) -> None:
    reader.read(named("pid"))
    seconds = []
    for _ in range(200):
        started = time.perf_counter()
        reader.read(named("text"))
        seconds.append(time.perf_counter() - started)
    assert sorted(seconds)[100] < 0.005


def test_a_worker_is_renewed_after_so_many_files() -> None:
    with BoundedReader(act, ReadingLimits(files_per_worker=2)) as reader:
        pids = [reader.read(named("pid")) for _ in range(5)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


@linux
def test_a_worker_is_renewed_before_its_leaks_fill_its_memory(reader: BoundedReader[object]) -> None:
    pids = [reader.read(named("leak")) for _ in range(9)]
    assert 2 <= len(set(pids)) <= 4


@posix
def test_a_file_does_not_answer_for_the_one_before(reader: BoundedReader[object]) -> None:
    before = reader.read(named("crash_later"))
    assert reader.read(named("slow")) != before


@posix
def test_a_worker_that_ends_between_two_files(reader: BoundedReader[object]) -> None:
    pid = reader.read(named("pid"))
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert reader.read(named("pid")) != pid


def test_threads_take_turns(reader: BoundedReader[object]) -> None:
    files = [named("text", Path(str(number))) for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(reader.read, files)) == [f"{number}：hash" for number in range(40)]


def test_the_worker_outlives_the_thread_that_started_it(reader: BoundedReader[object]) -> None:
    pids: list[object] = []
    thread = threading.Thread(target=lambda: pids.append(reader.read(named("pid"))))
    thread.start()
    thread.join()
    assert reader.read(named("pid")) == pids[0]


@posix
def test_leaving_ends_the_worker() -> None:
    with pytest.raises(SystemExit), BoundedReader(act, LIMITS) as reader:
        pid = reader.read(named("pid"))
        sys.exit()
    assert isinstance(pid, int) and not running(pid)
    assert reader.read(named("pid")) != pid
    reader.close()
    reader.close()


@posix
def test_an_interrupt_ends_the_worker(reader: BoundedReader[object], tmp_path: Path) -> None:
    reader.read(named("pid"))
    pid = tmp_path / "pid"

    def interrupt_when_it_loops() -> None:
        while not (pid.exists() and pid.read_text()):
            time.sleep(0.01)
        _thread.interrupt_main()

    with pytest.raises(KeyboardInterrupt):
        threading.Thread(target=interrupt_when_it_loops, daemon=True).start()
        reader.read(named("loop", pid))
    assert not running(int(pid.read_text()))
    assert reader.read(named("text")) == "place：hash"


@posix
@pytest.mark.parametrize("name", ["pid", "loop", "stubborn_loop"])
def test_a_killed_parent_leaves_no_orphan(name: str, tmp_path: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from bot.documents.bounded import BoundedReader
from tests.documents.test_bounded import LIMITS, act, named
path = Path({str(tmp_path / "pid")!r})
reader = BoundedReader(act, LIMITS)
path.write_text(str(reader.read(named({name!r}, path))))
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    pid = wait_for_pid(tmp_path / "pid")
    assert running(pid)
    parent.kill()
    parent.wait()
    wait_until_gone(pid)


@posix
@pytest.mark.parametrize("name", ["child", "careless_child"])
def test_what_a_worker_started_ends_with_it(name: str, tmp_path: Path) -> None:
    with BoundedReader(act, replace(SHORT, seconds=1.0)) as reader:
        assert "读取超时" in refusal(reader, name, tmp_path / "pid")
    wait_until_gone(int((tmp_path / "pid").read_text()))


def test_where_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def forbidden(*arguments: object, **options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    with BoundedReader(act, LIMITS) as reader:
        assert not caplog.records
        assert [reader.read(named("pid")) for _ in range(3)] == [os.getpid()] * 3
        assert refusal(reader, "refused").startswith("文件已损坏：refused。")
        assert refusal(reader, "recursion").startswith("文件的结构嵌套太深")
        assert refusal(reader, "fail").startswith("读取时出错（ValueError：")
    (record,) = caplog.records
    assert "Operation not permitted" in record.getMessage()


@posix
@pytest.mark.parametrize("program", ["", "/nowhere/python", "/bin/sh", "echoing"])
def test_where_there_is_no_interpreter(
    program: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    if program == "echoing":
        program = str(tmp_path / program)
        Path(program).write_text("#!/bin/sh\nexec cat\n")
        os.chmod(program, 0o700)
    monkeypatch.setattr(sys, "executable", program)
    with BoundedReader(act, LIMITS) as reader:
        assert [reader.read(named("pid")) for _ in range(2)] == [os.getpid()] * 2
    assert len(caplog.records) == 1


def test_where_the_function_is_not_found_by_the_worker(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module = type(sys)("known_here_only")
    exec("def read(file): return file.id", module.__dict__)
    monkeypatch.setitem(sys.modules, "known_here_only", module)
    with BoundedReader(module.read, LIMITS) as reader:
        assert reader.read(named("text")) == "text"
    (record,) = caplog.records
    assert "known_here_only" in record.getMessage()


def test_documents_come_as_they_are_read_here() -> None:
    # Not above: every worker of the other tests would bring all parsers along.
    from bot.documents.load import load_document

    files = list_corpus_files(ROOT / "corpus").files
    with BoundedReader(load_document, ReadingLimits()) as reader:
        assert [reader.read(file) for file in files] == [load_document(file) for file in files]
