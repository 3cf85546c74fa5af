"""Bounds that a condition states and values that a firm tells, compared exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.text.figures import FigureKind, ParsedFigure, parse_figures
from bot.text.ranges import Range, stated_ranges

#: Before a figure these leave the figure itself out of the range.
_OPEN_BELOW = ("超过", "高于", "大于", "多于", ">")
_OPEN_ABOVE = ("未满", "不满", "低于", "少于", "小于", "不足", "不到", "<")
_NOT_OPEN = ("不超过", "不高于", "不大于", "不多于", "不低于", "不少于", "不小于")
#: 约, 来, 左右: a tenth more or less.
_SPREAD = Decimal("0.1")
_ABOUT_BEFORE = ("约", "大约", "大概", "差不多")
_ABOUT_AFTER = ("左右", "上下")
_NEARLY = ("近", "将近", "快")
_SEVERAL_DIGITS = re.compile(r"[一二三四五六七八九两]{2}")


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high`` (None: without end); an open end is not part of it. Units as in figures."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False

    def within(self, other: Interval) -> bool:
        """Whether every value of this one lies in ``other``."""
        return _starts_no_earlier(self, other) and _ends_no_later(self, other)

    def apart_from(self, other: Interval) -> bool:
        """Whether no value lies in both."""
        return _before(self, other) or _before(other, self)

    def meet(self, other: Interval) -> Interval:
        """The values of both; only for intervals that are not apart."""
        lower = self if _starts_no_earlier(self, other) else other
        upper = self if _ends_no_later(self, other) else other
        return Interval(lower.low, upper.high, lower.low_open, upper.high_open)


def common(intervals: Iterable[Interval]) -> Interval | None:
    """What several statements on one value leave possible; None where they contradict."""
    left = Interval()
    for each in intervals:
        if left.apart_from(each):
            return None
        left = left.meet(each)
    return left


def stated_bounds(text: str, kind: FigureKind) -> tuple[Interval, ...]:
    """The ranges of one kind of figure that ``text`` states.

    >>> stated_bounds("成立不满3年", FigureKind.DURATION)
    (Interval(low=None, high=Decimal('36'), low_open=False, high_open=True),)
    """
    figures = [figure for figure in parse_figures(text) if isinstance(figure.value, Decimal)]
    return tuple(_bounded(text, each, figures) for each in stated_ranges(text) if each.kind is kind)


def told_value(text: str, figure: ParsedFigure) -> Interval:
    """What one figure by itself tells: 30人 is exact, 三十来人 about that, 三十多人 a little more."""
    value = figure.value
    if isinstance(value, str):
        raise TypeError(f"a date or name is no value: {figure.text}")
    before, after = text[: figure.start].rstrip(), text[figure.end :].lstrip()
    if any(word in figure.text for word in "多余"):
        return Interval(value, value + _last_digit_worth(value), True, True)
    if before.endswith(_NEARLY):
        return Interval(value * (1 - _SPREAD), value, high_open=True)
    if _SEVERAL_DIGITS.match(figure.text):
        # 两三百人: the figure is its upper end.
        return Interval(value / 2, value)
    if before.endswith(_ABOUT_BEFORE) or after.startswith(_ABOUT_AFTER) or "来" in figure.text or "几" in figure.text:
        return Interval(value * (1 - _SPREAD), value * (1 + _SPREAD))
    return Interval(value, value)


def _bounded(text: str, stated: Range, figures: list[ParsedFigure]) -> Interval:
    low_open = any(figure.value == stated.low and _opens(text, figure, _OPEN_BELOW) for figure in figures)
    high_open = any(figure.value == stated.high and _opens(text, figure, _OPEN_ABOVE) for figure in figures)
    return Interval(stated.low, stated.high, low_open, high_open)


def _opens(text: str, figure: ParsedFigure, words: tuple[str, ...]) -> bool:
    before = text[: figure.start].rstrip()
    return before.endswith(words) and not before.endswith(_NOT_OPEN)


def _last_digit_worth(value: Decimal) -> Decimal:
    """1 of the last digit that is not zero: 10 for 30 and 120, 100 for 300."""
    worth = Decimal(1)
    while value and value % (worth * 10) == 0:
        worth *= 10
    return worth


def _starts_no_earlier(one: Interval, other: Interval) -> bool:
    if other.low is None:
        return True
    if one.low is None:
        return False
    return one.low > other.low or (one.low == other.low and (one.low_open or not other.low_open))


def _ends_no_later(one: Interval, other: Interval) -> bool:
    if other.high is None:
        return True
    if one.high is None:
        return False
    return one.high < other.high or (one.high == other.high and (one.high_open or not other.high_open))


def _before(one: Interval, other: Interval) -> bool:
    """Whether ``one`` ends before ``other`` begins."""
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and (one.high_open or other.low_open))
