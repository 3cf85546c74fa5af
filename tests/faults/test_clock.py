"""A clock that is set back or ahead locks nobody out, keeps nobody signed in, and deletes nothing unseen."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.accounts.accounts import FAILURES_WITHIN, IDLE, MOST_FAILURES, WHOLE, Accounts
from bot.accounts.records import Role
from bot.api.rate import Rate
from bot.errors import JobError, SignInError
from bot.introductions.sending import PairWork
from bot.introductions.waiting import NextStep, pair_file
from bot.jobs.board import CLOCKS_APART, GIVEN_UP_AFTER, JobBoard
from bot.jobs.records import JobKind, JobState
from bot.market.consents import Consent, ConsentChannel, ConsentStep
from bot.market.records import Need, Offer, Organisation, Side
from bot.market.service import Market
from bot.pipeline.deadlines import DeadlineKind, deadlines
from bot.questions import keeping
from bot.questions.feedback import list_feedback, record_feedback
from bot.questions.keeping import JUMP, SURE_AFTER, QuestionKeeper
from bot.questions.records import AskedAt, QuestionFilter
from bot.questions.store import QuestionStore
from bot.settings import load_settings
from bot.store.tables import sign_in_failures
from bot.types import Feedback
from tests.questions.conftest import answer_to

PASSWORD, WRONG, ADDRESS = "示例密码-correct-horse", "不对的密码不对的密码", "192.0.2.1"
DAY = timedelta(days=1)
JUMPS = [-DAY, DAY, -400 * DAY, 400 * DAY]


class Clock:
    """Wall time that is set, and time that only goes on."""

    def __init__(self):
        self.now, self.steady = datetime(2026, 3, 2, 8, tzinfo=UTC), 1_000.0

    def __call__(self):
        return self.now

    def today(self):
        return self.now.date()

    def go_on(self, by):
        self.now += by
        self.steady += by.total_seconds()

    def set_by(self, by):
        self.now += by


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(either_database, clock):
    made = Accounts(either_database, clock)
    made.add("示例经理", PASSWORD, [Role.MANAGER])
    return made


def failing(accounts, times):
    for _ in range(times):
        with pytest.raises(SignInError, match="不对"):
            accounts.sign_in("示例经理", WRONG, ADDRESS)


# --- signing in -------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", JUMPS)
def test_wrong_passwords_cost_no_longer_wait_than_ever(accounts, clock, jump):
    failing(accounts, MOST_FAILURES)
    clock.set_by(jump)
    if jump < timedelta(0):
        with pytest.raises(SignInError, match="太多"):
            accounts.sign_in("示例经理", PASSWORD, ADDRESS)
    clock.go_on(FAILURES_WITHIN + timedelta(seconds=1))
    assert accounts.sign_in("示例经理", PASSWORD, ADDRESS)


def test_a_clock_set_back_and_set_right_again_forgives_no_guesses(accounts, clock):
    failing(accounts, MOST_FAILURES - 1)
    clock.set_by(-DAY)
    failing(accounts, 1)
    with pytest.raises(SignInError, match="太多"):
        accounts.sign_in("示例经理", PASSWORD, ADDRESS)


def test_wrong_passwords_of_others_are_not_dated_anew(accounts, clock, either_database):
    failing(accounts, 1)
    with either_database.read() as connection:
        before = connection.execute(select(sign_in_failures.c.at)).scalars().all()
    clock.go_on(timedelta(minutes=1))
    failing(accounts, 1)
    with either_database.read() as connection:
        assert connection.execute(select(sign_in_failures.c.at)).scalars().all()[:1] == before


@pytest.mark.parametrize("jump", [-DAY, -400 * DAY])
def test_a_clock_set_back_lets_no_sign_in_last_longer(accounts, clock, jump):
    idle, busy = (accounts.sign_in("示例经理", PASSWORD, ADDRESS).token for _ in range(2))
    clock.set_by(jump)
    assert accounts.signed_in(idle) and accounts.signed_in(busy), "nobody is thrown out"
    for _ in range(int(WHOLE / timedelta(hours=1))):
        clock.go_on(timedelta(hours=1))
        accounts.signed_in(busy)
    assert accounts.signed_in(busy) is None
    clock.set_by(-jump)
    assert accounts.signed_in(idle) is None


def test_a_sign_in_under_a_clock_set_back_ends_when_idle(accounts, clock):
    token = accounts.sign_in("示例经理", PASSWORD, ADDRESS).token
    clock.set_by(-DAY)
    assert accounts.signed_in(token)
    clock.go_on(IDLE)
    assert accounts.signed_in(token) is None


# --- how often --------------------------------------------------------------------------------------


def test_a_rate_counts_a_minute_that_passed_and_no_clock():
    steady = Clock()
    rate = Rate(3, clock=lambda: steady.steady)
    assert [rate.hit("a") for _ in range(4)] == [True, True, True, False]
    assert rate.hit("b")
    steady.go_on(timedelta(seconds=59))
    assert not rate.hit("a")
    steady.go_on(timedelta(seconds=2))
    assert [rate.hit("a") for _ in range(4)] == [True, True, True, False]


def test_a_rate_moves_with_each_call():
    steady = Clock()
    rate = Rate(2, clock=lambda: steady.steady)
    told = []
    for _ in range(5):
        told.append(rate.hit("a"))
        steady.go_on(timedelta(seconds=25))
    assert told == [True, True, False, True, True]


def test_a_rate_forgets_who_has_long_left():
    steady = Clock()
    rate = Rate(2, clock=lambda: steady.steady)
    for number in range(3_000):
        rate.hit(f"caller {number}")
    steady.go_on(timedelta(minutes=2))
    rate.hit("a")
    assert len(rate) == 1


@pytest.mark.parametrize("jump", [-86_400, 86_400])
def test_nobody_waits_a_day_because_the_machines_clock_was_set(monkeypatch, jump):
    rate, told = Rate(2), []
    told.append(rate.hit("a"))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    told += [rate.hit("a"), rate.hit("a")]
    assert told == [True, True, False]


def test_calls_at_once_are_counted_one_by_one():
    rate, told = Rate(100), []
    threads = [threading.Thread(target=lambda: told.extend(rate.hit("a") for _ in range(50))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert told.count(True) == 100


# --- old questions ----------------------------------------------------------------------------------


#: How often each keeper has looked at the clock.
LOOKS: dict[QuestionKeeper, int] = {}


@pytest.fixture
def keepers(either_database, clock, monkeypatch):
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.01)
    made = []

    def begin():
        keeper = QuestionKeeper(either_database, 90, clock, lambda: clock.steady)
        keeper.start()
        made.append(keeper)
        return keeper

    real = QuestionKeeper._look_at_the_clock

    def counted(self):
        real(self)
        LOOKS[self] = LOOKS.get(self, 0) + 1

    monkeypatch.setattr(QuestionKeeper, "_look_at_the_clock", counted)
    yield begin
    for each in made:
        each.close()


def questions(database):
    return [each.question for each in QuestionStore(database).listed(QuestionFilter())]


def ask(keeper, database, words):
    keeper.keep(answer_to(words), AskedAt.PAGE)
    until = time.monotonic() + 60
    while words not in questions(database) and time.monotonic() < until:
        time.sleep(0.02)


def looked(keeper):
    """Let the keeper look at the clock twice more."""
    seen = LOOKS.get(keeper, 0)
    until = time.monotonic() + 60
    while LOOKS.get(keeper, 0) < seen + 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert LOOKS[keeper] >= seen + 2


def test_a_clock_ahead_and_back_deletes_nothing(either_database, clock, keepers, caplog):
    keeper = keepers()
    ask(keeper, either_database, "早先一问")
    looked(keeper)
    clock.set_by(400 * DAY)
    looked(keeper)
    ask(keeper, either_database, "其间一问")
    looked(keeper)
    assert "clock" in caplog.text
    clock.set_by(-400 * DAY)
    clock.go_on(2 * SURE_AFTER)
    looked(keeper)
    assert questions(either_database) == ["其间一问", "早先一问"]


def test_a_program_begun_under_a_clock_ahead_deletes_nothing_at_once(either_database, clock, keepers):
    first = keepers()
    ask(first, either_database, "早先一问")
    first.close()
    clock.set_by(400 * DAY)
    second = keepers()
    looked(second)
    ask(second, either_database, "其间一问")
    second.close()
    looked(keepers())
    assert questions(either_database) == ["其间一问", "早先一问"]


def test_a_clock_that_stays_where_it_is_is_believed(either_database, clock, keepers):
    first = keepers()
    ask(first, either_database, "早先一问")
    first.close()
    clock.set_by(400 * DAY)
    second = keepers()
    looked(second)
    clock.go_on(SURE_AFTER + timedelta(minutes=1))
    looked(second)
    assert questions(either_database) == []


def test_a_program_that_goes_on_deletes_on_the_day(either_database, clock, keepers):
    keeper = keepers()
    ask(keeper, either_database, "早先一问")
    record_feedback(either_database, Feedback("早先一问", "答", True))
    for _ in range(92):
        clock.go_on(DAY)
        looked(keeper)
    assert questions(either_database) == []
    # Written down by the machine's own clock, which is later.
    assert len(list_feedback(either_database)) == 1


def test_what_was_asked_under_a_clock_set_back_is_kept_its_time(either_database, clock, keepers):
    keeper = keepers()
    ask(keeper, either_database, "早先一问")
    clock.set_by(-400 * DAY)
    ask(keeper, either_database, "其间一问")
    clock.set_by(400 * DAY)
    for _ in range(89):
        clock.go_on(DAY)
        looked(keeper)
    assert questions(either_database) == ["其间一问", "早先一问"]
    clock.go_on(2 * DAY)
    looked(keeper)
    assert questions(either_database) == []


def test_what_was_asked_under_a_clock_ahead_leaves_with_what_came_after(either_database, clock, keepers):
    keeper = keepers()
    clock.set_by(400 * DAY)
    ask(keeper, either_database, "其间一问")
    clock.set_by(-400 * DAY)
    ask(keeper, either_database, "后来一问")
    for _ in range(89):
        clock.go_on(DAY)
        looked(keeper)
    assert questions(either_database) == ["后来一问", "其间一问"]
    clock.go_on(2 * DAY)
    looked(keeper)
    assert questions(either_database) == []


def test_the_hands_of_a_clock_that_is_a_little_off_disturb_nothing(either_database, clock, keepers, caplog):
    keeper = keepers()
    ask(keeper, either_database, "早先一问")
    for _ in range(10):
        clock.go_on(DAY)
        clock.set_by(JUMP / 2)
        looked(keeper)
    assert "clock" not in caplog.text


# --- long work --------------------------------------------------------------------------------------


@pytest.fixture
def board(either_database, clock):
    return JobBoard(either_database, clock)


@pytest.mark.parametrize("jump", JUMPS)
def test_work_whose_process_died_can_be_taken_up_whatever_the_clock_did(board, clock, jump):
    job = board.ask(JobKind.INGEST, "示例", {}, by="t")
    board.take(job.id)
    clock.set_by(jump)
    clock.go_on(GIVEN_UP_AFTER + timedelta(seconds=1))
    assert board.job(job.id).state is JobState.INTERRUPTED
    assert board.again(job.id).state is JobState.WAITING


@pytest.mark.parametrize("jump", JUMPS)
def test_work_that_goes_on_is_alive_by_its_next_sign(board, clock, jump):
    job = board.ask(JobKind.INGEST, "示例", {}, by="t")
    board.take(job.id)
    clock.set_by(jump)
    board.sign(job.id, "示例", 1, 2)
    assert board.job(job.id).state is JobState.RUNNING
    with pytest.raises(JobError, match="已经有一项"):
        board.ask(JobKind.INGEST, "另一", {}, by="t")


def test_a_machine_whose_clock_is_a_little_ahead_is_believed(board, clock):
    job = board.ask(JobKind.INGEST, "示例", {}, by="t")
    clock.set_by(-CLOCKS_APART / 2)
    assert board.job(job.id).state is JobState.WAITING


# --- reminders --------------------------------------------------------------------------------------


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
