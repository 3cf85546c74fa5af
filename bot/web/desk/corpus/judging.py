"""Disagreements between documents, and validity that is over or runs out."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.curation.decisions import Judged
from bot.curation.reviews import Review
from bot.curation.validity import AHEAD, Term, terms, undated
from bot.errors import AssistantError, CorpusError
from bot.types import DocumentMetadata
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.parts import PATH, address, document_link, moved, refused, room_page, section
from bot.web.desk.frame import as_told, form, hidden, line_field, submit, table
from bot.web.desk.guard import OwnForm, Signed
from bot.web.markup import EMPTY, Html, join, tag, text

DISAGREEMENTS, VALIDITY = f"{PATH}/disagreements", f"{PATH}/validity"
_SIDES = ("甲", "乙", "丙", "丁")
KEEP = "keep"
_Known = Mapping[str, DocumentMetadata]


def judging_router(corpus: CorpusDesk) -> APIRouter:
    """The pages; for staff."""
    desk = corpus.desk
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.get("/disagreements", response_class=HTMLResponse)
    def disagreements(signed: staff, done: str = "") -> HTMLResponse:
        try:
            body = _disagreements(corpus, signed)
        except AssistantError as error:
            return refused("说法不一", error, signed, here=DISAGREEMENTS, status=200)
        return HTMLResponse(room_page("说法不一", body, signed, here=DISAGREEMENTS, done=done))

    @router.post("/disagreements", dependencies=[OwnForm], response_model=None)
    def decide(
        signed: staff,
        content: Annotated[str, Form()] = "",
        choice: Annotated[str, Form()] = "",
        note: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
    ) -> HTMLResponse | RedirectResponse:
        try:
            if choice == "withdraw":
                corpus.decisions.withdraw(content)
            else:
                _decide(corpus, content, choice, note, seen, signed)
        except AssistantError as error:
            body = _disagreements(corpus, signed, {content: (choice, note)})
            return refused("说法不一", error, signed, body=body, here=DISAGREEMENTS)
        desk.trail.record(signed.user, "disagreement.decide", f"disagreement:{content[:12]}", choice[:20])
        return moved("/disagreements", done="withdrawn" if choice == "withdraw" else "decided")

    @router.get("/validity", response_class=HTMLResponse)
    def validity(signed: staff, done: str = "") -> HTMLResponse:
        try:
            body = _validity(corpus, signed)
        except AssistantError as error:
            return refused("有效期", error, signed, here=VALIDITY, status=200)
        return HTMLResponse(room_page("有效期", body, signed, here=VALIDITY, done=done))

    @router.post("/validity", dependencies=[OwnForm], response_model=None)
    def review(
        signed: staff,
        document: Annotated[str, Form()] = "",
        due: Annotated[str, Form()] = "",
        note: Annotated[str, Form()] = "",
    ) -> HTMLResponse | RedirectResponse:
        try:
            if document not in corpus.shelf.in_force().hashes:
                raise CorpusError("没有这份文件", value=document[:80], remedy="从资料列表里选")
            corpus.reviews.set(document, due.strip(), note=note.strip(), by=signed.user.name)
        except AssistantError as error:
            kept = _review_form(document, due, note, signed)
            return refused("有效期", error, signed, body=kept, here=VALIDITY)
        desk.trail.record(signed.user, "document.review", f"document:{document}", due)
        return moved("/validity", done="reviewed")

    return router


def _decide(corpus: CorpusDesk, content: str, choice: str, note: str, seen: str, signed: Signed) -> None:
    items = corpus.shelf.in_force().disagreements
    judged = next((each for each in corpus.decisions.judged(items) if each.content == content), None)
    if judged is None:
        raise CorpusError("没有这处不一致了", remedy="原文可能改过；刷新看现在的")
    if choice != KEEP and not choice.isdecimal():
        raise CorpusError("没有选哪一方", remedy="选一方为准，或者两方都留着")
    counts = None if choice == KEEP else int(choice)
    corpus.decisions.decide(judged.disagreement, counts, note=note, by=signed.user.name, seen=seen)


def _disagreements(corpus: CorpusDesk, signed: Signed, typed: dict[str, tuple[str, str]] | None = None) -> Html:
    picture = corpus.shelf.in_force()
    judged = corpus.decisions.judged(picture.disagreements)
    told = tag(
        "p",
        text(
            "同一件事两份文件说得不一样。定了以哪一方为准，回答先说它，另一方仍作为“另有说法”列出，不会丢掉；原文一改，决定就失效。"
        ),
        class_="hint",
    )
    if not judged:
        return join((told, tag("p", text("没有找到说法不一的地方。"), class_="empty")))
    return join((told, *(_one(each, picture.metadata, (typed or {}).get(each.content), signed) for each in judged)))


def _one(judged: Judged, metadata: _Known, typed: tuple[str, str] | None, signed: Signed) -> Html:
    item, decision = judged.disagreement, judged.decision
    settled = KEEP if decision is not None and judged.counts is None else str(judged.counts if decision else "")
    choice, note = typed or (settled, decision.note if decision else "")
    # Several forms stand on the page; the ids of their controls must differ.
    of = judged.content[:8]
    rows = []
    for place, (value, statement) in enumerate(zip(item.values, item.statements, strict=True)):
        known = metadata.get(statement.document_id)
        title = known.title if known else statement.document_id
        pick = tag(
            "input",
            type="radio",
            name_="choice",
            id=f"side-{of}-{place}",
            value=str(place),
            checked=choice == str(place),
        )
        label = tag("label", text(f"以{_SIDES[place % len(_SIDES)]}为准"), for_=f"side-{of}-{place}")
        rows.append(
            (
                tag("span", pick, label, class_="pick"),
                as_told(value),
                as_told(statement.text),
                join((document_link(statement.document_id, title), text(" "), as_told(statement.as_of or ""))),
            )
        )
    keep = tag("input", type="radio", name_="choice", id=f"keep-{of}", value=KEEP, checked=choice == KEEP)
    both = tag("span", keep, tag("label", text("两方都留着，不分先后"), for_=f"keep-{of}"), class_="pick")
    words = tag("textarea", text(f"\n{note}"), id=f"note-{of}", name_="note", rows=2, maxlength=500)
    reason = tag("div", tag("label", text("依据"), for_=f"note-{of}"), words, class_="field")
    state = EMPTY
    if decision is not None:
        state = tag("p", text("已定："), as_told(f"{decision.by_name} {decision.at[:10]}"), class_="hint")
    undo = (
        tag("button", text("撤回决定"), type="submit", name_="choice", value="withdraw")
        if decision is not None
        else EMPTY
    )
    sent = form(
        address("/disagreements"),
        signed,
        hidden("content", judged.content),
        hidden("seen", decision.at if decision else ""),
        table(("选", "说法", "原文", "文件"), rows, ""),
        both,
        reason,
        tag("div", submit("记下", main=True), undo, class_="actions"),
    )
    return tag("section", tag("h2", as_told(item.subject)), state, sent, class_="case")


def _validity(corpus: CorpusDesk, signed: Signed) -> Html:
    picture, today = corpus.shelf.in_force(), corpus.desk.today()
    found = terms(picture.metadata, today)
    over = [_term_row(each) for each in found if each.over]
    soon = [_term_row(each) for each in found if not each.over]
    headings = ("文件", "有效期至", "天数", "原话")
    unknown = [
        (document_link(each, picture.metadata[each].title), as_told(validity.text))
        for each in undated(picture.metadata)
        if (validity := picture.metadata[each].validity) is not None
    ]
    reviews = [_review_row(each, picture.metadata, today.isoformat(), signed) for each in corpus.reviews.all()]
    return join(
        (
            section("已经过期", table(headings, over, "没有过期的。")),
            section(f"{AHEAD.days} 天内到期", table(headings, soon, "没有快到期的。")),
            section("写了期限、算不出到哪天，请看原文", table(("文件", "原话"), unknown, "没有。")),
            section("约好复核的", table(("文件", "复核日期", "说明", "谁", "可以"), reviews, "没有约复核。")),
            section("约一个复核日期", _review_form("", "", "", signed, tuple(picture.metadata))),
        )
    )


def _term_row(term: Term) -> tuple[Html, ...]:
    days = text(f"过了 {-term.days} 天") if term.over else text(f"还有 {term.days} 天")
    return document_link(term.document, term.title), as_told(term.until.isoformat()), days, as_told(term.words)


def _review_row(review: Review, metadata: _Known, today: str, signed: Signed) -> tuple[Html, ...]:
    known = metadata.get(review.document)
    due = join((as_told(review.due), text(" "), tag("strong", text("到了")) if review.due <= today else EMPTY))
    done = form(address("/validity"), signed, hidden("document", review.document), submit("复核过了"))
    title = document_link(review.document, known.title if known else "")
    return title, due, as_told(review.note), as_told(review.by_name), done


def _review_form(document: str, due: str, note: str, signed: Signed, known: tuple[str, ...] = ()) -> Html:
    listed = tag("datalist", *(tag("option", value=each) for each in known), id="documents")
    box = tag("input", type="text", id="document", name_="document", value=document, list="documents", required=True)
    day = tag("input", type="date", id="due", name_="due", value=due, required=True)
    return form(
        address("/validity"),
        signed,
        tag("div", tag("label", text("文件"), for_="document"), box, listed, class_="field"),
        tag("div", tag("label", text("复核日期"), for_="due"), day, class_="field"),
        line_field("说明", "note", note),
        submit("记下"),
    )
