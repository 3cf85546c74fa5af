"""Every next step that a command prints can be run as it stands, with the folders that the call was given."""

import json
import logging
import re
import shlex
import shutil

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.index.layout import IndexLayout
from bot.store.database import shared_database

RUNNER = CliRunner()
#: A command of this program in running text, up to what a shell would not take as part of it.
PRINTED = re.compile(r"python -m bot((?: (?:'[^']*'|[!-~]+))+)")
#: Any way to name a command that is not the one wording; ``bot.toml`` and the like are files.
OTHER_WORDING = re.compile(
    r"ingest\.py|(?<!python -m )\bbot (?:ingest|index|bench|evaluate|user|key|market|corpus|inquiries|restore|doctor)\b"
    r"|(?<!python -m bot )\b(?:market (?:list|requests)|inquiries list|index publish|corpus list)\b"
)


def run(*words):
    return RUNNER.invoke(app, [str(word) for word in words])


def steps(told: str) -> list[list[str]]:
    return [shlex.split(found.rstrip(",;.")) for found in PRINTED.findall(told)]


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A corpus and a data folder with names that a shell would take apart; the usual ones are other, empty places."""
    corpus, data = tmp_path / "资料 夹", tmp_path / "data here"
    corpus.mkdir()
    (corpus / "办法.md").write_text("# 示例办法\n\n补贴最高三万元。\n", encoding="utf-8")
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("BOT_CORPUS_DIR", str(tmp_path / "nowhere"))
    # A log is for who keeps the program; a handler that another test left must not mix it with what is told here.
    logging.disable()
    yield corpus, data
    logging.disable(logging.NOTSET)
    shared_database(f"sqlite:///{data}/assistant.sqlite3").close()


def ingested(places, *more):
    corpus, data = places
    done = run("ingest", "--corpus", corpus, "--data", data, *more)
    assert done.exit_code == 0, done.output
    return done


def restored(places, tmp_path):
    corpus, data = places
    done = run("backup", tmp_path / "a b.zip", "--corpus", corpus, "--data", data)
    assert done.exit_code == 0, done.output
    return run("restore", tmp_path / "a b.zip", "--corpus", corpus, "--data", tmp_path / "new data")


def damaged(places):
    _, data = places
    layout = IndexLayout(data)
    paths = layout.version(layout.read_pointer().version)
    shutil.rmtree(next(each for each in paths.folder.iterdir() if each.is_dir()))


def situations(places, tmp_path):
    """What was called, and what it printed."""
    corpus, data = places
    (tmp_path / "new.txt").write_text("示例文件：补贴最高四万元。", encoding="utf-8")
    (tmp_path / "batch.jsonl").write_text(json.dumps({"question": "补贴？"}) + "\n", encoding="utf-8")
    yield "ask without an index", run("ask", "补贴最高多少？", "--data", data)
    yield "search without an index", run("search", "补贴", "--data", data)
    yield "publish with nothing waiting", run("index", "publish", "--data", data)
    yield "doctor of an empty folder", run("doctor", "--data", data)
    yield "text of nothing", run("text", "x.txt", "--data", data)
    yield "no bench run", run("bench", "report", "没有", tmp_path / "x.html", "--data", data)
    yield "no run to go on with", run("evaluate", "--resume", "没有", "--data", data)
    yield "no record", run("market", "show", "没有", "--kind", "needs", "--data", data)
    yield "no record to check", run("market", "check", "没有", "--kind", "needs", "--data", data)
    yield "no inquiry", run("inquiries", "show", "7", "--data", data)
    yield "no cases", run("evaluate", "--data", data)
    yield "nothing asked", run("ask", "--data", data)
    yield "nothing matched", run("match", "--data", data)
    yield "held", ingested(places, "--hold")
    yield "doctor with one that waits", run("doctor", "--data", data)
    yield "ingested", ingested(places)
    yield "no such text", run("text", "x.txt", "--data", data)
    added = run("corpus", "add", tmp_path / "new.txt", "--by", "示例", "--corpus", corpus, "--data", data)
    assert added.exit_code == 0, added.output
    yield "added", added
    made = restored(places, tmp_path)
    assert made.exit_code == 0, made.output
    yield "restored", made
    yield "restored onto what is there", restored_again(places, tmp_path)
    damaged(places)
    yield "doctor of a damaged one", run("doctor", "--data", data)
    yield "doctor as JSON", run("doctor", "--data", data, "--json")
    shutil.rmtree(data / "index")
    yield "batch without an index", run("ask", "--batch", tmp_path / "batch.jsonl", "--data", data)


def restored_again(places, tmp_path):
    return run("restore", tmp_path / "a b.zip", "--corpus", places[0], "--data", tmp_path / "new data")


@pytest.fixture
def told(places, tmp_path):
    return {name: done.output for name, done in situations(places, tmp_path)}


def test_there_is_one_wording(told):
    assert {name: OTHER_WORDING.findall(text) for name, text in told.items() if OTHER_WORDING.search(text)} == {}


def test_a_step_is_told_where_there_is_one(told):
    silent = {"ingested"}
    assert {name for name, text in told.items() if not steps(text)} - silent == set()


def test_each_goes_to_the_folders_that_the_call_was_given(told, places):
    for name, text in told.items():
        for words in steps(text):
            if "--help" in words:
                continue
            assert "--data" in words, (name, words)
            assert str(words[words.index("--data") + 1]).endswith("data here") or "restored" in name, (name, words)
            if words[0] == "ingest" and name in ("added", "restored", "held"):
                assert words[words.index("--corpus") + 1] == str(places[0]), (name, words)


def test_each_runs_as_printed(told, places, tmp_path):
    for name, text in told.items():
        for words in steps(text):
            done = run(*words)
            usage = done.exit_code == 2 and (
                "没有这个" in done.output or "缺少" in done.output or "Usage" in done.output
            )
            assert not usage, (name, words, done.output)


def test_the_folders_come_back_that_way(places, tmp_path):
    """The whole way: what is printed after a return makes that place answer, and no other."""
    ingested(places)
    shown = restored(places, tmp_path)
    for words in steps(shown.output):
        assert run(*words).exit_code in (0, 1)
    assert (tmp_path / "new data" / "index").is_dir() and not (tmp_path / "elsewhere").exists()


def test_a_file_is_named_as_a_shell_takes_it(places, tmp_path):
    corpus, data = places
    file = tmp_path / "it's a b.zip"
    ingested(places)
    assert run("backup", file, "--corpus", corpus, "--data", data).exit_code == 0
    (corpus / "办法.md").write_text("# 又改过\n", encoding="utf-8")
    refused = run("restore", file, "--corpus", corpus, "--data", data)
    assert refused.exit_code == 2
    (line,) = re.findall(r"python -m bot (restore .*--replace)", refused.output)
    assert str(file) in shlex.split(line)
    assert run(*shlex.split(line)).exit_code == 0 and "补贴" in (corpus / "办法.md").read_text(encoding="utf-8")


def test_nothing_is_added_where_nothing_was_given(tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "elsewhere"))
    done = run("ask", "补贴？")
    assert "python -m bot ingest。" in done.output and "--data" not in done.output


def test_what_is_given_with_an_equals_sign_counts_too(tmp_path):
    assert f"python -m bot ingest --data {tmp_path}" in run("ask", "补贴？", f"--data={tmp_path}").output
