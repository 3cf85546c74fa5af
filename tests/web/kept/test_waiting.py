"""Waiting, being busy, and long conversations."""

from __future__ import annotations

import pytest

from bot.web.texts import CHINESE
from tests.support.served import held_back
from tests.support.visits import BOX, DESKTOP, PHONE, QUESTION, SECOND

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def test_who_waits_is_told_how_many_are_before_and_busy_is_told_apart_from_a_lost_connection(visit, server):
    visitors = [visit(DESKTOP, server.address) for _ in range(2)]
    server.line.at_once = 1
    with held_back(server.assistant):
        for each in visitors:
            each.page.fill(BOX, QUESTION)
            each.page.press(BOX, "Enter")
            each.page.wait_for_selector("#exchange-1[data-busy]")
        visitors[1].page.wait_for_selector(f"#exchange-1 >> text={CHINESE.kept.ahead.format(1)}")
        assert "queue" not in visitors[1].page.inner_text("body")
    for each in visitors:
        each.answered()
    # Nobody is let in, not even to wait.
    server.line.longest = 0
    server.line.at_once = 0
    page = visitors[0].page
    page.fill(BOX, SECOND)
    page.press(BOX, "Enter")
    page.wait_for_selector(f"text={CHINESE.kept.busy}")
    assert CHINESE.connection_lost not in page.inner_text("body")
    assert page.input_value(BOX) == SECOND
    server.line.longest, server.line.at_once = 10, 8
    page.press(BOX, "Enter")
    visitors[0].answered()


def begin_in_sight(visitor) -> None:
    """Each answer begins in sight."""
    for number, question in enumerate((QUESTION, "天气怎么样？", SECOND, QUESTION), 1):
        visitor.ask(question)
        visitor.page.wait_for_timeout(300)
        log = visitor.page.locator("#log").bounding_box()
        top = visitor.page.locator(f"#exchange-{number}").bounding_box()["y"] - log["y"]
        assert -2 <= top < log["height"] / 3, number


def test_each_answer_begins_in_sight_on_a_phone(visit, server):
    begin_in_sight(visit(PHONE, server.address))


def test_each_answer_begins_in_sight_and_a_long_conversation_is_as_fast_as_a_short_one(visitor, server):
    page = visitor.page
    begin_in_sight(visitor)
    page.evaluate(
        """() => { const [key] = Object.keys(localStorage).filter((each) => each.startsWith("assistant-exchange"));
          const value = JSON.parse(localStorage.getItem(key));
          for (let each = 0; each < 117; each += 1) { const id = `copy${each}`;
            localStorage.setItem(key.replace(value.id, id), JSON.stringify({...value, id, asked: value.asked + each + 1})); } }"""
    )
    page.reload()
    page.wait_for_selector("#exchange-121 .answer")
    assert page.locator(".exchange").count() == 20
    visitor.asked = 121
    sent = []
    page.on("request", lambda request: sent.append(len(request.post_data or "")))
    visitor.ask(SECOND)
    assert max(sent) < 10_000
    assert len(server.assistant.turns[-1].history) == 20
    page.click("#show-earlier")
    page.wait_for_selector("#exchange-82", state="attached")
    assert page.locator(".exchange").first.get_attribute("id") == "exchange-82"
