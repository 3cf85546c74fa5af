"""Figures counted by hand first: the funnel, days in each state, reasons, what is left out."""

from datetime import date, timedelta

import pytest

from bot.introductions.pair_events import PairAction, PairEvent, write_event
from bot.introductions.stages import PairStage
from bot.market.consents import Consent, ConsentChannel, ConsentStep
from bot.market.records import CloseReason, Interest, Need, Offer, Side, State
from bot.market.service import Market
from bot.market.state_log import StateChange
from bot.pipeline.figures import ANCHORS, funnel, pipeline_figures, stays
from bot.settings import load_settings
from bot.types import RecordKind

TODAY = date(2026, 3, 2)
NEED, OFFER = RecordKind.NEED, RecordKind.OFFER


@pytest.fixture
def market(tmp_path):
    made = Market(load_settings(environment={}, data_dir=tmp_path), lambda: TODAY)
    needs = [Need(id=f"n{number}", title=f"示例需求{number}") for number in range(1, 6)]
    offers = [Offer(id=f"o{number}", title=f"示例成果{number}") for number in range(1, 4)]
    extra = [
        Need(id="made-up", title="示例", sample=True),
        Need(id="old", title="历史", historic=True),
    ]
    made.keep_trusted([*needs, *extra], actor="t")
    made.keep_trusted(offers, actor="t")
    yield made
    made.close()


def asked(market, need_id, offer_id):
    market.record_consent(
        Consent(
            need_id=need_id,
            offer_id=offer_id,
            side=Side.NEED_OWNER,
            step=ConsentStep.ASKED,
            channel=ConsentChannel.PHONE,
            said_by="本人",
            actor="t",
        )
    )


def done(market, need_id, offer_id, action, reason=None):
    with market.about_pair(need_id, offer_id, actor="t") as pair:
        event = PairEvent(
            need_id=need_id, offer_id=offer_id, action=action, day=TODAY, actor="t", reason=reason, event=pair.place()
        )
        write_event(pair.connection, event)


def counts(found, kind):
    return [(step.label, step.count) for step in found.funnels[kind]]


def test_each_record_counts_once_at_its_furthest_stage(market):
    market.express_interest(Interest(need_id="n1", offer_id="o1", side=Side.NEED_OWNER, cooperation_sought="许可"))
    asked(market, "n2", "o1")
    asked(market, "n2", "o2")
    done(market, "n2", "o2", PairAction.MET)
    done(market, "n3", "o3", PairAction.AGREED)
    done(market, "n4", "o3", PairAction.MET)
    done(market, "n4", "o3", PairAction.ENDED, CloseReason.NO_AGREEMENT)
    asked(market, "made-up", "o3")
    found = pipeline_figures(market, TODAY)
    assert counts(found, NEED) == [("已发布", 5), ("已匹配", 4), ("已引荐", 3), ("已对接", 3), ("已谈成", 1)]
    assert counts(found, OFFER) == [("已发布", 3), ("已匹配", 3), ("已引荐", 2), ("已对接", 2), ("已谈成", 1)]
    assert found.funnels[NEED][1].share == pytest.approx(0.8)
    assert found.pairs_ended == ((CloseReason.NO_AGREEMENT, 1),)


def test_reasons_are_counted_and_made_up_records_are_not(market):
    market.move(NEED, "n1", State.CLOSED, actor="t", reason=CloseReason.TOO_EARLY)
    market.move(NEED, "n2", State.CLOSED, actor="t", reason=CloseReason.TOO_EARLY)
    market.move(OFFER, "o1", State.CLOSED, actor="t", reason=CloseReason.SCIENTIFIC)
    market.move(NEED, "made-up", State.CLOSED, actor="t", reason=CloseReason.SCIENTIFIC)
    assert pipeline_figures(market, TODAY).closings == ((CloseReason.TOO_EARLY, 2), (CloseReason.SCIENTIFIC, 1))


def test_a_period_holds_what_was_first_published_in_it(market):
    day = date.fromisoformat(market.need("n1").published_at[:10])
    assert counts(pipeline_figures(market, TODAY, day), NEED)[0] == ("已发布", 5)
    nothing = pipeline_figures(market, TODAY, day + timedelta(days=1))
    assert counts(nothing, NEED)[0] == ("已发布", 0) and nothing.funnels[NEED][0].share is None
    assert nothing.stays == () and nothing.closings == ()


def change(record_id, state, day, event):
    return StateChange(NEED, record_id, state, TODAY + timedelta(days=day), event)


def test_days_are_of_stays_that_ended_and_the_rest_stands():
    changes = [
        change("a", State.PUBLISHED, 0, 1),
        change("b", State.PUBLISHED, 0, 2),
        change("c", State.PUBLISHED, 3, 3),
        change("a", State.INTEREST, 10, 4),
        change("b", State.CLOSED, 20, 5),
        change("a", State.CLOSED, 9, 6),
    ]
    found = {each.state: each for each in stays(changes, TODAY)}
    published = found[State.PUBLISHED]
    assert (published.ended, published.median_days, published.long_days, published.standing) == (2, 15, 19, 1)
    assert (found[State.INTEREST].median_days, found[State.INTEREST].standing) == (0, 0), "a clock was set back"
    assert (found[State.CLOSED].ended, found[State.CLOSED].median_days, found[State.CLOSED].standing) == (0, None, 2)
    assert State.MET not in found


def test_a_funnel_of_nothing_has_no_shares():
    assert all(step.count == 0 and step.share is None for step in funnel([], {}))
    reached = {"a": list(PairStage).index(PairStage.INTRODUCED), "elsewhere": 5}
    assert [step.count for step in funnel(["a", "b"], reached)] == [2, 1, 1, 0, 0]


def test_anchors_are_what_their_sources_report():
    assert [f"{each.share:.1%}" for each in ANCHORS] == ["15.0%", "12.7%", "2.4%"]
