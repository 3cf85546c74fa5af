"""Ranges that text states with words, and the figures that lie in them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.figures import FigureKind, ParsedFigure, parse_figures
from bot.text.ranges import Range, same_unit, stated_ranges


def only(text: str) -> Range:
    (found,) = stated_ranges(text)
    return found


def figure(text: str) -> ParsedFigure:
    (found,) = parse_figures(text)
    return found


def bounds(text: str) -> list[tuple[Decimal | None, Decimal | None]]:
    return [(each.low, each.high) for each in stated_ranges(text)]


@pytest.mark.parametrize("word", "未满 不满 低于 少于 小于 不足 不到 不超过 不高于 至多 < ≤".split())
def test_a_word_before_a_figure_makes_it_the_upper_end(word: str) -> None:
    assert only(f"从业人员{word}60人的") == Range(FigureKind.COUNT, "人", None, Decimal(60))


@pytest.mark.parametrize("word", "满 超过 高于 大于 多于 达到 年满 > ≥".split())
def test_a_word_before_a_figure_makes_it_the_lower_end(word: str) -> None:
    assert only(f"带徒{word}6人的") == Range(FigureKind.COUNT, "人", Decimal(6), None)


@pytest.mark.parametrize("word", "以下 及以下 以内 之内 （含）以下 (含)以下".split())
def test_a_word_after_a_figure_makes_it_the_upper_end(word: str) -> None:
    assert only(f"合同金额8万元{word}的") == Range(FigureKind.MONEY, "元", None, Decimal(80_000))


@pytest.mark.parametrize("word", "以上 及以上 （含）以上 (含)以上 起".split())
def test_a_word_after_a_figure_makes_it_the_lower_end(word: str) -> None:
    assert only(f"经营3年{word}的") == Range(FigureKind.DURATION, "月", Decimal(36), None)


@pytest.mark.parametrize("word", ["不低于", "不少于", "不小于"])
def test_a_lower_end_that_denies_an_upper_one_is_a_lower_end(word: str) -> None:
    assert bounds(f"投入{word}9万元") == [(Decimal(90_000), None)]


@pytest.mark.parametrize("word", ["不大于", "不多于"])
def test_an_upper_end_that_denies_a_lower_one_is_an_upper_end(word: str) -> None:
    assert bounds(f"占地{word}90平方米") == [(None, Decimal(90))]


@pytest.mark.parametrize("to", ["至", "到", "-", "—", "~", "～", "－", "–"])
def test_two_figures_with_a_dash_or_word_between_them_are_one_range(to: str) -> None:
    assert bounds(f"每件补贴3万元{to}5万元。") == [(Decimal(30_000), Decimal(50_000))]


@pytest.mark.parametrize(
    "text",
    [
        "满24周岁至未满36周岁",
        "满24周岁以上、未满36周岁",
        "24周岁以上36周岁以下",
        "满24周岁不满36周岁",
        "24周岁 至 36周岁",
        "24岁至36周岁",
        "满 24 周岁、未满 36 周岁",
    ],
)
def test_two_ends_close_together_are_joined(text: str) -> None:
    assert bounds(text) == [(Decimal(24), Decimal(36))]


def test_ends_far_apart_are_two_ranges() -> None:
    text = "3万元以上的，由区里组织专家评审；5万元以下的，由镇里审核"
    assert bounds(text) == [(Decimal(30_000), None), (None, Decimal(50_000))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("满2年的给一次，满4年的再给一次", [(Decimal(24), None), (Decimal(48), None)]),
        ("2年以上的5万元以下", [(Decimal(24), None), (None, Decimal(50_000))]),
        ("满5人，不足3人", [(Decimal(5), None), (None, Decimal(3))]),
        ("不足3人，满5人", [(None, Decimal(3)), (Decimal(5), None)]),
    ],
)
def test_what_is_no_pair_of_ends_is_not_joined(
    text: str, expected: list[tuple[Decimal | None, Decimal | None]]
) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "每件作品补贴3万元。",
        "共有12家工坊、90名学徒",
        "办理时间为5天",
        "2031年以上年度为准",
        "拨打0599-6600022以上",
        "3万元，5万元",
        "编号12以上",
        "编号3-5",
        "",
        "没有数字的一句话以上",
    ],
)
def test_a_plain_figure_makes_no_range(text: str) -> None:
    assert stated_ranges(text) == ()


@pytest.mark.parametrize("text", ["由2人到现场核对", "3万元至今未拨付"])
def test_a_figure_before_a_word_like_to_makes_no_range_by_itself(text: str) -> None:
    assert stated_ranges(text) == ()


@pytest.mark.parametrize("text", ["3至5万元", "3—5万元"])
def test_the_unit_may_stand_at_the_second_figure_only(text: str) -> None:
    assert bounds(text) == [(Decimal(30_000), Decimal(50_000))]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("满24周岁至未满36周岁", ["24周岁", "30岁", "36周岁"], ["23周岁", "37岁"]),
        ("3万元以上", ["3万元", "三万元", "1亿元"], ["29999元", "0.5万元"]),
        ("不超过半年", ["6个月", "半年", "5个月"], ["7个月", "1年"]),
        ("不高于5%", ["5%", "百分之四"], ["6%"]),
        ("三星级以上", ["四星"], ["二星"]),
    ],
)
def test_a_range_holds_its_ends_and_what_lies_between(text: str, inside: list[str], outside: list[str]) -> None:
    assert all(only(text).holds(figure(each)) for each in inside)
    assert not any(only(text).holds(figure(each)) for each in outside)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("50人以下", "12家"),
        ("50人以下", "12"),
        ("50人以上", "1万"),
        ("5天以上", "1亿"),
        ("50万元以下", "12"),
        ("50万元以下", "12美元"),
        ("50万元以下", "12人"),
        ("50万元以下", "3%"),
        ("50天以下", "12个月"),
        ("50天以下", "12个工作日"),
        ("50%以下", "3个百分点"),
        ("50万元以下", "2031年4月5日"),
        ("50万元以下", "0599-6600022"),
    ],
)
def test_a_figure_of_another_kind_or_unit_never_lies_in_a_range(text: str, other: str) -> None:
    assert not only(text).holds(figure(other))


@pytest.mark.parametrize(("amount", "held"), [("8万", True), ("12万", False), ("1亿", False), ("80000", False)])
def test_money_may_be_named_by_its_ten_thousands_alone(amount: str, held: bool) -> None:
    assert only("到账10万元以下的").holds(figure(f"到账{amount}")) is held


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("岁", "周岁", True), ("人", "名", True), ("家", "个", True), ("台", "台", True), ("人", "家", False)],
)
def test_measure_words_that_count_the_same(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same and same_unit(other, one) is same


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 6_000))
def test_a_joined_range_holds_exactly_what_lies_between_its_ends(low: int, width: int, asked: int) -> None:
    found = only(f"满{low}人至未满{low + width}人")
    assert found.holds(figure(f"{asked}人")) is (low <= asked <= low + width)
