"""The views in a real browser: publish, come back, find, agree, introduce."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.market.records import State
from bot.types import RecordKind
from bot.web.texts.views_chinese import CHINESE_VIEWS
from bot.web.texts.views_english import ENGLISH_VIEWS
from tests.support import visits
from tests.support.looked_through import in_the_dark

# Gradio's queue keeps its statistics in a way that pandas has deprecated.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

SERVER = "**/call/act"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
TOLD = (
    "我们想找能给矿井轴流风机降噪的团队，现有消声罩体积过大难以下井，希望把噪声降到80分贝以下，"
    "预算60万元以内，委托开发，知识产权双方共有，电话13912345678"
)
OFFER = {
    "title": "矿井轴流风机仿生降噪叶片",
    "description": "用仿生锯齿叶片降低矿井轴流风机的噪声，风量不变，可在现有风机上换装。",
    "benefit": "噪声降低12%，每台节约成本3万元",
    "cooperation": "许可",
    "ip_status": "已授权发明专利，可许可",
    "region": "示例省",
}


def go(visitor, view: str) -> None:
    visits.go(visitor.page, view)


def publish_told(visitor, told: str = TOLD) -> str:
    """Tell, check the form, submit; gives back the receipt."""
    page = visitor.page
    go(visitor, "publish")
    page.fill("#tell-told", told)
    page.click("#tell-form [type=submit]")
    page.wait_for_selector("#record-form .hint")
    page.click("#record-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .preview")
    page.click("#confirm-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .receipt")
    return page.inner_text("#publish-form .receipt-code")


@pytest.fixture
def offer_receipt(served):
    """An offer on file that fits what is told, with its receipt."""
    done = served.assistant.market.submit(RecordKind.OFFER, OFFER, owner="示例叶片研究所")
    yield done.receipt
    served.assistant.market.withdraw(done.receipt)


def test_a_need_is_told_checked_published_and_found_again(visit, served, offer_receipt):
    visitor = visit()
    page = visitor.page
    code = publish_told(visitor)
    record = served.assistant.market.claim(code)[1]
    assert record.state is State.PUBLISHED and "13912345678" not in record.description
    assert OFFER["title"] in page.inner_text("#publish-form")
    go(visitor, "mine")
    page.fill("#mine-receipt", code.lower().replace("-", " "))
    page.press("#mine-receipt", "Enter")
    page.wait_for_selector("#mine-record h3")
    assert record.title in page.inner_text("#mine-record")
    assert page.locator("#mine-record .match-card mark").count() > 0
    assert not visitor.complaints
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#mine-record .change summary")
    page.click("#mine-record [data-send-to=withdraw]")
    page.wait_for_selector("#mine-record .notice-line")
    assert served.assistant.market.claim(code)[1].state is State.CLOSED


def test_a_held_draft_is_completed_at_once(visit, served):
    visitor = visit()
    page = visitor.page
    go(visitor, "publish")
    page.wait_for_selector("#record-form")
    page.fill("#publish-title", "皮带机托辊降噪")
    page.click("#record-form [type=submit]:not([data-send-to])")
    page.click("#confirm-form [type=submit]:not([data-send-to])")
    page.click(f"#publish-form >> text={CHINESE_VIEWS.complete}")
    page.wait_for_selector("#mine-record [data-action=revise]")
    page.fill("#mine-description", "托辊转动噪声超过90分贝，现有包胶办法三个月就磨损，难以满足夜间运行要求。")
    page.fill("#mine-indicators", "噪声降到70分贝以下，寿命不低于24个月")
    page.fill("#mine-cooperation", "联合研发")
    page.fill("#mine-budget", "不超过40万元")
    page.click("#mine-record [data-action=revise] [type=submit]:not([data-send-to])")
    page.wait_for_selector("#mine-record .notice-line")
    assert CHINESE_VIEWS.states[State.PUBLISHED] in page.inner_text("#mine-record .notice-line")


def test_interest_consent_and_the_joint_letter(visit, served, offer_receipt):
    one, other = visit(), visit()
    code = publish_told(one)
    page = one.page
    page.click("#publish-form .match-card >> text=" + CHINESE_VIEWS.interested)
    page.wait_for_selector("#publish-form [data-action=interest]")
    page.fill("#publish-form [name=receipt]", code)
    page.fill("#publish-form [name=cooperation_sought]", "想谈许可，联系13912345678")
    page.check("#publish-form [name=consent]")
    page.click("#publish-form [data-action=interest] [type=submit]")
    page.wait_for_selector("#publish-form .notice-line")
    go(other, "mine")
    page = other.page
    page.fill("#mine-receipt", offer_receipt)
    page.press("#mine-receipt", "Enter")
    page.wait_for_selector("#mine-pairs .match-card")
    assert "想谈许可" in page.inner_text("#mine-pairs") and "13912345678" not in page.inner_text("#views")
    page.click("#mine-pairs [data-action=agree] [type=submit]:not([data-send-to])")
    page.click("#mine-pairs [data-action=joint] [type=submit]")
    page.wait_for_selector("#mine-pairs .letter")
    assert "13912345678" in page.inner_text("#mine-pairs .letter")
    with page.expect_download() as download:
        page.click("#mine-pairs [data-action=word]")
    assert download.value.suggested_filename.endswith(".docx")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    assert not one.complaints and not other.complaints
    served.assistant.market.withdraw(code)


def test_words_find_a_counterpart_and_its_details(visit, offer_receipt):
    visitor = visit()
    page = visitor.page
    go(visitor, "market")
    page.wait_for_selector("#market-results .match-card")
    page.fill("#find-told", "想找能给矿井轴流风机降噪的团队")
    page.click("#find-form [type=submit]")
    page.wait_for_selector("#market-results .reasons")
    card = page.locator("#market-results .match-card", has_text=OFFER["title"]).first
    assert card.locator("mark").count() > 0
    card.get_by_text(CHINESE_VIEWS.details, exact=True).click()
    page.wait_for_selector("#market-results .record-details")
    assert "每台节约成本3万元" in card.inner_text()
    card.get_by_text(CHINESE_VIEWS.close_details, exact=True).click()
    assert card.locator(".record-details").count() == 0


def test_when_nothing_fits_the_wish_can_be_registered_or_handed_over(visit, served):
    visitor = visit()
    page = visitor.page
    go(visitor, "market")
    page.fill("#find-told", "想找会做古琴斫制的团队")
    page.click("#find-form [type=submit]")
    page.wait_for_selector("#market-results .nothing-fits")
    page.click("#market-results [data-action=hand_over_form]")
    page.wait_for_selector("#hand-over-told")
    page.fill("#hand-over-contact_phone", "12345678")
    page.click("[data-action=hand_over] [type=submit]")
    page.wait_for_selector("#market-results .receipt")
    assert any("古琴" in record.title for record in served.assistant.market.handed_over())
    page.fill("#find-told", "想找会做古琴斫制的团队")
    page.click("#find-form [type=submit]")
    page.click("#market-results .nothing-fits [data-view=publish]")
    page.wait_for_selector("#record-form")
    # The form is there before what was told is filled in.
    page.wait_for_function("document.querySelector('#publish-title')?.value.includes('古琴')")
    assert urlsplit(page.url).fragment == "/publish"


def test_the_empty_form_that_comes_late_does_not_wipe_the_filled_one(visit):
    visitor = visit()
    page = visitor.page
    go(visitor, "market")
    page.fill("#find-told", "想找会做古琴斫制的团队")
    page.click("#find-form [type=submit]")
    page.wait_for_selector("#market-results .nothing-fits")
    held = []

    def hold_the_empty_form(route) -> None:
        sent = route.request.post_data_json or []
        (held.append(route) if sent[:2] == ["form", {}] else route.continue_())

    page.route(SERVER, hold_the_empty_form)
    page.click("#market-results .nothing-fits [data-view=publish]")
    filled = "document.querySelector('#publish-title')?.value.includes('古琴')"
    page.wait_for_function(filled)
    with page.expect_response(SERVER):
        held[0].continue_()
    page.evaluate("() => new Promise((resolve) => window.setTimeout(resolve, 50))")
    assert page.evaluate(filled)


def test_the_panel_drafts_a_blind_letter_that_is_downloaded(visit, served, offer_receipt):
    visitor = visit()
    page = visitor.page
    code = publish_told(visitor)
    need, offer = (served.assistant.market.claim(each)[1] for each in (code, offer_receipt))
    go(visitor, "introduce")
    page.wait_for_selector("#introduction-form")
    page.fill("#introduce-need", need.id)
    page.click("[data-send-to=pairs]")
    page.click("#introduce-draft .match-card [data-action=introduction_form]")
    page.wait_for_function(f"document.querySelector('#introduce-offer').value === '{offer.id}'")
    page.click("#introduction-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#introduce-draft .letter")
    text = page.inner_text("#introduce-draft")
    assert need.title in text and "示例叶片研究所" not in text and "13912345678" not in text
    assert page.locator("#introduce-draft textarea, #introduce-draft input").count() == 0
    for action, start in (("word", b"PK"), ("pdf", b"%P")):
        with page.expect_download() as download:
            page.click(f"#introduce-draft [data-action={action}]")
        assert Path(download.value.path()).read_bytes()[:2] == start
    assert not visitor.complaints
    page.select_option("#introduce-stage", "joint")
    page.click("#introduction-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#introduction-form > .problem, #introduce-draft .problem")
    assert "13912345678" not in page.inner_text("#views")
    served.assistant.market.withdraw(code)


def test_a_wrong_receipt_keeps_what_was_typed_a_view_has_an_address_and_back_works(visit, served):
    visitor = visit()
    page = visitor.page
    go(visitor, "publish")
    go(visitor, "mine")
    page.fill("#mine-receipt", "AAAAA-BBBBB-CCCCC-DDDDD")
    page.press("#mine-receipt", "Enter")
    page.wait_for_selector("#claim-form > .problem")
    assert page.input_value("#mine-receipt") == "AAAAA-BBBBB-CCCCC-DDDDD"
    page.go_back()
    page.wait_for_selector("#views .view[data-name=publish]", state="visible")
    linked = visit(address=f"{served.address}/#/publish")
    linked.page.wait_for_selector("#record-form")
    assert not linked.page.is_visible("#composer")


def test_a_double_click_registers_once(visit, served):
    visitor = visit()
    page = visitor.page
    go(visitor, "publish")
    page.wait_for_selector("#record-form")
    page.fill("#publish-title", "双击提交的皮带机托辊")
    page.dblclick("#record-form [type=submit]:not([data-send-to])")
    page.dblclick("#confirm-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .receipt")
    page.wait_for_timeout(500)
    records = served.assistant.market.store.list_records(RecordKind.NEED, limit=500).records
    assert [record.title for record in records].count("双击提交的皮带机托辊") == 1


def test_eligibility_is_checked_and_asked_on(visit, served):
    visitor = visit()
    page = visitor.page
    go(visitor, "eligibility")
    page.fill("#eligibility-need", "缺钱")
    page.press("#eligibility-need", "Enter")
    page.wait_for_selector("#eligibility-results .match-card")
    page.click("#eligibility-results [data-ask]")
    visitor.answered()
    assert served.assistant.turns[-1].question == "示例攻关项目有什么条件？"
    assert page.is_visible("#log")


def test_the_template_is_downloaded_and_a_table_of_records_registered(visit, served, tmp_path):
    visitor = visit()
    page = visitor.page
    go(visitor, "publish")
    page.wait_for_selector("#record-form")
    with page.expect_download() as download:
        page.click("[data-action=template] >> nth=0")
    assert re.search(r"\.xlsx$", download.value.suggested_filename)
    page.click("#publish-form .bulk summary")
    table = tmp_path / "needs.csv"
    table.write_text("编号,名称\na1,矿用皮带机托辊降噪\n", encoding="utf-8")
    page.set_input_files("#bulk-file", str(table))
    page.click("#bulk-form [data-send-to=bulk_check]")
    page.wait_for_selector("#bulk-outcome h3")
    with page.expect_download() as download:
        page.click("#bulk-form [type=submit]:not([data-send-to])")
    code = page.inner_text("#bulk-outcome tr td >> nth=3")
    assert served.assistant.market.claim(code)[1].title == "矿用皮带机托辊降噪"
    assert download.value.suggested_filename.endswith(".csv")
    assert not visitor.complaints


def test_the_language_changes_the_views_too_and_nothing_typed_is_lost(visit):
    visitor = visit()
    page = visitor.page
    go(visitor, "publish")
    page.wait_for_selector("#record-form")
    page.fill("#publish-title", "皮带机托辊降噪")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.click("[data-choose-language=en]")
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.wait_for_selector(f"text={ENGLISH_VIEWS.fill_in}")
    page.wait_for_function("document.querySelector('#publish-title')?.value === '皮带机托辊降噪'")
    assert ENGLISH_VIEWS.preview_step in page.inner_text("#record-form")
    assert not asked and not visitor.complaints


#: What a view that was gone to shows when all that it fetched has come.
SHOWN_AT_LAST = {
    "eligibility": "#eligibility-need",
    "market": "#market-results:not([aria-busy]) .match-card",
    "publish": "#record-form",
    "mine": "#receipt-list p",
    "introduce": "#introduction-form",
}


def go_and_see(visitor, view: str) -> None:
    go(visitor, view)
    visitor.page.wait_for_selector(SHOWN_AT_LAST[view])


@pytest.mark.parametrize("sizes", [(DESKTOP,), (PHONE, SMALL)], ids=["desktop", "phone-small"])
def test_no_view_sticks_out(visit, sizes, offer_receipt):
    visitor = visit(sizes[0])
    page = visitor.page
    for view in ("eligibility", "market", "publish", "mine", "introduce"):
        go_and_see(visitor, view)
        for size in sizes:
            page.set_viewport_size(size)
            place = f"{view} at {size['width']}"
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, place
            assert page.evaluate("document.querySelector('#views').scrollWidth") <= size["width"], place


def test_text_of_the_views_is_large_enough_and_stands_out(visit, offer_receipt, measure_text):
    # Comes in the dark; only then are the colours changed while it stands.
    visitor = visit(color_scheme="dark")
    page = visitor.page
    publish_told(visitor)
    assert page.evaluate("document.body.classList.contains('dark')")
    assert page.evaluate(measure_text) == [], "publish (dark from the start)"
    page.emulate_media(color_scheme="light")
    page.wait_for_function("!document.body.classList.contains('dark')")
    for view in ("publish", "eligibility", "market", "mine", "introduce"):
        if view != "publish":  # stays at the receipt
            go_and_see(visitor, view)
        assert page.evaluate(measure_text) == [], view
        with in_the_dark(page):
            assert page.evaluate(measure_text) == [], f"{view} (dark)"
