"""What ends a consent, and what ties two records, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert

from bot.errors import ConsentError, MarketError
from bot.market.consents import ConsentChannel, ConsentScope, ConsentStanding
from bot.market.records import CloseReason, Interest, Need, Organisation, Side, State
from bot.market.service import Market
from bot.store.tables import interests
from bot.types import PrivateContact
from tests.store.two_owners import (
    ASKED,
    NEED,
    NEEDS,
    OFFERS,
    REFUSED,
    WITHDRAWN,
    agree,
    clock,
    market,
    reword,
    said,
    standings,
)

__all__ = ["clock", "market"]


# --- what ends it -----------------------------------------------------------------------------


def another_owner(market: Market) -> None:
    market.store.save(replace(market.need("n1"), owner_id="g3"), actor="t")


def owner_renamed_to_another(market: Market) -> None:
    market.store.save(Organisation(id="g1", title="完全不同的一家"), actor="t")


def closed_and_opened_again(market: Market) -> None:
    market.move(NEED, "n1", State.CLOSED, actor="t", reason=CloseReason.NO_INTEREST)
    market.move(NEED, "n1", State.DRAFT, actor="t")
    market.move(NEED, "n1", State.CHECKED, actor="t")
    market.move(NEED, "n1", State.PUBLISHED, actor="t")


PARTINGS = [another_owner, owner_renamed_to_another, closed_and_opened_again]


@pytest.mark.parametrize("end", [reword, *PARTINGS])
def test_a_yes_ends_with_what_it_was_given_to(market, end):
    agree(market)
    end(market)
    assert standings(market) == ("lapsed", "lapsed")
    assert market.counterparts(market.offer("o1")) == ()
    with pytest.raises(ConsentError, match="因记录变更失效"):
        market.agreed_parties("n1", "o1")


@pytest.mark.parametrize("end", PARTINGS)
@pytest.mark.parametrize("step", [ASKED, REFUSED])
def test_with_another_owner_all_that_was_said_ends(market, end, step):
    market.record_consent(said(NEEDS, step))
    end(market)
    assert standings(market) == ("lapsed", "not_asked")
    assert market.counterparts(market.need("n1")) == ()


@pytest.mark.parametrize("step", [ASKED, REFUSED])
def test_a_question_and_a_no_outlast_a_change_of_words(market, step):
    market.record_consent(said(NEEDS, step))
    reword(market)
    assert market.consent_state("n1", "o1").need_owner.rests_on.step is step
    assert standings(market)[0] == ("pending" if step is ASKED else "refused")


def test_a_change_that_changes_nothing_ends_nothing(market):
    agree(market)
    market.store.save(market.need("n1"), actor="t")
    market.store.set_contacts(NEED, {"n1": PrivateContact(phone="13900000009")}, actor="t")
    market.store.save(Organisation(id="g1", title="示例甲", description="补充介绍"), actor="t")
    assert market.consent_state("n1", "o1").agreed


def test_the_same_owner_named_by_staff_keeps_question_and_interest(market):
    from bot.market.records import declared_id, named_id

    ids = declared_id("示例戊"), named_id("示例戊")
    market.store.save_many([Organisation(id=each, title="示例戊") for each in ids], actor="t")
    market.store.save_many([Need(id="n2", title="风机", owner_id=ids[0])], actor="t", publish=True)
    market.record_consent(said(NEEDS, ASKED, need_id="n2"))
    market.store.save(replace(market.need("n2"), owner_id=ids[1]), actor="t")
    assert market.consent_state("n2", "o1").need_owner.standing is ConsentStanding.PENDING


def test_an_owner_named_for_the_first_time_takes_over_question_and_interest(market):
    market.store.save_many([Need(id="n3", title="风机")], actor="t", publish=True)
    market.express_interest(Interest(need_id="n3", offer_id="o1", side=OFFERS, cooperation_sought="许可"))
    market.store.save(replace(market.need("n3"), owner_id="g3"), actor="t")
    assert market.consent_state("n3", "o1").need_owner.standing is ConsentStanding.PENDING
    assert market.counterparts(market.need("n3")) == ("o1",)


# --- what it ties -------------------------------------------------------------------------------


def wish(side: Side) -> Interest:
    return Interest(need_id="n1", offer_id="o1", side=side, cooperation_sought="许可")


@pytest.mark.parametrize("side", list(Side))
def test_a_yes_in_force_ties_and_one_taken_back_does_not(market, side):
    market.record_consent(said(side))
    assert market.counterparts(market.need("n1")) == ("o1",)
    assert market.counterparts(market.offer("o1")) == ("n1",)
    market.record_consent(said(side, WITHDRAWN))
    assert market.counterparts(market.need("n1")) == () == market.counterparts(market.offer("o1"))
    (pair,) = market.pairings(market.need("n1"))
    assert not pair.linked and pair.consents.of(side).standing is ConsentStanding.WITHDRAWN


def test_both_withdraw_and_nothing_ties_them(market):
    agree(market)
    for side in Side:
        market.record_consent(said(side, WITHDRAWN))
    assert standings(market) == ("withdrawn", "withdrawn")
    assert market.counterparts(market.need("n1")) == ()


@pytest.mark.parametrize("step", [REFUSED, WITHDRAWN])
def test_an_interest_ties_whatever_was_answered(market, step):
    market.express_interest(wish(OFFERS))
    if step is WITHDRAWN:
        market.record_consent(said(NEEDS))
    market.record_consent(said(NEEDS, step))
    assert market.counterparts(market.need("n1")) == ("o1",)


@pytest.mark.parametrize("end", PARTINGS)
@pytest.mark.parametrize("side", list(Side))
def test_what_a_former_owner_wanted_ties_nobody(market, end, side):
    market.express_interest(wish(side))
    end(market)
    assert market.counterparts(market.need("n1")) == () == market.counterparts(market.offer("o1"))
    assert all(pair.interests == () for pair in market.pairings(market.offer("o1")))


def test_an_interest_asks_the_other_side_and_gives_the_own_yes(market):
    market.express_interest(wish(NEEDS), consent=tuple(ConsentScope))
    assert standings(market) == ("given", "pending")
    market.record_consent(said(OFFERS, channel=ConsentChannel.PAGE))
    assert market.consent_state("n1", "o1").agreed


def test_an_interest_without_a_yes_only_asks(market):
    market.express_interest(wish(NEEDS))
    assert standings(market) == ("not_asked", "pending")


@pytest.mark.parametrize("answer", [REFUSED, WITHDRAWN])
def test_who_said_no_is_not_asked_again_by_mere_interest(market, answer):
    market.express_interest(wish(NEEDS))
    if answer is WITHDRAWN:
        market.record_consent(said(OFFERS))
    market.record_consent(said(OFFERS, answer))
    market.express_interest(wish(NEEDS))
    assert market.consent_state("n1", "o1").offer_owner.rests_on.step is answer


def test_a_new_owner_is_not_held_to_the_interests_of_the_former_one(market):
    for _ in range(5):
        market.express_interest(wish(NEEDS))
    with pytest.raises(MarketError, match="已经"):
        market.express_interest(wish(NEEDS))
    another_owner(market)
    market.express_interest(wish(NEEDS))
    assert market.counterparts(market.offer("o1")) == ("n1",)


def test_interests_of_an_older_program_still_tie(market, either_database):
    with either_database.write() as connection:
        connection.execute(
            insert(interests),
            {"need_id": "n1", "offer_id": "o1", "side": "need_owner", "at": "x", "event_id": None},
        )
    assert market.counterparts(market.need("n1")) == ("o1",)
    another_owner(market)
    assert market.counterparts(market.offer("o1")) == ()
