"""A real HTTP server on loopback that speaks the OpenAI embeddings protocol."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import numpy as np


def character_vector(text: str, dimension: int) -> list[float]:
    """Counts of characters by code: equal texts have equal vectors, like texts like ones."""
    vector = np.full(dimension, 0.01)
    for character in text:
        vector[ord(character) % dimension] += 1.0
    return [float(value) for value in vector]


@dataclass
class EmbeddingsServer:
    """A context manager; ``base_url`` ends in /v1.

    ``failures`` are status codes given before any answer; ``dimension`` is the length of the vectors, or a
    function of the number of the request; ``answer`` replaces the body of an answer.
    """

    dimension: int | Callable[[int], int] = 24
    failures: list[int] = field(default_factory=list)
    key: str = ""
    pause: threading.Event | None = None
    answer: Callable[[list[str]], Any] | None = None
    requests: list[list[str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> EmbeddingsServer:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append(list(body["input"]))
                if server.pause is not None:
                    server.closing.wait(20)
                if server.failures:
                    self._send(server.failures.pop(0), {"error": {"message": f"no ({self.headers['Authorization']})"}})
                elif server.key and self.headers["Authorization"] != f"Bearer {server.key}":
                    self._send(401, {"error": {"message": "wrong key"}})
                else:
                    self._send(200, server.content(body["input"]))

            def _send(self, status: int, content: Any) -> None:
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def content(self, texts: list[str]) -> Any:
        if self.answer is not None:
            return self.answer(texts)
        size = self.dimension(len(self.requests)) if callable(self.dimension) else self.dimension
        data = [
            {"object": "embedding", "index": place, "embedding": character_vector(text, size)}
            for place, text in enumerate(texts)
        ]
        return {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
