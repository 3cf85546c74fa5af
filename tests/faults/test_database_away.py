"""The database or the data folder goes away under a running server: questions are answered, the rest is refused in
words, and everything works again when it is back, without a restart."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from httpx2 import Client

from bot.accounts.accounts import Accounts
from bot.accounts.records import Role
from bot.api.access import ApiKeys
from bot.ingestion import ingest
from bot.settings import PROJECT_ROOT, load_settings
from bot.store.database import Database
from bot.upkeep.backup import make_backup, restore_backup
from tests.support.chroma_server import free_port
from tests.support.restartable_postgresql import restartable_postgresql

pytestmark = [pytest.mark.slow, pytest.mark.own_process]

PASSWORD = "示例密码-correct-horse"
TEXT = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"
WITHIN = 90
#: What no visitor is to read.
INNER = (
    "Traceback",
    "psycopg",
    "sqlalchemy",
    "sqlite3.",
    "Internal Server Error",
    "assistant.sqlite3",
    "postgresql://",
)


class Office:
    """A server in a process of its own, with somebody signed in and a program with a key."""

    def __init__(self, settings, process, address, log):
        self.settings, self.process, self.address, self.log = settings, process, address, log
        self.client = Client(base_url=address, timeout=120, headers={"sec-fetch-site": "same-origin"})

    def asked(self, question="贴息期限多长？"):
        sent = {"key": "0123456789abcdef", "number": 1, "question": question, "language": "zh"}
        reply = self.client.post("/ask", json={**sent, "history": [], "draft": None, "contact": None})
        assert reply.status_code == 200, reply.text
        return json.loads(reply.text.splitlines()[-1])

    def ready(self):
        reply = self.client.get("/readyz")
        return reply.status_code, reply.json()

    def sign_in(self):
        return self.client.post("/desk/sign-in", data={"name": "both", "password": PASSWORD})

    def browsed(self):
        return self.client.post("/call/act", json=["browse", {}, "zh-CN"])

    def by_key(self, key):
        sent = {"question": "贴息期限多长？"}
        return self.client.post("/api/v1/ask", json=sent, headers={"Authorization": f"Bearer {key}"})


@contextmanager
def serving(settings, folder):
    """``bot serve`` over ``settings`` until the end."""
    port, log = free_port(), folder / "log.jsonl"
    own = {
        "BOT_CORPUS_DIR": str(settings.corpus_dir),
        "BOT_DATA_DIR": str(settings.data_dir),
        "BOT_SERVING_LOG": str(log),
        "BOT_DATABASE_URL": settings.database_url,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", str(port)],
            cwd=PROJECT_ROOT,
            env={**inherited, **own},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    office = Office(settings, process, f"http://127.0.0.1:{port}", log)
    try:
        wait_until(lambda: office.ready()[0] == 200, process)
        yield office
    finally:
        office.client.close()
        process.terminate()
        process.wait(60)


def wait_until(holds, process):
    deadline = time.monotonic() + WITHIN
    while True:
        with suppress(OSError, Exception):
            if holds():
                return
        assert process.poll() is None and time.monotonic() < deadline, "it never came to that"
        time.sleep(0.1)


def settled(folder, **more):
    """Settings of an office with a corpus, an account and a key; gives them and the key."""
    settings = load_settings({}, None, data_dir=folder / "data", corpus_dir=folder / "corpus", **more)
    settings.corpus_dir.mkdir(parents=True)
    (settings.corpus_dir / "贷款.txt").write_text(TEXT, encoding="utf-8")
    ingest(settings)
    with closing(Database(settings.resolved_database_url)) as database:
        Accounts(database).add("both", PASSWORD, [Role.STAFF, Role.MANAGER])
        return settings, ApiKeys(database).issue("示例程序")


def check_works(office, key):
    wait_until(lambda: office.ready()[0] == 200, office.process)
    assert office.asked()["answer"]["citations"]
    assert office.browsed().status_code == 200 and not office.browsed().json().get("problem")
    assert office.client.get("/desk").status_code == 200
    assert office.by_key(key).json()["citations"]


def check_refuses(office, key):
    """Questions are answered; what needs the database is refused in words."""
    assert office.asked()["answer"]["citations"]
    partner = office.asked("我们想找能做风机降噪的合作团队")
    assert partner["problem"] or partner["answer"]
    assert not any(each in json.dumps(partner, ensure_ascii=False) for each in INNER)
    status, told = office.ready()
    assert status == 503 and told["index"] == "ok" and told["database"] != "ok"
    replies = {
        "desk": office.client.get("/desk"),
        "sign in": office.sign_in(),
        "browse": office.browsed(),
        "rate": office.client.post("/call/rate", json=["{}", True, "", "zh-CN"]),
        "key": office.by_key(key),
    }
    for name, reply in replies.items():
        assert not any(each in reply.text for each in INNER), (name, reply.text[:500])
    assert {name: replies[name].status_code for name in ("desk", "sign in", "key")} == {
        "desk": 503,
        "sign in": 503,
        "key": 503,
    }
    assert "数据库" in replies["desk"].text and "<html" in replies["desk"].text
    assert "数据库" in replies["sign in"].text and "数据库" in replies["key"].json()["error"]["message"]
    assert "数据库" in replies["browse"].text
    english = office.client.get("/desk", headers={"accept-language": "en"}).text
    assert "Questions are answered as ever" in english


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory):
    folder = tmp_path_factory.mktemp("postgresql")
    with restartable_postgresql() as server:
        settings, key = settled(folder, database_url=server.url)
        with serving(settings, folder) as office:
            assert office.sign_in().status_code == 303
            yield office, key, server


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_postgresql_goes_away_and_comes_back(on_postgresql, how):
    office, key, server = on_postgresql
    check_works(office, key)
    server.stop(how)
    try:
        for _ in range(2):
            check_refuses(office, key)
    finally:
        server.start()
    check_works(office, key)
    assert office.process.poll() is None


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sqlite")
    settings, key = settled(folder)
    with serving(settings, folder) as office:
        assert office.sign_in().status_code == 303
        yield office, key, folder


def test_a_deleted_database_is_refused_and_a_restored_one_taken_up(on_sqlite):
    office, key, folder = on_sqlite
    check_works(office, key)
    make_backup(office.settings, folder / "a.zip")
    for each in office.settings.data_dir.glob("assistant.sqlite3*"):
        each.unlink()
    try:
        check_refuses(office, key)
        assert not list(office.settings.data_dir.glob("assistant.sqlite3*"))
    finally:
        restore_backup(office.settings, folder / "a.zip", replace=True)
    check_works(office, key)


def test_a_data_folder_that_was_moved_away_is_not_made_anew_and_taken_up_when_it_is_back(on_sqlite):
    office, key, _ = on_sqlite
    check_works(office, key)
    data: Path = office.settings.data_dir
    away = data.with_name("away")
    data.rename(away)
    try:
        status, told = office.ready()
        assert status == 503 and told["database"] != "ok"
        asked = office.asked()
        assert asked["problem"] or asked["answer"]["citations"]
        replies = [office.client.get("/desk"), office.browsed(), office.by_key(key), office.sign_in()]
        assert not any(each in reply.text for reply in replies for each in INNER)
        assert not data.exists(), sorted(str(each) for each in data.rglob("*"))
    finally:
        if data.exists():
            shutil.rmtree(data)
        away.rename(data)
    check_works(office, key)


def test_a_data_folder_that_was_deleted_and_restored_with_its_index_is_taken_up(on_sqlite):
    office, key, folder = on_sqlite
    check_works(office, key)
    make_backup(office.settings, folder / "whole.zip", with_index=True)
    shutil.rmtree(office.settings.data_dir)
    try:
        assert office.ready()[0] == 503
        assert not any(each in json.dumps(office.asked(), ensure_ascii=False) for each in INNER)
    finally:
        restore_backup(office.settings, folder / "whole.zip", replace=True)
    check_works(office, key)
