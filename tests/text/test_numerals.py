"""What Arabic and Chinese numerals are worth, and how numbers are written in Chinese."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.numerals import parse_number, to_chinese

FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200.5", "1200.5"),
        ("3千", "3000"),
        ("5百", "500"),
        ("1.5万", "15000"),
        ("2百万", "2000000"),
        ("2千万", "20000000"),
        ("3.5亿", "350000000"),
        ("1百亿", "10000000000"),
        ("1千亿", "100000000000"),
        ("1万亿", "1000000000000"),
        ("十", "10"),
        ("十五", "15"),
        ("两百", "200"),
        ("一百零五", "105"),
        ("一百一十", "110"),
        ("三千零七", "3007"),
        ("一万二千", "12000"),
        ("两千万", "20000000"),
        ("五亿", "500000000"),
        ("二〇二五", "2025"),
        ("一三五", "135"),
        ("一亿五千万", "150000000"),
        ("三千二百万", "32000000"),
        ("十二亿零五百万", "1205000000"),
        ("两万三千", "23000"),
        ("一亿零三万", "100030000"),
        ("三亿二千万零五", "320000005"),
        ("两千五百亿", "250000000000"),
        ("一万亿", "1000000000000"),
        ("三万五千亿", "3500000000000"),
        ("三点五", "3.5"),
        ("二十点零五", "20.05"),
        ("三点五亿", "350000000"),
        ("壹", "1"),
        ("拾", "10"),
        ("伍佰", "500"),
        ("贰拾万", "200000"),
        ("叁仟陆佰柒拾捌", "3678"),
        ("壹亿肆仟万零玖", "140000009"),
    ],
)
def test_a_numeral_is_worth_its_digits_times_its_scale(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["5倍", "3.5万元", "亿五", "三点", "点五", "三点五十", "三点五点二", "1.5.2", ","])
def test_a_numeral_with_anything_else_about_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_number(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (10, "十"),
        (19, "十九"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1_001, "一千零一"),
        (1_010, "一千零一十"),
        (1_100, "一千一百"),
        (10_000, "一万"),
        (10_050, "一万零五十"),
        (12_000, "一万二千"),
        (100_500, "十万零五百"),
        (10_010, "一万零一十"),
        (250_000, "二十五万"),
        (99_999_999, "九千九百九十九万九千九百九十九"),
        (100_000_000, "一亿"),
        (150_000_000, "一亿五千万"),
        (1_205_000_000, "十二亿零五百万"),
        (100_100_000, "一亿零一十万"),
        (10**12, "一万亿"),
    ],
)
def test_a_number_is_written_as_people_write_it(number: int, text: str) -> None:
    assert to_chinese(number) == text


def test_only_what_has_a_name_is_written() -> None:
    for number in (-1, 10**16):
        with pytest.raises(ValueError):
            to_chinese(number)


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_a_number_written_in_chinese_is_read_as_itself(number: int) -> None:
    assert parse_number(to_chinese(number)) == number
    assert parse_number(to_chinese(number).translate(FORMAL)) == number


@given(st.integers(min_value=0, max_value=10**8 - 1), st.sampled_from(["万", "亿"]))
def test_a_scale_after_a_fraction_multiplies_all_of_it(hundredths: int, scale: str) -> None:
    whole, rest = divmod(hundredths, 100)
    digits = "零一二三四五六七八九"
    text = f"{to_chinese(whole % 1000)}点{digits[rest // 10]}{digits[rest % 10]}{scale}"
    assert parse_number(text) == (whole % 1000 + Decimal(rest) / 100) * (10_000 if scale == "万" else 10**8)
