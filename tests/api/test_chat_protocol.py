"""What users of the chat protocol expect: figures of use, refusals of what cannot be done, sources they can open."""

import dataclasses
import json
from urllib.parse import unquote, urlsplit

import httpx
import openai
import pytest
from tokenizers import Tokenizer

from bot.api.app import build_api
from bot.settings import BUNDLED_EMBEDDING_MODEL, ApiSettings
from bot.types import Turn
from tests.api.conftest import LIMIT, Server

ASKED = "联合创新项目最高支持多少？"
MESSAGES = [{"role": "user", "content": ASKED}]


@pytest.fixture
def client(served):
    return openai.OpenAI(base_url=f"{served.url}/v1", api_key=served.key, max_retries=0)


def create(client, **more):
    return client.chat.completions.create(**{"model": "any", "messages": MESSAGES, **more})


def tokens(text):
    counted = Tokenizer.from_file(str(BUNDLED_EMBEDDING_MODEL / "tokenizer.json"))
    counted.no_truncation()
    return len(counted.encode(text, add_special_tokens=False).ids)


def test_use_is_counted_by_the_bundled_tokenizer(client):
    done = create(client)
    assert done.usage.completion_tokens == tokens(done.choices[0].message.content) > 20
    assert done.usage.prompt_tokens == tokens(ASKED) > 3
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens


def test_use_counts_what_was_read_of_the_chat(client):
    earlier = [
        {"role": "system", "content": "甲" * 500},
        {"role": "user", "content": "免租多久？"},
        {"role": "assistant", "content": "乙" * 500},
    ]
    done = create(client, messages=[*earlier, *MESSAGES])
    assert done.usage.prompt_tokens == tokens("免租多久？") + tokens(ASKED)


def test_a_stream_tells_its_use_last_where_that_is_asked(client):
    whole = create(client)
    chunks = list(create(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == [] and chunks[-1].usage == whole.usage
    assert all(each.usage is None for each in chunks[:-1]) and chunks[-2].choices[0].finish_reason == "stop"
    assert len({each.id for each in chunks}) == 1


def test_a_stream_tells_no_use_where_nobody_asks(client):
    for options in ({}, {"stream_options": {"include_usage": False}}, {"stream_options": None}):
        chunks = list(create(client, stream=True, **options))
        assert all(each.usage is None and each.choices for each in chunks)


def test_every_piece_but_the_last_says_that_its_use_is_not_told_yet(served):
    body = {"model": "any", "messages": MESSAGES, "stream": True, "stream_options": {"include_usage": True}}
    reply = httpx.post(f"{served.url}/v1/chat/completions", json=body, headers=served.headers, timeout=60)
    events = [line.removeprefix("data: ") for line in reply.text.split("\n\n") if line]
    assert events[-1] == "[DONE]" and reply.headers["content-type"].startswith("text/event-stream")
    assert all("usage" in json.loads(each) for each in events[:-1])


@pytest.mark.parametrize(
    ("param", "sent"),
    [
        ("n", {"n": 2}), ("n", {"n": 0}), ("n", {"n": "many"}),
        ("tools", {"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}),
        ("functions", {"functions": [{"name": "f"}]}),
        ("tool_choice", {"tool_choice": "required"}), ("function_call", {"function_call": {"name": "f"}}),
        ("response_format", {"response_format": {"type": "json_object"}}),
        ("response_format", {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}}),
        ("logprobs", {"logprobs": True}), ("top_logprobs", {"top_logprobs": 3}),
        ("modalities", {"modalities": ["text", "audio"]}), ("audio", {"audio": {"voice": "alloy", "format": "wav"}}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_what_would_change_the_answer_is_refused_by_name(client, param, sent, stream):
    with pytest.raises(openai.BadRequestError) as raised:
        create(client, stream=stream, **sent)
    refused = raised.value
    assert (refused.param, refused.code, refused.type) == (param, "unsupported_value", "invalid_request_error")
    assert param in refused.body["message"] and "去掉" in refused.body["message"]


@pytest.mark.parametrize(
    "sent",
    [
        {"n": 1}, {"n": None}, {"tools": []}, {"tools": None}, {"tool_choice": "none"}, {"tool_choice": "auto"}, {"functions": []},
        {"response_format": {"type": "text"}}, {"response_format": None}, {"logprobs": False}, {"top_logprobs": 0}, {"modalities": ["text"]},
        {"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "none"},
    ],
)  # fmt: skip
def test_what_asks_for_nothing_more_is_taken(client, sent):
    assert create(client, **sent).choices[0].message.content


def test_settings_of_a_model_change_nothing(client):
    settings = {
        "temperature": 2, "top_p": 0.1, "frequency_penalty": 1, "presence_penalty": 1, "seed": 1, "max_tokens": 1,
        "max_completion_tokens": 1, "stop": ["。"], "user": "x", "store": False, "metadata": {"a": "b"}, "logit_bias": {"1": 1},
        "reasoning_effort": "low", "verbosity": "low", "service_tier": "auto", "parallel_tool_calls": False,
        "extra_body": {"top_k": 3, "min_p": 0.1, "chat_id": "x"},
    }  # fmt: skip
    assert create(client, **settings).choices[0].message.content == create(client).choices[0].message.content


def test_which_parameters_do_nothing_and_which_are_refused_is_told(served):
    told = httpx.get(f"{served.url}/openapi.json").json()["paths"]["/v1/chat/completions"]["post"]["description"]
    nothing, _, refused = told.partition("拒绝")
    for name in ("temperature", "top_p", "seed", "max_tokens", "stop", "system"):
        assert name in nothing, name
    for name in ("n", "tools", "response_format", "logprobs", "modalities"):
        assert f"`{name}`" in refused, name


def sources(message):
    return [
        (each.url_citation, message.content[each.url_citation.start_index : each.url_citation.end_index])
        for each in message.annotations
    ]


def test_every_marker_has_an_address_at_which_its_document_is(client, served):
    message = create(client).choices[0].message
    found = sources(message)
    assert found and {marker for _, marker in found} >= {f"[{each['marker']}]" for each in message.citations}
    for place, marker in found:
        citation = next(each for each in message.citations if f"[{each['marker']}]" == marker)
        assert place.title == citation["title"]
        if citation["source_url"]:
            assert place.url == citation["source_url"]
            continue
        assert place.url.startswith(f"{served.url}/api/v1/documents/")
        document = httpx.get(place.url, headers=served.headers).json()
        assert unquote(urlsplit(place.url).path).endswith(document["document_id"])
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_the_address_is_the_one_that_was_asked(site):
    client = openai.OpenAI(base_url=f"{site.url.replace('127.0.0.1', 'localhost')}/v1", api_key=site.key, max_retries=0)
    urls = [place.url for place, _ in sources(create(client).choices[0].message)]
    assert any(url.startswith("http://localhost:") for url in urls)
    behind = openai.OpenAI(base_url=f"{site.url}/v1", api_key=site.key, default_headers={"x-forwarded-proto": "https"})
    urls = [place.url for place, _ in sources(create(behind).choices[0].message)]
    assert any(url.startswith("https://127.0.0.1:") for url in urls)


class Rewritten:
    """The assistant, whose answer turns out otherwise than it began."""

    def __init__(self, assistant):
        self._assistant = assistant

    def __getattr__(self, name):
        return getattr(self._assistant, name)

    def stream(self, turn):
        whole = self._assistant.ask(Turn(ASKED))
        yield dataclasses.replace(whole, answer="起初这样说[1]", citations=())
        yield whole


@pytest.mark.parametrize("rewritten", [False, True])
def test_markers_of_a_stream_are_where_its_text_has_them(served, rewritten):
    assistant = Rewritten(served.assistant) if rewritten else served.assistant
    with Server(build_api(assistant, ApiSettings(calls_per_minute=LIMIT), served.database)) as url:
        client = openai.OpenAI(base_url=f"{url}/v1", api_key=served.key, max_retries=0)
        chunks = list(create(client, stream=True))
    content = "".join(each.choices[0].delta.content or "" for each in chunks)
    assert ("起初这样说" in content) is rewritten
    last = chunks[-1].choices[0].delta
    assert last.annotations
    told_anew = content.find("以下为完整答复")
    for each in last.annotations:
        place = each["url_citation"]
        assert place["start_index"] > told_anew
        assert content[place["start_index"] : place["end_index"]].strip("[]") in {
            str(c["marker"]) for c in last.citations
        }


@pytest.mark.parametrize(
    "part", [{"type": "image_url", "image_url": {"url": "data:,"}}, {"type": "input_audio", "input_audio": {}}]
)
def test_a_question_with_a_picture_or_a_sound_is_refused(client, part):
    with pytest.raises(openai.BadRequestError) as raised:
        create(client, messages=[{"role": "user", "content": [{"type": "text", "text": ASKED}, part]}])
    assert raised.value.param == "messages" and "文字" in raised.value.body["message"]
    earlier = {"role": "user", "content": [part]}
    assert create(client, messages=[earlier, *MESSAGES]).choices[0].message.content
