"""Which figures a record demands or claims: the value, what it measures, and in which words.

What is measured is told by the words around a figure in its own clause (不低于450℃ of 耐温). A demand has to be one:
everything under the indicators is, in a description only what is told as a bound or wanted.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.market.records import Need, Offer
from bot.text.measures import Measure, read_measures

FILE = Path(__file__).resolve().parent / "quantities.tsv"
#: Text beyond this many characters is not read for figures.
_MOST_TEXT = 4_000
_BOUNDARY = "，。；;、,\n！？!?（）()"
_QUOTE_END = "。；;\n！？!?"
#: A quotation longer than this is cut to the clause of its figure.
_LONGEST_QUOTE = 40
_RISES = ("提高", "提升", "增加", "延长", "扩大", "增大", "上升", "增强")
_FALLS = ("降低", "减少", "缩短", "下降", "节约", "节省", "减小", "减轻", "降到", "降至")
_SHORT_FALLS = "节减省降"
_UNTIL = ("到", "至", "为", "成")
_STARTS = ("从", "由", "自")
_THEN = ("后", "之后", "以后", "时", "条件下", "情况下")
#: Of the words around a figure so many characters are shown with it.
_LONGEST_BEFORE, _LONGEST_BEHIND = 16, 8
#: Words that say that something is wanted, and bounds that nobody states of how things are.
_WANTED = re.compile(r"希望|要求|需要|须|应|想|要[能把让达]|目标|争取|力争|控制在|拟")
_PRESCRIBED = re.compile(
    r"不低于|不少于|不小于|不超过|不高于|不大于|不多于|优于|好于|不劣于|至少|至多|以内|之内|[≥≤≧≦<>＜＞]"
)
#: How things are elsewhere, or were before, is no claim.
_ELSEWHERE = re.compile(r"传统|常规|现有|原来|原先|以往|过去|目前|国外|同类")
_NOISE = re.compile(
    r"不低于|不少于|不小于|不超过|不高于|不大于|不多于|低于|少于|小于|高于|大于|超过|优于|好于|不劣于|至少|至多|最高|最低|最大|最小"
    r"|希望|要求|需要|目标|争取|力争|控制在|达到|可达|高达|只有|仅有|左右|大约|大于等于|小于等于|[≥≤≧≦<>＜＞=＝:：±约近为在的是可能够会时下内后仅只了达到至其该约\s]"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured: ``group`` tells quantities of one name from others, ``better`` which way is better."""

    group: int
    better: str
    word: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of a record: ``subject`` are the words that say what it measures, without grammar and bounds.

    ``change`` is 1 or −1 for a rise or fall *by* the value, 0 for the value itself; ``shown`` is the figure with its
    words, ``quote`` the clause it stands in; both stand verbatim in the record. ``spent`` says that only words behind
    a figure tell what it is for: 30分钟 of 30分钟充至80% is time that this takes. ``before_more`` says that it
    only tells after what something else holds (循环500次后).
    """

    measure: Measure
    subject: str
    change: int
    quantity: Quantity | None
    shown: str
    quote: str
    spent: bool = False
    before_more: bool = False

    @property
    def below_zero(self) -> bool:
        """Whether it is a temperature below zero at which something is to work: no other quantity is told like that."""
        end = self.measure.low if self.measure.low is not None else self.measure.high
        reaches = self.quantity is None or self.quantity.better == "reach"
        return self.measure.dimension == "temperature" and end is not None and end < 0 and reaches

    @property
    def key(self) -> tuple[object, ...]:
        """What two statements of one figure share."""
        what = "" if self.below_zero else self.quantity.group if self.quantity else self.subject
        return self.measure.low, self.measure.high, self.measure.dimension, self.change, what

    @property
    def qualifier(self) -> str:
        """What the subject says beside the name of the quantity."""
        return self.subject.replace(self.quantity.word, "", 1) if self.quantity else self.subject


def demanded(need: Need) -> tuple[Stated, ...]:
    """The figures that a need asks for."""
    told = list(_stated(need.indicators))
    for text in (need.title, need.description):
        told += [stated for stated in _stated(text) if _is_wanted(stated)]
    # The same figure in the description and under the indicators is one.
    return tuple({stated.key: stated for stated in reversed(told) if not _is_condition(stated)}.values())[::-1]


def claimed(offer: Offer) -> tuple[Stated, ...]:
    """The figures that an offer says to reach."""
    texts = (offer.title, offer.description, offer.benefit, offer.trl_evidence)
    told = [stated for text in texts for stated in _stated(text)]
    return tuple(each for each in told if each.change or not _ELSEWHERE.search(each.shown))


def _is_wanted(stated: Stated) -> bool:
    prescribed = _PRESCRIBED.search(stated.shown)
    wanted = _WANTED.search(stated.quote) and (stated.measure.bounded or stated.change or stated.quantity)
    return bool(stated.below_zero or prescribed or wanted)


def _is_condition(stated: Stated) -> bool:
    """Whether a figure says when another one holds: 28天抗压强度≥35MPa, 循环500次后容量保持率≥90%, 低于5℃时."""
    measure = stated.measure
    if stated.before_more:
        return not stated.below_zero
    return not measure.bounded and (measure.dimension == "time" and stated.spent and stated.quantity is not None)


def _stated(text: str) -> Iterator[Stated]:
    text = text[:_MOST_TEXT]
    measures = read_measures(text)
    lead = ""
    for index, measure in enumerate(measures):
        begin, end = _segment(text, measures, index)
        before = lead + text[begin : measure.start]
        if before.rstrip().endswith(_STARTS) and index + 1 < len(measures):
            lead = before.rstrip()[:-1]
            continue
        lead = ""
        yield _told(text, measure, before, begin, end)


def _segment(text: str, measures: Sequence[Measure], index: int) -> tuple[int, int]:
    """Where the words around a figure begin and end: at marks, and at its neighbours."""
    measure = measures[index]
    first = measures[index - 1].end if index else 0
    last = measures[index + 1].start if index + 1 < len(measures) else len(text)
    begin, end = measure.start, measure.end
    while begin > first and text[begin - 1] not in _BOUNDARY:
        begin -= 1
    while end < last and text[end] not in _BOUNDARY:
        end += 1
    return begin, end


def _told(text: str, measure: Measure, before: str, begin: int, end: int) -> Stated:
    change, rest = _change(before)
    subject = _plain(rest)
    spent = not subject
    subject = subject or _plain(text[measure.end : end])
    more = text[measure.end :].startswith(_THEN)
    told = Stated(measure, subject, change, _quantity(subject), "", _quote(text, begin, end), spent, more)
    if told.below_zero and told.quantity is None:
        begin, end = measure.start, measure.end
    begin, end = max(begin, measure.start - _LONGEST_BEFORE), min(end, measure.end + _LONGEST_BEHIND)
    return replace(told, shown=text[begin:end].lstrip("时下后内 ").rstrip(" 从由自"))


def _change(before: str) -> tuple[int, str]:
    """1 or −1 when the words before a figure tell of a rise or fall by it, and those words without the verb."""
    found = [(before.rfind(verb), verb, 1) for verb in _RISES] + [(before.rfind(verb), verb, -1) for verb in _FALLS]
    at, verb, sign = max(found)
    if at >= 0:
        behind = before[at + len(verb) :]
        if verb.endswith(_UNTIL) or behind.startswith(_UNTIL):
            return 0, before[:at] + behind
        return sign, before[:at] + behind
    stripped = _plain(before)
    if stripped[:1] and stripped[0] in _SHORT_FALLS and not before.rstrip().endswith(_UNTIL):
        return -1, before
    return 0, before


def _plain(words: str) -> str:
    return _NOISE.sub("", words)


def _quote(text: str, begin: int, end: int) -> str:
    first, last = begin, end
    while first > 0 and text[first - 1] not in _QUOTE_END and last - first < _LONGEST_QUOTE:
        first -= 1
    while last < len(text) and text[last] not in _QUOTE_END and last - first < _LONGEST_QUOTE:
        last += 1
    if (first > 0 and text[first - 1] not in _QUOTE_END) or (last < len(text) and text[last] not in _QUOTE_END):
        first, last = begin, end
    return text[first:last].strip()


def _quantity(subject: str) -> Quantity | None:
    """The quantity that the last and longest of its words in ``subject`` names."""
    found = [(subject.rfind(word) + len(word), len(word), word) for word in _quantities() if word in subject]
    if not found:
        return None
    word = max(found)[2]
    group, better = _quantities()[word]
    return Quantity(group, better, word)


@functools.cache
def _quantities(path: Path = FILE) -> Mapping[str, tuple[int, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    split = [line.split("\t") for line in lines]
    return {word: (group, better) for group, (better, words) in enumerate(split) for word in words.split()}
