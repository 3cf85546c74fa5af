"""The circuit of a service that is down: closed, open, half open."""

from __future__ import annotations

import pytest

from bot.llm.breaker import COOL_DOWN_SECONDS, CircuitBreaker
from bot.llm.failures import FailureReason, ModelCallError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def half_open(clock: Clock) -> CircuitBreaker:
    """A circuit that failed three times and has cooled down, so that one caller may try."""
    breaker = CircuitBreaker(clock, failures_to_open=3, cool_down_seconds=30)
    for _ in range(3):
        breaker.enter()
        breaker.failed(ModelCallError(FailureReason.REFUSED))
    with pytest.raises(ModelCallError):
        breaker.enter()
    clock.now = 30.0
    assert breaker.open_seconds == 0
    return breaker


def refused(breaker: CircuitBreaker) -> bool:
    try:
        breaker.enter()
    except ModelCallError as error:
        return error.reason is FailureReason.CIRCUIT_OPEN
    return False


def test_half_open_lets_one_caller_try(half_open: CircuitBreaker) -> None:
    half_open.enter()
    assert refused(half_open) and refused(half_open)


def test_one_failure_of_the_trial_opens_at_once(half_open: CircuitBreaker, clock: Clock) -> None:
    half_open.enter()
    half_open.failed(ModelCallError(FailureReason.REFUSED))
    clock.now = 59.0
    assert refused(half_open) and half_open.open_seconds == pytest.approx(1)
    clock.now = 60.0
    assert not refused(half_open)


def test_a_trial_that_succeeds_closes_for_all(half_open: CircuitBreaker) -> None:
    half_open.enter()
    half_open.succeeded()
    assert not refused(half_open) and not refused(half_open)
    half_open.failed(ModelCallError(FailureReason.REFUSED))
    assert not refused(half_open), "earlier failures are forgotten"


@pytest.mark.parametrize("reason", [None, FailureReason.BAD_REQUEST])
def test_a_trial_without_an_outcome_lets_the_next_one_try(
    half_open: CircuitBreaker, reason: FailureReason | None
) -> None:
    half_open.enter()
    if reason is None:
        half_open.abandoned()
    else:
        half_open.failed(ModelCallError(reason))
    half_open.enter()
    assert refused(half_open)


def test_the_cool_down_is_kept_by_default(clock: Clock) -> None:
    breaker = CircuitBreaker(clock)
    for _ in range(3):
        breaker.failed(ModelCallError(FailureReason.REFUSED))
    assert breaker.open_seconds == COOL_DOWN_SECONDS
