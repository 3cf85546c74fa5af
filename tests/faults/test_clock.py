"""A clock that is set back or ahead locks nobody out and keeps nobody signed in; work goes on."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.accounts.accounts import FAILURES_WITHIN, IDLE, MOST_FAILURES, WHOLE, Accounts
from bot.accounts.records import Role
from bot.api.rate import Rate
from bot.errors import JobError, SignInError
from bot.jobs.board import CLOCKS_APART, GIVEN_UP_AFTER, JobBoard
from bot.jobs.records import JobKind, JobState
from bot.store.tables import sign_in_failures
from tests.support.clocks import DAY, JUMPS, Clock, clock

__all__ = ["clock"]

PASSWORD, WRONG, ADDRESS = "示例密码-correct-horse", "不对的密码不对的密码", "192.0.2.1"


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
