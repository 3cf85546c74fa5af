"""Raised and lowered characters as plain text: 10⁸, m², CO₂."""

from __future__ import annotations

import unicodedata

_SUPERSCRIPTS = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ", strict=True))
#: Words of measure that a raised figure may follow; after any other Chinese word it points at a note.
_MEASURES = frozenset("米分秒克")
_BRACKETS = "[]［］〔〕()（）【】"


def superscript(text: str, before: str, *, is_link: bool) -> str:
    """What stands for raised ``text`` after ``before``: an exponent, or a reference to a note in brackets.

    >>> "10" + superscript("8", "10", is_link=False), superscript("1", "办法", is_link=False)
    ('10⁸', '[1]')
    """
    bare = text.strip()
    if not bare:
        return text
    number = bare.strip(_BRACKETS)
    last = before.rstrip()[-1:]
    after_word = last not in _MEASURES and unicodedata.east_asian_width(last or "a") in "WF"
    if is_link or (number.isdecimal() and (number != bare or after_word)):
        as_printed = number != bare or not number.isalnum() or unicodedata.category(number[0]) == "No"
        return bare if as_printed else f"[{number}]"
    if unicodedata.east_asian_width(bare[0]) in "WF" or bare[0] in "[〔①②③④⑤⑥⑦⑧⑨⑩*※†":
        return bare
    return _scripted(bare, _SUPERSCRIPTS, "^")


def subscript(text: str) -> str:
    """What stands for lowered ``text``."""
    bare = text.strip()
    return _scripted(bare, _SUBSCRIPTS, "_") if bare and bare.isascii() else text


def _scripted(text: str, characters: dict[str, str], mark: str) -> str:
    if all(character in characters for character in text):
        return "".join(characters[character] for character in text)
    return f"{mark}({text})"
