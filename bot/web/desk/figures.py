"""Figures of the pipeline as plots beside their numbers, and the calendar of deadlines. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from bot.accounts.records import Role
from bot.market.records import CloseReason
from bot.pipeline.deadlines import Deadline, calendar_file, deadlines
from bot.pipeline.figures import ANCHORS, PipelineFigures, Stay, Step, pipeline_figures
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, choices, page, table
from bot.web.desk.guard import ROOT, Signed
from bot.web.desk.introductions.addresses import pair_address
from bot.web.desk.pipeline.addresses import record_address
from bot.web.desk.replies import download
from bot.web.markup import EMPTY, Html, join, tag, text

FIGURES, CALENDAR = f"{ROOT}/figures", f"{ROOT}/calendar"
#: Days looked back on, by the name in the address.
PERIODS = {"all": None, "year": 365, "quarter": 91}
_PERIOD_LABELS = {"all": "全部", "year": "最近一年发布的", "quarter": "最近三个月发布的"}
_WIDTH, _HEIGHT = 100, 6


def figures_router(desk: Desk) -> APIRouter:
    """The two pages and the calendar's file."""
    router = APIRouter(prefix=ROOT)
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]

    @router.get("/figures", response_class=HTMLResponse)
    def figures(signed: manager, period: str = "all") -> str:
        period = period if period in PERIODS else "all"
        days = PERIODS[period]
        since = None if days is None else desk.today() - timedelta(days=days)
        found = pipeline_figures(desk.market, desk.today(), since)
        return page("统计", join((_periods(period), _shown(found))), signed, path=FIGURES)

    @router.get("/calendar", response_class=HTMLResponse)
    def calendar(signed: manager) -> str:
        found = deadlines(desk.market, desk.settings, desk.today())
        save = tag("p", tag("a", text("存成日历文件（.ics）"), href=f"{CALENDAR}.ics"))
        rows = [_row(each, desk.today()) for each in found]
        shown = table(("日期", "还有几天", "什么事", "关于"), rows, "眼下没有要到期的事。")
        return page("日程", join((save, shown)), signed, path=CALENDAR)

    @router.get("/calendar.ics")
    def calendar_as_file(signed: manager) -> Response:
        found = deadlines(desk.market, desk.settings, desk.today())
        desk.trail.record(signed.user, "calendar.exported", "", f"{len(found)}")
        return download(calendar_file(found), "deadlines.ics", "text/calendar")

    return router


def _periods(chosen: str) -> Html:
    addresses = {f"{FIGURES}?period={name}": label for name, label in _PERIOD_LABELS.items()}
    return choices(addresses, f"{FIGURES}?period={chosen}")


def _shown(found: PipelineFigures) -> Html:
    parts: list[Html] = []
    for kind, steps in found.funnels.items():
        parts += [tag("h2", text(f"{kind.label}走到哪一步")), _funnel(steps)]
    anchors = (
        tag("li", tag("span", text(each.what)), text(" "), text(_share(each.share)), text(" "), as_told(each.source))
        for each in ANCHORS
    )
    parts += [
        tag("p", text("别处的数字，口径不同，只作参照：")),
        tag("ul", *anchors),
        tag("h2", text("在每个状态停留几天")),
        _stays(found.stays),
        tag("h2", text("为什么结束")),
        _reasons(found.closings, "还没有结束的记录。"),
        tag("h2", text("对接为什么没有成")),
        _reasons(found.pairs_ended, "还没有未成的对接。"),
        tag("p", text("示例和历史记录不计。"), class_="hint"),
    ]
    return join(parts)


def _funnel(steps: Sequence[Step]) -> Html:
    rows: list[tuple[Html, ...]] = [
        (text(each.label), text(str(each.count)), text(_share(each.share)), bar(each.share or 0.0)) for each in steps
    ]
    return table(("阶段", "条数", "占已发布", "图"), rows, "")


def _stays(stays: Iterable[Stay]) -> Html:
    longest = max((each.long_days or 0.0 for each in stays), default=0.0) or 1.0
    rows: list[tuple[Html, ...]] = [
        (
            text(each.state.label),
            text(_days(each.median_days)),
            text(_days(each.long_days)),
            text(str(each.ended)),
            text(str(each.standing)),
            bar((each.median_days or 0.0) / longest),
        )
        for each in stays
    ]
    return table(("状态", "中位天数", "九成不超过", "已离开", "现在停着", "图"), rows, "还没有发布过的记录。")


def _reasons(counted: Sequence[tuple[CloseReason, int]], empty: str) -> Html:
    most = max((count for _, count in counted), default=1)
    rows: list[tuple[Html, ...]] = [
        (text(reason.label), text(str(count)), bar(count / most)) for reason, count in counted
    ]
    return table(("原因", "条数", "图"), rows, empty)


def bar(share: float) -> Html:
    """A bar as long as ``share`` (0 to 1); its number stands beside it, so it says nothing to a screen reader."""
    drawn = tag("rect", width=f"{_WIDTH * min(1.0, max(0.0, share)):.1f}", height=_HEIGHT, rx=1)
    return tag("svg", drawn, class_="bar", viewBox=f"0 0 {_WIDTH} {_HEIGHT}", aria_hidden="true", focusable="false")


def _row(each: Deadline, today: date) -> tuple[Html, ...]:
    left = (each.day - today).days
    passed = tag("strong", text(f"过了 {-left} 天"), class_="problem") if left < 0 else EMPTY
    of_need = record_address(RecordKind.NEED, each.need_id)
    address = pair_address(each.need_id, each.offer_id) if each.offer_id else of_need
    return (
        text(each.day.isoformat()),
        passed or text(str(left)),
        text(each.kind.label),
        tag("a", as_told(each.about), href=address),
    )


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _days(days: float | None) -> str:
    return "—" if days is None else f"{days:g}"
