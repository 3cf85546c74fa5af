"""What is decided on a record: publish, send back, another state, close. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import MarketError
from bot.market.records import CloseReason, State
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import confirming, page
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.pipeline.addresses import RECORDS, choice, kind_of_address, number, record_address
from bot.web.desk.pipeline.record import RecordPages

Sent: TypeAlias = Annotated[str, Form()]


def deciding_router(desk: Desk) -> APIRouter:
    """The decisions; each was made on what stood there at the event ``seen``."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    market, done = desk.market, RecordPages(desk).done

    @router.post(f"{RECORDS}/publish", dependencies=[OwnForm], response_model=None)
    def publish(
        signed: manager,
        kind: Sent = "",
        id: Sent = "",
        seen: Sent = "",  # noqa: A002
    ) -> HTMLResponse | RedirectResponse:
        def work(of: RecordKind) -> None:
            market.release(of, id, actor=signed.user.name, seen=number(seen))

        return done(signed, kind, id, "record.publish", work)

    @router.post(f"{RECORDS}/send-back", dependencies=[OwnForm], response_model=None)
    def send_back(
        signed: manager,
        kind: Sent = "",
        id: Sent = "",
        seen: Sent = "",
        reason: Sent = "",  # noqa: A002
    ) -> HTMLResponse | RedirectResponse:
        def work(of: RecordKind) -> None:
            market.send_back(of, id, reason, actor=signed.user.name, seen=number(seen))

        return done(signed, kind, id, "record.send_back", work, {"reason": reason})

    _add_moving(router, desk)
    _add_closing(router, desk)
    return router


def _add_moving(router: APIRouter, desk: Desk) -> None:
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    market, done = desk.market, RecordPages(desk).done

    @router.post(f"{RECORDS}/move", dependencies=[OwnForm], response_model=None)
    def move(
        signed: manager,
        kind: Sent = "",
        id: Sent = "",
        seen: Sent = "",
        target: Sent = "",  # noqa: A002
    ) -> HTMLResponse | RedirectResponse:
        def work(of: RecordKind) -> None:
            to = choice(State, target)
            if to is None or to is State.CLOSED:
                raise MarketError("没有选要改成的状态", value=target[:20], remedy="从列表里选一个")
            market.move(of, id, to, actor=signed.user.name, seen=number(seen))

        return done(signed, kind, id, "record.move", work, detail=target[:20])


def _add_closing(router: APIRouter, desk: Desk) -> None:
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    pages = RecordPages(desk)

    @router.post(f"{RECORDS}/close", dependencies=[OwnForm], response_model=None)
    def close(
        signed: manager,
        kind: Sent = "",
        id: Sent = "",  # noqa: A002
        seen: Sent = "",
        why: Sent = "",
        words: Sent = "",
        sure: Sent = "",
    ) -> HTMLResponse | RedirectResponse:
        of, reason = kind_of_address(kind), choice(CloseReason, why)
        if reason is not None and not sure:
            question = f"结束这条{of.label}？原因：{reason.label}。"
            if reason is CloseReason.WITHDRAWN:
                question = f"结束这条{of.label}？登记人撤回，联系方式会删除，找不回来。"
            kept = {"kind": kind, "id": id, "seen": seen, "why": why, "words": words}
            asked = confirming(question, f"{RECORDS}/close", signed, "结束", record_address(of, id), **kept)
            return HTMLResponse(page("结束记录", asked, signed, path=RECORDS))

        def work(of: RecordKind) -> None:
            if reason is None:
                raise MarketError("没有选结束的原因", remedy="从列表里选一个")
            told = {"reason": reason, "note": words, "seen": number(seen)}
            desk.market.move(of, id, State.CLOSED, actor=signed.user.name, **told)  # type: ignore[arg-type]

        typed = {"why": why, "close_words": words}
        return pages.done(signed, kind, id, "record.close", work, typed, detail=why[:20])
