"""Addresses, senders and lengths: what the edge lets through, over small applications that note what reached them."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from bot.settings import ServingSettings
from bot.web.edge.bodies import LIMITS, BodyLimits
from bot.web.edge.doors import Doors
from bot.web.edge.throttle import SIGN_INS_PER_MINUTE, Throttle
from tests.support.loops import run_apart


class Reached:
    """An application that reads what it gets and notes it."""

    def __init__(self):
        self.paths, self.bodies, self.hosts = [], [], []

    async def __call__(self, scope, receive, send):
        request = Request(scope, receive)
        self.hosts.append(request.headers.get("x-forwarded-host"))
        self.bodies.append(await request.body())
        self.paths.append(scope["path"])
        await PlainTextResponse("reached")(scope, receive, send)


@pytest.fixture
def reached():
    return Reached()


def client(app):
    return TestClient(app, base_url="http://site.test")


OPEN = [
    "/", "/ask", "/call/act", "/desk", "/desk/trail", "/desk/inquiries/1/reply", "/api/v1/ask", "/api/v1/documents/a/b.md",
    "/v1/chat/completions", "/mcp", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics", "/theme.css",
    "/assets/index-abc12345.js", "/static/fonts/x.woff2", "/gradio_api/queue/join", "/gradio_api/queue/data?session_hash=abc123def",
    "/gradio_api/heartbeat/abc123", "/gradio_api/startup-events",
]  # fmt: skip
SHUT = [
    "/gradio_api/upload", "/gradio_api/upload_progress", "/gradio_api/file=/etc/passwd", "/gradio_api/info", "/config",
    "/gradio_api/call/predict", "/gradio_api/run/predict", "/gradio_api/proxy=http://elsewhere", "/gradio_api/reset",
    "/gradio_api/component_server", "/gradio_api/queue/status", "/gradio_api/heartbeat/a/b", "/login", "/logout", "/token",
    "/monitoring", "/deskother", "/call/ACT", "/call/", "/ask/more", "/robots.txt", "/gradio_api/custom_component/x",
    "/assets/" + "a" * 300, "/.env", "/desk" + "/x" * 1500, "//desk", "/call/act\n", "/docs\n",
]  # fmt: skip


@pytest.mark.parametrize("path", OPEN)
def test_what_the_site_answers_gets_through(reached, path):
    assert client(Doors(reached)).get(path).text == "reached"


@pytest.mark.parametrize("path", SHUT)
def test_everything_else_ends_at_the_door(reached, path):
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    sent = []

    async def send(message):
        sent.append(message)

    run_apart(Doors(reached)(scope, None, send))
    assert sent[0]["status"] == 404 and reached.paths == []


def test_a_socket_is_refused(reached):
    sent = []

    async def send(message):
        sent.append(message["type"])

    run_apart(Doors(reached)({"type": "websocket", "path": "/"}, None, send))
    assert reached.paths == [] and sent == ["websocket.close"]


@pytest.mark.parametrize("path", ["/ask", "/call/act", "/desk/sign-in", "/gradio_api/queue/join"])
@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ({}, True),
        ({"origin": "http://site.test"}, True),
        ({"origin": "https://site.test"}, True),
        ({"origin": "http://elsewhere.test"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://site.test.elsewhere"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
    ],
)
def test_only_our_own_pages_send_something(reached, path, headers, let_in):
    reply = client(Doors(reached)).post(path, content=b"x", headers=headers)
    assert (reply.status_code, bool(reached.paths)) == ((200, True) if let_in else (403, False))


def test_other_programs_need_no_origin_and_reading_needs_none(reached):
    elsewhere = {"origin": "http://elsewhere.test", "sec-fetch-site": "cross-site"}
    assert client(Doors(reached)).post("/v1/chat/completions", headers=elsewhere).status_code == 200
    assert client(Doors(reached)).get("/", headers=elsewhere).status_code == 200


def test_nobody_tells_the_page_another_address(reached):
    client(Doors(reached)).get("/", headers={"x-forwarded-host": "elsewhere.test", "accept": "text/html"})
    assert reached.hosts == [None]


def limit_of(path):
    return next(most.size for beginning, most in LIMITS if path.startswith(beginning))


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/v1/chat/completions", "/mcp"])
def test_a_body_is_taken_up_to_its_limit_and_no_further(reached, path):
    most = limit_of(path)
    assert client(BodyLimits(reached)).post(path, content=b"x" * most).status_code == 200
    assert client(BodyLimits(reached)).post(path, content=b"x" * (most + 1)).status_code == 413
    assert [len(body) for body in reached.bodies] == [most]


def test_a_body_of_no_known_length_is_cut_off_when_it_is_too_long(reached):
    def pieces(count):
        yield from (b"x" * 10_000 for _ in range(count))

    assert client(BodyLimits(reached)).post("/gradio_api/x", content=pieces(10)).status_code == 200
    assert client(BodyLimits(reached)).post("/gradio_api/x", content=pieces(11)).status_code == 413
    assert [len(body) for body in reached.bodies] == [100_000]


@pytest.mark.parametrize("announced", ["-1", "x", "1e9", "９", "99999999999999999999"])
def test_an_odd_length_is_refused(reached, announced):
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/ask",
        "headers": [(b"content-length", announced.encode("utf-8"))],
    }
    sent = []

    async def send(message):
        sent.append(message)

    run_apart(BodyLimits(reached)(scope, None, send))
    assert sent[0]["status"] == 413 and reached.paths == []


@pytest.mark.parametrize("unit", [b"[],", b"{},", b"1,", b'"",', b"[" * 3])
@pytest.mark.parametrize("path", ["/ask", "/call/act", "/api/v1/ask", "/v1/chat/completions", "/mcp", "/gradio_api/x"])
def test_a_body_of_very_many_values_reaches_nobody(reached, path, unit):
    most = next(most for beginning, most in LIMITS if path.startswith(beginning))
    few, many = most.marks // 4, most.marks
    assert client(BodyLimits(reached)).post(path, content=b"[" + unit * few).status_code == 200
    assert client(BodyLimits(reached)).post(path, content=b"[" + unit * many).status_code == 413
    assert len(reached.bodies) == 1


def test_files_at_the_desk_may_hold_any_marks(reached):
    assert client(BodyLimits(reached)).post("/desk/corpus/new", content=b"[,{" * 200_000).status_code == 200


@pytest.mark.parametrize(("piece_within", "whole_within"), [(0.05, 60.0), (60.0, 0.3)])
def test_a_body_that_trickles_is_not_waited_for(reached, piece_within, whole_within):
    pieces, sent = iter(range(1_000)), []

    async def receive():
        await asyncio.sleep(0.01 if whole_within < 1 or next(pieces) < 3 else 3_600)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": [], "query_string": b""}
    run_apart(BodyLimits(reached, piece_within, whole_within)(scope, receive, send))
    assert sent[0]["status"] == 408 and reached.bodies == []


def test_who_has_sent_everything_may_wait_for_the_answer_as_long_as_it_takes():
    async def app(scope, receive, send):
        await Request(scope, receive).body()
        left = asyncio.ensure_future(receive())
        await asyncio.sleep(0.3)
        assert not left.done()
        left.cancel()
        await PlainTextResponse("at last")(scope, receive, send)

    messages = [{"type": "http.request", "body": b"x", "more_body": False}]
    sent = []

    async def receive():
        if messages:
            return messages.pop()
        await asyncio.sleep(3_600)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": [], "query_string": b""}
    run_apart(BodyLimits(app, 0.1, 0.2)(scope, receive, send))
    assert sent[0]["status"] == 200


def test_passwords_of_one_address_are_looked_at_so_many_times_a_minute(reached):
    throttle = TestClient(Throttle(reached, ServingSettings()), client=("192.0.2.1", 1))
    tried = [throttle.post("/desk/sign-in").status_code for _ in range(SIGN_INS_PER_MINUTE + 2)]
    assert tried == [200] * SIGN_INS_PER_MINUTE + [429] * 2
    assert throttle.get("/desk/sign-in").status_code == 200 and throttle.post("/desk/sign-out").status_code == 200


def test_an_address_waits_when_it_has_asked_too_often_and_others_do_not(reached):
    throttle = Throttle(reached, ServingSettings(questions_per_minute=3, calls_per_minute=5))
    first = TestClient(throttle, client=("192.0.2.1", 1))
    second = TestClient(throttle, client=("192.0.2.2", 1))
    assert [first.post("/ask").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert [first.post("/call/act").status_code for _ in range(6)] == [200] * 5 + [429]
    assert second.post("/ask").status_code == 200
    refused = first.post("/ask")
    assert 1 <= int(refused.headers["retry-after"]) <= 60 and "一分钟后" in refused.json()["problem"]
    assert first.get("/").status_code == 200 and first.get("/desk").status_code == 200
