"""What is given to ``restore`` and is no backup is called what it is, with what to do about it."""

import gzip
import sqlite3
import zipfile

import pytest
from typer.testing import CliRunner

from bot.cli import app


@pytest.fixture
def whole(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "示例.txt").write_text("示例正文" * 500, encoding="utf-8")
    file = tmp_path / "whole.zip"
    done = CliRunner().invoke(
        app, ["backup", str(file), "--data", str(tmp_path / "d"), "--corpus", str(tmp_path / "corpus")]
    )
    assert done.exit_code == 0, done.output
    return file


def _made(kind, whole, tmp_path):
    file = tmp_path / f"{kind}.zip"
    if kind == "folder":
        file.mkdir()
    elif kind == "empty":
        file.touch()
    elif kind == "text":
        file.write_text("备份在网盘里", encoding="utf-8")
    elif kind == "database":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE t (x)")
        connection.close()
    elif kind == "gzip":
        file.write_bytes(gzip.compress(b"x" * 100))
    elif kind == "noise":
        file.write_bytes(bytes(range(128, 256)) * 10)
    elif kind == "truncated":
        file.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    elif kind == "other zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("照片/一.jpg", b"x")
    elif kind == "docx":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("word/document.xml", b"x")
    elif kind == "manifest":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("manifest.json", b"[]")
    return file


#: What was given, what it is called, what to do.
GIVEN = [
    ("missing", "没有这个文件", "核对路径"),
    ("folder", "这是文件夹", "给出备份的 .zip 文件"),
    ("empty", "空的", "换一个"),
    ("text", "文字", "backup"),
    ("database", "SQLite", "backup"),
    ("gzip", "gzip", "backup"),
    ("noise", "不是 ZIP", "backup"),
    ("truncated", "不完整", "重新拷"),
    ("other zip", "照片/一.jpg", "backup"),
    ("docx", "word/document.xml", "backup"),
    ("manifest", "manifest.json", "换一个"),
]


@pytest.mark.parametrize("words", [["--check"], []], ids=["check", "restore"])
@pytest.mark.parametrize(("kind", "called", "remedy"), GIVEN, ids=[kind for kind, *_ in GIVEN])
def test_it_is_called_what_it_is(kind, called, remedy, words, whole, tmp_path):
    file = _made(kind, whole, tmp_path)
    there = ["--data", str(tmp_path / "there"), "--corpus", str(tmp_path / "there corpus")]
    done = CliRunner().invoke(app, ["restore", str(file), *words, *there])
    assert done.exit_code == 2 and str(file) in done.stderr
    assert called in done.stderr and remedy in done.stderr.split("解决办法：")[1]
    assert "磁盘空间" not in done.stderr and "Errno" not in done.stderr
    assert not (tmp_path / "there corpus").exists()
