"""Dates of official Chinese text as ISO dates."""

from __future__ import annotations

import datetime
import re

from bot.text.numerals import parse_number

_ZEROS = str.maketrans(dict.fromkeys("○ＯO零0", "〇"))
_CHINESE_DATE = re.compile(r"(\S{4})年(\S{1,3})月(\S{1,3})日")
_DIGITS_DATE = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")


def iso_date(text: str) -> str | None:
    """``2025年5月28日``, ``2025-5-28`` or ``二〇二五年五月二十八日`` as ``2025-05-28``.

    ``None`` where ``text`` names no day that exists.
    """
    match = _DIGITS_DATE.search(text)
    try:
        if match:
            year, month, day = (int(part) for part in match.groups())
        else:
            chinese = _CHINESE_DATE.search("".join(text.split()))
            if chinese is None:
                return None
            year = int(parse_number(chinese.group(1).translate(_ZEROS)))
            month, day = (int(parse_number(part)) for part in chinese.groups()[1:])
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
