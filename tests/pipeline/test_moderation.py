"""With moderation nothing of a visitor is public before a manager published it; without, nothing changes."""

from dataclasses import replace

import pytest

from bot.errors import MarketError
from bot.market.records import CloseReason, Interest, Need, Offer, Side, State
from bot.types import PrivateContact, RecordKind
from tests.pipeline.conftest import GOOD, HOSTILE, PHONE, stopped_everywhere, submitted

NEED = RecordKind.NEED
BETTER = {**GOOD, "indicators": "降到75分贝以下"}


@pytest.fixture
def moderated():
    return True


def shown(market):
    return {row.id for row in market.newest(50)[0]}


def seen(market, record_id):
    return market.newest_event(NEED, record_id)


def test_what_is_sent_waits_and_a_manager_publishes_it(market):
    done = submitted(market)
    assert done.record.state is State.CHECKED and done.record.published_at is None
    assert shown(market) == set() and market.matches_of(Offer(id="x", title=GOOD["title"]), 5).matches == ()
    with pytest.raises(MarketError):
        market.public_record(NEED, done.record.id)
    market.move(NEED, done.record.id, State.PUBLISHED, actor="经理甲", seen=seen(market, done.record.id))
    assert shown(market) == {done.record.id}


def test_what_does_not_pass_the_gate_stays_a_draft(market):
    done = submitted(market, description="略", indicators="", budget="")
    assert done.record.state is State.DRAFT


def test_sent_back_with_a_reason_that_the_owner_reads(market):
    done = submitted(market)
    market.send_back(NEED, done.record.id, "请写明风机型号", actor="经理甲", seen=seen(market, done.record.id))
    record = market.claim(done.receipt)[1]
    assert record.state is State.DRAFT and market.returned_for(record) == "请写明风机型号"
    again = market.revise(done.receipt, BETTER)
    assert again.record.state is State.CHECKED and market.returned_for(again.record) == ""


def test_a_published_record_that_its_owner_changes_waits_again(market):
    done = submitted(market)
    market.move(NEED, done.record.id, State.PUBLISHED, actor="经理甲")
    again = market.revise(done.receipt, BETTER)
    assert again.record.state is State.CHECKED and shown(market) == set()


def test_a_change_of_the_contact_alone_takes_nothing_off_the_list(market):
    done = submitted(market)
    market.move(NEED, done.record.id, State.PUBLISHED, actor="经理甲")
    again = market.revise(done.receipt, GOOD, contact=PrivateContact(phone="13900000009"))
    assert again.record.state is State.PUBLISHED
    assert market.contact_of(done.receipt).phone == "13900000009"


def test_a_record_in_talks_is_not_changed_past_the_manager(market):
    done = submitted(market)
    market.move(NEED, done.record.id, State.PUBLISHED, actor="经理甲")
    market.store.save_many([Offer(id="o1", title="仿生叶片")], actor="t", publish=True)
    want = Interest(need_id=done.record.id, offer_id="o1", side=Side.OFFER_OWNER, cooperation_sought="许可")
    market.express_interest(want)
    with pytest.raises(MarketError, match="技术经理人"):
        market.revise(done.receipt, BETTER)
    assert market.need(done.record.id).indicators == GOOD["indicators"]
    # A new phone number is no text to be reviewed.
    market.revise(done.receipt, GOOD, contact=PrivateContact(phone="13900000009"))
    assert market.contact_of(done.receipt).phone == "13900000009"


def test_what_was_changed_after_it_was_read_is_not_published_unread(market):
    done = submitted(market)
    read = seen(market, done.record.id)
    market.revise(done.receipt, {**GOOD, "description": GOOD["description"] + "另请加我微信"})
    for late in (
        lambda: market.move(NEED, done.record.id, State.PUBLISHED, actor="经理甲", seen=read),
        lambda: market.send_back(NEED, done.record.id, "理由", actor="经理甲", seen=read),
        lambda: market.edit(NEED, done.record.id, BETTER, actor="经理甲", seen=read),
    ):
        with pytest.raises(MarketError, match="刚刚"):
            late()
    assert shown(market) == set()


def test_two_managers_on_one_submission_one_is_told(market):
    done = submitted(market)
    read = seen(market, done.record.id)
    market.move(NEED, done.record.id, State.PUBLISHED, actor="经理甲", seen=read)
    with pytest.raises(MarketError):
        market.send_back(NEED, done.record.id, "理由", actor="经理乙", seen=read)
    assert shown(market) == {done.record.id}


@pytest.mark.parametrize("reason", ["", "   ", "长" * 501, "\x00", "\ud800"])
def test_nothing_is_sent_back_without_a_reason_that_can_be_read(market, reason):
    done = submitted(market)
    with pytest.raises(MarketError):
        market.send_back(NEED, done.record.id, reason, actor="经理甲")
    assert market.need(done.record.id).state is State.CHECKED


def test_only_what_waits_is_sent_back(market):
    market.store.save_many([Need(id="n1", title="已发布")], actor="t", publish=True)
    with pytest.raises(MarketError):
        market.send_back(NEED, "n1", "理由", actor="经理甲")


def test_what_staff_import_as_trusted_does_not_wait(market):
    market.store.save_many([Need(id="n1", title="名单里的")], actor="t", publish=True)
    assert shown(market) == {"n1"}


def test_stopped_at_any_statement_it_leaves_no_trace(market):
    done = submitted(market)
    before = seen(market, done.record.id)

    def everything():
        return market.need(done.record.id), seen(market, done.record.id)

    stops = stopped_everywhere(
        market, lambda: market.send_back(NEED, done.record.id, "理由", actor="甲", seen=before), everything
    )
    assert stops >= 2


def test_a_manager_edits_with_the_same_checks_as_the_page(market):
    done = submitted(market)
    market.move(NEED, done.record.id, State.PUBLISHED, actor="经理甲")
    report = market.edit(NEED, done.record.id, BETTER, actor="经理甲", seen=seen(market, done.record.id))
    record = market.need(done.record.id)
    assert record.indicators == BETTER["indicators"] and record.state is State.PUBLISHED and report.total >= 10
    last = market.history(NEED, done.record.id)[-1]
    assert last.actor == "经理甲" and [each.field for each in last.changes] == ["indicators"]
    with pytest.raises(MarketError):
        market.edit(NEED, done.record.id, {**BETTER, "title": ""}, actor="经理甲")
    with pytest.raises(MarketError):
        market.edit(NEED, done.record.id, {**BETTER, "trl_required": "十二"}, actor="经理甲")
    worse = {**BETTER, "description": "略", "indicators": "", "budget": ""}
    market.edit(NEED, done.record.id, worse, actor="经理甲")
    assert market.need(done.record.id).state is State.DRAFT, "what does not pass the gate is not left public"


def test_the_contact_is_edited_apart_and_withdrawing_deletes_it_as_the_public_door_does(market):
    done = submitted(market)
    market.edit(NEED, done.record.id, GOOD, contact=PrivateContact(phone="13900000008"), actor="经理甲")
    assert market.party(market.need(done.record.id)).contact.phone == "13900000008"
    market.edit(NEED, done.record.id, GOOD, actor="经理甲")
    assert market.party(market.need(done.record.id)).contact.phone == "13900000008"
    market.move(NEED, done.record.id, State.CLOSED, actor="经理甲", reason=CloseReason.WITHDRAWN)
    contact = market.party(market.need(done.record.id)).contact
    assert contact is None or contact.empty
    kept = submitted(market, title="另一条泵站需求")
    market.move(NEED, kept.record.id, State.CLOSED, actor="经理甲", reason=CloseReason.NO_INTEREST)
    assert market.party(market.need(kept.record.id)).contact.phone == PHONE


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_of_a_form_is_kept_unread(market, words):
    done = submitted(market)
    try:
        market.edit(NEED, done.record.id, {**GOOD, "indicators": words}, actor="甲")
    except MarketError:
        assert not words.isprintable()
        assert market.need(done.record.id) == replace(done.record)
    else:
        assert market.need(done.record.id).indicators.strip() == words.strip().removeprefix("'")
