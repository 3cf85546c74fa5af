"""What everybody needs of the page: nothing out of reach, legible text, keyboard, names."""

from __future__ import annotations

import pytest

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
        for control in ("[data-restart]", "[data-choose-language=en]", "#send"):
            place = page.locator(control).bounding_box()
            assert place["x"] >= 0 and place["x"] + place["width"] <= viewport["width"]
        box = page.locator("#composer").bounding_box()
        assert 0 < box["y"] and box["y"] + box["height"] <= viewport["height"] + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_text_is_large_enough_and_stands_out(visit, viewport, scheme):
    visitor = visit(viewport, color_scheme=scheme)
    visitor.ask("示例攻关项目有50万元吗？")
    page = visitor.page
    page.click("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    weak = page.evaluate(MEASURE_TEXT)
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
            .filter((each) => each.offsetParent !== null)
            .filter((each) => !(each.innerText.trim() || each.ariaLabel || each.labels?.length))
            .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    label = visitor.page.get_attribute("#exchange-1 .answer .marker >> nth=0", "aria-label")
    assert label == "查看依据 1：示例区科技创新若干措施"


# Every visible text node: its size, and its contrast with the nearest painted background
# (WCAG 2: 4.5 to 1, or 3 to 1 for large text). Placeholders and disabled controls are left out.
MEASURE_TEXT = """() => {
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const parts = (colour) => (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parts(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.querySelector('.gradio-container'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    const words = walker.currentNode.textContent.trim();
    if (!words || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest('.visually-hidden, style, script, #notice')) continue;
    const size = parseFloat(style.fontSize);
    const [a, b] = [light(parts(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const smallest = element.closest('.marker') ? 13 : 16;
    if (size < smallest || ratio < needed) {
      weak.push(`${element.className} ${size}px ${ratio.toFixed(2)} ${words.slice(0, 20)}`);
    }
  }
  return weak;
}"""
