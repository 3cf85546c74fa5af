from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.figures import FigureKind, figure_keys, parse_figures, stands_in
from bot.text.numerals import parse_number, to_chinese


def only(text: str):
    (figure,) = parse_figures(text)
    return figure


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("50万元", "500,000元"),
        ("50 万元", "五十万元"),
        ("六个月", "6 个月"),
        ("半年", "6个月"),
        ("百分之三十", "30%"),
        ("2025年5月28日", "2025-05-28"),
        ("二〇二五年五月二十八日", "2025年5月28日"),
        ("三星级", "3星级"),
        ("1.5亿元", "15000万元"),
        ("17个", "17 个"),
        ("第四届", "第4届"),
    ],
)
def test_equal_figures_have_equal_keys(first: str, second: str) -> None:
    assert only(first).key == only(second).key


@pytest.mark.parametrize(
    ("first", "second"),
    [("50万元", "50元"), ("6个月", "6天"), ("50%", "50万元"), ("17个", "17人"), ("5个百分点", "5%")],
)
def test_different_figures_have_different_keys(first: str, second: str) -> None:
    assert only(first).key != only(second).key


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("最高不超过50万元", FigureKind.MONEY, Decimal(500_000), "元"),
        ("预计将有50余名学者", FigureKind.COUNT, Decimal(50), "名"),
        ("电话52564588-3335", FigureKind.PHONE, "52564588-3335", ""),
        ("沪府办规〔2024〕14号", FigureKind.DOCUMENT_NUMBER, "沪府办规〔2024〕14号", ""),
        ("客服热线12345", FigureKind.PHONE, "12345", ""),
        ("2月3日起", FigureKind.DATE, "--02-03", ""),
        ("￥5,000", FigureKind.MONEY, Decimal(5000), "元"),
        ("5至20周", FigureKind.DURATION, Decimal(140), "天"),
    ],
)
def test_kinds_values_and_units(text: str, kind: FigureKind, value: object, unit: str) -> None:
    figure = parse_figures(text)[-1]
    assert (figure.kind, figure.value, figure.unit) == (kind, value, unit)


@pytest.mark.parametrize("text", ["第一资源", "一体化发展", "一批需求", "一系列活动", "统一管理", "去年"])
def test_words_are_no_figures(text: str) -> None:
    assert not [figure for figure in parse_figures(text) if figure.kind is not FigureKind.GRADE]


def test_a_date_stands_for_its_coarser_parts_but_not_the_other_way_round() -> None:
    assert stands_in(only("2025年"), "2025年5月28日印发")
    assert not stands_in(only("2025年5月28日"), "2025年印发")


def test_a_bare_number_may_stand_for_a_counted_one() -> None:
    assert stands_in(only("219"), "共219项")
    assert not stands_in(only("219项"), "编号219")


@given(st.integers(min_value=1, max_value=99_999))
def test_an_amount_in_ten_thousands_is_worth_ten_thousand_times(number: int) -> None:
    assert only(f"{number}万元").value == Decimal(number) * 10_000


@given(st.integers(min_value=0, max_value=99_999_999))
def test_chinese_numerals_come_back(number: int) -> None:
    assert parse_number(to_chinese(number)) == number


@given(st.integers(min_value=2, max_value=9_999))
def test_a_count_in_either_script_is_the_same(number: int) -> None:
    assert only(f"{to_chinese(number)}家").key == only(f"{number}家").key


@given(st.text(alphabet="0123456789一二三十百万亿元个月年日%.,，。〔〕号家 -第百分之", max_size=40))
def test_figures_are_spans_in_order_that_never_overlap(text: str) -> None:
    end = 0
    for figure in parse_figures(text):
        assert text[figure.start : figure.end] == figure.text
        assert figure.start >= end
        end = figure.end
        assert figure.key in figure_keys(text)


@given(st.dates())
def test_dates_in_both_spellings_are_one(date) -> None:
    if 1900 <= date.year < 2100:
        assert only(f"{date.year}年{date.month}月{date.day}日").value == date.isoformat()
        assert only(date.isoformat()).value == date.isoformat()


@pytest.mark.parametrize("text", ["", "万", "五百a", "1a", "十x"])
def test_what_is_no_number_raises(text: str) -> None:
    with pytest.raises(ValueError):
        parse_number(text)
