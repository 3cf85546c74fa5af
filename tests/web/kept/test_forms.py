"""Half-filled forms come back."""

from __future__ import annotations

import pytest
from playwright.sync_api import TimeoutError

from tests.support.market_forms import NEED_FORM
from tests.support.visits import BOX, INTERRUPTIONS, come_back, go

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

PHONE = "021-55500002"
RECEIPT = "ABCD-EFGH-JKLM"
#: What is typed, by the view it is typed in.
TYPED = {
    "chat": {BOX: "问到一半"},
    "publish": {
        "#tell-told": "讲到一半的需求",
        "#publish-title": "填到一半",
        "#publish-unit": "示例单位",
        "#publish-contact_phone": PHONE,
    },
    "market": {"#find-told": "找到一半"},
    "introduce": {"#introduce-need": "n-1", "#introduce-offer": "o-2"},
    "eligibility": {
        ".view[data-name=eligibility] textarea, .view[data-name=eligibility] input[type=text]": "示例",
    },
}
VIEWS = list(TYPED)


def fill_everything(page) -> str:
    """Every form half-filled, none sent; returns what was chosen where there is a choice."""
    for view, entries in TYPED.items():
        go(page, view)
        for selector, words in entries.items():
            page.locator(selector).first.fill(words)
    go(page, "publish")
    page.check("#tell-form input[value=offers]")
    page.evaluate("document.querySelector('#record-form details').open = true")
    page.select_option("#publish-confidentiality", index=1)
    go(page, "mine")
    page.fill("#mine-receipt", RECEIPT)
    return page.input_value("#publish-confidentiality")


def held_by(page, selector: str, words: str, case: str) -> None:
    """Wait for ``words`` in the field."""
    holds = "([selector, words]) => document.querySelector(selector).value === words"
    try:
        page.wait_for_function(holds, arg=[selector, words])
    except TimeoutError as problem:
        raise AssertionError(f"{case}: {selector} holds {page.locator(selector).first.input_value()!r}") from problem


def still_there(page, view: str) -> None:
    """What was typed in ``view``, where it can be seen."""
    for selector, words in TYPED[view].items():
        page.locator(selector).first.wait_for(state="visible")
        held_by(page, selector, words, view)


@pytest.mark.parametrize(("how", "standing"), list(zip(INTERRUPTIONS, VIEWS, strict=True)))
def test_what_was_typed_and_chosen_is_still_there(visitor, server, how, standing):
    page = visitor.page
    chosen = fill_everything(page)
    go(page, standing)
    come_back(page, how, server)
    # The view where the visitor stood is there by itself, the others are gone to.
    still_there(page, standing)
    for view in VIEWS:
        go(page, view)
        still_there(page, view)
    go(page, "publish")
    page.wait_for_selector("#publish-confidentiality", state="attached")
    page.wait_for_function(f"document.querySelector('#publish-confidentiality').value === '{chosen}'")
    assert page.is_checked("#tell-form input[value=offers]")
    # Private entries and receipts are not kept beyond the window.
    assert PHONE not in page.evaluate("JSON.stringify({...localStorage})")
    assert RECEIPT[:9] not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_view_comes_back_by_itself_with_what_was_typed_in_it(visitor, server):
    page = visitor.page
    fill_everything(page)
    for view in VIEWS:
        go(page, view)
        come_back(page, "reload", server)
        still_there(page, view)


def test_a_form_that_was_opened_by_a_button_opens_again(visitor, server):
    page = visitor.page
    page.click("#masthead [data-go=market]")
    page.fill("#find-told", "没有谁做的示例事情")
    page.click("#find-form [type=submit]")
    page.click("#market-results [data-action=hand_over_form]")
    for number, how in enumerate(("reload", "restart", "language")):
        # Other words each time, so that none is left from the time before.
        unit, phone = f"示例单位{number}", f"021-5550000{number}"
        page.fill("#hand-over-unit", unit)
        page.fill("#hand-over-contact_phone", phone)
        come_back(page, how, server)
        page.wait_for_selector("#hand-over-unit")
        held_by(page, "#hand-over-unit", unit, how)
        assert page.input_value("#hand-over-contact_phone") == phone, how


def test_a_form_that_was_sent_is_forgotten_and_its_receipt_is_not_wiped_by_a_change_of_language(visitor, server):
    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.wait_for_selector("#publish-title")
    page.evaluate("document.querySelector('#record-form details').open = true")
    for name, words in NEED_FORM.items():
        if page.locator(f"#record-form [name={name}]:not([type=hidden])").count():
            page.locator(f"#record-form [name={name}]").fill(words)
    page.click("#record-form [type=submit] >> nth=0")
    page.click("#confirm-form [type=submit] >> nth=0")
    code = page.inner_text(".receipt-code")
    come_back(page, "language", server)
    page.wait_for_timeout(300)
    assert page.inner_text(".receipt-code") == code
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("#publish-title")
    page.wait_for_timeout(300)
    assert page.input_value("#publish-title") == ""
