"""A question made a case of the bench: filled in as far as it can be told, edited, kept."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import InquiryError, QuestionsError
from bot.evaluation.case_columns import NO, YES, case_of
from bot.evaluation.cases import CasesError
from bot.questions.masking import masked
from bot.questions.records import KeptQuestion
from bot.types import Outcome
from bot.web.desk.bench import case_views
from bot.web.desk.bench.case_pages import Typed
from bot.web.desk.bench.room import CASES as BENCH_CASES
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.questions.pieces import missing_page, shown_page
from bot.web.desk.questions.room import CASES, QuestionRoom
from bot.web.desk.replies import see_other
from bot.web.markup import Html, join, tag, text

_TAG = "来自提问"
_SHOULD_ABSTAIN = {Outcome.NOT_STATED: YES, Outcome.OUT_OF_SCOPE: YES, Outcome.ANSWERED: NO}


def add_cases(router: APIRouter, room: QuestionRoom) -> None:
    """Making a case."""
    staff = Annotated[Signed, Depends(room.desk.guard.only(Role.STAFF))]

    @router.get("/cases/new", response_class=HTMLResponse)
    def new(signed: staff, question: int | None = None, inquiry: int | None = None) -> HTMLResponse:
        try:
            entries, source = _filled_in(room, question, inquiry)
        except (QuestionsError, InquiryError) as error:
            return missing_page(str(error), signed)
        return shown_page("做成测试用例", _form(entries, source, signed), signed)

    @router.post("/cases/new", dependencies=[OwnForm], response_model=None)
    def add(
        signed: staff, boxes: Typed, source: Annotated[str, Query(max_length=40)] = ""
    ) -> HTMLResponse | RedirectResponse:
        entries = case_views.entries_in(boxes)
        try:
            kept = room.cases.add(case_of(entries), by=signed.user.name, source=source)
        except CasesError as error:
            shown = join((case_views.mistakes_of(error), _form(entries, source, signed)))
            return shown_page("做成测试用例", shown, signed, problem=case_views.problem_of(error), status=400)
        room.desk.trail.record(signed.user, "case.add", f"case:{kept.number}", kept.case.id)
        return see_other(f"{BENCH_CASES}/{kept.number}")


def _form(entries: dict[str, str], source: str, signed: Signed) -> Html:
    told = tag("p", text("照当时的答复填好的，改成应当怎样再保存。"), class_="hint")
    # Kept in the address: the form is the bench's own.
    address = f"{CASES}?{urlencode({'source': source})}" if source else CASES
    return join((told, case_views.case_form(entries, signed, address=address)))


def _filled_in(room: QuestionRoom, question: int | None, inquiry: int | None) -> tuple[dict[str, str], str]:
    if inquiry is not None:
        asked = masked(room.desk.inquiries.inquiry(inquiry).question)
        return {"id": f"inquiry-{inquiry}", "question": asked, "tags": _TAG}, f"提问 {inquiry}"
    if question is None:
        return {"tags": _TAG}, ""
    kept = room.questions.question(question)
    return _entries(kept), f"问题 {question}"


def _entries(kept: KeptQuestion) -> dict[str, str]:
    documents = "\n".join(dict.fromkeys(each.document_id for each in kept.sources))
    entries = {
        "id": f"question-{kept.number}",
        "question": kept.standalone,
        "tags": _TAG,
        "abstained": _SHOULD_ABSTAIN.get(kept.outcome, ""),
        "document": documents if kept.outcome is Outcome.ANSWERED else "",
    }
    return {name: value for name, value in entries.items() if value}
