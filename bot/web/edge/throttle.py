"""How often one address may ask, so that nobody takes the others' turns."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.rate import Rate
from bot.api.refusals import is_for_programs, refusal
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
        # Of an office with several programs: each key has a limit of its own behind this one.
        self._programs = Rate(settings.calls_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say to wait."""
        if scope["type"] == "http":
            caller = scope["client"][0] if scope.get("client") else ""
            spent = next((rate for rate in self._rates(scope) if not rate.hit(caller)), None)
            if spent is not None:
                await _told(scope["path"], max(1, spent.seconds_left(caller)))(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _rates(self, scope: Scope) -> Iterator[Rate]:
        if scope["method"] == "POST" and scope["path"] == SIGN_IN:
            yield self._sign_ins
        if is_for_programs(scope["path"]):
            yield self._programs
        yield from (rate for beginning, rate in self._limits if scope["path"].startswith(beginning))


def _told(path: str, seconds: int) -> JSONResponse:
    headers = {"Retry-After": str(seconds)}
    if is_for_programs(path):
        return refusal(429, f"您这个地址发来的请求太多：请 {seconds} 秒后再试", headers=headers)
    return JSONResponse({"problem": _TOLD}, 429, headers)
