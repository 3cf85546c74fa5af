"""Cell values as a spreadsheet shows them: 35% not 0.35, 2026-06-01, 50万元 where the format adds the unit."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

#: Numbers up to here are whole numbers without loss, longer ones are shown by their digits.
_EXACT = 1e15
_NUMBER = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?|\.[#0?]+")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]\-]*)[^\]]*\]|\[[^\]]*\]')
#: What a format leaves between its literals; other letters mean a kind of format that is not read here.
_PLAIN = frozenset("#0?,.%+-()（）/¥￥$€£ :：")


def shown(value: object, number_format: str) -> str:
    """The text that a cell with ``value`` and ``number_format`` shows; a format that is not known shows the value.

    >>> shown(0.35, "0%"), shown(50, '0"万元"'), shown(1234.5, "#,##0.00"), shown(7, "000")
    ('35%', '50万元', '1,234.50', '007')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _moment(value, _bare(number_format).lower(), number_format)
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, int | float):
        return _number(value, number_format)
    return str(value)


def _moment(value: datetime | date | time, parts: str, number_format: str) -> str:
    """A date or time by the parts that its format has; without a time of day it is the date alone."""
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    year, day = "y" in parts or "e" in parts, "d" in parts
    chinese = "月" in number_format
    if not year and day:
        text = f"{value.month}月{value.day}日" if chinese else f"{value.month:02}-{value.day:02}"
    elif year and not day and "m" in parts and "h" not in parts:
        text = f"{value.year}年{value.month}月" if chinese else f"{value.year}-{value.month:02}"
    elif year and not day and "m" not in parts:
        text = f"{value.year}年" if "年" in number_format else str(value.year)
    else:
        text = f"{value.year}年{value.month}月{value.day}日" if chinese else f"{value:%Y-%m-%d}"
    clock = value.time() if isinstance(value, datetime) else time()
    if clock == time() or "h" not in parts:
        return text
    return f"{text} {clock:%H:%M:%S}" if clock.second else f"{text} {clock:%H:%M}"


def _bare(number_format: str) -> str:
    """The format without its literal text."""
    return _LITERAL.sub("", number_format)


def _number(value: float, number_format: str) -> str:
    section, value = _section(value, number_format)
    bare = _bare(section)
    found = _NUMBER.search(_blanked(section))
    if section.strip() == "":
        return "" if number_format.strip() else _plain(value)
    if "general" in bare.lower() or found is None or not set(bare) <= _PLAIN or "/" in bare:
        return _general(value, section, bare)
    digits = _digits(value * (100 if "%" in bare else 1), found.group())
    return (_literals(section[: found.start()]) + digits + _literals(section[found.end() :])).strip()


def _general(value: float, section: str, bare: str) -> str:
    """A format whose number is written as it is, with what stands around it."""
    if bare.strip().lower() == "general":
        place = section.lower().index("general")
        return (_literals(section[:place]) + _plain(value) + _literals(section[place + len("general") :])).strip()
    if "%" in bare:
        return f"{_plain(value * 100)}%"
    if bare.strip() == "" and section.strip() and value == 0:
        return _literals(section).strip()
    return _plain(value)


def _section(value: float, number_format: str) -> tuple[str, float]:
    """The part of the format for the value's sign; a part for negative numbers writes the sign itself."""
    sections = _sections(number_format)
    if len(sections) > 2 and value == 0:
        return sections[2], value
    if len(sections) > 1 and value < 0:
        return sections[1], -value
    return sections[0], value


def _sections(number_format: str) -> list[str]:
    """The format cut at the semicolons that are no literal text."""
    blanked = _blanked(number_format)
    cuts = [-1, *(index for index, character in enumerate(blanked) if character == ";"), len(number_format)]
    return [number_format[start + 1 : end] for start, end in zip(cuts, cuts[1:], strict=False)]


def _blanked(number_format: str) -> str:
    """The format with its literal text replaced by as many blanks."""
    return _LITERAL.sub(lambda match: " " * len(match.group()), number_format)


def _literals(text: str) -> str:
    """Text around a number without the marks of the format language."""
    written = _LITERAL.sub(lambda match: match.group(1) or match.group(2) or match.group(3) or "", text)
    return written.replace(",", "") if set(text) <= {","} else written


def _digits(value: float, pattern: str) -> str:
    whole, _, fraction = pattern.partition(".")
    stripped = whole.rstrip(",")
    scaled = Decimal(repr(float(value))) / (Decimal(1000) ** (len(whole) - len(stripped)))
    rounded = abs(scaled).quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP)
    integer, _, decimals = f"{rounded:f}".partition(".")
    least = fraction.count("0")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    integer = integer.rjust(stripped.count("0"), "0")
    if "," in stripped:
        integer = f"{int(integer):,}".rjust(stripped.count("0"), "0")
    sign = "-" if scaled < 0 and rounded != 0 else ""
    return f"{sign}{integer}.{decimals}" if decimals else f"{sign}{integer}"


def _plain(value: float) -> str:
    """A number with the digits it has."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < _EXACT):
        return str(int(value))
    return f"{Decimal(format(value, '.15g')):f}" if 1e-9 < abs(value) < _EXACT else format(value, ".15g")
