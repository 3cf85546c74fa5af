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


@pytest.mark.parametrize("viewports", [(DESKTOP, TABLET), (PHONE, SMALL)], ids=["desktop and tablet", "phones"])
def test_nothing_sticks_out_and_the_input_is_always_in_reach(visit, viewports):
    """At both sizes of a window: it is made larger and smaller while the conversation grows."""
    visitor = visit(viewports[0])
    page = visitor.page
    for step in range(3):
        if step:
            visitor.ask("这是一个没有空格的很长很长的问题" * (1 + 40 * step))
        for viewport in viewports:
            page.set_viewport_size(viewport)
            page.wait_for_function("size => window.innerWidth === size.width", arg=viewport)
            case = f"{viewport}, {step} asked"
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, case
            assert page.evaluate("document.querySelector('#log').scrollWidth") <= viewport["width"], case
            open_menu(page)
            for control in ("[data-restart]", "[data-choose-language=en]", "#send"):
                place = page.locator(control).bounding_box()
                assert place["x"] >= 0 and place["x"] + place["width"] <= viewport["width"], (control, case)
            page.keyboard.press("Escape")
            box = page.locator("#composer").bounding_box()
            assert 0 < box["y"] and box["y"] + box["height"] <= viewport["height"] + 1, case


def legible(visitor, measure_text: str) -> None:
    """An answer's text and its evidence's are large enough and stand out, by day and by night."""
    visitor.ask("示例攻关项目有50万元吗？")
    page = visitor.page
    page.click(f"#exchange-{visitor.asked} .answer .marker >> nth=0")
    page.wait_for_selector(f"#evidence-{visitor.asked}-1", state="visible")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.body.classList.contains('dark') === {str(scheme == 'dark').lower()}")
        assert page.evaluate(measure_text) == [], scheme


def test_text_on_a_phone_is_large_enough_and_stands_out(visit, measure_text):
    legible(visit(PHONE), measure_text)


def test_the_keyboard_alone_is_enough_controls_have_names_and_text_is_legible(visit, measure_text):
    visitor = visit(DESKTOP)
    visitor.ask(QUESTION)
    page = visitor.page
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], textarea, summary')]
            .filter((each) => each.checkVisibility())
            .filter((each) => !(each.innerText.trim() || each.ariaLabel || each.labels?.length))
            .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    label = page.get_attribute("#exchange-1 .answer .marker >> nth=0", "aria-label")
    assert label == "查看依据 1：示例区科技创新若干措施"
    page.focus("#exchange-1 .answer .marker >> nth=1")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'evidence-1-2'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#evidence') !== null")
    assert outline != "none"
    # Only now the mouse: what has the focus after a click is not outlined.
    legible(visitor, measure_text)
