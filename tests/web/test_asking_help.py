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
SIZES = [{"width": 320, "height": 640}, {"width": 390, "height": 844}, {"width": 1920, "height": 1000}]
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


def test_suggestions_are_a_listbox_that_keys_walk_through(visitor):
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


def test_enter_asks_what_is_marked_and_nothing_else(visitor, served):
    typed(visitor, "攻关")
    before = len(served.assistant.turns)
    visitor.page.press(BOX, "ArrowDown")
    visitor.page.press(BOX, "Enter")
    visitor.answered()
    assert [turn.question for turn in served.assistant.turns[before:]] == [FIRST]
    assert visitor.page.input_value(BOX) == "" and not visitor.page.is_visible("#suggestions")


def test_enter_without_a_mark_asks_what_was_typed(visitor, served):
    typed(visitor, "攻关")
    visitor.page.press(BOX, "Enter")
    visitor.answered()
    assert served.assistant.turns[-1].question == "攻关"
    visitor.page.wait_for_timeout(500)
    assert not visitor.page.is_visible("#suggestions")


def test_escape_closes_and_keeps_what_was_typed(visitor):
    typed(visitor, "攻关")
    visitor.page.press(BOX, "Escape")
    assert not visitor.page.is_visible("#suggestions") and visitor.page.input_value(BOX) == "攻关"


def test_a_click_asks(visitor, served):
    typed(visitor, "攻关").first.click()
    visitor.answered()
    assert served.assistant.turns[-1].question == FIRST


def test_an_input_method_at_work_is_left_alone(visitor):
    page = visitor.page
    page.focus(BOX)
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "攻关", "selectionStart": 2, "selectionEnd": 2})
    page.wait_for_timeout(600)
    assert page.input_value(BOX) == "攻关" and not page.is_visible("#suggestions")
    session.send("Input.insertText", {"text": "攻关"})
    page.wait_for_selector(f"{OPTIONS} >> nth=0")


def test_what_nothing_fits_shows_no_list(visitor):
    typed(visitor, "攻关")
    visitor.page.fill(BOX, "xyz")
    visitor.page.wait_for_selector("#suggestions", state="hidden")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_the_list_stands_above_the_box_and_within_the_window(visit, size):
    visitor = visit(viewport=size)
    typed(visitor, "攻关")
    page = visitor.page
    shown, box = page.locator("#suggestions").bounding_box(), page.locator(BOX).bounding_box()
    assert shown["x"] >= 0 and shown["x"] + shown["width"] <= size["width"]
    assert shown["y"] >= 0 and shown["y"] + shown["height"] <= box["y"] + 1
    if size["width"] < 500:
        assert page.locator(OPTIONS).first.bounding_box()["height"] >= 44
        page.locator(OPTIONS).first.tap()
        visitor.answered()


def test_nothing_of_a_suggestion_is_markup(visitor, served, monkeypatch):
    monkeypatch.setattr(type(served.assistant), "suggest", lambda self, text: ("<img src=x onerror=alert(1)>？",))
    options = typed(visitor, "攻关")
    assert options.first.inner_text() == "<img src=x onerror=alert(1)>？"
    assert visitor.page.locator("#suggestions img").count() == 0


# --- tables ---------------------------------------------------------------------------------------------


@pytest.fixture
def with_table(visitor):
    visitor.ask("支持多少？")
    visitor.page.evaluate("markup => document.querySelector('.answer').insertAdjacentHTML('beforeend', markup)", TABLE)
    return visitor


def column(visitor, number: int) -> list[str]:
    return visitor.page.locator(f".answer-table tbody td:nth-child({number})").all_inner_texts()


def test_a_table_sorts_by_number_and_by_words_and_says_so(with_table):
    page = with_table.page
    page.click("button[data-sort='1']")
    assert column(with_table, 2) == ["80万元", "1,200万元", "未写明"]
    assert page.locator("th[aria-sort='ascending']").inner_text() == "金额"
    page.click("button[data-sort='1']")
    assert column(with_table, 2)[-2:] == ["1,200万元", "80万元"]
    page.click("button[data-sort='0']")
    assert column(with_table, 1)[-2:] == ["甲", "乙"]
    assert page.locator("th[aria-sort='none']").count() == 1


def test_a_table_is_copied_for_a_spreadsheet_and_no_cell_is_a_formula(with_table):
    page = with_table.page
    page.click("button[data-table-copy]")
    page.wait_for_selector("button[data-table-copy]:text('已复制')")
    assert with_table.copied().splitlines() == ["名称\t金额", "乙\t1,200万元", "甲\t80万元", "'=丙\t未写明"]
    markup = page.evaluate(
        "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    )
    assert markup.count("<tr>") == 4 and "<td>80万元</td>" in markup
