"""Accounts of the desk from the command line."""

import pytest
from typer.testing import CliRunner

from bot.cli import app

RUNNER = CliRunner()
PASSWORD = "示例密码-correct-horse"


def run(*words, typed=""):
    return RUNNER.invoke(app, ["user", *(str(word) for word in words)], input=typed)


@pytest.fixture
def data(tmp_path):
    return ["--data", tmp_path]


def test_a_user_is_added_listed_and_removed(data):
    done = run("add", "示例经理", "--role", "manager", "--role", "staff", *data, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0 and PASSWORD not in done.output
    listed = run("list", *data).output
    assert "示例经理" in listed and "技术经理人" in listed and "工作人员" in listed
    assert run("remove", "示例经理", *data).exit_code == 0
    assert "还没有用户" in run("list", *data).output


def test_two_different_passwords_add_nobody(data):
    done = run("add", "示例经理", "--role", "staff", *data, typed=f"{PASSWORD}\n另一个-{PASSWORD}\n")
    assert done.exit_code != 0 and "示例经理" not in run("list", *data).output


def test_a_password_is_read_from_a_file(data, tmp_path):
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\r\n别的\n", encoding="utf-8-sig")
    assert run("add", "示例经理", "--role", "staff", "--password-file", file, *data).exit_code == 0
    assert run("password", "示例经理", "--password-file", file, *data).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("add", "示例"),
        ("add", "示例", "--role", "king"),
        ("remove", "没有"),
        ("password", "没有"),
        ("add", "<", "--role", "staff"),
    ],
)
def test_what_cannot_be_done_is_said(data, words):
    assert run(*words, *data, typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 2
