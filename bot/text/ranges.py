"""Ranges that official text states with words: 满35周岁至未满45周岁, 3年以上, 不超过50万元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.text.figures import SAME_MEASURES, FigureKind, ParsedFigure, parse_figures

#: What stands before a figure that is the end of a range, and after one that is its beginning or end.
_UPPER_BEFORE = (
    "未满",
    "不满",
    "低于",
    "少于",
    "小于",
    "不足",
    "不到",
    "不超过",
    "不高于",
    "不大于",
    "不多于",
    "至多",
    "小于等于",
    "<",
    "＜",
    "≤",
    "≦",
    "<=",
)
_LOWER_BEFORE = (
    "满",
    "超过",
    "高于",
    "大于",
    "多于",
    "不低于",
    "不少于",
    "不小于",
    "达到",
    "年满",
    "至少",
    "大于等于",
    ">",
    "＞",
    "≥",
    "≧",
    ">=",
)
_LOWER_AFTER = ("以上", "及以上", "（含）以上", "(含)以上", "起")
_UPPER_AFTER = ("以下", "及以下", "以内", "之内", "（含）以下", "(含)以下")
_TO = ("至", "到", "-", "—", "~", "～", "－", "–")
_COUNTED = frozenset({FigureKind.MONEY, FigureKind.DURATION, FigureKind.COUNT, FigureKind.PERCENT, FigureKind.GRADE})
#: So many characters may stand between the two ends of a range: 满35周岁以上、未满45周岁.
_REACH = 8
_LEADING = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Range:
    """``low`` and ``high`` (either may be open) of figures of one kind and unit, both counted as inside."""

    kind: FigureKind
    unit: str
    low: Decimal | None
    high: Decimal | None

    def holds(self, figure: ParsedFigure) -> bool:
        """Whether ``figure`` is of this kind and unit and lies inside."""
        if isinstance(figure.value, str):
            return False
        # 到账120万: people leave the unit of money out.
        money = self.kind is FigureKind.MONEY and figure.kind is FigureKind.NUMBER and figure.text[-1:] in "万亿"
        if not money and (figure.kind is not self.kind or not same_unit(figure.unit, self.unit)):
            return False
        return (self.low is None or figure.value >= self.low) and (self.high is None or figure.value <= self.high)


def same_unit(one: str, other: str) -> bool:
    """Whether two measure words count the same: 岁 and 周岁."""
    return one == other or any(one in group and other in group for group in SAME_MEASURES)


#: Units are read for many questions: so many texts of so many characters are kept read.
_REMEMBERED_TEXTS, _REMEMBERED_CHARACTERS = 8_192, 600


def stated_ranges(text: str) -> tuple[Range, ...]:
    """The ranges of ``text`` in order.

    >>> stated_ranges("满35周岁至未满45周岁")
    (Range(kind=<FigureKind.COUNT: 'count'>, unit='周岁', low=Decimal('35'), high=Decimal('45')),)
    """
    return _remembered(text) if len(text) <= _REMEMBERED_CHARACTERS else tuple(_ranges(text))


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def _remembered(text: str) -> tuple[Range, ...]:
    return tuple(_ranges(text))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A figure that may be the first end of a range; ``stated`` when it is one by itself."""

    one: Range
    end: int
    stated: bool


def _ranges(text: str) -> Iterator[Range]:
    waiting: _Waiting | None = None
    for figure in parse_figures(text):
        if isinstance(figure.value, str):
            continue
        upper, lower = ends_of_range(text, figure.start, figure.end)
        one = Range(figure.kind, figure.unit, figure.value if lower else None, figure.value if upper else None)
        joined = _joined(waiting, one, figure)
        if joined is not None:
            waiting = None
            yield joined
            continue
        if waiting is not None and waiting.stated:
            yield waiting.one
        waiting = None
        if upper or lower:
            waiting = _Waiting(one, figure.end, figure.kind in _COUNTED)
        elif text[figure.end :].lstrip().startswith(_TO):
            # 3万元至5万元: a figure without a word of its own begins a range where another ends it.
            waiting = _Waiting(Range(figure.kind, figure.unit, figure.value, None), figure.end, False)
    if waiting is not None and waiting.stated:
        yield waiting.one


def ends_of_range(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the figure at ``start:end`` is the upper and whether it is the lower end of a range.

    The longest word at it decides: 不超过 before 超过.
    """
    before, after = text[max(0, start - _REACH) : start].rstrip(" :：为"), text[end : end + _REACH].lstrip()
    upper = max((len(word) for word in _UPPER_BEFORE if before.endswith(word)), default=0)
    lower = max((len(word) for word in _LOWER_BEFORE if before.endswith(word)), default=0)
    is_upper = upper > lower or (not lower and after.startswith(_UPPER_AFTER))
    return is_upper, not is_upper and (lower > upper or after.startswith(_LOWER_AFTER))


def _joined(waiting: _Waiting | None, one: Range, figure: ParsedFigure) -> Range | None:
    """The range from the figure that waits to this one, if the two are its ends."""
    if waiting is None or figure.start - waiting.end > _REACH or waiting.one.low is None or one.low is not None:
        return None
    first, value = waiting.one, figure.value
    low = first.low
    if isinstance(value, str) or low is None or figure.kind not in _COUNTED:
        return None
    if first.kind is FigureKind.NUMBER and not waiting.stated:
        # 3至5万元: the unit stands at the second figure only.
        digits = _LEADING.match(figure.text)
        low = low * value / Decimal(digits.group()) if digits and Decimal(digits.group()) else low
    elif first.kind is not one.kind or not same_unit(first.unit, one.unit):
        return None
    return Range(one.kind, one.unit, low, value) if value >= low else None
