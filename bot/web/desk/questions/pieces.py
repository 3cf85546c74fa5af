"""Pieces that the pages over questions share."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi.responses import HTMLResponse

from bot.questions.records import MODE_LABELS, OUTCOME_LABELS, Asking, KeptQuestion, Verdict
from bot.text.moments import to_the_minute
from bot.web.desk.frame import as_told, page, rooms, table
from bot.web.desk.guard import Signed
from bot.web.desk.questions.room import GAPS, GROUPS, PATH
from bot.web.markup import EMPTY, Html, join, tag, text

_SHOWN = 80
_PLACES = {
    PATH: "全部问题",
    GROUPS: "答不上的",
    f"{PATH}/not-useful": "评为没用的",
    f"{PATH}/most-asked": "问得最多的",
    GAPS: "要补的缺口",
}


def shown_page(
    title: str, body: Html, signed: Signed, *, here: str = "", problem: str = "", notice: str = "", status: int = 200
) -> HTMLResponse:
    """A page of the section with the ways to its other lists."""
    whole = join((rooms(_PLACES, here, name="问答记录", class_="choices rooms"), body))
    return HTMLResponse(page(title, whole, signed, path=PATH, problem=problem, notice=notice), status)


def missing_page(problem: str, signed: Signed) -> HTMLResponse:
    """What is not there (any more)."""
    return shown_page("问答记录", EMPTY, signed, problem=problem, status=404)


def short(words: str) -> str:
    """The beginning of ``words`` on one line."""
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def question_link(number: int, words: str) -> Html:
    """A question that leads to its page."""
    return tag("a", as_told(short(words) or "（空）"), href=f"{PATH}/{number}", class_="asked")


def question_table(found: Sequence[KeptQuestion], empty: str) -> Html:
    """Questions as rows."""
    rows: list[tuple[Html, ...]] = [
        (
            text(to_the_minute(each.asked_at)),
            question_link(each.number, each.question),
            text(OUTCOME_LABELS[each.outcome]),
            text(MODE_LABELS[each.mode]),
            text(each.door.label),
            verdict_words(each.verdict),
        )
        for each in found
    ]
    return table(("时间（UTC）", "问题", "结果", "方式", "来自", "评价"), rows, empty)


def asking_table(found: Sequence[Asking], empty: str) -> Html:
    """Wordings with how often they were asked."""
    rows: list[tuple[Html, ...]] = [
        (question_link(each.number, each.question), text(str(each.count)), text(to_the_minute(each.newest)))
        for each in found
    ]
    return table(("问题", "次数", "最近（UTC）"), rows, empty)


def verdict_words(verdict: Verdict | None) -> Html:
    """What a reader said."""
    if verdict is None:
        return EMPTY
    said = (text("："), as_told(verdict.reason)) if verdict.reason else ()
    return join((tag("span", text("有用" if verdict.useful else "没用")), *said))
