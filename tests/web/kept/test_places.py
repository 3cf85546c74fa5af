"""The back button, and asking again."""

from __future__ import annotations

import pytest

from bot.web.texts import CHINESE
from tests.support.served import held_back
from tests.support.visits import BOX, PHONE, QUESTION, SECOND, open_menu, shown

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def test_back_closes_the_sheet_then_the_view_and_never_leaves_also_after_a_reload(visit, server):
    visitor = visit(PHONE, server.address)
    page = visitor.page
    # A reload opens the same view.
    open_menu(page)
    page.tap("#masthead [data-go=eligibility]")
    page.wait_for_selector(".view[data-name=eligibility] h2", state="visible")
    page.reload()
    page.wait_for_selector(".view[data-name=eligibility] h2", state="visible")
    page.go_back()
    page.wait_for_selector(".welcome", state="visible")
    visitor.ask(QUESTION)
    open_menu(page)
    page.tap("#masthead [data-go=market]")
    page.wait_for_selector("#find-told")
    page.go_back()
    page.wait_for_selector("#exchange-1 .answer", state="visible")
    page.tap("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.go_back()
    page.wait_for_selector("#evidence", state="hidden")
    open_menu(page)
    page.tap("[data-conversations]")
    page.wait_for_selector("#conversations li", state="visible")
    page.go_back()
    page.wait_for_selector("#conversations li", state="hidden")
    assert page.is_visible("#exchange-1 .answer") and page.url.startswith(server.address)
    # After a reload with the sheet open, back is not spent on nothing.
    page.tap("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.reload()
    page.wait_for_selector("#exchange-1 .answer")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.go_back()
    page.wait_for_selector("#evidence", state="hidden")
    assert page.is_visible("#exchange-1 .answer")


def edit(page, number: int, words: str) -> None:
    page.click(f"#exchange-{number} [data-edit]")
    page.locator(f"#exchange-{number} .edit-question textarea").fill(words)
    page.click(f"#exchange-{number} .edit-question [type=submit]")


def test_the_newest_question_is_edited_and_asked_again_and_a_stopped_answer_stays_stopped(visitor, server):
    visitor.ask(QUESTION)
    page = visitor.page
    # Editing can be given up.
    page.click("#exchange-1 [data-edit]")
    page.locator(".edit-question textarea").fill("别的")
    page.keyboard.press("Escape")
    assert page.locator(".edit-question").count() == 0
    shown(page)
    visitor.ask("天气怎么样？")
    edit(page, 2, SECOND)
    page.wait_for_selector("#exchange-2:not([data-busy]) >> text=30万元")
    assert server.assistant.turns[-1].history == (QUESTION,)
    with held_back(server.assistant):
        page.fill(BOX, "找谁申报？")
        page.press(BOX, "Enter")
        page.wait_for_selector("#exchange-3[data-busy] .answer")
        page.click("#stop")
        page.wait_for_selector(f"#exchange-3:not([data-busy]) >> text={CHINESE.stopped}")
    page.reload()
    page.wait_for_selector(f"#exchange-2 .question >> text={SECOND}")
    page.wait_for_selector(f"#exchange-3 >> text={CHINESE.stopped}")
    assert page.locator(".exchange").count() == 3


def test_an_earlier_question_edited_keeps_the_later_ones_as_a_conversation_of_their_own(visitor, server):
    visitor.ask("天气怎么样？")
    visitor.ask(SECOND)
    page = visitor.page
    edit(page, 1, QUESTION)
    page.wait_for_selector("#exchange-1:not([data-busy]) >> text=30万元")
    assert page.locator(".exchange").count() == 1
    assert server.assistant.turns[-1].history == ()
    page.wait_for_selector(f"text={CHINESE.kept.kept_before_edit[:8]}")
    page.click("[data-conversations]")
    page.click("#conversations .conversation-title >> text=改问前")
    page.wait_for_selector(f"#exchange-2 .question >> text={SECOND}")
    assert "天气怎么样" in page.inner_text("#exchange-1 .question")
