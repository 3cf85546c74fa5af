"""What a receipt opens: changes, interest, consent, introductions."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document as read_docx

from bot.assistant import Assistant
from bot.market.records import Side
from bot.settings import load_settings
from bot.types import RecordKind
from bot.web.actions.actions import ViewActions
from bot.web.texts import Language
from bot.web.texts.views_chinese import CHINESE_VIEWS
from tests.support.market_forms import MAIL, NEED_FORM, OFFER_FORM, PERSON, PHONE, receipt
from tests.support.scripted import ScriptedAssistant

ZH = Language.CHINESE.value


@pytest.fixture(scope="module")
def pair_on_file(tmp_path_factory) -> tuple[Path, str, str]:
    """A folder of data with a need and an offer published through the page, and their receipts."""
    folder = tmp_path_factory.mktemp("pair")
    behind = Assistant(load_settings(environment={}, settings_file=folder / "none.toml", data_dir=folder / "data"))
    over = ViewActions.over(ScriptedAssistant(behind=behind))
    receipts = [receipt(over.reply("submit", form, ZH)) for form in (NEED_FORM, OFFER_FORM)]
    behind.market.store.database.close()
    return folder / "data", *receipts


@pytest.fixture
def scripted(tmp_path, pair_on_file) -> Iterator[ScriptedAssistant]:
    """Scripted answers over a real market of its own that holds the pair."""
    shutil.copytree(pair_on_file[0], tmp_path / "data")
    behind = Assistant(load_settings(environment={}, settings_file=tmp_path / "none.toml", data_dir=tmp_path / "data"))
    yield ScriptedAssistant(behind=behind)
    behind.market.store.database.close()


@pytest.fixture
def pair(actions, pair_on_file):
    """The need and the offer on file, with their receipts."""
    _, need, offer = pair_on_file
    return need, offer, actions.market.claim(need)[1], actions.market.claim(offer)[1]


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


def wanted(act, pair, **more):
    """The need's owner wants the offer."""
    return act("interest", kind="offers", id=pair[3].id, receipt=pair[0], cooperation_sought="想谈许可", **more)


def pairs_of(html):
    """The part that tells of pairs: whose an open record is anybody may read in the matches below it."""
    return html[html.index('id="mine-pairs"') : html.index("</article>")]


def standings(act, parse, code):
    """Where either side stands, as the page of a receipt tells it."""
    html = act("claim", receipt=code).html
    lines = re.findall(r'<dl class="consents">(.*?)</dl>', html, re.S)
    return [re.sub(r"\s+", "", parse(line).text) for line in lines]


def test_both_owners_read_the_same_standing(act, pair, parse):
    need_code, offer_code, need, offer = pair
    wanted(act, pair, consent="yes")
    (mine,), (theirs,) = standings(act, parse, need_code), standings(act, parse, offer_code)
    assert mine.startswith("您同意") and "对方已征询待答复" in mine
    assert theirs.startswith("您已征询待答复") and "对方同意" in theirs
    assert "由您征询" in mine and "由对方征询" in theirs and "本人" not in theirs
    for told in (mine, theirs):
        assert "页面（凭回执码）" in told and "告知单位名称、转交联系方式" in told and "20" in told
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    assert all("您同意" in told and "对方同意" in told for code in pair[:2] for told in standings(act, parse, code))
    act("take_back", receipt=need_code, other=offer.id)
    assert standings(act, parse, need_code)[0].startswith("您已撤回")
    assert "对方已撤回" in standings(act, parse, offer_code)[0]


def test_an_owner_says_no_and_thinks_again(act, actions, pair, parse):
    need_code, offer_code, need, offer = pair
    wanted(act, pair, consent="yes")
    refused = act("refuse", receipt=offer_code, other=need.id)
    assert not refused.failed and 'data-send-to="refuse"' not in refused.html
    assert "对方不同意" in standings(act, parse, need_code)[0]
    wanted(act, pair)
    assert standings(act, parse, offer_code)[0].startswith("您不同意")
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    assert actions.market.consent_state(need.id, offer.id).agreed


def test_who_keeps_the_contact_back_is_named_only(act, pair, parse):
    need_code, offer_code, need, offer = pair
    wanted(act, pair, consent="yes")
    act("agree", receipt=offer_code, other=need.id)
    letter = parse(act("joint", receipt=need_code, need=need.id, offer=offer.id).html).text
    assert "示例叶片研究所" in letter and MAIL not in letter and PHONE in letter


def test_a_yes_to_a_page_read_before_a_change_is_not_taken(act, actions, pair, parse):
    need_code, offer_code, need, offer = pair
    wanted(act, pair, consent="yes")
    page = act("claim", receipt=offer_code).html
    seen = re.search(r'name="seen" value="(\d+)"', page).group(1)
    act("revise", receipt=need_code, **{**NEED_FORM, "budget": "不超过1万元"})
    late = act("agree", receipt=offer_code, other=need.id, contact="yes", seen=seen)
    assert late.failed and "改过" in parse(late.html).text
    for odd in ("", "-1", "x", "9" * 40):
        assert act("agree", receipt=offer_code, other=need.id, contact="yes", seen=odd).failed
    now = re.search(r'name="seen" value="(\d+)"', act("claim", receipt=offer_code).html).group(1)
    assert not act("agree", receipt=offer_code, other=need.id, contact="yes", seen=now).failed


def test_the_other_side_is_not_told_who_said_what_before_both_agreed(act, actions, pair):
    from bot.market.consents import Consent, ConsentChannel, ConsentStep

    need_code, offer_code, need, offer = pair
    told = Consent(
        need_id=need.id,
        offer_id=offer.id,
        side=Side.NEED_OWNER,
        step=ConsentStep.GIVEN,
        channel=ConsentChannel.PHONE,
        said_by=f"示例矿业有限公司{PERSON}",
        evidence=f"打{PHONE}问的",
        actor="desk",
    )
    actions.market.record_consent(told)
    other, own = (pairs_of(act("claim", receipt=code).html) for code in (offer_code, need_code))
    assert "电话" in other and PERSON not in other and "示例矿业有限公司" not in other
    assert f"示例矿业有限公司{PERSON}" in own
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    both = pairs_of(act("claim", receipt=offer_code).html)
    assert f"示例矿业有限公司{PERSON}" in both and PHONE not in both


def test_what_ended_is_told_with_the_way_to_start_anew(act, actions, pair, parse):
    from bot.market.consents import Consent, ConsentChannel, ConsentStep

    need_code, offer_code, need, offer = pair
    told = Consent(
        need_id=need.id,
        offer_id=offer.id,
        side=Side.NEED_OWNER,
        step=ConsentStep.GIVEN,
        channel=ConsentChannel.MAIL,
        said_by="本人",
        actor="desk",
    )
    actions.market.record_consent(told)
    act("take_back", receipt=need_code, other=offer.id)
    for code in (need_code, offer_code):
        html = act("claim", receipt=code).html
        assert CHINESE_VIEWS.next_again in parse(html).text and 'data-action="agree"' not in html
    assert act("agree", receipt=offer_code, other=need.id, contact="yes").failed
    assert not wanted(act, pair, consent="yes").failed
    assert 'data-action="agree"' in act("claim", receipt=offer_code).html


def test_the_history_names_what_was_agreed_and_nobody(act, pair, parse):
    need_code, offer_code, need, offer = pair
    wanted(act, pair, consent="yes")
    act("refuse", receipt=offer_code, other=need.id)
    mine, theirs = (parse(act("claim", receipt=code).html).text for code in (need_code, offer_code))
    assert "表达意向" in mine and "同意引荐" in mine
    assert "征询引荐" in theirs and "不同意引荐" in theirs


def test_the_owner_sees_the_published_record_as_others_do(act, pair, parse):
    need_code = pair[0]
    act("revise", receipt=need_code, **{**NEED_FORM, "indicators": f"降到80分贝以下，现场由{PERSON}负责"})
    text = parse(act("claim", receipt=need_code).html).text
    assert CHINESE_VIEWS.preview_heading in text and CHINESE_VIEWS.preview_left_out in text
    assert "现场由〔人名略〕负责" in text


def test_ids_are_offered_with_masked_titles_only(act, pair):
    need_code, _, need, _ = pair
    act("revise", receipt=need_code, **{**NEED_FORM, "title": f"示例矿业有限公司{PERSON}的风机降噪ZL202110012345.6"})
    form = act("introduction_form").html
    assert need.id in form and PERSON not in form and "202110012345" not in form and "〔专利号略〕" in form


@pytest.mark.parametrize("language", [each.value for each in Language])
def test_every_standing_is_worded(act, pair, language):
    from bot.market.consents import ConsentChannel, ConsentScope, ConsentStanding
    from bot.market.redaction import FindingKind
    from bot.web.texts.languages import view_texts

    texts = view_texts(language)
    assert set(texts.consent_standings) == set(ConsentStanding)
    assert set(texts.consent_channels) == set(ConsentChannel)
    assert set(texts.consent_scopes) == set(ConsentScope)
    assert set(texts.finding_kinds) == set(FindingKind)
    assert len(set(texts.consent_standings.values())) == len(ConsentStanding)
