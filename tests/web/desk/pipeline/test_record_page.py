"""The managers' page of one record over HTTP: what it shows, edits, notes, moves, moderation."""

import html
import re
import threading

import pytest

from bot.market.consents import WHOLE_SCOPE
from bot.market.records import CloseReason, Interest, Need, Side, State
from bot.web.actions.actions import ViewActions
from bot.web.texts.views_chinese import CHINESE_VIEWS
from tests.pipeline.conftest import GOOD, GOOD_OFFER, HOSTILE, OTHER_PHONE, PHONE
from tests.support.market_forms import NEED_FORM, receipt
from tests.web.desk.pipeline.conftest import NEED, OFFER, RECORDS, about, address, submitted, trail

# --- a record ---------------------------------------------------------------------------------------


def test_a_record_shows_its_contact_and_that_is_written_down(desk):
    record = submitted(desk).record
    client = desk.browser("manager")
    page = client.get(address(record)).text
    assert PHONE in page and GOOD["indicators"] in page and "示例甲" in page
    assert ("manager", "contact.seen", f"needs:{record.id}") in trail(desk)
    desk.market.store.save_many([Need(id="n1", title="没有联系方式")], actor="t")
    client.get(f"{RECORDS}/needs/n1")
    assert ("manager", "contact.seen", "needs:n1") not in trail(desk)


def test_a_record_shows_whom_it_fits_why_and_what_is_like_it(desk):
    need = submitted(desk).record
    offer = submitted(desk, OFFER, owner="示例乙").record
    twin = submitted(desk).record
    want = Interest(need_id=need.id, offer_id=offer.id, side=Side.OFFER_OWNER, cooperation_sought="许可")
    desk.market.express_interest(want, consent=WHOLE_SCOPE)
    page = desk.browser("manager").get(address(need)).text
    assert GOOD_OFFER["title"] in page and f"/desk/pairs/{need.id}/{offer.id}" in page
    assert "可以提出" in page and "单位和名称相同" in page and f"merged={twin.id}" in page
    assert "已征询待答复" in page and "同意" in page and "有意向" in page


@pytest.mark.parametrize("record_id", ["a/b", "a?b", "a%2Fb", "a#b", "..", "<b>", "编号一", "a&b=c"])
def test_any_id_has_a_page_and_forms_that_work(desk, record_id):
    desk.market.store.save_many([Need(id=record_id, title="示例怪编号")], actor="t")
    client = desk.browser("manager")
    link = html.unescape(re.search(r'<a href="([^"]*)"><span lang="zh-CN">示例怪编号', client.get(RECORDS).text)[1])
    assert client.get(link).status_code == 200, link
    record = desk.market.need(record_id)
    done = desk.post(client, f"{RECORDS}/take", about(desk, record))
    assert done.status_code == 303 and "manager" in client.get(done.headers["location"]).text
    edit = re.search(r'href="(/desk/records/edit[^"]*)"', client.get(link).text)[1]
    assert client.get(html.unescape(edit)).status_code == 200


@pytest.mark.parametrize("words", [each for each in HOSTILE if each.isprintable() and len(each) <= 290])
def test_no_text_of_a_record_breaks_its_page(desk, words):
    desk.market.store.save_many(
        [Need(id="n1", title=f"题目{words}", description=words, region=words, fields=(words,))], actor="t", publish=True
    )
    client = desk.browser("manager")
    for path in (RECORDS, f"{RECORDS}/needs/n1", f"{RECORDS}/edit?kind=needs&id=n1", f"{RECORDS}/matches"):
        reply = client.get(path)
        assert reply.status_code == 200 and "<script" not in reply.text, path
        client.get("/desk/language?to=en")
        assert client.get(path).status_code == 200
        client.get("/desk/language?to=zh-CN")


@pytest.mark.parametrize(
    "path", ["needs/nothing", "offers/x", "organisations/x", "one?kind=needs&id=x", "one", "edit?kind=x", "merge"]
)
def test_what_is_not_there_is_told_plainly(desk, path):
    reply = desk.browser("manager").get(f"{RECORDS}/{path}")
    assert reply.status_code == 404 and "Traceback" not in reply.text


def test_a_record_is_closed_after_being_asked_once_and_the_contact_goes_where_it_was_withdrawn(desk):
    record = submitted(desk).record
    client = desk.browser("manager")
    sent = about(desk, record, why="withdrawn", words="登记人来电撤回")
    asked = desk.post(client, f"{RECORDS}/close", sent)
    assert asked.status_code == 200 and "联系方式会删除" in asked.text
    assert desk.market.need(record.id).state is State.PUBLISHED
    done = desk.post(client, f"{RECORDS}/close", {**sent, "sure": "1"})
    assert done.status_code == 303
    closed = desk.market.need(record.id)
    assert closed.close_reason is CloseReason.WITHDRAWN
    page = client.get(done.headers["location"]).text
    assert PHONE not in page and "登记人来电撤回" in page and "本方撤回" in page
    assert ("manager", "record.close", f"needs:{record.id}") in trail(desk)
    nothing = desk.post(client, f"{RECORDS}/close", about(desk, submitted(desk).record, words="写了一半"))
    assert nothing.status_code == 409 and "写了一半" in nothing.text


def test_only_allowed_moves_are_offered_and_taken(desk):
    record = submitted(desk).record
    client = desk.browser("manager")
    page = client.get(address(record)).text
    assert 'value="interest"' in page and 'value="registered"' not in page
    jump = desk.post(client, f"{RECORDS}/move", about(desk, record, target="registered"))
    assert jump.status_code == 409 and desk.market.need(record.id).state is State.PUBLISHED
    for target in ("closed", "nope", ""):
        assert desk.post(client, f"{RECORDS}/move", about(desk, record, target=target)).status_code == 409
    assert desk.post(client, f"{RECORDS}/move", about(desk, record, target="interest")).status_code == 303
    assert desk.market.need(record.id).state is State.INTEREST


def test_notes_are_the_managers_and_a_refused_one_is_not_lost(desk):
    record = submitted(desk).record
    client = desk.browser("manager")
    assert desk.post(client, f"{RECORDS}/note", about(desk, record, words="周三打过电话")).status_code == 303
    assert "周三打过电话" in desk.browser("both").get(address(record)).text
    long = "长" * 2_001
    refused = desk.post(client, f"{RECORDS}/note", about(desk, record, words=long))
    assert refused.status_code == 409 and long in refused.text


def test_a_refused_edit_shows_the_problem_and_all_that_was_typed(desk):
    record = submitted(desk).record
    client = desk.browser("manager")
    form = client.get(f"{RECORDS}/edit?kind=needs&id={record.id}").text
    assert PHONE in form and GOOD["indicators"] in form
    sent = about(desk, record, **{**GOOD, "title": "", "indicators": "降到70分贝"}, contact_phone=OTHER_PHONE)
    refused = desk.post(client, f"{RECORDS}/edit", sent)
    assert refused.status_code == 409 and "降到70分贝" in refused.text and OTHER_PHONE in refused.text
    assert "名称" in refused.text and desk.market.need(record.id).title == GOOD["title"]
    saved = desk.post(client, f"{RECORDS}/edit", {**sent, "title": "新的题目：矿井风机降噪"})
    assert saved.status_code == 303 and desk.market.need(record.id).indicators == "降到70分贝"
    assert desk.market.own_contact(NEED, record.id).phone == OTHER_PHONE
    assert desk.market.own_contact(NEED, record.id).name == "", "an entry that is emptied is emptied"
    stale = desk.post(client, f"{RECORDS}/edit", {**sent, "title": "又一个题目"})
    assert stale.status_code == 409 and "又一个题目" in stale.text and "刚刚" in stale.text


def test_two_managers_edit_at_once_and_one_is_told(desk):
    record = submitted(desk).record
    sent = about(desk, record, **GOOD)
    clients = [desk.browser("manager"), desk.browser("both")]
    codes, start = [], threading.Barrier(2)

    def save(client, words):
        start.wait()
        codes.append(desk.post(client, f"{RECORDS}/edit", {**sent, "indicators": words}).status_code)

    threads = [
        threading.Thread(target=save, args=each) for each in zip(clients, ("降到70分贝", "降到71分贝"), strict=True)
    ]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert sorted(codes) == [303, 409]
    assert sum(each.action == "edit" for each in desk.market.history(NEED, record.id)) == 1


# --- moderation -------------------------------------------------------------------------------------


def test_what_waits_is_counted_published_or_sent_back(waiting):
    first, second = submitted(waiting), submitted(waiting, title="另一条泵站降噪需求")
    client = waiting.browser("manager")
    assert "2 条等着处理" in client.get("/desk").text
    page = client.get(address(first.record)).text
    assert "等待审核" in page
    done = waiting.post(client, f"{RECORDS}/publish", about(waiting, first.record))
    assert done.status_code == 303 and waiting.market.need(first.record.id).state is State.PUBLISHED
    empty = waiting.post(client, f"{RECORDS}/send-back", about(waiting, second.record, reason=" "))
    assert empty.status_code == 409 and waiting.market.need(second.record.id).state is State.CHECKED
    sent = about(waiting, second.record, reason="请写明泵的型号")
    assert waiting.post(client, f"{RECORDS}/send-back", sent).status_code == 303
    late = waiting.post(waiting.browser("both"), f"{RECORDS}/publish", sent)
    assert late.status_code == 409 and "刚刚" in late.text
    assert "请写明泵的型号" in client.get(address(second.record)).text
    assert {("manager", "record.publish"), ("manager", "record.send_back")} <= {each[:2] for each in trail(waiting)}


def test_a_draft_is_published_only_through_the_gate(desk):
    record = submitted(desk, description="略", indicators="", budget="").record
    client = desk.browser("manager")
    refused = desk.post(client, f"{RECORDS}/publish", about(desk, record))
    assert refused.status_code == 409 and "质量关" in refused.text
    assert desk.market.need(record.id).state is State.DRAFT


@pytest.mark.parametrize(
    ("language", "waits", "back"),
    [("zh-CN", "等工作人员审核后发布", "工作人员退回"), ("en", "staff will review", "Sent back by staff")],
)
def test_the_owner_reads_under_the_receipt_that_it_waits_and_why_it_came_back(waiting, language, waits, back):
    reply = ViewActions.over(waiting.assistant).reply
    told = reply("submit", NEED_FORM, language)
    assert waits in told.html and CHINESE_VIEWS.published not in told.html
    code = receipt(told)
    record = waiting.market.claim(code)[1]
    client = waiting.browser("manager")
    sent = about(waiting, record, reason="请写明<b>风机型号")
    assert waiting.post(client, f"{RECORDS}/send-back", sent).status_code == 303
    mine = reply("claim", {"receipt": code}, language).html
    assert back in mine and "请写明&lt;b&gt;风机型号" in mine
    revised = {**NEED_FORM, "indicators": "降到70分贝以下"}
    again = reply("revise", {"receipt": code, **revised}, language).html
    assert back not in again and waiting.market.need(record.id).state is State.CHECKED
