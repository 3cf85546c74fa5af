"""Limits, redirects and secrets: what a faulty or hostile service can neither fill, steer nor learn to tell."""

from __future__ import annotations

import gzip
import logging
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from bot.llm import Deadline, FailureReason, ModelCallError
from bot.llm.body import MAX_LINE_CHARACTERS, BodyReader
from bot.llm.conversation import MAX_BYTES_PER_TOKEN, MAX_CHARACTERS_PER_TOKEN
from bot.llm.transport import Exchange, HttpRequest
from tests.llm.services import ASKED, KEY, SECRET_QUESTION, chunk, completed, events, failed, failure, service_at
from tests.support.openai_server import OpenAIServer, Reply

# --- limits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [b"data: ", b": "])
@pytest.mark.parametrize("after", [b"", b"\ndata: "])
def test_a_line_that_never_ends_is_not_collected(start: bytes, after: bytes) -> None:
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        yield b"data: "
        while taken < 10 * MAX_LINE_CHARACTERS:
            taken += 10_000
            yield start + b"x" * 10_000 + (after if start == b"data: " else b"")

    with pytest.raises(ModelCallError) as caught:
        list(BodyReader(chunks()).payloads())
    assert caught.value.reason is FailureReason.TOO_LONG and taken < 2 * MAX_LINE_CHARACTERS


def test_a_line_that_never_ends_is_cut_off() -> None:
    assert failed(Reply(raw=b"data: " + b"x" * (MAX_LINE_CHARACTERS + 10))).reason is FailureReason.TOO_LONG
    assert failed(Reply(raw=b"data: " + b"x" * 60_000 + b"\n", endless=True)).reason is FailureReason.TOO_LONG


@pytest.mark.parametrize(
    "raw", [b": still here\n", b"\n" * 1000, b'{"a": "' + b"x" * 1000, events({"choices": []}, done=False)]
)
def test_a_body_that_never_ends_is_cut_off(raw: bytes) -> None:
    assert failed(Reply(raw=raw * 30, endless=True), timeout_seconds=60).reason is FailureReason.TOO_LONG


def test_a_reply_longer_than_asked_for_is_cut_off_by_its_characters_too() -> None:
    longest = 64 * MAX_CHARACTERS_PER_TOKEN
    assert len(completed(Reply("长" * longest, pieces=50))) == longest
    assert failed(Reply("长" * (longest + 1), pieces=50)).reason is FailureReason.TOO_LONG
    assert failed(Reply("长" * (longest + 1), whole=True)).reason is FailureReason.TOO_LONG


def test_nothing_is_begun_when_it_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*arguments: object) -> None:
        raise AssertionError("a request was begun")

    monkeypatch.setattr("bot.llm.conversation.Exchange", begun)
    assert failure(service_at("http://127.0.0.1:9/v1"), Deadline.after(0.0)).reason is FailureReason.TIMEOUT


def test_the_limit_of_the_body_grows_with_the_tokens_asked_for() -> None:
    filler = b": " + b"x" * 1000 + b"\n"
    raw = filler * (64 * MAX_BYTES_PER_TOKEN // 1000 + 1000) + events(chunk("好。", "stop"))
    assert failed(Reply(raw=raw), max_tokens=64).reason is FailureReason.TOO_LONG
    assert completed(Reply(raw=raw), max_tokens=128) == "好。"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
def test_a_compressed_body_is_read(encoding: str, pack: Any) -> None:
    reply = Reply(raw=pack(events(chunk("好。", "stop"))), headers={"Content-Encoding": encoding})
    assert completed(reply) == "好。"


@pytest.mark.parametrize(
    ("encoding", "raw", "reason"),
    [
        ("gzip", gzip.compress(b": " + b"\n" * 200_000_000, 1), FailureReason.TOO_LONG),
        ("gzip", gzip.compress(b"data: " + b"x" * 50_000_000), FailureReason.TOO_LONG),
        ("gzip", b"no gzip", FailureReason.GARBAGE),
        ("gzip", gzip.compress(events(chunk("好。"), chunk("完")))[:-20], FailureReason.CUT),
        ("br", b"\x0b\x02\x80", FailureReason.GARBAGE),
    ],
)
def test_a_compressed_body_that_bursts_or_is_broken_is_told(encoding: str, raw: bytes, reason: FailureReason) -> None:
    assert failed(Reply(raw=raw, headers={"Content-Encoding": encoding}), timeout_seconds=60).reason is reason


def test_nothing_compressed_is_asked_for() -> None:
    with OpenAIServer(Reply("好。")) as server:
        service_at(server.base_url).complete(ASKED)
        assert server.chats[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        (b"", FailureReason.CUT),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", FailureReason.GARBAGE),
        (b"HTTP/1.1 200 OK\r\nX-Filler: " + b"x" * 1_000_000, FailureReason.GARBAGE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", FailureReason.CUT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + events(chunk("好")), FailureReason.CUT),
    ],
)
def test_a_peer_that_does_not_speak_http_to_the_end_is_told(greeting: bytes, reason: FailureReason) -> None:
    reply = Reply(greeting=greeting.replace(b"data: [DONE]", b""))
    assert failed(reply).reason is reason


# --- redirects ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_refused_and_the_key_stays(status: int) -> None:
    with OpenAIServer(Reply("别处。")) as other:
        elsewhere = other.base_url.replace("127.0.0.1", "localhost")
        for location in (
            f"{elsewhere}/chat/completions",
            f"{other.base_url}/chat/completions",
            "ftp://127.0.0.1/",
            "http://[x",
        ):
            reply = Reply(raw=b"", status=status, headers={"Location": location})
            with OpenAIServer(reply) as server:
                error = failure(service_at(server.base_url))
                assert error.reason is FailureReason.REDIRECTED and "base_url" in error.remedy
                assert len(server.chats) == 1 and "localhost" not in str(error)
        with OpenAIServer() as server:
            by_name = server.base_url.replace("127.0.0.1", "localhost")
            server.replies = [Reply(raw=b"", status=status, headers={"Location": f"{by_name}/chat/completions"})]
            service = service_at(server.base_url)
            assert failure(service).reason is FailureReason.REDIRECTED and service.breaker.open_seconds > 0
            assert len(server.chats) == 1, "the same machine by another name is another host"
        assert other.requests == []


def test_a_redirect_within_the_host_is_followed_with_the_question() -> None:
    moved = Reply(raw=b"", status=307, headers={"Location": "/v2/chat/completions?a=1"})
    with OpenAIServer(moved, Reply("好。")) as server:
        assert service_at(server.base_url).complete(ASKED) == "好。"
        first, second = server.requests
        assert second.path == "/v2/chat/completions?a=1" and second.body == first.body
        assert second.headers["authorization"] == first.headers["authorization"]


def test_a_redirect_in_a_circle_ends() -> None:
    with OpenAIServer(Reply(raw=b"", status=307, headers={"Location": "/v1/chat/completions"})) as server:
        assert failure(service_at(server.base_url)).reason is FailureReason.REDIRECTED
        assert 1 < len(server.chats) < 6


# --- secrets -----------------------------------------------------------------------------------------

ECHO = f"{KEY} {SECRET_QUESTION}"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=400, error={"message": ECHO}),
        Reply(status=422, error={"message": ECHO, "param": ECHO}),
        Reply(status=500, raw=ECHO.encode()),
        Reply(status=429, error={"message": ECHO}, headers={"Retry-After": KEY}),
        Reply(raw=events({"error": {"message": ECHO, "code": KEY}})),
        Reply(raw=events(chunk("好"), {"error": ECHO})),
        Reply(raw=events(chunk("好", finish=KEY))),
        Reply(raw=ECHO.encode()),
        Reply(raw=f"data: {ECHO}\n\n".encode()),
        Reply(raw=ECHO.encode(), headers={"Content-Encoding": KEY}),
        Reply(raw=b"", status=302, headers={"Location": f"http://evil.example/{KEY}"}),
        Reply(raw=b"", headers={"X-Echo": KEY}),
        Reply(greeting=ECHO.encode()),
        Reply("<think>" + ECHO),
        Reply(ECHO, cut_after=3),
        Reply(ECHO, pause=30),
    ],
)
def test_no_fault_tells_the_key_or_the_question(
    reply: Reply, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with OpenAIServer(reply) as server:
        address = server.base_url.replace("//", "//reader:hunter2@") + "?token=hunter3"
        service = service_at(address, timeout_seconds=1.0)
        error = failure(service)
        assert error.__cause__ is None and not holds_request(error)
    told = f"{error!s}{error!r}{error.__dict__}{service!r}{service.capabilities}{capfd.readouterr()}{caplog.text}"
    for secret in (KEY, SECRET_QUESTION, "hunter2", "hunter3"):
        assert secret not in told


def holds_request(error: BaseException | None) -> bool:
    """Whether an exception in the chain carries the request, with its headers."""
    while error is not None:
        if getattr(error, "_request", None) is not None:
            return True
        error = error.__context__
    return False


def test_what_is_sent_does_not_show_in_a_repr() -> None:
    request = HttpRequest("POST", f"http://h/?k={KEY}", "http://h/", {"authorization": KEY}, ECHO.encode())
    exchange = Exchange(request, Deadline.after(1), 10)
    assert KEY not in repr(request) and "SECRET" not in repr(request) and KEY not in repr(exchange)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(raw=b"<html>"),
        Reply("好", cut_after=0),
        Reply(status=500),
        Reply("<think>想"),
        Reply(raw=b"", status=302, headers={"Location": "http://evil.example/"}),
        Reply(greeting=b""),
        Reply("没完。", endless=True),
    ],
)
def test_after_a_fault_the_next_call_works(reply: Reply) -> None:
    with OpenAIServer(reply, Reply("最高50万元。")) as server:
        service = service_at(server.base_url)
        failure(service)
        service.breaker.succeeded()
        assert service.complete(ASKED) == "最高50万元。"
