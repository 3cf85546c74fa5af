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
#: A run of Chinese numeral characters that starts with a digit or 十.
CHINESE_NUMERAL = r"[一二三四五六七八九两十][〇零一二三四五六七八九两十百千万亿]*"
_ARABIC = re.compile(r"([\d,]+(?:\.\d+)?)\s*(.*)", re.DOTALL)


def parse_number(text: str) -> Decimal:
    """The value of ``50``, ``1,200.5``, ``3.5亿``, ``三十五``, ``一万二千``, ``两千万``.

    Raises ValueError when ``text`` is no number.
    """
    text = text.strip()
    match = _ARABIC.fullmatch(text)
    if match:
        scale = match.group(2).strip()
        if scale and scale not in _SCALES:
            raise ValueError(f"not a number: {text!r}")
        return Decimal(match.group(1).replace(",", "")) * _SCALES.get(scale, 1)
    return Decimal(_chinese(text))


def _chinese(text: str) -> int:
    if not text or text[0] in _LARGE or any(c not in _DIGITS and c not in _UNITS and c not in _LARGE for c in text):
        raise ValueError(f"not a number: {text!r}")
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            total = (total + section + digit) * _LARGE[character]
            section = digit = 0
    return total + section + digit


def to_chinese(number: int) -> str:
    """The Chinese numeral of ``0 <= number < 10**8``.

    >>> to_chinese(12), to_chinese(305)
    ('十二', '三百零五')
    """
    if number < 10:
        return "零一二三四五六七八九"[number]
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return to_chinese(high) + "万" + gap + (to_chinese(low) if low else "")
    for unit, size in (("千", 1000), ("百", 100), ("十", 10)):
        if number >= size:
            high, low = divmod(number, size)
            head = "" if size == 10 and high == 1 else to_chinese(high)
            gap = "零" if 0 < low < size // 10 else ""
            # 一百一十 keeps its 一, a bare 十二 does not.
            tail = ("一" if 10 <= low < 20 else "") + to_chinese(low) if low else ""
            return head + unit + gap + tail
    raise ValueError(f"not below 10**8: {number}")
