"""Who comes through: a key in force, or anybody where that is allowed, so many times a minute."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.access import ApiKey, bare_key
from bot.api.rate import Rate
from bot.api.refusals import is_for_programs, refusal, refused
from bot.errors import AssistantError


class Gate:
    """ASGI middleware: what is for programs is passed on to holders of a key (or any caller where ``public``).

    Nothing of a body is read here, and nothing behind reads it before its sender was let through.
    """

    def __init__(self, app: ASGIApp, holder: Callable[[str], ApiKey | None], *, public: bool, per_minute: int) -> None:
        self._app, self._holder, self._public = app, holder, public
        self._rate = Rate(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or answer it with the refusal."""
        if scope["type"] == "http" and is_for_programs(scope["path"]):
            headers = Headers(scope=scope)
            address = scope["client"][0] if scope.get("client") else ""
            key = bare_key(headers.get("x-api-key", "") or headers.get("authorization", ""))
            turned_away = await run_in_threadpool(self._turned_away, address, key)
            if turned_away is not None:
                await turned_away(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _turned_away(self, address: str, key: str) -> JSONResponse | None:
        """The refusal of a caller; ``None`` where it is let through."""
        try:
            holder = self._holder(key) if key else None
        except AssistantError as error:
            return refused(error)
        if holder is None and (key or not self._public):
            # Guessing is slowed like calling, and for its own address alone: a right key behind it still opens.
            return self._too_often(f"guess:{address}") or refusal(401, headers={"WWW-Authenticate": "Bearer"})
        return self._too_often(f"key:{holder.id}" if holder else f"address:{address}")

    def _too_often(self, caller: str) -> JSONResponse | None:
        if self._rate.hit(caller):
            return None
        seconds = max(1, self._rate.seconds_left(caller))
        told = f"每分钟最多 {self._rate.most:,} 次：请 {seconds} 秒后再试"
        return refusal(429, told, headers={"Retry-After": str(seconds)})
