"""Seen from outside: health, figures, and a log that tells nothing of what anybody wrote."""

import json
import logging

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

from bot.api.access import ApiKeys
from bot.errors import SearchIndexError
from bot.settings import Settings
from bot.store.database import shared_database
from bot.types import Answer, Intent
from bot.web.app import build_app, launch
from bot.web.edge.health import health_router
from bot.web.edge.logs import JsonLines, request_id, write_logs
from bot.web.edge.metrics import Metrics
from bot.web.edge.observing import Observed, route_name
from tests.support.loops import run_apart
from tests.support.served import replace_port

PRIVATE = "13800000000"
NAMED = frozenset({"call/act", "api/v1/ask", "api/v1/documents"})


@pytest.fixture
def program_log():
    logger = logging.getLogger("bot")
    kept = (list(logger.handlers), logger.level, logger.propagate)
    yield logger
    for handler in logger.handlers:
        if handler not in kept[0]:
            handler.close()
    logger.handlers, logger.level, logger.propagate = kept[0], kept[1], kept[2]


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "/"), ("/ask", "/ask"), ("/call/act", "/call/act"), ("/desk/inquiries/7/reply", "/desk"),
        ("/api/v1/ask", "/api/v1/ask"), ("/api/v1/documents/13800000000", "/api/v1/documents"), ("/v1/models", "/v1"),
        ("/13800000000", "other"), ("/askme", "other"), ("/assets/x.js", "/assets"), ("/metrics", "/metrics"),
        ("/call/actor", "other"), ("/api/v1/anything", "other"), ("/call/act/more", "/call/act"),
    ],
)  # fmt: skip
def test_addresses_are_counted_by_route_and_never_by_what_was_typed(path, name):
    assert route_name(path, NAMED) == name


def test_a_request_is_logged_with_its_number_and_counted(program_log, tmp_path):
    write_logs(tmp_path, "")
    metrics = Metrics()

    async def app(scope, receive, send):
        logging.getLogger("bot.somewhere").info("inside")
        await PlainTextResponse("done")(scope, receive, send)

    reply = TestClient(Observed(app, metrics, NAMED)).post(f"/ask?phone={PRIVATE}", content=PRIVATE)
    inside, request = lines(tmp_path / "logs" / "server.jsonl")
    assert inside["request"] == request["request"] == reply.headers["x-request-id"]
    assert (request["route"], request["method"], request["status"], request["bytes"]) == ("/ask", "POST", 200, 4)
    assert PRIVATE not in json.dumps([inside, request])
    assert b'assistant_requests_total{route="/ask",status="200"} 1.0' in metrics.text()
    assert request_id.get() == ""


def test_a_failed_request_counts_as_one(program_log, tmp_path):
    metrics = Metrics()

    async def app(scope, receive, send):
        raise ValueError(PRIVATE)

    write_logs(tmp_path, "")
    reply = TestClient(Observed(app, metrics, NAMED)).get("/ask")
    noted, request = lines(tmp_path / "logs" / "server.jsonl")
    assert reply.status_code == 500 and PRIVATE not in reply.text + json.dumps([noted, request])
    assert reply.headers["x-request-id"] == noted["request"] == request["request"]
    assert noted["request"] in reply.json()["error"]["message"] and reply.json()["problem"]
    assert b'assistant_requests_total{route="/ask",status="500"} 1.0' in metrics.text()


def test_a_reply_that_breaks_off_is_noted_and_raises_nothing(program_log, tmp_path):
    write_logs(tmp_path, "")
    metrics = Metrics()

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError(PRIVATE)

    sent = []

    async def send(message):
        sent.append(message)

    run_apart(Observed(app, metrics, NAMED)({"type": "http", "method": "GET", "path": "/ask"}, None, send))
    noted, _ = lines(tmp_path / "logs" / "server.jsonl")
    assert noted["error"] == "ValueError" and PRIVATE not in json.dumps(noted) and len(sent) == 1
    assert b'route="/ask",status="200"} 1.0' in metrics.text()


def test_who_leaves_while_sending_is_no_failure(program_log, tmp_path):
    write_logs(tmp_path, "")
    metrics = Metrics()

    async def app(scope, receive, send):
        raise ClientDisconnect

    async def send(message):
        raise AssertionError("nobody is there")

    run_apart(Observed(app, metrics, NAMED)({"type": "http", "method": "POST", "path": "/ask"}, None, send))
    (request,) = lines(tmp_path / "logs" / "server.jsonl")
    assert request["status"] == 499 and request["level"] == "info"


def test_an_error_is_logged_by_its_kind_and_place_without_its_words(program_log, tmp_path, capsys):
    write_logs(tmp_path, "")
    try:
        raise ValueError(f"电话 {PRIVATE}")
    except ValueError:
        logging.getLogger("bot.somewhere").exception("it failed")
    (told,) = lines(tmp_path / "logs" / "server.jsonl")
    assert told["error"] == "ValueError" and "test_observing" in "".join(told["trace"])
    on_the_terminal = capsys.readouterr().err
    assert "it failed (ValueError" in on_the_terminal
    assert PRIVATE not in json.dumps(told, ensure_ascii=False) + on_the_terminal


def test_the_log_may_go_elsewhere_and_a_closed_folder_stops_nobody(program_log, tmp_path, capsys):
    write_logs(tmp_path, str(tmp_path / "other.jsonl"))
    logging.getLogger("bot.somewhere").info("here")
    assert [each["message"] for each in lines(tmp_path / "other.jsonl")] == ["here"]
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, no folder")
    write_logs(blocked, "")
    logging.getLogger("bot.somewhere").info("on the terminal")
    assert "日志写不进" in capsys.readouterr().err
    write_logs(tmp_path, "-")
    logging.getLogger("bot.somewhere").info("json on the terminal")
    assert json.loads(capsys.readouterr().err)["message"] == "json on the terminal"


def test_a_line_stays_a_line():
    record = logging.LogRecord("bot", logging.INFO, "x", 1, "two\nlines %s", ("\r\n",), None)
    assert len(JsonLines().format(record).splitlines()) == 1


def broken():
    raise SearchIndexError("还没有建立索引", value="/somewhere/private")


def unexpected():
    raise RuntimeError(PRIVATE)


@pytest.mark.parametrize(
    ("check", "status", "told"),
    [(lambda: None, 200, "ok"), (broken, 503, "还没有建立索引"), (unexpected, 503, "RuntimeError")],
)
def test_readiness_says_what_is_wrong_and_nothing_private(check, status, told):
    site = FastAPI()
    site.include_router(health_router({"index": check}, Metrics(), lambda key: False))
    reply = TestClient(site).get("/readyz")
    assert reply.status_code == status and reply.json() == {"index": told}
    assert TestClient(site).get("/healthz").text == "ok"


def test_figures_are_for_this_machine_and_holders_of_a_key():
    site = FastAPI()
    site.include_router(health_router({}, Metrics(), lambda key: key == "right"))
    near = TestClient(site, client=("127.0.0.1", 1))
    far = TestClient(site, client=("192.0.2.1", 1))
    assert near.get("/metrics").status_code == 200
    assert far.get("/metrics").status_code == 403
    assert far.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
    assert far.get("/metrics", headers={"authorization": "Bearer right"}).status_code == 200


def test_answers_are_counted_by_outcome(scripted, tmp_path):
    settings = replace_port(Settings(data_dir=tmp_path / "data"))
    page = build_app(scripted, settings)
    launch(page, settings)
    try:
        address = f"http://127.0.0.1:{settings.port}"
        for abstained in (False, True, True):
            answer = Answer(PRIVATE, PRIVATE, Intent.POLICY, abstained, PRIVATE, elapsed_ms=40.0)
            for watcher in scripted.watchers:
                watcher(answer)
        scripted.model_waits = 12.5
        told = httpx.get(f"{address}/metrics").text
        assert 'assistant_answers_total{mode="offline",outcome="not_stated"} 2.0' in told
        assert 'assistant_answer_seconds_bucket{le="0.05",mode="offline"} 3.0' in told
        assert "assistant_model_waits_seconds 12.5" in told and "assistant_questions_in_hand 0.0" in told
        assert PRIVATE not in told
        assert httpx.get(f"{address}/readyz").json() == {"index": "ok", "database": "ok"}
        assert ApiKeys(shared_database(settings.resolved_database_url)).issue("示例")
    finally:
        page.close()


def test_the_name_of_another_host_opens_nothing(served):
    port = served.address.rpartition(":")[2]
    for host, status in ((f"127.0.0.1:{port}", 200), (f"localhost:{port}", 200), ("elsewhere.test", 400)):
        assert httpx.get(served.address, headers={"host": host}).status_code == status, host
