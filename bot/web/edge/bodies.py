"""How much may be sent to an address, and how slowly; what goes beyond is refused before anything reads it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Limit:
    """Bytes of a body, and how many marks that begin or part values of JSON may stand in it (``None``: any number).

    A million empty lists fit into few bytes, and hold everybody up while they are read.
    """

    size: int
    marks: int | None


#: By the beginning of an address, the first that fits. The page's own doors read to limits of their own below these;
#: the desk takes forms and files.
LIMITS = (
    ("/ask", Limit(8_000_000, 100_000)),
    ("/call/", Limit(8_000_000, 100_000)),
    ("/desk/corpus", Limit(60_000_000, None)),
    ("/desk", Limit(12_000_000, None)),
    ("/gradio_api/", Limit(100_000, 1_000)),
    ("", Limit(1_000_000, 20_000)),
)
_MARKS = (b"[", b"{", b",")
PIECE_WITHIN, WHOLE_WITHIN = 20.0, 300.0
"""Seconds for a piece of a body and for all of it: a connection that trickles is not waited for."""


class BodyRefused(HTTPException):
    """More came than was announced, or than an address takes, or it came too slowly."""


class BodyLimits:
    """ASGI middleware. A body that announces its length is refused at once, another one when it has grown too long."""

    def __init__(self, app: ASGIApp, piece_within: float = PIECE_WITHIN, whole_within: float = WHOLE_WITHIN) -> None:
        self._app, self._piece, self._whole = app, piece_within, whole_within

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next(most for beginning, most in LIMITS if scope["path"].startswith(beginning))
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit.size:
            await _refuse(_too_long(), scope, receive, send)
            return
        answered = False

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, self._counted(receive, limit), watched)
        except BodyRefused as refused:
            if not answered:
                await _refuse(refused, scope, receive, send)

    def _counted(self, receive: Receive, limit: Limit) -> Receive:
        """``receive``, which raises :class:`BodyRefused` where a body goes beyond ``limit`` or does not come."""
        taken = marks = 0
        whole = False
        loop = asyncio.get_running_loop()
        end = loop.time() + self._whole

        async def counted() -> Message:
            nonlocal taken, marks, whole
            if whole:
                # What comes now is that the visitor has left, whenever that is.
                return await receive()
            try:
                async with asyncio.timeout_at(min(end, loop.time() + self._piece)):
                    message = await receive()
            except TimeoutError:
                raise BodyRefused(408, "发来的内容没有发完") from None
            piece = message.get("body", b"")
            taken += len(piece)
            marks += sum(map(piece.count, _MARKS)) if limit.marks is not None else 0
            if taken > limit.size or marks > (limit.marks or 0):
                raise _too_long()
            whole = not message.get("more_body", False)
            return message

        return counted


def _too_long() -> BodyRefused:
    return BodyRefused(413, "发来的内容太长")


async def _refuse(refused: BodyRefused, scope: Scope, receive: Receive, send: Send) -> None:
    response = PlainTextResponse(refused.detail, refused.status_code, headers={"Connection": "close"})
    await response(scope, receive, send)
