"""What is asked at each public door is kept once and whole; a verdict knows its question; days are told."""

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.api.chat_completions import chat_router
from bot.api.v1 import v1_router
from bot.assistant import Assistant
from bot.questions.feedback import list_feedback
from bot.questions.records import AskedAt
from bot.serialization import kept_answer
from bot.settings import load_settings
from bot.store.database import shared_database
from bot.types import Feedback
from bot.web.bridge import Bridge
from bot.web.chat import Chat
from bot.web.conversation import Asked
from bot.web.texts import CHINESE, ENGLISH
from tests.questions.conftest import answer_to


class Recorder:
    def __init__(self, days=90):
        self.days, self.kept = days, []

    def keep(self, answer, door, key=""):
        self.kept.append((answer.question, answer.answer, door, key))


class Served:
    def __init__(self):
        self.feedback = []

    def ask(self, turn):
        return answer_to(turn.question, words="答完整")

    def stream(self, turn):
        yield answer_to(turn.question, words="答")
        if "断" in turn.question:
            raise RuntimeError("gone")
        yield self.ask(turn)

    def document(self, document_id):
        raise AssertionError("nothing was cited")

    def record_feedback(self, feedback):
        self.feedback.append(feedback)


def asked(question, key="key-12345678"):
    return Asked(key, 1, question, "zh-CN")


def test_the_page_keeps_a_whole_answer_once_and_no_broken_one():
    recorder = Recorder()
    chat = Chat(Served(), keeper=recorder)
    *_, last = chat.ask(asked("问"))
    assert last.finished and recorder.kept == [("问", "答完整", AskedAt.PAGE, "key-12345678")]
    list(chat.ask(asked("断")))
    growing = chat.ask(asked("停"))
    next(growing), next(growing)
    chat.stop("key-12345678")
    list(growing)
    assert [question for question, *_ in recorder.kept] == ["问"]


@pytest.mark.parametrize("stream", [False, True])
def test_programs_are_kept_by_their_door(stream):
    recorder, site = Recorder(), FastAPI()
    site.include_router(v1_router(Served(), recorder))
    site.include_router(chat_router(Served(), recorder))
    client = TestClient(site)
    client.post("/api/v1/ask", json={"question": "问一"})
    told = {"model": "x", "messages": [{"role": "user", "content": "问二"}], "stream": stream}
    client.post("/v1/chat/completions", json=told)
    assert recorder.kept == [("问一", "答完整", AskedAt.API, ""), ("问二", "答完整", AskedAt.CHAT, "")]


def rated(chat, *more):
    written = json.dumps({"question": "问", "ending": "done", "problem": "", "answer": kept_answer(answer_to("问"))})
    return Bridge(chat, None, None).rated([written, False, "不清楚", "zh-CN", *more])


def test_a_verdict_carries_the_number_of_its_exchange_and_an_older_page_none():
    served = Served()
    chat = Chat(served, keeper=Recorder())
    for more in (["key-12345678"], [], [7], ["x" * 65]):
        assert CHINESE.feedback_thanks in rated(chat, *more)
    assert [each.exchange for each in served.feedback] == ["key-12345678", "", "", ""]
    assert "notice-problem" in rated(chat, "a", "b") and len(served.feedback) == 4


def test_where_nothing_is_kept_the_page_says_so_and_keeps_nothing(tmp_path):
    served = Served()
    assert CHINESE.help.nothing_kept in rated(Chat(served, keeper=Recorder(0)))
    assert served.feedback == []
    settings = load_settings(environment={}, data_dir=tmp_path, desk_question_days=0)
    Assistant(settings).record_feedback(Feedback("问", "答", False))
    assert list_feedback(shared_database(settings.resolved_database_url)) == ()
    Assistant(
        settings.model_copy(update={"desk": settings.desk.model_copy(update={"question_days": 1})})
    ).record_feedback(Feedback("问", "打13800000001", False))
    (kept,) = list_feedback(shared_database(settings.resolved_database_url))
    assert kept.feedback.answer == "打〔电话略〕"


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH])
def test_the_days_are_told_in_both_languages(texts):
    assert "90" in texts.help.questions_kept.format(90) and texts.help.nothing_kept
