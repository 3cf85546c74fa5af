"""Measured values of technical text: number, unit, sign, bound and range, in base units.

Numbers are read by :mod:`bot.text.figures`; which unit stands behind one is told by ``units.tsv``, so that
``0.3秒`` and ``300ms``, ``零下20℃`` and ``−20℃``, ``30吨/天`` and ``每天30吨`` are the same. Years, serial numbers
and things counted (人, 家, 台) measure nothing and are left out.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bot.text.figures import FigureKind, ParsedFigure, parse_figures
from bot.text.numerals import parse_number
from bot.text.ranges import ends_of_range

FILE = Path(__file__).resolve().parent / "units.tsv"
#: Seconds of the spans that figures are told in; a month is taken for thirty days.
_SECONDS = {"月": 2_592_000, "天": 86_400, "小时": 3_600, "分钟": 60}
_TO = "至到-—~～–－−"
_MINUS = ("零下", "负", "-", "−", "－", "–")
#: Neither a bound nor a plain value is told by these: they say that a value is reached.
_REACHES = ("达到", "可达", "高达", "达")
_BETTER = ("优于", "好于", "不劣于")
_PER = ("每", "/", "／", "·", "*", "×")
_LONGEST_UNIT = 6
_MOST_PARTS = 4
#: How far a leading 每分钟 may reach back from its number.
_REACH = 6
_TENTHS = re.compile(r"([一二两三四五六七八九])成([一二三四五六七八九半]?)(?=[以左，。；、,;\s）)]|$)")
_CODE = re.compile(r"(?<![A-Za-z0-9])([A-Z]{1,3})(\d{2})(?![A-Za-z0-9.])")
#: What may follow 度 for it to be a temperature, or stand before it.
_WARMTH = "温热冷冰"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value at ``start:end`` of its text, ``low`` to ``high`` in base units of ``dimension`` (``None`` is open).

    ``bounded`` says that a word or sign makes it a bound (不低于, ≤, 以上) or that it must be bettered (优于);
    ``ranged`` that both ends are stated.
    """

    text: str
    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    dimension: str
    bounded: bool = False
    ranged: bool = False

    @property
    def point(self) -> Decimal | None:
        """The value of a measure that is one number; ``None`` for bounds and ranges."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class _Number:
    """A number with the unit behind it, if it has one, before bounds and ranges are read."""

    start: int
    end: int
    value: Decimal
    dimension: str
    factor: Decimal
    signed: bool


def read_measures(text: str) -> tuple[Measure, ...]:
    """The measured values of ``text`` in order, never overlapping.

    >>> [(m.text, str(m.low), str(m.high), m.dimension) for m in read_measures("零下20℃，圆度≤5μm")]
    [('零下20℃', '-20', '-20', 'temperature'), ('5μm', 'None', '0.000005', 'length')]
    """
    measures: list[Measure] = []
    waiting: _Number | None = None
    for number in _numbers(text):
        low = _range_start(text, waiting, number)
        if low is not None:
            assert waiting is not None  # what a range starts with
            if measures and measures[-1].end == waiting.end:
                measures.pop()
            ends = sorted((low, number.value * number.factor))
            measures.append(_measure(text, waiting.start, number.end, ends[0], ends[1], number.dimension, ranged=True))
            waiting = None
            continue
        waiting = number
        if number.dimension:
            measures.append(_bounded(text, number))
    return tuple(measures)


def _range_start(text: str, first: _Number | None, second: _Number) -> Decimal | None:
    """The lower end in base units when ``first`` and ``second`` are the ends of one range."""
    if first is None or not second.dimension or first.dimension not in ("", second.dimension):
        return None
    between = text[first.end : second.start].strip()
    if len(between) != 1 or between not in _TO:
        return None
    return first.value * (first.factor if first.dimension else second.factor)


def _bounded(text: str, number: _Number) -> Measure:
    value = number.value * number.factor
    before = text[max(0, number.start - 2 * _REACH) : number.start].rstrip(" :：为在")
    if before.endswith(_BETTER):
        return _measure(text, number.start, number.end, value, value, number.dimension, bounded=True)
    # A value that is reached (达到30MPa) is that value, unless more is said behind it (达到30天以上).
    begin = number.start if before.endswith(_REACHES) else 0
    shown = text[begin : number.end + _REACH] if begin else text
    upper, lower = ends_of_range(shown, number.start - begin, number.end - begin)
    low, high = (None if upper else value), (None if lower else value)
    return _measure(text, number.start, number.end, low, high, number.dimension, bounded=upper or lower)


def _measure(
    text: str,
    start: int,
    end: int,
    low: Decimal | None,
    high: Decimal | None,
    dimension: str,
    *,
    bounded: bool = False,
    ranged: bool = False,
) -> Measure:
    return Measure(text[start:end], start, end, low, high, dimension, bounded, ranged)


def _numbers(text: str) -> Iterator[_Number]:
    found = [each for figure in parse_figures(text) if (each := _read(text, figure)) is not None]
    for match in _TENTHS.finditer(text):
        tenths = parse_number(match[1]) + (parse_number(match[2].replace("半", "五")) / 10 if match[2] else 0)
        found.append(_Number(match.start(), match.end(), tenths * 10, "ratio", Decimal(1), False))
    for match in _CODE.finditer(text):
        found.append(_Number(*match.span(), Decimal(match[2]), f"code {match[1]}", Decimal(1), False))
    found.sort(key=lambda each: (each.start, -each.end))
    end = 0
    for each in found:
        if each.start >= end:
            yield each
            end = each.end


def _read(text: str, figure: ParsedFigure) -> _Number | None:
    if isinstance(figure.value, str):
        return None
    start, negative = _sign(text, figure.start)
    value = -figure.value if negative else figure.value
    dimension, factor, end = _unit_of(text, figure, negative)
    if not dimension and figure.kind is not FigureKind.NUMBER:
        return None
    end, dimension, factor = _compound(text, end, dimension, factor)
    lead = _leading_rate(text, start)
    if lead is not None and dimension:
        start, dimension, factor = lead[0], f"{dimension}/{lead[1]}", factor / lead[2]
    return _Number(start, end, value, dimension, factor, negative)


def _sign(text: str, start: int) -> tuple[int, bool]:
    """Where the number begins with its sign, and whether it is below zero; a dash behind a value joins a range."""
    for sign in _MINUS:
        if text.startswith(sign, max(0, start - len(sign))) and start >= len(sign):
            begin = start - len(sign)
            before = text[begin - 1 : begin]
            joins = (
                sign not in ("零下", "负")
                and before
                and (before.isdigit() or before in "%％‰" or _ends_unit(text, begin))
            )
            return (start, False) if joins else (begin, True)
    return start, False


def _ends_unit(text: str, end: int) -> bool:
    return any(text[end - size : end] in _units() for size in range(1, _LONGEST_UNIT + 1) if end >= size)


def _unit_of(text: str, figure: ParsedFigure, negative: bool) -> tuple[str, Decimal, int]:
    """Dimension and factor of what stands behind the number, and where it ends; no dimension without a unit."""
    if figure.kind is FigureKind.PERCENT:
        return ("points" if figure.unit == "个百分点" else "ratio"), Decimal(1), figure.end
    if figure.kind is FigureKind.MONEY:
        return f"money {figure.unit}", Decimal(1), figure.end
    if figure.kind is FigureKind.DURATION:
        seconds = _SECONDS.get(figure.unit)
        return ("time", Decimal(seconds), figure.end) if seconds else ("", Decimal(1), figure.end)
    if figure.kind not in (FigureKind.NUMBER, FigureKind.COUNT):
        return "", Decimal(1), figure.end
    at = figure.end - (len(figure.unit) if figure.kind is FigureKind.COUNT else 0)
    at += len(text[at:]) - len(text[at : at + 2].lstrip(" ") + text[at + 2 :])
    if text.startswith("度", at) and not text.startswith("度电", at):
        warm = negative or any(sign in text[max(0, figure.start - 2 * _REACH) : at + 3] for sign in _WARMTH)
        return ("temperature" if warm else "angle"), Decimal(1), at + 1
    spelt = _unit_at(text, at)
    if spelt is None:
        return "", Decimal(1), figure.end
    dimension, factor = _units()[spelt]
    return dimension, factor, at + len(spelt)


def _unit_at(text: str, at: int) -> str | None:
    """The longest unit spelt at ``at``; Latin ones must not run on into a word."""
    units = _units()
    for size in range(_LONGEST_UNIT, 0, -1):
        spelt = text[at : at + size]
        if len(spelt) == size and spelt in units:
            behind = text[at + size : at + size + 1]
            if not (spelt[-1].isascii() and spelt[-1].isalpha() and behind.isascii() and behind.isalnum()):
                return spelt
    return None


def _compound(text: str, end: int, dimension: str, factor: Decimal) -> tuple[int, str, Decimal]:
    """``dimension`` with the units multiplied or divided on behind it: W/(m·K), 毫克每升, 吨/天."""
    divided = False
    powers = Counter({dimension: 1})
    for _ in range(_MOST_PARTS if dimension else 0):
        sign = next((sign for sign in _PER if text.startswith(sign, end)), None)
        at = end + len(sign) if sign else end
        at += text.startswith(("(", "（"), at)
        spelt = _unit_at(text, at)
        if spelt is None or sign is None:
            break
        divided = divided or sign in ("每", "/", "／")
        other, size = _units()[spelt]
        powers.update(dict.fromkeys(other.split("·"), -1 if divided else 1))
        factor = factor / size if divided else factor * size
        end = at + len(spelt)
        end += text.startswith((")", "）"), end)
    top = "·".join(sorted(powers_of for powers_of, count in powers.items() for _ in range(count)))
    below = "·".join(sorted(powers_of for powers_of, count in powers.items() for _ in range(-count)))
    return end, f"{top}/{below}" if below else top, factor


def _leading_rate(text: str, start: int) -> tuple[int, str, Decimal] | None:
    """每分钟 or 每天 right before a number: where it begins, its dimension and factor."""
    begin = text.rfind("每", max(0, start - _REACH), start)
    spelt = text[begin + 1 : start].strip() if begin >= 0 else ""
    found = _units().get(spelt)
    return (begin, *found) if found is not None and found[0] == "time" else None


@functools.cache
def _units(path: Path = FILE) -> Mapping[str, tuple[str, Decimal]]:
    units = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and line.strip():
            dimension, factor, spellings = line.split("\t")
            units.update(dict.fromkeys(spellings.split(), (dimension, Decimal(factor))))
    return units
