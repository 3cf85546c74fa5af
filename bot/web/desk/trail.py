"""The audit trail at the desk: read by person, action and thing, taken out as a table. For staff."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
import csv
import io
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, StreamingResponse

from bot.accounts.audit import action_labels
from bot.accounts.records import AuditEntry, Role
from bot.text.cells import neutralised
from bot.text.moments import to_the_second
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, choice_field, line_field, page, submit, table
from bot.web.desk.guard import ROOT, Signed
from bot.web.desk.replies import CSV, attachment
from bot.web.markup import EMPTY, Html, join, tag, text

PATH = f"{ROOT}/trail"
_SHOWN = 100
_HEADINGS = ("时间（UTC）", "谁", "做了什么", "对象", "说明")


def trail_router(desk: Desk) -> APIRouter:
    """The pages over the trail; that it was taken out is an entry of its own."""
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.get("", response_class=HTMLResponse)
    def read(signed: staff, who: str = "", action: str = "", subject: str = "", before: int = 0) -> str:
        asked = {"who": who[:100], "action": action[:40], "subject": subject[:200]}
        found = desk.trail.newest(
            _SHOWN, user_name=asked["who"], action=asked["action"], subject=asked["subject"], before=max(0, before)
        )
        shown = table(_HEADINGS, [_row(each) for each in found], "没有这样的记录。")
        parts = (_filter(asked), _export_link(), shown, _older(found, asked))
        return page("操作记录", join(parts), signed, path=PATH)

    @router.get("/export.csv")
    def export(signed: staff) -> StreamingResponse:
        desk.trail.record(signed.user, "trail.exported")
        return StreamingResponse(_lines(desk.trail.all()), media_type=CSV, headers=attachment("trail.csv"))

    return router


def _row(entry: AuditEntry) -> tuple[Html, ...]:
    label = action_labels().get(entry.action, entry.action)
    link = tag("a", as_told(entry.subject), href=f"{PATH}?{urlencode({'subject': entry.subject})}")
    return (
        text(to_the_second(entry.at)),
        as_told(entry.user_name),
        text(label),
        link if entry.subject else EMPTY,
        as_told(entry.detail),
    )


def _filter(asked: dict[str, str]) -> Html:
    actions = {"": "任何操作", **action_labels()}
    return tag(
        "form",
        line_field("谁", "who", asked["who"]),
        choice_field("做了什么", "action", actions, asked["action"]),
        line_field("对象", "subject", asked["subject"]),
        submit("筛选"),
        method="get",
        action=PATH,
        class_="filter",
    )


def _export_link() -> Html:
    return tag("p", tag("a", text("全部导出（.csv）"), href=f"{PATH}/export.csv"))


def _older(found: tuple[AuditEntry, ...], asked: dict[str, str]) -> Html:
    if len(found) < _SHOWN:
        return EMPTY
    return tag("p", tag("a", text("更早的"), href=f"{PATH}?{urlencode({**asked, 'before': found[-1].id})}"))


def _lines(entries: Iterator[AuditEntry]) -> Iterator[str]:
    """The trail as a table that spreadsheets open: a mark of its encoding first, nothing that they would run."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(_HEADINGS)
    for each in entries:
        writer.writerow(map(neutralised, (each.at, each.user_name, each.action, each.subject, each.detail)))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
