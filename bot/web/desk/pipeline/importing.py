"""Lists sent to the desk: looked through row by row, then imported or dropped. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.accounts.records import Role
from bot.errors import AssistantError
from bot.jobs.records import Job, JobKind
from bot.market.exporting import template_bytes
from bot.pipeline.imports import ImportResult, ImportRoom, Plan, PlanRow, RowOutcome, Upload
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import (
    as_told,
    choice_field,
    confirming,
    field,
    form,
    hidden,
    leaf,
    line_field,
    page,
    pager,
    submit,
    table,
)
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.pipeline.addresses import KINDS, RECORDS, choice, kind_of_address
from bot.web.desk.replies import SHEET, download, see_other
from bot.web.markup import EMPTY, Html, join, tag, text

_PLACE = f"{RECORDS}/import"
_ROWS = 100
_KINDS = (*KINDS, RecordKind.ORGANISATION)


def import_router(desk: Desk) -> APIRouter:
    """Sending a list, looking at what it would do, deciding."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    room = ImportRoom.below(desk.settings, desk.market)

    @router.get(_PLACE, response_class=HTMLResponse)
    def start(signed: manager) -> str:
        return page("导入名单", _form(signed), signed, path=RECORDS)

    @router.get(f"{_PLACE}/template")
    def template(signed: manager, kind: str = "") -> Response:
        of = kind_of_address(kind)
        return download(template_bytes(of, ".xlsx"), f"{of.value}-template.xlsx", SHEET)

    @router.post(_PLACE, dependencies=[OwnForm], response_model=None)
    def send(
        signed: manager,
        list_: Annotated[UploadFile | None, Form(alias="list")] = None,
        kind: Annotated[str, Form()] = "",
        source: Annotated[str, Form()] = "",
        publish: Annotated[str, Form()] = "",
    ) -> HTMLResponse | RedirectResponse:
        return _sent(desk, room, signed, list_, kind, source, publish=publish == "1")

    @router.get(f"{_PLACE}/{{token}}", response_class=HTMLResponse)
    def one(signed: manager, token: str, number: int = 1) -> HTMLResponse:
        return _one(desk, room, signed, token, number)

    _add_decisions(router, desk, room)
    return router


def _sent(
    desk: Desk, room: ImportRoom, signed: Signed, file: UploadFile | None, kind: str, source: str, *, publish: bool
) -> HTMLResponse | RedirectResponse:
    """Keep a list that came in and look through it, a large one in a process of its own."""
    of = choice(RecordKind, kind) or RecordKind.NEED
    if file is None or not file.filename:
        return _refused(signed, "没有选文件。", of, source)
    upload: Upload | None = None
    try:
        told = {"by": signed.user.name, "source": source, "publish": publish}
        upload = room.keep(file.file, file.filename, of, **told)  # type: ignore[arg-type]
        if upload.large:
            title, work = upload.name, {"token": upload.token}
            room.in_hands_of(upload.token, desk.jobs.start(JobKind.IMPORT, title, work, by=signed.user.name).id)
        else:
            room.check(upload.token)
    except AssistantError as error:
        if upload is not None:
            room.discard(upload.token)
        return _refused(signed, str(error), of, source)
    return see_other(f"{_PLACE}/{upload.token}")


def _add_decisions(router: APIRouter, desk: Desk, room: ImportRoom) -> None:
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]

    @router.post(f"{_PLACE}/{{token}}/run", dependencies=[OwnForm], response_model=None)
    def run(signed: manager, token: str, sure: Annotated[str, Form()] = "") -> HTMLResponse | RedirectResponse:
        if sure != "1":
            question = "导入这份名单？名单里已有的记录会照它更新。"
            asked = confirming(question, f"{_PLACE}/{token}/run", signed, "导入", f"{_PLACE}/{token}")
            return HTMLResponse(page("导入名单", asked, signed, path=RECORDS))

        def work(upload: Upload) -> None:
            if not upload.large:
                room.run(token)
                return
            told = {"token": token, "run": True}
            room.in_hands_of(token, desk.jobs.start(JobKind.IMPORT, upload.name, told, by=signed.user.name).id)

        return _decided(desk, room, signed, token, "records.imported", work)

    @router.post(f"{_PLACE}/{{token}}/drop", dependencies=[OwnForm], response_model=None)
    def drop(signed: manager, token: str) -> HTMLResponse | RedirectResponse:
        return _decided(desk, room, signed, token, "records.import_dropped", lambda _: room.discard(token))

    @router.post(f"{_PLACE}/{{token}}/stop", dependencies=[OwnForm], response_model=None)
    def stop(signed: manager, token: str) -> HTMLResponse | RedirectResponse:
        return _decided(
            desk, room, signed, token, "records.import_stopped", lambda upload: desk.jobs.board.ask_to_stop(upload.job)
        )

    @router.post(f"{_PLACE}/{{token}}/again", dependencies=[OwnForm], response_model=None)
    def again(signed: manager, token: str) -> HTMLResponse | RedirectResponse:
        return _decided(desk, room, signed, token, "records.import_again", lambda upload: desk.jobs.resume(upload.job))


def _decided(
    desk: Desk, room: ImportRoom, signed: Signed, token: str, action: str, work: Callable[[Upload], object]
) -> HTMLResponse | RedirectResponse:
    try:
        upload = room.upload(token)
        work(upload)
    except AssistantError as error:
        return HTMLResponse(page("导入名单", _back(), signed, path=RECORDS, problem=str(error)), 409)
    desk.trail.record(signed.user, action, upload.kind.value, f"{upload.name} {token[:8]}")
    return see_other(_PLACE if action == "records.import_dropped" else f"{_PLACE}/{token}")


def _one(desk: Desk, room: ImportRoom, signed: Signed, token: str, number: int) -> HTMLResponse:
    try:
        upload = room.upload(token)
        job = desk.jobs.board.job(upload.job) if upload.job else None
    except AssistantError as error:
        return HTMLResponse(page("导入名单", _back(), signed, path=RECORDS, problem=str(error)), 404)
    head = tag(
        "p",
        as_told(upload.name),
        text(" · "),
        tag("span", text(upload.kind.label)),
        text(" · "),
        as_told(upload.source),
    )
    result, plan = room.result(token), room.plan(token)
    if job is not None and not (job.state.value == "done"):
        body = _work(job, token, signed)
    elif result is not None:
        body = _result(result)
    else:
        body = _plan(plan, token, number, signed) if plan is not None else _back()
    live = job is not None and job.state.live
    return HTMLResponse(page("导入名单", join((head, body)), signed, path=RECORDS, looks_again=live))


def _form(signed: Signed, of: RecordKind = RecordKind.NEED, source: str = "") -> Html:
    kinds = {kind.value: kind.label for kind in _KINDS}
    file = tag("input", type="file", id="list", name_="list", accept=".xlsx,.csv,.tsv,.jsonl", required=True)
    publish = tag("input", type="checkbox", id="publish", name_="publish", value="1")
    links = (
        tag("li", tag("a", text(f"{kind.label}模板（.xlsx）"), href=f"{_PLACE}/template?kind={kind.value}"))
        for kind in KINDS
    )
    return join(
        (
            tag("p", text("先看每一行会新增、更新还是拒收，再决定导不导入。")),
            tag("ul", *links),
            form(
                _PLACE,
                signed,
                choice_field("类别", "kind", kinds, of.value),
                field("名单（.xlsx、.csv、.jsonl）", file, of="list"),
                line_field("来源名称", "source", source, hint="同一来源再导入就是更新；不写就用文件名"),
                tag(
                    "div",
                    tag("label", publish, text("可信的名单：不过质量关，直接发布"), for_="publish"),
                    class_="field check",
                ),
                submit("核对", main=True),
                file=True,
            ),
        )
    )


def _refused(signed: Signed, problem: str, of: RecordKind, source: str) -> HTMLResponse:
    return HTMLResponse(page("导入名单", _form(signed, of, source), signed, path=RECORDS, problem=problem), 400)


def _back() -> Html:
    return tag("p", tag("a", text("另导一份"), href=_PLACE))


def _work(job: Job, token: str, signed: Signed) -> Html:
    where = text(f"{job.done}/{job.total}") if job.total else EMPTY
    live = job.state.live and not job.stop_asked
    return tag(
        "section",
        tag("p", text(job.state.label)),
        tag("p", text(job.stage), text(" "), where) if job.stage else EMPTY,
        tag("p", text(job.note), class_="problem") if job.note else EMPTY,
        form(f"{_PLACE}/{token}/stop", signed, submit("停下")) if live else EMPTY,
        form(f"{_PLACE}/{token}/again", signed, submit("继续", main=True)) if job.state.resumable else EMPTY,
        EMPTY if job.state.live else form(f"{_PLACE}/{token}/drop", signed, submit("放弃这份名单")),
        class_="job",
        aria_live="polite",
    )


def _plan(plan: Plan, token: str, number: int, signed: Signed) -> Html:
    part, shown, pages = leaf(plan.rows, number, _ROWS)
    rows = [_plan_row(each) for each in part]
    counts = (join((tag("span", text(each.label)), text(f" {plan.count(each)}"))) for each in RowOutcome)
    goes_in = any(plan.count(each) for each in (RowOutcome.ADDED, RowOutcome.UPDATED))
    run = form(f"{_PLACE}/{token}/run", signed, hidden("sure", ""), submit("导入", main=True)) if goes_in else EMPTY
    return join(
        (
            tag("p", *(join((each, text("　"))) for each in counts), class_="counted"),
            tag("ul", *(tag("li", as_told(note)) for note in plan.notes)) if plan.notes else EMPTY,
            tag("div", run, form(f"{_PLACE}/{token}/drop", signed, submit("放弃这份名单")), class_="keeping"),
            table(("行", "名称", "会怎样", "说明"), rows, "名单里没有记录。"),
            pager(shown, pages, lambda at: f"{_PLACE}/{token}?number={at}"),
        )
    )


def _plan_row(row: PlanRow) -> tuple[Html, ...]:
    changes = [
        tag("li", tag("span", text(each.label)), text("："), as_told(f"{each.before} → {each.after}"))
        for each in row.changes
    ]
    why = tag("p", as_told(row.reason)) if row.reason else EMPTY
    told = join((why, tag("ul", *changes) if changes else EMPTY))
    where = f"{row.sheet} {row.number}".strip()
    return as_told(where), as_told(row.title), tag("span", text(row.outcome.label), class_=row.outcome.value), told


def _result(result: ImportResult) -> Html:
    counts = (("新增", result.added), ("更新", result.updated), ("不变", result.unchanged), ("拒收", result.refused))
    told = (join((tag("span", text(label)), text(f" {count}　"))) for label, count in counts)
    rows = [(text(str(number)), as_told(reason)) for number, reason in result.failed]
    held = tag("p", text(f"有 {result.held} 条改后没过质量关，已收回为草稿")) if result.held else EMPTY
    return join(
        (
            tag("p", text("已导入"), class_="notice", role="status"),
            tag("p", *told, class_="counted"),
            held,
            tag("ul", *(tag("li", as_told(note)) for note in result.notes)) if result.notes else EMPTY,
            table(("行", "为什么拒收"), rows, "没有拒收的行。"),
            _back(),
        )
    )
