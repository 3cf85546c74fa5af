"""What was typed and what it was taken for, in words, so that a firm can see and mend a misunderstanding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.catalogue.eligibility.clauses import Stance
from bot.catalogue.eligibility.firm import Firm, Reading
from bot.catalogue.eligibility.intervals import Interval
from bot.catalogue.eligibility.terms import Family, known_terms
from bot.text.figures import FigureKind

_TEN_THOUSAND = Decimal(10_000)
_UNITS = {FigureKind.MONEY: "元", FigureKind.PERCENT: "%", FigureKind.DURATION: "个月", FigureKind.GRADE: "星"}


@dataclass(frozen=True, slots=True)
class Understood:
    """One entry of the form: its name, what was typed, what it was taken for, and what tells nothing certain."""

    entry: str
    typed: str
    meanings: tuple[str, ...]
    unclear: tuple[str, ...]


def understood(firm: Firm) -> tuple[Understood, ...]:
    """Every entry that was filled in, in the order of the form."""
    return tuple(_entry(firm, name, typed) for name, typed in firm.profile.entries())


def _entry(firm: Firm, name: str, typed: str) -> Understood:
    readings = [reading for reading in firm.readings if reading.clause.field == name]
    meanings = {reading.clause.text: tuple(dict.fromkeys(_meanings(reading))) for reading in readings}
    told = tuple(dict.fromkeys(each for found in meanings.values() for each in found))
    # An industry is compared word by word with each condition, so it is never unclear by itself.
    unclear = () if name in ("need", "industry") else tuple(text for text, found in meanings.items() if not found)
    return Understood(name, typed, told, unclear)


def _meanings(reading: Reading) -> Iterator[str]:
    for place in reading.places:
        if place.stance is Stance.HELD:
            yield f"在本地区以外（{place.name}）" if place.outside else f"在{place.name}"
        elif place.stance is Stance.DENIED:
            yield f"不在{place.name}"
    for term, stance in reading.names:
        if term.family is Family.MEASURE or (reading.places and term.family is Family.ASKED):
            continue
        if stance is Stance.HELD:
            yield term.name
        elif stance is Stance.DENIED:
            yield f"不是{term.name}"
    for measure, interval in reading.values:
        yield f"{measure}{in_words(interval, measure)}"
    if reading.no_qualification:
        yield "没有资质"


def in_words(interval: Interval, measure: str) -> str:
    """A value or range as people write it: 27至33, 5000以上, 不到50."""
    kind = next((term.figure for term in known_terms() if term.name == measure), None)
    unit = _UNITS.get(kind, "人") if kind else ""
    low, high = (_number(value, kind) if value is not None else "" for value in (interval.low, interval.high))
    if low and low == high:
        return f"{low}{unit}"
    if low and high:
        return f"{low}至{high}{unit}"
    if low:
        return f"超过{low}{unit}" if interval.low_open else f"{low}{unit}以上"
    return f"不到{high}{unit}" if interval.high_open else f"不超过{high}{unit}"


def _number(value: Decimal, kind: FigureKind | None) -> str:
    if kind is FigureKind.MONEY and value >= _TEN_THOUSAND:
        return f"{_plain(value / _TEN_THOUSAND)}万"
    return _plain(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
