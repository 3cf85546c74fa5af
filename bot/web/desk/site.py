"""The desk put together: its routes, its style sheet, sign-in where somebody is missing, errors as pages."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.accounts.records import Role
from bot.api.access import error_object
from bot.errors import StoreError
from bot.pipeline.proposals import Proposals
from bot.web.desk.assistant import assistant_router
from bot.web.desk.bench import bench_router
from bot.web.desk.context import Desk
from bot.web.desk.corpus import corpus_router
from bot.web.desk.figures import figures_router
from bot.web.desk.frame import page
from bot.web.desk.guard import (
    LANGUAGE_COOKIE,
    ROOT,
    Signed,
    SignInNeeded,
    language_of_request,
    own_address,
    sign_in_address,
)
from bot.web.desk.inquiries import inquiry_router
from bot.web.desk.introductions.letters import letter_router
from bot.web.desk.introductions.pairs import introduction_router
from bot.web.desk.jobs import job_router
from bot.web.desk.pipeline import pipeline_router
from bot.web.desk.pipeline.overview import waiting_counts
from bot.web.desk.questions import questions_router
from bot.web.desk.replies import see_other
from bot.web.desk.signing import signing_router
from bot.web.desk.trail import trail_router
from bot.web.markup import tag, text
from bot.web.texts import Language

_LOGGER = logging.getLogger(__name__)
_STATIC = Path(__file__).resolve().parent / "static"
_YEAR = 365 * 24 * 3600


#: What each section of the desk adds.
SECTIONS: tuple[Callable[[Desk], APIRouter], ...] = (
    signing_router,
    inquiry_router,
    job_router,
    introduction_router,
    letter_router,
    assistant_router,
    corpus_router,
    figures_router,
    trail_router,
    pipeline_router,
    bench_router,
    questions_router,
)


def add_desk(site: FastAPI, desk: Desk) -> None:
    """Add the desk below ``/desk`` to ``site``."""
    for section in (*SECTIONS, _own_router):
        site.include_router(section(desk), include_in_schema=False)

    @site.exception_handler(StoreError)
    def database_away(request: Request, error: StoreError) -> Response:
        _LOGGER.warning("the database cannot be asked: %s", error.message)
        if not request.url.path.startswith(ROOT):
            return JSONResponse(error_object(error.public), 503)
        words = tag("p", text(error.public), class_="problem", role="alert")
        return HTMLResponse(page("数据库", words, None, language=language_of_request(request)), 503)

    @site.exception_handler(SignInNeeded)
    def sign_in_first(_: Request, needed: SignInNeeded) -> Response:
        return see_other(sign_in_address(needed.address))


def _own_router(desk: Desk) -> APIRouter:
    guard = desk.guard
    router = APIRouter(prefix=ROOT)
    anybody = Annotated[Signed, Depends(guard.any_role)]

    @router.get("/static/{name}")
    def static(name: str) -> FileResponse:
        file = _STATIC / name
        if name != file.name or not file.is_file():
            raise HTTPException(404, "没有这个文件")
        return FileResponse(file, headers={"Cache-Control": "max-age=3600"})

    @router.get("/language")
    def choose_language(request: Request, to: str = Language.CHINESE) -> RedirectResponse:
        # Back to where the switch was pressed, as far as that is a page of the desk.
        came = urlsplit(request.headers.get("referer", ""))
        back = own_address(came.path + (f"?{came.query}" if came.query else ""))
        response = see_other(back)
        language = Language.ENGLISH if to == Language.ENGLISH else Language.CHINESE
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, path=ROOT, samesite="strict", httponly=True)
        return response

    @router.get("", response_class=HTMLResponse)
    def home(signed: anybody, background: BackgroundTasks) -> str:
        lines = []
        if signed.user.may(Role.STAFF):
            lines.append(("提问", f"{ROOT}/inquiries", desk.inquiries.waiting()))
        if signed.user.may(Role.MANAGER):
            lines += waiting_counts(desk, signed)
            background.add_task(Proposals(desk.market).catch_up)
        items = (
            tag("li", tag("a", text(label), href=path), text(" "), tag("span", text(f"{count} 条等着处理")))
            for label, path, count in lines
        )
        return page("总览", tag("ul", *items, class_="counts"), signed, path=ROOT)

    return router
