"""A form sent again because the answer was lost, through the page's handlers and in a browser."""

from __future__ import annotations

import base64

import pytest

from bot.market.records import State
from bot.types import RecordKind
from bot.web.texts import Language
from bot.web.texts.views_chinese import CHINESE_VIEWS
from bot.web.texts.views_english import ENGLISH_VIEWS
from tests.support import visits
from tests.support.market_forms import CODE, NEED_FORM, OFFER_FORM, receipt

KEY = "0123456789abcdef" * 3
WISH = {"told": "想找能给矿井轴流风机降噪的团队", "contact_phone": "13900000001"}
QUESTION = {"question": "租房补贴怎么领？", "contact_phone": "13900000001", "agreed": "yes"}


def needs(actions) -> int:
    return sum(1 for _ in actions.market.all_records(RecordKind.NEED))


@pytest.mark.parametrize(("action", "form"), [("submit", NEED_FORM), ("hand_over", WISH), ("inquire", QUESTION)])
def test_sent_again_it_says_so_and_shows_the_receipt_again(act, action, form):
    first, again = act(action, **form, window=KEY), act(action, **form, window=KEY)
    assert receipt(first) == receipt(again)
    assert CHINESE_VIEWS.sent_again in again.html and CHINESE_VIEWS.sent_again not in first.html
    english = act(action, Language.ENGLISH.value, **form, window=KEY)
    assert receipt(english) == receipt(first) and ENGLISH_VIEWS.sent_again in english.html


@pytest.mark.parametrize(("action", "form"), [("submit", NEED_FORM), ("hand_over", WISH), ("inquire", QUESTION)])
def test_another_window_gets_a_receipt_of_its_own(act, action, form):
    assert receipt(act(action, **form, window=KEY)) != receipt(act(action, **form, window=KEY[::-1]))


@pytest.mark.parametrize("key", ["", "0", "zz" * 24, "a" * 31, "a" * 200, KEY + "\n", "示" * 48])
def test_what_is_no_key_of_a_window_keeps_nothing_together(act, actions, key):
    assert receipt(act("submit", **NEED_FORM, window=key)) != receipt(act("submit", **NEED_FORM, window=key))
    assert needs(actions) == 2


@pytest.mark.parametrize("action", ["form", "check", "preview", "submit"])
def test_the_key_is_never_shown(act, action):
    assert KEY not in act(action, **NEED_FORM, window=KEY).html


def test_what_was_previewed_again_is_still_the_same(act, actions):
    act("submit", **NEED_FORM, window=KEY)
    act("preview", **NEED_FORM, window=KEY)
    act("submit", **NEED_FORM, window=KEY)
    assert needs(actions) == 1


def sheet(*rows: tuple[str, str]) -> str:
    lines = ["编号,名称,说明,技术指标,合作方式,预算,地区"]
    lines += [
        f"{number},{title},{NEED_FORM['description']},降到80分贝以下,委托开发,60万元,示例省" for number, title in rows
    ]
    return base64.b64encode("\n".join(lines).encode()).decode()


def test_a_table_corrected_and_sent_again_adds_what_is_new(act, actions):
    sent = {"kind": "needs", "unit": "示例矿业有限公司", "file_name": "needs.csv", "window": KEY}
    first = act("bulk", **sent, file=sheet(("1", "风机降噪甲"), ("2", "")))
    second = act("bulk", **sent, file=sheet(("1", "风机降噪甲"), ("2", "风机降噪乙")))
    assert needs(actions) == 2 and CODE.search(first.html).group() == CODE.search(second.html).group()
    assert len({code.group() for code in CODE.finditer(second.html)}) == 2


def test_an_offer_sent_three_times_is_published_once(act, actions):
    codes = {receipt(act("submit", **OFFER_FORM, window=KEY)) for _ in range(3)}
    assert len(codes) == 1 and actions.market.claim(codes.pop())[1].state is State.PUBLISHED
    assert sum(1 for _ in actions.market.all_records(RecordKind.OFFER)) == 1


def filled(page) -> None:
    """From the form to what others will see."""
    page.click("#record-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .preview")


def lose(route) -> None:
    """The server does what was asked; its answer never arrives."""
    route.fetch()
    route.abort()


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_an_answer_lost_on_its_way_is_had_by_sending_again(visit, served):
    page = visit().page
    visits.go(page, "publish")
    page.wait_for_selector("#record-form")
    for name in ("title", "description", "indicators", "cooperation", "budget"):
        page.fill(f"#publish-{name}", NEED_FORM[name])
    filled(page)
    page.route("**/call/act", lose)
    page.click("#confirm-form [type=submit]:not([data-send-to])")
    page.wait_for_selector(".notice-problem")
    assert needs(served.assistant) == 1 and page.locator(".receipt").count() == 0
    page.unroute("**/call/act")
    page.reload()
    page.wait_for_selector("#record-form")
    filled(page)
    page.click("#confirm-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .receipt")
    assert CHINESE_VIEWS.sent_again in page.inner_text("#publish-form .receipt") and needs(served.assistant) == 1
    code = page.inner_text("#publish-form .receipt-code")
    assert served.assistant.market.claim(code)[1].title == NEED_FORM["title"]
