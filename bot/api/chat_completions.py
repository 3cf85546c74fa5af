"""``/v1``: an OpenAI-compatible chat, so that other front ends can sit before the assistant.

Nothing of a request steers what is said: system messages and model settings do nothing, earlier user messages are
the history of the question. What would have to change the answer is refused (:mod:`bot.api.parameters`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from bot.api.answers import ChatAnswer, Models
from bot.api.interface import ServedAssistant
from bot.api.markdown import after_the_answer, answer_markdown, source_annotations
from bot.api.parameters import REFUSED, WITHOUT_EFFECT, UnsupportedError, check_parameters
from bot.api.refusals import refused_content
from bot.api.requests import MOST_EARLIER, ChatRequest
from bot.api.tokens import token_count
from bot.errors import AssistantError, UsageError
from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAt
from bot.types import Answer, Turn

MODEL = "technology-manager"
#: Said before an answer that turned out otherwise than what was already sent.
_ANEW = "\n\n以下为完整答复：\n\n"
_TOLD = f"""最后一条用户消息是问题，此前的用户消息是上文；`annotations` 逐个标出答复里的 [1] 出自哪里，
`citations` 是逐条依据。没有网址的文件，`annotations` 给的是本机 `/api/v1/documents/` 下的地址，带密钥打开。
`usage` 按自带编码器的分词器数：`prompt_tokens` 是读到的问题和上文，`completion_tokens` 是整条答复；
流式时要 `stream_options.include_usage` 才在最后给出。

收下但不起作用：system 和 developer 消息，{"、".join(f"`{each}`" for each in WITHOUT_EFFECT)}，
以及没有列出的参数；答复是文件原文，不截断。

拒绝（400，`error.code` 是 `unsupported_value`，`error.param` 是参数名）：
{"、".join(f"`{each}`" for each in REFUSED)} 里要求了别的，
问题里有图片或声音。"""


def chat_router(assistant: ServedAssistant, keeper: QuestionKeeper | None = None) -> APIRouter:
    """The routes over ``assistant``; ``keeper`` writes down what was asked."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])

    @router.get("/models", summary="模型清单", response_model=None, responses={200: {"model": Models}})
    def models() -> dict[str, Any]:
        """唯一的“模型”：本助手。"""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}]}

    @router.post(
        "/chat/completions",
        summary="聊天（OpenAI 兼容）",
        description=_TOLD,
        response_model=None,
        responses={200: {"model": ChatAnswer}},
    )
    def complete(asked: ChatRequest, request: Request) -> dict[str, Any] | StreamingResponse:
        check_parameters({name: getattr(asked, name) for name in REFUSED})
        documents = f"{str(request.base_url).rstrip('/')}/api/v1/documents"
        chat = _Chat(_turn(asked), documents, _told_use(asked), getattr(request.state, "request_id", ""))
        if asked.stream:
            return StreamingResponse(_stream(assistant, chat, keeper), media_type="text/event-stream")
        answer = assistant.ask(chat.turn)
        if keeper is not None:
            keeper.keep(answer, AskedAt.CHAT)
        content = answer_markdown(answer)
        message = {"role": "assistant", "content": content, **_sources(content, answer, chat.documents)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {**_head("chat.completion"), "choices": [choice], "usage": _use(chat.turn, content)}

    return router


@dataclass(frozen=True, slots=True)
class _Chat:
    """What is asked, the address below which documents are read, and whether a stream tells its figures of use.

    ``number`` is the request's, which is told where it fails on its way.
    """

    turn: Turn
    documents: str
    tells_use: bool
    number: str


def _told_use(asked: ChatRequest) -> bool:
    return asked.stream_options is not None and bool(asked.stream_options.include_usage)


def _turn(asked: ChatRequest) -> Turn:
    told = [each.words for each in asked.messages if each.role == "user"]
    if asked.messages[-1].role != "user":
        raise UsageError("最后一条消息要是用户的问题", value=asked.messages[-1].role, remedy="把问题放在最后")
    if not asked.messages[-1].is_text:
        raise UnsupportedError("messages", "只读文字，不看图片、不听声音", "去掉它们，把要问的写成文字")
    if not told[-1].strip():
        raise UsageError("最后一条消息里没有问题", remedy="把问题写在最后一条用户消息里")
    return Turn(told[-1], tuple(each for each in told[:-1] if each.strip())[-MOST_EARLIER:])


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}


def _use(turn: Turn, content: str) -> dict[str, int]:
    read, written = token_count(turn.question, *turn.history), token_count(content)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _sources(content: str, answer: Answer, documents: str, begin: int = 0) -> dict[str, Any]:
    """Annotations for the markers in ``content`` from ``begin`` on, and every citation as the contract lays down."""
    found = [
        {
            "type": "url_citation",
            "url_citation": {"start_index": each.start, "end_index": each.end, "url": each.url, "title": each.title},
        }
        for each in source_annotations(content, answer, documents, begin)
    ]
    return {"annotations": found, "citations": [asdict(each) for each in answer.citations]}


def _stream(assistant: ServedAssistant, chat: _Chat, keeper: QuestionKeeper | None) -> Iterator[str]:
    """The events of an answer. Begins it before the reply begins: what fails at once is told by its status."""
    answers = assistant.stream(chat.turn)
    return _events(chain([next(answers)], answers), chat, keeper)


def _events(answers: Iterator[Answer], chat: _Chat, keeper: QuestionKeeper | None) -> Iterator[str]:
    head = _head("chat.completion.chunk") | ({"usage": None} if chat.tells_use else {})

    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    sent, last = "", None
    try:
        for last in answers:
            if last.answer.startswith(sent) and last.answer != sent:
                yield chunk({"content": last.answer[len(sent) :]})
                sent = last.answer
    except AssistantError as error:
        yield _event(refused_content(error, chat.number))
        return
    assert last is not None  # a stream gives at least one answer
    if keeper is not None:
        keeper.keep(last, AskedAt.CHAT)
    kept = last.answer == sent
    rest = after_the_answer(last) if kept else _ANEW + answer_markdown(last)
    if rest:
        yield chunk({"content": rest})
    content = sent + rest
    # Markers of what was given up stand for nothing any more.
    yield chunk(_sources(content, last, chat.documents, 0 if kept else len(sent)), "stop")
    if chat.tells_use:
        yield _event({**head, "choices": [], "usage": _use(chat.turn, content)})
    yield "data: [DONE]\n\n"


def _event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n\n"
