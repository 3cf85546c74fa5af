"""Digits that belong together, however they are parted: groups of digits, and the windows over them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bot.market.private.reading import is_han, is_latin

#: So many characters may stand between two digits of one number.
_LONGEST_GAP = 3
#: No number goes on beyond the end of a sentence.
_STOPS = "。；;！!？?\n"
#: No number that means somebody has more digits than an account with its check digits.
LONGEST = 24
#: Behind a figure these make it a quantity; what follows in brackets after 次, 个, 转 does not.
_UNITS = (
    *("次", "个", "元", "美元", "小时", "万", "亿", "°", "%", "‰", "件", "吨", "步", "循环", "转", "千瓦", "公里"),
    *("毫米", "微米", "纳米", "克", "帕", "赫兹", "兆", "台", "条", "平方米", "立方米", "毫安", "伏", "瓦", "欧"),
    *("韩元", "日元", "欧元", "英镑", "倍", "年", "天", "分钟", "秒", "升", "米"),
)
_LATIN_UNITS = frozenset(
    ("mm cm km um μm nm kg mg g t hz khz mhz ghz kw mw kwh mwh mpa kpa pa ppm rpm mah ma v w j usd krw eur jpy").split()
)
_NO_UNITS = ("次日", "次要", "个人", "转接", "转分", "转内", "年轻", "天天", "米总", "升级", "条件")


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring groups read as one number: ``text[start:end]`` holds ``digits``."""

    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]
    gaps: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Chain:
    """Groups of digits that join: where each stands, its size, the gap before each and behind the last, all digits."""

    places: tuple[tuple[int, int], ...]
    sizes: tuple[int, ...]
    gaps: tuple[str, ...]
    digits: str
    #: How many digits stand before each group.
    before: tuple[int, ...]

    @classmethod
    def of(cls, text: str, places: Sequence[tuple[int, int]]) -> _Chain:
        inner = [text[one[1] : other[0]] for one, other in pairwise(places)]
        sizes = tuple(end - start for start, end in places)
        digits = "".join(text[start:end] for start, end in places)
        return cls(tuple(places), sizes, ("", *inner, ""), digits, tuple(accumulate(sizes, initial=0)))

    def window(self, first: int, last: int) -> Window:
        """Groups ``first`` to ``last``, both in it."""
        return Window(
            self.places[first][0],
            self.places[last][1],
            self.digits[self.before[first] : self.before[last + 1]],
            self.sizes[first : last + 1],
            self.gaps[first + 1 : last + 1],
            self.gaps[first],
            self.gaps[last + 1],
        )


def _chains(text: str, joins: Callable[[str], bool]) -> Iterator[_Chain]:
    places: list[tuple[int, int]] = []
    position = 0
    while position < len(text):
        if not "0" <= text[position] <= "9":
            position += 1
            continue
        end = position
        while end < len(text) and "0" <= text[end] <= "9":
            end += 1
        if places and not joins(text[places[-1][1] : position]):
            yield _Chain.of(text, places)
            places = []
        places.append((position, end))
        position = end
    if places:
        yield _Chain.of(text, places)


def joins_closely(gap: str) -> bool:
    """Whether ``gap`` holds a few marks and blanks and nothing else."""
    return len(gap) <= _LONGEST_GAP and not any(
        each in _STOPS or is_han(each) or is_latin(each) or each.isalnum() for each in gap
    )


def windows(
    text: str,
    joins: Callable[[str], bool] = joins_closely,
    *,
    least: int = 7,
    most: int = LONGEST,
    begins: Callable[[int], bool] = lambda _: True,
) -> Iterator[Window]:
    """Every stretch of neighbouring groups of ``least`` to ``most`` digits, the longest of a start first.

    Only stretches that may begin where they do (``begins``, asked once a group) are looked at.
    """
    for chain in _chains(text, joins):
        for first, (start, _) in enumerate(chain.places):
            # ``last`` is the last group with which no more than ``most`` digits are read.
            last = bisect_right(chain.before, chain.before[first] + most) - 2
            if last < first or not begins(start):
                continue
            while last >= first and chain.before[last + 1] - chain.before[first] >= least:
                yield chain.window(first, last)
                last -= 1


def is_quantity(text: str, end: int) -> bool:
    """Whether a unit follows: 1381234567次, 5000000 mAh."""
    rest = text[end : end + 14].lstrip(" ")
    if rest.startswith(_NO_UNITS):
        return False
    if rest.startswith("转"):
        return not rest[1:].lstrip(" :：#").startswith(tuple("0123456789"))
    word = rest[: next((i for i, each in enumerate(rest) if not (is_latin(each) or each == "μ")), len(rest))]
    return rest.startswith(_UNITS) or word in _LATIN_UNITS


def is_part_of_decimal(window: Window) -> bool:
    """Whether only a point parts the figures from their neighbours: 0.13912345678."""
    return window.before in (".", ",") or window.after == "."
