"""Figures and names that a model wrote out instead of keeping their placeholders: found by value, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answering.model.english.records import Kind, Mask, MaskedUnit

_COUNTS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty"
).split()
_MONTHS = "January February March April May June July August September October November December".split()
_AT_MOST = r"(?:up to|at most|no more than|not more than|not exceeding|a maximum of|maximum of)"
_AT_LEAST = r"(?:at least|no less than|not less than|no fewer than|a minimum of)"
#: How else a bound told by code may be written.
_BOUNDS = {
    "up to ": rf"{_AT_MOST} ",
    "no more than ": rf"{_AT_MOST} ",
    "at least ": rf"{_AT_LEAST} ",
    "less than ": r"(?:less than|under|below|fewer than) ",
    "more than ": r"(?:more than|over|exceeding|above|in excess of) ",
    "about ": r"(?:about|around|approximately|roughly) ",
    "within ": r"(?:within) ",
    "before ": r"(?:before) ",
    "after ": r"(?:after) ",
    "from ": r"(?:from|since|as of|starting from|with effect from) ",
    "until ": r"(?:until|to|till) ",
    "as of ": r"(?:as of|by) ",
    "the last ": r"the (?:last|past) ",
    "the first ": r"the first ",
    "each full ": r"(?:each|every) (?:full )?",
}
_DATE = re.compile(r"(?:(?P<day>\d{1,2}) )?(?P<month>" + "|".join(_MONTHS) + r")(?: (?P<year>\d{4}))?")
_MONEY = re.compile(r"(?P<currency>RMB|USD|EUR|GBP|HKD|JPY|SGD) (?P<amount>[\d,]+(?:\.\d+)?)")
_SPAN = re.compile(r"(?P<number>[\d.,]+) (?P<unit>year|month|week|day|hour|minute|quarter|working day|star)s?\b")
_NUMBER = re.compile(r"(?<![\d.,])[\d,]+(?:\.\d+)?(?![\d])")
_SCALES = (("thousand", 3), ("million", 6), ("billion", 9))
_CURRENCY_WORDS = {"RMB": r"(?:RMB|CNY|¥|￥) ?", "USD": r"(?:USD|US\$) ?", "EUR": r"(?:EUR|€) ?", "GBP": r"(?:GBP|£) ?"}


def with_placeholders(english: str, unit: MaskedUnit) -> str:
    """``english`` with the placeholders that it lacks in place of what they stand for, where that is written out."""
    lacking = [(place, mask) for place, mask in enumerate(unit.masks, start=1) if f"⟦{place}⟧" not in english]
    # The longest first, so that the 3 of "3 April 2023" is not taken for a count.
    for place, mask in sorted(lacking, key=lambda each: (-len(each[1].english), each[0])):
        for pattern in _ways(mask):
            match = re.search(rf"(?<![\w.,⟦]){pattern}(?![\w⟧]|[.,]\d)", english, re.IGNORECASE)
            if match is None and mask.kind not in (Kind.FIGURE, Kind.DATE, Kind.BOUND, Kind.RATE, Kind.LABEL):
                match = re.search(pattern, english)
            if match is not None:
                english = f"{english[: match.start()]}⟦{place}⟧{english[match.end() :]}"
                break
    for place, mask in enumerate(unit.masks, start=1):
        # "within ⟦1⟧" where ⟦1⟧ is "within 60 days": said twice, meant once.
        for bound in _BOUNDS:
            if mask.english.startswith(bound):
                english = re.sub(rf"\b{bound}(?=⟦{place}⟧)", "", english, flags=re.IGNORECASE)
    return english


def _ways(mask: Mask) -> Iterator[str]:
    """Patterns of ``mask`` in English, the fullest first."""
    if mask.kind in (Kind.TITLE, Kind.QUOTED):
        yield re.escape(mask.english)
        yield rf"[《“\"「]?{re.escape(mask.source.strip('《》“”「」'))}[》”\"」]?"
        return
    if mask.kind not in (Kind.FIGURE, Kind.DATE, Kind.BOUND, Kind.RATE):
        yield re.escape(mask.english)
        yield re.escape(mask.source.strip())
        return
    yield _written(mask.english)
    for ending, start in ((" or more", _AT_LEAST), (" or less", _AT_MOST), (" or above", _AT_LEAST)):
        if mask.english.endswith(ending):
            core = _written(mask.english.removesuffix(ending))
            yield rf"{core} (?:or|and) (?:{'less|below|under' if ending == ' or less' else 'more|above|over|higher'})"
            yield rf"{start} {core}"


def _written(english: str) -> str:
    """A pattern of every way to write what code tells as ``english``."""
    for bound, pattern in _BOUNDS.items():
        if english.startswith(bound):
            return pattern + _written(english[len(bound) :])
    pieces, at = [], 0
    while at < len(english):
        found = next((match for each in (_DATE, _MONEY, _SPAN, _NUMBER) if (match := each.match(english, at))), None)
        pieces.append(_either(found) if found else _small(english[at]))
        at = found.end() if found else at + 1
    return (
        "".join(pieces)
        .replace(r"\ per\ ", r" (?:per|a|each|every) ")
        .replace(" (?:per|a|each|every) person", " (?:per|a|each|every) person")
    )


def _small(character: str) -> str:
    return {" ": r"\ ", "%": r"(?:%| percent| per cent)"}.get(character, re.escape(character))


def _either(match: re.Match[str]) -> str:
    if match.re is _DATE:
        return _dates(match["day"], match["month"], match["year"])
    if match.re is _MONEY:
        return _amounts(match["currency"], match["amount"])
    if match.re is _SPAN:
        return rf"{_numbers(match['number'])}[ -]{match['unit']}s?"
    return _numbers(match.group())


def _dates(day: str | None, month: str, year: str | None) -> str:
    number = _MONTHS.index(month) + 1
    if not day:
        ways = [f"{month},? {year}", f"{year}-{number:02d}"] if year else [month]
    else:
        ways = [f"{day} {month}", f"{month} {day}"]
        ways = [f"{way},? {year}" for way in ways] + [f"{year}-{number:02d}-{int(day):02d}"] if year else ways
    return f"(?:{'|'.join(ways)})"


def _amounts(currency: str, amount: str) -> str:
    number = _numbers(amount)
    word = _CURRENCY_WORDS.get(currency, f"{currency} ?")
    return rf"(?:{word}{number}|{number} (?:RMB|yuan|CNY))" if currency == "RMB" else f"(?:{word}{number})"


def _numbers(printed: str) -> str:
    plain = printed.replace(",", "").rstrip(".")
    ways = [re.escape(printed), re.escape(plain)]
    if plain.isdecimal() and int(plain) < len(_COUNTS):
        ways.append(_COUNTS[int(plain)])
    if plain.isdecimal():
        ways += [
            rf"{_shifted(plain, digits)} {word}"
            for word, digits in _SCALES
            if len(plain) + 1 >= digits > 0 and int(plain)
        ]
    return f"(?:{'|'.join(ways)})"


def _shifted(plain: str, digits: int) -> str:
    whole, rest = plain[:-digits] or "0", plain[-digits:].zfill(digits).rstrip("0")
    return re.escape(f"{whole}.{rest}" if rest else whole)
