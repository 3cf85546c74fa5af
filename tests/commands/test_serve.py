"""``serve`` at an address that cannot be had: each with its own remedy."""

import os
import re
import socket

import pytest
from typer.testing import CliRunner

from bot.cli import app

#: A name that no resolver may know (RFC 6761).
NOWHERE = "nobody.invalid"
#: An address for documentation (RFC 5737): never of this machine.
ELSEWHERE = "192.0.2.1"


def served(*words):
    return CliRunner().invoke(app, ["serve", *words])


def test_a_name_that_no_address_has():
    done = served("--host", NOWHERE)
    assert done.exit_code == 2 and NOWHERE in done.stderr
    assert "找不到这个主机名" in done.stderr and "--host 127.0.0.1" in done.stderr and "端口" not in done.stderr


def test_an_address_of_another_machine():
    done = served("--host", ELSEWHERE)
    assert done.exit_code == 2 and ELSEWHERE in done.stderr
    assert "不是这台机器的地址" in done.stderr and "--host 0.0.0.0" in done.stderr and "占用" not in done.stderr


def test_a_port_that_another_program_has_is_told_with_one_that_is_free():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = served("--port", str(port))
    assert done.exit_code == 2 and "已被占用" in done.stderr and str(port) in done.stderr
    other = int(re.findall(r"serve --port (\d+)", done.stderr)[-1])
    assert other != port and 1 <= other <= 65_535


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="ports below 1024 are free to all")
def test_a_port_that_only_root_may_have(monkeypatch):
    def refused(self, address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("socket.socket.bind", refused, raising=False)
    done = served("--port", "80")
    assert done.exit_code == 2 and "没有权限" in done.stderr and "1024" in done.stderr


def test_an_address_that_is_told_by_a_setting_is_looked_at_as_well(monkeypatch):
    monkeypatch.setenv("BOT_HOST", NOWHERE)
    done = served()
    assert done.exit_code == 2 and "找不到这个主机名" in done.stderr
