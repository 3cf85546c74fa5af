"""Records by tool call, JSON schema, JSON object and plain text: validated whole, told while they grow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from bot.llm import Deadline, FailureReason, Growing, ModelCallError, Way
from bot.llm.breaker import FAILURES_TO_OPEN
from bot.llm.replies import Delta
from bot.llm.structured import RecordReader, StructuredReply
from tests.llm.services import ASKED, Need, grown, service_at
from tests.support.openai_server import OpenAIServer, Reply

NEED = {"title": "找膜材料", "budget": "50万元"}
TEXT = json.dumps(NEED, ensure_ascii=False)
WAYS = {
    Way.TOOL: frozenset[str](),
    Way.JSON_SCHEMA: frozenset({"tools"}),
    Way.JSON_OBJECT: frozenset({"tools", "json_schema"}),
    Way.TEXT: frozenset({"tools", "response_format"}),
}


def structured(*replies: Reply, **fields: Any) -> Need:
    with OpenAIServer(*replies) as server:
        return service_at(server.base_url, **fields).structured(ASKED, Need)


def refused(*replies: Reply) -> ModelCallError:
    with pytest.raises(ModelCallError) as caught:
        structured(*replies)
    return caught.value


# --- the ways ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("way", list(WAYS))
def test_the_way_that_works_is_found_and_remembered(way: Way, named: bool) -> None:
    reply = Reply(tool=NEED, refuses=WAYS[way], refusal_named=named)
    with OpenAIServer(reply) as server:
        service = service_at(server.base_url)
        assert service.structured(ASKED, Need) == Need(**NEED)
        assert service.capabilities.way is way
        made = len(server.chats)
        assert made == list(WAYS).index(way) + 1
        assert service.structured(ASKED, Need) == Need(**NEED)
        assert len(server.chats) == made + 1
        body = server.chats[-1].body
    assert ("tools" in body) is (way is Way.TOOL)
    asked = body.get("response_format", {}).get("type", "")
    assert asked == (way.value if way in (Way.JSON_SCHEMA, Way.JSON_OBJECT) else "")
    assert ('"title"' in body["messages"][0]["content"]) is (way is not Way.TOOL), "the schema is described"


def test_the_tool_is_named_described_and_demanded() -> None:
    with OpenAIServer(Reply(tool=NEED)) as server:
        service_at(server.base_url).structured(ASKED, Need)
        body = server.chats[0].body
    function = body["tools"][0]["function"]
    assert function["name"] == body["tool_choice"]["function"]["name"] == "Need"
    assert function["description"] == "A need." and "title" in function["parameters"]["properties"]


@pytest.mark.parametrize("first", ["好的，我来想想。", "<think>{}</think>好的。", "", "  "])
def test_a_way_that_is_ignored_gives_way_to_the_next(first: str) -> None:
    replies = [Reply(first or "。"), Reply("没有。"), Reply(TEXT)]
    with OpenAIServer(*replies) as server:
        service = service_at(server.base_url)
        assert service.structured(ASKED, Need) == Need(**NEED)
        assert service.capabilities.way is Way.JSON_OBJECT and len(server.chats) == 3
        assert service.breaker.open_seconds == 0


def test_a_way_that_once_worked_is_not_doubted_for_one_bad_reply() -> None:
    with OpenAIServer(Reply(tool=NEED), Reply("没有。")) as server:
        service = service_at(server.base_url)
        service.structured(ASKED, Need)
        with pytest.raises(ModelCallError):
            service.structured(ASKED, Need)
        assert len(server.chats) == 2 and service.capabilities.way is Way.TOOL


def test_a_service_that_never_gives_a_record_is_given_up() -> None:
    with OpenAIServer(Reply("没有。")) as server:
        service = service_at(server.base_url)
        with pytest.raises(ModelCallError) as caught:
            service.structured(ASKED, Need)
        assert caught.value.reason is FailureReason.GARBAGE
        assert len(server.chats) == len(Way) and service.capabilities.way is None


@pytest.mark.parametrize("arguments", ['{"title": "找', "[]", '{"title": 5}', "{}", '{"budget": "50万元"}', "", "null"])
def test_broken_or_wrong_json_is_refused(arguments: str) -> None:
    with OpenAIServer(Reply(tool=arguments)) as server:
        with pytest.raises(ModelCallError) as caught:
            service_at(server.base_url).structured(ASKED, Need)
        if arguments:
            assert len(server.chats) == 1
    assert caught.value.reason is FailureReason.GARBAGE
    assert "找" not in str(caught.value)


def test_a_structured_call_respects_the_deadline() -> None:
    with OpenAIServer(Reply(tool=NEED, pause=30)) as server:
        with pytest.raises(ModelCallError) as caught:
            service_at(server.base_url).structured(ASKED, Need, Deadline.after(1.0))
    assert caught.value.reason is FailureReason.TIMEOUT


def test_a_record_closes_the_circuit() -> None:
    bad = [Reply(status=500)] * (FAILURES_TO_OPEN - 1)
    with OpenAIServer(*bad, Reply(tool=NEED), Reply(status=500), Reply(tool=NEED)) as server:
        service = service_at(server.base_url)
        for _ in bad:
            grown(service)
        assert service.structured(ASKED, Need)
        grown(service)
        assert service.structured(ASKED, Need), "the failures before the record are forgotten"


# --- finding the record ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff{TEXT}",
        f"好的：\n```json\n{TEXT}\n```\n希望有帮助。",
        f"```\n{TEXT}\n```",
        f"好的 {{如下}}：{TEXT}。以上。",
        f"{TEXT}\n{{}} 以上 {{'a': 1}}",
        f'{{"思路": "先看标题"}}\n{TEXT}',
        f'{TEXT}\n{{"title": "别的"}}',
        f'{{"title": 5}} 不对，应为 {TEXT}',
        f"{{}}{TEXT}",
        f'{{"Need": {TEXT}}}',
        f'<tool_call>{{"name": "Need", "arguments": {TEXT}}}</tool_call>',
        f'<think>{{"title": "想的"}}</think>{TEXT}',
        f'{{"title": "想的"}}</think>{TEXT}',
        f'<think>一</think>{{"title": "想的"}}</think>{TEXT}',
        f'<|channel|>analysis<|message|>{{"title": "想的"}}<|end|><|start|>assistant<|channel|>final<|message|>{TEXT}',
        TEXT.replace("找膜", "找\u200b膜"),
        TEXT.replace("找膜", "找\\u200b\\u0000膜"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("whole", [False, True])
def test_the_record_is_found_wherever_it_stands(text: str, whole: bool) -> None:
    assert structured(Reply(text, whole=whole)) == Need(**NEED)


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{TEXT}",
        f"<think>{TEXT}</think>",
        f"{TEXT}</think>",
        f"<|channel|>analysis<|message|>{TEXT}",
        '{"思路": "先看标题"}',
        "{" * 5000,
        '{"a":' * 5000,
        '{"title": ' + "[" * 100_000,
    ],
)
def test_what_is_no_record_is_refused(text: str) -> None:
    with OpenAIServer(Reply(text)) as server, pytest.raises(ModelCallError) as caught:
        service_at(server.base_url, max_tokens=32_000).structured(ASKED, Need)
    assert caught.value.reason is FailureReason.GARBAGE


def test_a_line_feed_in_a_string_is_forgiven() -> None:
    assert structured(Reply('{"title": "找\n膜", "budget": ""}')).title == "找\n膜"


def test_an_alias_is_a_field_and_an_empty_object_may_be_a_record() -> None:
    class Loose(BaseModel):
        """All may be left out."""

        title: str = Field("", alias="name")

    for text, record in (
        ('{"name": "膜"}', Loose(name="膜")),
        ("{}", Loose()),
        ('{} {"name": "膜"}', Loose(name="膜")),
    ):
        with OpenAIServer(Reply(text)) as server:
            assert service_at(server.base_url).structured(ASKED, Loose) == record


def test_a_part_of_a_broken_record_is_no_record() -> None:
    class Tree(BaseModel):
        """A title over titles."""

        title: str
        parts: list[Tree] = Field(default_factory=list)

    Tree.model_rebuild(_types_namespace={"Tree": Tree})
    text = '{"title": 5, "parts": [{"title": "内"}]}'
    with OpenAIServer(Reply(text)) as server, pytest.raises(ModelCallError):
        service_at(server.base_url).structured(ASKED, Tree)


def test_a_call_written_out_is_not_taken_for_the_record() -> None:
    class Named(BaseModel):
        """A name."""

        name: str

    with OpenAIServer(Reply('{"name": "Named", "arguments": {"name": "膜"}}')) as server:
        service = service_at(server.base_url)
        items = list(service.structured_stream(ASKED, Named))
        assert service.structured(ASKED, Named) == items[-1].record == Named(name="膜")


def call(arguments: Any, **fields: Any) -> dict[str, Any]:
    return {"function": {"name": "Need", "arguments": arguments}, **fields}


@pytest.mark.parametrize(
    "messages",
    [
        [{"tool_calls": [call(TEXT, index=0, id="a")]}],
        [{"tool_calls": [call(NEED, index=0)]}],
        [{"tool_calls": [call(TEXT[:9], index=0, id="a")]}, {"tool_calls": [call(TEXT[9:], index=0)]}],
        [{"tool_calls": [call(TEXT[:9], index=0, id="a")]}, {"tool_calls": [call(TEXT[9:], index=0, id="")]}],
        [{"tool_calls": [call(TEXT, index=0, id="a"), call("{}", index=1, id="b")]}],
        [{"tool_calls": [call(TEXT, index=0, id="a")]}, {"tool_calls": [call("{}", index=0, id="b")]}],
        [
            {"tool_calls": [call(TEXT[:9], index=0, id="a"), call("{", index=1, id="b")]},
            {"tool_calls": [call("}", index=1), call(TEXT[9:20], index=0)]},
            {"tool_calls": [call('{"title": "别的"}', index=0, id="c"), call(TEXT[20:], index=0, id="a")]},
        ],
        [{"tool_calls": [call(TEXT[:9], index=[]), call(TEXT[9:], index=0)]}],
        [{"tool_calls": [call(TEXT)]}],
        [{"function_call": {"name": "Need", "arguments": TEXT[:9]}}, {"function_call": {"arguments": TEXT[9:]}}],
        [{"content": "我来调用。", "tool_calls": [call(TEXT, index=0)]}],
        [{"content": '{"title": "草稿"}'}, {"tool_calls": [call(TEXT, index=0)]}],
        [{"reasoning_content": '{"title": "想的"}'}, {"tool_calls": [call(TEXT, index=0)]}],
        [{"tool_calls": [7, {"function": 7}, call(TEXT, index=0)]}],
    ],
)  # fmt: skip
def test_the_first_call_is_read_however_it_is_told(messages: list[dict[str, Any]]) -> None:
    chunks = [{"choices": [{"index": 0, "delta": each}]} for each in messages]
    raw = b"".join(f"data: {json.dumps(each)}\n\n".encode() for each in chunks) + b"data: [DONE]\n\n"
    assert structured(Reply(raw=raw)) == Need(**NEED)
    if len(messages) == 1:
        assert structured(Reply(raw=json.dumps({"choices": [{"message": messages[0]}]}).encode())) == Need(**NEED)


# --- growing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", list(WAYS))
def test_a_record_grows_and_is_whole_only_in_the_last_item(way: Way) -> None:
    with OpenAIServer(Reply(tool=NEED, refuses=WAYS[way], pieces=3)) as server:
        service = service_at(server.base_url)
        first, _ = grown(service)
        assert first[-1].record == Need(**NEED)
        items, error = grown(service)
    assert error is None
    partials = [item.partial for item in items]
    assert partials[-1] == NEED and {"title": "找膜材料"} in partials
    assert [item.record for item in items[:-1]] == [None] * (len(items) - 1)
    assert items[-1] == Growing(NEED, Need(**NEED))


def test_an_object_of_another_make_does_not_grow() -> None:
    reply = StructuredReply(Need, held=False, growing=True)
    told = [reply.feed(Delta(each)) for each in f'{{"思路": "先看标题"}}{TEXT}']
    assert all(partial is None or "思路" not in partial for partial in told)
    assert reply.record() == Need(**NEED)


def test_only_growth_is_told() -> None:
    reader = RecordReader(Need)
    told = []
    for each in TEXT + " 以上 {}":
        reader.feed(each)
        told.append(reader.grown())
    told = [partial for partial in told if partial is not None]
    assert reader.grown() is None
    assert told == [{"title": "找膜材料"}, NEED]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(tool=NEED, pieces=4, cut_after=20), FailureReason.CUT),
        (Reply(tool=NEED, pieces=4, stall_after=20), FailureReason.TIMEOUT),
        (Reply(tool=TEXT[:-4], finish="length"), FailureReason.TOO_LONG),
        (Reply(tool=TEXT, finish="content_filter"), FailureReason.CONTENT_FILTER),
        (Reply(tool=TEXT[:-4]), FailureReason.GARBAGE),
        (Reply(tool=TEXT[:-1] + ', "more": [', endless=True, pieces=2000), FailureReason.TOO_LONG),
    ],
)
def test_what_had_grown_stays_usable_when_the_rest_does_not_come(reply: Reply, reason: FailureReason) -> None:
    with OpenAIServer(reply) as server:
        items, error = grown(service_at(server.base_url, timeout_seconds=1.5, max_tokens=100))
    assert error is not None and error.reason is reason
    assert items and items[-1].partial["title"] == "找膜材料"
    assert all(item.record is None for item in items)


def test_nothing_of_a_thought_grows() -> None:
    thought = '{"title": "想的", "budget": "1"}'
    for reply in (f"<think>{thought}</think>{TEXT}", f"{thought}</think>{TEXT}", f"好 {{吗}} {TEXT}"):
        with OpenAIServer(Reply(reply, pieces=2)) as server:
            service = service_at(server.base_url)
            for _ in range(2):
                items, error = grown(service)
                assert error is None and items[-1].record == Need(**NEED)
                assert all(item.partial["title"] == "找膜材料" for item in items)


def test_a_call_says_nothing_of_how_texts_mark_their_thoughts() -> None:
    thought = f'{{"title": "想的"}}</think>{TEXT}'
    with OpenAIServer(Reply(tool=NEED), Reply(thought, pieces=3)) as server:
        service = service_at(server.base_url)
        service.structured(ASKED, Need)
        items, error = grown(service)
    assert error is None and all(item.partial["title"] == "找膜材料" for item in items)


def test_a_thought_that_had_grown_is_told_as_a_failure() -> None:
    reply = StructuredReply(Need, held=False, growing=True)
    assert reply.feed(Delta('{"title": "想的"}')) == {"title": "想的"}
    with pytest.raises(ModelCallError) as caught:
        reply.feed(Delta("</think>"))
    assert caught.value.reason is FailureReason.GARBAGE


def test_a_record_that_is_not_told_midway_is_right_whatever_came_before() -> None:
    with OpenAIServer(Reply(TEXT, refuses=WAYS[Way.TEXT]), Reply(f'{{"title": "想的"}}</think>{TEXT}')) as server:
        service = service_at(server.base_url)
        service.structured(ASKED, Need)
        assert service.structured(ASKED, Need) == Need(**NEED)
        assert service.capabilities.structured.marks_thoughts is False


def test_a_thought_of_which_nothing_was_shown_is_only_forgotten() -> None:
    reply = StructuredReply(Need, held=False, growing=True)
    assert reply.feed(Delta('{"title": "想')) is None
    assert reply.feed(Delta(f"</think>{TEXT}")) == NEED
    assert reply.record() == Need(**NEED)


def test_a_reader_who_goes_away_midway_leaves_the_service_usable() -> None:
    with OpenAIServer(Reply(tool=NEED, pieces=2)) as server:
        service = service_at(server.base_url)
        for _ in range(FAILURES_TO_OPEN + 1):
            stream = service.structured_stream(ASKED, Need)
            next(stream)
            stream.close()
        assert service.structured(ASKED, Need) == Need(**NEED)


OBJECTS = st.fixed_dictionaries({"title": st.text(max_size=20), "budget": st.text(max_size=20)})


@given(st.data(), OBJECTS, st.sampled_from(["", "好的：\n```json\n", "<think>{}</think>", '想 {"title": 1} </think>']))
def test_any_record_survives_any_cut(data: st.DataObject, content: dict[str, str], before: str) -> None:
    text = before + json.dumps(content, ensure_ascii=data.draw(st.booleans())) + "\n```"
    reply = StructuredReply(Need, held=True, growing=True)
    while text:
        size = data.draw(st.integers(1, len(text)))
        reply.feed(Delta(text[:size]))
        text = text[size:]
    from bot.llm.answer import cleaned

    expected = {name: cleaned(value) for name, value in content.items()}
    if not any(tag in value.lower() for value in content.values() for tag in ("<", "[", "◁")):
        assert reply.record() == Need(**expected)
