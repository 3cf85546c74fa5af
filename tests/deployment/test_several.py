"""Three web processes behind nginx that share a Chroma server and PostgreSQL: real programs on loopback."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client, Response

from bot.index.writing import writing
from bot.settings import PROJECT_ROOT, Settings, load_settings
from bot.store.database import shared_database
from tests.support.chroma_server import ChromaServer, chroma_server, free_port
from tests.support.needed import needed
from tests.support.nginx import key_pin, nginx

pytestmark = [pytest.mark.slow, pytest.mark.own_process]

PASSWORD = "示例密码-correct-horse"
LOAN = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"
HOUSING = "人才公寓管理办法\n\n第一条 为引进的青年人才提供公寓，租期三年。\n第二条 申请人向街道递交材料。\n"
ADDED = "关于担保机构奖励的通知\n\n对为中小企业担保的机构，每年给予二十万元奖励。\n"
STARTS_WITHIN_SECONDS = 240


@dataclass
class Office:
    """What the processes share, and the processes themselves."""

    settings: Settings
    environment: dict[str, str]
    chroma: ChromaServer
    address: str
    certificate: Path
    ports: tuple[int, ...]
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, port: int) -> None:
        command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
        self.running[port] = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait(self, port: int) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while True:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
                if reply.status == 200:
                    return
            assert self.running[port].poll() is None and time.monotonic() < deadline, f"port {port} is not ready"
            time.sleep(0.1)

    def kill(self, port: int) -> None:
        self.running[port].kill()
        self.running.pop(port).wait(timeout=30)

    def shell(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=PROJECT_ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def direct(self, port: int) -> Client:
        return Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def through_nginx(self) -> Client:
        return Client(base_url=self.address, verify=ssl.create_default_context(cafile=self.certificate), timeout=60)

    def write(self, name: str, text: str) -> None:
        (self.settings.corpus_dir / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def office(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    import psycopg

    folder = tmp_path_factory.mktemp("office")
    with psycopg.connect(f"postgresql://{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE office")
    corpus = folder / "corpus"
    corpus.mkdir()
    ports = tuple(free_port() for _ in range(3))
    with chroma_server(folder / "vectors") as chroma, nginx(folder, ports) as (address, certificate):
        (folder / "url").write_text(f"postgresql://{postgresql_server}/office\n", encoding="utf-8")
        own = {
            "BOT_CORPUS_DIR": str(corpus),
            "BOT_DATA_DIR": str(folder / "data"),
            "BOT_DATABASE_URL_FILE": str(folder / "url"),
            "BOT_CHROMA_URL": chroma.url,
            "BOT_SERVING_LOG": "-",
            "BOT_SERVING_PROXIES": "127.0.0.1",
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        cache = {name: value for name, value in os.environ.items() if name == "BOT_EMBEDDING_CACHE"}
        settings = load_settings(own, folder / "none.toml")
        made = Office(settings, {**inherited, **cache, **own}, chroma, address, certificate, ports)
        made.write("贷款.txt", LOAN)
        made.write("公寓.txt", HOUSING)
        assert made.shell("ingest").returncode == 0
        word = folder / "password"
        word.write_text(PASSWORD, encoding="utf-8")
        roles = ("--role", "staff", "--role", "manager")
        assert made.shell("user", "add", "both", *roles, "--password-file", str(word)).returncode == 0
        try:
            for port in ports:
                made.start(port)
            for port in ports:
                made.wait(port)
            yield made
        finally:
            for port in list(made.running):
                made.kill(port)
            # The server of PostgreSQL waits for those who are still connected.
            shared_database(settings.resolved_database_url).close()


def asked(client: Client, question: str) -> dict[str, Any]:
    """The last line of the reply to a question, as the page gets it."""
    request = {"key": "0123456789abcdef", "number": 1, "question": question, "language": "zh"}
    reply = client.post("/ask", json={**request, "history": [], "draft": None, "contact": None})
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = json.loads(reply.text.splitlines()[-1])
    return told


def signed_in(client: Client) -> None:
    done = client.post("/desk/sign-in", data={"name": "both", "password": PASSWORD})
    assert done.status_code == 303, done.text


def form_word(client: Client) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get("/desk").text)
    assert found is not None
    return found[1]


def posted(client: Client, path: str, data: dict[str, str]) -> Response:
    return client.post(path, data={"csrf": form_word(client), **data})


def served(office: Office, port: int) -> int:
    """How many times a process was asked for its description."""
    with office.direct(port) as client:
        figures = client.get("/metrics").text
    found = re.findall(r'^assistant_requests_total\{route="/docs".*\} (\d+)', figures, re.MULTILINE)
    return sum(map(int, found))


def test_each_process_gives_the_same_answer(office: Office) -> None:
    answers = []
    for port in office.ports:
        with office.direct(port) as client:
            answers.append(asked(client, "贷款贴息期限多久？"))
    assert all("不超过一年" in str(told["answer"]) and told["ending"] == "done" for told in answers)
    assert len({json.dumps(told["answer"]["answer"], ensure_ascii=False) for told in answers}) == 1
    assert sum(office.chroma.collections().values()) == 2


def test_who_signed_in_at_one_is_known_to_all(office: Office) -> None:
    first, *others = office.ports
    with office.direct(first) as client:
        signed_in(client)
        cookies = dict(client.cookies)
        for port in others:
            with office.direct(port) as other:
                other.cookies.update(cookies)
                assert "both" in other.get("/desk").text
        # A form of one process is taken by another, and signing out at one holds at all.
        with office.direct(others[0]) as other:
            other.cookies.update(cookies)
            assert posted(other, "/desk/sign-out", {}).status_code == 303
        assert client.get("/desk").status_code == 303


def test_the_way_through_nginx(office: Office) -> None:
    with office.through_nginx() as client:
        signed_in(client)
        kept = {cookie.name: cookie for cookie in client.cookies.jar}
        assert kept["desk"].secure and kept["line"].secure
        assert "both" in client.get("/desk").text
        assert "不超过一年" in str(asked(client, "贷款贴息期限多久？")["answer"])
        assert client.get("/metrics").status_code == client.get("/readyz").status_code == 404
        assert client.get("/healthz").status_code == 200
    seen = set()
    for _ in range(12):
        with office.through_nginx() as visitor:
            home = visitor.get("/")
            assert home.status_code == 200 and "max-age" in home.headers["strict-transport-security"]
            seen.add(visitor.cookies["line"])
    assert len(seen) == 12
    # One visitor's requests go to one process, another's to another.
    before = [served(office, port) for port in office.ports]
    with office.through_nginx() as visitor:
        for _ in range(8):
            visitor.get("/docs")
    grown = sorted(served(office, port) - was for port, was in zip(office.ports, before, strict=True))
    # The first request had no cookie yet.
    assert grown in ([0, 0, 8], [0, 1, 7])
    with office.through_nginx() as plain:
        moved = plain.get(office.address.replace("https", "http"), follow_redirects=False)
        assert moved.status_code == 400  # plain words at the port of TLS


def test_a_new_index_is_seen_by_all_without_a_restart(office: Office) -> None:
    question = "担保机构奖励多少？"
    for port in office.ports:
        with office.direct(port) as client:
            assert "二十万元" not in str(asked(client, question)["answer"])
    office.write("担保.txt", ADDED)
    done = office.shell("ingest", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["added"] == 1
    for port in office.ports:
        with office.direct(port) as client:
            assert "二十万元" in str(asked(client, question)["answer"]), port
    assert sorted(office.chroma.collections().values()) == [2, 3]


def test_work_asked_for_at_one_is_followed_at_another(office: Office) -> None:
    first, second, third = office.ports
    with office.direct(first) as client, office.direct(second) as other:
        signed_in(client)
        other.cookies.update(dict(client.cookies))
        started = posted(client, "/desk/corpus/ingest", {})
        assert started.status_code == 303, started.text
        page = started.headers["location"]
        assert re.fullmatch(r"/desk/jobs/\d+", page)
        # Not even the process that started it is needed.
        office.kill(first)
        deadline = time.monotonic() + 60
        while "已完成" not in other.get(page).text:
            assert time.monotonic() < deadline, other.get(page).text
            time.sleep(0.2)
    office.start(first)
    office.wait(first)
    assert third in office.running


def test_a_killed_process_loses_nothing(office: Office) -> None:
    first, second, third = office.ports
    with office.through_nginx() as client:
        signed_in(client)
        client.get("/")
        office.kill(second)
        for _ in range(3):
            assert "both" in client.get("/desk").text
            assert "不超过一年" in str(asked(client, "贷款贴息期限多久？")["answer"])
    for _ in range(6):
        with office.through_nginx() as visitor:
            assert visitor.get("/").status_code == 200
    office.start(second)
    office.wait(second)
    with office.direct(second) as again, office.direct(third) as other:
        signed_in(other)
        again.cookies.update(dict(other.cookies))
        assert "both" in again.get("/desk").text


def test_a_stop_that_reaches_another_process_says_so(office: Office) -> None:
    with office.direct(office.ports[0]) as client:
        reply = client.post("/call/stop", json=["0123456789abcdef"])
        assert reply.status_code == 200 and reply.json() is False


def test_two_ingests_at_once_are_refused(office: Office, tmp_path: Path) -> None:
    before = office.chroma.collections()
    elsewhere = office.settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})
    # Another machine, with a folder of its own: only the database tells the two of each other.
    with writing(elsewhere):
        done = office.shell("ingest", "--rebuild")
        assert done.returncode == 2 and "另一个导入正在进行" in done.stderr
    command = [sys.executable, "-m", "bot", "ingest", "--rebuild"]
    both = [
        subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=office.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(2)
    ]
    assert sorted(each.wait(timeout=120) for each in both) in ([0, 2], [0, 0])
    after = office.chroma.collections()
    assert len(after) == 2 and after != before


def test_chroma_goes_and_comes_back(office: Office) -> None:
    office.chroma.stop()
    try:
        for port in office.ports:
            with office.direct(port) as client:
                assert "不超过一年" in str(asked(client, "贷款贴息期限多久？")["answer"])
                assert client.get("/readyz").status_code == 200
        told = office.shell("doctor")
        assert told.returncode == 1 and "✗ 向量库" in told.stdout and office.chroma.url in told.stdout
        office.write("参展.txt", "关于参展补贴的通知\n\n对参加展会的企业，每家给予三万元补贴。\n")
        refused = office.shell("ingest")
        assert refused.returncode == 2 and "Chroma" in refused.stderr and "[chroma]" in refused.stderr
    finally:
        office.chroma.start()
    assert office.shell("ingest").returncode == 0
    assert "✓ 向量库" in office.shell("doctor").stdout
    for port in office.ports:
        with office.direct(port) as client:
            assert "三万元" in str(asked(client, "参展企业补贴多少？")["answer"])


@pytest.mark.browser
def test_the_page_in_a_browser_behind_nginx(office: Office) -> None:
    """Changing the language goes through Gradio's queue, which lies in the memory of one process."""
    from playwright.sync_api import sync_playwright

    program = needed("chromium", "chromium")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    # Told to ignore what is wrong with a certificate, Chromium begins a request anew for each connection and gives up
    # at some (ERR_TOO_MANY_RETRIES); a key that it trusts is looked at once.
    options.append(f"--ignore-certificate-errors-spki-list={key_pin(office.certificate)}")

    def visits() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=options)
            for _ in range(2):
                page = browser.new_context().new_page()
                page.set_default_timeout(60_000)
                page.goto(office.address)
                page.wait_for_selector(".welcome")
                page.fill("#question textarea", "贷款贴息期限多久？")
                page.press("#question textarea", "Enter")
                page.wait_for_selector("#exchange-1:not([data-busy])")
                assert "不超过一年" in page.inner_text("#exchange-1")
                page.click("[data-choose-language=en]")
                page.wait_for_function("document.documentElement.lang === 'en'")
                page.wait_for_selector("#send >> text=Send")
            browser.close()

    # In a thread of its own: another test of this process may keep a browser, with its loop, in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(visits).result()


# The last one: it uses up what this address may ask in a minute.
def test_a_visitor_cannot_pretend_to_come_from_elsewhere(office: Office) -> None:
    """Figures are for this machine alone; the proxy tells the real address, whatever a visitor wrote."""
    port = office.ports[0]
    with office.direct(port) as near:
        assert near.get("/metrics").status_code == 200
        assert near.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
    # Behind nginx the limit of each minute is that of the visitor's own address.
    with office.through_nginx() as client:
        codes = set()
        for number in range(70):
            request = {"key": "0123456789abcdef", "number": 1, "question": "", "language": "zh", "history": []}
            told = {**request, "draft": None, "contact": None}
            address = {"X-Forwarded-For": f"203.0.113.{number}"}
            codes.add(client.post("/ask", json=told, headers=address).status_code)
        assert 429 in codes
