"""Looking around: what is listed, found, explained, and what nobody sees."""

from __future__ import annotations

import json
import re
from dataclasses import fields as fields_of

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.records import Confidentiality, Interest, Need, Offer, Organisation, Side, State
from bot.types import PrivateContact, RecordKind
from bot.web.actions.actions import LONGEST_SENT
from bot.web.texts import Language
from bot.web.texts.views import ViewTexts
from bot.web.texts.views_chinese import CHINESE_VIEWS
from bot.web.texts.views_english import ENGLISH_VIEWS
from bot.web.views.matches import highlighted_words
from bot.web.views.shells import views
from tests.support.logged import logged
from tests.support.market_forms import MAIL, NEED_FORM, OFFER_FORM, PERSON, PHONE, receipt

ZH = Language.CHINESE.value


def test_an_empty_market_makes_no_database(act, actions, scripted, parse):
    assert CHINESE_VIEWS.no_records in parse(act("browse").html).text
    assert not actions.market.on_file


def test_the_newest_are_listed_and_drafts_are_not(act, pair, parse):
    act("submit", kind="offers", title="还没写完的成果名称")
    listed = parse(act("browse").html)
    assert listed.text.index(OFFER_FORM["title"]) < listed.text.index(NEED_FORM["title"])
    assert "还没写完的成果名称" not in listed.text


def test_a_match_explains_itself_with_the_words_marked(act, pair, parse):
    html = act("matches", kind="needs", id=pair[2].id).html
    shown = parse(html)
    assert OFFER_FORM["title"] in shown.text and "示例叶片研究所（自报）" in shown.text
    assert any(word in NEED_FORM["title"] for word in shown.marked) and shown.marked
    assert "introduction_form" in html


def test_typed_words_are_called_what_they_are(act, pair, parse):
    text = parse(act("find", told="想找能给矿井轴流风机降噪的团队").html).text
    assert OFFER_FORM["title"] in text and CHINESE_VIEWS.your_words in text
    # A need that says the same is told of below, as what it is.
    assert CHINESE_VIEWS.need_side not in text.split(CHINESE_VIEWS.nearest[:4])[0].split(CHINESE_VIEWS.fellow_needs)[0]


def test_when_nothing_fits_three_ways_are_offered(act, pair, parse):
    html = act("find", told="想找会做古籍脱酸修复的团队").html
    assert CHINESE_VIEWS.nothing_fits in parse(html).text
    for action in ("tell", "find", "hand_over_form"):
        assert f'data-action="{action}"' in html
    wide = act("find", told="想找会做古籍脱酸修复的团队", widened="1").html
    assert CHINESE_VIEWS.nothing_near in parse(wide).text and "register" in wide
    assert OFFER_FORM["title"] not in parse(wide).text
    assert json.dumps({"widened": "1"})[1:-1] not in wide.replace("&quot;", '"')


def test_widened_shows_what_only_a_condition_keeps_back(act, actions, parse):
    receipt(act("submit", **{**OFFER_FORM, "price": "500万元"}))
    need = actions.market.claim(receipt(act("submit", **NEED_FORM)))[1]
    result = actions.market.matches_of(need, 5)
    assert result.abstained and any(gate.passed is False for gate in result.matches[0].gates)
    text = parse(act("matches", kind="needs", id=need.id).html).text
    assert CHINESE_VIEWS.nothing_fits in text and OFFER_FORM["title"] in text
    assert f"预算 {CHINESE_VIEWS.gate_failed}" in text


def test_the_way_to_the_documents_is_a_question(act, pair):
    html = act("find", told="矿井风机").html
    assert 'data-ask="矿井风机方面可以找哪些机构合作？"' in html
    assert 'data-ask="想找会修古籍的团队"' in act("find", told="想找会修古籍的团队").html


def test_nothing_told_is_a_sentence_not_a_trace(act, parse):
    reply = act("find", told="  ")
    assert reply.failed and "没有写要找什么" in parse(reply.html).text


def test_details_hold_no_way_to_reach_anybody(act, actions, parse):
    store = actions.market.store
    store.save_many(
        [Need(id="bulk", title=f"联系{PHONE}", description=f"邮箱{MAIL}，风机降噪", owner_id=None)],
        actor="t",
        publish=True,
    )
    store.set_contacts(RecordKind.NEED, {"bulk": PrivateContact(name=PERSON, phone="12345678")}, actor="t")
    for reply in (act("record", kind="needs", id="bulk"), act("browse"), act("find", told="风机降噪")):
        text = parse(reply.html).text
        for secret in (PHONE, MAIL, PERSON, "12345678"):
            assert secret not in text


def test_a_confidential_owner_is_not_named_anywhere(act, actions, parse):
    sent = {**OFFER_FORM, "confidentiality": Confidentiality.CONFIDENTIAL.label}
    record = actions.market.claim(receipt(act("submit", **sent)))[1]
    assert record.state is State.PUBLISHED
    told = "想找能给矿井轴流风机降噪的团队"
    for reply in (act("record", kind="offers", id=record.id), act("browse"), act("find", told=told)):
        assert record.title in parse(reply.html).text or "record-fields" in reply.html
        assert "示例叶片研究所" not in reply.html and MAIL not in reply.html
    assert CHINESE_VIEWS.owner_withheld in parse(act("record", kind="offers", id=record.id).html).text


def test_a_draft_is_nobodys_business(act, actions):
    draft = actions.market.claim(receipt(act("submit", kind="needs", title="还没写完的需求名称")))[1]
    seen, unseen = act("record", kind="needs", id=draft.id), act("record", kind="needs", id="never-there")
    assert seen.failed and unseen.failed
    assert seen.html.replace(draft.id, "") == unseen.html.replace("never-there", "")
    for action in ("matches", "interest_form"):
        assert act(action, kind="needs", id=draft.id).failed


def test_a_wish_is_left_for_a_technology_manager(act, actions, parse):
    reply = act("hand_over", told="想找会修古籍的人", contact_phone="12345678", unit="示例档案馆")
    assert CHINESE_VIEWS.handed_over in parse(reply.html).text
    (record,) = actions.market.handed_over()
    assert record.state is State.DRAFT and "示例档案馆" not in parse(act("browse").html).text
    assert act("hand_over", told="想找会修古籍的人").failed


@pytest.mark.parametrize("request_", [[], ["find"], ["find", {}, 3], ["find", "x", ZH], [1, 2, 3], ["nosuch", {}, ZH]])
def test_what_the_page_never_sends_is_answered_with_a_sentence(actions, parse, request_):
    reply = actions.act(request_)
    assert reply.failed and parse(reply.html).text


@pytest.mark.parametrize("action", ["find", "record", "matches", "interest_form", "pairs", "claim"])
def test_half_a_character_is_no_error_of_the_program(act, caplog, action):
    act(action, told="\ud800", id="\ud800", kind="needs", need="\ud800", receipt="\ud800")
    assert not logged(caplog, "bot")


def test_too_much_is_refused(act, parse):
    reply = act("find", told="长" * (LONGEST_SENT + 1))
    assert reply.failed and CHINESE_VIEWS.too_long in parse(reply.html).text


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "=cmd|' /C calc'!A0"],
)
def test_hostile_words_stay_words(act, actions, parse, hostile):
    sent = {
        **NEED_FORM,
        "title": f"风机降噪{hostile}",
        "description": NEED_FORM["description"] + hostile,
        "unit": hostile,
    }
    code = receipt(act("submit", **sent))
    record = actions.market.claim(code)[1]
    replies = [
        act("claim", receipt=code),
        act("record", kind="needs", id=record.id),
        act("browse"),
        act("find", told=hostile + "风机降噪"),
        act("tell", told=hostile),
        act("hand_over_form", told=hostile, region=hostile),
    ]
    for reply in replies:
        read = parse(reply.html)
        assert not {"script", "img"} & set(read.tags)
        assert not any(name.startswith("on") for name, _ in read.attributes)


@given(st.text(max_size=60), st.lists(st.text(max_size=6), max_size=4))
def test_marking_words_changes_no_character(quote, words):
    from html.parser import HTMLParser

    told: list[str] = []
    reader = HTMLParser(convert_charrefs=True)
    reader.handle_data = told.append
    reader.feed(highlighted_words(quote, words))
    reader.close()
    assert "".join(told) == quote.replace("\r\n", "\n").replace("\r", "\n") or "".join(told) == quote


def test_both_languages_say_everything():
    for field in fields_of(ViewTexts):
        chinese, english = getattr(CHINESE_VIEWS, field.name), getattr(ENGLISH_VIEWS, field.name)
        if isinstance(chinese, str):
            assert chinese and english and chinese.count("{}") == english.count("{}"), field.name
        elif field.name not in ("field_labels", "language"):
            assert chinese.keys() == english.keys(), field.name


def test_the_shells_are_in_the_language_of_the_page(parse):
    assert ENGLISH_VIEWS.market_heading in parse(views(Language.ENGLISH.value)).text
    assert CHINESE_VIEWS.market_heading in parse(views(ZH)).text


def test_an_english_form_has_english_labels(act, parse):
    text = parse(act("form", language=Language.ENGLISH.value, kind="offers").html).text
    assert "Title" in text and not re.search(r"[\u4e00-\u9fff]{2,}", text)


def test_organisations_on_file_are_named_as_they_are(act, actions, parse):
    store = actions.market.store
    store.save(Organisation(id="g1", title="示例叶片研究所"), actor="desk")
    store.save_many([Offer(id="o1", title="矿井轴流风机叶片", owner_id="g1")], actor="desk", publish=True)
    text = parse(act("record", kind="offers", id="o1").html).text
    assert "示例叶片研究所" in text and "自报" not in text


def test_an_interest_of_an_unknown_pair_is_refused(act, actions, pair):
    assert act("interest", kind="offers", id="never", receipt=pair[0], cooperation_sought="许可").failed
    interest = Interest(need_id=pair[2].id, offer_id=pair[3].id, side=Side.NEED_OWNER, cooperation_sought="许可")
    actions.market.express_interest(interest)
    assert len(actions.market.store.list_interests()) == 1
