"""The model service against a real HTTP server: every reply and every way to fail."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.llm import Deadline, FailureReason, ModelCallError, ModelService
from bot.llm.breaker import FAILURES_TO_OPEN
from tests.llm.services import ASKED, KEY, Clock, failure, service_at
from tests.support.openai_server import OpenAIServer, Reply


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_a_reply_is_streamed_piece_by_piece() -> None:
    with OpenAIServer(Reply("最高不超过50万元。[1]", pieces=3)) as server:
        pieces = list(service_at(server.base_url).stream(ASKED))
    assert "".join(pieces) == "最高不超过50万元。[1]"
    assert len(pieces) > 2
    (request,) = server.chats
    assert request.body["model"] == "test-model"
    assert request.body["stream"] is True
    assert request.body["max_tokens"] == 64
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_thoughts_are_left_out_wherever_the_stream_is_cut() -> None:
    for pieces in (1, 4, 100):
        with OpenAIServer(Reply("<think>也许60万元？</think>最高50万元。[1]", pieces=pieces)) as server:
            assert service_at(server.base_url).complete(ASKED) == "最高50万元。[1]"


def test_a_refused_connection_names_the_address_and_the_remedy() -> None:
    address = closed_port()
    error = failure(service_at(address))
    assert error.reason is FailureReason.REFUSED
    assert address in str(error) and "解决办法" in str(error)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=401, error={"message": f"Incorrect API key provided: {KEY}"}), "unauthorised"),
        (Reply(status=403), "unauthorised"),
        (Reply(status=404, error={"message": "The model `x` does not exist"}), "model_not_found"),
        (Reply(status=404, raw=b"<html>nothing here</html>", content_type="text/html"), "not_found"),
        (Reply(status=402), "bad_request"),
        (Reply(status=500), "server_error"),
        (Reply(status=503), "server_error"),
        (Reply("最高不超过50万元", cut_after=5), "cut"),
        (Reply("最高不超过50万元。", finish=None), "cut"),
        (Reply("最高不超过50万元。", error={"message": "out of memory"}), "server_error"),
        (Reply(raw=b"<html>please log in</html>", content_type="text/html"), "garbage"),
        (Reply(raw=b"data: {not json\n\n"), "garbage"),
        (Reply(raw=b"\x00\xff\xfe garbage"), "garbage"),
        (Reply(""), "garbage"),
        (Reply("说到一半", finish="length"), "too_long"),
        (Reply("", finish="content_filter"), "content_filter"),
        (Reply("没完没了。", endless=True), "too_long"),
    ],
)
def test_each_failure_is_told_apart_and_tells_no_secret(
    reply: Reply, reason: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with OpenAIServer(reply) as server:
        service = service_at(server.base_url)
        error = failure(service)
        assert error.reason == reason
        assert len(server.chats) == 1, "nothing is retried"
    told = f"{error!s}{error!r}{error.__dict__}{service!r}{capfd.readouterr()}"
    assert KEY not in told + caplog.text
    assert "log in" not in told and "memory" not in told


def test_a_stalled_stream_is_cut_at_the_deadline() -> None:
    with OpenAIServer(Reply("好。"), Reply("最高不超过50万元。[1]", pieces=4, stall_after=4)) as server:
        pieces: list[str] = []
        service = service_at(server.base_url)
        service.complete(ASKED)
        with pytest.raises(ModelCallError) as caught:
            pieces.extend(_collected(service, Deadline.after(2.0), pieces))
    assert caught.value.reason is FailureReason.TIMEOUT
    assert "".join(pieces) == "最高不超"


def _collected(service: ModelService, deadline: Deadline, into: list[str]) -> Iterator[str]:
    for piece in service.stream(ASKED, deadline):
        into.append(piece)
    yield from ()


def test_a_stream_that_dribbles_is_cut_at_the_deadline() -> None:
    reply = Reply("慢", pieces=1, endless=True, piece_pause=0.05)
    with OpenAIServer(reply) as server:
        error = failure(service_at(server.base_url, max_tokens=32_000), Deadline.after(1.5))
    assert error.reason is FailureReason.TIMEOUT


def test_a_service_that_answers_nothing_is_given_up_and_no_request_is_made_too_late() -> None:
    with OpenAIServer(Reply("好", pause=30)) as server:
        service = service_at(server.base_url)
        assert failure(service, Deadline.after(1.0)).reason is FailureReason.TIMEOUT
        made = len(server.chats)
        assert failure(service, Deadline.after(0.0)).reason is FailureReason.TIMEOUT
        assert len(server.chats) == made


def test_the_timeout_of_one_request_binds_without_a_deadline() -> None:
    with OpenAIServer(Reply("好", pause=30)) as server:
        error = failure(service_at(server.base_url, timeout_seconds=1.0))
    assert error.reason is FailureReason.TIMEOUT


def test_a_stream_that_is_left_ends_its_thread_though_the_service_is_silent() -> None:
    with OpenAIServer(Reply("好。"), Reply("最高50万元。", pieces=2, stall_after=4)) as server:
        service = service_at(server.base_url, timeout_seconds=300)
        service.complete(ASKED)
        stream = service.stream(ASKED)
        next(stream)
        stream.close()
        callers = [thread for thread in threading.enumerate() if thread.name == "model-call"]
        for thread in callers:
            thread.join(20)
        assert not any(thread.is_alive() for thread in callers)


# --- the circuit ---------------------------------------------------------------------------------


def test_the_circuit_opens_after_repeated_failures_and_closes_by_itself() -> None:
    clock = Clock()
    bad = [Reply(status=500)] * FAILURES_TO_OPEN
    with OpenAIServer(*bad, Reply("好了。")) as server:
        service = service_at(server.base_url, clock)
        for _ in range(FAILURES_TO_OPEN):
            assert failure(service).reason is FailureReason.SERVER_ERROR
        for _ in range(5):
            assert failure(service).reason is FailureReason.CIRCUIT_OPEN
        assert len(server.chats) == FAILURES_TO_OPEN, "an open circuit sends nothing"
        clock.now += service.breaker.open_seconds
        assert service.complete(ASKED) == "好了。"
        assert service.breaker.open_seconds == 0


def test_a_failed_probe_opens_the_circuit_again_at_once() -> None:
    clock = Clock()
    with OpenAIServer(Reply(status=500)) as server:
        service = service_at(server.base_url, clock)
        for _ in range(FAILURES_TO_OPEN):
            failure(service)
        clock.now += service.breaker.open_seconds
        assert failure(service).reason is FailureReason.SERVER_ERROR
        assert failure(service).reason is FailureReason.CIRCUIT_OPEN
        assert len(server.chats) == FAILURES_TO_OPEN + 1


def test_retry_after_is_respected() -> None:
    clock = Clock()
    limited = Reply(status=429, headers={"Retry-After": "17"})
    with OpenAIServer(limited, Reply("好了。")) as server:
        service = service_at(server.base_url, clock)
        error = failure(service)
        assert error.reason is FailureReason.RATE_LIMITED
        assert error.retry_after == 17
        clock.now += 16
        assert failure(service).reason is FailureReason.CIRCUIT_OPEN
        assert len(server.chats) == 1
        clock.now += 1
        assert service.complete(ASKED) == "好了。"


def test_a_retry_after_of_days_does_not_shut_the_model_out_for_days() -> None:
    clock = Clock()
    with OpenAIServer(Reply(status=429, headers={"Retry-After": "864000"})) as server:
        service = service_at(server.base_url, clock)
        failure(service)
        assert 0 < service.breaker.open_seconds <= 600


def test_a_retry_after_that_is_a_date_is_read() -> None:
    past = Reply(status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    with OpenAIServer(past) as server:
        assert failure(service_at(server.base_url)).retry_after == 0


def test_a_request_the_service_refuses_says_nothing_of_the_service() -> None:
    with OpenAIServer(Reply(status=400)) as server:
        service = service_at(server.base_url)
        for _ in range(FAILURES_TO_OPEN + 2):
            assert failure(service).reason is FailureReason.BAD_REQUEST


def test_a_reader_who_goes_away_does_not_count_as_a_failure() -> None:
    with OpenAIServer(Reply("很长的一段话。" * 5)) as server:
        service = service_at(server.base_url)
        for _ in range(FAILURES_TO_OPEN + 1):
            stream = service.stream(ASKED)
            assert next(iter(stream))
            stream.close()  # type: ignore[attr-defined]
        assert service.complete(ASKED).startswith("很长")


# --- settings and secrets ------------------------------------------------------------------------


def test_the_key_is_read_from_a_file_when_it_is_needed(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    with OpenAIServer(Reply("好。")) as server:
        service = service_at(server.base_url, api_key=SecretStr(""), api_key_file=key_file)
        error = failure(service)
        assert error.reason is FailureReason.NOT_CONFIGURED
        assert str(key_file) in str(error)
        assert server.requests == []
        key_file.write_text(f"{KEY}\n", encoding="utf-8")
        again = service_at(server.base_url, api_key=SecretStr(""), api_key_file=key_file)
        assert again.complete(ASKED) == "好。"
        assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_key_that_no_header_can_carry_is_refused_without_being_shown() -> None:
    with OpenAIServer() as server:
        error = failure(service_at(server.base_url, api_key=SecretStr("sk-密钥\nsecond line")))
        assert error.reason is FailureReason.NOT_CONFIGURED
        assert "second" not in str(error) and server.requests == []


def test_without_a_key_none_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:9")
    with OpenAIServer(Reply("好。")) as server:
        assert service_at(server.base_url, api_key=SecretStr("")).complete(ASKED) == "好。"
        assert "sk-of-another-service" not in str(server.requests)


@pytest.mark.parametrize("address", ["", "localhost:8000/v1", "ftp://127.0.0.1/v1", "http://"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    assert failure(service_at(address)).reason is FailureReason.NOT_CONFIGURED


def test_a_password_in_the_address_is_not_shown() -> None:
    service = service_at("http://reader:hunter2@127.0.0.1:9/v1?token=abc")
    error = failure(service)
    assert "hunter2" not in f"{error}{service!r}" and "abc" not in f"{error}{service!r}"
    assert "127.0.0.1:9" in str(error)
