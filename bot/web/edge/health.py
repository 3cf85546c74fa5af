"""Whether the program is up, and whether it can do its work: for a proxy, a container, a monitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from bot.api.access import bare_key
from bot.errors import AssistantError
from bot.web.edge.metrics import CONTENT_TYPE, Metrics

#: A part of the program that must work: looks, and raises where it does not.
Check = Callable[[], object]
_NEAR = frozenset({"127.0.0.1", "::1"})


def health_router(checks: Mapping[str, Check], metrics: Metrics, may_read: Callable[[str], bool]) -> APIRouter:
    """``/healthz``, ``/readyz`` and ``/metrics``; ``may_read`` says whether a key opens the figures from afar."""
    router = APIRouter()

    @router.get("/healthz")
    async def alive() -> PlainTextResponse:
        # In no thread: those may all be at work.
        return PlainTextResponse("ok")

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        told = await run_in_threadpool(lambda: {name: _state(check) for name, check in checks.items()})
        well = all(state == "ok" for state in told.values())
        return JSONResponse(told, 200 if well else 503, headers={"Cache-Control": "no-store"})

    @router.get("/metrics")
    def figures(request: Request) -> Response:
        near = request.client is not None and request.client.host in _NEAR
        key = bare_key(request.headers.get("authorization", ""))
        if not near and not (key and may_read(key)):
            raise HTTPException(403, "指标只给本机或带密钥（bot key add）的程序看")
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return router


def _state(check: Check) -> str:
    """``ok``, or what kind of thing is wrong; the words are in the log and in ``bot doctor``."""
    try:
        check()
    except AssistantError as error:
        return error.message
    except Exception as error:
        return type(error).__name__
    return "ok"
