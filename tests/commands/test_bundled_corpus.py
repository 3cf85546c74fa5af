"""Documents that came with the program are copied to a folder of the user's before anything of them changes."""

import os
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.settings
from bot.cli import app
from bot.curation.folder import CorpusFolder
from bot.errors import CorpusError
from bot.settings import load_settings

TEXT = "# 示例办法\n\n补贴最高三万元。\n"


@pytest.fixture
def bundled(tmp_path, monkeypatch):
    """A program with documents of its own in a folder that is not written to, started in an empty folder."""
    program, home = tmp_path / "site-packages" / "bundled_corpus", tmp_path / "home"
    (program / "下").mkdir(parents=True)
    home.mkdir()
    (program / "办法.md").write_text(TEXT, encoding="utf-8")
    (program / "下" / "附件.txt").write_text("示例附件", encoding="utf-8")
    for each in (*program.rglob("*"), program):
        each.chmod(0o555 if each.is_dir() else 0o444)
    monkeypatch.setattr(bot.settings, "BUNDLED_CORPUS", program)
    monkeypatch.setattr(bot.settings, "HOME", home)
    monkeypatch.setenv("BOT_DATA_DIR", str(home / "data"))
    monkeypatch.delenv("BOT_CORPUS_DIR", raising=False)
    yield program
    for each in (program, program / "下"):
        each.chmod(0o755)


@pytest.fixture
def home(bundled):
    return bot.settings.HOME


@pytest.fixture
def new(tmp_path):
    file = tmp_path / "新通知.txt"
    file.write_text("示例通知：补贴最高四万元。", encoding="utf-8")
    return file


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def files(folder):
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_the_first_document_added_goes_to_a_folder_of_ones_own(bundled, home, new):
    before = files(bundled)
    done = run("corpus", "add", new, "--by", "示例")
    assert done.exit_code == 0, done.output
    assert files(bundled) == before
    assert files(home / "corpus") == before | {"新通知.txt"}
    assert str(home / "corpus") in done.output and "复制" in done.output
    assert load_settings().corpus_dir == home / "corpus"


def test_it_is_told_once(home, new, tmp_path):
    run("corpus", "add", new, "--by", "示例")
    other = tmp_path / "又一份.txt"
    other.write_text("示例通知：补贴最高五万元。", encoding="utf-8")
    done = run("corpus", "add", other, "--by", "示例")
    assert done.exit_code == 0 and "复制" not in done.output


def test_what_is_copied_can_be_changed_though_the_program_is_read_only(home, new):
    assert run("corpus", "replace", "下/附件.txt", new, "--by", "示例").exit_code == 0
    assert all(os.access(each, os.W_OK) and each.stat().st_mode & 0o200 for each in (home / "corpus").rglob("*"))
    assert run("corpus", "retire", "办法.md", "--by", "示例").exit_code == 0
    assert "办法.md" not in files(home / "corpus")
    assert run("corpus", "restore", "办法.md", "--by", "示例").exit_code == 0
    assert (home / "corpus" / "办法.md").read_text(encoding="utf-8") == TEXT


def test_looking_copies_nothing(home):
    assert run("corpus", "list").exit_code == 0 and not (home / "corpus").exists()


@pytest.mark.parametrize("words", [("retire", "没有.md"), ("replace", "没有.md")])
def test_the_documents_are_read_where_they_are_though_nothing_is_done(bundled, home, new, words):
    done = run("corpus", *words, *([new] if words[0] == "replace" else []), "--by", "示例")
    assert done.exit_code == 2 and "没有这份文件" in done.output and files(bundled) == {"办法.md", "下/附件.txt"}


def test_a_folder_that_cannot_be_made_is_told_with_what_to_type(bundled, home, new):
    (home / "corpus").write_text("a file in the way")
    done = run("corpus", "add", new, "--by", "示例")
    assert done.exit_code == 2 and str(home / "corpus") in done.stderr and "--corpus" in done.stderr
    assert files(bundled) == {"办法.md", "下/附件.txt"} and not [
        each for each in home.iterdir() if "partial" in each.name
    ]


def test_several_at_once_make_one_whole_folder(bundled, home):
    from bot.documents.own_corpus import own_corpus

    settings, made, failed = load_settings(), [], []
    start = threading.Barrier(6)

    def one():
        start.wait()
        try:
            made.append(own_corpus(settings)[0].corpus_dir)
        except CorpusError as error:
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == [] and set(made) == {home / "corpus"} and files(home / "corpus") == files(bundled)
    assert {each.name for each in home.iterdir()} <= {"corpus", "data"}


def test_what_a_killed_copy_left_is_no_corpus(bundled, home, new):
    (home / ".corpus.partial").mkdir()
    (home / ".corpus.partial" / "half.txt").write_text("half", encoding="utf-8")
    assert load_settings().corpus_dir == bundled
    assert run("corpus", "add", new, "--by", "示例").exit_code == 0
    assert "half.txt" not in files(home / "corpus") and not (home / ".corpus.partial").exists()


def test_a_folder_of_ones_own_is_used_as_it_is(bundled, home, new):
    (home / "corpus").mkdir()
    assert run("corpus", "add", new, "--by", "示例").exit_code == 0
    assert files(home / "corpus") == {"新通知.txt"}


def test_another_folder_that_was_named_is_used_as_it_is(bundled, home, new, tmp_path):
    named = tmp_path / "named"
    named.mkdir()
    assert run("corpus", "add", new, "--by", "示例", "--corpus", named).exit_code == 0
    assert files(named) == {"新通知.txt"} and not (home / "corpus").exists()


def test_a_backup_comes_back_beside_the_program_not_into_it(bundled, home, new, tmp_path):
    assert run("corpus", "add", new, "--by", "示例").exit_code == 0
    assert run("backup", tmp_path / "a.zip").exit_code == 0
    (home / "corpus").rename(home / "former")
    (home / "data").rename(home / "former data")
    done = run("restore", tmp_path / "a.zip")
    assert done.exit_code == 0, done.output
    assert files(home / "corpus") == files(home / "former") and "新通知.txt" not in files(bundled)


@pytest.fixture
def seen(monkeypatch) -> list[Path]:
    """The corpus folders that a program was opened with; it goes no further."""
    folders: list[Path] = []

    class Opened:
        @staticmethod
        def open(settings):
            folders.append(settings.corpus_dir)
            raise CorpusError("到此为止")

    monkeypatch.setattr("bot.assistant.Assistant", Opened)
    return folders


def test_the_desk_gets_a_folder_of_ones_own_when_it_is_served(bundled, home, seen):
    """Whoever is served may change documents at the desk."""
    done = run("serve", "--port", "17860")
    assert "到此为止" in done.stderr and seen == [home / "corpus"] and str(home / "corpus") in done.stderr


@pytest.mark.parametrize("data", [b"# x", None])
def test_the_programs_own_documents_are_never_written(bundled, data):
    for each in (bundled, *bundled.rglob("*")):
        each.chmod(0o755)
    with pytest.raises(CorpusError, match="BOT_CORPUS_DIR"):
        CorpusFolder(bundled).put("办法.md", data)
    assert (bundled / "办法.md").read_text("utf-8") == TEXT


def test_it_is_served_all_the_same_where_no_folder_can_be_made(bundled, home, seen):
    (home / "corpus").write_text("a file in the way")
    done = run("serve", "--port", "17860")
    assert seen == [bundled] and "--corpus" not in done.stderr.split("到此为止")[0] and "BOT_CORPUS_DIR" in done.stderr
