"""Days as people read them in English: 2025-05-28 becomes 28 May 2025."""

from __future__ import annotations

import re

_MONTHS = "January February March April May June July August September October November December".split()
#: Not a part of an id, an address or a longer number.
_DAY = re.compile(r"(?<![\w/.=-])(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?![\w/-])")


def in_words(words: str) -> str:
    """``words`` with every ISO day or month in them written out.

    >>> in_words("as of 2025-05-28")
    'as of 28 May 2025'
    """
    return _DAY.sub(lambda found: _told(found[1], found[2], found[3]), words)


def _told(year: str, month: str, day: str | None) -> str:
    told = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {told}" if day else told
