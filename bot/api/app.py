"""The service for other programs, put together: routes, access, errors as sentences."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.access import ApiKeys
from bot.api.chat_completions import chat_router
from bot.api.description import described
from bot.api.gate import Gate
from bot.api.interface import ServedAssistant
from bot.api.manual import manual
from bot.api.parameters import UnsupportedError
from bot.api.refusals import ErrorsAsJson, is_for_programs, refusal, refused
from bot.api.tools import tool_server
from bot.api.v1 import UnknownDocumentError, v1_router
from bot.errors import AssistantError
from bot.questions.keeping import QuestionKeeper
from bot.settings import ApiSettings
from bot.store.database import Database

_NOT_AN_OBJECT = ("json_invalid", "dict_type", "model_attributes_type", "missing_body")
#: What FastAPI says of a body that it cannot decode.
_UNREADABLE = "There was an error parsing the body"
_SEND_AN_OBJECT = "请求的正文要是一个 JSON 对象，并带上 Content-Type: application/json；各地址要什么见 /docs"
_CHAT = "/v1/"
#: What is wrong with a value, by the kinds that FastAPI tells of.
_WRONG: Mapping[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "要是文字",
    "string_unicode": "里有不成字的半个字符",
    "int_type": "要是整数",
    "int_parsing": "要是整数",
    "bool_parsing": "要是 true 或 false",
    "tuple_type": "要是一个列表",
    "string_too_long": "最多 {max_length} 个字",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected} 之一",
    "value_error": "{error}",
}


class ProgramsApi(FastAPI):
    """The application: its description tells what holds of all routes, and every refusal leaves it in one shape."""

    def __init__(self, settings: ApiSettings, **given: Any) -> None:
        super().__init__(**given)
        self._settings = settings

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = described(super().openapi(), self._settings)
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """Around whatever is put around this application, so that what those refuse is told alike."""
        return ErrorsAsJson(super().build_middleware_stack())


def build_api(
    assistant: ServedAssistant, settings: ApiSettings, database: Database, keeper: QuestionKeeper | None = None
) -> FastAPI:
    """The application with ``/api/v1``, ``/v1`` and ``/mcp``; ``/docs`` describes it, served from this host alone."""
    tools = tool_server(assistant)
    served_tools = tools.streamable_http_app()

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    title = f"{assistant.scope.name} API"
    api = ProgramsApi(settings, title=title, lifespan=running, redoc_url=None, docs_url=None)
    holder = ApiKeys(database).holder
    api.add_middleware(Gate, holder=holder, public=settings.public, per_minute=settings.calls_per_minute)
    for router in (v1_router(assistant, keeper), chat_router(assistant, keeper)):
        # Each by itself and not as one: what counts requests by route finds them by their addresses.
        api.router.routes += router.routes
    _tell_errors(api)
    api.get("/docs", response_class=HTMLResponse, include_in_schema=False)(lambda: manual(api.openapi()))
    # A route and no mount: the address has no slash behind it, and what is mounted later keeps the rest.
    api.router.routes.append(Route("/mcp", endpoint=served_tools))
    nowhere = _Nowhere(api.router.routes)
    for path in ("/api", "/v1"):
        api.router.routes += [Route(path, endpoint=nowhere), Route(path + "/{rest:path}", endpoint=nowhere)]
    return api


class _Nowhere:
    """What is left below the addresses for programs: another method of a route, or none. Nothing mounted gets it."""

    def __init__(self, routes: list[BaseRoute]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for route in self._routes:
            match, within = route.matches(scope)
            if match is Match.PARTIAL:
                scope.update(within)
                await route.handle(scope, receive, send)
                return
        raise HTTPException(404)


def _tell_errors(api: FastAPI) -> None:
    """Every error as one sentence of JSON, never a trace."""

    @api.exception_handler(AssistantError)
    def told(_: Request, error: AssistantError) -> JSONResponse:
        return refused(error)

    @api.exception_handler(UnsupportedError)
    def unsupported(_: Request, error: UnsupportedError) -> JSONResponse:
        return refusal(400, error.public, code="unsupported_value", param=error.param)

    @api.exception_handler(UnknownDocumentError)
    def unknown(_: Request, error: UnknownDocumentError) -> JSONResponse:
        return refusal(404, error.public, code="document_not_found", param="document_id")

    @api.exception_handler(HTTPException)
    def answered(request: Request, error: HTTPException) -> JSONResponse:
        if error.detail == _UNREADABLE:
            return refusal(_unfit(request), _SEND_AN_OBJECT)
        return JSONResponse({"error": {"message": str(error.detail)}}, error.status_code, error.headers)

    @api.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        if is_for_programs(request.url.path) and not _is_json(request.headers.get("content-type", "")):
            return refusal(415)
        # What was sent is not repeated: it may be private, or very long.
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"][1:]) if first["type"] != "json_invalid" else ""
        if first["type"] in _NOT_AN_OBJECT or (not place and first["type"] != "value_error"):
            return refusal(_unfit(request), _SEND_AN_OBJECT)
        words = _WRONG.get(first["type"])
        what = words.format(**first.get("ctx", {})) if words else f"不合要求（{first['msg']}）"
        told = f"{place or '正文'}：{what}。各地址要什么，见 /docs"
        return refusal(_unfit(request), told, param=place or None)


def _unfit(request: Request) -> int:
    """The status of what does not fit: users of the chat's protocol know 400 for it."""
    return 400 if request.url.path.startswith(_CHAT) else 422


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().casefold()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
