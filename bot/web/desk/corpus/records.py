"""The staff-kept records in forms: cards, contacts, organisations, needs, words, scope; and what a model proposes."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.curation.catalogue import KeptRecord
from bot.curation.record_forms import FILE_LABELS, FILES, SCOPE, record_of, typed
from bot.curation.records import CardProposal
from bot.errors import AssistantError, CatalogueError
from bot.text.moments import to_the_minute
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.entries import entries
from bot.web.desk.corpus.parts import PATH, address, document_link, link, moved, refused, room_page, section, told_list
from bot.web.desk.corpus.record_form import record_form
from bot.web.desk.frame import as_told, confirming, form, line_field, submit, table
from bot.web.desk.guard import OwnForm, Signed
from bot.web.markup import EMPTY, Html, join, tag, text

CATALOGUE = f"{PATH}/catalogue"
_MISSING = "没有这份清单"


def record_router(corpus: CorpusDesk) -> APIRouter:
    """The lists and the form of one record; for staff."""
    desk, editor = corpus.desk, corpus.editor
    router = APIRouter(prefix=CATALOGUE)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]
    sent = Annotated[Mapping[str, str], Depends(entries)]

    @router.get("", response_class=HTMLResponse)
    def overview(signed: staff, done: str = "") -> HTMLResponse:
        try:
            body = _overview(corpus)
        except AssistantError as error:
            return refused("卡片和清单", error, signed, here=CATALOGUE, status=200)
        return HTMLResponse(room_page("卡片和清单", body, signed, here=CATALOGUE, done=done))

    @router.get("/{file}", response_class=HTMLResponse)
    def listed(signed: staff, file: str, q: str = "", done: str = "") -> HTMLResponse:
        try:
            records = editor.records(file)
        except AssistantError as error:
            return refused("卡片和清单", error, signed, here=CATALOGUE, status=404)
        return HTMLResponse(
            room_page(FILE_LABELS[file], _listed(file, records, q.strip()), signed, here=CATALOGUE, done=done)
        )

    @router.get("/{file}/record", response_class=HTMLResponse)
    def one(signed: staff, file: str, mark: str = "", proposal: int = 0) -> HTMLResponse:
        try:
            value = _value(corpus, file, mark, proposal)
        except AssistantError as error:
            return refused("卡片和清单", error, signed, here=CATALOGUE, status=404)
        shown = typed(value, FILES[file])
        body = join((_proposed(corpus, proposal, signed), record_form(corpus, file, mark, proposal, shown, signed)))
        return HTMLResponse(room_page(FILE_LABELS[file], body, signed, here=CATALOGUE))

    @router.post("/{file}/record", dependencies=[OwnForm], response_model=None)
    def save(signed: staff, file: str, sent: sent) -> HTMLResponse | RedirectResponse:
        if file not in FILES:
            return refused("卡片和清单", CatalogueError(_MISSING, value=file), signed, here=CATALOGUE, status=404)
        mark, proposal = sent.get("mark", ""), _number(sent.get("proposal", ""))
        if "more" in sent:
            again = record_form(corpus, file, mark, proposal, sent, signed)
            return HTMLResponse(room_page(FILE_LABELS[file], again, signed, here=CATALOGUE))
        value = record_of(sent, FILES[file])
        try:
            if proposal:
                corpus.proposals.proposal(proposal)
            change = editor.save(file, value, mark, by=signed.user.name, proposal=proposal or None)
        except AssistantError as error:
            kept = record_form(corpus, file, mark, proposal, sent, signed)
            return refused(FILE_LABELS[file], error, signed, body=kept, here=CATALOGUE)
        desk.trail.record(signed.user, "record.save", f"{file}:{value.get('id', '')}", f"change:{change.id}")
        return moved(f"/catalogue/{file}", done="saved")

    return router


def removing_router(corpus: CorpusDesk) -> APIRouter:
    """Taking records out, and deciding against proposals; for staff."""
    desk = corpus.desk
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.post("/catalogue/{file}/remove", dependencies=[OwnForm], response_model=None)
    def remove(
        signed: staff, file: str, mark: Annotated[str, Form()] = "", sure: Annotated[str, Form()] = ""
    ) -> HTMLResponse | RedirectResponse:
        try:
            held = corpus.editor.record(file, mark)
            if sure != "1":
                back = address(f"/catalogue/{file}")
                ask = confirming("删去这一条？", address(f"/catalogue/{file}/remove"), signed, "删去", back, mark=mark)
                shown = join((tag("p", as_told(held.name)), ask))
                return HTMLResponse(room_page(FILE_LABELS[file], shown, signed, here=CATALOGUE))
            corpus.editor.remove(file, mark, by=signed.user.name)
        except AssistantError as error:
            return refused("卡片和清单", error, signed, here=CATALOGUE, status=409)
        desk.trail.record(signed.user, "record.remove", f"{file}:{held.id or held.name}")
        return moved(f"/catalogue/{file}", done="removed")

    @router.post("/proposals/{number}/reject", dependencies=[OwnForm], response_model=None)
    def reject(signed: staff, number: int, note: Annotated[str, Form()] = "") -> HTMLResponse | RedirectResponse:
        try:
            corpus.proposals.reject(number, by=signed.user.name, note=note.strip())
        except AssistantError as error:
            return refused("模型的提议", error, signed, here=CATALOGUE, status=409)
        desk.trail.record(signed.user, "proposal.reject", f"proposal:{number}")
        return moved("/catalogue", done="rejected")

    return router


def _number(told: str) -> int:
    return int(told) if told.isdecimal() and len(told) < 10 else 0


def _value(corpus: CorpusDesk, file: str, mark: str, proposal: int) -> Mapping[str, Any]:
    if file not in FILES:
        raise CatalogueError(_MISSING, value=file, remedy="从列表里选")
    if proposal:
        found = corpus.proposals.proposal(proposal)
        if found.file == file:
            return found.record
    return corpus.editor.record(file, mark).value if mark else {}


def _overview(corpus: CorpusDesk) -> Html:
    rows: list[tuple[Html, ...]] = []
    for file, label in FILE_LABELS.items():
        try:
            records = corpus.editor.records(file)
            wrong = sum(bool(each.problems) for each in records)
            told = tag("strong", text(f"{wrong} 条用不了")) if wrong else EMPTY
            count = "1" if file == SCOPE else str(len(records))
        except AssistantError as error:
            told, count = tag("span", as_told(str(error)), class_="problem"), "—"
        rows.append((link(label, f"/catalogue/{file}"), as_told(file), text(count), told))
    proposals = [_proposal_row(each) for each in corpus.proposals.waiting()]
    warnings = section("互相指不到的", told_list(as_told(each) for each in corpus.editor.warnings()))
    listed = table(("清单", "文件", "条数", "留意"), rows, "")
    shown = table(("名称", "清单", "出自文件", "时间（UTC）"), proposals, "没有待审核的提议。")
    return join((listed, warnings, section("模型的提议，待审核", shown)))


def _proposal_row(proposal: CardProposal) -> tuple[Html, ...]:
    name = str(proposal.record.get("name") or proposal.record.get("purpose") or proposal.record.get("id"))
    way = tag("a", as_told(name), href=address(f"/catalogue/{proposal.file}/record", proposal=proposal.id))
    at = as_told(to_the_minute(proposal.at))
    return way, text(FILE_LABELS[proposal.file]), document_link(proposal.document), at


def _proposed(corpus: CorpusDesk, number: int, signed: Signed) -> Html:
    if not number:
        return EMPTY
    proposal = corpus.proposals.proposal(number)
    told = "这是模型提议的，引文已由程序在原文里找到；改好再存就算采用"
    reject = form(address(f"/proposals/{number}/reject"), signed, line_field("不采用，因为", "note"), submit("不采用"))
    return join((tag("p", text(told), class_="notice"), tag("p", document_link(proposal.document)), reject))


def _listed(file: str, records: tuple[KeptRecord, ...], words: str) -> Html:
    found = [each for each in records if not words or words.casefold() in f"{each.id} {each.name}".casefold()]
    rows: list[tuple[Html, ...]] = [
        (
            tag("a", as_told(each.name or file), href=address(f"/catalogue/{file}/record", mark=each.mark)),
            as_told(each.id),
            told_list((as_told(problem) for problem in each.problems), "problem"),
        )
        for each in sorted(found, key=lambda each: not each.problems)
    ]
    search = tag(
        "form",
        line_field("名称或编号里有", "q", words),
        submit("筛选"),
        method="get",
        action=address(f"/catalogue/{file}"),
        class_="filters",
    )
    new = EMPTY if file == SCOPE else tag("p", link("加一条", f"/catalogue/{file}/record"))
    count = tag("p", text(f"{len(found)} 条"), class_="hint")
    return join((new, search, count, table(("名称", "编号", "为什么用不了"), rows, "没有这样的。")))
