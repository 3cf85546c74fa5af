"""Whether a short string stands in a text: white space, width and case aside, figures whole."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MARKER = re.compile(r"\[(\d{1,3})\]")
#: ① before an item would otherwise fold into a digit and grow the figure that follows.
_CIRCLED = re.compile(r"[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def fold(text: str) -> str:
    """Width and case folded, thousands separators and markers removed; white space is kept."""
    plain = _CIRCLED.sub(" ", MARKER.sub("", text))
    return _THOUSANDS.sub("", unicodedata.normalize("NFKC", plain).casefold())


def stands_in(wanted: str, text: str) -> bool:
    """Whether ``wanted`` stands in ``text``; a figure never matches part of a longer one.

    >>> stands_in("50万元", "最高不超过 50 万元[1]"), stands_in("50万元", "最高150万元")
    (True, False)
    """
    pattern = _pattern(wanted)
    return pattern is not None and pattern.search(fold(text)) is not None


@lru_cache(maxsize=4096)
def _pattern(wanted: str) -> re.Pattern[str] | None:
    characters = [character for character in fold(wanted) if not character.isspace()]
    if not characters:
        return None
    before = r"(?<!\d)(?<!\d\.)" if characters[0].isdigit() else ""
    after = r"(?!\d)(?!\.\d)" if characters[-1].isdigit() else ""
    return re.compile(before + r"\s*".join(map(re.escape, characters)) + after)
