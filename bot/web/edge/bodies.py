"""How much may be sent to an address; what is longer is refused before anything reads it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes by the beginning of an address, the first that fits. The page's own doors read to limits of their own below
#: these; the desk takes files.
LIMITS = (
    ("/ask", 8_000_000),
    ("/call/", 8_000_000),
    ("/desk/corpus", 60_000_000),
    ("/desk", 12_000_000),
    ("/gradio_api/", 100_000),
    ("", 1_000_000),
)


class BodyTooLong(Exception):
    """More came than was announced, or than an address takes."""


class BodyLimits:
    """ASGI middleware. A body that announces its length is refused at once, another one when it has grown too long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next(most for beginning, most in LIMITS if scope["path"].startswith(beginning))
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await _refuse(scope, receive, send)
            return
        taken, answered = 0, False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise BodyTooLong
            return message

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except BodyTooLong:
            if not answered:
                await _refuse(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("发来的内容太长", 413, headers={"Connection": "close"})(scope, receive, send)
