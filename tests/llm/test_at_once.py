"""No more calls under way than may be: who comes then does not wait, and nobody's failure is counted for it."""

from __future__ import annotations

import pytest

from bot.llm import FailureReason, ModelCallError
from tests.llm.services import ASKED, failure, service_at
from tests.support.openai_server import OpenAIServer, Reply


def test_who_comes_while_all_calls_are_under_way_is_told_at_once() -> None:
    with OpenAIServer(Reply("甲" * 20, pieces=1)) as server:
        service = service_at(server.base_url, at_once=2)
        first, second = service.stream(ASKED), service.stream(ASKED)
        assert next(first) and next(second)
        for _ in range(5):
            assert failure(service).reason is FailureReason.BUSY
        assert len(server.chats) == 2 and service.breaker.open_seconds == 0
        first.close()
        assert service.complete(ASKED) == "甲" * 20
        assert "".join(second)
        assert service.complete(ASKED) == "甲" * 20


def test_a_call_that_fails_gives_its_place_back() -> None:
    with OpenAIServer(Reply(status=400, error={"message": "no"})) as server:
        service = service_at(server.base_url, at_once=1)
        for _ in range(3):
            assert failure(service).reason is FailureReason.BAD_REQUEST


def test_a_call_that_is_never_begun_takes_no_place() -> None:
    with OpenAIServer(Reply("好")) as server:
        service = service_at(server.base_url, at_once=1)
        service.stream(ASKED)
        assert service.complete(ASKED) == "好"


def test_what_is_said_names_the_setting() -> None:
    assert "at_once" in str(ModelCallError(FailureReason.BUSY))
    with pytest.raises(ValueError, match="at_once"):
        service_at("http://127.0.0.1:1/v1", at_once=0)
