"""Follow-ups on a list: which of its items a question means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.numerals import parse_number

_ORDINAL = re.compile(r"第\s*(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})\s*(?:个|项|条|款|家|种|份|名|位)")
#: The first and the last of a list, said otherwise.
_NAMED = {"前者": 1, "头一个": 1, "后者": 2}
_ITEM = re.compile(r"^(?:-|[（(]?[一二三四五六七八九十\d]{1,3}[）).、．](?!\d))\s*(?P<text>[^\n]+)", re.MULTILINE)
_MARKERS = re.compile(r"\[\d+\]")
#: An item is named by what stands before its colon, or by its beginning.
ITEM_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Ordinal:
    """``text`` as it stands in the question, and the place it means, from 1."""

    text: str
    number: int


def ordinal_in(question: str) -> Ordinal | None:
    """The place in a list that a question names.

    >>> ordinal_in("第二个是哪家银行的")
    Ordinal(text='第二个', number=2)
    """
    for word, number in _NAMED.items():
        if word in question:
            return Ordinal(word, number)
    match = _ORDINAL.search(question)
    return Ordinal(match.group(), int(parse_number(match["number"]))) if match else None


def listed_items(answer: str) -> tuple[str, ...]:
    """The names of the items of an answer's list, in order."""
    items = (_MARKERS.sub("", match["text"]) for match in _ITEM.finditer(answer))
    return tuple(re.split(r"[：:，。；]", item)[0].strip("“”《》")[:ITEM_CHARACTERS] for item in items)
