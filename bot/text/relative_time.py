"""Relative time words resolved against the date of the document that uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_YEARS = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "当年": 0}
_WORDS = re.compile("|".join(_YEARS))


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """``word`` as it stands, and the year it means."""

    word: str
    year: int


def resolve_relative_time(text: str, document_date: str | None) -> tuple[ResolvedTime, ...]:
    """Each relative year word of ``text`` once, by the year of ``document_date``; none without a date.

    >>> resolve_relative_time("去年，共立项17个", "2025-05-28")
    (ResolvedTime(word='去年', year=2024),)
    """
    if not document_date:
        return ()
    year = int(document_date[:4])
    found = dict.fromkeys(match.group() for match in _WORDS.finditer(text))
    return tuple(ResolvedTime(word, year + _YEARS[word]) for word in found if word != "当年")
