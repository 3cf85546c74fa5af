"""The first page of the bench: what waits, what is running, starting a run, the runs; putting a version in force."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.candidates import discard_candidate, publish_candidate
from bot.errors import AssistantError, JobError, UsageError
from bot.evaluation.errand import Errand, What
from bot.evaluation.gate import Standing, Verdict, verdict
from bot.jobs.records import JobKind
from bot.web.desk import jobs
from bot.web.desk.bench import overview_views as views
from bot.web.desk.bench.room import PATH, Room, missing_page, shown_page
from bot.web.desk.frame import confirming, page
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join

TITLE = "测试台"


def add_overview(router: APIRouter, room: Room) -> None:
    """The overview, starting runs, and the decision on the version that waits."""
    _add_starting(router, room)
    _add_deciding(router, room)


def _add_starting(router: APIRouter, room: Room) -> None:
    desk = room.desk
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.get("", response_class=HTMLResponse)
    def overview(signed: staff) -> str:
        return _overview(room, signed)

    @router.post("/start", dependencies=[OwnForm], response_model=None)
    def start(
        signed: staff,
        what: Annotated[str, Form()] = "",
        tag: Annotated[str, Form(max_length=500)] = "",
        mode: Annotated[str, Form()] = "",
        publish: Annotated[str, Form()] = "",
    ) -> HTMLResponse | RedirectResponse:
        try:
            errand = _asked(room, what, tag, offline=mode != "model", publish=bool(publish))
            job = desk.jobs.start(JobKind.BENCH, errand.title, errand.parameters, by=signed.user.name)
        except AssistantError as error:
            told = views.Start(what=what, tag=tag, mode=mode)
            status = 409 if isinstance(error, JobError) else 400
            return HTMLResponse(_overview(room, signed, told, problem=str(error)), status)
        desk.trail.record(signed.user, "bench.start", f"job:{job.id}", job.title)
        return see_other(f"{jobs.PATH}/{job.id}")

    @router.get("/of/{job}", response_model=None)
    def of_job(signed: staff, job: int) -> RedirectResponse | HTMLResponse:
        try:
            numbers = desk.jobs.board.job(job).result.get("runs", [])
        except JobError as error:
            return missing_page(TITLE, signed, str(error), back=PATH, label=TITLE)
        # Stopped before its end, it tells of the runs that it began.
        numbers = numbers or [run.number for run in room.runs.of_job(job)]
        if len(numbers) > 1:
            return see_other(f"{PATH}/compare?before={numbers[0]}&after={numbers[-1]}")
        return see_other(f"{PATH}/runs/{numbers[0]}" if numbers else PATH)


def _add_deciding(router: APIRouter, room: Room) -> None:
    desk = room.desk
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.post("/publish", dependencies=[OwnForm], response_model=None)
    def publish_waiting(
        signed: staff, version: Annotated[int, Form()], sure: Annotated[str, Form()] = ""
    ) -> HTMLResponse | RedirectResponse:
        if not sure:
            question = "要启用待启用的版本吗？问答马上改用它。"
            shown = join(
                (
                    views.told(_verdict(room)[0]),
                    confirming(question, f"{PATH}/publish", signed, "启用", PATH, version=str(version)),
                )
            )
            return shown_page(TITLE, shown, signed)
        try:
            publish_candidate(desk.settings, version)
        except AssistantError as error:
            return HTMLResponse(_overview(room, signed, problem=str(error)), 409)
        desk.trail.record(signed.user, "index.publish", f"version:{version}")
        return see_other(PATH)

    @router.post("/discard", dependencies=[OwnForm], response_model=None)
    def discard(signed: staff, sure: Annotated[str, Form()] = "") -> HTMLResponse | RedirectResponse:
        if not sure:
            question = "要保留旧版、丢掉待启用的版本吗？资料文件不动，再导入一次就能重建。"
            return shown_page(TITLE, confirming(question, f"{PATH}/discard", signed, "保留旧版", PATH), signed)
        try:
            discard_candidate(desk.settings)
        except AssistantError as error:
            return HTMLResponse(_overview(room, signed, problem=str(error)), 409)
        desk.trail.record(signed.user, "index.discard")
        return see_other(PATH)


def _asked(room: Room, what: str, tag: str, *, offline: bool, publish: bool) -> Errand:
    """What to run. Raises :class:`UsageError` for what is not on offer (any more)."""
    if what not in room.choices():
        raise UsageError("现在不能这样测", value=what, remedy="刷新页面，从列出的里选一个")
    kind, _, place = what.partition(":")
    encoder = room.encoders[int(place)] if place else ""
    return Errand(what=What(kind), tag=tag, offline=offline, encoder=encoder, publish=publish)


def _overview(room: Room, signed: Signed, told: views.Start | None = None, *, problem: str = "") -> str:
    desk = room.desk
    newest = desk.jobs.board.newest(1, kind=JobKind.BENCH)
    running = newest[0] if newest and not newest[0].state.value == "done" else None
    live = running is not None and running.state.live
    parts: list[Html] = [jobs.shown(running, signed) if running is not None else EMPTY]
    if not live:
        found, damaged = _verdict(room)
        problem = problem or damaged
        parts.append(views.gate(found, signed) if found.standing is not Standing.NOTHING_WAITS else EMPTY)
        kept = room.cases.listed()
        parts += [views.case_counts(kept), views.start_form(room, kept, told or _usual(found), signed)]
    parts.append(views.run_list(room.runs.newest()))
    return page(TITLE, join(parts), signed, path=PATH, problem=problem, looks_again=live)


def _verdict(room: Room) -> tuple[Verdict, str]:
    """The verdict, and what is wrong where an index is damaged: the page opens all the same."""
    try:
        return verdict(room.desk.database, room.desk.settings), ""
    except AssistantError as error:
        return Verdict(Standing.NOTHING_WAITS), str(error)


def _usual(found: Verdict) -> views.Start:
    waits = found.standing is not Standing.NOTHING_WAITS
    return views.Start(what=(What.VERSIONS if waits else What.IN_FORCE).value)
