"""Gaps: the list, noting one, changing it, asking its questions again."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import AssistantError, InquiryError, QuestionsError
from bot.questions.gaps import MOST_LINKED, GapChanged
from bot.questions.masking import masked
from bot.questions.records import OUTCOME_LABELS, AskedAgain, Gap, GapState, Repetition
from bot.text.moments import to_the_minute
from bot.web.desk.frame import as_told, choice_field, form, hidden, line_field, submit, table, text_field
from bot.web.desk.guard import ROOT, OwnForm, Signed
from bot.web.desk.questions.again import VERSIONS, repeated, versions
from bot.web.desk.questions.pieces import missing_page, question_table, short, shown_page
from bot.web.desk.questions.room import GAPS, QuestionRoom
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join, tag, text

_Done = HTMLResponse | RedirectResponse
_LONGEST_FORM = 6_000


def add_gap_list(router: APIRouter, room: QuestionRoom) -> None:
    """The list, and noting a gap."""
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/gaps", response_class=HTMLResponse)
    def listed(signed: staff) -> HTMLResponse:
        shown = join((tag("p", tag("a", text("记一处缺口"), href=f"{GAPS}/new")), _list(room.gaps.listed())))
        return shown_page("要补的缺口", shown, signed, here=GAPS)

    @router.get("/gaps/new", response_class=HTMLResponse)
    def new(signed: staff, inquiry: int | None = None) -> HTMLResponse:
        try:
            question = masked(room.desk.inquiries.inquiry(inquiry).question) if inquiry is not None else ""
        except InquiryError as error:
            return missing_page(str(error), signed)
        return shown_page("记一处缺口", _new_form(signed, question, "", (), inquiry), signed)

    @router.post("/gaps/begin", dependencies=[OwnForm], response_class=HTMLResponse)
    def begin(
        signed: staff, question: Annotated[str, Form()] = "", questions: Annotated[str, Form()] = ""
    ) -> HTMLResponse:
        return shown_page("记一处缺口", _new_form(signed, question, "", _numbers(questions), None), signed)

    @router.post("/gaps/new", dependencies=[OwnForm], response_model=None)
    def add(
        signed: staff,
        question: Annotated[str, Form(max_length=_LONGEST_FORM)] = "",
        note: Annotated[str, Form(max_length=_LONGEST_FORM)] = "",
        questions: Annotated[str, Form()] = "",
        inquiry: Annotated[str, Form(max_length=12)] = "",
    ) -> _Done:
        linked, left = _numbers(questions), int(inquiry) if inquiry.isascii() and inquiry.isdigit() else None
        try:
            gap = room.gaps.add(question, note, by=signed.user.name, questions=linked, inquiry=left)
        except QuestionsError as error:
            shown = _new_form(signed, question, note, linked, left)
            return shown_page("记一处缺口", shown, signed, problem=str(error), status=400)
        room.desk.trail.record(signed.user, "gap.add", f"gap:{gap.number}")
        return see_other(f"{GAPS}/{gap.number}")


def add_gap_pages(router: APIRouter, room: QuestionRoom) -> None:
    """One gap: seen, changed, its questions asked again."""
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]
    trail = room.desk.trail

    @router.get("/gaps/{number}", response_class=HTMLResponse)
    def one(signed: staff, number: int) -> HTMLResponse:
        try:
            gap = room.gaps.gap(number)
        except QuestionsError as error:
            return missing_page(str(error), signed)
        return _page(room, gap, signed)

    @router.post("/gaps/{number}", dependencies=[OwnForm], response_model=None)
    def change(
        signed: staff,
        number: int,
        question: Annotated[str, Form(max_length=_LONGEST_FORM)] = "",
        note: Annotated[str, Form(max_length=_LONGEST_FORM)] = "",
        state: GapState = Form(GapState.OPEN),  # noqa: B008 - how the framework reads a form
        revision: int = Form(0),
    ) -> _Done:
        try:
            room.gaps.change(number, question, note, state, revision=revision, by=signed.user.name)
        except GapChanged as error:
            typed = (question, note, state, error.kept.revision)
            return _page(room, error.kept, signed, typed=typed, problem=str(error), status=409)
        except QuestionsError as error:
            try:
                gap = room.gaps.gap(number)
            except QuestionsError:
                return missing_page(str(error), signed)
            return _page(room, gap, signed, typed=(question, note, state, revision), problem=str(error), status=400)
        trail.record(signed.user, "gap.change", f"gap:{number}", state.value)
        return see_other(f"{GAPS}/{number}")

    @router.post("/gaps/{number}/again", dependencies=[OwnForm], response_model=None)
    def again(signed: staff, number: int, version: Annotated[str, Form(max_length=12)] = "") -> _Done:
        try:
            gap = room.gaps.gap(number)
            gap = room.gaps.asked_again(number, repeated(room, gap, version, by=signed.user.name))
        except QuestionsError as error:
            return missing_page(str(error), signed)
        except AssistantError as error:
            return _page(room, gap, signed, problem=str(error), status=409)
        trail.record(signed.user, "gap.asked", f"gap:{number}", gap.state.value)
        return see_other(f"{GAPS}/{number}")


def _numbers(written: str) -> tuple[int, ...]:
    parts = (each.strip() for each in written.split(",")[:MOST_LINKED])
    return tuple(int(each) for each in parts if each.isascii() and each.isdigit() and len(each) < 10)


def _list(gaps: Sequence[Gap]) -> Html:
    rows: list[tuple[Html, ...]] = [
        (
            tag("a", as_told(short(each.question)), href=f"{GAPS}/{each.number}"),
            text(each.state.label),
            text(str(len(each.questions))),
            join((text(to_the_minute(each.changed_at)), text(" "), as_told(each.changed_by))),
        )
        for each in gaps
    ]
    return table(("缺什么", "状态", "相关问题", "改于"), rows, "还没有记下缺口。")


def _new_form(signed: Signed, question: str, note: str, questions: Sequence[int], inquiry: int | None) -> Html:
    linked = hidden("questions", ",".join(map(str, questions)))
    of = hidden("inquiry", "" if inquiry is None else str(inquiry))
    told = tag("p", text(f"连同 {len(questions)} 个问题。"), class_="hint") if questions else EMPTY
    return join((told, form(f"{GAPS}/new", signed, linked, of, *_boxes(question, note), submit("记下", main=True))))


def _boxes(question: str, note: str) -> tuple[Html, Html]:
    return (
        line_field("资料里缺什么（写成一问）", "question", question, required=True, hint="补上以后照这一问去检验。"),
        text_field("说明", "note", note, rows=4, hint="谁来写、依据哪份文件、问过谁。"),
    )


def _page(
    room: QuestionRoom,
    gap: Gap,
    signed: Signed,
    *,
    typed: tuple[str, str, GapState, int] | None = None,
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    question, note, state, revision = typed or (gap.question, gap.note, gap.state, gap.revision)
    states = {each.value: each.label for each in GapState}
    address = f"{GAPS}/{gap.number}"
    linked = room.questions.questions(gap.questions)
    parts = (
        tag("p", tag("strong", as_told(gap.question)), text(" "), tag("span", text(gap.state.label), class_="hint")),
        _inquiry(gap),
        tag("h2", text("再问一遍")),
        _repetition(gap.repetition),
        _again(room, address, signed),
        tag("h2", text("改这处缺口")),
        form(
            address,
            signed,
            hidden("revision", str(revision)),
            *_boxes(question, note),
            choice_field("状态", "state", states, state.value),
            submit("保存", main=True),
        ),
        tag("h2", text("相关的问题")),
        question_table(linked, "没有（或者保存期已过）。"),
        tag(
            "p",
            tag("span", text("记于")),
            tag("span", text(to_the_minute(gap.added_at))),
            as_told(gap.added_by),
            class_="hint about",
        ),
    )
    return shown_page(f"缺口 {gap.number}", join(parts), signed, problem=problem, status=status)


def _inquiry(gap: Gap) -> Html:
    if gap.inquiry is None:
        return EMPTY
    return tag("p", tag("a", text(f"答复提问 {gap.inquiry}"), href=f"{ROOT}/inquiries/{gap.inquiry}"))


def _again(room: QuestionRoom, address: str, signed: Signed) -> Html:
    buttons = (submit(VERSIONS[each], name="version", value=each) for each in versions(room))
    told = "用这处缺口和相关问题的每种问法各问一遍，不用模型；现用的资料全答上了，就算补上。"
    return join((tag("p", text(told), class_="hint"), form(f"{address}/again", signed, tag("p", *buttons))))


def _repetition(told: Repetition | None) -> Html:
    if told is None:
        return tag("p", text("还没有再问过。"), class_="empty")
    of = "待启用的版本" if told.waiting else "现用的资料"
    which = f"{of}（第 {told.version} 版）" if told.version is not None else of
    answered = sum(each.answered for each in told.askings)
    head = (
        tag("span", text(which)),
        tag("span", text(f"{answered}/{len(told.askings)} 答上了")),
        tag("span", text(to_the_minute(told.at))),
        as_told(told.by),
    )
    rows: list[tuple[Html, ...]] = [
        (as_told(each.question), _change(each), tag("details", tag("summary", text("答复")), as_told(each.answer)))
        for each in told.askings
    ]
    return join((tag("p", *head, class_="hint about"), table(("问题", "结果", "现在的答复"), rows, "")))


def _change(each: AskedAgain) -> Html:
    now = tag("strong" if each.answered else "span", text(OUTCOME_LABELS[each.outcome]))
    if each.before is None or each.before is each.outcome:
        return now
    return join((tag("del", text(OUTCOME_LABELS[each.before])), text(" → "), now))
