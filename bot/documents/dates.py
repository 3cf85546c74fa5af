"""Dates of official Chinese text as ISO dates, and the last day of a term."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.text.numerals import parse_number

_ZEROS = str.maketrans(dict.fromkeys("○ＯOo零0０", "〇"))
_S = r"[ \t\u00a0\u3000]*"
_CHINESE_DIGIT = "〇○ＯOo零0０一二三四五六七八九"
# \d is any decimal digit, the full-width ones among them.
_DATE = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20|１９|２０)\d{{2}}){_S}(?:年{_S}(?P<m>\d{{1,2}}){_S}月{_S}(?P<d>\d{{1,2}}){_S}[日号]"
    rf"|(?P<mark>[-—./／．]){_S}(?P<m2>\d{{1,2}}){_S}(?P=mark){_S}(?P<d2>\d{{1,2}})(?!\d))"
    rf"|(?P<cy>[一二](?:{_S}[{_CHINESE_DIGIT}]){{3}}){_S}年{_S}(?P<cm>[一二三四五六七八九十]{{1,2}}){_S}月"
    rf"{_S}(?P<cd>[一二三四五六七八九十]{{1,3}}){_S}日"
)

#: A date as part of a larger pattern; :func:`iso_date` reads what it matched.
DAY = (
    rf"(?:(?:19|20|１９|２０)\d{{2}}{_S}(?:年{_S}\d{{1,2}}{_S}月{_S}\d{{1,2}}{_S}[日号]|[-./／．]{_S}\d{{1,2}}{_S}[-./／．]{_S}\d{{1,2}})"
    rf"|[一二](?:{_S}[{_CHINESE_DIGIT}]){{3}}{_S}年{_S}[一二三四五六七八九十]{{1,2}}{_S}月{_S}[一二三四五六七八九十]{{1,3}}{_S}日)"
)


@dataclass(frozen=True, slots=True)
class DatedSpan:
    """A day that ``text[start:end]`` names, as an ISO date."""

    start: int
    end: int
    iso: str


@dataclass(frozen=True, slots=True)
class Term:
    """A length of validity in whole years, months and days."""

    years: int = 0
    months: int = 0
    days: int = 0


def find_dates(text: str) -> Iterator[DatedSpan]:
    """Every whole date of ``text`` that exists, in order.

    >>> [day.iso for day in find_dates("自2024年7月1日至二〇二六年六月三十日")]
    ['2024-07-01', '2026-06-30']
    """
    for match in _DATE.finditer(text):
        iso = _iso(match)
        if iso:
            yield DatedSpan(match.start(), match.end(), iso)


def iso_date(text: str) -> str | None:
    """The first date of ``text``: ``2025年5月28日``, ``2025.5.28`` or ``二〇二五年五月二十八日`` as ``2025-05-28``.

    ``None`` where ``text`` names no day that exists.
    """
    first = next(find_dates(text), None)
    return first.iso if first else None


def last_day(since: str, term: Term) -> str | None:
    """The last valid day of a term that begins on the ISO day ``since``; ``None`` beyond the calendar.

    >>> last_day("2024-01-01", Term(years=3))
    '2026-12-31'
    """
    try:
        begin = datetime.date.fromisoformat(since)
        months = begin.month - 1 + term.months + 12 * term.years
        year, month = begin.year + months // 12, months % 12 + 1
        # A term from 31 August ends on the last day of a shorter month.
        length = calendar.monthrange(year, month)[1]
        end = datetime.date(year, month, min(begin.day, length)) + datetime.timedelta(days=term.days)
        whole = begin.day <= length or term.days > 0
        return (end - datetime.timedelta(days=1) if whole else end).isoformat()
    except (ValueError, OverflowError):
        return None


def days_later(since: str, days: int) -> str | None:
    """The ISO day that comes ``days`` after ``since``; ``None`` where ``since`` is no whole date."""
    try:
        return (datetime.date.fromisoformat(since) + datetime.timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return None


def _iso(match: re.Match[str]) -> str | None:
    try:
        if match["y"]:
            parts = (int(match["y"]), int(match["m"] or match["m2"]), int(match["d"] or match["d2"]))
        else:
            year = "".join(match["cy"].split()).translate(_ZEROS)
            parts = (int(parse_number(year)), int(parse_number(match["cm"])), int(parse_number(match["cd"])))
        return datetime.date(*parts).isoformat()
    except ValueError:
        return None
