"""Every request gets a number, a line in the log when it has ended, and is counted."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.edge.logs import request_id
from bot.web.edge.metrics import Metrics

_LOGGER = logging.getLogger(__name__)
#: Routes by name: an address may hold what somebody typed, and every new one would be a new series.
_ROUTE = re.compile(
    r"/(ask|call/[a-z_]{1,40}|desk|api/v1/[a-z]{1,20}|v1|mcp|docs|healthz|readyz|metrics|assets|static|gradio_api)(?=/|$)"
)
_HOME, _OTHER = "/", "other"
_UNANSWERED = 499


class Observed:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(6)
        status, size, started = _UNANSWERED, 0, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])["X-Request-ID"] = number
            else:
                size += len(message.get("body", b""))
            await send(message)

        token = request_id.set(number)
        try:
            await self._app(scope, receive, noted)
        except Exception:
            if status == _UNANSWERED:
                status = 500
                raise
            # The reply has begun: nobody can be told any more, and the connection ends with it.
            _LOGGER.warning("a reply broke off", exc_info=True)
        finally:
            seconds = time.perf_counter() - started
            route = route_name(scope["path"])
            self._metrics.request(route, status, seconds)
            told = {"method": scope["method"], "route": route, "status": status, "bytes": size}
            _LOGGER.info("request", extra={**told, "milliseconds": round(seconds * 1000, 1)})
            request_id.reset(token)


def route_name(path: str) -> str:
    """The name under which an address is counted."""
    if path == "/":
        return _HOME
    found = _ROUTE.match(path)
    return f"/{found[1]}" if found is not None else _OTHER
