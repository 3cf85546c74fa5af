"""The document that a browser gets first: Gradio's, speaking of this service, and of what is lost on the way.

Gradio's document tells of Gradio where a link to it is shown, and stays blank for good when one of the thirty files
it asks for does not come. The marks in it that are looked for here are those of Gradio 6.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.edge.headers import is_page
from bot.web.markup import Html, join, tag, text
from bot.web.texts import CHINESE, ENGLISH, Texts

_STATIC = Path(__file__).resolve().parent / "static"
_APP = b"<gradio-app"
_LANGUAGE = re.compile(rb'(<html\s[^>]{0,200}?lang=")en"')
_PREVIEW = re.compile(rb'<meta\s{1,20}(?:property="og:|name="twitter:)[^>]{0,2000}>\s*')
_CHARSET, _BODY = re.compile(rb'<meta charset="utf-8"[^>]{0,10}>'), re.compile(rb"<body[^>]{0,500}>")
_LANGUAGES = (CHINESE, ENGLISH)


class OwnDocument:
    """ASGI middleware inside those that look at the body: Gradio's page gets the words of this service.

    ``name`` and ``purpose`` are the service's, in plain text.
    """

    def __init__(self, app: ASGIApp, name: str, purpose: str) -> None:
        self._app, self._name, self._purpose = app, name, purpose

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a reply in several pieces, or that is no page, stays as it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start" and is_page(message):
                held.append(message)
                return
            if held:
                start = held.pop()
                if message["type"] == "http.response.body" and not message.get("more_body", False):
                    body = own_document(message.get("body", b""), self._name, self._purpose)
                    headers = MutableHeaders(raw=start["headers"])
                    if "content-length" in headers and scope.get("method") != "HEAD":
                        headers["content-length"] = str(len(body))
                    message = {**message, "body": body}
                await send(start)
            await send(message)

        await self._app(scope, receive, changed)


def own_document(page: bytes, name: str, purpose: str) -> bytes:
    """Gradio's document ``page`` in Chinese, with what a link to it tells; another page comes back as it is."""
    if _APP not in page:
        return page
    head, end, rest = page.partition(b"</head>")
    head = _LANGUAGE.sub(rb'\1zh-CN"', _PREVIEW.sub(b"", head), count=1)
    told = (
        tag("meta", name="description", content=purpose),
        tag("meta", property="og:title", content=name),
        tag("meta", property="og:description", content=purpose),
        _written("style", "arriving.css"),
        _written("script", "arriving.js"),
    )
    head = _after(_CHARSET, head, join(told))
    return head + end + _after(_BODY, rest, _note())


def _after(mark: re.Pattern[bytes], page: bytes, added: Html) -> bytes:
    return mark.sub(lambda found: found[0] + added.encode(), page, count=1)


@lru_cache
def _written(element: str, name: str) -> Html:
    """A file of the page, in the document itself."""
    return Html(f"<{element}>{(_STATIC / name).read_text('utf-8')}</{element}>")


@lru_cache
def _note() -> Html:
    """What is shown until the page stands; the script says which part."""

    def said(words: str, texts: Texts, part: str | None = None) -> Html:
        return tag("p", text(words), lang=texts.language.value, data_part=part, hidden=part is not None)

    again = " · ".join(texts.arriving.again for texts in _LANGUAGES)
    note = tag(
        "div",
        *(said(texts.arriving.opening, texts, "opening") for texts in _LANGUAGES),
        *(said(texts.arriving.lost, texts, "lost") for texts in _LANGUAGES),
        tag("div", tag("button", text(again), type="button"), data_part="lost", hidden=True),
        id="arriving",
        role="status",
        hidden=True,
    )
    return join((tag("noscript", *(said(texts.arriving.needs_scripts, texts) for texts in _LANGUAGES)), note))
