"""A command typed wrongly is told in Chinese: what was given, what was tried, what to type instead; the code is 2."""

import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT_ROOT

RUNNER = CliRunner()
#: What was typed, and what has to be told of it: the value, then the remedy.
WRONG = [
    ("frobnicate", ("没有这个命令", "frobnicate", "python -m bot --help")),
    ("sarch 人才公寓", ("没有这个命令", "sarch", "search")),
    ("market fro", ("没有这个命令", "fro", "python -m bot market --help")),
    ("ask --wat", ("没有这个选项", "--wat", "python -m bot ask --help")),
    ("ask --datta x", ("没有这个选项", "--datta", "--data")),
    ("ask -x", ("没有这个选项", "-x", "python -m bot ask --help")),
    ("user add", ("缺少", "name", "用户名")),
    ("user add 示例", ("缺少", "--role", "manager", "staff")),
    ("market list", ("缺少", "--kind", "needs", "offers", "organisations")),
    ("corpus add x.txt", ("缺少", "--by", "经办人")),
    ("search x --k", ("--k", "后面要写", "python -m bot search --help")),
    ("ask --data", ("--data", "后面要写", "python -m bot ask --help")),
    ("serve --open=3", ("--open", "不带值", "python -m bot serve --help")),
    ("search x --k abc", ("--k", "abc", "1 到 1000 之间的整数")),
    ("search x --k 0", ("--k", "0", "1 到 1000 之间的整数")),
    ("search x --k 1001", ("--k", "1001", "1 到 1000 之间的整数")),
    ("match --text x --k 1.5", ("--k", "1.5", "整数")),
    ("serve --port 99999", ("--port", "99999", "1 到 65535 之间的整数")),
    ("serve --port 0", ("--port", "0", "1 到 65535 之间的整数")),
    ("serve --port abc", ("--port", "abc", "1 到 65535 之间的整数")),
    ("inquiries show abc", ("number", "abc", "整数")),
    ("key revoke x", ("key_id", "x", "整数")),
    ("market list --kind cats", ("--kind", "cats", "needs、offers、organisations")),
    ("user add 示例 --role king", ("--role", "king", "manager、staff")),
    ("introduce --form poem", ("--form", "poem", "letter")),
    ("ask 一 二", ("多出来", "二", "引号")),
    ("corpus add 没有的.txt --by 示例", ("没有的.txt", "核对路径")),
    ("corpus add . --by 示例", ("文件夹", "给出一个文件")),
    ("introduce", ("--need", "--offer")),
]
ENGLISH = re.compile(r"Usage|Error|Invalid|Missing|No such|Got unexpected|requires|Try '|Input should|Value error")


@pytest.mark.parametrize(("typed", "told"), WRONG, ids=[typed for typed, _ in WRONG])
def test_what_is_wrong_is_told_in_chinese_with_the_remedy(typed, told, tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "data"))
    done = RUNNER.invoke(app, typed.split())
    assert done.exit_code == 2 and done.stdout == ""
    assert [part for part in told if part not in done.stderr] == []
    assert "解决办法：" in done.stderr and not ENGLISH.search(done.stderr), done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.rstrip().endswith("。")


def test_what_was_tried_is_the_line_that_was_typed():
    told = RUNNER.invoke(app, ["search", "人才 公寓", "--k", "abc"]).stderr
    assert "已尝试：python -m bot search '人才 公寓' --k abc。" in told


def test_the_script_at_the_root_tells_it_the_same_way():
    command = [sys.executable, PROJECT_ROOT / "ingest.py", "--dta", "x"]
    done = subprocess.run(command, capture_output=True, text=True)
    told = done.stderr
    assert done.returncode == 2
    assert "没有这个选项：--dta" in told and "python -m bot ingest --help" in told and not ENGLISH.search(told)


@pytest.mark.parametrize("group", [[], ["market"], ["corpus"], ["user"]])
def test_a_group_alone_shows_its_help(group):
    done = RUNNER.invoke(app, group)
    assert done.exit_code == 2 and "命令" in done.output and "解决办法" not in done.output


@pytest.mark.parametrize("words", [["--help"], ["search", "--help"], ["market", "list", "--help"], ["user"]])
def test_help_is_in_chinese(words):
    told = RUNNER.invoke(app, words).output
    assert "选项" in told
    assert not re.search(r"Options|Arguments|Commands|Show this message|\[required\]|\[default", told), told


def test_a_password_that_is_not_typed_ends_it_in_chinese(tmp_path):
    done = RUNNER.invoke(app, ["user", "add", "示例", "--role", "staff", "--data", str(tmp_path)], input="")
    assert done.exit_code == 1 and "Abort" not in done.output and "没有做" in done.stderr


def test_the_version_is_that_of_what_is_installed():
    from importlib.metadata import version

    done = RUNNER.invoke(app, ["--version"])
    assert done.exit_code == 0 and done.output.strip() == version("tech-manager-assistant")
