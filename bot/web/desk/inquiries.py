"""Questions left to the office: the list, one question with its contact, replying and closing. For staff."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import InquiryError
from bot.inquiries.office import LONGEST_MESSAGE
from bot.inquiries.records import Inquiry, InquiryState
from bot.text.moments import to_the_minute
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, form, page, submit, table
from bot.web.desk.guard import ROOT, OwnForm, Signed
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.views.inquiries import message_item, sent_along

PATH = f"{ROOT}/inquiries"
_SHOWN = 60


def inquiry_router(desk: Desk) -> APIRouter:
    """The pages over the questions; who saw which contact is written down."""
    guard, office, trail = desk.guard, desk.inquiries, desk.trail
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(guard.only(Role.STAFF))]

    @router.get("", response_class=HTMLResponse)
    def listed(signed: staff, all: bool = False) -> str:  # noqa: A002 - the name in the address
        found = office.listed(tuple(InquiryState) if all else (InquiryState.WAITING,))
        other = tag(
            "a", text("只看等待答复的" if all else "也看已答复和已办结的"), href=PATH if all else f"{PATH}?all=1"
        )
        rows = [_row(each) for each in found]
        shown = table(("编号", "提交", "状态", "问题"), rows, "没有等着答复的提问。")
        return page("提问", join((tag("p", other), shown)), signed, path=PATH)

    @router.get("/{number}", response_class=HTMLResponse)
    def one(signed: staff, number: int) -> HTMLResponse:
        try:
            inquiry = office.inquiry(number)
        except InquiryError as error:
            return HTMLResponse(page("提问", tag("p", text(str(error)), class_="problem"), signed, path=PATH), 404)
        if not inquiry.contact.empty:
            trail.record(signed.user, "contact.seen", f"inquiry:{number}")
        return HTMLResponse(page(f"提问 {number}", _inquiry(inquiry, signed), signed, path=PATH))

    @router.post("/{number}/reply", dependencies=[OwnForm], response_model=None)
    def reply(
        signed: staff, number: int, words: Annotated[str, Form(max_length=LONGEST_MESSAGE * 2)] = ""
    ) -> HTMLResponse | RedirectResponse:
        return _done(signed, number, "inquiry.reply", lambda: office.reply(number, words, by=signed.user.name), words)

    @router.post("/{number}/close", dependencies=[OwnForm], response_model=None)
    def close(signed: staff, number: int) -> HTMLResponse | RedirectResponse:
        return _done(signed, number, "inquiry.close", lambda: office.close(number))

    def _done(
        signed: Signed, number: int, action: str, work: Callable[[], Inquiry], words: str = ""
    ) -> HTMLResponse | RedirectResponse:
        try:
            work()
        except InquiryError as error:
            shown = join((tag("p", text(str(error)), class_="problem", role="alert"), _kept(words)))
            return HTMLResponse(page(f"提问 {number}", shown, signed, path=PATH), 400)
        trail.record(signed.user, action, f"inquiry:{number}")
        return see_other(f"{PATH}/{number}")

    return router


def _row(inquiry: Inquiry) -> tuple[Html, ...]:
    question = " ".join(inquiry.question.split())[:_SHOWN] or "（已撤回）"
    link = tag("a", as_told(question), href=f"{PATH}/{inquiry.id}")
    return text(str(inquiry.id)), text(inquiry.asked_at[:10]), text(inquiry.state.label), link


def _inquiry(inquiry: Inquiry, signed: Signed) -> Html:
    contact = inquiry.contact.line
    return join(
        (
            tag("p", text(f"{inquiry.state.label} · {to_the_minute(inquiry.asked_at)}（UTC）")),
            tag("p", text("联系方式"), text("："), as_told(contact)) if contact else EMPTY,
            tag("ol", *(message_item(each, each.writer.label) for each in inquiry.messages), class_="messages"),
            sent_along(inquiry.conversation, "此前在页面上的问答（{}）"),
            EMPTY if inquiry.state.ended else _forms(inquiry, signed),
            _uses(inquiry) if inquiry.question else EMPTY,
        )
    )


def _forms(inquiry: Inquiry, signed: Signed) -> Html:
    address = f"{PATH}/{inquiry.id}"
    box = tag("textarea", id="words", name_="words", rows=6, maxlength=LONGEST_MESSAGE, required=True)
    label = tag("label", text("答复（提问人凭回执码看到）"), for_="words")
    return join(
        (
            form(f"{address}/reply", signed, tag("div", label, box, class_="field"), submit("发出答复", main=True)),
            form(f"{address}/close", signed, submit("办结（删除联系方式）")),
        )
    )


def _uses(inquiry: Inquiry) -> Html:
    """What else can be made of the question, without whoever asked it."""
    case = tag("a", text("做成测试用例"), href=f"{ROOT}/questions/cases/new?inquiry={inquiry.id}")
    gap = tag("a", text("记为要补的缺口"), href=f"{ROOT}/questions/gaps/new?inquiry={inquiry.id}")
    return tag("p", case, gap, class_="choices")


def _kept(words: str) -> Html:
    """What was written, so that a refusal loses nothing."""
    return tag("textarea", text(words), rows=6, aria_label="您写的答复") if words else EMPTY
