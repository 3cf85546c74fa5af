"""Every change of the corpus, what is retired, and the way back."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.accounts.records import Role
from bot.curation.records import Action
from bot.errors import AssistantError, CorpusError
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.documents import changes_shown
from bot.web.desk.corpus.parts import PATH, link, moved, refused, room_page, section
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.replies import download
from bot.web.markup import join

HISTORY = f"{PATH}/history"
_SHOWN = 200


def history_router(corpus: CorpusDesk) -> APIRouter:
    """The pages over changes; for staff."""
    desk, room = corpus.desk, corpus.room
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.get("/history", response_class=HTMLResponse)
    def history(signed: staff, done: str = "") -> HTMLResponse:
        try:
            changes, retired = room.changes(limit=_SHOWN), room.retired()
        except AssistantError as error:
            return refused("改动记录", error, signed, here=HISTORY, status=200)
        taken = section("撤下、可以恢复的", changes_shown(retired, signed)) if retired else join(())
        body = join((taken, section("全部改动，新的在前", changes_shown(changes, signed))))
        return HTMLResponse(room_page("改动记录", body, signed, here=HISTORY, done=done))

    @router.post("/history/{number}/undo", dependencies=[OwnForm], response_model=None)
    def undo(signed: staff, number: int) -> HTMLResponse | RedirectResponse:
        try:
            change = room.undo(number, by=signed.user.name)
        except AssistantError as error:
            return refused("改动记录", error, signed, body=link("回到改动记录", "/history"), here=HISTORY, status=409)
        desk.trail.record(
            signed.user, f"document.{change.action.value}", f"document:{change.document}", f"change:{number}"
        )
        return moved("/history", done="restored" if change.action is Action.RESTORE else "saved")

    @router.get("/kept")
    def kept(signed: staff, change: int = 0, side: str = "before") -> Response:
        try:
            found = next((each for each in room.changes() if each.id == change), None)
            digest = None if found is None else found.before_digest if side == "before" else found.after_digest
            if found is None or digest is None:
                raise CorpusError("没有留存这一份", value=change, remedy="看改动记录")
            desk.trail.record(signed.user, "document.download", f"change:{change}")
            return download(room.kept.get(digest), found.document)
        except AssistantError as error:
            return refused("改动记录", error, signed, here=HISTORY, status=404)

    return router
