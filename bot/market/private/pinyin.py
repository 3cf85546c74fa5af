"""A Chinese name in Latin letters, by the reading of its characters; one without a known reading may be any."""

from __future__ import annotations

from bot.text.readings import readings

_ANY = "[a-zü]{1,6}"
_GAP = r"[\s'·.-]{0,2}"
#: Surnames read otherwise than the character alone.
_SURNAMES = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "朴": "piao", "尉": "yu"}


def syllables(name: str) -> tuple[str, ...]:
    """The syllables of a Chinese name as patterns; empty when it has other characters.

    >>> syllables("星火")
    ('xing', 'huo')
    """
    known = readings()
    if not name or not all("\u4e00" <= each <= "\u9fff" for each in name):
        return ()
    return tuple(known.get(each, _ANY).replace("v", "[vu]") for each in name)


def spelt(name: str) -> str:
    """A pattern for the name in Latin letters, in one word or in several; empty when there is none to tell."""
    parts = syllables(name)
    if len(parts) < 2 or sum(part == _ANY for part in parts) * 2 > len(parts):
        return ""
    return rf"(?<![a-z]){_GAP.join(parts)}(?![a-z])"


def spelt_person(surname: str, given: str) -> tuple[str, ...]:
    """Patterns for a person's name: either part first, and the surname under a title."""
    first, rest = syllables(surname), syllables(given)
    if not first or not rest or _ANY in first:
        return ()
    family, own = _SURNAMES.get(surname) or _GAP.join(first), _GAP.join(rest)
    separator = r"[\s,'·.-]{0,3}"
    return (
        rf"(?<![a-z]){family}{separator}{own}(?![a-z])",
        rf"(?<![a-z]){own}{separator}{family}(?![a-z])",
        rf"(?<![a-z]){rest[0][0]}\.\s?{family}(?![a-z])",
        rf"(?<![a-z])(?:prof|dr|mr|ms|mrs|miss|professor)\.?\s?{family}(?![a-z])",
    )
