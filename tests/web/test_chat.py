from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from bot.errors import MarketError
from bot.serialization import kept_answer
from bot.types import PrivateContact
from bot.web.chat import LONGEST_REASON, Chat
from bot.web.conversation import Asked, Exchange
from bot.web.texts import CHINESE, ENGLISH, Language

ZH = Language.CHINESE.value


def asked(question: str, number: int = 1, **more) -> Asked:
    return Asked(f"{number:08d}-{abs(hash(question))}", number, question, ZH, **more)


def answered(chat: Chat, question: str, **more) -> Exchange:
    return list(chat.ask(asked(question, **more)))[-1]


def kept(exchange: Exchange, ending: str = "done", **more) -> str:
    answer = None if exchange.answer is None else kept_answer(exchange.answer)
    written = {"question": exchange.question, "ending": ending, "problem": exchange.problem or "", "answer": answer}
    return json.dumps(written | more, ensure_ascii=False)


def test_the_question_shows_before_there_is_an_answer(scripted):
    stages = list(Chat(scripted).ask(asked("  支持多少？ ")))
    assert stages[0].question == "支持多少？"
    assert stages[0].answer is None and not stages[0].finished
    assert not stages[1].finished and stages[1].answer is not None
    assert stages[-1].finished and stages[-1].evidence


def test_what_was_said_before_is_handed_on_and_nothing_is_kept(scripted):
    chat = Chat(scripted)
    answered(chat, "期限多长？", history=("支持多少？",))
    assert scripted.turns[-1].history == ("支持多少？",)
    answered(chat, "另一个人的问题")
    assert scripted.turns[-1].history == ()


def test_a_known_error_is_told_with_its_remedy(scripted):
    exchange = answered(Chat(scripted), "这个问题过长")
    assert exchange.problem == "问题太长：12000 字。解决办法：缩短到 2000 字以内。"
    assert exchange.finished


def test_an_unknown_error_is_logged_and_not_shown(scripted, caplog):
    assert answered(Chat(scripted), "出故障的问题").problem == CHINESE.unexpected
    assert "secret path" in caplog.text


def test_the_first_screen_has_the_examples_and_the_limits(scripted, parse):
    text = parse(Chat(scripted).first_screen(ZH)).text
    for words in ("问政策", "找伙伴", "找联系人", "示例攻关项目支持多少？", scripted.scope.limits):
        assert words in text


def test_stopping_does_not_wait_for_the_assistant(scripted):
    scripted.gate = threading.Event()
    chat = Chat(scripted)
    question = asked("支持多少？")
    growing = chat.ask(question)
    next(growing)
    first = next(growing)
    chat.stop(question.key)
    settled = next(growing)
    assert settled.finished and settled.problem == CHINESE.stopped
    assert settled.answer == first.answer
    assert list(growing) == []
    scripted.gate.set()


def test_an_answer_that_is_left_ends_without_a_word(scripted):
    scripted.gate = threading.Event()
    chat = Chat(scripted)
    question = asked("支持多少？")
    growing = chat.ask(question)
    next(growing)
    chat.leave(question.key)
    assert not any(each.finished for each in growing)
    scripted.gate.set()


def test_stopping_one_question_leaves_the_others_alone(scripted):
    chat = Chat(scripted)
    first, second = asked("甲？"), asked("乙？", 2)
    one, other = chat.ask(first), chat.ask(second)
    next(one)
    next(other)
    assert chat.stop(first.key) and not chat.stop("00000000")
    assert list(one)[-1].problem == CHINESE.stopped
    assert list(other)[-1].problem is None


# --- what the browser kept ----------------------------------------------------------------------


def test_a_kept_exchange_is_shown_as_it_was_under_its_number(scripted, parse):
    chat = Chat(scripted)
    html = chat.shown_again([(7, kept(answered(chat, "支持多少？")))], ZH)[0]
    assert 'id="exchange-7"' in html and 'href="#evidence-7-1"' in html
    assert parse(html).marked[0] == "对示例攻关项目，给予最高不超过30万元支持。"
    assert "data-busy" not in html


def test_a_quote_that_no_longer_stands_is_told(scripted, parse):
    chat = Chat(scripted)
    written = kept(answered(chat, "支持多少？"))
    scripted.rewritten = {"notices/measures.md": "改过了"}
    text = parse(chat.shown_again([(1, written)], ZH)[0]).text
    assert CHINESE.evidence_changed in text and "给予最高不超过30万元支持" in text


@pytest.mark.parametrize(
    ("ending", "words"), [("stopped", CHINESE.stopped), ("interrupted", CHINESE.kept.interrupted), ("failed", "坏了")]
)
def test_how_it_ended_is_told_again(scripted, ending, words):
    html = Chat(scripted).shown_again([(1, kept(Exchange(1, "问", problem="坏了"), ending))], ZH)[0]
    assert words in html and 'data-retry="1"' in html


def test_it_is_told_in_the_language_of_the_page(scripted):
    html = Chat(scripted).shown_again([(1, kept(Exchange(1, "问"), "stopped"))], ENGLISH.language.value)[0]
    assert ENGLISH.stopped in html


def test_one_that_cannot_be_read_does_not_take_the_others_along(scripted):
    chat = Chat(scripted)
    good = kept(answered(chat, "支持多少？"))
    bad = good.replace('"policy"', '"nonsense"')
    first, second, third = chat.shown_again([(1, "not json"), (2, bad), (3, good)], ZH)
    assert CHINESE.kept.unreadable in first and 'id="exchange-1"' in first
    assert CHINESE.kept.unreadable in second and "支持多少？" in second
    assert "30万元" in third


def test_more_than_may_be_handed_over_is_refused(scripted):
    chat = Chat(scripted)
    good = kept(answered(chat, "支持多少？"))
    assert all(CHINESE.kept.unreadable in each for each in chat.shown_again([(n, good) for n in range(1, 62)], ZH))
    assert not any(CHINESE.kept.unreadable in each for each in chat.shown_again([(n, good) for n in range(1, 61)], ZH))


def test_a_private_contact_is_put_back_into_its_draft(scripted):
    chat = Chat(scripted)
    exchange = answered(chat, "登记需求")
    assert "021-55500001" not in json.dumps(kept_answer(exchange.answer))
    contact = {"name": "示例甲", "phone": "021-55500001", "email": "", "note": ""}
    html = chat.shown_again([(1, kept(exchange, contact=contact))], ZH)[0]
    assert "021-55500001" in html
    turn = asked("再填", draft=exchange.answer.draft.draft, contact=PrivateContact(phone="021-1")).turn()
    assert turn.draft.contact.phone == "021-1"


def test_a_verdict_is_kept_with_its_question_answer_and_reason(scripted):
    chat = Chat(scripted)
    exchange = answered(chat, "支持多少？")
    assert CHINESE.feedback_thanks in chat.rate(kept(exchange), False, " 依据不对 ", ZH)
    noted = scripted.feedback[-1]
    assert (noted.question, noted.useful, noted.reason) == ("支持多少？", False, "依据不对")
    assert noted.answer == exchange.answer.answer
    chat.rate(kept(exchange), True, "长" * 9999, ZH)
    assert len(scripted.feedback[-1].reason) == LONGEST_REASON


def test_a_verdict_that_cannot_be_kept_says_so(scripted):
    class Full(type(scripted)):
        def record_feedback(self, feedback):
            raise MarketError("磁盘已满", remedy="清理数据目录")

    chat = Chat(Full())
    notice = chat.rate(kept(answered(chat, "支持多少？")), True, "", ZH)
    assert CHINESE.feedback_failed in notice and "清理数据目录" in notice
    assert "notice-problem" in chat.rate("{}", True, "", ZH)


def test_a_kept_answer_comes_back_the_same(scripted, full_answer):
    from bot.serialization import answer_from_kept

    for answer in (full_answer, replace(full_answer, nearest=True, emphasis=("30万元",), summary=("白话。",))):
        assert answer_from_kept(json.dumps(kept_answer(answer))) == answer
