"""Suggestions while typing, and tables that sort and copy, in a real browser."""

from __future__ import annotations

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

BOX = "#question textarea"
OPTIONS = "#suggestions li"
FIRST = "示例攻关项目支持多少？"
SIZES = [({"width": 320, "height": 640}, {"width": 390, "height": 844}), ({"width": 1920, "height": 1000},)]
TABLE = """<figure class="answer-table"><div class="grid"><div class="table-scroll"><table>
<thead><tr><th scope="col" aria-sort="none"><button type="button" data-sort="0">名称</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="1">金额</button></th></tr></thead>
<tbody><tr><td>乙</td><td>1,200万元</td></tr><tr><td>甲</td><td>80万元</td></tr>
<tr><td>=丙</td><td>未写明</td></tr></tbody></table></div>
<div class="table-foot"><button type="button" data-table-copy class="quiet">复制表格</button></div></div></figure>"""


@pytest.fixture
def visitor(visit):
    return visit()


def typed(visitor, words: str):
    visitor.page.fill(BOX, "")
    visitor.page.locator(BOX).press_sequentially(words, delay=20)
    visitor.page.wait_for_selector(f"{OPTIONS} >> nth=0")
    return visitor.page.locator(OPTIONS)


def test_suggestions_are_a_listbox_that_keys_walk_through_and_close(visitor):
    options = typed(visitor, "攻关")
    page = visitor.page
    assert 1 <= options.count() <= 5 and page.get_attribute(BOX, "aria-controls") == "suggestions"
    assert page.get_attribute(BOX, "aria-activedescendant") is None
    page.press(BOX, "ArrowDown")
    active = page.get_attribute(BOX, "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    assert page.inner_text(f"#{active}") == FIRST
    page.press(BOX, "ArrowUp")
    assert page.get_attribute(BOX, "aria-activedescendant") is None
    page.press(BOX, "ArrowUp")
    last = page.get_attribute(BOX, "aria-activedescendant")
    assert page.inner_text(f"#{last}") == options.last.inner_text()
    assert page.input_value(BOX) == "攻关"
    # Escape closes the list and keeps what was typed.
    page.press(BOX, "Escape")
    assert not page.is_visible("#suggestions") and page.input_value(BOX) == "攻关"
    # What nothing fits shows no list.
    typed(visitor, "攻关")
    page.fill(BOX, "xyz")
    page.wait_for_selector("#suggestions", state="hidden")
    # An input method at work is left alone.
    page.fill(BOX, "")
    page.focus(BOX)
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "攻关", "selectionStart": 2, "selectionEnd": 2})
    page.wait_for_timeout(600)
    assert page.input_value(BOX) == "攻关" and not page.is_visible("#suggestions")
    session.send("Input.insertText", {"text": "攻关"})
    page.wait_for_selector(f"{OPTIONS} >> nth=0")


def test_enter_asks_what_is_marked_or_what_was_typed_and_a_click_asks(visitor, served, monkeypatch):
    page = visitor.page
    before = len(served.assistant.turns)
    typed(visitor, "攻关")
    page.press(BOX, "ArrowDown")
    page.press(BOX, "Enter")
    visitor.answered()
    assert [turn.question for turn in served.assistant.turns[before:]] == [FIRST]
    assert page.input_value(BOX) == "" and not page.is_visible("#suggestions")
    # Without a mark Enter asks what was typed, and no list comes afterwards.
    typed(visitor, "攻关")
    page.press(BOX, "Enter")
    visitor.answered()
    assert served.assistant.turns[-1].question == "攻关"
    page.wait_for_timeout(500)
    assert not page.is_visible("#suggestions")
    typed(visitor, "攻关").first.click()
    visitor.answered()
    assert [turn.question for turn in served.assistant.turns[before:]] == [FIRST, "攻关", FIRST]
    # Nothing of a suggestion is markup.
    hostile = "<img src=x onerror=alert(1)>？"
    monkeypatch.setattr(type(served.assistant), "suggest", lambda self, text: (hostile,))
    options = typed(visitor, "攻关")
    assert options.first.inner_text() == hostile
    assert page.locator("#suggestions img").count() == 0


@pytest.mark.parametrize("sizes", SIZES, ids=["phones", "wide"])
def test_the_list_stands_above_the_box_and_within_the_window(visit, sizes):
    visitor = visit(viewport=sizes[0])
    page = visitor.page
    for size in sizes:
        page.set_viewport_size(size)
        page.wait_for_function("size => window.innerWidth === size.width", arg=size)
        typed(visitor, "攻关")
        shown, box = page.locator("#suggestions").bounding_box(), page.locator(BOX).bounding_box()
        assert shown["x"] >= 0 and shown["x"] + shown["width"] <= size["width"], size
        assert shown["y"] >= 0 and shown["y"] + shown["height"] <= box["y"] + 1, size
        if size["width"] < 500:
            assert page.locator(OPTIONS).first.bounding_box()["height"] >= 44, size
            page.locator(OPTIONS).first.tap()
            visitor.answered()


# --- tables ---------------------------------------------------------------------------------------------


def column(page, number: int) -> list[str]:
    return page.locator(f".answer-table tbody td:nth-child({number})").all_inner_texts()


def test_a_table_is_copied_for_a_spreadsheet_and_sorts_by_number_and_by_words(visitor):
    visitor.ask("支持多少？")
    page = visitor.page
    page.evaluate("markup => document.querySelector('.answer').insertAdjacentHTML('beforeend', markup)", TABLE)
    page.click("button[data-table-copy]")
    page.wait_for_selector("button[data-table-copy]:text('已复制')")
    # No cell is a formula.
    assert visitor.copied().splitlines() == ["名称\t金额", "乙\t1,200万元", "甲\t80万元", "'=丙\t未写明"]
    markup = page.evaluate(
        "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    )
    assert markup.count("<tr>") == 4 and "<td>80万元</td>" in markup
    # It says by what it is sorted.
    page.click("button[data-sort='1']")
    assert column(page, 2) == ["80万元", "1,200万元", "未写明"]
    assert page.locator("th[aria-sort='ascending']").inner_text() == "金额"
    page.click("button[data-sort='1']")
    assert column(page, 2)[-2:] == ["1,200万元", "80万元"]
    page.click("button[data-sort='0']")
    assert column(page, 1)[-2:] == ["甲", "乙"]
    assert page.locator("th[aria-sort='none']").count() == 1
