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
    ``tool`` is sent as the arguments of the tool the request asked for, or as text where it asked for
    none; a string is sent as it is, so that broken JSON can be sent. ``cut_after`` ends the connection
    after so many characters without a finish; ``endless`` repeats the text or ``raw``; ``stall_after``
    falls silent after so many characters (after all of ``raw``) until the server is closed; ``raw`` is
    sent as the body.

    ``refuses`` names what the service does not take (``temperature``, ``max_tokens``,
    ``max_completion_tokens``, ``response_format``, ``json_schema``, ``tools``, ``system``, ``stream``);
    such a request gets ``refusal_status``, with the name in the error where ``refusal_named``.
    ``reasoning`` is sent before the text in a field of its own. ``done`` ends a stream with its marker.
    ``whole`` answers a request for a stream with one body. ``greeting`` is written to the socket
    instead of a response, after which the connection is closed.
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
    refuses: frozenset[str] = frozenset()
    refusal_status: int = 400
    refusal_named: bool = True
    reasoning: str = ""
    reasoning_field: str = "reasoning_content"
    done: bool = True
    whole: bool = False
    greeting: bytes | None = None


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
        refused = _refused(reply, request.body)
        if reply.greeting is not None:
            self.wfile.write(reply.greeting)
            self.close_connection = True
        elif refused is not None:
            message = f"Unsupported parameter: '{refused}'" if reply.refusal_named else "Bad request"
            error = json.dumps({"error": {"message": message}}).encode()
            self._whole(reply.refusal_status, error, "application/json", {})
        elif reply.raw is not None and (reply.endless or reply.stall_after is not None):
            self._unending(reply)
        elif reply.raw is not None:
            self._whole(reply.status, reply.raw, reply.content_type, reply.headers)
        elif reply.status != 200:
            error = {"error": reply.error or {"message": "scripted", "type": "scripted"}}
            self._whole(reply.status, json.dumps(error).encode(), "application/json", reply.headers)
        elif request.body.get("stream") and not reply.whole:
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
        if reply.reasoning:
            self._event(_chunk({reply.reasoning_field: reply.reasoning}))
        tool = _tool_called(reply, request)
        text = _text(reply, request) if reply.tool is None else _arguments(reply)
        for piece in _pieces(reply, text):
            if self.server.script.closing.is_set():
                return
            if reply.cut_after is not None and sent >= reply.cut_after:
                return
            if reply.stall_after is not None and sent >= reply.stall_after:
                self.server.script.closing.wait(60)
                return
            self._event(_chunk({"content": piece} if tool is None else _called(tool, piece, first=sent == 0)))
            sent += len(piece)
            if reply.piece_pause:
                time.sleep(reply.piece_pause)
        if reply.error is not None:
            self._event({"error": reply.error})
            return
        if reply.finish is not None:
            self._event(_chunk({}, "tool_calls" if tool and reply.finish == "stop" else reply.finish))
        if reply.done and reply.finish is not None:
            self.wfile.write(b"data: [DONE]\n\n")

    def _unending(self, reply: Reply) -> None:
        assert reply.raw is not None
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Connection", "close")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        for _ in range(ENDLESS_PIECES if reply.endless else 1):
            if self.server.script.closing.is_set():
                return
            self.wfile.write(reply.raw)
        self.server.script.closing.wait(60)

    def _event(self, content: Mapping[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()


def _text(reply: Reply, request: Request) -> str:
    return reply.text(request.body) if callable(reply.text) else reply.text


def _arguments(reply: Reply) -> str:
    return reply.tool if isinstance(reply.tool, str) else json.dumps(reply.tool, ensure_ascii=False)


def _tool_called(reply: Reply, request: Request) -> str | None:
    tools = request.body.get("tools")
    return str(tools[0]["function"]["name"]) if reply.tool is not None and tools else None


def _called(name: str, piece: str, *, first: bool) -> dict[str, Any]:
    head = {"id": "call-1", "type": "function"} if first else {}
    function = {"name": name, "arguments": piece} if first else {"arguments": piece}
    return {"tool_calls": [{"index": 0, **head, "function": function}]}


def _refused(reply: Reply, body: Mapping[str, Any]) -> str | None:
    """What of ``body`` the service does not take."""
    used = {name for name in ("temperature", "max_tokens", "max_completion_tokens", "response_format") if name in body}
    used |= {"tools"} & body.keys()
    used |= {str(body.get("response_format", {}).get("type"))}
    used |= {"stream"} if body.get("stream") else set()
    used |= {"system"} & {message.get("role") for message in body.get("messages", ())}
    return next(iter(sorted(reply.refuses & used)), None)


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
    if reply.reasoning:
        message[reply.reasoning_field] = reply.reasoning
    if reply.tool is not None:
        name = _tool_called(reply, request)
        if name is None:
            message["content"] = _arguments(reply)
        else:
            call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": _arguments(reply)}}
            message |= {"content": None, "tool_calls": [call]}
    finish = "tool_calls" if message.get("tool_calls") else reply.finish
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 0,
        "model": "test-model",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
