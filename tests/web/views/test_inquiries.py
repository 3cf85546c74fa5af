"""Leaving a question to the office, and coming back with its receipt: handlers, and the whole in a browser."""

import json

import pytest

from bot.inquiries.records import InquiryState
from bot.web.texts import Language, texts_for
from bot.web.views.inquiries import ask_office
from tests.support.visits import go

HOSTILE = "<img src=x onerror=alert(1)>"
CHINESE = Language.CHINESE.value
FORM = {"question": "租房补贴怎么领？", "contact_phone": "13800000000", "agreed": "yes"}


def leave(actions, **more):
    reply = actions.reply("inquire", {**FORM, **more}, CHINESE)
    assert not reply.failed, reply.html
    (left,) = actions.assistant.inquiries.listed()
    return left


def test_a_question_goes_to_the_office_with_what_was_said_before(actions):
    told = json.dumps([["先前的问题", "先前的答复"]])
    left = leave(actions, conversation=told, with_conversation="yes")
    assert [(each.question, each.answer) for each in left.conversation] == [("先前的问题", "先前的答复")]
    assert left.contact.phone == "13800000000"


def test_the_conversation_stays_where_it_is_unless_it_is_ticked(actions):
    assert leave(actions, conversation=json.dumps([["先前的问题", "先前的答复"]])).conversation == ()


@pytest.mark.parametrize("sent", ["", "x", "[", "{}", "[[1,2]]", '[["a"]]', "null", "[" * 50_000, '[["a","b"],3]'])
def test_what_the_page_did_not_make_is_left_out(actions, sent):
    kept = leave(actions, conversation=sent, with_conversation="yes").conversation
    assert [(each.question, each.answer) for each in kept] == ([("a", "b")] if "b" in sent else [])


@pytest.mark.parametrize("missing", ["question", "contact_phone", "agreed"])
def test_what_is_missing_is_said_and_nothing_kept(actions, missing):
    reply = actions.reply("inquire", {**FORM, missing: ""}, CHINESE)
    assert reply.failed and 'role="alert"' in reply.html
    assert actions.assistant.inquiries.listed(tuple(InquiryState)) == ()


@pytest.mark.parametrize("region", ["", "results", "x'><script>", "office-1 onclick", "office-99999"])
def test_a_form_goes_to_a_place_the_page_wrote(actions, region):
    html = actions.reply("inquiry_form", {"question": HOSTILE, "region": region}, CHINESE).html
    assert 'data-target="office"' in html and HOSTILE not in html and "<script" not in html


def test_the_button_opens_the_form_below_its_own_answer():
    html = ask_office(HOSTILE, 3, texts_for(CHINESE), main=True)
    assert 'id="office-3"' in html and 'data-target="office-3"' in html and HOSTILE not in html


@pytest.mark.parametrize("action", ["inquiry_add", "inquiry_withdraw"])
def test_a_wrong_receipt_opens_nothing(actions, action):
    leave(actions)
    reply = actions.reply(action, {"receipt": "AAAAA", "message": "x"}, CHINESE)
    assert reply.failed
    assert [each.text for each in actions.assistant.inquiries.listed()[0].messages] == [FORM["question"]]


@pytest.mark.browser
@pytest.mark.parametrize(
    "size", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}], ids=["desktop", "phone"]
)
def test_a_refused_question_reaches_the_office_and_its_answer_comes_back(served, visit, size):
    visitor = visit(size)
    page = visitor.page
    visitor.ask("食堂的菜单在哪里看？")
    page.click(".ask-office button")
    page.wait_for_selector("#office-1-form")
    assert page.input_value("#office-1-form [name=question]") == "食堂的菜单在哪里看？"
    page.fill("#office-1-form [name=contact_phone]", "13800000000")
    page.click("#office-1-form [type=submit]")
    assert not page.is_visible(".receipt-code"), "nothing is sent before it is agreed"
    page.check("#office-1-form [name=agreed]")
    page.click("#office-1-form [type=submit]")
    receipt = page.inner_text("#office-1 .receipt-code")
    left = served.assistant.inquiries.opened(receipt)
    assert [each.question for each in left.conversation] == ["食堂的菜单在哪里看？"]
    served.assistant.inquiries.reply(left.id, "请看一楼公告栏。", by="示例工作人员")
    page.reload()
    page.wait_for_selector("#exchange-1 .answer")
    go(page, "mine")
    page.fill("#mine-receipt", receipt)
    page.click("#claim-form [type=submit]")
    page.wait_for_selector(".message-office")
    assert "请看一楼公告栏。" in page.inner_text(".messages")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#inquiry-withdraw-form [type=submit]")
    page.wait_for_selector("#views .notice-line")
    assert served.assistant.inquiries.inquiry(left.id).state is InquiryState.WITHDRAWN
    assert page.locator(".messages li").count() == 0
