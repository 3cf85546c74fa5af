"""The service for other programs, put together: routes, access, errors as sentences."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from bot.api.access import ApiKeys, Gate, Gated, error_object
from bot.api.chat_completions import chat_router
from bot.api.interface import ServedAssistant
from bot.api.manual import manual
from bot.api.tools import tool_server
from bot.api.v1 import v1_router
from bot.errors import AssistantError, ModelServiceError, SearchIndexError
from bot.questions.keeping import QuestionKeeper
from bot.settings import ApiSettings
from bot.store.database import Database

_LOGGER = logging.getLogger(__name__)


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
        missing = isinstance(error, SearchIndexError | ModelServiceError)
        return JSONResponse(error_object(str(error)), 503 if missing else 400)

    @api.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse(error_object(str(error.detail)), error.status_code, error.headers)

    @api.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not repeated: it may be private, or very long.
        first = error.errors()[0]
        return JSONResponse(error_object(f"{'.'.join(map(str, first['loc']))}：{first['msg']}"), 422)

    @api.exception_handler(Exception)
    def unexpected(_: Request, error: Exception) -> JSONResponse:
        reference = uuid4().hex[:8]
        _LOGGER.error("a call failed (%s)", reference, exc_info=error)
        return JSONResponse(error_object(f"程序出错，请把编号 {reference} 告诉工作人员"), 500)
