"""Half-filled forms come back."""

from __future__ import annotations

import pytest

from tests.support.visits import BOX, INTERRUPTIONS, come_back

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


FORMS = {
    "question": ("chat", {BOX: "问到一半"}),
    "tell": ("publish", {"#tell-told": "讲到一半的需求"}),
    "publish": (
        "publish",
        {"#publish-title": "填到一半", "#publish-unit": "示例单位", "#publish-contact_phone": "021-55500002"},
    ),
    "find": ("market", {"#find-told": "找到一半"}),
    "introduce": ("introduce", {"#introduce-need": "n-1", "#introduce-offer": "o-2"}),
    "eligibility": (
        "eligibility",
        {".view[data-name=eligibility] textarea, .view[data-name=eligibility] input[type=text]": "示例"},
    ),
}


@pytest.mark.parametrize("how", INTERRUPTIONS)
@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_is_still_there(visitor, server, form, how):
    page = visitor.page
    view, entries = FORMS[form]
    if view != "chat":
        page.click(f"#masthead [data-go={view}]")
    for selector, words in entries.items():
        page.locator(selector).first.fill(words)
    come_back(page, how, server)
    for selector, words in entries.items():
        page.locator(selector).first.wait_for(state="visible")
        page.wait_for_function(
            "([selector, words]) => document.querySelector(selector).value === words", arg=[selector, words]
        )


def test_choices_of_a_form_are_still_there(visitor, server):
    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.check("#tell-form input[value=offers]")
    page.wait_for_selector("#publish-confidentiality", state="attached")
    page.evaluate("document.querySelector('#record-form details').open = true")
    page.select_option("#publish-confidentiality", index=1)
    chosen = page.input_value("#publish-confidentiality")
    come_back(page, "restart", server)
    page.wait_for_selector("#publish-confidentiality", state="attached")
    page.wait_for_function(f"document.querySelector('#publish-confidentiality').value === '{chosen}'")
    assert page.is_checked("#tell-form input[value=offers]")


@pytest.mark.parametrize("how", ["reload", "restart", "language"])
def test_a_form_that_was_opened_by_a_button_opens_again(visitor, server, how):
    page = visitor.page
    page.click("#masthead [data-go=market]")
    page.fill("#find-told", "没有谁做的示例事情")
    page.click("#find-form [type=submit]")
    page.click("#market-results [data-action=hand_over_form]")
    page.fill("#hand-over-unit", "示例单位")
    page.fill("#hand-over-contact_phone", "021-55500003")
    come_back(page, how, server)
    page.wait_for_selector("#hand-over-unit")
    page.wait_for_function("document.querySelector('#hand-over-unit').value === '示例单位'")
    assert page.input_value("#hand-over-contact_phone") == "021-55500003"


def test_private_entries_and_receipts_are_not_kept_beyond_the_window(visitor):
    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.fill("#publish-contact_phone", "021-55500004")
    page.click("#masthead [data-go=mine]")
    page.fill("#mine-receipt", "ABCD-EFGH-JKLM")
    page.wait_for_timeout(500)
    assert "021-55500004" not in page.evaluate("JSON.stringify({...localStorage})")
    assert "ABCD-EFGH" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_form_that_was_sent_is_forgotten(visitor, server):
    from tests.support.market_forms import NEED_FORM

    page = visitor.page
    page.click("#masthead [data-go=publish]")
    page.wait_for_selector("#publish-title")
    page.evaluate("document.querySelector('#record-form details').open = true")
    for name, words in NEED_FORM.items():
        if page.locator(f"#record-form [name={name}]:not([type=hidden])").count():
            page.locator(f"#record-form [name={name}]").fill(words)
    page.click("#record-form [type=submit] >> nth=0")
    page.click("#confirm-form [type=submit] >> nth=0")
    page.wait_for_selector(".receipt-code")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("#publish-title")
    page.wait_for_timeout(300)
    assert page.input_value("#publish-title") == ""


def test_a_receipt_is_not_wiped_by_a_change_of_language(visitor, server):
    from tests.support.market_forms import NEED_FORM

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
    page.wait_for_timeout(500)
    assert page.inner_text(".receipt-code") == code
