"""How replies travel: text packed, the page asked for anew but sent only when it changed, hashed files kept.

What comes in pieces (an answer as it grows, events) passes as it is: packing would hold it back.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST_PACKED = 1000
"""Bytes; a smaller text gains nothing."""

FOREVER = "public, max-age=31536000, immutable"
"""For a file whose address changes with what it holds."""

_PACKED_TYPES = ("text/html", "text/css", "text/javascript", "text/plain", "application/json", "image/svg+xml")
_HASHED = re.compile(r"^/(?:assets/[^/?]{1,80}-[\w-]{8,12}\.(?:js|css|woff2|svg|png)|theme\.css\?v=[0-9a-f]{64})$")
_PACKED_PAGES = 8


class Delivery:
    """ASGI middleware around a whole site.

    ``private`` are the beginnings of addresses that are left alone: pages that hold a secret beside words somebody
    else chose must not be packed, or its length tells the secret (BREACH).
    """

    def __init__(self, app: ASGIApp, private: tuple[str, ...] = ()) -> None:
        self._app = app
        self._private = private

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._private):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Delivered(scope, send))


class _Delivered:
    """Holds the head of a reply back until it is known whether all of its body comes in one piece."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._method: str = scope["method"]
        query: bytes = scope["query_string"]
        self._path: str = scope["path"] if not query else f"{scope['path']}?{query.decode('latin-1')}"
        asked = Headers(scope=scope)
        self._takes_packed = "gzip" in asked.get("accept-encoding", "")
        self._known = asked.get("if-none-match", "")
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            start, self._start = self._start, None
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                message = self._whole(start, message)
            elif self._is_hashed(start):
                MutableHeaders(raw=start["headers"])["Cache-Control"] = FOREVER
            await self._send(start)
            await self._send(message)

    def _is_hashed(self, start: Message) -> bool:
        return start["status"] == 200 and _HASHED.match(self._path) is not None

    def _whole(self, start: Message, message: Message) -> Message:
        """A reply that came in one piece, with the headers in ``start`` changed to match."""
        headers = MutableHeaders(raw=start["headers"])
        body: bytes = message.get("body", b"")
        if self._is_hashed(start):
            headers["Cache-Control"] = FOREVER
        kind = headers.get("content-type", "").partition(";")[0]
        if kind not in _PACKED_TYPES or "content-encoding" in headers or start["status"] != 200:
            return message
        if self._method == "GET" and kind == "text/html":
            mark = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers["ETag"], headers["Cache-Control"] = mark, "no-cache"
            if mark in self._known:
                start["status"] = 304
                del headers["content-length"]
                return {**message, "body": b""}
        headers.add_vary_header("Accept-Encoding")
        if not self._takes_packed or len(body) < SMALLEST_PACKED:
            return message
        packed = _packed_page(body) if self._method == "GET" else gzip.compress(body, 5, mtime=0)
        headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(packed))
        return {**message, "body": packed}


@lru_cache(maxsize=_PACKED_PAGES)
def _packed_page(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
