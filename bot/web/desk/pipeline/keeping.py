"""Who looks after a record, and notes about it. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.pipeline.case_files import CaseFiles
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.pipeline.addresses import RECORDS
from bot.web.desk.pipeline.record import RecordPages, managers

Sent: TypeAlias = Annotated[str, Form()]


def keeping_router(desk: Desk) -> APIRouter:
    """Taking over, handing on, letting go, notes; case files write the trail themselves."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    cases, done = CaseFiles(desk.database), RecordPages(desk).done

    @router.post(f"{RECORDS}/take", dependencies=[OwnForm], response_model=None)
    def take(signed: manager, kind: Sent = "", id: Sent = "") -> HTMLResponse | RedirectResponse:  # noqa: A002
        return done(signed, kind, id, "", lambda of: cases.take(of, id, by=signed.user.name))

    @router.post(f"{RECORDS}/let-go", dependencies=[OwnForm], response_model=None)
    def let_go(signed: manager, kind: Sent = "", id: Sent = "") -> HTMLResponse | RedirectResponse:  # noqa: A002
        return done(signed, kind, id, "", lambda of: cases.let_go(of, id, by=signed.user.name))

    @router.post(f"{RECORDS}/hand-on", dependencies=[OwnForm], response_model=None)
    def hand_on(
        signed: manager,
        kind: Sent = "",
        id: Sent = "",  # noqa: A002
        to: Sent = "",
        holder: Sent = "",
    ) -> HTMLResponse | RedirectResponse:
        def work(of: RecordKind) -> None:
            cases.hand_on(of, id, to if to in managers(desk) else "", by=signed.user.name, holder=holder)

        return done(signed, kind, id, "", work)

    @router.post(f"{RECORDS}/note", dependencies=[OwnForm], response_model=None)
    def note(
        signed: manager,
        kind: Sent = "",
        id: Sent = "",
        words: Sent = "",  # noqa: A002
    ) -> HTMLResponse | RedirectResponse:
        typed = {"words": words}
        return done(signed, kind, id, "", lambda of: cases.note(of, id, words, by=signed.user.name), typed)

    return router
