"""The OpenAPI description made whole: how keys are given, what may be refused, examples, limits.

FastAPI knows of the routes and their shapes; what holds of all of them is put in here. The examples are data
(``examples.yaml``), made up and marked so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.api.answers import Refusal
from bot.api.refusals import KINDS, LARGEST_BODY, MOST_MARKS
from bot.api.requests import LONGEST_TEXT, MOST_EARLIER, MOST_MESSAGES, MOST_RESULTS
from bot.settings import ApiSettings

_EXAMPLES = Path(__file__).with_name("examples.yaml")
_SCHEMAS = "#/components/schemas/"
_KEY = "bot key add 发的密钥，两种给法任选"
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": f"Authorization: Bearer …，{_KEY}"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": f"X-API-Key: …，{_KEY}"},
}
_ALWAYS, _WITH_BODY = (400, 401, 429, 500, 503), (408, 413, 415)
_WAIT = {"Retry-After": {"description": "几秒后再试", "schema": {"type": "integer", "minimum": 1}}}
_FROM_FASTAPI = ("HTTPValidationError", "ValidationError")
_NUMBER = "3f9a1c2b4d5e"


def described(plain: dict[str, Any], settings: ApiSettings) -> dict[str, Any]:
    """``plain`` with all that FastAPI does not know of."""
    schemas = plain["components"]["schemas"]
    for name in _FROM_FASTAPI:
        schemas.pop(name, None)
    own = Refusal.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}", mode="serialization")
    schemas.update({**own.pop("$defs"), "Refusal": own})
    plain["components"]["securitySchemes"] = _SCHEMES
    plain["info"]["description"] = _told(settings)
    ways: list[dict[str, list[str]]] = [{name: []} for name in _SCHEMES]
    examples = yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8"))
    for path, method, operation in routes_of(plain):
        operation["security"] = [*ways, {}] if settings.public else ways
        for status in _refusals_of(path, method):
            operation["responses"][str(status)] = _declared(status)
        if method != "post" or path.startswith("/v1"):
            operation["responses"].pop("422", None)
        _show(operation, examples[path])
    return plain


def routes_of(description: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """``(path, method, operation)`` of each route described."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _refusals_of(path: str, method: str) -> list[int]:
    statuses = [*_ALWAYS]
    if method == "post":
        statuses += _WITH_BODY if path.startswith("/v1") else (*_WITH_BODY, 422)
    if "{document_id}" in path:
        statuses.append(404)
    return sorted(statuses)


def _declared(status: int) -> dict[str, Any]:
    kind = KINDS[status]
    error = {"message": kind.told, "type": kind.type, "param": None, "code": kind.code, "request_id": _NUMBER}
    content = {"schema": {"$ref": f"{_SCHEMAS}Refusal"}, "example": {"error": error}}
    declared: dict[str, Any] = {"description": kind.told, "content": {"application/json": content}}
    return {**declared, "headers": _WAIT} if status in (429, 503) else declared


def _show(operation: dict[str, Any], examples: Mapping[str, Any]) -> None:
    """Put the examples of a route into what it takes and what it gives."""
    content = operation["responses"]["200"]["content"]
    content["application/json"]["example"] = examples["answer"]
    if "stream" in examples:
        content["text/event-stream"] = {"schema": {"type": "string"}, "example": examples["stream"]}
    if "requestBody" in operation:
        operation["requestBody"]["content"]["application/json"]["examples"] = examples["requests"]
    for parameter in operation.get("parameters", ()):
        parameter["example"] = examples["parameters"][parameter["name"]]


def _told(settings: ApiSettings) -> str:
    """What holds of all routes: keys, limits, refusals."""
    key = (
        "这个服务是公开的：可以不带密钥；带了就要是对的。"
        if settings.public
        else "每个地址都要密钥；这份说明和 /docs 不要。"
    )
    return f"""回答只依据已收录的文件，逐条给出依据；全部只读。

**密钥。** {key}在 Authorization: Bearer 或 X-API-Key 里给，先核对密钥，再读发来的内容。

**限制。** 一个密钥（公开时一个地址）每分钟 {settings.calls_per_minute:,} 次，错的密钥按地址另计；
同一地址的所有程序合计另有上限（设置 [serving] calls_per_minute）。
一次最多 {LARGEST_BODY:,} 字节，其中“[”“{{”“,”合计不超过 {MOST_MARKS:,} 个；
一段文字最多 {LONGEST_TEXT:,} 字，上文最多 {MOST_EARLIER:,} 条，聊天最多 {MOST_MESSAGES:,} 条消息，
一次最多 {MOST_RESULTS:,} 条结果。

**出错。** 不论哪一层拒绝，都是同样的 JSON：error 里有 message（说明和办法）、type、param、code 和 request_id
（告诉工作人员就能在日志里找到；也在 X-Request-ID 里）。429 和 503 带 Retry-After。
不对的地址是 404，不对的方法是 405（带 Allow）。

**MCP。** /mcp 是给智能体的工具（问政策、找支持事项、找伙伴），密钥、限制相同；协议里的错误是 JSON-RPC 的。"""
