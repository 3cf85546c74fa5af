"""One question with the answer that was shown, and one group of questions; what can be made of them."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from bot.accounts.records import Role
from bot.errors import QuestionsError
from bot.inquiries.records import Inquiry
from bot.questions.records import MODE_LABELS, OUTCOME_LABELS, Gap, KeptQuestion, QuestionFilter, QuestionGroup, Source
from bot.text.moments import to_the_minute
from bot.web.desk.frame import as_told, form, hidden, submit
from bot.web.desk.guard import ROOT, Signed
from bot.web.desk.questions.pieces import asking_table, missing_page, short, shown_page, verdict_words
from bot.web.desk.questions.room import CASES, GAPS, GROUPS, QuestionRoom
from bot.web.markup import EMPTY, Html, join, tag, text


def add_group_page(router: APIRouter, room: QuestionRoom) -> None:
    """The page over a group; it is found again by any question in it."""
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/unanswered/{number}", response_class=HTMLResponse)
    def group(signed: staff, number: int) -> HTMLResponse:
        try:
            asked = room.questions.question(number)
        except QuestionsError as error:
            return missing_page(str(error), signed)
        found = _group_of(room, asked)
        if found is None:
            return missing_page("这个问题不在答不上的问题里（也许太旧，不再比较）", signed)
        numbers = [each.number for each in found.members]
        shown = join(
            (
                tag("p", text(f"{len(found.members)} 种问法，共 {found.count} 次。"), class_="hint"),
                asking_table(found.members, ""),
                _gaps(room.gaps.of_questions(numbers)),
                _new_gap(found.centre.question, numbers, signed),
            )
        )
        return shown_page("意思相近的问题", shown, signed, here=GROUPS)


def add_question_page(router: APIRouter, room: QuestionRoom) -> None:
    """The page over one question."""
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/{number}", response_class=HTMLResponse)
    def one(signed: staff, number: int) -> HTMLResponse:
        try:
            asked = room.questions.question(number)
        except QuestionsError as error:
            return missing_page(str(error), signed)
        parts = (
            _question(asked),
            _answer(asked),
            _evidence(asked.sources),
            tag("h2", text("拿它做什么")),
            tag("p", tag("a", text("做成测试用例"), href=f"{CASES}?question={number}")),
            _new_gap(asked.standalone, [number], signed),
            _gaps(room.gaps.of_questions([number])),
            _inquiries(room.inquiries_asking(asked.question)),
        )
        return shown_page(f"问题 {number}", join(parts), signed)


def _group_of(room: QuestionRoom, asked: KeptQuestion) -> QuestionGroup | None:
    groups, _ = room.groups(QuestionFilter())
    newest = {each.number for each in room.questions.with_wording(asked.wording)} | {asked.number}
    return next((each for each in groups if any(one.number in newest for one in each.members)), None)


def _question(asked: KeptQuestion) -> Html:
    facts = (
        text(to_the_minute(asked.asked_at)),
        text(asked.door.label),
        text(OUTCOME_LABELS[asked.outcome]),
        text(MODE_LABELS[asked.mode]),
        text(f"{asked.elapsed_ms:.0f} 毫秒"),
    )
    meant = join((text("连同上文"), text("："), as_told(asked.standalone)))
    return join(
        (
            tag("p", tag("strong", as_told(asked.question)), class_="sheet"),
            tag("p", meant) if asked.standalone != asked.question else EMPTY,
            tag("p", *(tag("span", each) for each in facts), class_="hint about"),
            tag("p", text("评价"), text("："), verdict_words(asked.verdict)) if asked.verdict is not None else EMPTY,
        )
    )


def _answer(asked: KeptQuestion) -> Html:
    notes = (tag("li", as_told(each)) for each in asked.notes)
    return join(
        (
            tag("h2", text("当时显示的答复")),
            tag("div", as_told(asked.answer), class_="sheet"),
            tag("ul", *notes) if asked.notes else EMPTY,
        )
    )


def _evidence(sources: Sequence[Source]) -> Html:
    if not sources:
        return tag("p", text("没有引用文件。"), class_="empty")
    items = (
        tag(
            "li",
            tag("p", as_told(f"[{each.marker}] {each.title} {each.section}"), class_="path"),
            tag("blockquote", as_told(each.quote)),
        )
        for each in sources
    )
    return join((tag("h2", text("当时的依据")), tag("ol", *items, class_="messages")))


def _new_gap(question: str, numbers: Sequence[int], signed: Signed) -> Html:
    """A button: the form that it opens can be edited before anything is noted."""
    linked = hidden("questions", ",".join(map(str, numbers)))
    return form(f"{GAPS}/begin", signed, hidden("question", question), linked, submit("记为要补的缺口"))


def _gaps(gaps: Sequence[Gap]) -> Html:
    items = (
        tag("li", tag("a", as_told(short(each.question)), href=f"{GAPS}/{each.number}"), text(" "), _state(each))
        for each in gaps
    )
    return join((tag("h2", text("已经记下的缺口")), tag("ul", *items))) if gaps else EMPTY


def _state(gap: Gap) -> Html:
    return tag("span", text(gap.state.label), class_="hint")


def _inquiries(left: Sequence[Inquiry]) -> Html:
    if not left:
        return tag("p", text("没有人把这个问题留给工作人员。"), class_="hint")
    items = (
        tag(
            "li",
            tag("a", tag("span", text(f"答复提问 {each.id}")), href=f"{ROOT}/inquiries/{each.id}"),
            text(" "),
            tag("span", text(each.state.label), class_="hint"),
        )
        for each in left
    )
    told = tag("p", text("按文字找到，不知道是不是同一个人："), class_="hint")
    return join((tag("h2", text("有人留下了同样的提问")), told, tag("ul", *items)))
