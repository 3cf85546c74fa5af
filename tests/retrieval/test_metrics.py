from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.benchmarks.metrics import (
    average_precision,
    longest_common_subsequence,
    ndcg,
    ndcg_first_hit,
    paired_bootstrap,
    precision,
    recall,
    reciprocal_rank,
    rouge_l,
)

SHORT = st.text(alphabet="贷款融资ab", max_size=9)


def test_ndcg_of_a_first_hit_falls_with_its_rank() -> None:
    assert ndcg_first_hit(["a", "b"], {"a"}) == 1
    assert ndcg_first_hit(["b", "a"], {"a"}) == pytest.approx(1 / math.log2(3))
    assert ndcg_first_hit(["b"] * 10 + ["a"], {"a"}) == 0


def test_ndcg_against_the_best_order() -> None:
    assert ndcg([1, 1, 0], [1, 1]) == 1
    assert ndcg([0, 7, 3], [7, 3, 0]) == pytest.approx((7 / math.log2(3) + 3 / 2) / (7 + 3 / math.log2(3)))
    assert ndcg([0, 0], [0]) == 0


def test_recall_precision_and_reciprocal_rank() -> None:
    assert reciprocal_rank(["b", "a"], {"a"}) == 0.5
    assert reciprocal_rank(["b"], {"a"}) == 0
    assert recall(["a", "b", "c"], {"a", "c", "d"}, 3) == pytest.approx(2 / 3)
    assert recall(["a", "a"], {"a", "c"}, 1) == 0.5
    assert precision([True, False, True], 5) == pytest.approx(0.4)


def test_average_precision() -> None:
    assert average_precision([True, False, True], 2) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False, True], 4) == pytest.approx(0.125)
    assert average_precision([], 0) == 0


def test_rouge_l_by_hand() -> None:
    # Common subsequence 贷款贴息 (4 of 5 and 4 of 8 characters).
    precision_, recall_, beta = 4 / 5, 4 / 8, 1.2
    expected = (1 + beta**2) * precision_ * recall_ / (recall_ + beta**2 * precision_)
    assert rouge_l("贷款贴息吗", "企业贷 款可以贴息") == pytest.approx(expected)
    assert rouge_l("贷款", "贷 款\n") == 1
    assert rouge_l("", "贷款") == rouge_l("贷款", "") == rouge_l("公寓", "贷款") == 0


@given(SHORT, SHORT)
def test_common_subsequence_equals_the_textbook_table(first: str, second: str) -> None:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, left in enumerate(first):
        for j, right in enumerate(second):
            table[i + 1][j + 1] = table[i][j] + 1 if left == right else max(table[i][j + 1], table[i + 1][j])
    assert longest_common_subsequence(first, second) == table[-1][-1]


def test_bootstrap_of_equal_scores_is_nothing_and_of_a_constant_gain_that_gain() -> None:
    scores = [0.1, 0.5, 0.9]
    assert paired_bootstrap(scores, scores) == (0, 0, 0)
    better = [score + 0.25 for score in scores]
    assert paired_bootstrap(better, scores) == pytest.approx((0.25, 0.25, 0.25))


def test_bootstrap_interval_holds_the_mean_and_repeats_with_its_seed() -> None:
    scores, baseline = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    mean, low, high = paired_bootstrap(scores, baseline)
    assert low < mean < high
    assert (mean, low, high) == paired_bootstrap(scores, baseline)
