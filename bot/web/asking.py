"""Questions over the network: their line, and one growing answer as lines of JSON.

``POST ask`` takes what :func:`bot.web.conversation.read_question` reads. Each line of its reply is an object:
``{"html", "ahead"}`` while the question waits (``ahead`` is a sentence, or empty), ``{"html"}`` while the answer grows,
and at last ``{"html", "ending", "problem", "answer", "contact"}`` with the answer for the browser to keep.
Where too many wait the status is 503, for what cannot be read 400; both carry ``{"problem"}``.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from contextvars import copy_context
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.api.refusals import AGAIN_SECONDS
from bot.errors import AssistantError
from bot.serialization import kept_answer, to_line
from bot.web import rendering
from bot.web.bodies import read_body
from bot.web.chat import Chat
from bot.web.conversation import LONGEST_HANDED, Asked, Ending, Exchange, read_question
from bot.web.texts import texts_for

ASKING_AT_ONCE = 8
"""Questions answered side by side; more wait in line."""

LONGEST_LINE = 200
"""Questions that may wait; beyond that the page says it is busy."""

LOOK_SECONDS = 0.2
"""How often who waits looks whether it is their turn."""


class WaitingLine:
    """First come, first served. For one event loop; not safe to share between threads."""

    def __init__(self, at_once: int = ASKING_AT_ONCE, longest: int = LONGEST_LINE) -> None:
        self.at_once, self.longest = at_once, longest
        self._places: dict[int, None] = {}
        self._numbers = itertools.count()

    def enter(self) -> int | None:
        """A place at the end, or ``None`` where there is no room."""
        if len(self._places) >= self.at_once + self.longest:
            return None
        place = next(self._numbers)
        self._places[place] = None
        return place

    def __len__(self) -> int:
        """How many are answered or wait."""
        return len(self._places)

    def ahead(self, place: int) -> int:
        """How many have to leave before it is this place's turn."""
        return max(0, list(self._places).index(place) - self.at_once + 1)

    def leave(self, place: int) -> None:
        """Make room."""
        self._places.pop(place, None)


class Asking:
    """The endpoint: reads a question, lets it wait for its turn and streams what becomes of it."""

    def __init__(self, chat: Chat, line: WaitingLine) -> None:
        self._chat = chat
        self._line = line

    async def reply(self, request: Request) -> Response:
        """The reply to one question."""
        try:
            asked = read_question(await read_body(request, LONGEST_HANDED))
        except AssistantError as error:
            return JSONResponse({"problem": str(error)}, status_code=400)
        place = self._line.enter()
        if place is None:
            busy = {"problem": texts_for(asked.language).kept.busy}
            return JSONResponse(busy, status_code=503, headers={"Retry-After": AGAIN_SECONDS})
        # Proxies must not gather the lines before they pass them on.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._lines(asked, place), media_type="application/x-ndjson", headers=headers)

    async def _lines(self, asked: Asked, place: int) -> AsyncIterator[bytes]:
        try:
            async for waiting in self._waiting(asked, place):
                yield waiting
            async for exchange in self._answering(asked):
                yield _written(_told(exchange, asked))
        finally:
            self._line.leave(place)

    async def _waiting(self, asked: Asked, place: int) -> AsyncIterator[bytes]:
        texts = texts_for(asked.language)
        html = rendering.exchange(Exchange(asked.number, asked.question.strip()), texts)
        told = -1
        while ahead := self._line.ahead(place):
            if ahead != told:
                yield _written({"html": html, "ahead": texts.kept.ahead.format(ahead)})
                told = ahead
            await asyncio.sleep(LOOK_SECONDS)

    async def _answering(self, asked: Asked) -> AsyncIterator[Exchange]:
        """What :meth:`Chat.ask` gives, made in a thread of its own so that a reader who leaves is noticed."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[Exchange | None] = asyncio.Queue()

        def produce() -> None:
            # The loop is closed when the page's server has stopped: nobody is left to be told.
            with suppress(RuntimeError):
                for exchange in self._chat.ask(asked):
                    loop.call_soon_threadsafe(arrived.put_nowait, exchange)
                loop.call_soon_threadsafe(arrived.put_nowait, None)

        # With the number of the request, for the log.
        threading.Thread(target=copy_context().run, args=(produce,), name="question", daemon=True).start()
        try:
            while (exchange := await arrived.get()) is not None:
                yield exchange
        finally:
            self._chat.leave(asked.key)


def _told(exchange: Exchange, asked: Asked) -> dict[str, Any]:
    texts = texts_for(asked.language)
    told: dict[str, Any] = {"html": rendering.exchange(exchange, texts)}
    if not exchange.finished:
        return told
    answer = exchange.answer
    ending = Ending.DONE if exchange.problem is None else Ending.FAILED
    if exchange.problem == texts.stopped:
        ending = Ending.STOPPED
    private = answer.draft.draft.contact if answer is not None and answer.draft is not None else None
    return told | {
        "ending": ending.value,
        "problem": exchange.problem or "",
        "answer": kept_answer(answer) if answer is not None else None,
        "contact": asdict(private) if private is not None and not private.empty else None,
    }


def _written(content: dict[str, Any]) -> bytes:
    return f"{to_line(content)}\n".encode()
