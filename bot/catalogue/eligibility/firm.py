"""A firm as it tells of itself, and as it was understood."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from bot.catalogue.eligibility.clauses import Clause, Stance, clauses
from bot.catalogue.eligibility.intervals import Interval, common, stated_bounds, told_value
from bot.catalogue.eligibility.places import Place, Places
from bot.catalogue.eligibility.terms import Family, Term, Vocabulary
from bot.catalogue.models import Dimension
from bot.text.figures import FigureKind, ParsedFigure
from bot.text.relative_time import resolve_relative_time

_STAFF, _AGE = "职工人数", "成立时间"
#: People are counted with these; 个 needs 人 after it.
_PEOPLE_UNITS = frozenset({"人", "名", "位", "个"})
#: So many months a firm may have stood that says it has just been set up.
_JUST = Interval(Decimal(0), Decimal(12), high_open=True)
_JUST_WORDS = ("刚", "新")
#: Figures leave these out as indefinite; of something counted they are one.
_ONE = re.compile("一(?:名|个|位|人)")
_NOTHING_HELD = frozenset(
    {"无", "没有", "暂无", "没有资质", "无资质", "什么资质都没有", "没有任何资质", "暂无资质", "none"}
)
#: Where a place that is named is the firm's own.
_PLACED = ("region", "size", "about")
_SIZES = frozenset({"micro", "small", "medium", "large"})
#: The entries that tell of a subject, first the one it is asked in.
_ENTRIES: Mapping[Dimension, tuple[str, ...]] = {
    Dimension.REGION: ("region",),
    Dimension.INDUSTRY: ("industry",),
    Dimension.SIZE: ("size",),
    Dimension.PEOPLE: ("size", "about"),
    Dimension.QUALIFICATION: ("qualifications",),
    Dimension.APPLICANT: ("size", "qualifications"),
    Dimension.AGE: ("about",),
    Dimension.AMOUNT: ("about",),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a firm types, entry by entry; an empty one is not told. ``need`` says what it looks for, not what it is."""

    region: str = ""
    industry: str = ""
    size: str = ""
    qualifications: tuple[str, ...] = ()
    need: str = ""
    about: str = ""

    def typed(self, entry: str) -> str:
        """One entry as one text."""
        value = getattr(self, entry)
        return "；".join(value) if isinstance(value, tuple) else str(value)

    def entries(self) -> Iterator[tuple[str, str]]:
        """(name, typed) of every entry that is not empty."""
        for each in fields(self):
            if self.typed(each.name).strip():
                yield each.name, self.typed(each.name)


@dataclass(frozen=True, slots=True)
class Told:
    """All that was told for one name: the stances agree, or ``contradicts``."""

    stance: Stance
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One clause as understood: names with how surely each was told, values, and places."""

    clause: Clause
    names: tuple[tuple[Term, Stance], ...]
    values: tuple[tuple[str, Interval], ...]
    places: tuple[Place, ...]
    no_qualification: bool


@dataclass(frozen=True, slots=True)
class Firm:
    """A profile as understood. ``values`` are by measure, None where what was told contradicts itself."""

    profile: Profile
    readings: tuple[Reading, ...]
    terms: Mapping[str, Told]
    held: tuple[Term, ...]
    values: Mapping[str, Interval | None]

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place told."""
        return tuple(place for reading in self.readings for place in reading.places)

    @property
    def no_qualification(self) -> bool:
        """Whether the firm said that it holds no qualification at all."""
        return any(reading.no_qualification for reading in self.readings)

    @property
    def sizes(self) -> frozenset[str]:
        """The sizes that what was told leaves possible; empty where it contradicts."""
        left = _SIZES
        for term, stance in (name for reading in self.readings for name in reading.names if name[0].sizes):
            if stance is Stance.HELD:
                left &= term.sizes
            elif stance is Stance.DENIED:
                left -= term.sizes
        return left

    def was_asked(self, dimension: Dimension) -> bool:
        """Whether anything was typed where a subject is asked."""
        return any(self.profile.typed(entry).strip() for entry in _ENTRIES.get(dimension, ()))


def understand(profile: Profile, vocabulary: Vocabulary, places: Places, today: date) -> Firm:
    """Read what was typed. Order does not matter, and nothing is guessed from words nobody knows."""
    entries = ((name, typed) for name, typed in profile.entries() if name != "need")
    read = tuple(
        _reading(clause, places, today) for name, typed in entries for clause in clauses(name, typed, vocabulary)
    )
    stances: dict[str, set[Stance]] = defaultdict(set)
    values: dict[str, list[Interval]] = defaultdict(list)
    for reading in read:
        for term, stance in reading.names:
            stances[term.name].add(stance)
        for measure, interval in reading.values:
            values[measure].append(interval)
    terms = {name: _together(found) for name, found in stances.items()}
    named = {term.name: term for reading in read for term, _ in reading.names}
    return Firm(
        profile,
        read,
        terms,
        tuple(named[name] for name, told in terms.items() if told.stance is Stance.HELD),
        {measure: common(found) for measure, found in values.items()},
    )


def _reading(clause: Clause, places: Places, today: date) -> Reading:
    return Reading(
        clause,
        tuple((mention.term, clause.stance(mention)) for mention in clause.mentions),
        tuple(_values(clause, today)),
        places.told_in(clause) if clause.field in _PLACED else (),
        clause.field == "qualifications" and clause.text in _NOTHING_HELD,
    )


def _together(stances: set[Stance]) -> Told:
    if {Stance.HELD, Stance.DENIED} <= stances:
        return Told(Stance.UNSURE, contradicts=True)
    return Told(next((each for each in (Stance.HELD, Stance.DENIED) if each in stances), Stance.UNSURE))


def _values(clause: Clause, today: date) -> Iterator[tuple[str, Interval]]:
    measures = [mention for mention in clause.mentions if mention.term.family is Family.MEASURE]
    if any(mention.term.name == _AGE for mention in measures) and (age := _age(clause, today)):
        yield _AGE, age
        return
    if _of_another_year(clause, today):
        return
    counted = [figure for figure in clause.figures if figure.kind is not FigureKind.DATE]
    for mention in measures:
        if counted or mention.term.figure in (None, FigureKind.GRADE):
            continue
        if clause.stance(mention) is Stance.DENIED:
            yield mention.term.name, Interval(Decimal(0), Decimal(0))
        elif (
            mention.term.figure is FigureKind.COUNT
            and (one := _ONE.search(clause.text))
            and not clause.rest(one.span())
        ):
            yield mention.term.name, Interval(Decimal(1), Decimal(1))
    if clause.rest():
        return
    found: dict[str, list[Interval]] = {}
    for kind in dict.fromkeys(figure.kind for figure in counted):
        named = {mention.term.name for mention in measures if mention.term.figure is kind}
        measure = _only(named) or (_STAFF if not measures and _people(clause, counted) else "")
        intervals = _intervals(clause, kind, counted)
        if measure and len(intervals) == 1:
            found.setdefault(measure, []).extend(intervals)
    yield from ((measure, intervals[0]) for measure, intervals in found.items() if len(intervals) == 1)


def _intervals(clause: Clause, kind: FigureKind, counted: list[ParsedFigure]) -> tuple[Interval, ...]:
    """The one range a clause tells, or its figures by themselves."""
    if kind is FigureKind.MONEY and any(figure.unit != "元" for figure in counted if figure.kind is kind):
        return ()
    bounds = stated_bounds(clause.text, kind)
    return bounds or tuple(told_value(clause.text, figure) for figure in counted if figure.kind is kind)


def _people(clause: Clause, counted: list[ParsedFigure]) -> bool:
    return all(
        figure.kind is FigureKind.NUMBER
        or (figure.unit in _PEOPLE_UNITS and (figure.unit != "个" or "人" in clause.text))
        for figure in counted
    ) and any(figure.kind is FigureKind.COUNT for figure in counted)


def _only(names: Iterable[str]) -> str:
    found = set(names)
    return found.pop() if len(found) == 1 else ""


def _of_another_year(clause: Clause, today: date) -> bool:
    """Whether what is told is of a year other than the last one: conditions ask for that."""
    return any(
        figure.kind is FigureKind.DATE and str(figure.value)[:4] != str(today.year - 1) for figure in clause.figures
    )


def _age(clause: Clause, today: date) -> Interval | None:
    """Months since the firm was set up, where the clause tells it for certain."""
    if not clause.figures and clause.rest() in _JUST_WORDS:
        return _JUST
    years = resolve_relative_time(clause.text, today.isoformat())
    dated = [figure for figure in clause.figures if figure.kind is FigureKind.DATE]
    dates = [str(figure.value) for figure in dated]
    spans = [figure for figure in clause.figures if figure.kind is FigureKind.DURATION and figure.unit == "月"]
    words = [match.span() for each in years for match in re.finditer(each.word, clause.text)]
    rest = clause.rest(*((figure.start, figure.end) for figure in dated), *words)
    if rest:
        return None
    if spans and not dates:
        return _told_age(clause, spans)
    if len(dates) + len(years) == 1 and not spans:
        return _since(dates[0] if dates else str(years[0].year), today)
    return None


def _told_age(clause: Clause, spans: list[ParsedFigure]) -> Interval | None:
    bounds = stated_bounds(clause.text, FigureKind.DURATION)
    if len(bounds) == 1:
        return bounds[0]
    value = spans[0].value
    if len(spans) != 1 or isinstance(value, str):
        return None
    # Who has stood for three years has not yet stood for four.
    unit = Decimal(12) if spans[0].text.endswith("年") and value % 12 == 0 else Decimal(1)
    return Interval(value, value + unit, high_open=True)


def _since(day: str, today: date) -> Interval | None:
    """Months from a day, month or year until today; None for what is still to come."""
    parts = [int(part) for part in day.split("-") if part.isdigit()]
    if not parts or day.startswith("-"):
        return None
    first, last = (parts[0], *(parts[1:2] or [1])), (parts[0], *(parts[1:2] or [12]))
    longest = _months(first, today)
    shortest = max(_months(last, today) - 1, 0)
    return None if longest < 0 else Interval(Decimal(shortest), Decimal(longest + 1), high_open=True)


def _months(year_and_month: tuple[int, ...], today: date) -> int:
    return (today.year - year_and_month[0]) * 12 + today.month - year_and_month[1]
