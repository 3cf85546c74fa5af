"""``/api/v1``: the contracts of the command line over HTTP, public scope, read-only."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from bot.api.answers import AskAnswer, EligibilityAnswer, MatchAnswer, Passages, Programmes, WholeDocument
from bot.api.interface import ServedAssistant
from bot.api.requests import AskRequest, EligibilityRequest, MatchRequest, SearchRequest
from bot.catalogue.eligibility import Profile, check_eligibility
from bot.catalogue.models import Programme
from bot.commands.eligibility import checkup_object
from bot.commands.match import result_object
from bot.errors import UsageError
from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAt
from bot.serialization import answer_object, hit_object
from bot.types import RecordKind, Turn

_WHERE_IDS_ARE = "document_id 取自 /api/v1/search 的 hits 或答复的 citations"


class UnknownDocumentError(UsageError):
    """No document has that id."""


def _gives(answer: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """What a route gives, for the description alone: nothing is checked or changed on its way out."""
    return {200: {"model": answer}}


def v1_router(assistant: ServedAssistant, keeper: QuestionKeeper | None = None) -> APIRouter:
    """The routes over ``assistant``; ``keeper`` writes down what was asked."""
    router = APIRouter(prefix="/api/v1", tags=["v1"])

    @router.post("/ask", summary="问政策", response_model=None, responses=_gives(AskAnswer))
    def ask(asked: AskRequest) -> dict[str, Any]:
        """答一个问题：答复、说明、逐条依据、数字、状态、联系方式；没有写明的如实说没有。"""
        answer = assistant.ask(Turn(asked.question, asked.history))
        if keeper is not None:
            keeper.keep(answer, AskedAt.API)
        return answer_object(answer, asked.id)

    @router.post("/search", summary="找片段", response_model=None, responses=_gives(Passages))
    def search(asked: SearchRequest) -> dict[str, Any]:
        """找与一句话最近的片段，近的在前；只找，不作答。"""
        return {"query": asked.query, "hits": [hit_object(hit) for hit in assistant.search(asked.query, asked.k)]}

    @router.get("/documents/{document_id:path}", summary="读全文", response_model=None, responses=_gives(WholeDocument))
    def document(document_id: str) -> dict[str, Any]:
        """一份文件的清洗后全文；引文的 start、end 是其中的位置。"""
        try:
            found = assistant.document(document_id)
        except UsageError as error:
            raise UnknownDocumentError("没有这份文件", remedy=_WHERE_IDS_ARE) from error
        return {"document_id": document_id, "title": found.metadata.title, "text": found.text}

    @router.post("/match", summary="找对象", response_model=None, responses=_gives(MatchAnswer))
    def match(asked: MatchRequest) -> dict[str, Any]:
        """为已发布的需求或成果、或一段话找另一方，带理由和条件；不含任何联系方式。"""
        return match_result(assistant, asked)

    @router.post("/eligibility", summary="政策体检", response_model=None, responses=_gives(EligibilityAnswer))
    def eligibility(firm: EligibilityRequest) -> dict[str, Any]:
        """政策体检：逐条对照文件写明的条件，不作承诺。"""
        profile = Profile(firm.region, firm.industry, firm.size, firm.qualifications, firm.need, firm.about)
        return checkup_object(check_eligibility(assistant.catalogue, profile, date.today()))

    @router.get("/programmes", summary="支持事项一览", response_model=None, responses=_gives(Programmes))
    def programmes() -> dict[str, Any]:
        """支持事项一览，带状态和所据文件。"""
        return {"programmes": [programme_summary(each) for each in assistant.catalogue.programmes]}

    return router


def match_result(assistant: ServedAssistant, asked: MatchRequest) -> dict[str, Any]:
    """Counterparts as the contract lays down; only of what anybody may see."""
    market = assistant.market
    if asked.text is not None:
        return result_object(market.matcher.match_text(asked.text, asked.k, widened=asked.widen), None)
    kind = RecordKind.NEED if asked.need is not None else RecordKind.OFFER
    record = market.public_record(kind, asked.need or asked.offer or "")
    if kind is RecordKind.NEED:
        result = market.matcher.match_need(record.id, asked.k, widened=asked.widen)
    else:
        result = market.matcher.match_offer(record.id, asked.k, widened=asked.widen)
    return result_object(result, record.id)


def programme_summary(programme: Programme) -> dict[str, Any]:
    """A programme in short: what it is, its status, and the document it rests on."""
    return {
        "programme_id": programme.id,
        "name": programme.name,
        "kind": programme.kind.value,
        "status": programme.status.value.value,
        "summary": programme.summary.value,
        "document_id": programme.document,
    }
