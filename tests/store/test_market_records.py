"""Market records on both kinds of database."""

from dataclasses import replace

import pytest

from bot.errors import MarketError
from bot.market.batch import Change
from bot.market.records import (
    CloseReason,
    Confidentiality,
    Interest,
    Need,
    Offer,
    Organisation,
    Side,
    State,
    allowed_transitions,
)
from bot.market.store import MarketStore
from bot.types import PrivateContact, RecordKind, Standing
from tests.support.consents import say, tied, want

NEED = Need(
    id="n1",
    title="低温润滑脂",
    fields=("新材料", "化工"),
    trl_required=5,
    confidentiality=Confidentiality.CONFIDENTIAL,
    historic=False,
)


@pytest.fixture
def store(either_database):
    return MarketStore(either_database)


def test_a_record_comes_back_as_it_was_saved(store):
    assert store.save(NEED, actor="甲") is Change.ADDED
    assert store.need("n1") == NEED


def test_saving_again_tells_what_changed(store):
    store.save(NEED, actor="甲")
    assert store.save(NEED, actor="乙") is Change.UNCHANGED
    assert store.save(replace(NEED, title="高温润滑脂"), actor="乙") is Change.UPDATED
    events = store.events(RecordKind.NEED, "n1")
    assert [(event.actor, event.action) for event in events] == [("甲", "save"), ("乙", "save")]
    (change,) = events[1].changes
    assert (change.field, change.before, change.after) == ("title", "低温润滑脂", "高温润滑脂")


def test_nothing_enters_beyond_a_draft(store):
    store.save(replace(NEED, state=State.REGISTERED, published_at="2020-01-01"), actor="甲")
    assert (store.need("n1").state, store.need("n1").published_at) == (State.DRAFT, None)


def test_the_whole_way_from_draft_to_registered(store):
    store.save(NEED, actor="甲")
    way = [
        State.CHECKED,
        State.PUBLISHED,
        State.INTEREST,
        State.INTRODUCED,
        State.MET,
        State.AGREED,
        State.REGISTERED,
    ]
    for state in way:
        store.move(RecordKind.NEED, "n1", state, actor="乙")
    assert [event.to_state for event in store.events(RecordKind.NEED, "n1")] == [State.DRAFT, *way]
    assert allowed_transitions(State.REGISTERED) == ()


@pytest.mark.parametrize("target", [State.PUBLISHED, State.INTEREST, State.REGISTERED])
def test_a_draft_cannot_jump(store, target):
    store.save(NEED, actor="甲")
    with pytest.raises(MarketError, match="已检查"):
        store.move(RecordKind.NEED, "n1", target, actor="乙")
    assert store.need("n1").state is State.DRAFT


def test_closing_needs_a_coded_reason(store):
    store.save(NEED, actor="甲")
    with pytest.raises(MarketError, match="too_early"):
        store.move(RecordKind.NEED, "n1", State.CLOSED, actor="乙")
    closed = store.move(RecordKind.NEED, "n1", State.CLOSED, actor="乙", reason=CloseReason.SCIENTIFIC)
    assert closed.close_reason is CloseReason.SCIENTIFIC
    assert store.events(RecordKind.NEED, "n1")[-1].reason == "scientific"
    reopened = store.move(RecordKind.NEED, "n1", State.DRAFT, actor="乙")
    assert reopened.close_reason is None


def test_publication_is_remembered_after_closing(store):
    store.save_many([NEED], actor="甲", publish=True)
    assert store.need("n1").standing is Standing.OPEN
    store.move(RecordKind.NEED, "n1", State.CLOSED, actor="甲", reason=CloseReason.WITHDRAWN)
    assert store.need("n1").published_at is not None
    assert store.need("n1").standing is Standing.CLOSED
    assert replace(NEED, historic=True, state=State.PUBLISHED).standing is Standing.HISTORIC


def test_many_records_are_saved_together_or_not_at_all(store):
    with pytest.raises(Exception, match="(?i)foreign|owner"):
        store.save_many([replace(NEED, id="a"), replace(NEED, id="b", owner_id="nobody")], actor="甲")
    assert store.list_records(RecordKind.NEED).total == 0
    assert store.revision() == 0


def test_events_feed_a_follower(store):
    store.save(NEED, actor="甲")
    first = store.revision()
    store.save(Offer(id="o1", title="油脂"), actor="甲")
    store.save(replace(NEED, title="别的"), actor="甲")
    now = store.revision()
    assert store.changed_since(RecordKind.NEED, 0, first) == ("n1",)
    assert store.changed_since(RecordKind.OFFER, 0, first) == ()
    assert store.changed_since(RecordKind.OFFER, first, now) == ("o1",)
    assert store.changed_since(RecordKind.NEED, now, now) == ()


def test_listing_by_state_in_pages(store):
    store.save_many([Offer(id=f"o{number}", title="油脂") for number in range(7)], actor="甲")
    store.move(RecordKind.OFFER, "o3", State.CHECKED, actor="甲")
    page = store.list_records(RecordKind.OFFER, states=[State.DRAFT], limit=2, offset=2)
    assert ([record.id for record in page.records], page.total) == (["o2", "o4"], 6)
    assert [record.id for record in store.iterate(RecordKind.OFFER)] == [f"o{number}" for number in range(7)]


def test_private_contacts_stand_apart_and_are_not_told_to_the_log(store):
    store.save(Organisation(id="org", title="某厂"), actor="甲")
    contact = PrivateContact(name="钱七", phone="12345678901")
    store.set_contacts(RecordKind.ORGANISATION, {"org": contact}, actor="甲")
    store.set_contacts(RecordKind.ORGANISATION, {"org": contact}, actor="甲")
    assert store.private_contacts(RecordKind.ORGANISATION, ["org", "none"]) == {"org": contact}
    events = store.events(RecordKind.ORGANISATION, "org")
    assert [event.action for event in events] == ["save", "contact"]
    assert "12345678901" not in repr(events) + repr(store.organisation("org"))


def test_a_contact_of_nobody_is_refused(store):
    with pytest.raises(MarketError):
        store.set_contacts(RecordKind.ORGANISATION, {"none": PrivateContact(name="钱七")}, actor="甲")


def test_interests_are_kept_with_their_answers(store):
    store.save(NEED, actor="甲")
    store.save(Offer(id="o1", title="油脂"), actor="甲")
    interest = Interest(need_id="n1", offer_id="o1", side=Side.OFFER_OWNER, cooperation_sought="许可", unclear="用量")
    with store.writing("乙") as writing:
        kept = writing.record_interest(interest)
    assert kept.actor == "乙" and kept.at
    assert store.list_interests(need_id="n1") == (kept,)
    assert store.list_interests(offer_id="other") == ()
    with pytest.raises(MarketError), store.writing("乙") as writing:
        writing.record_interest(replace(interest, offer_id="none"))
    assert store.list_interests() == (kept,)


def test_unknown_ids_name_the_remedy(store):
    for read in (store.need, store.offer, store.organisation):
        with pytest.raises(MarketError, match="market"):
            read("none")


def test_the_newest_open_records_come_first(store):
    for number in range(3):
        store.save_many([Offer(id=f"o{number}", title=f"物{number}")], actor="甲", publish=True)
    store.save(Offer(id="draft", title="草稿"), actor="甲")
    store.move(RecordKind.OFFER, "o1", State.INTEREST, actor="甲")
    page = store.newest(RecordKind.OFFER, 2)
    assert [record.id for record in page.records] == ["o2", "o1"] and page.total == 3
    store.move(RecordKind.OFFER, "o2", State.CLOSED, actor="甲", reason=CloseReason.EXPIRED)
    assert [record.id for record in store.newest(RecordKind.OFFER, 9).records] == ["o1", "o0"]


def test_records_are_found_by_what_happened_to_them(store):
    store.save(Offer(id="o2", title="乙物"), actor="甲", action="hand_over")
    store.save(Offer(id="o1", title="甲物"), actor="甲", action="hand_over")
    store.save(Offer(id="o3", title="丙物"), actor="甲")
    assert store.with_action(RecordKind.OFFER, "hand_over") == ("o2", "o1")
    assert store.with_action(RecordKind.NEED, "hand_over") == ()


def test_counterparts_are_read_from_interests_and_consents(store):
    store.save(NEED, actor="甲")
    store.save_many([Offer(id="o1", title="甲物"), Offer(id="o2", title="乙物")], actor="甲")
    want(store, "n1", "o1")
    say(store, "n1", "o2", Side.OFFER_OWNER)
    assert tied(store, RecordKind.NEED, "n1") == ("o1", "o2")
    assert tied(store, RecordKind.OFFER, "o2") == ("n1",)
    assert tied(store, RecordKind.OFFER, "other") == ()


def test_a_record_keeps_the_moment_it_was_first_published(store):
    store.save_many([Offer(id="o1", title="甲物")], actor="甲", publish=True)
    first = store.offer("o1").published_at
    for state in (State.DRAFT, State.CHECKED, State.PUBLISHED):
        store.move(RecordKind.OFFER, "o1", state, actor="甲")
        assert store.offer("o1").published_at == first
