"""Arabic and Chinese numerals as exact numbers."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "俩": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_SCALES = {"百万": 10**6, "千万": 10**7, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12} | _LARGE | _UNITS
_NAMED = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
#: Formal numerals, as contracts and cheques have them, read like the plain ones.
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
FORMAL_DIGIT = "[壹贰叁肆伍陆柒捌玖拾]"
#: 点五 after a whole number, with a scale (三点五亿); 三点五十 is a time of day.
_FRACTION = r"点[〇零一二三四五六七八九]++(?:万亿|[百千]?[万亿])?+(?![十百千])"
#: A run of Chinese numeral characters that starts with a digit or 十, never read in part. A formal digit alone
#: is a word (队伍, 大陆).
CHINESE_NUMERAL = (
    rf"(?>[一二三四五六七八九两十][〇零一二三四五六七八九两十百千万亿]*(?:{_FRACTION})?"
    rf"|{FORMAL_DIGIT}[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)"
)
_ARABIC = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(.*)", re.DOTALL)
_WITH_FRACTION = re.compile(r"([^点]+)点([〇零一二三四五六七八九]+)(万亿|[百千]?[万亿])?")


def parse_number(text: str) -> Decimal:
    """The value of ``50``, ``1,200.5``, ``3.5亿``, ``三十五``, ``一亿五千万``, ``三点五``, ``伍佰``.

    Raises ValueError when ``text`` is no number.
    """
    text = text.strip().translate(_PLAIN)
    match = _ARABIC.fullmatch(text)
    if match:
        scale = match.group(2).strip()
        if scale and scale not in _SCALES:
            raise ValueError(f"not a number: {text!r}")
        return Decimal(match.group(1).replace(",", "")) * _SCALES.get(scale, 1)
    match = _WITH_FRACTION.fullmatch(text)
    if match:
        whole, fraction, scale = match.groups()
        return Decimal(f"{_whole(whole)}.{_digits(fraction)}") * _SCALES.get(scale, 1)
    return _whole(text)


def _digits(text: str) -> str:
    return "".join(str(_DIGITS[character]) for character in text)


def _whole(text: str) -> Decimal:
    if not text or text[0] in _LARGE or any(c not in _DIGITS and c not in _UNITS and c not in _LARGE for c in text):
        raise ValueError(f"not a number: {text!r}")
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return Decimal(_digits(text))
    # What stands above 亿, what above 万, and what above neither: a 万 multiplies nothing beyond the last 亿.
    hundred_millions = ten_thousands = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character == "万":
            ten_thousands = (ten_thousands + section + digit) * _LARGE[character]
            section = digit = 0
        else:
            hundred_millions = (hundred_millions + ten_thousands + section + digit) * _LARGE[character]
            ten_thousands = section = digit = 0
    return Decimal(hundred_millions + ten_thousands + section + digit)


def to_chinese(number: int) -> str:
    """The Chinese numeral of ``0 <= number < 10**16``.

    >>> to_chinese(12), to_chinese(305), to_chinese(150_000_000)
    ('十二', '三百零五', '一亿五千万')
    """
    if not 0 <= number < 10**16:
        raise ValueError(f"not from 0 to below 10**16: {number}")
    if number < 10:
        return "零一二三四五六七八九"[number]
    unit, size = next((unit, size) for unit, size in _NAMED if number >= size)
    high, low = divmod(number, size)
    head = "" if size == 10 and high == 1 else to_chinese(high)
    if not low:
        return head + unit
    tail = to_chinese(low)
    gap = "零" if low < size // 10 else ""
    # 一百一十 keeps its 一, a bare 十二 does not.
    return head + unit + gap + ("一" if tail.startswith("十") else "") + tail
