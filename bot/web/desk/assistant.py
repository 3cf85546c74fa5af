"""The assistant for managers: the same answers as the page's, and what is on file about records and pairs."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import AssistantError, QuestionError
from bot.introductions.conversations import Conversations, ManagerTurn
from bot.introductions.manager_questions import read_question
from bot.introductions.manager_replies import ManagerReply, ReplyLine, reply_to
from bot.introductions.records import Stage
from bot.introductions.wants import Want, want_reader
from bot.types import Answer, Match, RecordKind, Turn
from bot.understanding.understanding import MAX_QUESTION_CHARACTERS, checked_question
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, confirming, form, page, submit, text_field
from bot.web.desk.guard import ROOT, OwnForm, Signed
from bot.web.desk.introductions.addresses import pair_address
from bot.web.desk.pipeline.addresses import record_address
from bot.web.desk.replies import see_other
from bot.web.evidence import gather
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.rendering import without_script
from bot.web.texts import texts_for

PATH = f"{ROOT}/assistant"


def assistant_router(desk: Desk) -> APIRouter:
    """The conversation of whoever is signed in: asked, kept, shown again, forgotten."""
    router, kept = APIRouter(prefix=PATH), Conversations(desk.database)
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]

    def shown(signed: Signed, *, typed: str = "", problem: str = "") -> HTMLResponse:
        turns, total = kept.newest(signed.user.id)
        parts = [tag("p", text(f"更早的还有 {total - len(turns)} 问"), class_="hint")] if total > len(turns) else []
        parts += [_turn(desk, each, signed, newest=each is turns[-1]) for each in turns]
        if not turns:
            told = "问政策和联系人，答复与页面相同；写上编号或名称问需求、成果：匹配、相近的案例、进展、起草引荐。"
            parts.append(tag("p", text(told), class_="hint"))
        parts.append(_asking(signed, typed))
        if turns:
            parts.append(tag("p", tag("a", text("清除这段问答"), href=f"{PATH}/clear")))
        whole = page("助手", join(parts), signed, path=PATH, problem=problem)
        return HTMLResponse(whole, 400 if problem else 200)

    @router.get("", response_class=HTMLResponse)
    def conversation(signed: manager) -> HTMLResponse:
        return shown(signed)

    @router.post("", dependencies=[OwnForm], response_model=None)
    def ask(signed: manager, question: Annotated[str, Form()] = "") -> HTMLResponse | RedirectResponse:
        try:
            asked = checked_question(question)
        except QuestionError as error:
            return shown(signed, typed=question, problem=str(error))
        _answered(desk, kept, signed, asked)
        return see_other(f"{PATH}#newest")

    @router.get("/clear", response_class=HTMLResponse)
    def sure(signed: manager) -> str:
        body = confirming("清除您在这里问过的全部问答？清除后找不回来。", f"{PATH}/clear", signed, "清除", PATH)
        return page("助手", body, signed, path=PATH)

    @router.post("/clear", dependencies=[OwnForm], response_model=None)
    def clear(signed: manager, sure: Annotated[str, Form()] = "") -> RedirectResponse:
        if sure == "1":
            kept.clear(signed.user.id)
            desk.trail.record(signed.user, "assistant.cleared")
        return see_other(PATH)

    return router


def _answered(desk: Desk, kept: Conversations, signed: Signed, question: str) -> None:
    """Ask, and keep what came of it; what went wrong is kept as well, so that the question is not lost."""
    turns, _ = kept.newest(signed.user.id)
    history = tuple(each.question for each in turns)
    # A question for the documents leans on those before it, not on what was asked of records.
    of_documents = tuple(each.question for each in turns if each.answer is not None)
    reply, answer, problem = None, None, ""
    try:
        asked = read_question(desk.market, want_reader(desk.settings.embedding), question, history)
        if asked.want is Want.NONE:
            answer = desk.assistant.ask(Turn(question, of_documents))
        else:
            reply = reply_to(desk.market, asked, signed.user.name, desk.settings.desk.reminder_days)
    except AssistantError as error:
        problem = str(error)
    kept.keep(signed.user.id, question, reply=reply, answer=answer, problem=problem)


def _asking(signed: Signed, typed: str) -> Html:
    hint = f"不超过 {MAX_QUESTION_CHARACTERS:,} 字"
    return form(PATH, signed, text_field("问题", "question", typed, rows=3, hint=hint), submit("问", main=True))


def _turn(desk: Desk, turn: ManagerTurn, signed: Signed, *, newest: bool) -> Html:
    parts: list[Html] = [tag("h2", as_told(turn.question))]
    if turn.reply is not None:
        parts.append(_reply(turn.reply))
    if turn.answer is not None:
        parts.append(_answer(desk, turn.answer, turn.id, signed))
    if turn.problem:
        parts.append(tag("p", text(turn.problem), class_="problem"))
    return tag("section", *parts, class_="turn", id="newest" if newest else None)


def _reply(reply: ManagerReply) -> Html:
    lines = (tag("li", _line(each)) for each in reply.lines)
    return join((tag("p", text(reply.sentence)), tag("ol", *lines) if reply.lines else EMPTY))


def _line(line: ReplyLine) -> Html:
    """A pair leads to its page, a record to its own; a letter that may be begun to its stage."""
    named = join((as_told(each) for each in line.titles), text(" ↔ "))
    if line.need_id and line.offer_id:
        address = pair_address(line.need_id, line.offer_id)
    else:
        kind = RecordKind.NEED if line.need_id else RecordKind.OFFER
        address = record_address(kind, line.need_id or line.offer_id)
    ids = as_told(" ↔ ".join(filter(None, (line.need_id, line.offer_id))))
    labels = join((tag("span", text(each)) for each in line.labels), text(" · "))
    begun = EMPTY
    if line.stage:
        to = f"{address}{'&' if '?' in address else '?'}stage={line.stage}#letters"
        begun = tag("p", tag("a", text("起草："), tag("span", text(Stage(line.stage).label)), href=to))
    told = tag("ul", *(tag("li", as_told(each)) for each in line.told)) if line.told else EMPTY
    return join((tag("a", named, href=address), text(" "), ids, tag("p", labels, class_="hint"), begun, told))


def _answer(desk: Desk, answer: Answer, number: int, signed: Signed) -> Html:
    """The answer as the public page renders it, in the reader's language, with partners on file as links."""
    texts = texts_for(signed.language)
    evidence = gather(answer.citations, desk.assistant.document) if answer.citations else ()
    shown = tag("div", without_script(answer, number, evidence, texts), lang="zh-CN", class_="from-documents")
    found = [*answer.matches, *answer.historic]
    if not found:
        return shown
    return join((shown, tag("p", text("登记在册、可能有关的：")), tag("ul", *(_found(each) for each in found))))


def _found(match: Match) -> Html:
    link = tag("a", as_told(match.title), href=record_address(match.kind, match.id))
    return tag("li", link, text(" "), tag("span", text(match.kind.label)), text(" "), as_told(match.id))
