"""Every request gets a number, a line in the log when it has ended, and is counted; a failed one gets a sentence."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api.access import error_object
from bot.web.edge.logs import request_id
from bot.web.edge.metrics import Metrics

_LOGGER = logging.getLogger(__name__)
#: Routes by name: an address may hold what somebody typed, and every new one would be a new series.
_ROUTE = re.compile(
    r"/(ask|call/[a-z_]{1,40}|desk|api/v1/[a-z]{1,20}|v1|mcp|docs|healthz|readyz|metrics|assets|static|gradio_api)(?=/|$)"
)
#: Of these only the names that there are.
_NAMED = ("call/", "api/v1/")
_HOME, _OTHER = "/", "other"
_UNANSWERED = 499


class Observed:
    """ASGI middleware around everything; ``named`` are the addresses counted one by one: ``call/act``."""

    def __init__(self, app: ASGIApp, metrics: Metrics, named: frozenset[str]) -> None:
        self._app, self._metrics, self._named = app, metrics, named

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

        # Also for who tells of an error within a reply, where the header has long gone.
        scope.setdefault("state", {})["request_id"] = number
        token = request_id.set(number)
        try:
            await self._app(scope, receive, noted)
        except ClientDisconnect:
            # Whoever asked has left: nothing failed, and nobody is to be told.
            pass
        except Exception:
            if status == _UNANSWERED:
                _LOGGER.error("a request failed", exc_info=True)
                await _failed(number)(scope, receive, noted)
            else:
                # The reply has begun: nobody can be told any more, and the connection ends with it.
                _LOGGER.warning("a reply broke off", exc_info=True)
        finally:
            seconds = time.perf_counter() - started
            route = route_name(scope["path"], self._named)
            self._metrics.request(route, status, seconds)
            told = {"method": scope["method"], "route": route, "status": status, "bytes": size}
            _LOGGER.info("request", extra={**told, "milliseconds": round(seconds * 1000, 1)})
            request_id.reset(token)


def route_name(path: str, named: frozenset[str]) -> str:
    """The name under which an address is counted."""
    if path == "/":
        return _HOME
    found = _ROUTE.match(path)
    known = found is not None and (not found[1].startswith(_NAMED) or found[1] in named)
    return f"/{found[1]}" if found is not None and known else _OTHER


def _failed(number: str) -> JSONResponse:
    """What whoever asked is told, as programs and as the page read it."""
    told = f"程序出错了，这不是您的问题。请再试一次；若仍然如此，请把编号 {number} 告诉工作人员"
    return JSONResponse({**error_object(told), "problem": told}, 500)
