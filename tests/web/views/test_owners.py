"""What a receipt opens: changes, interest, consent, introductions."""

from __future__ import annotations

import base64
import json
import re

import pytest
from docx import Document as read_docx

from bot.market.records import Side
from bot.types import RecordKind
from bot.web.texts import Language
from bot.web.views.chinese import CHINESE_VIEWS
from tests.support.market_forms import MAIL, NEED_FORM, OFFER_FORM, PERSON, PHONE, receipt

ZH = Language.CHINESE.value


def test_the_owner_changes_and_withdraws(act, actions, pair, parse):
    code, _, need, _ = pair
    shown = act("revise", receipt=code, kind="needs", title="矿井轴流风机的降噪改造")
    assert "矿井轴流风机的降噪改造" in parse(shown.html).text and CHINESE_VIEWS.saved in parse(shown.html).text
    assert CHINESE_VIEWS.withdrawn in parse(act("withdraw", receipt=code).html).text
    assert need.title not in parse(act("browse").html).text
    assert act("revise", receipt=code, title="再改").failed


@pytest.mark.parametrize("action", ["claim", "revise", "withdraw", "interest", "agree", "refuse", "take_back"])
def test_a_wrong_receipt_opens_nothing(act, pair, action):
    need, offer = pair[2].id, pair[3].id
    reply = act(action, receipt="AAAAA-AAAAA-AAAAA-AAAAA", kind="offers", id=offer, other=offer, need=need, given="yes")
    assert reply.failed and NEED_FORM["title"] not in reply.html


def test_interest_and_both_consents_open_the_joint_letter(act, actions, pair, parse):
    need_code, offer_code, need, offer = pair
    kept = act(
        "interest",
        kind="offers",
        id=offer.id,
        receipt=need_code,
        cooperation_sought=f"想谈许可，我是示例矿业有限公司的{PERSON}",
        unclear=f"打{PHONE}找我",
        consent="yes",
    )
    assert CHINESE_VIEWS.interest_kept in parse(kept.html).text
    assert actions.market.consent_state(need.id, offer.id).missing == (Side.OFFER_OWNER,)
    seen = parse(act("claim", receipt=offer_code).html).text
    assert "想谈许可" in seen and need.title in seen
    assert "我是〔单位名称略〕" in seen and PERSON not in seen and PHONE not in seen
    assert act("joint", receipt=offer_code, need=need.id, offer=offer.id).html.count(PHONE) == 0
    agreed = act("agree", receipt=offer_code, other=need.id, contact="yes")
    assert CHINESE_VIEWS.joint_letter in parse(agreed.html).text
    letter = act("joint", receipt=offer_code, need=need.id, offer=offer.id)
    text = parse(letter.html).text
    assert PHONE in text and MAIL in text and PERSON in text
    taken_back = act("take_back", receipt=need_code, other=offer.id)
    assert not taken_back.failed
    assert PHONE not in act("joint", receipt=offer_code, need=need.id, offer=offer.id).html


def test_an_owner_reads_of_the_other_side_what_anybody_may_read(act, pair, parse):
    need_code, offer_code, _, offer = pair
    act("revise", receipt=need_code, kind="needs", title="矿井轴流风机的降噪改造ZL202110012345.6")
    act("interest", kind="offers", id=offer.id, receipt=need_code, cooperation_sought="想谈许可", consent="yes")
    seen = parse(act("claim", receipt=offer_code).html).text
    assert "矿井轴流风机的降噪改造〔专利号略〕" in seen and "202110012345" not in seen
    assert "202110012345" in parse(act("claim", receipt=need_code).html).text


def test_a_third_receipt_does_not_open_a_joint_letter(act, actions, pair):
    need_code, offer_code, need, offer = pair
    act("interest", kind="offers", id=offer.id, receipt=need_code, cooperation_sought="许可", consent="yes")
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    other = receipt(act("submit", **{**OFFER_FORM, "title": "别家的风机叶片技术"}))
    for code in ("", other):
        blocked = act("introduce", need=need.id, offer=offer.id, form="letter", stage="joint", receipt=code)
        assert PHONE not in blocked.html and MAIL not in blocked.html
        assert act("joint", receipt=code, need=need.id, offer=offer.id).failed
    opened = act("introduce", need=need.id, offer=offer.id, form="letter", stage="joint", receipt=need_code)
    assert PHONE in opened.html and MAIL in opened.html


def test_nobody_consents_to_somebody_who_never_asked(act, actions, pair):
    need_code, _, need, offer = pair
    assert act("agree", receipt=need_code, other=offer.id).failed
    assert actions.market.consent_state(need.id, offer.id).missing == tuple(Side)


def test_hidden_records_cannot_be_read_through_a_consent(act, actions, pair):
    need_code, offer_code, need, offer = pair
    draft = actions.market.claim(receipt(act("submit", kind="offers", title="还没写完的秘密成果")))[1]
    act("withdraw", receipt=offer_code)
    replies = [
        act(action, receipt=need_code, other=other)
        for other in (draft.id, offer.id, "never-there")
        for action in ("agree", "refuse", "take_back")
    ]
    assert all(reply.failed for reply in replies) and len({reply.html for reply in replies}) == 1
    assert actions.owners._pairs(need) == []


def test_a_joint_draft_is_gone_with_the_consent(act, pair):
    need_code, offer_code, need, offer = pair
    act("interest", kind="offers", id=offer.id, receipt=need_code, cooperation_sought="许可", consent="yes")
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    html = act("joint", receipt=offer_code, need=need.id, offer=offer.id).html
    key = json.loads(re.search(r'data-action="word" data-fields="([^"]+)"', html).group(1).replace("&quot;", '"'))
    assert not act("word", **key).failed
    act("take_back", receipt=need_code, other=offer.id)
    assert act("word", **key).failed


def test_a_yes_to_another_content_counts_no_more(act, pair):
    need_code, offer_code, need, offer = pair
    act("interest", kind="offers", id=offer.id, receipt=need_code, cooperation_sought="许可", consent="yes")
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    act("revise", receipt=offer_code, **{**OFFER_FORM, "title": "矿井轴流风机的另一种叶片"})
    assert PHONE not in act("joint", receipt=offer_code, need=need.id, offer=offer.id).html


def test_owners_see_correct_and_delete_their_contact(act, actions, pair):
    need_code, _, need, _ = pair
    assert f'value="{PHONE}"' in act("claim", receipt=need_code).html
    shown = act("revise", receipt=need_code, **{**NEED_FORM, "contact_phone": "12345678"})
    assert 'value="12345678"' in shown.html and PHONE not in shown.html
    act("withdraw", receipt=need_code)
    assert actions.market.store.private_contacts(RecordKind.NEED, [need.id]) == {}


@pytest.mark.parametrize("answer", ["", "   ", "长" * 2_001])
def test_an_interest_says_something_and_not_too_much(act, actions, pair, answer):
    assert act("interest", kind="offers", id=pair[3].id, receipt=pair[0], cooperation_sought=answer).failed
    assert actions.market.store.list_interests() == ()


def test_nobody_is_flooded_with_interest(act, pair):
    replies = [
        act("interest", kind="offers", id=pair[3].id, receipt=pair[0], cooperation_sought=f"许可{n}") for n in range(7)
    ]
    assert [reply.failed for reply in replies] == [False] * 5 + [True] * 2


def test_interest_wants_a_record_of_the_other_side(act, actions, pair):
    need_code, _, need, _ = pair
    assert act("interest", kind="needs", id=need.id, receipt=need_code, cooperation_sought="许可").failed
    assert actions.market.store.list_interests() == ()


@pytest.mark.parametrize("form", ["letter", "message", "email", "summary"])
@pytest.mark.parametrize("stage", ["ask_need_owner", "ask_offer_owner"])
def test_a_blind_draft_is_shown_with_its_sources_and_downloads(act, pair, parse, tmp_path, form, stage):
    reply = act("introduce", need=pair[2].id, offer=pair[3].id, form=form, stage=stage)
    text = parse(reply.html).text
    for secret in (PHONE, MAIL, PERSON, "示例矿业有限公司", "示例叶片研究所"):
        assert secret not in text
    assert CHINESE_VIEWS.withheld in text and "需求 " + pair[2].id in text
    key = json.loads(re.search(r'data-action="word" data-fields="([^"]+)"', reply.html).group(1).replace("&quot;", '"'))
    content = act("word", **key).as_json()
    path = tmp_path / "draft.docx"
    path.write_bytes(base64.b64decode(content["content"]))
    words = "".join(paragraph.text for paragraph in read_docx(str(path)).paragraphs)
    assert pair[2].title in words or pair[3].title in words
    assert PHONE not in words and "示例矿业" not in words


def test_a_draft_that_is_gone_says_so(act, parse):
    reply = act("word", draft="nothing")
    assert reply.failed and CHINESE_VIEWS.draft_gone in parse(reply.html).text


def test_ids_on_file_are_offered_and_counterparts_listed(act, pair, parse):
    form = act("introduction_form", need=pair[2].id).html
    assert f'value="{pair[3].id}"' in form and OFFER_FORM["title"] in form
    listed = act("pairs", need=pair[2].id)
    assert OFFER_FORM["title"] in parse(listed.html).text and "introduction_form" in listed.html


def test_an_unpublished_record_is_not_introduced(act, actions, pair):
    draft = actions.market.claim(receipt(act("submit", kind="offers", title="还没写完的成果名称")))[1]
    reply = act("introduce", need=pair[2].id, offer=draft.id, form="letter", stage="ask_need_owner")
    assert reply.failed and draft.title not in reply.html
