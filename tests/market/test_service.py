from dataclasses import replace

import pytest

from bot.errors import MarketError
from bot.market.masking import masked
from bot.market.quality import Verdict
from bot.market.records import CloseReason, Confidentiality, Interest, Offer, Organisation, Side, State
from bot.types import PrivateContact, RecordKind
from tests.support.market_forms import NEED_VALUES

CONTACT = PrivateContact(name="钱七", phone="13912345678")


@pytest.fixture
def submitted(market):
    return market.submit(RecordKind.NEED, NEED_VALUES, owner="北山矿业", contact=CONTACT)


def test_a_good_form_is_published_with_a_receipt(market, submitted):
    assert submitted.record.state is State.PUBLISHED
    assert market.claim(submitted.receipt) == (RecordKind.NEED, submitted.record)
    assert market.claim(submitted.receipt.lower().replace("-", " "))[1].id == submitted.record.id
    assert market.store.organisation(submitted.record.owner_id).name == "北山矿业"
    states = [
        event.to_state
        for event in market.store.events(RecordKind.NEED, submitted.record.id)
        if event.action != "contact"
    ]
    assert states == [State.DRAFT, State.CHECKED, State.PUBLISHED]


def test_a_weak_form_is_kept_as_a_draft_with_advice(market):
    done = market.submit(RecordKind.OFFER, {"title": "技术"}, owner="")
    assert (done.record.state, done.report.verdict) == (State.DRAFT, Verdict.HOLD)
    assert done.report.improve


def test_a_wrong_form_saves_nothing(market):
    with pytest.raises(MarketError):
        market.submit(RecordKind.OFFER, {"title": "甲", "trl": "12"}, owner="北山矿业", contact=CONTACT)
    assert market.store.revision() == 0


def test_the_receipt_lets_the_owner_revise_and_withdraw(market, submitted):
    worse = market.revise(submitted.receipt, {"description": "略", "indicators": "", "budget": ""})
    assert worse.record.state is State.DRAFT and worse.record.title == NEED_VALUES["title"]
    better = market.revise(submitted.receipt, NEED_VALUES)
    assert better.record.state is State.PUBLISHED
    closed = market.withdraw(submitted.receipt)
    assert (closed.state, closed.close_reason) == (State.CLOSED, CloseReason.WITHDRAWN)


def test_a_receipt_is_not_kept_in_the_clear(market, submitted, settings):
    letters = submitted.receipt.replace("-", "")
    market.store.database.close()
    stored = (settings.data_dir / "assistant.sqlite3").read_bytes()
    assert submitted.receipt.encode() not in stored and letters.encode() not in stored


def test_receipts_differ_and_wrong_ones_open_nothing(market, submitted):
    codes = {submitted.receipt, *(market.submit(RecordKind.NEED, NEED_VALUES, owner="").receipt for _ in range(9))}
    assert len(codes) == 10
    for wrong in ("", "23456-23456-23456-23456", submitted.record.id):
        with pytest.raises(MarketError) as error:
            market.claim(wrong)
        assert not wrong or wrong not in str(error.value)


def test_the_contact_person_may_not_stand_in_a_confidential_text(market):
    values = {**NEED_VALUES, "confidentiality": "保密", "description": NEED_VALUES["description"] + "由钱七对接。"}
    done = market.submit(RecordKind.NEED, values, owner="北山矿业", contact=CONTACT)
    assert done.record.state is State.DRAFT
    assert "钱七" not in "".join(done.report.improve)


def test_publishing_twice_changes_nothing(market, submitted):
    before = market.store.revision()
    market.publish(RecordKind.NEED, submitted.record.id, actor="t")
    assert market.store.revision() == before


def test_an_id_is_taken_once(market, submitted):
    with pytest.raises(MarketError):
        market.submit(RecordKind.NEED, {**NEED_VALUES, "id": submitted.record.id}, owner="")


def test_two_forms_of_one_owner_share_the_organisation_and_keep_their_own_contacts(market, submitted):
    other = PrivateContact(name="孙八", phone="13800000000")
    done = market.submit(RecordKind.OFFER, {"title": "叶片设计"}, owner=" 北山矿业 ", contact=other)
    assert done.record.owner_id == submitted.record.owner_id
    assert market.store.private_contacts(RecordKind.OFFER, [done.record.id]) == {done.record.id: other}
    assert market.store.private_contacts(RecordKind.NEED, [submitted.record.id]) == {submitted.record.id: CONTACT}


def test_nobody_takes_the_place_of_an_organisation_on_file(market):
    known, contact = (
        Organisation(id="g1", title="北山矿业", source="档案"),
        PrivateContact(name="李总", phone="12345678"),
    )
    market.store.save(known, actor="desk")
    market.store.set_contacts(RecordKind.ORGANISATION, {"g1": contact}, actor="desk")
    done = market.submit(RecordKind.NEED, NEED_VALUES, owner="北山矿业", contact=CONTACT)
    assert done.record.owner_id != "g1"
    assert market.store.organisation("g1") == known
    assert market.store.private_contacts(RecordKind.ORGANISATION, ["g1"]) == {"g1": contact}
    found = market.matcher.match_offer(Offer(id="", title=NEED_VALUES["title"], description=NEED_VALUES["description"]))
    assert found.matches[0].owner == "北山矿业（自报）"


@pytest.mark.parametrize("contact", [PrivateContact(phone="1" * 301), PrivateContact(name="甲\x00")])
def test_a_contact_that_cannot_be_kept_is_refused_with_nothing_saved(market, contact):
    with pytest.raises(MarketError):
        market.submit(RecordKind.NEED, NEED_VALUES, owner="", contact=contact)
    assert market.store.revision() == 0


def test_what_others_look_at_is_not_made_worse(market, submitted):
    market.store.save_many([Offer(id="o1", title="仿生叶片")], actor="t", publish=True)
    need_id = submitted.record.id
    market.express_interest(Interest(need_id=need_id, offer_id="o1", side=Side.OFFER_OWNER, cooperation_sought="许可"))
    with pytest.raises(MarketError, match="没有保存"):
        market.revise(submitted.receipt, {"description": "略", "indicators": "", "budget": ""})
    assert market.store.need(need_id).description == NEED_VALUES["description"]
    better = market.revise(submitted.receipt, {"current_state": "现有消声罩"})
    assert (better.record.current_state, better.record.state) == ("现有消声罩", State.INTEREST)


def test_what_is_over_cannot_be_revised(market, submitted):
    market.withdraw(submitted.receipt)
    with pytest.raises(MarketError, match="不能修改"):
        market.revise(submitted.receipt, {"title": "别的"})


def test_a_wish_can_be_left_for_a_technology_manager(market):
    done = market.hand_over("想找人解决风机噪声，电话13912345678", contact=CONTACT)
    assert done.record.state is State.DRAFT
    assert "13912345678" not in done.record.title + done.record.description
    assert market.handed_over() == (done.record,)
    assert market.claim(done.receipt)[1] == done.record
    market.store.move(RecordKind.NEED, done.record.id, State.CHECKED, actor="desk")
    assert market.handed_over() == ()


@pytest.mark.parametrize(("told", "contact"), [("", CONTACT), ("想找人", PrivateContact(name="钱七"))])
def test_a_wish_nobody_could_answer_is_not_taken(market, told, contact):
    with pytest.raises(MarketError):
        market.hand_over(told, contact=contact)
    assert market.store.revision() == 0


def test_an_interest_is_kept_and_moves_the_pair(market, submitted):
    market.store.save_many([Offer(id="o1", title="仿生叶片")], actor="t", publish=True)
    need_id = submitted.record.id
    interest = Interest(need_id=need_id, offer_id="o1", side=Side.OFFER_OWNER, cooperation_sought="许可")
    market.express_interest(interest)
    market.express_interest(interest, actor="desk")
    assert [kept.actor for kept in market.store.list_interests(need_id=need_id)] == ["owner", "desk"]
    assert market.store.need(need_id).state is State.INTEREST
    assert market.store.offer("o1").state is State.INTEREST
    assert market.matcher.match_need(need_id).matches[0].id == "o1"


def test_nobody_can_be_interested_in_a_closed_record(market, submitted):
    market.store.save(Offer(id="o1", title="仿生叶片"), actor="t")
    interest = Interest(need_id=submitted.record.id, offer_id="o1", side=Side.NEED_OWNER, cooperation_sought="许可")
    with pytest.raises(MarketError, match="草稿"):
        market.express_interest(interest)
    assert market.store.list_interests() == ()
    assert submitted.record.state is market.store.need(submitted.record.id).state


def test_the_newest_come_first_and_only_what_is_open(market, submitted):
    market.store.save_many([Offer(id="o1", title="仿生叶片"), Offer(id="o2", title="消声罩")], actor="t", publish=True)
    market.store.save(Offer(id="o3", title="还是草稿"), actor="t")
    market.store.move(RecordKind.OFFER, "o2", State.CLOSED, actor="t", reason=CloseReason.EXPIRED)
    records, total = market.newest(5)
    assert [record.id for record in records] == ["o1", submitted.record.id] and total == 2


def test_only_what_is_public_is_shown(market, submitted):
    assert market.public_record(RecordKind.NEED, submitted.record.id) == market.store.need(submitted.record.id)
    market.store.move(RecordKind.NEED, submitted.record.id, State.DRAFT, actor="desk", note="再改改")
    for record_id in (submitted.record.id, "never", ""):
        with pytest.raises(MarketError):
            market.public_record(RecordKind.NEED, record_id)
    assert market.matcher.match_offer(Offer(id="", title=NEED_VALUES["title"])).matches == ()
    with pytest.raises(MarketError):
        market.public_record(RecordKind.ORGANISATION, submitted.record.owner_id)


def test_a_record_withdrawn_by_its_owner_is_seen_by_nobody(market, submitted):
    market.withdraw(submitted.receipt)
    with pytest.raises(MarketError):
        market.public_record(RecordKind.NEED, submitted.record.id)
    assert market.matcher.match_offer(Offer(id="", title=NEED_VALUES["title"])).historic == ()


@pytest.mark.parametrize(("level", "shown"), [("公开", "北山矿业（自报）"), ("保密", "")])
def test_the_owner_of_a_confidential_record_is_told_to_nobody(market, level, shown):
    done = market.submit(RecordKind.NEED, {**NEED_VALUES, "confidentiality": level}, owner="北山矿业", contact=CONTACT)
    public = market.public_record(RecordKind.NEED, done.record.id)
    assert market.owner_shown(public) == shown
    assert market.preview(done.record).owner == shown
    assert (
        market.preview_form(RecordKind.NEED, {**NEED_VALUES, "confidentiality": level}, owner="北山矿业").owner == shown
    )
    matched = market.matcher.match_offer(
        Offer(id="", title=NEED_VALUES["title"], description=NEED_VALUES["description"])
    )
    assert matched.matches[0].owner == shown


def test_a_record_without_an_owner_shows_none(market):
    assert market.owner_shown(market.submit(RecordKind.NEED, NEED_VALUES, owner="").record) == ""


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", "－"),
        lambda code: code.replace("-", "—"),
        lambda code: f"　{code} \n",
        lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code),
        lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code.lower()),
    ],
)
def test_a_receipt_opens_however_it_was_typed(market, submitted, typed):
    assert market.claim(typed(submitted.receipt))[1].id == submitted.record.id


def test_the_new_contact_is_looked_for_in_a_confidential_text(market):
    values = {**NEED_VALUES, "confidentiality": "保密", "description": NEED_VALUES["description"] + "由孙八对接。"}
    done = market.submit(RecordKind.NEED, values, owner="北山矿业", contact=CONTACT)
    assert done.record.state is State.PUBLISHED
    revised = market.revise(done.receipt, {}, contact=PrivateContact(name="孙八", phone="13800000000"))
    assert revised.record.state is State.DRAFT and "孙八" not in "".join(revised.report.improve)


def test_what_was_previewed_is_what_others_read(market):
    values = {**NEED_VALUES, "description": NEED_VALUES["description"] + "现场由钱七负责，见专利ZL202110012345.6。"}
    shown = market.preview_form(RecordKind.NEED, values, owner="北山矿业", contact=CONTACT)
    done = market.submit(RecordKind.NEED, values, owner="北山矿业", contact=CONTACT)
    told = {line.field: line.text for line in shown.lines}
    public = market.public_record(RecordKind.NEED, done.record.id)
    assert told["description"] == public.description and "钱七" not in public.description
    assert {each.text for each in shown.left_out} >= {"钱七"} and all(each.kind for each in shown.left_out)


def test_a_record_is_withdrawn_once_and_its_receipt_opens_no_contact(market, submitted):
    market.withdraw(submitted.receipt)
    assert market.contact_of(submitted.receipt).empty
    with pytest.raises(MarketError, match="状态"):
        market.withdraw(submitted.receipt)


def test_what_was_handed_over_is_listed_with_whom_to_answer(market):
    from bot.market.requests import manager_requests

    done = market.hand_over("想找人解决风机噪声", owner="北山矿业", contact=CONTACT)
    (request,) = manager_requests(market)
    assert (request.record, request.owner, request.contact) == (done.record, "北山矿业", CONTACT)


def test_an_organisation_is_named_in_an_open_text_and_in_no_blind_or_confidential_one(market):
    told = NEED_VALUES["description"] + "已请示例泵业有限公司和北山矿业有限公司试过。"
    for level in ("公开", "保密"):
        done = market.submit(
            RecordKind.NEED,
            {**NEED_VALUES, "title": f"{NEED_VALUES['title']}{level}", "description": told},
            owner="北山矿业有限公司",
            contact=CONTACT,
        )
        record = replace(done.record, confidentiality=Confidentiality.OPEN)
        if level == "保密":
            record = replace(done.record, confidentiality=Confidentiality.CONFIDENTIAL)
        names = market.names_of(record)
        shown, blind = masked(record, names).description, market.blind(record).description
        assert ("示例泵业有限公司" in shown) == (level == "公开")
        assert "示例泵业有限公司" not in blind and "北山矿业" not in blind


def test_no_row_is_kept_for_a_contact_that_was_not_given(market):
    record = market.submit(RecordKind.NEED, NEED_VALUES, owner="").record
    assert market.store.private_contacts(RecordKind.NEED, [record.id]) == {}
    assert market.party(record).contact is None
