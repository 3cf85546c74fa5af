"""What Arabic and Chinese numerals are worth, and how numbers are written in Chinese."""

from decimal import Decimal

import pytest

from bot.text.numerals import parse_number, to_chinese


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
    ],
)
def test_a_numeral_is_worth_its_digits_times_its_scale(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["5倍", "3.5万元", "伍佰", "贰拾万", "亿五"])
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
        (250_000, "二十五万"),
    ],
)
def test_a_number_is_written_as_people_write_it(number: int, text: str) -> None:
    assert to_chinese(number) == text
