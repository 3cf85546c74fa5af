"""Headers that keep a browser from doing what a page of ours never asks for.

The content policy allows scripts from this host and those that our own server wrote into a page, by their hash.
Gradio's client makes functions of strings, so the public page needs ``unsafe-eval``, and writes styles into elements;
the desk needs neither and gets neither. Sources: https://www.w3.org/TR/CSP3/ and
https://owasp.org/www-project-secure-headers/.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPENING = re.compile(rb"<script(?![^>]{0,400}\ssrc=)[^>]{0,400}>")
_CLOSING = b"</script>"
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """ASGI middleware; ``strict`` are the beginnings of addresses without any script, ``embedding`` who may frame.

    ``head`` is markup whose scripts the page's client puts into the page later.
    """

    def __init__(
        self, app: ASGIApp, strict: tuple[str, ...] = (), embedding: tuple[str, ...] = (), head: str = ""
    ) -> None:
        self._app, self._strict = app, strict
        self._later = script_hashes(head.encode())
        self._ancestors = " ".join(("'self'", *embedding))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and put the headers on its reply."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        strict = scope["path"].startswith(self._strict) if self._strict else False
        held: list[Message] = []

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                # A page's scripts are known when its body is.
                if is_page(message) and not strict:
                    held.append(message)
                    return
                self._put_on(message, strict, b"")
            elif held:
                start = held.pop()
                self._put_on(start, strict, message.get("body", b""))
                await send(start)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _put_on(self, start: Message, strict: bool, body: bytes) -> None:
        headers = MutableHeaders(raw=start["headers"])
        for name, value in _EVERYWHERE.items():
            headers.setdefault(name, value)
        if strict:
            headers["Content-Security-Policy"] = (
                "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'"
            )
        elif is_page(start):
            headers["Content-Security-Policy"] = page_policy((*self._later, *script_hashes(body)), self._ancestors)
        else:
            headers.setdefault("Content-Security-Policy", _NOTHING_ELSE)


def script_hashes(body: bytes) -> list[str]:
    """The sources that allow the scripts written into a page, in order of appearance."""
    scripts: dict[bytes, None] = {}
    opening = _OPENING.search(body)
    while opening is not None:
        end = body.find(_CLOSING, opening.end())
        if end < 0:
            break
        script = body[opening.end() : end]
        if script.strip():
            scripts[script] = None
        opening = _OPENING.search(body, end)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts]


def page_policy(scripts: Iterable[str], ancestors: str = "'self'") -> str:
    """The content policy of a page with ``scripts`` of our own."""
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-eval' {' '.join(scripts)}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
        f"form-action 'self'; frame-ancestors {ancestors}"
    )


def is_page(start: Message) -> bool:
    """Whether a reply that starts so is HTML."""
    kind = dict(start["headers"]).get(b"content-type", b"")
    return bool(kind.startswith(b"text/html"))
