"""Figures in the spellings that official text has for them, and texts that only look like figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.figures import FigureKind, ParsedFigure, parse_figures, stands_in
from bot.text.numerals import to_chinese
from tests.support.spent import within

FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def only(text: str) -> ParsedFigure:
    (figure,) = parse_figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        # shares
        ("五个百分点", FigureKind.PERCENT, "5", "个百分点"),
        ("一点五个百分点", FigureKind.PERCENT, "1.5", "个百分点"),
        ("百分之三点五", FigureKind.PERCENT, "3.5", "%"),
        ("百分之一百", FigureKind.PERCENT, "100", "%"),
        ("千分之五", FigureKind.PERCENT, "0.5", "%"),
        ("千分之0.5", FigureKind.PERCENT, "0.05", "%"),
        ("万分之五", FigureKind.PERCENT, "0.05", "%"),
        # spans with a half
        ("两年半", FigureKind.DURATION, "30", "月"),
        ("3年半", FigureKind.DURATION, "42", "月"),
        ("三个半月", FigureKind.DURATION, "3.5", "月"),
        ("两天半", FigureKind.DURATION, "2.5", "天"),
        ("一个半小时", FigureKind.DURATION, "90", "分钟"),
        # amounts
        ("一亿五千万元", FigureKind.MONEY, "150000000", "元"),
        ("三点五亿元", FigureKind.MONEY, "350000000", "元"),
        ("伍佰元", FigureKind.MONEY, "500", "元"),
        ("贰拾万元", FigureKind.MONEY, "200000", "元"),
        ("伍元", FigureKind.MONEY, "5", "元"),
        ("壹仟贰佰叁拾肆万元", FigureKind.MONEY, "12340000", "元"),
        # counts and bare numbers
        ("一亿五千万人", FigureKind.COUNT, "150000000", "人"),
        ("一亿五千万", FigureKind.NUMBER, "150000000", ""),
        ("3.5万", FigureKind.NUMBER, "35000", ""),
        # ordinals
        ("第3家", FigureKind.GRADE, "3", "第家"),
        ("第10个", FigureKind.GRADE, "10", "第个"),
        ("第三个月", FigureKind.GRADE, "3", "第个月"),
        ("第10个工作日", FigureKind.GRADE, "10", "第个工作日"),
        ("第二年", FigureKind.GRADE, "2", "第年"),
    ],
)
def test_a_figure_is_read_whole(text: str, kind: FigureKind, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.text, figure.value, figure.unit) == (kind, text, Decimal(value), unit)


@pytest.mark.parametrize(
    ("counted", "source"),
    [("3家", "第3家"), ("10个", "第10个"), ("3个月", "第3个月"), ("10个工作日", "第10个工作日"), ("两年", "第二年")],
)
def test_a_place_in_an_order_is_no_number_of_things_or_days(counted: str, source: str) -> None:
    assert not stands_in(only(counted), source) and not stands_in(only(source), counted)


@pytest.mark.parametrize("text", ["队伍条件", "退伍人员", "大陆人士", "收拾一新", "登陆点", "十年半导体", "三分之一"])
def test_a_word_with_the_character_of_a_number_is_no_figure_of_it(text: str) -> None:
    assert [figure.text for figure in parse_figures(text)] == (["十年"] if "年" in text else [])


def test_a_point_in_time_is_no_fraction_and_a_bare_small_number_no_figure() -> None:
    assert [figure.text for figure in parse_figures("下午三点五十分")] == ["三点"]
    assert parse_figures("十四五规划，十万八千里") == ()


# --- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2025年13月", "13月1日", "5月32日", "2025-13-01", "二〇二五年十三月"])
def test_a_day_that_no_calendar_has_is_what_is_printed_and_nothing_else(text: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.text, figure.value) == (FigureKind.NUMBER, text, text)
    assert stands_in(figure, f"截至{text}。") and not stands_in(figure, "共300个月，13日止，2025年1月。")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025年13家企业", ["2025年", "13家"]),
        ("2025年5月30家企业", ["2025年5月", "30家"]),
        ("12,2025年", ["12", "2025年"]),
        ("12 abc", ["12"]),
        ("12345市民服务热线、12333人力资源热线", ["12345", "12333"]),
        ("第一人民医院5名医生", ["5名"]),
    ],
)
def test_figures_that_follow_one_another_are_told_apart(text: str, found: list[str]) -> None:
    assert [figure.text for figure in parse_figures(text)] == found


# --- phones and document numbers -----------------------------------------------------------------

PHONES = ("（021）52564588", "(021)52564588", "021-52564588", "021 52564588", "02152564588", "（021）-52564588")


def test_a_phone_has_one_key_however_its_area_is_printed() -> None:
    assert {only(text).key for text in PHONES} == {(FigureKind.PHONE, "021-52564588", "")}
    assert [figure.value for figure in parse_figures("（0533-6600011）")] == ["0533-6600011"]
    assert only("(021)52564588转12").value == "021-52564588-12"


def test_a_phone_stands_where_the_area_is_printed_too_and_its_extension_is_no_phone() -> None:
    for text in PHONES:
        assert stands_in(only("52564588"), f"电话：{text}") and not stands_in(only(text), "电话：52564588")
    assert not stands_in(only("热线12345"), "电话：52564588-12345")
    assert not stands_in(only("52564588"), "电话：52564588-3335")


@pytest.mark.parametrize(
    "first", ["见甲科〔2024〕14号", "依据甲科[2024]14号", "甲科（2024）第14号", "的通知甲科(2024)14号"]
)
@pytest.mark.parametrize("second", ["依据甲科〔2024〕14号", "请各单位根据甲科【2024】14号", "甲科［2024］14 号"])
def test_a_document_number_is_compared_from_the_right(first: str, second: str) -> None:
    assert stands_in(only(first), f"《办法》，{second}。") and stands_in(only(second), f"《办法》，{first}。")


@pytest.mark.parametrize(
    "other", ["乙科〔2024〕14号", "甲科〔2024〕4号", "甲科规〔2024〕14号", "第014号", "据甲科〔2023〕14号"]
)
def test_a_document_number_of_another_name_year_or_place_is_another(other: str) -> None:
    assert not stands_in(only("见甲科〔2024〕14号"), other) and not stands_in(only(other), "见甲科〔2024〕14号")


# --- any number, any text ------------------------------------------------------------------------


@given(st.integers(min_value=10, max_value=10**12))
def test_an_amount_is_the_same_in_any_numerals(number: int) -> None:
    spelt = to_chinese(number)
    assert only(f"{spelt}元").key == only(f"{number}元").key == only(f"{spelt.translate(FORMAL)}元").key


@given(
    st.text(
        alphabet="0123456789一二三十百千万亿两点零半壹伍拾佰个月年日天家第元%‰分之,，.（）()〔〕[]号 -转热线",
        max_size=40,
    )
)
def test_any_text_is_read_in_spans_that_follow_one_another(text: str) -> None:
    end = 0
    for figure in parse_figures(text):
        assert text[figure.start : figure.end] == figure.text == figure.text.strip()
        assert figure.start >= end and stands_in(figure, text)
        end = figure.end


@pytest.mark.parametrize(
    "text",
    ["十" * 3000, "1" * 3000, "一" * 3000, "壹" * 3000, "1" + " " * 3000, "一点" + "五" * 3000, "111," * 1000 + "1112", "第一" * 1500, "依据" * 1500 + "〔2024〕1号"],
    ids=lambda text: text[:3],
)  # fmt: skip
def test_no_long_run_takes_long(text: str) -> None:
    with within(0.5):
        parse_figures(text)
