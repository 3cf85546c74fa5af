"""Which addresses there are, which host names they are asked by, and who may send something to them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

#: What the site answers; of Gradio only what its client asks for when it draws and follows the page. Its routes for
#: files, uploads, components and its own interface are shut.
_ADDRESSES = re.compile(
    r"/(?:ask|call/[a-z_]{1,40}|desk(?:/.{0,2000})?|api/v1/.{1,2000}|v1/.{1,200}|mcp|docs|openapi\.json"
    r"|healthz|readyz|metrics"
    r"|theme\.css|favicon\.ico|manifest\.json|pwa_icon(?:/\d{1,4})?|(?:assets|static)/[\w./-]{1,200}"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/\w{1,40}|startup-events|app_id))?",
)
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: What a socket is told: nothing here speaks with one (RFC 6455, 7.4.1).
_NOT_HERE = 1008
#: Whom Gradio's stream of events is for: a page that joined, by the name it made for itself.
_EVENTS, _SESSION = "/gradio_api/queue/data", re.compile(rb"session_hash=[a-z0-9]{6,20}")
#: Other programs prove themselves with a key, which no browser sends along by itself.
_BY_KEY = ("/api/", "/v1/", "/mcp")


class Doors:
    """ASGI middleware: refuses addresses there are not, and what another site has a visitor's browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": _NOT_HERE})
            return
        nobody = scope["path"] == _EVENTS and _SESSION.fullmatch(scope.get("query_string", b"")) is None
        if nobody or _ADDRESSES.fullmatch(scope["path"]) is None:
            await PlainTextResponse("没有这个地址", 404)(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] in _CHANGING and not scope["path"].startswith(_BY_KEY) and _from_elsewhere(headers):
            await PlainTextResponse("只接受从本站页面发出的请求", 403)(scope, receive, send)
            return
        await self._app(_without_forwarded_host(scope), receive, send)


def _from_elsewhere(headers: Headers) -> bool:
    """Whether a page of another site sent this; programs send neither of the two headers."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc != headers.get("host")
    return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _without_forwarded_host(scope: Scope) -> Scope:
    """``scope`` without the header by which anybody could have Gradio write another address into the page."""
    kept = [pair for pair in scope["headers"] if pair[0] != b"x-forwarded-host"]
    return scope if len(kept) == len(scope["headers"]) else {**scope, "headers": kept}
