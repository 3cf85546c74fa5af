"""How long a connection may take to say what it wants, how much it may say before that, and when it has to go."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 20.0
"""Seconds for the line and the headers of a request, and for a connection that says nothing."""

_ONLY_LISTENS = ("/gradio_api/heartbeat/", "/gradio_api/queue/data")
"""Streams that an open page holds without having asked for anything; they end with the page, not by themselves."""


class PatientConnection(H11Protocol):
    """uvicorn's connection on h11, which refuses headers of more than 64 KiB beyond one reading of the network.

    Who does not end them is let go, and at a stop who only listens; an answer in flight is finished.
    """

    def __init__(self, *given: Any, head_within: float = HEAD_WITHIN, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_within = head_within
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; wait anew where the next request has begun and not ended."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._no_longer_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing."""
        self._no_longer_wait()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Take no more requests; an answer in flight is finished first, a stream that has none is left."""
        super().shutdown()
        if self.cycle is not None and self.cycle.scope["path"].startswith(_ONLY_LISTENS):
            self.transport.close()

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self._head_within, self._let_go)

    def _no_longer_wait(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _let_go(self) -> None:
        self._waiting = None
        if self.conn.their_state is h11.IDLE:
            self.transport.close()
