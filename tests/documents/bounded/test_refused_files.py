"""One bad file is refused alone, with its reason, and the rest is read."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents.bounded import BoundedReader
from bot.documents.corpus import CorpusFile
from bot.errors import DocumentError
from tests.support.deeds import MEGABYTE, SHORT, act, linux, named, posix, refusal, running

pytestmark = [pytest.mark.own_process, pytest.mark.slow]
SPLIT = "解决办法：拆成几个文件或只留文字，或移出该文件夹。"
OTHER_FORMAT = "解决办法：换一种格式另存，或移出该文件夹。"


@pytest.mark.parametrize("name", ["loop", pytest.param("loop_of_a_library", marks=posix)])
def test_an_endless_loop(name: str, tmp_path: Path) -> None:
    with BoundedReader(act, SHORT) as reader:
        before = reader.read(named("pid"))
        assert refusal(reader, name, tmp_path / "pid") == f"读取超时（0.5 秒）。{SPLIT}"
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
