"""Nothing told is lost, whatever comes between."""

from __future__ import annotations

import json

import pytest

from bot.web.texts import CHINESE
from tests.support.served import held_back
from tests.support.visits import BOX, DESKTOP, INTERRUPTIONS, QUESTION, QUOTE, SECOND, come_back, shown

WEATHER = "天气怎么样？"

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@pytest.mark.parametrize("how", INTERRUPTIONS)
def test_the_conversation_goes_on_where_it_was(visitor, server, how):
    """Its evidence, verdicts, what was asked before and a draft told in it."""
    page = visitor.page
    told = "登记需求：想找人做示例攻关，联系人示例甲，电话021-55500001"
    for question in (QUESTION, WEATHER, told):
        visitor.ask(question)
    come_back(page, how, server)
    shown(page)
    assert not visitor.complaints_of_the_page()
    # A verdict after it goes to the right answer.
    page.wait_for_selector("#exchange-2 .answer")
    page.click("#rate-yes-1")
    page.wait_for_selector(".notice-done")
    kept = server.assistant.feedback[-1]
    assert kept.question == QUESTION and "30万元" in kept.answer
    # The draft goes on, and of its contact nothing is kept beyond the window.
    page.wait_for_selector("#exchange-3 .draft-card")
    visitor.ask("预算30万元")
    draft = server.assistant.turns[-1].draft
    assert draft is not None and draft.value("title") == "示例攻关"
    assert draft.contact.phone == "021-55500001"
    kept = page.evaluate("Object.values(localStorage).filter((each) => each.includes('\"draft\":{'))")
    assert kept and not any("021-55500001" in json.dumps(json.loads(each)["answer"]["draft"]) for each in kept)
    # A follow-up still knows what was asked.
    visitor.ask(SECOND)
    assert server.assistant.turns[-1].history == (QUESTION, WEATHER, told, "预算30万元")
    assert QUESTION in page.inner_text("#exchange-1 .question")
    assert not visitor.complaints_of_the_page()


def test_an_answer_that_was_cut_off_says_so_and_can_be_asked_again(visitor, server):
    page = visitor.page
    for number, how in enumerate(("reload", "restart"), 1):
        asked = f"#exchange-{number}"
        with held_back(server.assistant):
            page.fill(BOX, QUESTION)
            page.press(BOX, "Enter")
            page.wait_for_selector(f"{asked}[data-busy]")
            come_back(page, how, server)
            page.wait_for_selector(f"{asked} >> text={CHINESE.kept.interrupted}")
        page.click(f"{asked} [data-retry]")
        # What had come before the cut stands there until the new answer begins.
        page.wait_for_selector(f"{asked}:not([data-busy]) .answer >> text=30万元")
        assert page.locator(".exchange").count() == number, how


def test_a_connection_that_breaks_while_answering_is_told(visit, server, relay):
    visitor = visit(DESKTOP, relay.address)
    page = visitor.page
    with held_back(server.assistant):
        page.fill(BOX, QUESTION)
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-1[data-busy]")
        relay.cut()
        page.wait_for_selector(f"#exchange-1 >> text={CHINESE.kept.interrupted}")
        page.wait_for_selector("#send", state="visible")
    page.click("#exchange-1 [data-retry]")
    page.wait_for_selector("#exchange-1:not([data-busy]) .answer >> text=30万元")


def test_a_changed_document_is_told_with_the_words_cited(visitor, server):
    visitor.ask(QUESTION)
    server.assistant.rewritten = {"notices/measures.md": "示例区科技创新若干措施\n\n全文改过了。"}
    visitor.page.reload()
    visitor.page.wait_for_selector("#exchange-1 .answer .marker")
    visitor.page.click("#exchange-1 .answer .marker >> text=[1]")
    card = visitor.page.inner_text("#evidence-1-1")
    assert CHINESE.evidence_changed in card and QUOTE in card


#: What may be done to an exchange that the browser keeps.
SPOILT = [
    "value => 'not json'",
    "value => '[]'",
    "value => value.replace('\"policy\"', '\"nonsense\"')",
    'value => value.replace(/"citations":\\[/, \'"citations":[7,\')',
    'value => value.replace(\'"answer":{\', \'"answer":{"unheard":1,\')',
    'value => value.replace(\'"start":\', \'"start":"x","begin":\')',
    "value => value.replace('\"notes\":[', '\"notes\":[\"' + 'x'.repeat(1500000) + '\",')",
]


def test_what_was_tampered_with_is_refused_quietly(visitor, server, caplog):
    page = visitor.page
    for number in range(len(SPOILT)):
        visitor.ask(f"示例攻关项目支持多少？之{number}")
    visitor.ask(QUESTION)
    # Each of them in its own way; the last one is left as it is.
    page.evaluate(
        f"""() => {{ const spoilt = [{", ".join(SPOILT)}];
        for (const key of Object.keys(localStorage)) if (key.startsWith("assistant-exchange")) {{
          const value = localStorage.getItem(key);
          const place = /之(\\d)"/.exec(value);
          if (!place) continue;
          const changed = spoilt[Number(place[1])](value);
          if (changed === value) throw new Error(`nothing changed by ${{spoilt[Number(place[1])]}}`);
          localStorage.setItem(key, changed); }} }}"""
    )
    page.reload()
    page.wait_for_function("document.querySelector('#log[role=log]') !== null")
    page.wait_for_function(f"document.querySelectorAll('#log .exchange').length === {len(SPOILT) + 1}")
    # What cannot be read at all has lost its time of asking and comes first, in no order of its own.
    for number, spoil in enumerate(SPOILT, 1):
        told = page.inner_text(f"#exchange-{number}")
        assert CHINESE.kept.unreadable in told, spoil if number > 2 else SPOILT[:2]
        assert "30万元" not in told, spoil
    assert CHINESE.kept.unreadable not in page.inner_text(f"#exchange-{len(SPOILT) + 1}")
    assert "Traceback" not in page.content() and "Traceback" not in caplog.text
    visitor.asked = page.locator(".exchange").count()
    assert visitor.asked == len(SPOILT) + 1
    visitor.ask(SECOND)
    assert "30万元" in visitor.reply()


def test_hostile_words_kept_stay_words(visitor):
    visitor.ask(QUESTION)
    page = visitor.page
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
          const hostile = '<img src=x onerror="document.title=1">';
          localStorage.setItem(key, localStorage.getItem(key).replaceAll("示例攻关项目", JSON.stringify(hostile).slice(1, -1)));
        } }"""
    )
    page.reload()
    page.wait_for_selector("#exchange-1 .question")
    page.click("[data-conversations]")
    assert "onerror" in page.inner_text("#exchange-1 .question")
    assert page.title() == "示例助手" and page.locator("#log img, #conversations img").count() == 0
