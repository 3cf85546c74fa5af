"""What the market's views do, over a real market; the browser is left out."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import fields as fields_of

import pytest
from docx import Document as read_docx
from hypothesis import given
from hypothesis import strategies as st

from bot.introductions.consent import consent_state
from bot.market.records import Confidentiality, Interest, Need, Offer, Organisation, Side, State
from bot.types import PrivateContact, RecordKind
from bot.web.market.actions import LONGEST_SENT, MarketActions
from bot.web.market.chinese import CHINESE_MARKET
from bot.web.market.english import ENGLISH_MARKET
from bot.web.market.matches import highlighted_words
from bot.web.market.texts import MarketTexts
from bot.web.market.views import views
from bot.web.texts import Language

ZH = Language.CHINESE.value
PHONE, MAIL, PERSON = "13912345678", "sun8@example.com", "钱七"
NEED_FORM = {
    "kind": "needs",
    "title": "矿井轴流风机降噪",
    "description": "风机噪声超过95分贝，现有消声罩体积过大难以下井，需要从叶片入手解决。",
    "indicators": "降到80分贝以下",
    "cooperation": "委托开发",
    "budget": "不超过60万元",
    "region": "示例省",
    "unit": "示例矿业有限公司",
    "contact_name": PERSON,
    "contact_phone": PHONE,
}
OFFER_FORM = {
    "kind": "offers",
    "title": "矿井轴流风机仿生降噪叶片",
    "description": "用仿生锯齿叶片降低矿井轴流风机的噪声，风量不变。",
    "benefit": "噪声降低12%，每台节约成本3万元",
    "trl": "7",
    "trl_evidence": "已在两座矿井试用",
    "cooperation": "许可",
    "ip_status": "已授权发明专利",
    "region": "示例省",
    "unit": "示例叶片研究所",
    "contact_email": MAIL,
}
CODE = re.compile(r"([0-9A-Z]{5}-){3}[0-9A-Z]{5}")


@pytest.fixture
def actions(scripted) -> MarketActions:
    return MarketActions.over(scripted)


@pytest.fixture
def act(actions):
    def call(action: str, language: str = ZH, **sent: str):
        return actions.reply(action, sent, language)

    return call


def receipt(reply) -> str:
    return CODE.search(reply.html).group()


@pytest.fixture
def pair(act, actions):
    """A need and an offer on file through the page, with their receipts."""
    need, offer = receipt(act("submit", **NEED_FORM)), receipt(act("submit", **OFFER_FORM))
    return need, offer, actions.market.claim(need)[1], actions.market.claim(offer)[1]


# --- publishing -------------------------------------------------------------------------------------


def test_a_good_form_is_published_and_its_owner_comes_back(act, actions, parse):
    reply = act("submit", **NEED_FORM)
    record = actions.market.claim(receipt(reply))[1]
    assert not reply.failed and record.state is State.PUBLISHED
    assert CHINESE_MARKET.published in parse(reply.html).text
    shown = parse(act("claim", receipt=receipt(reply)).html).text
    assert record.title in shown and CHINESE_MARKET.states[State.PUBLISHED] in shown


def test_a_weak_form_is_held_with_advice(act, actions, parse):
    reply = act("submit", kind="offers", title="技术")
    assert actions.market.claim(receipt(reply))[1].state is State.DRAFT
    text = parse(reply.html).text
    assert CHINESE_MARKET.held in text and CHINESE_MARKET.improve in text


def test_checking_saves_nothing(act, actions, parse):
    reply = act("check", **NEED_FORM)
    assert CHINESE_MARKET.would_be_published in parse(reply.html).text
    assert CHINESE_MARKET.would_be_held in parse(act("check", kind="needs", title="技术").html).text
    assert actions.market.store.revision() == 0


def test_words_fill_the_form_and_nothing_is_saved(act, actions, parse):
    reply = act("tell", kind="needs", told=f"我们想找能做低温快充的技术团队，预算100万元，电话{PHONE}")
    values = dict(parse(reply.html).attributes)
    assert "100万元" in reply.html and f'value="{PHONE}"' in reply.html
    assert PHONE not in re.search(r"<textarea[^>]*name=\"description\".*?</textarea>", reply.html, re.S).group()
    assert values and actions.market.store.revision() == 0


@pytest.mark.parametrize(
    ("chosen", "told", "kind"),
    [
        ("needs", "课题组研发了一种膜材料，想找企业合作产业化", "offers"),
        ("offers", "想找能做膜材料的团队", "offers"),
        ("needs", "膜材料", "needs"),
    ],
)
def test_what_is_told_decides_unless_an_offer_was_chosen(act, chosen, told, kind):
    assert f'name="kind" value="{kind}"' in act("tell", kind=chosen, told=told).html


def test_a_form_cannot_set_what_only_staff_may(act, actions):
    sent = {
        **NEED_FORM,
        "id": "taken",
        "historic": "是",
        "sample": "是",
        "source": "官方",
        "state": "registered",
        "as_of": "1999-01-01",
    }
    record = actions.market.claim(receipt(act("submit", **sent)))[1]
    assert record.id != "taken" and not record.historic and not record.sample
    assert (record.source, record.state) == ("", State.PUBLISHED)
    assert record.as_of != "1999-01-01"


def test_a_wrong_entry_is_told_and_nothing_is_saved(act, actions, parse):
    reply = act("submit", **{**OFFER_FORM, "trl": "12"})
    assert reply.failed and "成熟度" in parse(reply.html).text
    assert actions.market.store.revision() == 0


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_template_is_downloaded_and_imports(act, actions, tmp_path, suffix):
    from bot.market.importing import import_file

    content = act("template", kind="needs", suffix=suffix).as_json()
    path = tmp_path / f"t.{suffix}"
    path.write_bytes(base64.b64decode(content["content"]))
    assert content["name"].endswith(suffix)
    assert import_file(actions.market.store, path, RecordKind.NEED, actor="t").added == 1


def test_a_template_of_another_format_is_refused(act):
    assert act("template", kind="needs", suffix="exe").failed


# --- many at once -----------------------------------------------------------------------------------


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ROWS = (
    "编号,名称,解决的问题,效益,成熟度,寻求的合作,知识产权状态,地区,所属单位,示例,联系电话\n"
    "a1,矿井轴流风机仿生降噪叶片,用仿生锯齿叶片降低矿井轴流风机的噪声，风量不变。,噪声降低12%，每台节约成本3万元,7,许可,已授权发明专利,示例省,示例叶片研究所,否,13912345678\n"
    "a2,技术,,,,,,,,,\n"
    "a3,成熟度写错的成果,,,12,,,,,,\n"
    "a4,模板里的样子,,,,,,,,是,\n"
)


def test_a_table_is_checked_and_registered_row_by_row(act, actions, parse):
    sent = {"kind": "offers", "file": encoded(ROWS), "file_name": "ours.csv", "unit": "示例集团"}
    checked = act("bulk_check", **sent)
    assert CHINESE_MARKET.bulk_checked.format(1, 1, 2) in parse(checked.html).text
    assert actions.market.store.revision() == 0 and checked.download is None
    done = act("bulk", **sent)
    text = parse(done.html).text
    assert CHINESE_MARKET.bulk_done.format(1, 1, 2) in text and "示例行" in text and "成熟度" in text
    codes = CODE.findall(done.html) and [match.group() for match in CODE.finditer(done.html)]
    records = [actions.market.claim(code)[1] for code in codes]
    assert [record.state for record in records] == [State.PUBLISHED, State.DRAFT]
    assert all(record.id not in ("a1", "a2") for record in records)
    owners = [actions.market.store.organisation(record.owner_id).title for record in records]
    assert owners == ["示例叶片研究所", "示例集团"]
    kept = done.download.content.decode("utf-8-sig")
    assert all(code in kept for code in codes) and "13912345678" not in text + kept


def test_somebody_elses_file_changes_no_record(act, actions):
    actions.market.store.save_many([Offer(id="a1", title="别人的成果")], actor="desk", publish=True)
    act("bulk", kind="offers", file=encoded(ROWS), file_name="theirs.csv")
    assert actions.market.store.offer("a1").title == "别人的成果"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", encoded("x")),
        ("a.csv", "not base 64!"),
        ("a.csv", encoded("颜色,尺寸\n红,大\n")),
        ("a.xlsx", encoded("no zip")),
        ("a.csv", ""),
        ("a.csv", encoded("编号,名称\n" + "".join(f"n{number},某物{number}\n" for number in range(101)))),
    ],
)
def test_a_file_that_cannot_be_used_is_told_so(act, actions, parse, name, content):
    reply = act("bulk", kind="offers", file=content, file_name=name)
    assert reply.failed and parse(reply.html).text
    assert not actions.market.on_file or actions.market.store.revision() == 0


def test_a_spreadsheet_bomb_is_refused_before_it_is_read(act, parse):
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    reply = act("bulk", kind="offers", file=base64.b64encode(buffer.getvalue()).decode(), file_name="a.xlsx")
    assert reply.failed and "解压" in parse(reply.html).text


# --- looking around ---------------------------------------------------------------------------------


def test_an_empty_market_makes_no_database(act, actions, scripted, parse):
    assert CHINESE_MARKET.no_records in parse(act("browse").html).text
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
    assert OFFER_FORM["title"] in text and CHINESE_MARKET.your_words in text
    assert CHINESE_MARKET.need_side not in text.split(CHINESE_MARKET.nearest[:4])[0]


def test_when_nothing_fits_three_ways_are_offered(act, pair, parse):
    html = act("find", told="想找会做古籍脱酸修复的团队").html
    assert CHINESE_MARKET.nothing_fits in parse(html).text
    for action in ("tell", "find", "hand_over_form"):
        assert f'data-action="{action}"' in html
    wide = act("find", told="想找会做古籍脱酸修复的团队", widened="1").html
    assert CHINESE_MARKET.widened in parse(wide).text and "register" in wide
    assert json.dumps({"widened": "1"})[1:-1] not in wide.replace("&quot;", '"')


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
    assert CHINESE_MARKET.owner_withheld in parse(act("record", kind="offers", id=record.id).html).text


def test_a_draft_is_nobodys_business(act, actions):
    draft = actions.market.claim(receipt(act("submit", kind="needs", title="还没写完的需求名称")))[1]
    seen, unseen = act("record", kind="needs", id=draft.id), act("record", kind="needs", id="never-there")
    assert seen.failed and unseen.failed
    assert seen.html.replace(draft.id, "") == unseen.html.replace("never-there", "")
    for action in ("matches", "interest_form"):
        assert act(action, kind="needs", id=draft.id).failed


def test_a_wish_is_left_for_a_technology_manager(act, actions, parse):
    reply = act("hand_over", told="想找会修古籍的人", contact_phone="12345678", unit="示例档案馆")
    assert CHINESE_MARKET.handed_over in parse(reply.html).text
    (record,) = actions.market.handed_over()
    assert record.state is State.DRAFT and "示例档案馆" not in parse(act("browse").html).text
    assert act("hand_over", told="想找会修古籍的人").failed


# --- receipts, interest, consent ---------------------------------------------------------------------


def test_the_owner_changes_and_withdraws(act, actions, pair, parse):
    code, _, need, _ = pair
    shown = act("revise", receipt=code, kind="needs", title="矿井轴流风机的降噪改造")
    assert "矿井轴流风机的降噪改造" in parse(shown.html).text and CHINESE_MARKET.saved in parse(shown.html).text
    assert CHINESE_MARKET.withdrawn in parse(act("withdraw", receipt=code).html).text
    assert need.title not in parse(act("browse").html).text
    assert act("revise", receipt=code, title="再改").failed


@pytest.mark.parametrize("action", ["claim", "revise", "withdraw", "interest", "consent"])
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
    assert CHINESE_MARKET.interest_kept in parse(kept.html).text
    assert consent_state(actions.market.store, need.id, offer.id).missing == (Side.OFFER_OWNER,)
    seen = parse(act("claim", receipt=offer_code).html).text
    assert "想谈许可" in seen and need.title in seen
    assert "我是〔单位名称略〕" in seen and PERSON not in seen and PHONE not in seen
    assert act("joint", receipt=offer_code, need=need.id, offer=offer.id).html.count(PHONE) == 0
    agreed = act("consent", receipt=offer_code, other=need.id, given="yes")
    assert CHINESE_MARKET.joint_letter in parse(agreed.html).text
    letter = act("joint", receipt=offer_code, need=need.id, offer=offer.id)
    text = parse(letter.html).text
    assert PHONE in text and MAIL in text and PERSON in text
    taken_back = act("consent", receipt=need_code, other=offer.id, given="")
    assert not taken_back.failed
    assert PHONE not in act("joint", receipt=offer_code, need=need.id, offer=offer.id).html


def test_a_third_receipt_does_not_open_a_joint_letter(act, actions, pair):
    need_code, offer_code, need, offer = pair
    act("interest", kind="offers", id=offer.id, receipt=need_code, cooperation_sought="许可", consent="yes")
    act("consent", receipt=offer_code, other=need.id, given="yes")
    other = receipt(act("submit", **{**OFFER_FORM, "title": "别家的风机叶片技术"}))
    for code in ("", other):
        blocked = act("introduce", need=need.id, offer=offer.id, form="letter", stage="joint", receipt=code)
        assert PHONE not in blocked.html and MAIL not in blocked.html
        assert act("joint", receipt=code, need=need.id, offer=offer.id).failed
    opened = act("introduce", need=need.id, offer=offer.id, form="letter", stage="joint", receipt=need_code)
    assert PHONE in opened.html and MAIL in opened.html


def test_nobody_consents_to_somebody_who_never_asked(act, actions, pair):
    need_code, _, need, offer = pair
    assert act("consent", receipt=need_code, other=offer.id, given="yes").failed
    assert consent_state(actions.market.store, need.id, offer.id).need_owner is None


def test_interest_wants_a_record_of_the_other_side(act, actions, pair):
    need_code, _, need, _ = pair
    assert act("interest", kind="needs", id=need.id, receipt=need_code, cooperation_sought="许可").failed
    assert actions.market.store.list_interests() == ()


# --- introductions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["letter", "message", "email", "summary"])
@pytest.mark.parametrize("stage", ["ask_need_owner", "ask_offer_owner"])
def test_a_blind_draft_is_shown_with_its_sources_and_downloads(act, pair, parse, tmp_path, form, stage):
    reply = act("introduce", need=pair[2].id, offer=pair[3].id, form=form, stage=stage)
    text = parse(reply.html).text
    for secret in (PHONE, MAIL, PERSON, "示例矿业有限公司", "示例叶片研究所"):
        assert secret not in text
    assert CHINESE_MARKET.withheld in text and "需求 " + pair[2].id in text
    key = json.loads(re.search(r'data-action="word" data-fields="([^"]+)"', reply.html).group(1).replace("&quot;", '"'))
    content = act("word", **key).as_json()
    path = tmp_path / "draft.docx"
    path.write_bytes(base64.b64decode(content["content"]))
    words = "".join(paragraph.text for paragraph in read_docx(str(path)).paragraphs)
    assert pair[2].title in words or pair[3].title in words
    assert PHONE not in words and "示例矿业" not in words


def test_a_draft_that_is_gone_says_so(act, parse):
    reply = act("word", draft="nothing")
    assert reply.failed and CHINESE_MARKET.draft_gone in parse(reply.html).text


def test_ids_on_file_are_offered_and_counterparts_listed(act, pair, parse):
    form = act("introduction_form", need=pair[2].id).html
    assert f'value="{pair[3].id}"' in form and OFFER_FORM["title"] in form
    listed = act("pairs", need=pair[2].id)
    assert OFFER_FORM["title"] in parse(listed.html).text and "introduction_form" in listed.html


def test_an_unpublished_record_is_not_introduced(act, actions, pair):
    draft = actions.market.claim(receipt(act("submit", kind="offers", title="还没写完的成果名称")))[1]
    reply = act("introduce", need=pair[2].id, offer=draft.id, form="letter", stage="ask_need_owner")
    assert reply.failed and draft.title not in reply.html


# --- whatever is sent ----------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", [[], ["find"], ["find", {}, 3], ["find", "x", ZH], [1, 2, 3], ["nosuch", {}, ZH]])
def test_what_the_page_never_sends_is_answered_with_a_sentence(actions, parse, request_):
    reply = actions.act(request_)
    assert reply.failed and parse(reply.html).text


def test_too_much_is_refused(act, parse):
    reply = act("find", told="长" * (LONGEST_SENT + 1))
    assert reply.failed and CHINESE_MARKET.too_long in parse(reply.html).text


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


# --- words ---------------------------------------------------------------------------------------------


def test_both_languages_say_everything():
    for field in fields_of(MarketTexts):
        chinese, english = getattr(CHINESE_MARKET, field.name), getattr(ENGLISH_MARKET, field.name)
        if isinstance(chinese, str):
            assert chinese and english and chinese.count("{}") == english.count("{}"), field.name
        elif field.name not in ("field_labels", "language"):
            assert chinese.keys() == english.keys(), field.name


def test_the_shells_are_in_the_language_of_the_page(parse):
    assert ENGLISH_MARKET.market_heading in parse(views(Language.ENGLISH.value)).text
    assert CHINESE_MARKET.market_heading in parse(views(ZH)).text


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
