from __future__ import annotations

import threading

from bot.errors import MarketError
from bot.web.chat import LONGEST_REASON, Chat
from bot.web.conversation import Conversation
from bot.web.texts import CHINESE, Language

ZH = Language.CHINESE.value


def asked(chat: Chat, *questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        conversation = list(chat.ask(question, conversation, ZH))[-1]
    return conversation


def test_the_question_shows_before_there_is_an_answer(scripted):
    stages = list(Chat(scripted).ask("  支持多少？ ", Conversation(), ZH))
    assert stages[0].current.question == "支持多少？"
    assert stages[0].current.answer is None and not stages[0].current.finished
    assert not stages[1].current.finished and stages[1].current.answer is not None
    assert stages[-1].current.finished and stages[-1].current.evidence


def test_the_history_is_this_conversations_answered_questions(scripted):
    chat = Chat(scripted)
    asked(chat, "支持多少？", "这个问题过长", "期限多长？")
    assert scripted.turns[-1].question == "期限多长？"
    assert scripted.turns[-1].history == ("支持多少？",)
    asked(chat, "另一个人的问题")
    assert scripted.turns[-1].history == ()


def test_a_known_error_is_told_with_its_remedy(scripted):
    conversation = asked(Chat(scripted), "这个问题过长")
    assert conversation.current.problem == "问题太长：12000 字。解决办法：缩短到 2000 字以内。"
    assert conversation.current.finished


def test_an_unknown_error_is_logged_and_not_shown(scripted, caplog):
    conversation = asked(Chat(scripted), "出故障的问题")
    assert conversation.current.problem == CHINESE.unexpected
    assert "secret path" in caplog.text


def test_the_first_screen_has_the_examples_and_the_limits(scripted, parse):
    view = Chat(scripted).view(Conversation(), ZH)
    text = parse(view.current).text
    for words in ("问政策", "找伙伴", "找联系人", "示例攻关项目支持多少？", scripted.scope.limits):
        assert words in text
    assert view.earlier == ""


def test_earlier_exchanges_are_apart_from_the_growing_one(scripted):
    chat = Chat(scripted)
    conversation = next(chat.ask("期限多长？", asked(chat, "支持多少？"), ZH))
    view = chat.view(conversation, ZH)
    assert 'id="exchange-1"' in view.earlier and 'id="exchange-2"' not in view.earlier
    assert 'id="exchange-2"' in view.current and "data-busy" in view.current


def test_stopping_does_not_wait_for_the_assistant(scripted):
    scripted.gate = threading.Event()
    chat = Chat(scripted)
    growing = chat.ask("支持多少？", Conversation(), ZH)
    next(growing)
    first = next(growing)
    chat.stop(first)
    settled = next(growing)
    assert settled.current.finished and settled.current.problem == CHINESE.stopped
    assert settled.current.answer == first.current.answer
    assert list(growing) == []
    scripted.gate.set()


def test_a_new_conversation_drops_the_answer_in_progress(scripted):
    scripted.gate = threading.Event()
    chat = Chat(scripted)
    growing = chat.ask("支持多少？", Conversation(), ZH)
    conversation = next(growing)
    rest = []
    reader = threading.Thread(target=lambda: rest.extend(growing))
    reader.start()
    assert chat.restart(conversation) == Conversation()
    reader.join(timeout=30)
    assert not reader.is_alive()
    assert not any(each.current.finished for each in rest)
    scripted.gate.set()


def test_stopping_one_conversation_leaves_the_others_alone(scripted):
    chat = Chat(scripted)
    one, other = (chat.ask(question, Conversation(), ZH) for question in ("甲？", "乙？"))
    stopped = next(one)
    next(other)
    chat.stop(stopped)
    chat.stop(Conversation())
    assert list(one)[-1].current.problem == CHINESE.stopped
    assert list(other)[-1].current.problem is None


def test_a_verdict_is_kept_with_its_question_answer_and_reason(scripted):
    chat = Chat(scripted)
    conversation = asked(chat, "支持多少？", "期限多长？")
    assert CHINESE.feedback_thanks in chat.rate(conversation, 1, False, " 依据不对 ", ZH)
    kept = scripted.feedback[-1]
    assert (kept.question, kept.useful, kept.reason) == ("支持多少？", False, "依据不对")
    assert kept.answer == conversation.exchange(1).answer.answer
    chat.rate(conversation, 2, True, "长" * 9999, ZH)
    assert len(scripted.feedback[-1].reason) == LONGEST_REASON


def test_a_verdict_that_cannot_be_kept_says_so(scripted):
    class Full(type(scripted)):
        def record_feedback(self, feedback):
            raise MarketError("磁盘已满", remedy="清理数据目录")

    chat = Chat(Full())
    notice = chat.rate(asked(chat, "支持多少？"), 1, True, "", ZH)
    assert CHINESE.feedback_failed in notice and "清理数据目录" in notice
    assert "notice-problem" in chat.rate(Conversation(), 9, True, "", ZH)


def test_a_document_opens_at_its_quote(scripted, notice, parse):
    start = notice.text.index("支持期限")
    parsed = parse(Chat(scripted).opened([notice.id, start, start + 4, ZH]))
    assert parsed.marked == ("支持期限",)


def test_what_the_browser_sends_is_not_trusted(scripted, parse):
    chat = Chat(scripted)
    assert "没有这份文件" in parse(chat.opened(["../../etc/passwd", 0, 1, ZH])).text
    assert CHINESE.document_failed in chat.opened([])
    assert CHINESE.document_failed in chat.opened(["a", "b", "c", "d"])
    assert parse(chat.opened(["notices/measures.md", -5, 10**9, ZH])).tags
