"""Whatever is refused to another program is JSON of one shape, with a sentence, a remedy and its number."""

import asyncio
import json
import re
import socket

import httpx
import openai
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from bot.api.app import build_api
from bot.api.refusals import ErrorsAsJson
from bot.errors import SearchIndexError, StoreError
from bot.settings import ApiSettings
from bot.web.edge.bodies import BodyLimits
from tests.api.conftest import LIMIT
from tests.api.described import description, wrong_with
from tests.support.loops import run_apart

KEYS = {"message", "type", "param", "code", "request_id"}
CHAT = {"model": "any", "messages": [{"role": "user", "content": "问"}]}


def call(site, method, path, **more):
    headers = {**site.headers, **more.pop("headers", {})}
    return httpx.request(method, f"{site.url}{path}", headers=headers, timeout=60, **more)


def refusal(reply, status):
    """The error in ``reply``, which must be one of the one shape."""
    assert reply.status_code == status, reply.text[:300]
    assert reply.headers["content-type"] == "application/json"
    told = reply.json()
    assert set(told) == {"error"} and set(told["error"]) == KEYS, told
    error = told["error"]
    assert error["request_id"] == reply.headers["x-request-id"]
    assert error["type"] and error["code"] and "Traceback" not in reply.text
    assert sum("\u4e00" <= each <= "\u9fff" for each in error["message"]) >= 10, error
    return error


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/nothing"), ("POST", "/api/v1/nothing"), ("GET", "/api/v1/"), ("GET", "/api/nothing"), ("GET", "/api"),
        ("GET", "/v1/nothing"), ("POST", "/v1/embeddings"), ("GET", "/v1/"), ("GET", "/v1"), ("POST", "/v1/chat"),
        ("GET", "/api/v1/ask/more"), ("GET", "/v1/" + "a" * 300), ("GET", "/mcp/more"), ("GET", "/v1/models/"),
        ("POST", "/api/v1/ask/"),
    ],
)  # fmt: skip
def test_no_address(site, method, path):
    error = refusal(call(site, method, path), 404)
    assert "/docs" in error["message"] and error["code"] == "not_found" and error["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/ask", "POST"), ("PUT", "/api/v1/search", "POST"), ("DELETE", "/api/v1/match", "POST"),
        ("POST", "/api/v1/programmes", "GET"), ("PATCH", "/api/v1/documents/x.md", "GET"), ("OPTIONS", "/api/v1/ask", "POST"),
        ("GET", "/v1/chat/completions", "POST"), ("POST", "/v1/models", "GET"),
    ],
)  # fmt: skip
def test_another_method(site, method, path, allowed):
    reply = call(site, method, path)
    error = refusal(reply, 405)
    assert reply.headers["allow"] == allowed and allowed in error["message"] and error["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/api/v1/ask", "/v1/chat/completions", "/mcp"])
def test_too_long_a_body(site, path):
    for content in (b"x" * 1_000_001, iter([b"[" * 30_000])):
        error = refusal(call(site, "POST", path, content=content, headers={"content-type": "application/json"}), 413)
        assert "1,000,000" in error["message"] and error["code"] == "too_large"


@pytest.mark.parametrize("path", ["/api/v1/ask", "/v1/chat/completions"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", None]
)
def test_another_kind_of_content(site, path, kind):
    headers = {} if kind is None else {"content-type": kind}
    error = refusal(call(site, "POST", path, content=b'{"question":"x"}', headers=headers), 415)
    assert "application/json" in error["message"] and error["code"] == "unsupported_media_type"


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_taken_however_it_is_written(site, kind):
    reply = call(site, "POST", "/api/v1/search", content=b'{"query":"x","k":1}', headers={"content-type": kind})
    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "param"),
    [
        ("/api/v1/ask", {}, 422, "question"),
        ("/api/v1/ask", {"question": "x", "history": [1]}, 422, "history.0"),
        ("/api/v1/ask", {"question": "x", "other": 1}, 422, "other"),
        ("/api/v1/search", {"query": "x", "k": 0}, 422, "k"),
        ("/api/v1/match", {}, 422, None),
        ("/api/v1/ask", [], 422, None),
        ("/v1/chat/completions", {}, 400, "messages"),
        ("/v1/chat/completions", {"messages": [{"role": "nobody", "content": "x"}]}, 400, "messages.0.role"),
        ("/v1/chat/completions", [], 400, None),
        ("/v1/chat/completions", {"messages": [{"role": "assistant", "content": "x"}]}, 400, None),
    ],
)
def test_what_does_not_fit(site, path, body, status, param):
    reply = call(site, "POST", path, json=body)
    error = refusal(reply, status)
    assert error["param"] == param and error["type"] == "invalid_request_error"
    assert wrong_with(description(site.url), "POST", path, reply) == []


@pytest.mark.parametrize("path", ["nothing.md", "../settings.py", "%2e%2e/bot.toml"])
def test_an_unknown_document(site, path):
    reply = call(site, "GET", f"/api/v1/documents/{path}")
    error = refusal(reply, 404)
    if "/documents/" in str(reply.url):
        assert error["code"] == "document_not_found" and "document_id" in error["message"]
        assert wrong_with(description(site.url), "GET", "/api/v1/documents/x", reply) == []


def test_another_host(site):
    for path in ("/api/v1/programmes", "/v1/models", "/mcp"):
        error = refusal(call(site, "GET", path, headers={"host": "elsewhere.test"}), 400)
        assert "hosts" in error["message"]


def test_what_is_not_for_programs_is_left_alone(site):
    assert httpx.post(f"{site.url}/desk/sign-in", data={"name": "x" * 100_000}).status_code == 422
    assert httpx.get(f"{site.url}/nothing").headers["content-type"].startswith("text/plain")
    assert httpx.get(f"{site.url}/apis").status_code == 404
    reply = call(
        site, "POST", "/mcp", content=b"{", headers={"accept": "application/json", "content-type": "application/json"}
    )
    assert reply.status_code >= 400 and reply.json()["jsonrpc"] == "2.0"


def test_each_refusal_of_the_edge_and_the_gate_is_one_that_is_declared(site, another_site):
    told, sent = description(site.url), {"content-type": "application/json"}
    slow = another_site(api=ApiSettings(calls_per_minute=1))
    call(slow, "GET", "/v1/models")
    for path in ("/api/v1/ask", "/v1/chat/completions"):
        replies = {
            400: call(site, "POST", path, headers={"host": "elsewhere.test"}),
            401: httpx.post(f"{site.url}{path}", json={}),
            413: call(site, "POST", path, content=b"x" * 1_000_001, headers=sent),
            415: call(site, "POST", path, content=b"x"),
            429: call(slow, "POST", path, json={}),
        }
        for status, reply in replies.items():
            refusal(reply, status)
            assert wrong_with(told, "POST", path, reply) == []
        assert 1 <= int(replies[429].headers["retry-after"]) <= 60
        assert replies[401].headers["www-authenticate"] == "Bearer"


def test_a_body_that_does_not_come_is_told_as_declared(served):
    api = build_api(served.assistant, ApiSettings(calls_per_minute=LIMIT), served.database)
    api.add_middleware(BodyLimits, piece_within=0.05)
    headers = {"x-api-key": served.key, "content-type": "application/json", "host": "site.test"}
    sent = []

    async def receive():
        await asyncio.sleep(3_600)

    async def send(message):
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/ask",
        "query_string": b"",
        "headers": raw,
        "root_path": "",
    }
    run_apart(api(scope, receive, send))
    reply = httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=sent[1]["body"])
    assert reply.status_code == 408 and "按时发完" in reply.json()["error"]["message"]
    assert wrong_with(description(served.url), "POST", "/api/v1/ask", reply) == []


class Failing:
    """The assistant, which raises when it is asked."""

    def __init__(self, assistant, error):
        self._assistant, self._error = assistant, error

    def __getattr__(self, name):
        return getattr(self._assistant, name)

    def ask(self, turn):
        raise self._error

    def stream(self, turn):
        raise self._error
        yield


@pytest.mark.parametrize(
    ("error", "status", "private"),
    [
        (SearchIndexError("还没有建立索引", remedy="运行 ingest"), 503, ""),
        (StoreError("数据库现在连不上", value="postgresql://secret"), 503, "secret"),
        (ValueError("13800000000"), 500, "13800000000"),
    ],
)
def test_what_fails_inside(another_site, served, error, status, private):
    failing = another_site(Failing(served.assistant, error))
    for path, body in (
        ("/api/v1/ask", {"question": "x"}),
        ("/v1/chat/completions", CHAT),
        ("/v1/chat/completions", {**CHAT, "stream": True}),
    ):
        reply = call(failing, "POST", path, json=body)
        told = refusal(reply, status)
        assert told["type"] == "server_error" and not (private and private in reply.text)
        assert status == 503 or told["request_id"] in told["message"]
        assert wrong_with(description(failing.url), "POST", path, reply) == []


class BreaksOff(Failing):
    def stream(self, turn):
        yield self._assistant.ask(turn)
        raise self._error


def test_a_stream_that_fails_on_its_way_tells_the_official_client(another_site, served):
    failing = another_site(BreaksOff(served.assistant, StoreError("数据库现在连不上", value="postgresql://secret")))
    client = openai.OpenAI(base_url=f"{failing.url}/v1", api_key=served.key, max_retries=0)
    with pytest.raises(openai.APIError) as raised:
        list(client.chat.completions.create(**CHAT, stream=True))
    assert "数据库现在连不上" in str(raised.value) and "secret" not in str(raised.value)
    assert raised.value.code == "unavailable" and raised.value.type == "server_error"
    assert re.fullmatch("[0-9a-f]{12}", raised.value.body["request_id"])


def test_who_is_told_to_come_again_is_told_when(another_site, served):
    failing = another_site(Failing(served.assistant, SearchIndexError("还没有建立索引", remedy="运行 ingest")))
    assert int(call(failing, "POST", "/api/v1/ask", json={"question": "x"}).headers["retry-after"]) >= 1


@pytest.mark.parametrize("status", [400, 403, 404, 405, 408, 413, 429, 500, 502])
@pytest.mark.parametrize("body", ["plain words", json.dumps({"detail": "Not Found"}), json.dumps(["x"]), ""])
def test_any_refusal_of_any_layer_becomes_one_of_ours(status, body):
    async def app(scope, receive, send):
        await PlainTextResponse(body, status, {"X-Request-ID": "abc123", "Retry-After": "7"})(scope, receive, send)

    reply = TestClient(ErrorsAsJson(app)).get("/v1/models")
    error = refusal(reply, status)
    assert error["request_id"] == "abc123" and reply.headers["retry-after"] == "7"
    assert TestClient(ErrorsAsJson(app)).get("/desk").text == body


def test_a_refusal_without_a_body_stays_within_its_length(site):
    port = int(site.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(b"HEAD /api/v1/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        told = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert told.startswith(b"HTTP/1.1 401") and told.endswith(b"\r\n\r\n")
