"""Every command works in a data folder of any name, and nothing is made beside it; real processes."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress

import pytest

from bot.settings import PROJECT_ROOT
from tests.support.chroma_server import free_port

pytestmark = [pytest.mark.slow, pytest.mark.own_process]

#: What a URL, a template, a shell or a pattern would read as its own.
NAMES = ["a?b#c%20d&e=f;g 100%", "~$HOME `x` {y} 引'号\" 空 格 资料"]
TEXT = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"
WITHIN = 90


@pytest.fixture(params=NAMES)
def office(request, tmp_path):
    """A folder of that name for the data, another for the corpus, and a way to run the program over them."""
    data, corpus = tmp_path / "里" / request.param, tmp_path / f"{request.param} corpus"
    corpus.mkdir()
    (corpus / "贷款 50%?.txt").write_text(TEXT, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    cache = {name: value for name, value in os.environ.items() if name == "BOT_EMBEDDING_CACHE"}
    own = {"BOT_DATA_DIR": str(data), "BOT_CORPUS_DIR": str(corpus)}

    def run(*words, start=False):
        command = [sys.executable, "-m", "bot", *map(str, words)]
        options = {"cwd": PROJECT_ROOT, "env": {**inherited, **cache, **own}}
        if start:
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)

    return data, tmp_path, run


def ready(process, port):
    deadline = time.monotonic() + WITHIN
    while True:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
            return json.load(reply)
        assert process.poll() is None and time.monotonic() < deadline, "the server did not start"
        time.sleep(0.1)


def test_ingest_serve_backup_restore_and_doctor(office):
    data, folder, run = office
    done = run("ingest")
    assert done.returncode == 0, done.stderr
    assert run("market", "samples").returncode == 0
    port = free_port()
    process = run("serve", "--port", port, start=True)
    try:
        assert ready(process, port) == {"index": "ok", "database": "ok"}
    finally:
        process.terminate()
        process.wait(60)
    backup = folder / f"{data.name}.zip"
    for words in (("backup", backup, "--with-index"), ("restore", backup, "--check"), ("restore", backup, "--replace")):
        done = run(*words)
        assert done.returncode == 0, (words, done.stderr)
    asked = run("ask", "贴息期限多长？", "--json")
    assert json.loads(asked.stdout)["citations"][0]["document_id"] == "贷款 50%?.txt"
    told = json.loads(run("doctor", "--json").stdout)["checks"]
    wrong = {each["name"]: each["found"] for each in told if not each["ok"]}
    assert set(wrong) <= {"磁盘"}, wrong
    assert sorted(each.name for each in data.parent.iterdir() if "before-restore" not in each.name) == [data.name]
    beside = sorted(each.name for each in folder.iterdir() if "before-restore" not in each.name)
    assert beside == sorted(["里", f"{data.name} corpus", backup.name])
