"""The service for other programs, put together: routes, access, errors as sentences."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route

from bot.api.access import ApiKeys, Gate, Gated, error_object
from bot.api.chat_completions import chat_router
from bot.api.interface import ServedAssistant
from bot.api.manual import manual
from bot.api.tools import tool_server
from bot.api.v1 import v1_router
from bot.errors import AssistantError, ModelServiceError, SearchIndexError, StoreError
from bot.questions.keeping import QuestionKeeper
from bot.settings import ApiSettings
from bot.store.database import Database

_NOT_AN_OBJECT = ("json_invalid", "dict_type", "model_attributes_type", "missing_body")
#: What FastAPI says of a body that it cannot decode.
_UNREADABLE = "There was an error parsing the body"
_SEND_AN_OBJECT = "请求的正文要是一个 JSON 对象，并带上 Content-Type: application/json；各地址要什么见 /docs"


def build_api(
    assistant: ServedAssistant, settings: ApiSettings, database: Database, keeper: QuestionKeeper | None = None
) -> FastAPI:
    """The application with ``/api/v1``, ``/v1`` and ``/mcp``; ``/docs`` describes it, served from this host alone."""
    gate = Gate(ApiKeys(database).holder, public=settings.public, per_minute=settings.calls_per_minute)
    tools = tool_server(assistant)
    served_tools = tools.streamable_http_app()

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    api = FastAPI(title=f"{assistant.scope.name} API", lifespan=running, redoc_url=None, docs_url=None)
    for router in (v1_router(assistant, keeper), chat_router(assistant, keeper)):
        api.include_router(router, dependencies=[Depends(gate)])
    _tell_errors(api)
    api.get("/docs", response_class=HTMLResponse, include_in_schema=False)(lambda: manual(api.openapi()))
    # A route and no mount: the address has no slash behind it, and what is mounted later keeps the rest.
    api.router.routes.append(Route("/mcp", endpoint=Gated(served_tools, gate)))
    return api


def _tell_errors(api: FastAPI) -> None:
    """Every error as one sentence of JSON, never a trace."""

    @api.exception_handler(AssistantError)
    def told(_: Request, error: AssistantError) -> JSONResponse:
        missing = isinstance(error, SearchIndexError | ModelServiceError | StoreError)
        return JSONResponse(error_object(error.public), 503 if missing else 400)

    @api.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> JSONResponse:
        told = _SEND_AN_OBJECT if error.detail == _UNREADABLE else str(error.detail)
        return JSONResponse(error_object(told), error.status_code, error.headers)

    @api.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not repeated: it may be private, or very long.
        first = error.errors()[0]
        if first["type"] in _NOT_AN_OBJECT or first["loc"] == ("body",):
            return JSONResponse(error_object(_SEND_AN_OBJECT), 422)
        return JSONResponse(error_object(f"{'.'.join(map(str, first['loc']))}：{first['msg']}"), 422)
