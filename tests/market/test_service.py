from dataclasses import replace

import pytest

from bot.errors import MarketError
from bot.market.quality import Verdict
from bot.market.receipts import issue_receipt
from bot.market.records import CloseReason, Interest, Offer, PrivateContact, RecordKind, Side, State

VALUES = {
    "title": "矿井轴流风机降噪",
    "description": "风机噪声超过95分贝，现有消声罩体积过大难以下井，需要从叶片入手解决。",
    "indicators": "降到80分贝以下",
    "cooperation": "委托开发",
    "budget": "不超过60万元",
    "region": "示例省",
}
CONTACT = PrivateContact(organisation_id="", name="钱七", phone="13912345678")


@pytest.fixture
def submitted(market):
    return market.submit(RecordKind.NEED, VALUES, owner="北山矿业", contact=CONTACT)


def test_a_good_form_is_published_with_a_receipt(market, submitted):
    assert submitted.record.state is State.PUBLISHED
    assert market.claim(submitted.receipt) == (RecordKind.NEED, submitted.record)
    assert market.claim(submitted.receipt.lower().replace("-", " "))[1].id == submitted.record.id
    assert market.store.organisation(submitted.record.owner_id).name == "北山矿业"
    states = [event.to_state for event in market.store.events(RecordKind.NEED, submitted.record.id)]
    assert states == [State.DRAFT, State.CHECKED, State.PUBLISHED]


def test_a_weak_form_is_kept_as_a_draft_with_advice(market):
    done = market.submit(RecordKind.OFFER, {"title": "技术"}, owner="")
    assert (done.record.state, done.report.verdict) == (State.DRAFT, Verdict.HOLD)
    assert done.report.improve


def test_a_wrong_form_saves_nothing(market):
    with pytest.raises(MarketError):
        market.submit(RecordKind.OFFER, {"title": "甲", "trl": "12"}, owner="北山矿业")
    assert market.store.revision() == 0


def test_the_receipt_lets_the_owner_revise_and_withdraw(market, submitted):
    worse = market.revise(submitted.receipt, {"description": "略", "indicators": "", "budget": ""})
    assert worse.record.state is State.DRAFT and worse.record.title == VALUES["title"]
    better = market.revise(submitted.receipt, VALUES)
    assert better.record.state is State.PUBLISHED
    closed = market.withdraw(submitted.receipt)
    assert (closed.state, closed.close_reason) == (State.CLOSED, CloseReason.WITHDRAWN)


def test_a_receipt_is_not_kept_in_the_clear(market, submitted, settings):
    letters = submitted.receipt.replace("-", "")
    market.store.database.close()
    stored = (settings.data_dir / "assistant.sqlite3").read_bytes()
    assert submitted.receipt.encode() not in stored and letters.encode() not in stored


def test_receipts_differ_and_wrong_ones_open_nothing(market, submitted):
    codes = {issue_receipt(market.store, RecordKind.NEED, submitted.record.id) for _ in range(20)}
    assert len(codes) == 20
    for wrong in ("", "23456-23456-23456-23456", submitted.record.id):
        with pytest.raises(MarketError) as error:
            market.claim(wrong)
        assert not wrong or wrong not in str(error.value)


def test_the_contact_person_may_not_stand_in_a_confidential_text(market):
    values = {**VALUES, "confidentiality": "保密", "description": VALUES["description"] + "由钱七对接。"}
    done = market.submit(RecordKind.NEED, values, owner="北山矿业", contact=CONTACT)
    assert done.record.state is State.DRAFT
    assert "钱七" not in "".join(done.report.improve)


def test_publishing_twice_changes_nothing(market, submitted):
    before = market.store.revision()
    market.publish(RecordKind.NEED, submitted.record.id, actor="t")
    assert market.store.revision() == before


def test_an_id_is_taken_once(market, submitted):
    with pytest.raises(MarketError):
        market.submit(RecordKind.NEED, {**VALUES, "id": submitted.record.id}, owner="")


def test_two_forms_of_one_owner_share_the_organisation(market, submitted):
    other = market.submit(RecordKind.OFFER, {"title": "叶片设计"}, owner=" 北山矿业 ")
    assert other.record.owner_id == submitted.record.owner_id
    assert (
        replace(CONTACT, organisation_id=submitted.record.owner_id)
        in market.store.private_contacts([submitted.record.owner_id]).values()
    )


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
