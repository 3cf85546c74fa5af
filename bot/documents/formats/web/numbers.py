"""The numbers a browser prints before the items of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.documents.formats.web.visible import style_of

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_ENDS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_DIGITS = "零一二三四五六七八九"
_LARGEST = 4000
_STYLES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
    "cjk-ideographic": "一",
    "simp-chinese-informal": "一",
    "trad-chinese-informal": "一",
    "none": "",
}


@dataclass(slots=True)
class Numbering:
    """An open list: how it numbers, and the number its next item has; ``style`` is empty where it prints none."""

    style: str
    next: int = 1
    step: int = 1

    def marker(self, item: Any) -> str:
        """The number printed before ``item``, a ``li`` of this list, and on to the next."""
        given = _whole(item.get("value"))
        number = given if given is not None else self.next
        self.next = number + self.step
        style = _style(item) if item.get("type") or "list-style" in style_of(item) else None
        marker = printed(number, self.style if style is None else style)
        # Markdown writes 1) as well as 1.
        return marker.replace(".", item.get("data-mark") or ".")


def open_list(node: Any) -> Numbering:
    """The numbering of an ``ol``, or of a list with bullets, which are no text."""
    if node.tag != "ol":
        return Numbering("")
    style = _style(node)
    first = _whole(node.get("start"))
    if "reversed" in node.attrib:
        items = sum(1 for child in node if child.tag == "li")
        return Numbering("1" if style is None else style, items if first is None else first, -1)
    return Numbering("1" if style is None else style, 1 if first is None else first)


def printed(number: int, style: str) -> str:
    """``number`` in a list's style, with its full stop.

    >>> printed(3, "1"), printed(28, "a"), printed(4, "I"), printed(12, "一"), printed(1, "")
    ('3.', 'ab.', 'IV.', '十二、', '')
    """
    if not style:
        return ""
    if style == "一":
        return f"{_chinese(number)}、" if 0 < number < 100 else f"{number}、"
    if style in "aA" and number > 0:
        letters = _letters(number)
        return f"{letters if style == 'a' else letters.upper()}."
    if style in "iI" and 0 < number < _LARGEST:
        roman = _roman(number)
        return f"{roman if style == 'i' else roman.upper()}."
    return f"{number}."


def _style(node: Any) -> str | None:
    declared = style_of(node)
    for name, style in _STYLES.items():
        if f"list-style-type:{name}" in declared or f"list-style:{name}" in declared:
            return style
    kind = (node.get("type") or "").strip()
    return kind if kind in ("1", "a", "A", "i", "I") else None


def _whole(value: str | None) -> int | None:
    text = (value or "").strip()
    bare = text.removeprefix("-")
    if not (bare.isascii() and bare.isdecimal() and len(bare) <= 6):
        return None
    return int(text)


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    roman = ""
    for value, letters in (*_ROMAN, *_ROMAN_ENDS):
        while number >= value:
            roman, number = roman + letters, number - value
    return roman


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")
