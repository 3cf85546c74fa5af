"""What kinds of figure a question asks for, and how surely a text gives one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.figures import FigureKind
from bot.understanding.asked import (
    ALIKE_MEASURE,
    BARE_NUMBER,
    BY_VALUE,
    FIGURE_KINDS,
    LISTED,
    Asked,
    figure_kinds,
    measured_kinds,
    states_figure,
)

COUNT, DURATION, MONEY, NUMBER = FigureKind.COUNT, FigureKind.DURATION, FigureKind.MONEY, FigureKind.NUMBER
PERCENT, DATE, PHONE = FigureKind.PERCENT, FigureKind.DATE, FigureKind.PHONE


def test_every_kind_is_found_by_its_value_and_has_words_for_people() -> None:
    assert {BY_VALUE[each.value] for each in Asked} == set(Asked)
    assert all("\u4e00" <= character <= "\u9fff" for each in Asked for character in each.label)


def test_what_a_figure_answers_is_not_answered_by_a_list() -> None:
    assert not LISTED & set(FIGURE_KINDS)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("漏报的处几倍罚款？", {COUNT}),
        ("租金能缓几个月？", {DURATION}),
        ("处几倍罚款，能缓几个月？", {COUNT, DURATION}),
        ("多少天内办完？", {DURATION}),
        ("最多补多少万元？", {MONEY}),
        ("工具费补百分之几？", {PERCENT}),
        ("最多降多少个百分点？", {PERCENT}),
        ("一共有多少家工坊？", {COUNT}),
        ("学徒要满几周岁？", {COUNT}),
        ("几月开始报名？", {DATE}),
        ("满5人的补多少万元？", {MONEY}),
        ("占地多少平方米？", {COUNT}),
    ],
)
def test_a_gap_with_its_measure_word_asks_for_that_kind_of_figure(question: str, kinds: set[FigureKind]) -> None:
    assert measured_kinds(question) == kinds


@pytest.mark.parametrize(
    "question",
    [
        "最多补多少？",
        "补贴的上限是几",
        "报名要哪几个材料？",
        "这几年有变化吗？",
        "那几项怎么办？",
        "办了好几年的工坊算不算？",
        "有十几个学徒的工坊算不算？",
        "这是第几届集市？",
        "评的是几星工坊？",
        "政府给多少支持？",
        "补3万元吗？",
        "3年内补多少？",
        "怎么申请？",
        "",
    ],
)
def test_without_a_measured_gap_no_kind_is_asked_for(question: str) -> None:
    assert measured_kinds(question) == frozenset()


def test_the_likeliest_kind_tells_which_figures_may_answer() -> None:
    kinds, certain = figure_kinds({Asked.DURATION: 0.7, Asked.CONDITION: 0.2, Asked.PHONE: 0.1})
    assert kinds == {DURATION} and certain == pytest.approx(0.8)


@pytest.mark.parametrize(("share", "kinds"), [(0.3, {MONEY, PERCENT}), (0.29, {MONEY})])
def test_a_kind_half_as_likely_as_the_first_may_answer_too(share: float, kinds: set[FigureKind]) -> None:
    found, certain = figure_kinds({Asked.AMOUNT: 0.6, Asked.RATE: share, Asked.OTHER: 0.1})
    assert found == kinds and certain == pytest.approx(0.6 + share)


def test_where_something_else_is_likeliest_no_figure_has_to_be_there() -> None:
    assert figure_kinds({Asked.CONDITION: 0.4, Asked.AMOUNT: 0.35, Asked.RATE: 0.25}) == (frozenset(), 0.0)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Asked.AMOUNT, "每户每年六百元"),
        (Asked.RATE, "按百分之二十补"),
        (Asked.COUNT, "共有12家工坊"),
        (Asked.COUNT, "名额为40"),
        (Asked.DATE, "2031年4月5日开放"),
        (Asked.DEADLINE, "4月5日截止"),
        (Asked.DURATION, "两年内有效"),
        (Asked.PHONE, "电话0599-6600022"),
    ],
)
def test_each_kind_is_answered_by_a_figure_of_its_own(asked: Asked, text: str) -> None:
    kinds, certain = figure_kinds({asked: 1.0})
    assert certain == 1.0 and states_figure(text, kinds) == 1.0
    others = [each for each in FIGURE_KINDS.values() if not each & kinds]
    assert len(others) >= 5 and all(states_figure(text, each) == 0.0 for each in others)


@pytest.mark.parametrize(
    ("text", "question", "share"),
    [
        ("共有12家工坊", "有多少家？", 1.0),
        ("7项手艺、12家工坊", "有多少家？", 1.0),
        ("共有12个工坊", "有多少家？", ALIKE_MEASURE),
        ("共有12位师傅", "有几名？", ALIKE_MEASURE),
        ("年满18岁", "要满几周岁？", ALIKE_MEASURE),
        ("共有12位师傅", "有多少家？", BARE_NUMBER),
        ("名额：木作45、陶艺90", "有多少家？", BARE_NUMBER),
        ("共有工坊若干", "有多少家？", 0.0),
        ("共有12位师傅", "数量是多少？", 1.0),
        ("名额为45", "数量是多少？", 1.0),
        ("共有12家工坊", "是不是12家？", 1.0),
        ("共有12个工坊", "是不是12家？", ALIKE_MEASURE),
    ],
)
def test_a_count_is_as_sure_as_its_measure_word(text: str, question: str, share: float) -> None:
    assert states_figure(text, FIGURE_KINDS[Asked.COUNT], question) == share


@pytest.mark.parametrize(
    ("text", "kinds", "share"),
    [("补3万元", {MONEY, COUNT}, 1.0), ("共12人", {MONEY}, 0.0), ("补3万元", set(), 0.0), ("4月5日", {DATE}, 1.0)],
)
def test_a_figure_of_another_kind_that_is_asked_for_needs_no_measure(
    text: str, kinds: set[FigureKind], share: float
) -> None:
    assert states_figure(text, frozenset(kinds), "有多少家？") == share


SHARES = st.dictionaries(st.sampled_from(list(Asked)), st.floats(0.01, 1), min_size=1)


@given(SHARES)
def test_what_may_answer_is_some_of_what_figures_there_are(shares: dict[Asked, float]) -> None:
    kinds, certain = figure_kinds(shares)
    best = max(shares, key=lambda asked: shares[asked])
    assert bool(kinds) is (best in FIGURE_KINDS) is bool(certain)
    assert FIGURE_KINDS.get(best, frozenset()) <= kinds <= frozenset().union(*FIGURE_KINDS.values())
