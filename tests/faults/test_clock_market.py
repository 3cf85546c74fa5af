"""A clock that is set back or ahead hides no reminder and no new pair."""

import pytest

from bot.introductions.sending import PairWork
from bot.introductions.waiting import NextStep, pair_file
from bot.market.consents import Consent, ConsentChannel, ConsentStep
from bot.market.records import Need, Offer, Organisation, Side
from bot.market.service import Market
from bot.pipeline.deadlines import DeadlineKind, deadlines
from bot.settings import load_settings
from tests.support.clocks import DAY, JUMPS, clock

__all__ = ["clock"]


@pytest.fixture
def market(either_database, tmp_path, clock):
    settings = load_settings({}, tmp_path / "none.toml", data_dir=tmp_path / "data", database_url=either_database.url)
    made = Market(settings, today=clock.today)
    made.store.save_many([Organisation(id=f"g{n}", title=f"示例单位{n}") for n in (1, 2)], actor="t")
    made.store.save_many([Need(id="n1", title="降噪", description="甲", owner_id="g1")], actor="t", publish=True)
    made.store.save_many([Offer(id="o1", title="叶片", description="乙", owner_id="g2")], actor="t", publish=True)
    yield made
    made.close()


def ask_need_owner(market):
    said = Consent(
        need_id="n1",
        offer_id="o1",
        side=Side.NEED_OWNER,
        step=ConsentStep.ASKED,
        channel=ConsentChannel.PHONE,
        said_by="示例人",
        actor="t",
    )
    PairWork(market).record_said(said)


@pytest.fixture
def wall(monkeypatch, clock):
    """What is written down bears the time of the test's clock."""

    def stamped():
        return clock.now.isoformat(timespec="microseconds").replace("+00:00", "Z")

    for module in ("market.batch", "market.writing", "introductions.pair_events"):
        monkeypatch.setattr(f"bot.{module}.utc_now", stamped)


def test_a_question_put_under_a_clock_ahead_is_reminded_of_now_and_then_as_ever(market, clock, wall):
    clock.set_by(400 * DAY)
    ask_need_owner(market)
    clock.set_by(-400 * DAY)
    file = pair_file(market, "n1", "o1", 7)
    assert file.step is NextStep.REMIND and file.since == clock.today()
    PairWork(market).reminded("n1", "o1", file.questions[0].about, "", clock.today(), actor="t")
    assert pair_file(market, "n1", "o1", 7).step is not NextStep.REMIND
    clock.go_on(7 * DAY)
    assert pair_file(market, "n1", "o1", 7).step is NextStep.REMIND


def test_a_reminder_noted_under_a_clock_ahead_is_not_the_last(market, clock, wall):
    ask_need_owner(market)
    (question,) = pair_file(market, "n1", "o1", 7).questions
    clock.set_by(400 * DAY)
    PairWork(market).reminded("n1", "o1", question.about, "", clock.today(), actor="t")
    clock.set_by(-400 * DAY)
    clock.go_on(10 * DAY)
    assert pair_file(market, "n1", "o1", 7).step is NextStep.REMIND


def test_a_reminder_put_off_rests_until_its_day(market, clock, wall):
    ask_need_owner(market)
    (question,) = pair_file(market, "n1", "o1", 7).questions
    PairWork(market).put_off("n1", "o1", question.about, clock.today() + 60 * DAY, actor="t")
    clock.go_on(59 * DAY)
    assert pair_file(market, "n1", "o1", 7).due(clock.today()) == ()
    clock.go_on(DAY)
    assert pair_file(market, "n1", "o1", 7).step is NextStep.REMIND


@pytest.mark.parametrize("jump", JUMPS)
def test_an_open_question_is_not_lost_when_the_clock_is_right_again(market, clock, wall, jump):
    clock.set_by(jump)
    ask_need_owner(market)
    clock.set_by(-jump)
    market.store.save(Organisation(id="g9", title="示例丁"), actor="t")
    settings = load_settings({}, None, database_url=market.database.url)
    listed = DeadlineKind.ANSWER in {each.kind for each in deadlines(market, settings, clock.today())}
    assert listed or pair_file(market, "n1", "o1", 7).step is NextStep.REMIND
