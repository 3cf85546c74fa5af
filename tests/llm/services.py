"""The model services that the tests of this folder call, and what they ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from bot.llm import ChatMessage, Deadline, Growing, ModelCallError, ModelService, system, user
from bot.settings import LlmSettings
from tests.support.openai_server import OpenAIServer, Reply

KEY = "sk-very-secret-0123456789"
SECRET_QUESTION = "我厂的绝密配方能补多少？"
ASKED: Sequence[ChatMessage] = [system("只依据资料回答。"), user(SECRET_QUESTION)]


class Clock:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Need(BaseModel):
    """A need."""

    title: str
    budget: str = ""


def service_at(base_url: str, clock: Clock | None = None, **fields: Any) -> ModelService:
    fields = {"api_key": SecretStr(KEY), "timeout_seconds": 5, "max_tokens": 64} | fields
    settings = LlmSettings(base_url=base_url, model="test-model", **fields)
    return ModelService(settings, clock=clock) if clock else ModelService(settings)


def failure(service: ModelService, deadline: Deadline | None = None) -> ModelCallError:
    with pytest.raises(ModelCallError) as caught:
        service.complete(ASKED, deadline)
    return caught.value


def completed(*replies: Reply, **fields: Any) -> str:
    with OpenAIServer(*replies) as server:
        return service_at(server.base_url, **fields).complete(ASKED)


def failed(*replies: Reply, **fields: Any) -> ModelCallError:
    with OpenAIServer(*replies) as server:
        return failure(service_at(server.base_url, **fields))


def streamed(service: ModelService) -> tuple[str, ModelCallError | None]:
    """What a reader has seen, and the failure that ended it."""
    seen = ""
    try:
        for piece in service.stream(ASKED):
            seen += piece
    except ModelCallError as error:
        return seen, error
    return seen, None


def grown(service: ModelService) -> tuple[list[Growing[Need]], ModelCallError | None]:
    """The growing records, and the failure that ended them."""
    items: list[Growing[Need]] = []
    try:
        for item in service.structured_stream(ASKED, Need):
            items.append(item)
    except ModelCallError as error:
        return items, error
    return items, None


def chunk(text: Any = "", finish: str | None = None, index: int = 0, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": {"content": text, **fields}, "finish_reason": finish}]}


def events(*payloads: Any, done: bool = True, before: str = "data: ", after: str = "\n\n") -> bytes:
    texts = [json.dumps(each) if not isinstance(each, str) else each for each in payloads]
    return "".join(f"{before}{text}{after}" for text in (*texts, *(["[DONE]"] if done else []))).encode()


def body(content: Any, finish: str | None = "stop", **fields: Any) -> bytes:
    message = {"role": "assistant", "content": content, **fields}
    return json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": finish}]}).encode()
