"""The process that reads: kept and renewed, shared by threads, ended with whoever started it, done without."""

import _thread
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents.bounded import BoundedReader, ReadingLimits
from bot.documents.corpus import list_corpus_files
from tests.support.deeds import (
    LIMITS,
    ROOT,
    SHORT,
    act,
    linux,
    named,
    posix,
    refusal,
    running,
    wait_for_pid,
    wait_until_gone,
)
from tests.support.logged import logged

pytestmark = [pytest.mark.own_process, pytest.mark.slow]


def test_what_is_read_comes_from_another_process_that_is_kept(reader: BoundedReader[object]) -> None:
    assert reader.read(named("text", Path("甲 \udcff.txt"))) == "甲 \udcff.txt：hash"
    pids = {reader.read(named("pid")) for _ in range(5)}
    assert len(pids) == 1
    assert os.getpid() not in pids


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
    # A program started in the background of a shell is deaf to it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt_when_it_loops() -> None:
        while not (pid.exists() and pid.read_text()):
            time.sleep(0.01)
        _thread.interrupt_main()

    with pytest.raises(KeyboardInterrupt):
        threading.Thread(target=interrupt_when_it_loops, daemon=True).start()
        reader.read(named("loop", pid))
    signal.signal(signal.SIGINT, before)
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
from tests.support.deeds import LIMITS, act, named
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
        assert not logged(caplog, "bot.documents")
        assert [reader.read(named("pid")) for _ in range(3)] == [os.getpid()] * 3
        assert refusal(reader, "refused").startswith("文件已损坏：refused。")
        assert refusal(reader, "recursion").startswith("文件的结构嵌套太深")
        assert refusal(reader, "fail").startswith("读取时出错（ValueError：")
    (record,) = logged(caplog, "bot.documents")
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
    assert len(logged(caplog, "bot.documents")) == 1


def test_where_the_function_is_not_found_by_the_worker(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module = type(sys)("known_here_only")
    exec("def read(file): return file.id", module.__dict__)
    monkeypatch.setitem(sys.modules, "known_here_only", module)
    with BoundedReader(module.read, LIMITS) as reader:
        assert reader.read(named("text")) == "text"
    (record,) = logged(caplog, "bot.documents")
    assert "known_here_only" in record.getMessage()


def test_documents_come_as_they_are_read_here() -> None:
    # Not above: every worker of the other tests would bring all parsers along.
    from bot.documents.load import load_document

    files = list_corpus_files(ROOT / "corpus").files
    with BoundedReader(load_document, ReadingLimits()) as reader:
        assert [reader.read(file) for file in files] == [load_document(file) for file in files]
