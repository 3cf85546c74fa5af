"""How often one address may ask, so that nobody takes the others' turns."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.rate import Rate
from bot.settings import ServingSettings
from bot.web.desk.guard import SIGN_IN

SIGN_INS_PER_MINUTE = 30
"""Of an address, which may stand for a whole office; a password takes a tenth of a second of a processor."""
_TOLD = "您这里发来的请求太多，请一分钟后再试。 Too many requests from your address; try again in a minute."


class Throttle:
    """ASGI middleware: questions and calls of one address in a minute, counted in this process."""

    def __init__(self, app: ASGIApp, settings: ServingSettings) -> None:
        self._app = app
        self._limits = (
            ("/ask", Rate(settings.questions_per_minute)),
            ("/call/", Rate(settings.calls_per_minute)),
            ("/gradio_api/", Rate(settings.calls_per_minute)),
        )
        self._sign_ins = Rate(SIGN_INS_PER_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say to wait."""
        if scope["type"] == "http":
            caller = scope["client"][0] if scope.get("client") else ""
            if not all(rate.hit(caller) for rate in self._rates(scope)):
                reply = JSONResponse({"problem": _TOLD}, 429, headers={"Retry-After": "60"})
                await reply(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _rates(self, scope: Scope) -> Iterator[Rate]:
        if scope["method"] == "POST" and scope["path"] == SIGN_IN:
            yield self._sign_ins
        yield from (rate for beginning, rate in self._limits if scope["path"].startswith(beginning))
