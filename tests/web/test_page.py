"""The page in a real browser, over a scripted assistant."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from bot.web.texts import CHINESE, ENGLISH
from tests.support.served import held_back

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
BOX = "#question textarea"
QUESTION = "示例攻关项目支持多少？"
QUOTE = "对示例攻关项目，给予最高不超过30万元支持。"


@pytest.fixture
def visitor(visit):
    return visit()


def test_the_first_screen_tells_what_can_be_asked_and_a_click_asks_it(visitor, served):
    page = visitor.page
    assert page.title() == served.assistant.scope.name
    assert page.inner_text(".brand h1") == "示例助手"
    assert "资料截至 2031-04-05" in page.inner_text(".masthead")
    assert page.inner_text(".mode") == "离线"
    assert page.locator(".example-group h3").all_inner_texts() == ["问政策", "找伙伴", "找联系人"]
    assert page.inner_text(".limits") == served.assistant.scope.limits
    assert not page.is_visible("#evidence")
    assert not page.is_visible("footer")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.click(".example >> nth=1")
    visitor.answered()
    assert served.assistant.turns[-1].question == "谁能一起做示例攻关？"
    # A follow-up is asked by a click as well, with its history.
    page.click("#exchange-1 .follow-ups .chip >> nth=0")
    visitor.answered()
    turn = served.assistant.turns[-1]
    assert (turn.question, turn.history) == ("支持期限多长？", ("谁能一起做示例攻关？",))
    assert "按此理解：示例攻关项目：支持期限多长？" in visitor.reply()
    assert page.locator("#exchange-1").is_visible()


def test_a_question_is_answered_and_a_marker_shows_exactly_its_quote(visitor, served):
    visitor.ask(QUESTION)
    page = visitor.page
    assert "单个项目最高不超过30万元。" in visitor.reply()
    assert page.locator(".answer strong").all_inner_texts() == ["30万元"]
    page.click("#exchange-1 .answer .marker >> text=[1]")
    card = page.locator("#evidence-1-1")
    assert card.locator("mark").all_text_contents() == [QUOTE]
    assert "active" in card.get_attribute("class")
    assert "示科〔2031〕7号" in card.inner_text() and "原文" in card.inner_text()
    mark = card.locator("mark").bounding_box()
    panel = page.locator("#evidence .panel").bounding_box()
    assert panel["y"] <= mark["y"] < panel["y"] + panel["height"]
    assert not visitor.complaints
    # The whole document opens at the quote.
    page.click("#evidence-1-1 [data-document]")
    page.wait_for_selector("#evidence .document")
    assert page.locator("#evidence .document mark").all_text_contents() == [QUOTE]
    assert "三、附则" in page.inner_text("#evidence .document")
    assert page.inner_text("#evidence-heading") == "示例区科技创新若干措施"
    page.click("#evidence [data-back]")
    assert page.is_visible("#evidence-1-1")
    assert page.inner_text("#evidence-heading") == CHINESE.evidence
    # Nothing of all this is requested from outside.
    hosts = {urlsplit(url).netloc for url in visitor.requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(served.address).netloc}


def test_a_hostile_document_a_refusal_and_an_error_are_words(visitor):
    visitor.ask("<script>document.title='坏'</script><img src=x onerror=\"document.title='坏'\">")
    page = visitor.page
    assert page.title() == "示例助手"
    page.click("#evidence-1-1 [data-document]")
    page.wait_for_selector("#evidence .document")
    assert "<script>" in page.inner_text("#evidence .document")
    assert page.title() == "示例助手"
    assert page.locator("#log img, #log script, #evidence script").count() == 0
    # A refusal offers what an answer offers.
    visitor.ask("天气怎么样？")
    assert "不在这里的文件范围内" in visitor.reply()
    assert page.is_visible("#rate-yes-2") and page.is_visible("#exchange-2 .follow-ups .chip")
    assert page.inner_text("#evidence .panel-cards") == CHINESE.evidence_none
    # An error is a sentence with its remedy.
    visitor.ask("这个问题过长")
    assert page.inner_text("#exchange-3 .problem") == "问题太长：12000 字。解决办法：缩短到 2000 字以内。"
    visitor.ask("出故障")
    assert page.inner_text("#exchange-4 .problem") == CHINESE.unexpected


def test_two_visitors_never_mix(visit, served):
    one, other = visit(), visit()
    one.ask("甲的问题")
    other.ask("乙的问题")
    one.ask("甲再问")
    assert served.assistant.turns[-1].history == ("甲的问题",)
    assert "乙" not in one.page.inner_text("#log")
    assert "甲" not in other.page.inner_text("#log")


def test_the_answer_is_copied_with_its_evidence(visitor):
    visitor.ask(QUESTION)
    page = visitor.page
    page.click("#exchange-1 [data-copy=answer]")
    page.wait_for_selector(f"#exchange-1 [data-copy=answer] >> text={CHINESE.copied}")
    copied = visitor.copied()
    assert f"[1] “{QUOTE}”" in copied
    assert "示科〔2031〕7号" in copied
    page.click("#evidence-1-1 [data-copy]")
    page.wait_for_selector(f"#evidence-1-1 [data-copy] >> text={CHINESE.copied}")
    assert visitor.copied().startswith(f"“{QUOTE}”")
    # It works without the clipboard interface too, by a button that has not said so yet.
    visitor.ask("期限多长？")
    page.evaluate("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.click("#exchange-2 [data-copy=answer]")
    page.wait_for_selector(f"#exchange-2 [data-copy=answer] >> text={CHINESE.copied}")
    copied = visitor.copied()
    assert QUOTE in copied and not copied.startswith(f"“{QUOTE}”")


def test_verdicts_are_kept_with_the_reason_and_folded_notes_stay_open(visitor, served):
    visitor.ask(QUESTION)
    page = visitor.page
    page.click("#notes-1 summary")
    assert page.is_visible("text=第五条说明")
    page.click("#rate-yes-1")
    page.wait_for_selector(f"text={CHINESE.feedback_thanks}")
    assert served.assistant.feedback[-1].useful
    assert page.get_attribute("#rate-yes-1", "aria-pressed") == "true"
    page.click("#rate-no-1")
    page.click("#reason-form-1 .chip >> nth=1")
    page.locator("#reason-1").press_sequentially("，应为20万元")
    page.click("#reason-form-1 [type=submit]")
    page.wait_for_function("document.querySelector('#rate-no-1').ariaPressed === 'true'")
    page.wait_for_function("document.querySelector('#reason-form-1').hidden")
    wait_for(lambda: not served.assistant.feedback[-1].useful)
    assert served.assistant.feedback[-1].reason == "数字或日期不对，应为20万元"
    visitor.ask("期限多长？")
    assert page.get_attribute("#rate-no-1", "aria-pressed") == "true"
    page.wait_for_function("document.querySelector('#notes-1').open")


def wait_for(condition) -> None:
    """Give the server's own thread time to do what was asked."""
    import time

    for _ in range(100):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def test_enter_and_the_button_send_and_what_cannot_be_sent_is_told(visitor, served):
    page = visitor.page
    before = len(served.assistant.turns)
    page.fill(BOX, "   ")
    page.click("#send")
    page.wait_for_selector(f"text={CHINESE.empty_question}")
    assert page.is_visible(".welcome")
    # Shift and Enter break the line, and an input method is left alone.
    page.fill(BOX, "第一行")
    page.press(BOX, "Shift+Enter")
    page.locator(BOX).press_sequentially("第二行")
    page.evaluate(
        """() => document.querySelector('#question textarea').dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"""
    )
    assert len(served.assistant.turns) == before
    page.press(BOX, "Enter")
    visitor.answered()
    assert served.assistant.turns[-1].question == "第一行\n第二行"
    assert page.input_value(BOX) == ""
    page.fill(BOX, QUESTION)
    page.click("#send")
    visitor.answered()
    assert served.assistant.turns[-1].question == QUESTION
    assert "30万元" in visitor.reply()
    # A lost connection is told in the page's words.
    page.context.set_offline(True)
    page.fill(BOX, QUESTION)
    page.press(BOX, "Enter")
    page.wait_for_selector(f"text={CHINESE.connection_lost}")
    assert page.locator(".toast-wrap:visible").count() == 0
    assert page.input_value(BOX) == QUESTION


def test_waiting_is_shown_and_can_be_stopped_and_typed_into_and_left(visitor, served):
    page = visitor.page
    with held_back(served.assistant):
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-1[data-busy]")
        page.wait_for_selector("#send", state="hidden")
        page.click("#stop")
        visitor.answered()
        assert CHINESE.stopped in visitor.reply()
    visitor.ask("期限多长？")
    assert "30万元" in visitor.reply()
    # What is typed while waiting is not lost.
    with held_back(served.assistant):
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-3[data-busy]")
        page.wait_for_function(f"document.querySelector('{BOX}').value === ''")
        page.locator(BOX).press_sequentially("下一个问题")
    visitor.answered()
    assert page.input_value(BOX) == "下一个问题"
    # A new conversation can be begun meanwhile.
    with held_back(served.assistant):
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-4[data-busy]")
        page.click("[data-restart]")
        page.wait_for_selector(".welcome")
    visitor.asked = 0
    visitor.ask("期限多长？")
    assert page.locator(".question").all_inner_texts() == ["您问：\n\n期限多长？"]


def test_the_frame_speaks_english_and_remembers_it_and_a_new_conversation_forgets_the_old_one(visitor, served):
    visitor.ask(QUESTION)
    page = visitor.page
    page.click("[data-choose-language=en]")
    page.wait_for_selector(f"#evidence >> text={ENGLISH.whole_document}")
    assert page.inner_text("#send") == ENGLISH.send
    assert page.get_attribute(BOX, "placeholder") == ENGLISH.help.placeholder_example.format(QUESTION)
    assert "Useful" in visitor.reply()
    assert page.locator("#evidence-1-1 mark").all_text_contents() == [QUOTE]
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    page.wait_for_selector(f"#exchange-1 >> text={ENGLISH.useful}")
    assert page.inner_text("#send") == ENGLISH.send
    page.wait_for_selector("#evidence", state="visible")
    page.click("[data-restart]")
    page.wait_for_selector(".welcome")
    assert not page.is_visible("#evidence")
    visitor.asked = 0
    visitor.ask("期限多长？")
    assert served.assistant.turns[-1].history == ()


def test_on_a_phone_the_evidence_is_a_sheet_over_the_chat(visit):
    visitor = visit(PHONE)
    visitor.ask(QUESTION)
    page = visitor.page
    assert not page.is_visible("#evidence")
    page.tap("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1 mark")
    sheet = page.locator("#evidence .panel").bounding_box()
    box = page.locator(BOX).bounding_box()
    assert sheet["width"] == PHONE["width"]
    assert sheet["y"] + sheet["height"] <= box["y"] and box["y"] + box["height"] <= PHONE["height"]
    page.tap("#evidence [data-close]")
    assert not page.is_visible("#evidence")
    page.tap("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.go_back()
    page.wait_for_selector("#evidence", state="hidden")
    assert page.is_visible("#exchange-1")
