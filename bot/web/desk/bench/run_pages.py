"""Runs at the desk: one run with its scores, two side by side, reports, removing."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from bot.accounts.records import Role
from bot.errors import UsageError
from bot.evaluation.comparison import Comparison, compare
from bot.evaluation.report_files import html_report, sheet_report
from bot.evaluation.results import SavedResult
from bot.evaluation.run_store import Run
from bot.web.desk.bench import run_views as views
from bot.web.desk.bench.room import PATH, RUNS, Room, missing_page, shown_page
from bot.web.desk.frame import as_told, confirming, page
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.replies import HTML, SHEET, download, see_other
from bot.web.markup import join, tag

TITLE = "测试"


def add_run_pages(router: APIRouter, room: Room) -> None:
    """The pages over runs; whoever takes a report out is written down."""
    _add_reading(router, room)
    _add_reports(router, room)
    _add_removing(router, room)


def _add_reading(router: APIRouter, room: Room) -> None:
    runs = room.runs
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/compare", response_model=None)
    def side_by_side(signed: staff, before: int, after: int) -> Response:
        def work() -> HTMLResponse:
            pair = runs.run(before), runs.run(after)
            return shown_page("比较两次测试", views.compared(*pair, _compared(room, *pair)), signed)

        return _found(signed, work)

    @router.get("/runs/{number}", response_model=None)
    def one(signed: staff, number: int, show: str = "failed", tag: str = "", part: int = 1) -> Response:
        def work() -> HTMLResponse:
            run = runs.run(number)
            chosen = views.Chosen(show=show, tag=tag, part=max(1, part))
            shown = views.run_page(run, runs.results(number), chosen, signed)
            live = not run.finished and run.job is not None and room.desk.jobs.board.job(run.job).state.live
            return HTMLResponse(page(TITLE, shown, signed, path=PATH, looks_again=live))

        return _found(signed, work)


def _add_reports(router: APIRouter, room: Room) -> None:
    trail = room.desk.trail
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/runs/{number}/report.html", response_model=None)
    def as_page(signed: staff, number: int, against: int = 0) -> Response:
        def work() -> Response:
            told = _report(room, number, against)
            trail.record(signed.user, "bench.export", f"run:{number}", "html")
            return download(html_report(*told).encode(), f"测试报告-{told[0].name}.html", HTML)

        return _found(signed, work)

    @router.get("/runs/{number}/report.xlsx", response_model=None)
    def as_sheet(signed: staff, number: int, against: int = 0) -> Response:
        def work() -> Response:
            told = _report(room, number, against)
            trail.record(signed.user, "bench.export", f"run:{number}", "xlsx")
            return download(sheet_report(*told), f"测试报告-{told[0].name}.xlsx", SHEET)

        return _found(signed, work)


def _add_removing(router: APIRouter, room: Room) -> None:
    runs, trail = room.runs, room.desk.trail
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.post("/runs/{number}/remove", dependencies=[OwnForm], response_model=None)
    def remove(signed: staff, number: int, sure: Annotated[str, Form()] = "") -> Response:
        def work() -> Response:
            run = runs.remove(number) if sure else runs.run(number)
            if sure:
                trail.record(signed.user, "bench.remove", f"run:{number}", run.name)
                return see_other(PATH)
            question = "要删除这次测试和它的全部答案吗？删了找不回来。"
            asked = confirming(question, f"{RUNS}/{number}/remove", signed, "删除", f"{RUNS}/{number}")
            return shown_page(TITLE, join((tag("p", as_told(run.name)), asked)), signed)

        return _found(signed, work)


def _report(room: Room, number: int, against: int) -> tuple[Run, tuple[SavedResult, ...], Comparison | None, str]:
    run = room.runs.run(number)
    if not against:
        return run, room.runs.results(number), None, ""
    before = room.runs.run(against)
    return run, room.runs.results(number), _compared(room, before, run), before.name


def _compared(room: Room, before: Run, after: Run) -> Comparison:
    return compare(room.runs.results(before.number), room.runs.results(after.number))


def _found(signed: Signed, work: Callable[[], Response]) -> Response:
    try:
        return work()
    except UsageError as error:
        return missing_page(TITLE, signed, str(error), back=PATH, label="测试台")
