"""One question put to a service: asked again without what the service refuses, read to its end.

A call makes one request, or a few where the service refuses parts of it; what worked is remembered.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from bot.llm.body import BodyReader, Payload
from bot.llm.capabilities import CapabilityRecord, Refusal, Way, refusal_of, without_refused
from bot.llm.deadline import Deadline
from bot.llm.failures import FailureReason, ModelCallError, retry_seconds
from bot.llm.replies import Delta, ReplyReader, error_in
from bot.llm.requests import Question, request_body
from bot.llm.transport import Exchange, Head, HttpRequest

#: Requests of one call, the first included.
MOST_REQUESTS = 10
#: Longest reply kept, thoughts included; a Chinese character is about one token.
MAX_CHARACTERS_PER_TOKEN = 8
#: A piece of a stream wraps each token in its own object.
MAX_BYTES_PER_TOKEN = 2_048
_BYTES_BESIDES = 1_000_000
_ERROR_BYTES = 65_536
_MOST_HOPS = 3
#: Once a reply is finished, its end marker is not waited for any longer.
_END_SECONDS = 1.0
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a service is and how to be let in; the headers do not show in its ``repr``."""

    url: str = field(repr=False)
    shown: str
    headers: Mapping[str, str] = field(repr=False)
    model: str
    max_tokens: int


class Conversation:
    """Puts one :class:`Question`; made for one reply."""

    def __init__(
        self, endpoint: Endpoint, record: CapabilityRecord, question: Question, deadline: Deadline, way: Way | None
    ) -> None:
        self._endpoint = endpoint
        self._record = record
        self.question = question
        self._deadline = deadline
        self._before = record.current
        self._known = replace(self._before, way=way or self._before.way or Way.TOOL)
        self._reply = ReplyReader()

    @property
    def way(self) -> Way:
        """How the last request asked for a record."""
        return self._known.way or Way.TOOL

    def deltas(self) -> Generator[Delta, None, None]:
        """The reply as it comes. Raises :class:`ModelCallError` also midway, and where it is not whole."""
        for made in itertools.count(1):
            with ExitStack() as stack:
                opened = self._open(stack)
                if not isinstance(opened, Refusal):
                    yield from self._read(*opened)
                    return
            less = without_refused(self._known, opened, structured=self.question.structured)
            if less is None or made == MOST_REQUESTS:
                raise opened.failure(self._endpoint.shown)
            self._known = less

    def _open(self, stack: ExitStack) -> Refusal | tuple[Exchange, BodyReader, Iterator[Payload]]:
        """Send the request; its response is open until ``stack`` is left."""
        endpoint = self._endpoint
        body = request_body(self.question, endpoint.model, endpoint.max_tokens, self._known)
        request = HttpRequest(
            "POST",
            endpoint.url,
            endpoint.shown,
            {**endpoint.headers, "content-type": "application/json"},
            json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        )
        limit = endpoint.max_tokens * MAX_BYTES_PER_TOKEN + _BYTES_BESIDES
        exchange, head = sent(stack, request, self._deadline, limit)
        if not 200 <= head.status < 300:
            return refused(exchange, head)
        body_reader = BodyReader(exchange.chunks())
        payloads = body_reader.payloads()
        first = next(payloads, None)
        if first is None:
            return exchange, body_reader, iter(())
        error = error_in(first)
        if error is not None:
            # Some gateways answer 200 and tell the error in the body.
            return refusal_of(_status_in(error), json.dumps(error))
        return exchange, body_reader, itertools.chain((first,), payloads)

    def _read(self, exchange: Exchange, body: BodyReader, payloads: Iterator[Payload]) -> Iterator[Delta]:
        length, limit = 0, self._endpoint.max_tokens * MAX_CHARACTERS_PER_TOKEN
        for payload in self._until_finished(payloads):
            if error_in(payload) is not None:
                raise ModelCallError(FailureReason.SERVER_ERROR, value=self._endpoint.shown)
            delta = self._reply.take(payload)
            if self._reply.seen:
                self._remember()
            if self._reply.finished:
                exchange.wait_at_most(_END_SECONDS)
            length += len(delta.text) + len(delta.arguments)
            if length > limit:
                raise ModelCallError(FailureReason.TOO_LONG, value=f"已超过 {limit} 字")
            yield delta
        reason = self._reply.failure(ended=body.ended)
        if reason is not None:
            raise ModelCallError(reason, value=self._endpoint.shown)

    def _until_finished(self, payloads: Iterator[Payload]) -> Iterator[Payload]:
        """``payloads``; one that is finished but for its end marker may break off."""
        try:
            yield from payloads
        except ModelCallError as error:
            if not self._reply.finished or error.reason not in (FailureReason.CUT, FailureReason.TIMEOUT):
                raise

    def _remember(self) -> None:
        """The request was accepted. Which way gives records is known only once one is read."""
        accepted = replace(self._known, way=self._before.way)
        if accepted != self._before:
            self._record.learn(self._before, accepted)
            self._before = accepted


def sent(stack: ExitStack, request: HttpRequest, deadline: Deadline, limit: int) -> tuple[Exchange, Head]:
    """The response to ``request``, redirects within its own host followed; open until ``stack`` is left.

    Raises :class:`ModelCallError`: ``REDIRECTED`` for a way to anywhere else, which the key is not sent to.
    """
    for _ in range(_MOST_HOPS + 1):
        if deadline.passed:
            break
        exchange = stack.enter_context(Exchange(request, deadline, limit))
        head = exchange.head()
        if not (300 <= head.status < 400 and "location" in head.headers):
            return exchange, head
        target = _same_host(request.url, head.headers["location"])
        if target is None:
            raise ModelCallError(FailureReason.REDIRECTED, value=request.shown, tried=f"HTTP {head.status}")
        request = replace(request, url=target)
    reason = FailureReason.TIMEOUT if deadline.passed else FailureReason.REDIRECTED
    raise ModelCallError(reason, value=request.shown)


def refused(exchange: Exchange, head: Head) -> Refusal:
    """What an error response tells; a body that cannot be read tells nothing."""
    content = b""
    try:
        for chunk in exchange.chunks():
            content += chunk
            if len(content) > _ERROR_BYTES:
                break
    except ModelCallError as error:
        if error.reason is FailureReason.TIMEOUT:
            raise
    text = content[:_ERROR_BYTES].decode("utf-8", "replace")
    return refusal_of(head.status, text, retry_seconds(head.headers.get("retry-after", "")))


def _status_in(error: Any) -> int:
    code = error.get("code", error.get("status")) if isinstance(error, Mapping) else None
    status = int(code) if isinstance(code, int | str) and str(code).isdecimal() else 0
    return status if 400 <= status < 600 else 500


def _same_host(url: str, location: str) -> str | None:
    """Where a redirect leads if that is the same host, over TLS if it was before; None otherwise."""
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, location))
        ports = _port(here), _port(there)
    except ValueError:
        return None
    upgraded = (here.scheme, there.scheme) == ("http", "https")
    if here.hostname != there.hostname or not (upgraded or (here.scheme == there.scheme and ports[0] == ports[1])):
        return None
    return urlunsplit((there.scheme, there.netloc.rpartition("@")[2], there.path, there.query, ""))


def _port(parts: SplitResult) -> int | None:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme)


def listed_models(endpoint: Endpoint, deadline: Deadline, keep: Callable[[str], bool]) -> tuple[str, ...]:
    """The names that ``endpoint``, the address of a list of models, gives. Raises :class:`ModelCallError`."""
    request = HttpRequest("GET", endpoint.url, endpoint.shown, endpoint.headers)
    with ExitStack() as stack:
        exchange, head = sent(stack, request, deadline, _BYTES_BESIDES)
        if head.status != 200:
            raise refused(exchange, head).failure(endpoint.shown)
        listed = next(BodyReader(exchange.chunks()).payloads(), {}).get("data")
    names = (entry.get("id") for entry in (listed if isinstance(listed, list) else ()) if isinstance(entry, Mapping))
    return tuple(name for name in names if isinstance(name, str) and keep(name))
