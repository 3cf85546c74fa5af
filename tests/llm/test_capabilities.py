"""A service that refuses a part of the request is asked once more without it, and that is remembered."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.llm import ChatMessage, Deadline, FailureReason, ModelCallError, Role, Way, system, user
from bot.llm.capabilities import Capabilities, CapabilityRecord, Habits, Limit, refusal_of, without_refused
from bot.llm.conversation import MOST_REQUESTS
from bot.llm.requests import Question, request_body
from tests.llm.services import ASKED, Need, completed, failed, failure, grown, service_at, streamed
from tests.support.openai_server import OpenAIServer, Reply

PARTS = ["temperature", "max_tokens", "system", "stream"]


def refusing(*parts: str, status: int = 400, named: bool = True, text: str = "最高50万元。") -> Reply:
    return Reply(text, refuses=frozenset(parts), refusal_status=status, refusal_named=named)


@pytest.mark.parametrize("status", [400, 404, 405, 415, 422, 500, 501])
@pytest.mark.parametrize("part", PARTS)
def test_a_named_part_is_left_out_at_once_and_for_good(part: str, status: int) -> None:
    with OpenAIServer(refusing(part, status=status)) as server:
        service = service_at(server.base_url)
        assert service.complete(ASKED) == "最高50万元。"
        assert len(server.chats) == 2
        assert streamed(service) == ("最高50万元。", None)
        assert len(server.chats) == 3, "what worked is remembered"
        assert service_at(server.base_url).complete(ASKED) == "最高50万元。"
        assert len(server.chats) == 5, "by the service object alone"


@pytest.mark.parametrize("part", PARTS)
def test_where_nothing_is_named_parts_go_in_a_fixed_order(part: str) -> None:
    with OpenAIServer(refusing(part, named=False)) as server:
        service = service_at(server.base_url)
        assert service.complete(ASKED) == "最高50万元。"
        first, made = server.chats[0].body, len(server.chats)
        assert first["temperature"] == 0 and first["max_tokens"] == 64 and first["stream"] is True
        assert "temperature" not in server.chats[1].body
        service.complete(ASKED)
        assert len(server.chats) == made + 1


def test_several_refused_parts_go_one_after_the_other() -> None:
    with OpenAIServer(refusing(*PARTS, "max_completion_tokens")) as server:
        service = service_at(server.base_url)
        assert service.complete(ASKED) == "最高50万元。"
        last = server.chats[-1].body
        assert not last.keys() & {"temperature", "max_tokens", "max_completion_tokens"} and last["stream"] is False
        assert [message["role"] for message in last["messages"]] == ["user"]
        known = service.capabilities
        assert (known.temperature, known.limit, known.system_role) == (False, Limit.NONE, False)


def test_the_newer_name_of_the_limit_is_tried_before_it_is_dropped() -> None:
    with OpenAIServer(refusing("max_tokens")) as server:
        service = service_at(server.base_url)
        service.complete(ASKED)
        assert server.chats[1].body["max_completion_tokens"] == 64 and "max_tokens" not in server.chats[1].body
        assert server.chats[1].body["temperature"] == 0, "only what was named is changed"


def test_openai_itself_is_asked_by_the_newer_name() -> None:
    assert service_at("https://api.openai.com/v1").capabilities.limit is Limit.MAX_COMPLETION_TOKENS
    assert service_at("https://api.openai.com.example/v1").capabilities.limit is Limit.MAX_TOKENS


def test_a_service_that_refuses_whatever_is_asked_is_given_up_and_nothing_is_remembered() -> None:
    with OpenAIServer(Reply(status=400)) as server:
        service = service_at(server.base_url)
        before = service.capabilities
        assert failure(service).reason is FailureReason.BAD_REQUEST
        assert 1 < len(server.chats) <= MOST_REQUESTS
        assert service.capabilities == before
        with pytest.raises(ModelCallError):
            service.structured(ASKED, Need)
        assert service.capabilities == before


@pytest.mark.parametrize("status", [401, 402, 403, 404, 409, 413, 429, 500, 502, 503])
def test_other_refusals_are_not_asked_again(status: int) -> None:
    with OpenAIServer(Reply(status=status, error={"message": "upstream systematically failed"})) as server:
        failure(service_at(server.base_url))
        assert len(server.chats) == 1


@pytest.mark.parametrize(
    ("message", "reason", "status"),
    [
        ("This model's maximum context length is 8192 tokens, max_tokens is 9000", "bad_request", 400),
        ("context_length_exceeded", "bad_request", 400),
        ("The model `system-x` does not exist", "model_not_found", 404),
        ("Model Not Exist", "model_not_found", 400),
        ("data_inspection_failed: system", "content_filter", 400),
        ("The response was filtered: content_filter", "content_filter", 400),
    ],
)
def test_what_no_part_is_to_blame_for_is_told_at_once(message: str, reason: str, status: int) -> None:
    with OpenAIServer(Reply(status=status, error={"message": message})) as server:
        error = failure(service_at(server.base_url))
        assert error.reason == reason and len(server.chats) == 1
    assert ("上下文" in error.remedy) is ("context" in message)


def test_no_further_request_is_made_when_it_is_too_late() -> None:
    class Late:
        """A clock that jumps past every deadline once the first request was made."""

        def __init__(self, server: OpenAIServer) -> None:
            self.server = server

        def __call__(self) -> float:
            return 1000.0 if self.server.replies and len(self.server.chats) < 2 else 9999.0

    with OpenAIServer(Reply(status=400), refusing()) as server:
        clock = Late(server)
        error = failure(service_at(server.base_url, clock=clock), Deadline.after(5, clock))  # type: ignore[arg-type]
        assert error.reason is FailureReason.TIMEOUT and len(server.chats) == 2


def test_an_error_told_in_a_body_of_200_is_a_refusal_too() -> None:
    refused = Reply(raw=b'{"error": {"message": "temperature is not supported", "code": 400}}')
    with OpenAIServer(refused, Reply("好。")) as server:
        assert service_at(server.base_url).complete(ASKED) == "好。"
        assert "temperature" not in server.chats[1].body


# --- what is sent instead ----------------------------------------------------------------------------


def test_without_a_system_role_the_instructions_go_before_what_the_user_says() -> None:
    with OpenAIServer(refusing("system")) as server:
        service_at(server.base_url).complete(ASKED)
        (message,) = server.chats[1].body["messages"]
    assert message == {"role": "user", "content": f"{ASKED[0].text}\n\n{ASKED[1].text}"}


@pytest.mark.parametrize(
    ("messages", "sent"),
    [
        ([user("甲")], [("user", "甲")]),
        ([system("规")], [("user", "规")]),
        ([system("规"), system("则"), user("甲")], [("user", "规\n\n则\n\n甲")]),
        (
            [system("规"), user("甲"), ChatMessage(Role.ASSISTANT, "乙"), user("丙")],
            [("user", "规\n\n甲"), ("assistant", "乙"), ("user", "丙")],
        ),
        (
            [system("规"), ChatMessage(Role.ASSISTANT, "乙"), user("甲")],
            [("assistant", "乙"), ("user", "规\n\n甲")],
        ),
        ([system("规"), ChatMessage(Role.ASSISTANT, "乙")], [("user", "规"), ("assistant", "乙")]),
    ],
)
def test_no_message_is_lost_without_a_system_role(messages: list[ChatMessage], sent: list[tuple[str, str]]) -> None:
    body = request_body(Question(messages), "m", 5, replace(Capabilities(), system_role=False))
    assert [(message["role"], message["content"]) for message in body["messages"]] == sent


def test_without_streaming_the_body_is_read_whole() -> None:
    assert completed(refusing("stream", text="<think>想</think>最高50万元。")) == "最高50万元。"
    assert failed(refusing("stream", text="")).reason is FailureReason.GARBAGE


def test_streaming_refused_for_records_is_still_asked_for_texts() -> None:
    refused = Reply(tool={"title": "膜"}, refuses=frozenset({"stream"}))
    with OpenAIServer(refused, refused, Reply("好。")) as server:
        service = service_at(server.base_url)
        items, error = grown(service)
        assert error is None and items[-1].record == Need(title="膜")
        service.complete(ASKED)
        assert server.chats[-1].body["stream"] is True


# --- the record --------------------------------------------------------------------------------------


def test_what_two_calls_learn_at_the_same_time_is_kept_both() -> None:
    start = Capabilities()
    record = CapabilityRecord(start)
    changes = [replace(start, temperature=False), replace(start, system_role=False), replace(start, way=Way.TEXT)]
    threads = [threading.Thread(target=record.learn, args=(start, change)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert record.current == Capabilities(temperature=False, system_role=False, way=Way.TEXT)


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        ('{"error": {"message": "Unsupported value", "param": "temperature"}}', {"temperature": False}),
        ('{"param": "max_tokens", "message": "system"}', {"limit": Limit.MAX_COMPLETION_TOKENS}),
        ('{"param": "stream", "message": "temperature"}', {"structured": Habits(streaming=False)}),
        ('{"error": {"param": "messages.0.role", "message": "system"}}', {"system_role": False}),
        ("System role not supported", {"system_role": False}),
        ("Conversation roles must alternate user/assistant/user", {"system_role": False}),
        ("Developer instruction is not enabled", {"system_role": False}),
        ('{"error": {"param": "response_format.json_schema"}}', {"way": Way.JSON_SCHEMA}),
        ("tool_choice must be auto in thinking mode", {"way": Way.JSON_SCHEMA}),
        ("upstream failed", {"way": Way.JSON_SCHEMA}),
    ],
)
def test_what_a_refusal_names_is_what_goes(body: str, left_out: dict[str, object]) -> None:
    start = Capabilities(way=Way.TOOL)
    assert without_refused(start, refusal_of(400, body), structured=True) == replace(start, **left_out)


def test_a_refusal_does_not_keep_what_the_service_said_in_an_error() -> None:
    error = refusal_of(400, '{"error": {"message": "abc", "param": "abc"}}').failure("http://h/v1")
    assert "abc" not in f"{error}{error.__dict__}"
