"""A real HTTP server on loopback that speaks the OpenAI chat-completions protocol, scripted per case.

``OpenAIServer(Reply(...), ...)`` answers the first request with the first reply and so on; the last
one is repeated. Requests are recorded with their headers and bodies.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

#: A stream that never stops does stop when the client went away, or after this many pieces.
ENDLESS_PIECES = 200_000


@dataclass(frozen=True)
class Reply:
    """What one request gets.

    ``text`` may be a function of the request body. ``pieces`` cuts it for streaming (characters each).
    ``tool`` is sent as the arguments of the tool the request asked for; a string is sent as it is, so
    that broken JSON can be sent. ``cut_after`` ends the connection after so many characters without a
    finish; ``endless`` repeats the text; ``stall_after`` falls silent after so many characters until
    the server is closed; ``raw`` is sent as the body.
    """

    text: str | Callable[[Mapping[str, Any]], str] = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: int = 7
    finish: str | None = "stop"
    tool: Mapping[str, Any] | str | None = None
    cut_after: int | None = None
    stall_after: int | None = None
    piece_pause: float = 0.0
    pause: float = 0.0
    endless: bool = False
    raw: bytes | None = None
    content_type: str = "text/event-stream"
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        """All message texts, joined."""
        return "\n".join(str(message.get("content")) for message in self.body.get("messages", ()))


class OpenAIServer:
    """A context manager; ``base_url`` ends in /v1."""

    def __init__(self, *replies: Reply, models: tuple[str, ...] = ("test-model",)) -> None:
        self.replies = list(replies) or [Reply("好")]
        self.models = models
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._server = _Listener(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def chats(self) -> list[Request]:
        """The chat requests, without other paths."""
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    def next_reply(self, request: Request) -> Reply:
        with self.lock:
            self.requests.append(request)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: OpenAIServer) -> None:
        self.script = script
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up is what half of the scripts are about; nothing to print."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_GET(self) -> None:
        with self.server.script.lock:
            self.server.script.requests.append(
                Request(self.path, {name.lower(): value for name, value in self.headers.items()}, {})
            )
        listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.script.models]}
        self._whole(200, json.dumps(listed).encode(), "application/json", {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = json.loads(self.rfile.read(length) or b"{}")
        request = Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        reply = self.server.script.next_reply(request)
        try:
            self._answer(reply, request)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _answer(self, reply: Reply, request: Request) -> None:
        if reply.pause:
            self.server.script.closing.wait(reply.pause)
        if reply.raw is not None:
            self._whole(reply.status, reply.raw, reply.content_type, reply.headers)
        elif reply.status != 200:
            error = {"error": reply.error or {"message": "scripted", "type": "scripted"}}
            self._whole(reply.status, json.dumps(error).encode(), "application/json", reply.headers)
        elif request.body.get("stream"):
            self._stream(reply, request)
        else:
            self._whole(200, json.dumps(_completion(reply, request)).encode(), "application/json", reply.headers)

    def _whole(self, status: int, content: bytes, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, reply: Reply, request: Request) -> None:
        self.send_response(200)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        sent = 0
        for piece in _pieces(reply, _text(reply, request)):
            if self.server.script.closing.is_set():
                return
            if reply.cut_after is not None and sent >= reply.cut_after:
                return
            if reply.stall_after is not None and sent >= reply.stall_after:
                self.server.script.closing.wait(60)
                return
            self._event(_chunk({"content": piece}))
            sent += len(piece)
            if reply.piece_pause:
                time.sleep(reply.piece_pause)
        if reply.error is not None:
            self._event({"error": reply.error})
            return
        if reply.finish is not None:
            self._event(_chunk({}, reply.finish))
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, content: Mapping[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()


def _text(reply: Reply, request: Request) -> str:
    return reply.text(request.body) if callable(reply.text) else reply.text


def _pieces(reply: Reply, text: str) -> Any:
    rounds = ENDLESS_PIECES if reply.endless else 1
    for _ in range(rounds):
        for start in range(0, len(text), reply.pieces):
            yield text[start : start + reply.pieces]


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "test-model",
        "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
    }


def _completion(reply: Reply, request: Request) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": _text(reply, request)}
    if reply.tool is not None:
        arguments = reply.tool if isinstance(reply.tool, str) else json.dumps(reply.tool, ensure_ascii=False)
        tools = request.body.get("tools")
        if tools:
            name = tools[0]["function"]["name"]
            call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": arguments}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        else:
            message = {"role": "assistant", "content": arguments}
    finish = "tool_calls" if message.get("tool_calls") else reply.finish
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 0,
        "model": "test-model",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
