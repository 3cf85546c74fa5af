"""The bounds between what answers, what is near, and what is not stated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.outcome import (
    ANSWERED_COVERED,
    ANSWERED_FOREIGN,
    FORM_COSINE,
    NEAR_COSINE,
    NEAR_COVERED,
    NEAR_FOREIGN,
    outcome_of,
)
from bot.types import Outcome

ANSWERED, NEAREST, NOT_STATED = Outcome.ANSWERED, Outcome.NEAREST, Outcome.NOT_STATED
ORDER = (NOT_STATED, NEAREST, ANSWERED)
SHARES = st.floats(0, 1)
LESS = 0.001


@pytest.mark.parametrize(
    ("covered", "cosine", "form", "outcome"),
    [
        (ANSWERED_COVERED, 0.0, 0.0, ANSWERED),
        (ANSWERED_COVERED - LESS, 1.0, 1.0, NEAREST),
        (NEAR_COVERED, 0.0, 0.0, NEAREST),
        (NEAR_COVERED - LESS, 0.0, 0.0, NOT_STATED),
        (0.0, NEAR_COSINE, 0.0, NEAREST),
        (0.0, NEAR_COSINE - LESS, 0.0, NOT_STATED),
        (NEAR_COVERED - LESS, NEAR_COSINE - LESS, 0.0, NOT_STATED),
        (0.0, NEAR_COSINE - FORM_COSINE + LESS, 1.0, NEAREST),
        (0.0, NEAR_COSINE - FORM_COSINE - LESS, 1.0, NOT_STATED),
        (0.0, NEAR_COSINE - FORM_COSINE / 2 + LESS, 0.5, NEAREST),
        (0.0, NEAR_COSINE - FORM_COSINE / 2 - LESS, 0.5, NOT_STATED),
    ],
)
def test_what_a_chinese_question_becomes(covered: float, cosine: float, form: float, outcome: Outcome) -> None:
    assert outcome_of(covered, cosine, form, foreign=False) is outcome


@pytest.mark.parametrize(
    ("cosine", "outcome"),
    [
        (ANSWERED_FOREIGN, ANSWERED),
        (ANSWERED_FOREIGN - LESS, NEAREST),
        (NEAR_FOREIGN, NEAREST),
        (NEAR_FOREIGN - LESS, NOT_STATED),
    ],
)
@pytest.mark.parametrize(("covered", "form"), [(0.0, 0.0), (1.0, 1.0)])
def test_of_a_foreign_question_the_cosine_alone_tells(
    cosine: float, outcome: Outcome, covered: float, form: float
) -> None:
    assert outcome_of(covered, cosine, form, foreign=True) is outcome


def test_half_of_a_question_is_no_answer_and_all_of_it_is_one() -> None:
    assert outcome_of(0.5, 0.9, 1.0, foreign=False) is NEAREST
    assert outcome_of(1.0, 0.1, 0.0, foreign=False) is ANSWERED
    assert outcome_of(0.2, 0.3, 0.0, foreign=False) is NOT_STATED


@given(SHARES, SHARES, SHARES, SHARES, SHARES, SHARES, st.booleans())
def test_more_of_anything_is_never_less_of_an_answer(
    covered: float, cosine: float, form: float, more: float, nearer: float, surer: float, foreign: bool
) -> None:
    one = outcome_of(covered, cosine, form, foreign=foreign)
    other = outcome_of(max(covered, more), max(cosine, nearer), max(form, surer), foreign=foreign)
    assert ORDER.index(other) >= ORDER.index(one)
