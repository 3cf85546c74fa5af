"""The list with its filters, receipts in one place, states in words: what the page is told."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from dataclasses import fields as fields_of
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.assistant import Assistant
from bot.market.records import CloseReason, Offer, State
from bot.settings import load_settings
from bot.types import RecordKind, Standing
from bot.web.actions.actions import ViewActions
from bot.web.actions.receipts import MOST_RECEIPTS
from bot.web.texts import Language
from bot.web.texts.inquiries import inquiry_texts
from bot.web.texts.listing import listing_texts
from bot.web.texts.receipts import receipt_texts
from bot.web.texts.states import state_texts
from tests.support.market_forms import NEED_FORM, OFFER_FORM, PERSON, PHONE, receipt
from tests.support.scripted import ScriptedAssistant

ZH, EN = Language.CHINESE, Language.ENGLISH
PATENT = "ZL202010123456.7"


@pytest.fixture(scope="module")
def shelved(tmp_path_factory) -> Path:
    """25 needs in Suzhou, and an offer in Shanghai of a list that nobody checked, with what must be hidden."""
    folder = tmp_path_factory.mktemp("shelved")
    behind = Assistant(load_settings(environment={}, settings_file=folder / "none.toml", data_dir=folder / "data"))
    actions = ViewActions.over(ScriptedAssistant(behind=behind))
    for number in range(25):
        sent = {**NEED_FORM, "title": f"示例锂电池低温快充{number}", "region": "江苏苏州"}
        actions.reply("submit", sent, ZH.value)
    title, region = f"示例污水处理膜材料（{PATENT}）", f"上海，电话{PHONE}"
    offer = Offer(id="offer-1", title=title, region=region, description="用膜材料处理污水，出水达到回用要求。")
    actions.market.keep_trusted([offer], actor="t")
    behind.market.store.database.close()
    return folder / "data"


@pytest.fixture
def shelf(shelved, scripted, tmp_path) -> None:
    """The market of ``scripted``, which nobody has opened yet, with all that on file."""
    shutil.copytree(shelved, tmp_path / "data", dirs_exist_ok=True)


def links(html: str) -> list[dict[str, str]]:
    found = re.findall(r'href="(#/market[^"]*)"', html.replace("&amp;", "&"))
    return [dict(parse_qsl(urlsplit(each[1:]).query)) for each in found]


def test_filters_name_what_occurs_with_counts(act, shelf, parse):
    html = act("browse").html
    shown = parse(html).text
    for told in ("需求（25）", "成果（1）", "苏州（25）", "上海（1）", "新能源与电力（25）", "开放（26）"):
        assert told in shown, told
    assert html.count("data-record=") == 20
    assert {"page": "2"} in links(html)


def test_what_is_chosen_can_be_taken_away(act, shelf, parse):
    html = act("browse", kind="needs", place="苏州", days="30", page="2").html
    assert html.count("data-record=") == 5
    chosen = {"kind": "needs", "place": "苏州", "days": "30"}
    for name in chosen:
        rest = {key: value for key, value in chosen.items() if key != name}
        assert rest in links(html), name
    assert {} in links(html) and chosen in links(html)
    assert not re.search(r'class="chip"', act("browse").html)


def test_nothing_that_fits_is_said_and_the_filters_stay(act, shelf, parse):
    html = act("browse", kind="offers", place="苏州").html
    assert listing_texts(ZH).none_fit in parse(html).text
    assert {"kind": "offers"} in links(html) and {"place": "苏州"} in links(html)


def test_a_search_is_narrowed_and_says_so(act, shelf, parse):
    told = "想找锂电池低温快充或者污水处理膜材料"
    everything = parse(act("browse", told=told).html).text
    html = act("browse", told=told, place="上海").html
    assert "示例污水处理膜材料" in everything
    assert "示例锂电池" not in parse(html).text and "示例污水处理膜材料" in parse(html).text
    assert {"told": told} in links(html)


def test_patents_and_numbers_are_in_no_list_filter_or_link(act, shelf, parse):
    whole = "".join(act("browse", **sent).html for sent in ({}, {"kind": "offers"}, {"place": "上海"}, {"page": "2"}))
    record = re.search(r'data-record="(offer-[^"]+)"', act("browse", kind="offers").html).group(1)
    whole += act("record", kind="offers", id=record).html
    for hidden in (PATENT, PHONE, PERSON, "202010123456"):
        assert hidden not in whole
    for asked in (PATENT, PHONE, PERSON):
        assert "data-record=" not in act("browse", place=asked).html
        assert "data-record=" not in act("browse", field=asked).html


@pytest.mark.parametrize(
    "sent",
    [{"kind": "x"}, {"kind": "organisations"}, {"days": "7"}, {"days": "-1"}, {"days": "９"}, {"standing": "draft"}],
    ids=str,
)
def test_what_is_not_offered_is_refused_in_a_sentence(act, shelf, sent):
    reply = act("browse", **sent)
    assert reply.failed and "problem" in reply.html


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x>', "' OR 1=1 --", "%", "\x00", "javascript:alert(1)", "&kind=offers",
    "#/publish", "苏州&page=9", "苏" * 400, "𠮷", "\u202e州苏", "+", "%25", "苏州\n",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_shown_as_text_and_stays_in_its_part(act, shelf, parse, value):
    html = act("browse", place=value, kind="needs").html
    shown = parse(html)
    assert "script" not in shown.tags and "img" not in shown.tags
    assert all(set(each) <= {"kind", "place"} for each in links(html))
    assert all(each.get("place", value) == value for each in links(html))
    assert "data-record=" not in html


def test_a_page_is_a_number_or_the_first(act, shelf):
    assert act("browse", page="abc").html == act("browse").html == act("browse", page="-2").html
    assert act("browse", page="999").html == act("browse", page="2").html


# --- receipts in one place ----------------------------------------------------------------------


def codes(*given: str) -> dict[str, str]:
    return {"codes": json.dumps(list(given))}


@pytest.fixture
def inquiry(act):
    sent = {"question": f"示例贷款怎么办？电话{PHONE}", "agreed": "yes", "contact_phone": PHONE}
    return receipt(act("inquire", **sent))


def test_receipts_of_every_kind_are_listed_with_their_state(act, pair, inquiry, parse):
    draft = receipt(act("submit", kind="offers", title="还没写完的示例成果"))
    shown = parse(act("receipts", **codes(pair[0], pair[1], inquiry, draft, "AAAAA-BBBBB-CCCCC-DDDDD")).html).text
    for told in (
        NEED_FORM["title"],
        OFFER_FORM["title"],
        "需求",
        "成果",
        "提问",
        "示例贷款怎么办？",
        "已发布",
        "草稿：还缺",
    ):
        assert told in shown, told
    assert receipt_texts(ZH).gone in shown and PHONE not in shown
    assert shown.count(state_texts(ZH).next_step) == 4


def test_a_receipt_file_holds_what_is_needed_and_no_secret(act, pair, inquiry, parse, actions):
    sent = {**codes(*pair[:2], inquiry), "address": "http://127.0.0.1:7860/?x=1#/mine"}
    reply = act("receipt_file", **sent)
    page = b64decode(reply.as_json()["content"]).decode()
    shown = parse(page).text
    for told in (pair[0], pair[1], inquiry, NEED_FORM["title"], "需求", "提问", date.today().isoformat()):
        assert told in shown, told
    assert "http://127.0.0.1:7860/" in shown and "x=1" not in shown and receipt_texts(ZH).purpose in shown
    for hidden in (PHONE, PERSON, NEED_FORM["unit"]):
        assert hidden not in page
    assert reply.download.name.endswith(".html")


def test_a_patent_is_not_printed(act):
    code = receipt(act("submit", **{**OFFER_FORM, "title": f"示例膜材料（{PATENT}）"}))
    page = act("receipt_file", **codes(code)).download.content.decode()
    assert PATENT not in page and "示例膜材料" in page
    assert PATENT not in act("receipts", **codes(code)).html


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://" + "a" * 500, "<b>", ""])
def test_an_address_that_is_none_is_left_out(act, pair, address):
    page = act("receipt_file", **codes(pair[0]), address=address).download.content.decode()
    assert receipt_texts(ZH).address not in page and (not address or address not in page)


@pytest.mark.parametrize("sent", ["", "[]", "{", '{"a":1}', "[1,null]", "[" * 5000, json.dumps(["x" * 5000])])
def test_codes_that_are_none_list_nothing(act, sent):
    assert receipt_texts(ZH).none_kept in act("receipts", codes=sent).html
    assert act("receipt_file", codes=sent).failed


def test_only_so_many_codes_are_looked_at(act, pair):
    many = [f"AAAAA-BBBBB-CCCCC-{number:05}" for number in range(MOST_RECEIPTS)]
    assert NEED_FORM["title"] not in act("receipts", **codes(*many, pair[0])).html
    assert NEED_FORM["title"] in act("receipts", **codes(pair[0], *many)).html


# --- states and steps in words ------------------------------------------------------------------


def test_every_state_has_words_in_both_languages():
    for language in Language:
        words = state_texts(language)
        assert set(words.states) == set(words.next_steps) == set(State)
        assert set(words.reasons) == set(CloseReason)
        assert set(words.inquiry_next) == set(inquiry_texts(language).states)
        assert set(listing_texts(language).standings) == set(Standing)
    for texts in (state_texts, listing_texts, receipt_texts):
        told = [getattr(texts(EN), each.name) for each in fields_of(texts(EN))]
        assert not re.search(r"[\u4e00-\u9fff]", repr(told)) and all(told)


def test_a_draft_says_what_it_lacks_and_a_withdrawn_one_why(act, pair, parse):
    code = receipt(act("submit", kind="needs", title="还没写完的示例需求", budget="不超过60万元"))
    shown = parse(act("claim", receipt=code).html).text
    line = re.search(r"草稿：还缺([^ ]*)", shown).group(1)
    assert "要解决的问题" in line and "预算" not in line and "接下来：补充后再提交" in shown
    act("withdraw", receipt=pair[0])
    assert "已结束：本方撤回" in parse(act("claim", receipt=pair[0]).html).text


def test_a_record_of_others_says_whether_interest_is_taken(act, pair, actions, parse):
    sent = {"kind": "offers", "id": pair[3].id}
    assert state_texts(ZH).open_to_all in parse(act("record", **sent).html).text
    actions.market.move(RecordKind.OFFER, pair[3].id, State.CLOSED, actor="t", reason=CloseReason.NO_AGREEMENT)
    shown = parse(act("record", **sent).html).text
    assert state_texts(ZH).open_to_all not in shown and "已结束" in shown and "未谈成" not in shown


@pytest.mark.parametrize(
    ("entry", "sent"),
    [
        ("title", {"title": " "}),
        ("description", {"description": "长" * 50_000}),
        ("trl_required", {"trl_required": "99"}),
        ("contact_phone", {"contact_phone": "1" * 5_000}),
        ("unit", {"unit": f"示例公司{PHONE}"}),
    ],
)
def test_a_wrong_entry_is_named_before_anything_is_saved(act, entry, sent):
    for action in ("preview", "submit"):
        reply = act(action, **{**NEED_FORM, **sent})
        assert reply.failed and f'data-entry="{entry}"' in reply.html, action
