"""How often one address may ask, so that nobody takes the others' turns."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.rate import Rate
from bot.settings import ServingSettings

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say to wait."""
        if scope["type"] == "http":
            caller = scope["client"][0] if scope.get("client") else ""
            for beginning, rate in self._limits:
                if scope["path"].startswith(beginning) and not rate.hit(caller):
                    reply = JSONResponse({"problem": _TOLD}, 429, headers={"Retry-After": "60"})
                    await reply(scope, receive, send)
                    return
        await self._app(scope, receive, send)
