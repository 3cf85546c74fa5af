"""Cases at the desk: listed by tag, written, changed, copied, switched off, removed."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.evaluation.case_columns import case_of, entries_of
from bot.evaluation.case_store import CaseChanged, KeptCase
from bot.evaluation.cases import CasesError
from bot.web.desk.bench import case_views as views
from bot.web.desk.bench.room import CASES, Room, missing_page, shown_page
from bot.web.desk.frame import as_told, confirming
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, join, tag

_Done = HTMLResponse | RedirectResponse


async def typed(request: Request) -> dict[str, str]:
    """Every box of the form that was sent, by name."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Typed = Annotated[dict[str, str], Depends(typed)]


def add_case_pages(router: APIRouter, room: Room) -> None:
    """The pages over cases. What was typed stays when it is refused; of two who change one the second is told."""
    _add_reading(router, room)
    _add_writing(router, room)
    _add_standing(router, room)


def _add_reading(router: APIRouter, room: Room) -> None:
    store = room.cases
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/cases", response_class=HTMLResponse)
    def listed(signed: staff, tag: str = "", page: int = 1) -> HTMLResponse:
        every = store.listed()
        return shown_page("用例", views.case_list(every, tag, max(1, page), signed), signed)

    @router.get("/cases/new", response_class=HTMLResponse)
    def new(signed: staff, copy: int = 0) -> HTMLResponse:
        try:
            entries = entries_of(store.kept(copy).case) if copy else {}
        except CasesError as error:
            return _missing(signed, error)
        # A copy has no id yet: two cases never share one.
        entries.pop("id", None)
        return shown_page("写一条用例", views.case_form(entries, signed, address=f"{CASES}/new"), signed)

    @router.get("/cases/{number}", response_class=HTMLResponse)
    def one(signed: staff, number: int) -> HTMLResponse:
        try:
            kept = store.kept(number)
        except CasesError as error:
            return _missing(signed, error)
        return _edited(signed, kept, entries_of(kept.case), kept.revision)


def _add_writing(router: APIRouter, room: Room) -> None:
    trail, store = room.desk.trail, room.cases
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.post("/cases/new", dependencies=[OwnForm], response_model=None)
    def add(signed: staff, boxes: Typed) -> _Done:
        entries = views.entries_in(boxes)
        try:
            kept = store.add(case_of(entries), by=signed.user.name, source="工作台")
        except CasesError as error:
            shown = join((views.mistakes_of(error), views.case_form(entries, signed, address=f"{CASES}/new")))
            return shown_page("写一条用例", shown, signed, problem=views.problem_of(error), status=400)
        trail.record(signed.user, "case.add", f"case:{kept.number}", kept.case.id)
        return see_other(f"{CASES}/{kept.number}")

    @router.post("/cases/{number}", dependencies=[OwnForm], response_model=None)
    def change(signed: staff, number: int, boxes: Typed, revision: Annotated[int, Form()] = 0) -> _Done:
        entries = views.entries_in(boxes)
        try:
            kept = store.replace(number, case_of(entries), revision=revision, by=signed.user.name)
        except CaseChanged as error:
            shown = join(
                (views.as_it_stands(error.kept), views.changing(error.kept, entries, error.kept.revision, signed))
            )
            return shown_page("用例", shown, signed, problem=str(error), status=409)
        except CasesError as error:
            return _refused(room, signed, number, entries, revision, error)
        trail.record(signed.user, "case.change", f"case:{number}", kept.case.id)
        return see_other(f"{CASES}/{number}")


def _add_standing(router: APIRouter, room: Room) -> None:
    trail, store = room.desk.trail, room.cases
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.post("/cases/{number}/switch", dependencies=[OwnForm], response_model=None)
    def switch(signed: staff, number: int, active: Annotated[str, Form()] = "") -> _Done:
        try:
            kept = store.switch(number, active=bool(active), by=signed.user.name)
        except CasesError as error:
            return _missing(signed, error)
        trail.record(signed.user, "case.on" if active else "case.off", f"case:{number}", kept.case.id)
        return see_other(f"{CASES}/{number}")

    @router.post("/cases/{number}/remove", dependencies=[OwnForm], response_model=None)
    def remove(signed: staff, number: int, sure: Annotated[str, Form()] = "") -> _Done:
        try:
            kept = store.remove(number) if sure else store.kept(number)
        except CasesError as error:
            return _missing(signed, error)
        if not sure:
            address = f"{CASES}/{number}"
            question = "要删除这条用例吗？跑过的测试里留着它当时的样子。"
            asked = confirming(question, f"{address}/remove", signed, "删除", address)
            told = tag("p", tag("strong", as_told(kept.case.id)), as_told(f" {kept.case.question}"))
            return shown_page("用例", join((told, asked)), signed)
        trail.record(signed.user, "case.remove", f"case:{number}", kept.case.id)
        return see_other(CASES)


def _refused(
    room: Room, signed: Signed, number: int, entries: dict[str, str], revision: int, error: CasesError
) -> HTMLResponse:
    """The form with what was typed; a new one where the case was removed meanwhile."""
    try:
        kept = room.cases.kept(number)
    except CasesError:
        shown = views.case_form(entries, signed, address=f"{CASES}/new")
        return shown_page("写一条用例", shown, signed, problem=str(error), status=404)
    return _edited(signed, kept, entries, revision, error)


def _edited(
    signed: Signed, kept: KeptCase, entries: dict[str, str], revision: int, error: CasesError | None = None
) -> HTMLResponse:
    mistakes = views.mistakes_of(error) if error is not None else EMPTY
    problem = views.problem_of(error) if error is not None else ""
    form = views.changing(kept, entries, revision, signed)
    shown = join((mistakes, views.history_of(kept), form, views.actions(kept, signed)))
    return shown_page("用例", shown, signed, problem=problem, status=400 if error is not None else 200)


def _missing(signed: Signed, error: CasesError) -> HTMLResponse:
    return missing_page("用例", signed, str(error), back=CASES, label="用例列表")
