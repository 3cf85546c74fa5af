"""Whole turns with a scripted model over a real index: read, answered offline, then worded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.answering.asking import Asking
from bot.answering.composition import compose
from bot.answering.coverage import TermWeights
from bot.answering.model.modelled import ModelledAnswerer, ModelledStep
from bot.answering.model.prompts import REWRITE, TRANSLATE, WRITE_ENGLISH
from bot.answering.planner import Planner
from bot.catalogue.models import Catalogue, Scope
from bot.catalogue.names import NameIndex
from bot.catalogue.thesaurus import Thesaurus
from bot.encoder import load_embedder
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.llm import Deadline, ModelService
from bot.retrieval.retriever import Retriever
from bot.settings import LlmSettings, Settings
from bot.types import Answer, Hit, Mode, Turn
from bot.understanding.understanding import Understander
from tests.support.openai_server import OpenAIServer, Reply

DOCUMENTS = {
    "proof.txt": "关于概念验证的措施\n\n一、支持内容\n\n"
    "对概念验证项目，择优给予最高20万元支持。去年，概念验证项目共立项9个。\n",
    "rooms.txt": "关于创业场地的措施\n\n一、支持内容\n\n对初创团队提供办公工位，租金减免期限最长为8个月。\n",
}


class _Parts:
    """An index over two documents and everything that reads it."""

    def __init__(self, folder: Path) -> None:
        corpus = folder / "corpus"
        corpus.mkdir()
        for name, text in DOCUMENTS.items():
            (corpus / name).write_text(text, encoding="utf-8")
        settings = Settings(corpus_dir=corpus, data_dir=folder / "data")
        ingest(settings)
        self.index = SearchIndex.open(settings.data_dir)
        self.retriever = Retriever(self.index, load_embedder(settings.embedding))
        self.understander = Understander(NameIndex(Catalogue()), Scope(), self.retriever.vector, self.index.fingerprint)
        weights = TermWeights(self.index.document_frequency, self.index.chunk_count)
        self.planner = Planner(Catalogue(), self.index.document, self.index.catalogued, weights, Thesaurus(()))

    def search(self, query: str) -> tuple[Hit, ...]:
        return self.retriever.search(query, 8)

    def read(self, turn: Turn) -> Asking:
        understanding = self.understander.readings(turn)[-1]
        return Asking(understanding, self.retriever.evidence, self.index.document, date(2026, 11, 1), Thesaurus(()))

    def steps(self, turn: Turn, *replies: Reply) -> tuple[list[ModelledStep], OpenAIServer]:
        with OpenAIServer(*replies) as server:
            service = ModelService(LlmSettings(base_url=server.base_url, model="test-model"))
            modelled = ModelledAnswerer(service, self.planner, self.read, self.search, self.index.document)
            steps = list(modelled.steps(turn, Deadline.after(6.0)))
        assert steps[-1].written.final
        return steps, server

    def answer(self, step: ModelledStep) -> Answer:
        understanding = step.understanding
        return compose(step.written.draft, understanding.question, understanding.standalone, self.index.document)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> _Parts:
    return _Parts(tmp_path_factory.mktemp("modelled"))


QUESTION = Turn("概念验证项目最多能拿多少钱？")


def test_a_question_is_worded_by_the_model(parts: _Parts) -> None:
    steps, server = parts.steps(QUESTION, Reply("概念验证项目最高可获20万元支持。[1]"))
    assert steps[-1].written.mode is Mode.LLM
    assert parts.answer(steps[-1]).answer == "概念验证项目最高可获20万元支持。[1]"
    assert len(server.chats) == 1, "a question that leans on nothing is not rewritten"


def test_an_unanswerable_question_never_reaches_the_model(parts: _Parts) -> None:
    steps, server = parts.steps(Turn("火星移民基地的电费补助是多少？"), Reply("补助20万元。[1]"))
    assert server.requests == []
    assert parts.answer(steps[-1]).abstained


def test_greetings_never_reach_the_model(parts: _Parts) -> None:
    steps, server = parts.steps(Turn("你好", ("概念验证项目有什么支持？",)), Reply("你好"))
    assert server.requests == [] and steps[-1].written.mode is Mode.OFFLINE


def test_a_follow_up_is_rewritten_and_the_rewriting_shown(parts: _Parts) -> None:
    turn = Turn("那它去年立项了多少个？", ("概念验证项目最多能拿多少钱？",))
    rewriting = Reply("概念验证项目去年立项了多少个？")
    steps, server = parts.steps(turn, rewriting, Reply("去年概念验证项目共立项9个。[1]"))
    assert [chat.body["messages"][0]["content"] == REWRITE for chat in server.chats] == [True, False]
    assert steps[-1].understanding.question == turn.question
    assert "概念验证项目" in steps[-1].understanding.standalone
    assert "9个" in parts.answer(steps[-1]).answer


@pytest.mark.parametrize(
    "rewriting",
    [Reply("海外仓项目去年立项了多少个？"), Reply(status=500), Reply("概念验证项目在2019年立项了多少个？")],
)
def test_a_bad_rewriting_leaves_the_rules_reading(parts: _Parts, rewriting: Reply) -> None:
    turn = Turn("那它去年立项了多少个？", ("概念验证项目最多能拿多少钱？",))
    expected = parts.read(turn).understanding
    steps, _ = parts.steps(turn, rewriting, Reply("去年概念验证项目共立项9个。[1]"))
    assert steps[-1].understanding == expected
    assert "2019" not in parts.answer(steps[-1]).answer


def test_an_english_question_is_searched_in_chinese_and_answered_in_english(parts: _Parts) -> None:
    def reply(body: Mapping[str, Any]) -> str:
        instructions = body["messages"][0]["content"]
        if instructions == TRANSLATE:
            return "初创团队办公工位的租金减免期限最长多久？"
        assert instructions == WRITE_ENGLISH
        return "Start-up teams get rent reductions on desks for up to 8 months.[1]"

    turn = Turn("How long is the rent reduction for start-up teams?")
    steps, server = parts.steps(turn, Reply(reply))
    assert len(server.chats) == 2
    answer = parts.answer(steps[-1])
    assert steps[-1].written.mode is Mode.LLM
    assert "up to 8 months" in answer.answer and answer.citations[0].document_id == "rooms.txt"
    assert any("租金减免期限最长为8个月" in note for note in answer.notes)
    assert answer.question == turn.question


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply("概念验证", cut_after=3), Reply(raw=b"<html>"), Reply("好", pause=20)]
)
def test_the_offline_answer_stands_in_for_a_failing_model(parts: _Parts, reply: Reply) -> None:
    offline = parts.planner.plan(parts.read(QUESTION)).draft
    with OpenAIServer(reply) as server:
        service = ModelService(LlmSettings(base_url=server.base_url, model="test-model"))
        modelled = ModelledAnswerer(service, parts.planner, parts.read, parts.search, parts.index.document)
        (step,) = list(modelled.steps(QUESTION, Deadline.after(1.5)))
        assert step.written.draft.statements == offline.statements
        assert step.written.mode is Mode.OFFLINE
        assert len(server.chats) == 1
