"""Filters, registering and receipts in a real browser: reload, back, keyboard, phone."""

from __future__ import annotations

import re

import pytest

from bot.types import RecordKind

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

PHONE = {"width": 390, "height": 844}
TOLD = (
    "我们想找能给矿井轴流风机降噪的团队，现有消声罩体积过大难以下井，希望把噪声降到80分贝以下，"
    "预算60万元以内，委托开发，知识产权双方共有"
)
FORM = {
    "description": "零下20℃充电时间过长，现有加热膜方案要90分钟，冬季难以使用，希望30分钟充至80%。",
    "indicators": "零下20℃、30分钟充至80%",
    "cooperation": "联合研发",
    "budget": "不超过60万元",
}
CODE = re.compile(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}")


@pytest.fixture(scope="module")
def filled(served):
    """25 needs in Suzhou and one in Hangzhou."""
    market = served.assistant.market
    for number in range(25):
        market.submit(RecordKind.NEED, {**FORM, "title": f"示例锂电池快充{number}", "region": "江苏苏州"}, owner="")
    market.submit(RecordKind.NEED, {**FORM, "title": "示例污水处理膜材料", "region": "浙江杭州"}, owner="")
    return served


def go(page, view: str) -> None:
    """By the name of the view; on a phone the names are folded into a menu."""
    if page.is_visible(f"[data-go={view}]"):
        page.click(f"[data-go={view}]")
    else:
        page.evaluate(f"window.location.hash = '#/{view}'")
    page.wait_for_selector(f"#views .view[data-name={view}]", state="visible")


def settled(page, count: int) -> None:
    page.wait_for_function(
        "n => document.querySelectorAll('#market-results .record-cards > article').length === n"
        " && !document.querySelector('#market-results').hasAttribute('aria-busy')",
        arg=count,
    )


def open_market(visitor):
    go(visitor.page, "market")
    settled(visitor.page, 20)
    return visitor.page


def choose(page, name: str, value: str) -> None:
    if not page.is_visible(f"#listing-{name}"):
        page.click("#listing-filters-fold summary")
    page.select_option(f"#listing-{name}", value)


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_filters_survive_reload_and_back(visit, filled, size):
    visitor = visit(size)
    page = open_market(visitor)
    choose(page, "place", "苏州")
    page.wait_for_selector(".filter-chips >> text=苏州")
    page.click(".pager a[rel=next]")
    settled(page, 5)
    page.reload()
    settled(page, 5)
    page.go_back()
    settled(page, 20)
    page.click(".filter-chips .chip")
    page.wait_for_selector(".filter-chips", state="detached")
    choose(page, "place", "杭州")
    settled(page, 1)
    page.go_back()
    settled(page, 20)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not visitor.complaints_of_the_page()


def test_an_address_shows_the_same_to_somebody_else(visit, filled):
    visitor = visit(address=f"{filled.address}#/market?place=%E6%9D%AD%E5%B7%9E")
    settled(visitor.page, 1)
    assert "示例污水处理膜材料" in visitor.page.inner_text("#market-results")


def test_a_search_is_narrowed_kept_and_left_again(visit, filled):
    page = open_market(visit())
    page.fill("#find-told", "想找污水处理膜材料的团队")
    page.click("#find-form [type=submit]")
    page.wait_for_selector("#market-results .match-card, #market-results .nothing")
    choose(page, "place", "苏州")
    page.wait_for_selector(".filter-chips >> text=苏州")
    assert "示例污水处理膜材料" not in page.inner_text("#market-results")
    page.reload()
    page.wait_for_selector(".filter-chips >> text=苏州")
    assert page.input_value("#find-told") == "想找污水处理膜材料的团队"
    page.go_back()
    page.wait_for_selector(".filter-chips", state="detached")
    page.wait_for_function("document.querySelector('#market-results').textContent.includes('示例污水处理膜材料')")


def test_the_keyboard_chooses_and_stays_where_it_was(visit, filled):
    page = open_market(visit())
    page.focus("#listing-filters-fold summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "listing-field"
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".filter-chips .chip")
    assert page.evaluate("document.activeElement.id") == "listing-field"
    assert page.is_visible("#listing-field")


def test_coming_back_to_the_view_shows_what_it_showed(visit, filled):
    page = open_market(visit())
    choose(page, "place", "杭州")
    settled(page, 1)
    go(page, "publish")
    go(page, "market")
    settled(page, 1)
    page.wait_for_function("location.hash.includes('place=')")


# --- registering ---------------------------------------------------------------------------------


def current_step(page) -> str:
    return page.locator(".steps [aria-current=step]").get_attribute("data-step")


def at_step(page, step: str) -> None:
    page.wait_for_selector(f".steps [data-step={step}][aria-current=step]")


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_registering_goes_forth_and_back_without_loss(visit, filled, size):
    visitor = visit(size)
    page = visitor.page
    go(page, "publish")
    at_step(page, "tell")
    page.fill("#tell-told", TOLD)
    page.click("#tell-form [type=submit]")
    at_step(page, "form")
    page.fill("#publish-budget", "不超过55万元")
    page.click("#record-form [type=submit]:not([data-send-to])")
    at_step(page, "preview")
    page.go_back()
    at_step(page, "form")
    assert page.input_value("#publish-budget") == "不超过55万元"
    page.go_forward()
    at_step(page, "preview")
    page.go_back()
    at_step(page, "form")
    page.go_back()
    at_step_told = page.input_value("#tell-told")
    assert at_step_told == TOLD and page.input_value("#publish-budget") == "不超过55万元"
    page.click("#record-form [type=submit]:not([data-send-to])")
    at_step(page, "preview")
    page.click("#confirm-form [type=submit]:not([data-send-to])")
    at_step(page, "receipt")
    code = page.inner_text("#publish-form .receipt-code")
    assert filled.assistant.market.claim(code)[1].budget == "不超过55万元"
    page.go_back()
    page.wait_for_timeout(300)
    assert page.locator("#publish-form .receipt-code").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not visitor.complaints_of_the_page()


def test_a_wrong_entry_is_marked_until_it_is_changed(visit, filled):
    page = visit().page
    go(page, "publish")
    page.fill("#publish-title", "示例锂电池快充")
    page.fill("#publish-unit", "示例公司13912345678")
    page.click("#record-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-unit[aria-invalid=true]")
    described = page.get_attribute("#publish-unit", "aria-describedby")
    assert page.inner_text(f"#{described.split()[-1]}").startswith("单位名称里有联系方式")
    assert page.evaluate("document.activeElement.id") == "publish-unit"
    assert page.input_value("#publish-title") == "示例锂电池快充"
    page.fill("#publish-unit", "示例公司")
    page.wait_for_selector("#publish-unit[aria-invalid]", state="detached")
    assert page.locator(".field-problem").count() == 0


# --- receipts ------------------------------------------------------------------------------------


def stored(page) -> str:
    return page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def register(page) -> str:
    go(page, "publish")
    page.fill("#tell-told", TOLD)
    page.click("#tell-form [type=submit]")
    at_step(page, "form")
    page.click("#record-form [type=submit]:not([data-send-to])")
    at_step(page, "preview")
    page.click("#confirm-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .receipt-code")
    return page.inner_text("#publish-form .receipt-code")


def test_a_receipt_is_kept_only_where_that_was_ticked(visit, filled):
    visitor = visit()
    page = visitor.page
    page.on("dialog", lambda dialog: dialog.accept())
    code = register(page)
    page.wait_for_timeout(300)
    assert code not in stored(page)
    page.check(".receipt [data-remember-receipts]")
    page.wait_for_function("code => JSON.stringify({...localStorage}).includes(code)", arg=code)
    go(page, "mine")
    page.wait_for_selector("#receipt-list .kept-receipt >> text=已发布")
    page.reload()
    page.wait_for_selector("#receipt-list .kept-receipt")
    assert page.is_checked("#remember-receipts")
    page.click("#receipt-list [data-action=claim]")
    page.wait_for_selector("#mine-record h3")
    page.click("#receipt-buttons [data-forget-receipts]")
    page.wait_for_selector("#receipt-list .kept-receipt", state="detached")
    assert code not in stored(page) and not page.is_checked("#remember-receipts")
    assert not visitor.complaints_of_the_page()


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_a_receipt_is_saved_printed_and_opened_from_its_file(visit, filled, size, tmp_path):
    visitor = visit(size)
    page = visitor.page
    page.on("dialog", lambda dialog: dialog.accept())
    # What is printed is a frame of its own, which gets this as it comes.
    page.add_init_script("window.print = () => { window.top.printedPage = document.body.innerText; };")
    code = register(page)
    with page.expect_download() as saving:
        page.click(".receipt [data-save-receipts]")
    path = tmp_path / saving.value.suggested_filename
    saving.value.save_as(path)
    written = path.read_text("utf-8")
    assert code in written and filled.address in written and "矿井轴流风机" in written
    page.click(".receipt [data-print-receipts]")
    page.wait_for_function("code => (window.printedPage || '').includes(code)", arg=code)
    go(page, "mine")
    page.set_input_files("#receipt-file", path)
    page.wait_for_selector("#mine-record h3")
    assert code not in stored(page)
    page.set_input_files("#receipt-file", {"name": "x.txt", "mimeType": "text/plain", "buffer": b"<script>1</script>"})
    page.wait_for_selector("text=这个文件里没有回执码")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not visitor.complaints_of_the_page()


def test_a_dropped_file_with_several_receipts_lists_them(visit, filled):
    market = filled.assistant.market
    codes = [market.submit(RecordKind.NEED, {**FORM, "title": f"示例粉体输送{n}"}, owner="").receipt for n in range(2)]
    page = visit().page
    go(page, "mine")
    page.wait_for_selector("#receipt-list p")
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "codes.txt", { type: "text/plain" }));
            document.querySelector("#kept-receipts").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }""",
        "\n".join(codes),
    )
    page.wait_for_selector("#receipts-of-file >> text=示例粉体输送1")
    assert page.locator("#receipts-of-file .kept-receipt").count() == 2
    assert codes[0] not in stored(page)
