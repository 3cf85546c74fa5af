"""What everybody needs of the page: nothing out of reach, legible text, keyboard, names."""

from __future__ import annotations

import pytest

from tests.support.visits import open_menu

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

DESKTOP = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
QUESTION = "示例攻关项目支持多少？"


@pytest.fixture
def visitor(visit):
    return visit()


@pytest.mark.parametrize("viewport", [DESKTOP, TABLET, PHONE, SMALL], ids=["desktop", "tablet", "phone", "small"])
def test_nothing_sticks_out_and_the_input_is_always_in_reach(visit, viewport):
    visitor = visit(viewport)
    page = visitor.page
    for step in range(3):
        if step:
            visitor.ask("这是一个没有空格的很长很长的问题" * (1 + 40 * step))
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0
        assert page.evaluate("document.querySelector('#log').scrollWidth") <= viewport["width"]
        open_menu(page)
        for control in ("[data-restart]", "[data-choose-language=en]", "#send"):
            place = page.locator(control).bounding_box()
            assert place["x"] >= 0 and place["x"] + place["width"] <= viewport["width"]
        page.keyboard.press("Escape")
        box = page.locator("#composer").bounding_box()
        assert 0 < box["y"] and box["y"] + box["height"] <= viewport["height"] + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_text_is_large_enough_and_stands_out(visit, viewport, scheme, measure_text):
    visitor = visit(viewport, color_scheme=scheme)
    visitor.ask("示例攻关项目有50万元吗？")
    page = visitor.page
    page.click("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    weak = page.evaluate(measure_text)
    assert weak == []


def test_the_page_can_be_used_with_the_keyboard_alone(visitor):
    visitor.ask(QUESTION)
    page = visitor.page
    page.focus("#exchange-1 .answer .marker >> nth=1")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'evidence-1-2'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#evidence') !== null")
    assert outline != "none"


def test_controls_have_names(visitor):
    visitor.ask(QUESTION)
    nameless = visitor.page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], textarea, summary')]
            .filter((each) => each.checkVisibility())
            .filter((each) => !(each.innerText.trim() || each.ariaLabel || each.labels?.length))
            .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    label = visitor.page.get_attribute("#exchange-1 .answer .marker >> nth=0", "aria-label")
    assert label == "查看依据 1：示例区科技创新若干措施"
