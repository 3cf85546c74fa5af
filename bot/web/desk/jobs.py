"""Long work at the desk: how far it is, stopping it, taking it up again."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import JobError
from bot.jobs.records import Job, JobKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, form, page, submit
from bot.web.desk.guard import ROOT, OwnForm, Signed
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join, tag, text

PATH = f"{ROOT}/jobs"
#: Where each kind of work leads when it is done, and who may ask for it.
LEADS_TO: dict[JobKind, str] = {}


def job_router(desk: Desk) -> APIRouter:
    """The page of one piece of work; for staff, whose work it is."""
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]
    board = desk.jobs.board

    @router.get("/{number}", response_class=HTMLResponse)
    def one(signed: staff, number: int) -> HTMLResponse:
        try:
            job = board.job(number)
        except JobError as error:
            return HTMLResponse(page("工作", EMPTY, signed, problem=str(error)), 404)
        body = join((shown(job, signed), _leading_on(job)))
        return HTMLResponse(page(job.kind.label, body, signed, looks_again=job.state.live))

    @router.post("/{number}/stop", dependencies=[OwnForm], response_model=None)
    def stop(signed: staff, number: int) -> HTMLResponse | RedirectResponse:
        return _done(signed, number, "job.stop", board.ask_to_stop)

    @router.post("/{number}/again", dependencies=[OwnForm], response_model=None)
    def again(signed: staff, number: int) -> HTMLResponse | RedirectResponse:
        return _done(signed, number, "job.again", desk.jobs.resume)

    def _done(signed: Signed, number: int, action: str, work: Callable[[int], Job]) -> HTMLResponse | RedirectResponse:
        try:
            work(number)
        except JobError as error:
            back = tag("p", tag("a", text("看这项工作"), href=f"{PATH}/{number}"))
            return HTMLResponse(page("工作", back, signed, problem=str(error)), 409)
        desk.trail.record(signed.user, action, f"job:{number}")
        return see_other(f"{PATH}/{number}")

    return router


def shown(job: Job, signed: Signed) -> Html:
    """A piece of work with its progress, and what can be done with it now."""
    bar = EMPTY
    if job.state.live and job.total:
        bar = tag("progress", value=job.done, max=job.total, aria_label="进度")
    where = text(f"{job.done}/{job.total}") if job.total else EMPTY
    return tag(
        "section",
        tag("p", tag("strong", as_told(job.title)), text(" · "), tag("span", text(job.state.label))),
        tag("p", tag("span", text(job.stage)), text(" "), where, bar) if job.stage else EMPTY,
        tag("p", text(job.note), class_="problem") if job.note else EMPTY,
        tag("p", text("已请它停下，做完手头一步就停")) if job.stop_asked and job.state.live else EMPTY,
        form(f"{PATH}/{job.id}/stop", signed, submit("停下")) if job.state.live and not job.stop_asked else EMPTY,
        form(f"{PATH}/{job.id}/again", signed, submit("继续", main=True)) if job.state.resumable else EMPTY,
        class_="job",
        aria_live="polite",
    )


def _leading_on(job: Job) -> Html:
    address = LEADS_TO.get(job.kind)
    if address is None or job.state.live:
        return EMPTY
    return tag("p", tag("a", text("看结果"), href=address.format(job=job.id)))
