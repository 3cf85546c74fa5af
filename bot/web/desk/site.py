"""The desk put together: its routes, its style sheet, sign-in where somebody is missing, errors as pages."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bot.accounts.accounts import Accounts
from bot.accounts.audit import AuditTrail
from bot.accounts.records import Role
from bot.inquiries.office import InquiryOffice
from bot.market.requests import ManagerRequest, manager_requests
from bot.market.service import Market
from bot.store.database import Database
from bot.web.desk.frame import page, table
from bot.web.desk.guard import ROOT, Guard, Signed, SignInNeeded, sign_in_address
from bot.web.desk.inquiries import inquiry_router
from bot.web.desk.signing import signing_router
from bot.web.markup import Html, join, tag, text

_STATIC = Path(__file__).resolve().parent / "static"
_ENTRIES = 200


def add_desk(site: FastAPI, database: Database, market: Callable[[], Market]) -> None:
    """Add the desk below ``/desk`` to ``site``; ``market`` is opened when it is first asked for."""
    guard, trail, office = Guard(Accounts(database)), AuditTrail(database), InquiryOffice(database)
    site.include_router(signing_router(guard), include_in_schema=False)
    site.include_router(inquiry_router(guard, office, trail), include_in_schema=False)
    site.include_router(_own_router(guard, trail, office, market), include_in_schema=False)

    @site.exception_handler(SignInNeeded)
    def sign_in_first(_: Request, needed: SignInNeeded) -> Response:
        return RedirectResponse(sign_in_address(needed.address), 303)


def _own_router(guard: Guard, trail: AuditTrail, office: InquiryOffice, market: Callable[[], Market]) -> APIRouter:
    router = APIRouter(prefix=ROOT)
    anybody = Annotated[Signed, Depends(guard.any_role)]
    manager = Annotated[Signed, Depends(guard.only(Role.MANAGER))]
    staff = Annotated[Signed, Depends(guard.only(Role.STAFF))]

    @router.get("/static/{name}")
    def static(name: str) -> FileResponse:
        file = _STATIC / name
        if name != file.name or not file.is_file():
            raise HTTPException(404, "没有这个文件")
        return FileResponse(file, headers={"Cache-Control": "max-age=3600"})

    @router.get("", response_class=HTMLResponse)
    def home(signed: anybody) -> str:
        lines = []
        if signed.user.may(Role.STAFF):
            lines.append(("提问", f"{ROOT}/inquiries", office.waiting()))
        if signed.user.may(Role.MANAGER):
            lines.append(("转办", f"{ROOT}/requests", len(market().handed_over())))
        items = (tag("li", tag("a", text(f"{label}：{count} 条等着处理"), href=path)) for label, path, count in lines)
        return page("总览", tag("ul", *items, class_="counts"), signed, path=ROOT)

    @router.get("/requests", response_class=HTMLResponse)
    def requests(signed: manager) -> str:
        found = manager_requests(market())
        for each in found:
            trail.record(signed.user, "contact.seen", f"{each.kind.value}:{each.record.id}")
        shown = table(("编号", "类别", "内容", "单位", "联系方式"), [_row(each) for each in found], "没有转办的事。")
        return page("转办", shown, signed, path=f"{ROOT}/requests")

    @router.get("/trail", response_class=HTMLResponse)
    def read_trail(signed: staff) -> str:
        rows = [
            tuple(map(text, (each.at[:19].replace("T", " "), each.user_name, each.action, each.subject, each.detail)))
            for each in trail.newest(_ENTRIES)
        ]
        shown = table(("时间（UTC）", "谁", "做了什么", "对象", "说明"), rows, "还没有记录。")
        return page("操作记录", shown, signed, path=f"{ROOT}/trail")

    return router


def _row(request: ManagerRequest) -> tuple[Html, ...]:
    told = join((tag("strong", text(request.record.title)), tag("p", text(request.record.description))))
    return text(request.record.id), text(request.kind.label), told, text(request.owner), text(request.contact.line)
