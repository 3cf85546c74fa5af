"""What another program is told when it gets nothing: JSON of one shape, whichever layer refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import AssistantError, ModelServiceError, SearchIndexError, StoreError

#: The addresses for other programs.
BEGINNINGS = ("/api", "/v1", "/mcp")
#: Bytes of one body, and the marks ``[``, ``{`` and ``,`` that may stand in it; :mod:`bot.web.edge` holds to them.
LARGEST_BODY, MOST_MARKS = 1_000_000, 20_000
#: When to come again where something is missing here; as long as an answer takes.
AGAIN_SECONDS = "5"
_INVALID, _SERVER = "invalid_request_error", "server_error"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a status means: ``type`` and ``code`` for programs, ``told`` with its remedy for people.

    A layer that knows better says so itself, unless the sentence is ``fixed``.
    """

    type: str
    code: str
    told: str
    fixed: bool = False


KINDS: Mapping[int, Kind] = {
    400: Kind(_INVALID, "invalid_request", "请求有误：请核对主机名（服务器上 [serving] hosts 列着能用的）和请求的格式"),
    401: Kind(
        "authentication_error",
        "invalid_api_key",
        "缺少密钥或密钥不对：在 Authorization: Bearer 或 X-API-Key 中给出 bot key add 发的密钥",
    ),
    404: Kind(_INVALID, "not_found", "没有这个地址：有哪些地址、各要什么，见 /docs", fixed=True),
    405: Kind(_INVALID, "method_not_allowed", "这个地址不接受这种方法：请改用 Allow 里列出的，见 /docs", fixed=True),
    408: Kind(_INVALID, "request_timeout", "发来的内容没有按时发完：请一次发完，中间不要停", fixed=True),
    413: Kind(
        _INVALID,
        "too_large",
        f"发来的内容太长：一次最多 {LARGEST_BODY:,} 字节，其中“[”“{{”“,”合计不超过 {MOST_MARKS:,} 个；请分几次发",
        fixed=True,
    ),
    415: Kind(
        _INVALID,
        "unsupported_media_type",
        "只收 JSON：请把内容写成一个 JSON 对象，并带上 Content-Type: application/json",
    ),
    422: Kind(_INVALID, "invalid_request", "请求的内容不合要求：各地址要什么，见 /docs"),
    429: Kind("rate_limit_error", "rate_limit_exceeded", "请求太多：请等 Retry-After 所说的秒数再试"),
    500: Kind(_SERVER, "internal_error", "程序出错了，这不是您的问题：请再试一次，还不行就把编号告诉工作人员"),
    503: Kind(_SERVER, "unavailable", "现在答不了：请等 Retry-After 所说的秒数再试，还不行就告诉工作人员"),
}


def kind_of(status: int) -> Kind:
    """What ``status`` means; of one that is not listed, what its class means."""
    return KINDS.get(status) or KINDS[500 if status >= 500 else 400]


def refusal(
    status: int,
    told: str = "",
    *,
    code: str = "",
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A refusal; what is not given is what ``status`` means. Its number is put in by :class:`ErrorsAsJson`."""
    return JSONResponse(_content(status, told, code, param), status, headers)


def refused(error: AssistantError) -> JSONResponse:
    """``error`` for whoever called."""
    return refusal(_status(error), error.public)


def refused_content(error: AssistantError, request_id: str) -> dict[str, Any]:
    """The same as an object with the request's number, for a reply that has begun."""
    content = _content(_status(error), error.public)
    return {"error": {**content["error"], "request_id": request_id}}


def _status(error: AssistantError) -> int:
    """503 where something is missing here, else 400."""
    return 503 if isinstance(error, SearchIndexError | ModelServiceError | StoreError) else 400


def _content(status: int, told: str, code: str = "", param: str | None = None) -> dict[str, Any]:
    kind = kind_of(status)
    return {"error": {"message": told or kind.told, "type": kind.type, "param": param, "code": code or kind.code}}


def is_for_programs(path: str) -> bool:
    """Whether an address is one of those for other programs, or below them."""
    return path.startswith(tuple(f"{each}/" for each in BEGINNINGS)) or path in BEGINNINGS


class ErrorsAsJson:
    """ASGI application around everything: each refusal below the addresses for programs gets the one shape."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; hold a refusal back until it is whole, and tell it anew."""
        if scope["type"] != "http" or not is_for_programs(scope["path"]):
            await self._application(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def told(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and message["status"] >= 400:
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    body = _retold(start, body)
                    await send(start)
                    await send({"type": "http.response.body", "body": body})

        await self._application(scope, receive, told)


def _retold(start: Message, body: bytes) -> bytes:
    """The refusal in ``body`` in the one shape, with the headers in ``start`` changed to match."""
    headers = MutableHeaders(raw=start["headers"])
    found = _object(body)
    if "jsonrpc" in found:
        # The protocol for tools has a shape of its own.
        return body
    kind, error = kind_of(start["status"]), _error(found)
    ours = isinstance(error.get("code"), str)
    message = error.get("message") if ours or not kind.fixed else None
    if start["status"] == 405:
        message = f"{kind.told}：{headers.get('allow', '')}"
    if start["status"] == 503:
        headers.setdefault("Retry-After", AGAIN_SECONDS)
    content = {
        "message": message or kind.told,
        "type": error.get("type", kind.type),
        "param": error.get("param"),
        "code": error.get("code", kind.code),
        "request_id": headers.get("x-request-id", ""),
    }
    retold = json.dumps({"error": content}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    headers["Content-Type"], headers["Content-Length"] = "application/json", str(len(retold))
    return retold


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _error(found: dict[str, Any]) -> dict[str, Any]:
    error = found.get("error")
    return error if isinstance(error, dict) else {}
