"""Bodies, streams and endings as services send them, well formed and not."""

from __future__ import annotations

import json

import pytest

from bot.llm import Deadline, FailureReason
from bot.llm.body import BodyReader
from tests.llm.services import ASKED, KEY, body, chunk, completed, events, failed, failure, service_at, streamed
from tests.support.openai_server import OpenAIServer, Reply

WHOLE_FINISHES = ["stop", "eos", "eos_token", "end_turn", "stop_sequence", "tool_calls", "function_call", "STOP"]


# --- how a reply ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("finish", WHOLE_FINISHES)
def test_a_whole_reply_may_end_in_many_ways(finish: str, whole: bool) -> None:
    assert completed(Reply("最高50万元。", finish=finish, whole=whole)) == "最高50万元。"


@pytest.mark.parametrize("finish", [None, "", "null"])
def test_an_end_marker_or_a_whole_body_is_an_end_too(finish: str | None) -> None:
    assert completed(Reply(raw=events(chunk("好。"), chunk("", finish)))) == "好。"
    assert completed(Reply(raw=body("好。", finish))) == "好。"


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("length", FailureReason.TOO_LONG),
        ("max_tokens", FailureReason.TOO_LONG),
        ("content_filter", FailureReason.CONTENT_FILTER),
        ("sensitive", FailureReason.CONTENT_FILTER),
        ("error", FailureReason.CUT),
        (f"why {KEY}", FailureReason.GARBAGE),
    ],
)
def test_a_reply_that_is_not_whole_says_why(finish: str, reason: FailureReason, whole: bool) -> None:
    with OpenAIServer(Reply("知道了。"), Reply("最高50万元", finish=finish, whole=whole)) as server:
        service = service_at(server.base_url)
        service.complete(ASKED)
        seen, error = streamed(service)
    assert seen == "最高50万元", "what was streamed before can be used"
    assert error is not None and error.reason is reason and KEY not in f"{error!s}{error!r}"


def test_a_stream_without_any_end_was_cut() -> None:
    assert failed(Reply("最高50万元。", finish=None, done=False)).reason is FailureReason.CUT
    assert failed(Reply(raw=events(chunk("好。"), done=False))).reason is FailureReason.CUT
    assert failed(Reply(raw=b"")).reason is FailureReason.CUT
    assert failed(Reply(raw=b": keep-alive\n\n")).reason is FailureReason.CUT
    assert failed(Reply(raw=b'data: {"choices": [')).reason is FailureReason.CUT
    assert failed(Reply(raw=body("好。")[:-5])).reason is FailureReason.CUT


def test_a_finish_without_the_end_marker_is_enough() -> None:
    assert completed(Reply("最高50万元。", done=False)) == "最高50万元。"


def test_what_follows_a_finish_is_still_read_but_not_waited_for() -> None:
    raw = events(chunk("最高", "stop"), chunk("50万元", "stop"), {"choices": [], "usage": {"total_tokens": 3}})
    assert completed(Reply(raw=raw)) == "最高50万元"
    stalled = events(chunk("好。", "stop"), done=False)
    with OpenAIServer(Reply(raw=stalled, stall_after=0)) as server:
        deadline = Deadline.after(50)
        assert service_at(server.base_url, timeout_seconds=50).complete(ASKED, deadline) == "好。"
        assert deadline.remaining() > 25


def test_a_refusal_in_words_of_its_own_is_a_refusal() -> None:
    assert failed(Reply(raw=body(None, refusal="I cannot"))).reason is FailureReason.CONTENT_FILTER


def test_a_filtered_reply_does_not_open_the_circuit() -> None:
    with OpenAIServer(Reply("", finish="content_filter")) as server:
        service = service_at(server.base_url)
        assert {failure(service).reason for _ in range(5)} == {FailureReason.CONTENT_FILTER}


def test_thoughts_that_use_up_the_length_are_told_with_their_remedy() -> None:
    error = failed(Reply("<think>想了又想", finish="length"))
    assert error.reason is FailureReason.TOO_LONG and "思考" in error.remedy
    error = failed(Reply("", reasoning="想了又想", finish="length"))
    assert error.reason is FailureReason.TOO_LONG and "思考" in error.remedy
    assert "思考" not in failed(Reply("说到一半", finish="length")).remedy


# --- thoughts over the wire -------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "thinking"])
def test_thoughts_in_a_field_are_no_answer(field: str, whole: bool) -> None:
    reply = Reply("最高50万元。", reasoning="也许60万元", reasoning_field=field, whole=whole)
    with OpenAIServer(reply) as server:
        service = service_at(server.base_url)
        assert service.complete(ASKED) == "最高50万元。"
        assert service.capabilities.reasoning and service.capabilities.text.marks_thoughts
    assert failed(Reply("", reasoning="也许60万元", reasoning_field=field, whole=whole)).reason is FailureReason.GARBAGE


@pytest.mark.parametrize("reply", ["<think>也许60万元", "<think>也许</think>", "也许60万元</think>\n", "  "])
def test_thoughts_without_an_answer_are_garbage(reply: str) -> None:
    assert failed(Reply(reply)).reason is FailureReason.GARBAGE


def test_typed_parts_only_text_is_read() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "也许60万元"}]},
        {"type": "text", "text": "最高"},
        {"type": "image_url", "image_url": "x", "text": "不是"},
        {"type": "reasoning", "text": "也许"},
        {"type": "text", "text": "50万元"},
        {"type": "text", "text": None},
        "不是",
    ]
    assert completed(Reply(raw=body(parts))) == "最高50万元"
    assert completed(Reply(raw=events(chunk(parts), chunk([{"type": "text", "text": "。"}], "stop")))) == "最高50万元。"


def test_an_unopened_thought_is_never_streamed_and_the_service_is_remembered() -> None:
    reply = Reply("也许60万元？</think>最高50万元。", pieces=2)
    with OpenAIServer(reply) as server:
        service = service_at(server.base_url)
        for _ in range(3):
            assert streamed(service) == ("最高50万元。", None)
        assert service.capabilities.text.marks_thoughts is False and service.capabilities.reasoning


def test_one_reply_without_thoughts_does_not_make_a_service_trusted_again() -> None:
    thought = Reply("也许60万元？</think>最高50万元。", pieces=2)
    with OpenAIServer(thought, Reply("<think>想</think>好。"), Reply("好。"), thought) as server:
        service = service_at(server.base_url)
        assert [streamed(service)[0] for _ in range(4)] == ["最高50万元。", "好。", "好。", "最高50万元。"]


def test_the_first_reply_is_held_back_until_it_is_known_and_the_next_ones_are_not() -> None:
    stalling = Reply("最高不超过50万元。", pieces=3, stall_after=3)
    with OpenAIServer(stalling, Reply("最高50万元。"), stalling) as server:
        service = service_at(server.base_url, timeout_seconds=1.0)
        seen, error = streamed(service)
        assert seen == "" and error is not None and error.reason is FailureReason.TIMEOUT
        assert streamed(service) == ("最高50万元。", None)
        seen, error = streamed(service)
        assert seen == "最高不" and error is not None and error.reason is FailureReason.TIMEOUT


def test_a_service_that_takes_to_unopened_thoughts_is_noticed() -> None:
    with OpenAIServer(Reply("最高50万元。"), Reply("也许60万元？</think>最高50万元。", pieces=2)) as server:
        service = service_at(server.base_url)
        assert service.complete(ASKED) == "最高50万元。"
        seen, error = streamed(service)
        assert error is not None and error.reason is FailureReason.GARBAGE
        assert "50万元" not in seen
        assert streamed(service) == ("最高50万元。", None)


@pytest.mark.parametrize("before", ["", "\n", "<think>一</think>"])
def test_a_whole_completion_waits_for_the_end(before: str) -> None:
    with OpenAIServer(Reply(f"{before}最高50万元", finish="length")) as server:
        error = failure(service_at(server.base_url))
        assert error.reason is FailureReason.TOO_LONG and "思考" not in error.remedy
    reply = Reply("也许60万元？</think>最高50万元。", pieces=2, reasoning="想")
    assert completed(reply) == "最高50万元。"


def test_a_whole_completion_is_right_even_where_thoughts_were_never_seen_before() -> None:
    with OpenAIServer(Reply("最高50万元。"), Reply("也许60万元？</think>最高50万元。", pieces=2)) as server:
        service = service_at(server.base_url)
        service.complete(ASKED)
        assert service.complete(ASKED) == "最高50万元。"


# --- the shape of the stream ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        events(chunk("最高"), chunk("50万元", "stop")),
        events(chunk("最高"), chunk("50万元", "stop"), before="data:"),
        events(chunk("最高"), chunk("50万元", "stop"), after="\r\n\r\n"),
        events(chunk("最高"), chunk("50万元", "stop"), after="\r\r"),
        events(chunk("最高"), chunk("50万元", "stop"), after="\n"),
        b"\xef\xbb\xbf" + events(chunk("最高"), chunk("50万元", "stop")),
        b": hello\nevent: message\nid: 7\nretry: 10\n" + events(chunk("最高"), chunk("50万元", "stop")),
        b"\n\n: \n" + events(chunk("最高"), chunk("50万元", "stop")),
        events({"choices": []}, chunk("最高"), chunk("50万元", "stop"), {"choices": [], "usage": {}}),
        events(chunk("别的", index=1), chunk("最高"), chunk("的", "stop", index=1), chunk("50万元", "stop")),
        events({"choices": None}, {"id": 1}, chunk("最高50万元"), {"choices": [7]}, {"choices": [{"delta": None}]}),
        events(json.dumps(chunk("最高50万元"), indent=1).replace("\n", "\ndata: ")),
        events({"choices": [{"delta": {"content": "最高50万元"}}]}),
        events({"choices": [{"index": 0, "text": "最高50万元"}]}),
        events({"choices": [{"index": 0, "message": {"content": "最高50万元"}}]}),
        body("最高50万元"),
        b"\xef\xbb\xbf \n" + body("最高50万元"),
        json.dumps(json.loads(body("最高50万元")), indent=2).encode(),
        json.dumps({"choices": [{"index": 1, "message": {"content": "别的"}}, *json.loads(body("最高50万元"))["choices"]]}).encode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["text/event-stream", "application/json", "text/html", "nonsense"])
def test_the_shape_of_a_body_tells_what_it_is(raw: bytes, content_type: str) -> None:
    assert completed(Reply(raw=raw, content_type=content_type)) == "最高50万元"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<!DOCTYPE html><title>login</title>", FailureReason.GARBAGE),
        (b" \n<html>", FailureReason.GARBAGE),
        (b"Service Unavailable", FailureReason.GARBAGE),
        (b"SSH-2.0-OpenSSH_9.6\r\n", FailureReason.GARBAGE),
        (b'{"choices": [}', FailureReason.GARBAGE),
        (b"[1, 2]", FailureReason.GARBAGE),
        (b"[]", FailureReason.GARBAGE),
        (b"{}", FailureReason.GARBAGE),
        (b'{"choices": []}', FailureReason.GARBAGE),
        (b'{"choices": [{"message": "text"}]}', FailureReason.GARBAGE),
        (b"data: 7\n\n", FailureReason.GARBAGE),
        (b"data: [[[\n\n", FailureReason.GARBAGE),
        (b"data: " + b"[" * 500_000 + b"\n\n", FailureReason.GARBAGE),
        (b"[" * 500_000 + b"]", FailureReason.GARBAGE),
        (b'[{"error": {"message": "x"}}]', FailureReason.SERVER_ERROR),
        (b'{"object": "error", "message": "x", "code": 500}', FailureReason.SERVER_ERROR),
        (b'{"error": {"message": "x", "code": 429}}', FailureReason.RATE_LIMITED),
        (b'{"detail": "x"}', FailureReason.SERVER_ERROR),
        (b'event: error\ndata: {"code": "x", "message": "y"}\n\n', FailureReason.SERVER_ERROR),
        (b'event: error\ndata: {"code": 429}\n\n', FailureReason.RATE_LIMITED),
        (events(chunk("好"), {"error": {"message": "out of memory"}}), FailureReason.SERVER_ERROR),
        (events({"error": {"code": "401", "message": KEY}}), FailureReason.UNAUTHORISED),
    ],
)
def test_what_is_no_reply_is_told_apart(raw: bytes, reason: FailureReason) -> None:
    error = failed(Reply(raw=raw))
    assert error.reason is reason and KEY not in f"{error!s}{error!r}{error.__dict__}"


def test_characters_nobody_sees_do_not_reach_the_reader() -> None:
    raw = events(chunk("\u202e最高\u200b"), chunk("50\ud83d"), chunk("\ude00\x00万元\n\t。", "stop"))
    assert completed(Reply(raw=raw)) == "最高50😀万元\n\t。"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_stream_may_be_cut_into_chunks_anywhere(size: int) -> None:
    raw = b"\xef\xbb\xbf" + events(chunk("最高"), chunk("50万元", "stop"), after="\r\n\r\n")
    reader = BodyReader(raw[start : start + size] for start in range(0, len(raw), size))
    assert len(list(reader.payloads())) == 2 and reader.ended
