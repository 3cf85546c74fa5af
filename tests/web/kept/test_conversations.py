"""Several conversations in one browser."""

from __future__ import annotations

import pytest

from bot.web.texts import CHINESE
from tests.support.visits import BOX, QUESTION, SECOND, shown

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def titles(page) -> list[str]:
    return page.locator("#conversations .conversation-title").all_inner_texts()


def test_conversations_are_listed_changed_between_renamed_and_deleted(visitor, server):
    page = visitor.page
    visitor.ask(QUESTION)
    page.click("[data-restart]")
    page.wait_for_selector(".welcome")
    visitor.asked = 0
    visitor.ask("天气怎么样？")
    assert server.assistant.turns[-1].history == ()
    page.click("[data-conversations]")
    assert titles(page) == ["天气怎么样？", QUESTION]
    assert CHINESE.kept.kept_where in page.inner_text("#conversations")
    page.click(f"#conversations .conversation-title >> text={QUESTION}")
    shown(page)
    visitor.asked = 1
    visitor.ask(SECOND)
    assert server.assistant.turns[-1].history == (QUESTION,)
    # A third one, and the first is given another name.
    page.click("[data-restart]")
    page.wait_for_selector(".welcome")
    visitor.asked = 0
    visitor.ask("第三个问题")
    page.click("[data-restart]")
    page.wait_for_selector(".welcome")
    page.click("[data-conversations]")
    assert titles(page) == ["第三个问题", QUESTION, "天气怎么样？"]
    page.click("#conversations li >> nth=1 >> [data-rename]")
    page.locator("#conversations input").fill("攻关项目")
    page.keyboard.press("Enter")
    assert titles(page) == ["第三个问题", "攻关项目", "天气怎么样？"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#conversations li >> nth=0 >> [data-delete]")
    page.reload()
    page.wait_for_selector(".welcome")
    # The list is used with the keyboard.
    page.focus("[data-conversations]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#conversations li")
    assert page.get_attribute("[data-conversations]", "aria-expanded") == "true"
    assert page.evaluate("document.activeElement.closest('#conversations') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector("#conversations li", state="hidden")
    assert page.evaluate("document.activeElement.matches('[data-conversations]')")
    page.click("[data-conversations]")
    assert titles(page) == ["攻关项目", "天气怎么样？"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#conversations [data-delete-all]")
    assert titles(page) == []
    left = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "天气" not in left and "攻关" not in left


def test_windows_do_not_overwrite_each_other(visitor, server):
    visitor.ask(QUESTION)
    page, other = visitor.page, visitor.page.context.new_page()
    other.goto(server.address)
    # A window opened anew offers the last conversation.
    other.click(f"#resume >> text={QUESTION}")
    shown(other)
    # It begins one of its own: neither is lost.
    other.click("[data-restart]")
    other.wait_for_selector(".welcome")
    other.fill(BOX, "天气怎么样？")
    other.press(BOX, "Enter")
    other.wait_for_selector("#exchange-1:not([data-busy]) .answer")
    visitor.ask(SECOND)
    for each in (page, other):
        each.click("[data-conversations]")
        each.wait_for_selector(f"#conversations .conversation-title >> text={QUESTION}")
        assert sorted(titles(each)) == sorted(["天气怎么样？", QUESTION])
    page.click("[data-close-conversations]")
    # The same conversation in both windows keeps the questions of both.
    other.click(f"#conversations .conversation-title >> text={QUESTION}")
    other.wait_for_selector("#exchange-2 .answer")
    other.fill(BOX, "要什么材料？")
    other.press(BOX, "Enter")
    other.wait_for_selector("#exchange-3:not([data-busy]) .answer")
    page.wait_for_selector("#exchange-3 .question >> text=要什么材料？")
    visitor.asked = 3
    visitor.ask("找谁申报？")
    assert server.assistant.turns[-1].history == (QUESTION, SECOND, "要什么材料？")
    other.reload()
    other.wait_for_selector("#exchange-4 .answer")
