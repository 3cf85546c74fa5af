"""Ranges that official text states with words: 满35周岁至未满45周岁, 3年以上, 不超过50万元."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.text.figures import SAME_MEASURES, FigureKind, ParsedFigure, parse_figures

#: What stands before a figure that is the end of a range, and after one that is its beginning or end.
_UPPER_BEFORE = ("未满", "不满", "低于", "少于", "小于", "不足", "不到", "不超过", "不高于", "至多", "<", "≤")
_LOWER_BEFORE = ("满", "超过", "高于", "大于", "多于", "不低于", "不少于", "不小于", "达到", "年满", ">", "≥")
_LOWER_AFTER = ("以上", "及以上", "（含）以上", "(含)以上", "起")
_UPPER_AFTER = ("以下", "及以下", "以内", "之内", "（含）以下", "(含)以下")
_TO = ("至", "到", "-", "—", "~", "～", "－", "–")
_COUNTED = frozenset({FigureKind.MONEY, FigureKind.DURATION, FigureKind.COUNT, FigureKind.PERCENT, FigureKind.GRADE})
#: So many characters may stand between the two ends of a range: 满35周岁以上、未满45周岁.
_REACH = 8


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


def stated_ranges(text: str) -> tuple[Range, ...]:
    """The ranges of ``text`` in order.

    >>> stated_ranges("满35周岁至未满45周岁")
    (Range(kind=<FigureKind.COUNT: 'count'>, unit='周岁', low=Decimal('35'), high=Decimal('45')),)
    """
    return tuple(_ranges(text))


def _ranges(text: str) -> Iterator[Range]:
    waiting: tuple[Range, int] | None = None
    for figure in parse_figures(text):
        if figure.kind not in _COUNTED or isinstance(figure.value, str):
            continue
        upper, lower = _ends(text, figure)
        one = Range(figure.kind, figure.unit, figure.value if lower else None, figure.value if upper else None)
        joined = _joined(text, waiting, one, figure)
        if joined is not None:
            waiting = None
            yield joined
            continue
        if waiting is not None:
            yield from _alone(waiting[0])
        waiting = (one if upper or lower else Range(figure.kind, figure.unit, None, None), figure.end)
        if not upper and not lower:
            waiting = (
                (Range(figure.kind, figure.unit, figure.value, None), figure.end) if _leads(text, figure) else None
            )
    if waiting is not None:
        yield from _alone(waiting[0])


def _ends(text: str, figure: ParsedFigure) -> tuple[bool, bool]:
    before, after = text[: figure.start].rstrip(), text[figure.end :].lstrip()
    upper = before.endswith(_UPPER_BEFORE) or after.startswith(_UPPER_AFTER)
    lower = (before.endswith(_LOWER_BEFORE) and not before.endswith(_UPPER_BEFORE)) or after.startswith(_LOWER_AFTER)
    return upper, lower and not upper


def _leads(text: str, figure: ParsedFigure) -> bool:
    """Whether a figure without a word of its own begins a range: 3万元至5万元."""
    return text[figure.end :].lstrip().startswith(_TO)


def _joined(text: str, waiting: tuple[Range, int] | None, one: Range, figure: ParsedFigure) -> Range | None:
    """The range from the figure that waits to this one, if the two are its ends."""
    if waiting is None or figure.start - waiting[1] > _REACH or waiting[0].low is None or one.low is not None:
        return None
    first = waiting[0]
    value = one.high if one.high is not None else figure.value
    alike = first.kind is one.kind and same_unit(first.unit, one.unit) and not isinstance(value, str)
    if not alike or first.low is None or isinstance(value, str) or value < first.low:
        return None
    return Range(one.kind, one.unit, first.low, value)


def _alone(one: Range) -> Iterator[Range]:
    if one.low is not None or one.high is not None:
        yield one
