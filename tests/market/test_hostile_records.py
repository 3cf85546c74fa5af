"""Hostile records and honest ones: what is planted in the first passes no door, the second stand as they are."""

import re
import unicodedata
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.market import app as market_commands
from bot.introductions.drafting import draft_introduction
from bot.introductions.records import Form, Stage
from bot.market.market_index import shelf_record
from bot.market.masking import Door, masked, masked_text, own_names, preview, public
from bot.market.private.codes import is_card_number, is_credit_code, is_identity_number
from bot.market.private.findings import FindingKind
from bot.market.private.pinyin import syllables
from bot.market.quality import assess
from bot.market.records import Confidentiality, Need, Offer, Organisation
from bot.market.redaction import scan
from bot.market.shelf import term_query
from bot.types import PrivateContact, RecordKind
from bot.web.texts.languages import view_texts
from bot.web.views.finding import record_card, record_details

FOLDER = Path(__file__).parent
OWNERS = {
    "A": (
        "上海星火新材料科技有限公司",
        PrivateContact(name="钱多多", phone="13812345678", email="duoduo.qian@xinghuo-mat.com"),
    ),
    "B": ("青岩示例科技有限公司", PrivateContact(name="张某", phone="05330000001")),
    "C": (
        "苏州晶湛精密机械股份有限公司",
        PrivateContact(name="施文博", phone="0512-66001122", email="shi@jingzhan.cn"),
    ),
    "D": ("东澜理工大学", PrivateContact(name="欧阳明轩")),
    "E": ("青岛瀚海低温装备研究院", PrivateContact(name="李蔚")),
    "F": ("深圳市鹏睿达电子有限公司", PrivateContact(name="罗静怡")),
}
BEFORE, AFTER = "零下20℃时充电时间过长，需缩短到30分钟以内。", "，欢迎联合研发。"
NUMERALS = dict(zip("零〇○一二三四五六七八九幺么壹贰叁肆伍陆柒捌玖", "00012345678911123456789", strict=True))


def _lines(name):
    return [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


CASES = [tuple(line.split("|")) for line in _lines("hostile_records.txt")]
HONEST = _lines("honest_texts.txt")
ORGANISATIONS = [Organisation(id=f"org-{key}", title=title) for key, (title, _) in OWNERS.items()]


def _record(number, kind=Need):
    """The record of a case; what was planted in a description goes into another field of words every other time."""
    owner, field, text, _ = CASES[number]
    free = ("description", "indicators", "current_state") if kind is Need else ("description", "benefit", "missing")
    if field not in {each.name for each in fields(kind)} or field == "description":
        field = free[number % 3]
    short = field in ("region", "budget", "deadline", "source", "ip_status")
    told = {"title": "低温锂电池快速充电", "description": f"{BEFORE}{AFTER[1:]}"}
    told[field] = text if short else f"{BEFORE}{text}{AFTER}"
    return kind(
        id=f"{kind.__name__.lower()}-{number}",
        owner_id=f"org-{owner}",
        confidentiality=Confidentiality.CONFIDENTIAL,
        **told,
    )


def _names(owner):
    title, contact = OWNERS[owner]
    return own_names(Organisation(id="o", title=title), [contact])


def _plain(text):
    """Letters and digits only, one width, numerals as digits: what a reader can make of a text."""
    kept = []
    for character in unicodedata.normalize("NFKC", text).casefold():
        digit = unicodedata.digit(character, None)
        if digit is not None or character.isalnum():
            kept.append(str(digit) if digit is not None else NUMERALS.get(character, character))
    return "".join(kept)


def readable(shown, secrets):
    """The secrets that can be read off ``shown``; five characters in a row of a long number or address will do."""
    text = _plain(shown.replace(BEFORE, "").replace(AFTER, ""))
    found = []
    for secret in secrets.split(";;"):
        plain = _plain(secret)
        pieces = [plain]
        if len(plain) >= 8 and plain.isascii():
            pieces = [plain[start : start + 5] for start in range(len(plain) - 4)]
        if any(piece in text for piece in pieces):
            found.append(secret)
    return found


def _seen(page):
    """What of a page is read: its words without their tags."""
    return re.sub(r"<[^>]*>", " ", str(page))


def _words_of(record):
    values = (getattr(record, each.name) for each in fields(record) if each.name not in ("id", "owner_id"))
    return "\n".join("\n".join(value) if isinstance(value, tuple) else str(value) for value in values if value)


def test_there_are_two_hundred_hostile_records_and_a_hundred_and_twenty_honest_texts():
    assert len(CASES) >= 200 and len(set(CASES)) == len(CASES)
    assert len(HONEST) >= 120 and len(set(HONEST)) == len(HONEST)


def test_every_secret_is_readable_before_it_is_masked():
    unread = [case for number, case in enumerate(CASES) if not _words_of(_record(number))]
    assert not unread


@pytest.mark.parametrize("kind", [Need, Offer])
def test_no_secret_is_readable_in_a_masked_record(kind):
    leaks = []
    for number, (owner, _, text, secrets) in enumerate(CASES):
        shown = masked(_record(number, kind), _names(owner))
        found = readable(_words_of(shown), secrets)
        if found:
            leaks.append((text, found))
        # A mark takes the place of the secret alone.
        assert BEFORE[:-1] in _words_of(shown)
    assert leaks == []


def test_an_open_record_keeps_only_the_names_of_organisations():
    leaks = []
    for number, (owner, _, text, secrets) in enumerate(CASES):
        record = replace(_record(number), confidentiality=Confidentiality.OPEN)
        hidden = masked(record, _names(owner))
        kinds = {each.kind for each in scan(text, _names(owner))}
        if FindingKind.ORGANISATION not in kinds and readable(_words_of(hidden), secrets):
            leaks.append(text)
    assert leaks == []


@pytest.fixture
def filled(market):
    """All hostile records published, as needs and offers, with their owners' contacts on file."""
    market.store.save_many(ORGANISATIONS, actor="t")
    contacts = {f"org-{key}": contact for key, (_, contact) in OWNERS.items()}
    market.store.set_contacts(RecordKind.ORGANISATION, contacts, actor="t")
    for kind in (Need, Offer):
        market.store.save_many([_record(number, kind) for number in range(len(CASES))], actor="t", publish=True)
    return market


def test_no_secret_passes_list_page_search_and_match(filled):
    page = view_texts("zh")
    records, total = filled.newest(2 * len(CASES))
    assert total == 2 * len(CASES) == len(records)
    by_id = {record.id: record for record in records}
    result = filled.matcher.match_text("低温锂电池快速充电", 2 * len(CASES))
    matches = {match.id: match for match in result.matches}
    assert len(matches) == total
    leaks = []
    for number, (_, _, text, secrets) in enumerate(CASES):
        for kind in (RecordKind.NEED, RecordKind.OFFER):
            record_id = f"{'need' if kind is RecordKind.NEED else 'offer'}-{number}"
            record = filled.public_record(kind, record_id)
            shelf = shelf_record(by_id[record_id], record_id)
            doors = {
                "list": _seen(record_card(by_id[record_id], page)),
                "details": _seen(record_details(record, filled.owner_shown(record), page)),
                "search": f"{shelf.title}\n{shelf.body}",
                "match": repr(replace(matches[record_id], id="", score=0.0, parts=None)),
            }
            leaks += [(door, text) for door, shown in doors.items() if readable(shown.replace(record_id, ""), secrets)]
    assert leaks == []


@pytest.mark.parametrize("form", list(Form))
def test_no_secret_passes_a_blind_letter(filled, form):
    leaks = []
    for number, (owner, _, text, secrets) in enumerate(CASES):
        other = next(index for index in range(len(CASES)) if CASES[index][0] != owner)
        for need, offer in ((number, other), (other, number)):
            letter = draft_introduction(
                filled, f"need-{need}", f"offer-{offer}", form, Stage.ASK_OFFER_OWNER, today=date.today()
            )
            assert letter.blocked is None
            shown = "\n".join((letter.text, *(fact.text for fact in letter.facts)))
            leaks += [text] if readable(shown, secrets) else []
    assert leaks == []


def test_no_secret_passes_what_a_side_told(filled):
    leaks = []
    for number, (_, _, text, secrets) in enumerate(CASES):
        told = filled.blinded(filled.need(f"need-{number}"), f"{BEFORE}{text}{AFTER}")
        leaks += [text] if readable(told, secrets) else []
    assert leaks == []


def test_nobody_finds_a_record_by_its_secret(filled):
    record = _record(next(n for n, case in enumerate(CASES) if case[3] == "qingyan_2025"))
    shown = Door(filled.store).public(record)
    assert "qingyan_2025" in _words_of(record) and "qingyan_2025" not in shelf_record(shown, shown.id).body


def test_the_index_holds_no_secret(market):
    told = "微信同号qingyan_2025，电话13812345678"
    market.store.save_many([Offer(id="o", title="矿井风机", description=told)], actor="t", publish=True)
    shelf = market.index.current().offers
    for secret in ("qingyan_2025", "13812345678"):
        scores, _ = shelf.lexical(term_query(secret, secret), 5)
        assert not scores.any()
    assert shelf.lexical(term_query("矿井风机", ""), 5)[0].any()


@pytest.mark.parametrize("form", list(Form))
def test_a_cut_leaves_no_half_of_a_number(market, form):
    # Just before the places where a gist of 80 and of 240 characters is cut.
    for length in (71, 74, 77, 231, 234, 237):
        told = "低温充电时间过长" * 40
        record = Need(id="n", title="低温锂电池快速充电", description=f"{told[:length]}打13812345678找我{told}")
        market.store.save(record, actor="t")
        market.store.save(Offer(id="o", title="低温锂电池快速充电装置"), actor="t")
        if length == 71:
            market.store.save_many([market.store.need("n")], actor="t", publish=True)
            market.store.save_many([market.store.offer("o")], actor="t", publish=True)
        letter = draft_introduction(market, "n", "o", form, Stage.ASK_OFFER_OWNER, today=date.today())
        assert letter.text and "13" not in letter.text, length


def test_the_owners_own_number_is_private_whatever_stands_around_it():
    assert masked_text("内部66001122室", _names("C")) == "内部〔电话略〕室"
    assert masked_text("内部66001122室", _names("A")) == "内部66001122室"


def test_what_is_not_seen_goes_with_what_is_left_out():
    assert masked_text("找1\u20e33\u20e38\u20e312345678\u20e3，", ()) == "找〔电话略〕，"


def test_masking_again_changes_nothing():
    for owner, _, text, _ in CASES:
        once = masked_text(f"{BEFORE}{text}{AFTER}", _names(owner))
        assert masked_text(once, _names(owner)) == once, text
        assert public(public(text)) == public(text), text


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_text_stands_as_it_is(text):
    names = tuple(name for owner in OWNERS for name in _names(owner))
    for told in (text, f"{BEFORE}{text}{AFTER}", f"（{text}）"):
        assert masked_text(told, names) == told


def test_fields_are_public_by_their_kind_or_masked():
    planted = "13812345678"
    record = Need(
        id="n",
        **{
            each.name: (planted,) if each.name == "fields" else planted
            for each in fields(Need)
            if each.type in ("str", "tuple[str, ...]") and each.name != "id"
        },
        trl_required=5,
        as_of="2026-01-15",
    )
    shown = masked(record)
    assert planted not in _words_of(shown)
    assert (shown.trl_required, shown.as_of, shown.confidentiality) == (5, "2026-01-15", Confidentiality.OPEN)


def test_the_owner_sees_what_others_will_see_and_what_is_left_out(filled):
    number = next(n for n, case in enumerate(CASES) if case[2] == "有意者请拨0533-6600011转801")
    seen = filled.preview(filled.store.need(f"need-{number}"))
    assert [(each.kind, each.text) for each in seen.left_out] == [(FindingKind.PHONE, "0533-6600011转801")]
    assert any("〔电话略〕" in line.text for line in seen.lines) and seen.owner == ""
    assert {line.field for line in seen.lines} >= {"title", "description"}
    form = filled.preview_form(
        RecordKind.NEED,
        {"title": "星火新材料低温快充", "confidentiality": "公开", "trl_required": "5"},
        owner="上海星火新材料科技有限公司",
        contact=PrivateContact(name="钱多多"),
    )
    assert form.owner.startswith("上海星火新材料科技有限公司") and form.left_out == ()
    assert {line.field: line.text for line in form.lines}["trl_required"] == "5"
    hidden = preview(Need(id="n", title="星火的需求", confidentiality=Confidentiality.CONFIDENTIAL), _names("A"))
    assert [each.text for each in hidden.left_out] == ["星火"] and hidden.owner == ""


def test_the_desk_can_preview_a_record(filled, capsys):
    number = next(n for n, case in enumerate(CASES) if case[2] == "有意者请拨0533-6600011转801")
    folder = str(Path(filled.store.database.url.removeprefix("sqlite:///")).parent)
    with pytest.raises(SystemExit):
        market_commands(["preview", f"need-{number}", "--kind", "needs", "--data", folder])
    told = capsys.readouterr().out
    assert "单位：（不公开）" in told and "有意者请拨〔电话略〕" in told
    assert "不给别人看的电话：0533-6600011转801" in told


def test_a_patent_number_is_masked_in_public_and_holds_nothing_back():
    record = Offer(id="o", title="低温锂电池快速充电", ip_status="已授权专利ZL202310456789.0，可许可")
    assert masked(record).ip_status == "已授权专利〔专利号略〕，可许可"
    assert FindingKind.PATENT not in {each.kind for each in assess(record).findings}


def test_what_both_left_out_makes_nothing_alike(market):
    market.store.save_many([Offer(id="o", title="矿井风机", description="电话13812345678")], actor="t", publish=True)
    result = market.matcher.match_text("纺织印染，电话13912345670", 5)
    assert all("略" not in word for match in result.matches for reason in match.reasons for word in reason.shared)


def test_check_digits():
    assert is_credit_code("91370300MA3C00001U") and not is_credit_code("91370300MA3C00001X")
    assert not is_credit_code("91370300MA3C0000IU") and not is_credit_code("91370300MA3C00001")
    assert is_identity_number("310101198503074513") and not is_identity_number("310101198503074514")
    assert is_card_number("6222021001112345670") and not is_card_number("6222021001112345671")


def test_readings_of_names():
    assert syllables("钱多多") == ("qian", "duo", "duo") and syllables("星火a") == ()
    assert syllables("晶湛")[0] == "jing" and syllables("欧阳") == ("ou", "yang")


GAPS = ("", " ", "-", ".", "—", "_", "  ", "·", "/", "~", " - ", "\u200b", "，")
DIGITS = (
    "0123456789",
    "０１２３４５６７８９",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "⓪①②③④⑤⑥⑦⑧⑨",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
)
SPLITS = ((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (1,) * 11, (5, 6))
LEADS = ("", "电话", "手机号：", "找我", "请拨", "T ", "微信同号", "打", "Tel: ", "（")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_random_mobile_number_never_passes(data):
    number = f"1{data.draw(st.integers(3, 9))}{data.draw(st.integers(0, 999_999_999)):09}"
    gap, split = data.draw(st.sampled_from(GAPS)), data.draw(st.sampled_from(SPLITS))
    digits, mixed = data.draw(st.sampled_from(DIGITS)), data.draw(st.sampled_from(DIGITS))
    pieces, position = [], 0
    for place, length in enumerate(split):
        spelling = mixed if place % 2 else digits
        pieces.append("".join(spelling[int(each)] for each in number[position : position + length]))
        position += length
    prefix = data.draw(st.sampled_from(("", "+86 ", "0086-", "86", "(+86)")))
    text = f"{BEFORE}{data.draw(st.sampled_from(LEADS))}{prefix}{gap.join(pieces)}{AFTER}"
    assert readable(masked_text(text), number) == [], text


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(("010", "021", "0533", "0512", "0755", "0851")),
    st.integers(2_000_000, 89_999_999),
    st.sampled_from(("-", "", " ", "—", ")", " - ")),
    st.sampled_from(("", "转801", " ext 801", "-801", "#801", "转分机801", "，分机801")),
)
def test_a_random_landline_never_passes(area, local, gap, extension):
    shown = masked_text(f"{BEFORE}有意者请拨{'(' if gap == ')' else ''}{area}{gap}{local}{extension}{AFTER}")
    assert readable(shown, str(local)) == [] and "801" not in shown, shown


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_masking_any_text_again_changes_nothing(text):
    once = masked_text(text, _names("A"))
    assert masked_text(once, _names("A")) == once
