"""One HTTP request: sent, read and broken off in time, with a limit on everything that comes back.

Nothing is followed, retried or kept open here. ``httpx2`` (the HTTP client of the ``openai`` package)
is used as it is, because chat completions have to be read line by line, with their end marker.
"""

from __future__ import annotations

import functools
import logging
import socket
import struct
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.llm.deadline import Deadline
from bot.llm.failures import FailureReason, ModelCallError, translated
from bot.llm.worker import Worker

if TYPE_CHECKING:
    import ssl

#: Decompressed bytes handed on at a time.
_CHUNK_BYTES = 65_536
_SHORTEST_TIMEOUT = 0.001
#: Closing drops what is still to be sent or read; a service that writes on learns of it at once.
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_LOGGERS = ("httpx2", "httpcore2")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent; neither the headers nor the body show in its ``repr``. ``shown`` may be told."""

    method: str
    url: str = field(repr=False)
    shown: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Head:
    """The status and the headers, names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)


class Exchange:
    """A request and its response. Use as a context manager; leaving breaks off what is still to come."""

    def __init__(self, request: HttpRequest, deadline: Deadline, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._socket: socket.socket | None = None
        self._worker = Worker(self._run, self._break_off, deadline)
        self._items = self._worker.items()
        self._headers: Mapping[str, str] = {}
        self._begun = False

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, *error: object) -> None:
        if isinstance(self._items, Generator):
            self._items.close()

    def head(self) -> Head:
        """Wait for the status and the headers. Raises :class:`ModelCallError`."""
        head = self._next()
        if not isinstance(head, Head):
            raise ModelCallError(FailureReason.GARBAGE, value=self._request.shown)
        self._begun = True
        self._headers = head.headers
        return head

    def chunks(self) -> Iterator[bytes]:
        """The body, decompressed. Raises :class:`ModelCallError`, also midway and past the limit."""
        decompressed = _decompressor(self._headers.get("content-encoding", ""))
        length = 0
        while (item := self._next()) is not None:
            if isinstance(item, Head):
                continue
            for chunk in decompressed(item):
                length += len(chunk)
                if length > self._limit:
                    raise ModelCallError(FailureReason.TOO_LONG, value=f"已超过 {self._limit} 字节")
                yield chunk

    def wait_at_most(self, seconds: float) -> None:
        """Nothing needed is still to come."""
        self._worker.deadline = self._worker.deadline.sooner(seconds)

    def _next(self) -> Head | bytes | None:
        try:
            return next(self._items, None)
        except Exception as error:  # the client library raises of many trees; all become ours
            failure = translated(error, self._request.shown, begun=self._begun)
        # Outside of the handler: the exception of the library holds the request, key and all.
        raise failure

    def _run(self, stopped: Callable[[], bool]) -> Iterator[Head | bytes]:
        import httpx2

        request = self._request
        timeout = max(self._worker.deadline.remaining(), _SHORTEST_TIMEOUT)
        with (
            httpx2.Client(verify=_tls_context(), timeout=timeout, follow_redirects=False) as client,
            client.stream(
                request.method,
                request.url,
                headers=dict(request.headers),
                content=request.body or None,
                extensions={"trace": self._trace},
            ) as response,
        ):
            yield Head(response.status_code, {name.lower(): value for name, value in response.headers.items()})
            for chunk in response.iter_raw():
                if stopped():
                    return
                yield chunk

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")

    def _break_off(self) -> None:
        """End a read that waits in the other thread, and tell the service that nobody reads on."""
        if self._socket is not None:
            try:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                # Of the plain socket, so that the state of TLS is not touched under the reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return


@functools.cache
def _tls_context() -> ssl.SSLContext:
    import httpx2

    for name in _LOGGERS:
        # They log addresses and headers, which may hold what is secret.
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx2.create_ssl_context()


def load_client() -> None:
    """Import the client library and read the certificates, which takes a moment the first time."""
    _tls_context()


def _decompressor(encoding: str) -> Callable[[bytes], Iterator[bytes]]:
    """``identity``, ``gzip`` and ``deflate``; none was asked for, and others are not read."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return lambda data: iter((data,))
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ModelCallError(FailureReason.GARBAGE, value="回应用了没有约定的压缩方式")
    inflating = zlib.decompressobj(zlib.MAX_WBITS if encoding == "deflate" else zlib.MAX_WBITS | 16)

    def inflated(data: bytes) -> Iterator[bytes]:
        try:
            while data and not inflating.eof:
                yield inflating.decompress(data, _CHUNK_BYTES)
                data = inflating.unconsumed_tail
        except zlib.error:
            raise ModelCallError(FailureReason.GARBAGE, value="回应的压缩数据坏了") from None

    return inflated
