"""Questions as lists: all of them with filters and bars, by meaning, not useful, asked most; as a workbook."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from bot.accounts.records import Role
from bot.questions.records import MODE_LABELS, OUTCOME_LABELS, UNANSWERED, KeptQuestion, QuestionFilter, QuestionGroup
from bot.questions.store import MOST_GROUPED, NOT_USEFUL, UNRATED, USEFUL, Counted
from bot.questions.workbook import MOST_ROWS, workbook
from bot.text.moments import to_the_minute
from bot.web.desk.figures import bar
from bot.web.desk.frame import as_told, choice_field, field, table
from bot.web.desk.guard import Signed
from bot.web.desk.questions.pieces import (
    asking_table,
    question_link,
    question_table,
    shown_page,
    verdict_words,
)
from bot.web.desk.questions.room import GROUPS, PATH, QuestionRoom, address_of, filter_of
from bot.web.desk.replies import SHEET, download
from bot.web.markup import EMPTY, Html, join, tag, text

_A_PAGE = 50
#: Days that are drawn: the newest.
_DAYS = 31


def add_lists(router: APIRouter, room: QuestionRoom) -> None:
    """The lists."""
    store = room.questions
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("", response_class=HTMLResponse)
    def every(signed: staff, request: Request, before: int | None = None) -> HTMLResponse:
        wanted = filter_of(request.query_params)
        found = store.listed(wanted, limit=_A_PAGE + 1, before=before)
        body = (_kept_for(room), _filters(wanted), _bars(room, wanted), _part(found, wanted), _export(found, wanted))
        return shown_page("问答记录", join(body), signed, here=PATH)

    @router.get("/unanswered", response_class=HTMLResponse)
    def unanswered(signed: staff, request: Request) -> HTMLResponse:
        wanted = filter_of(request.query_params)
        groups, by_meaning = room.groups(wanted)
        return shown_page("答不上的问题", _groups(groups, wanted, by_meaning=by_meaning), signed, here=GROUPS)

    @router.get("/not-useful", response_class=HTMLResponse)
    def not_useful(signed: staff) -> HTMLResponse:
        rows: list[tuple[Html, ...]] = [
            (
                text(to_the_minute(verdict.at)),
                question_link(kept.number, kept.question) if kept is not None else as_told(words),
                verdict_words(verdict),
            )
            for kept, words, verdict in store.not_useful()
        ]
        shown = table(("时间（UTC）", "问题", "意见"), rows, "还没有评为没用的回答。")
        return shown_page("评为没用的", shown, signed, here=f"{PATH}/not-useful")

    @router.get("/most-asked", response_class=HTMLResponse)
    def most_asked(signed: staff, request: Request) -> HTMLResponse:
        shown = asking_table(store.asked_most(filter_of(request.query_params)), "还没有问题。")
        hint = tag("p", text("只差标点、空格、全半角的算同一问。"), class_="hint")
        return shown_page("问得最多的", join((hint, shown)), signed, here=f"{PATH}/most-asked")

    @router.get("/export.xlsx")
    def export(signed: staff, request: Request) -> Response:
        found = store.listed(filter_of(request.query_params), limit=MOST_ROWS)
        content = workbook(found)
        room.desk.trail.record(signed.user, "questions.exported", "", f"{len(found)}")
        return download(content, "questions.xlsx", SHEET)


def _kept_for(room: QuestionRoom) -> Html:
    days = room.desk.settings.desk.question_days
    if not days:
        return tag("p", text("设置为不保存问题（desk.question_days 是 0）。"), class_="hint")
    told = f"页面和接口上的提问隐去电话、邮箱、证件号、姓名后留 {days} 天；不与地址、登录、回执相连。"
    return tag("p", text(told), class_="hint")


def _filters(wanted: QuestionFilter) -> Html:
    def box(kind: str, name: str, value: str) -> Html:
        return tag("input", type=kind, id=name, name_=name, value=value, maxlength=100)

    outcomes = {"": "全部"} | {each.value: words for each, words in OUTCOME_LABELS.items()}
    modes = {"": "全部"} | {each.value: words for each, words in MODE_LABELS.items()}
    verdicts = {"": "全部", USEFUL: "有用", NOT_USEFUL: "没用", UNRATED: "没有评价"}
    return tag(
        "form",
        field("问题里的字", box("search", "q", wanted.words), of="q"),
        choice_field("结果", "outcome", outcomes, wanted.outcome),
        choice_field("方式", "mode", modes, wanted.mode),
        choice_field("评价", "verdict", verdicts, wanted.verdict),
        field("从哪天", box("date", "since", wanted.since), of="since"),
        field("到哪天", box("date", "until", wanted.until), of="until"),
        tag("button", text("筛选"), type="submit"),
        method="get",
        action=PATH,
        class_="filters",
    )


def _bars(room: QuestionRoom, wanted: QuestionFilter) -> Html:
    store = room.questions
    days = store.counts(wanted, "day")[-_DAYS:]
    outcomes: dict[str, str] = {each.value: words for each, words in OUTCOME_LABELS.items()}
    modes: dict[str, str] = {each.value: words for each, words in MODE_LABELS.items()}
    parts = (
        _counted("按结果", store.counts(wanted, "outcome"), outcomes),
        _counted("按方式", store.counts(wanted, "mode"), modes),
        _counted("按天", days, {}),
    )
    summary = tag("summary", text("数一数"))
    return (
        tag("details", summary, tag("div", *parts, class_="sides"), open=wanted == QuestionFilter()) if days else EMPTY
    )


def _counted(title: str, found: Sequence[Counted], labels: Mapping[str, str]) -> Html:
    most = max((each.count for each in found), default=1)
    rows: list[tuple[Html, ...]] = [
        (text(labels.get(each.value, each.value)), text(str(each.count)), bar(each.count / most)) for each in found
    ]
    return tag("section", tag("h2", text(title)), table(("", "次数", "图"), rows, "没有。"))


def _part(found: Sequence[KeptQuestion], wanted: QuestionFilter) -> Html:
    shown = found[:_A_PAGE]
    rows = question_table(shown, "没有这样的问题。")
    if len(found) <= _A_PAGE:
        return rows
    older = address_of(PATH, wanted, before=str(shown[-1].number))
    return join((rows, tag("p", tag("a", text("更早的"), href=older))))


def _export(found: Sequence[KeptQuestion], wanted: QuestionFilter) -> Html:
    if not found:
        return EMPTY
    words = f"导出这些问题（.xlsx，最多 {MOST_ROWS} 条）"
    return tag("p", tag("a", text(words), href=address_of(f"{PATH}/export.xlsx", wanted)))


def _groups(groups: Sequence[QuestionGroup], wanted: QuestionFilter, *, by_meaning: bool) -> Html:
    told = "没有写明、只给了相近原文、不在范围内的问题，意思相近的放在一组；组名是最居中的一问。"
    hint = told if by_meaning else "编码器现在用不了：每种问法单独列出。"
    choices = {"": "全部"} | {each.value: OUTCOME_LABELS[each] for each in UNANSWERED}
    links = (
        tag(
            "a",
            text(words),
            href=address_of(GROUPS, QuestionFilter(outcome=value)),
            aria_current="true" if value == wanted.outcome else None,
        )
        for value, words in choices.items()
    )
    rows: list[tuple[Html, ...]] = [
        (
            tag("a", as_told(each.centre.question), href=f"{GROUPS}/{each.centre.number}", class_="asked"),
            text(str(len(each.members))),
            text(str(each.count)),
            text(to_the_minute(each.newest)),
        )
        for each in groups
    ]
    full = sum(len(each.members) for each in groups) >= MOST_GROUPED
    more = tag("p", text(f"只比较最近的 {MOST_GROUPED} 种问法。"), class_="hint") if full else EMPTY
    shown = table(("问题", "几种问法", "次数", "最近（UTC）"), rows, "没有答不上的问题。")
    return join((tag("p", text(hint), class_="hint"), tag("p", *links, class_="choices"), shown, more))
