"""``/v1``: an OpenAI-compatible chat, so that other front ends can sit before the assistant.

Nothing of a request steers what is said: system messages and model settings are ignored, earlier user messages are
the history of the question.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from bot.api.interface import ServedAssistant
from bot.api.markdown import after_the_answer, answer_markdown, source_annotations
from bot.api.requests import MOST_EARLIER, ChatRequest
from bot.errors import AssistantError, UsageError
from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAt
from bot.types import Answer, Turn

MODEL = "technology-manager"
#: Said before an answer that turned out otherwise than what was already sent.
_ANEW = "\n\n以下为完整答复：\n\n"


def chat_router(assistant: ServedAssistant, keeper: QuestionKeeper | None = None) -> APIRouter:
    """The routes over ``assistant``; ``keeper`` writes down what was asked."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])

    @router.get("/models")
    def models() -> dict[str, Any]:
        """唯一的“模型”：本助手。"""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}]}

    @router.post("/chat/completions", response_model=None)
    def complete(asked: ChatRequest) -> dict[str, Any] | StreamingResponse:
        """最后一条用户消息是问题，此前的用户消息是上文；答复带依据，并在 annotations 与 citations 中给出。"""
        turn = _turn(asked)
        if asked.stream:
            return StreamingResponse(_events(assistant, turn, keeper), media_type="text/event-stream")
        answer = assistant.ask(turn)
        if keeper is not None:
            keeper.keep(answer, AskedAt.CHAT)
        message = {"role": "assistant", "content": answer_markdown(answer), **_sources(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        return {**_head("chat.completion"), "choices": [choice], "usage": usage}

    return router


def _turn(asked: ChatRequest) -> Turn:
    told = [each.words for each in asked.messages if each.role == "user"]
    if asked.messages[-1].role != "user" or not told[-1].strip():
        raise UsageError("最后一条消息要是用户的问题", value=asked.messages[-1].role, remedy="把问题放在最后")
    return Turn(told[-1], tuple(each for each in told[:-1] if each.strip())[-MOST_EARLIER:])


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}


def _sources(answer: Answer) -> dict[str, Any]:
    """Annotations for what has a web address, and every citation as the contract lays down."""
    found = [
        {
            "type": "url_citation",
            "url_citation": {"start_index": each.start, "end_index": each.end, "url": each.url, "title": each.title},
        }
        for each in source_annotations(answer_markdown(answer), answer)
    ]
    return {"annotations": found, "citations": [asdict(each) for each in answer.citations]}


def _events(assistant: ServedAssistant, turn: Turn, keeper: QuestionKeeper | None) -> Iterator[str]:
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    sent, last = "", None
    try:
        for last in assistant.stream(turn):
            if last.answer.startswith(sent) and last.answer != sent:
                yield chunk({"content": last.answer[len(sent) :]})
                sent = last.answer
    except AssistantError as error:
        yield _event({"error": {"message": str(error), "type": "assistant_error"}})
        return
    assert last is not None  # a stream gives at least one answer
    if keeper is not None:
        keeper.keep(last, AskedAt.CHAT)
    rest = after_the_answer(last) if last.answer == sent else _ANEW + answer_markdown(last)
    if rest:
        yield chunk({"content": rest})
    yield chunk(_sources(last), "stop")
    yield "data: [DONE]\n\n"


def _event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n\n"
