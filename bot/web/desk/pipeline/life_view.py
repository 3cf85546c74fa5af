"""How good a record is and what happened to it, as markup."""

from __future__ import annotations

from collections.abc import Iterable

from bot.market.fields import field_spec
from bot.market.quality import MAX_POINTS, QualityReport
from bot.market.records import CloseReason, RecordEvent, State
from bot.text.moments import to_the_minute
from bot.types import RecordKind
from bot.web.desk.frame import as_told, table
from bot.web.markup import EMPTY, Html, join, tag, text

_EVENT_NAMES = {
    "submit": "登记",
    "hand_over": "转给技术经理人",
    "save": "保存",
    "import": "导入",
    "revise": "登记人修改",
    "edit": "经理人修改",
    "contact": "联系方式变更",
    "move": "改状态",
    "send_back": "退回登记人",
    "merge": "并入了另一条",
    "merged": "并入另一条",
    "asked": "征询引荐",
    "given": "同意引荐",
    "refused": "不同意引荐",
    "withdrawn": "撤回同意",
    "interest": "表达意向",
    "owner_replaced": "所属单位变更",
}


def quality_view(report: QualityReport) -> Html:
    """The points by criterion, what would raise them, and what will be hidden."""
    scores = (
        tag("li", tag("span", text(each.criterion.label)), text(f" {each.points} / {MAX_POINTS}"))
        for each in report.scores
    )
    advice = [tag("li", text(each)) for each in report.improve]
    found = [tag("li", tag("span", text(each.kind.label)), text("："), as_told(each.text)) for each in report.findings]
    return join(
        (
            tag("p", tag("strong", text(f"{report.total} / 20"))),
            tag("ul", *scores),
            join((tag("p", text("怎样改进")), tag("ul", *advice))) if advice else EMPTY,
            join((tag("p", text("公开文字里有这些，会隐去")), tag("ul", *found))) if found else EMPTY,
        )
    )


def history_view(events: Iterable[RecordEvent]) -> Html:
    """Everything that happened to a record, newest first."""
    rows = []
    for event in reversed(tuple(events)):
        before, after = event.from_state, event.to_state
        moved = tag("span", text(after.label)) if after is not None and after is not before else EMPTY
        changes = [
            tag(
                "li",
                tag("span", text(_label(event.kind, each.field))),
                text("："),
                as_told(f"{each.before} → {each.after}"),
            )
            for each in event.changes
        ]
        what = join((moved, text(" "), _why(event), tag("ul", *changes) if changes else EMPTY))
        name = _EVENT_NAMES.get(event.action)
        done = text(name) if name is not None else as_told(event.action)
        rows.append((text(to_the_minute(event.at)), as_told(event.actor), done, what))
    return tag(
        "details",
        tag("summary", text("全部变更")),
        table(("时间（UTC）", "谁", "做了什么", "说明"), rows, "还没有记录。"),
    )


def _label(kind: RecordKind, name: str) -> str:
    try:
        return field_spec(kind, name).label
    except KeyError:
        return name


def _why(event: RecordEvent) -> Html:
    """The reason of an event; that of a closing begins with its code."""
    code, _, rest = event.reason.partition("：")
    if event.to_state is State.CLOSED and code in {each.value for each in CloseReason}:
        return join((tag("span", text(CloseReason(code).label)), text(" "), as_told(rest)))
    return as_told(event.reason)
