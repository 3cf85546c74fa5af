"""Consent as events, on both databases: what counts, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import ConsentError, MarketError, UsageError
from bot.market.consents import ConsentChannel, ConsentScope, ConsentStanding
from bot.market.records import CloseReason, Organisation, Side, State
from tests.store.two_owners import (
    ASKED,
    GIVEN,
    NEEDS,
    OFFER,
    OFFERS,
    PHONES,
    REFUSED,
    WITHDRAWN,
    agree,
    clock,
    market,
    reword,
    said,
    standings,
    wall_time,
)

__all__ = ["clock", "market", "wall_time"]


def test_what_is_said_is_told_with_who_when_how_and_scope(market):
    market.record_consent(said(OFFERS, ASKED, channel=ConsentChannel.MAIL, said_by="值班经理"))
    assert standings(market) == ("not_asked", "pending")
    state = market.record_consent(said(OFFERS, scope=(ConsentScope.NAME,), evidence="2 分钟的通话"))
    rests_on = state.offer_owner.rests_on
    assert (rests_on.said_by, rests_on.channel, rests_on.scope) == (
        "示例公司 张经理",
        ConsentChannel.PHONE,
        (ConsentScope.NAME,),
    )
    assert rests_on.at.startswith("20") and rests_on.actor == "desk" and rests_on.event > 0
    assert [each.step for each in market.consent_history("n1", "o1")] == [ASKED, GIVEN]
    assert state.missing == (NEEDS,)


def test_both_agree_and_their_parties_are_told(market):
    assert agree(market).agreed
    parties = market.agreed_parties("n1", "o1")
    assert parties[NEEDS].organisation.title == "示例甲" and parties[OFFERS].contact.phone == PHONES["o1"]


def test_a_scope_without_the_contact_keeps_the_contact_back(market):
    market.record_consent(said(NEEDS, scope=(ConsentScope.NAME,)))
    market.record_consent(said(OFFERS))
    parties = market.agreed_parties("n1", "o1")
    assert parties[NEEDS].organisation.title == "示例甲" and parties[NEEDS].contact is None
    assert parties[OFFERS].contact is not None


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("step", [ASKED, REFUSED, None])
def test_one_yes_gives_nothing_away(market, side, step):
    market.record_consent(said(side))
    if step is not None:
        market.record_consent(said(OFFERS if side is NEEDS else NEEDS, step))
    with pytest.raises(ConsentError):
        market.agreed_parties("n1", "o1")


def test_a_clock_that_was_ahead_lets_no_yes_survive_a_change(market, wall_time):
    wall_time("2999-01-01T00:00:00.000000Z")
    agree(market)
    wall_time("2026-01-02T00:00:00.000000Z")
    reword(market)
    assert standings(market) == ("lapsed", "lapsed")


def test_a_clock_that_was_set_back_takes_no_yes_away(market, wall_time):
    wall_time("2001-01-01T00:00:00.000000Z")
    reword(market)
    wall_time(f"{date.today().isoformat()}T00:00:00.000000Z")
    agree(market)
    assert standings(market) == ("given", "given")
    wall_time("2001-01-01T00:00:00.000000Z")
    market.record_consent(said(NEEDS, WITHDRAWN))
    assert standings(market) == ("withdrawn", "given")


def test_a_withdrawn_yes_is_revived_by_no_clock(market, wall_time, clock):
    agree(market)
    wall_time("2001-01-01T00:00:00.000000Z")
    market.record_consent(said(NEEDS, WITHDRAWN))
    for day in (date(1999, 1, 1), date.today(), date(2999, 1, 1)):
        clock.today = day
        assert market.consent_state("n1", "o1").need_owner.standing is ConsentStanding.WITHDRAWN


def test_a_yes_runs_out_after_its_term(market, clock):
    agree(market)
    until = market.consent_state("n1", "o1").need_owner.until
    clock.today = until
    assert standings(market) == ("given", "given")
    clock.today = until + timedelta(days=1)
    assert standings(market) == ("expired", "expired")
    with pytest.raises(ConsentError, match="已过期"):
        market.agreed_parties("n1", "o1")
    assert market.counterparts(market.need("n1")) == ()


def test_a_yes_given_under_a_clock_that_was_ahead_lasts_no_longer(market, wall_time, clock):
    wall_time("2999-01-01T00:00:00.000000Z")
    agree(market)
    wall_time("2026-01-02T00:00:00.000000Z")
    market.store.save(Organisation(id="g9", title="示例丁"), actor="t")
    clock.today = date(2026, 1, 2) + timedelta(days=181)
    assert standings(market) == ("expired", "expired")


def test_withdrawn_then_given_again_counts(market):
    agree(market)
    market.record_consent(said(NEEDS, WITHDRAWN))
    assert standings(market) == ("withdrawn", "given")
    market.record_consent(said(NEEDS))
    assert market.consent_state("n1", "o1").agreed


def test_a_refusal_is_no_yes_and_can_be_thought_over(market):
    market.record_consent(said(NEEDS, REFUSED))
    assert standings(market) == ("refused", "not_asked")
    market.record_consent(said(NEEDS))
    assert standings(market) == ("given", "not_asked")


def test_two_tabs_that_withdraw_withdraw_once(market):
    agree(market)
    for _ in range(2):
        market.record_consent(said(NEEDS, WITHDRAWN))
    assert [each.step for each in market.consent_history("n1", "o1")] == [GIVEN, GIVEN, WITHDRAWN]


def test_a_yes_to_what_was_read_before_a_change_is_refused(market):
    seen = market.consent_state("n1", "o1").changed
    reword(market)
    with pytest.raises(ConsentError, match="刚刚改过"):
        market.record_consent(said(OFFERS), seen=seen)
    assert standings(market) == ("not_asked", "not_asked")
    market.record_consent(said(OFFERS), seen=market.consent_state("n1", "o1").changed)
    assert standings(market) == ("not_asked", "given")


@pytest.mark.parametrize("step", [ASKED, GIVEN])
def test_nothing_is_asked_or_given_for_a_closed_record(market, step):
    market.move(OFFER, "o1", State.CLOSED, actor="t", reason=CloseReason.NO_INTEREST)
    with pytest.raises(ConsentError):
        market.record_consent(said(NEEDS, step))
    assert market.consent_history("n1", "o1") == ()


@pytest.mark.parametrize(
    ("consent", "error"),
    [
        (said(NEEDS, said_by=" "), UsageError),
        (said(NEEDS, said_by="甲" * 501), UsageError),
        (said(NEEDS, evidence="甲" * 501), UsageError),
        (said(NEEDS, evidence="\x00"), UsageError),
        (said(NEEDS, channel=ConsentChannel.UNSTATED), UsageError),
        (said(NEEDS, scope=()), UsageError),
        (said(NEEDS, scope=(ConsentScope.CONTACT,)), UsageError),
        (said(NEEDS, need_id="never"), MarketError),
        (said(OFFERS, need_id="never"), MarketError),
        (said(NEEDS, WITHDRAWN), ConsentError),
    ],
)
def test_what_makes_no_sense_is_not_recorded(market, consent, error):
    before = market.store.revision()
    with pytest.raises(error):
        market.record_consent(consent)
    assert market.store.revision() == before and market.consent_history("n1", "o1") == ()


def test_nobody_is_asked_who_agreed(market):
    agree(market)
    with pytest.raises(ConsentError):
        market.record_consent(said(NEEDS, ASKED))
    assert market.consent_state("n1", "o1").agreed


# --- how it is kept -----------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE consent_events SET step = 'given'", "DELETE FROM consent_events"])
def test_consents_are_append_only(market, either_database, statement):
    market.record_consent(said(NEEDS, REFUSED))
    with pytest.raises(DBAPIError, match="append-only"), either_database.write() as connection:
        connection.execute(text(statement))
    assert standings(market)[0] == "refused"


def test_a_consent_stands_in_the_one_log(market):
    state = agree(market)
    numbers = [state.of(side).rests_on.event for side in Side]
    assert numbers == sorted(numbers) and numbers[-1] == market.store.revision()
    (event,) = [each for each in market.history(OFFER, "o1") if each.action == "given"]
    assert event.id == numbers[-1] and event.changes == ()
