"""Figures of a sentence against the quotes it cites: the same value, the same bound, of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.model.grounding.records import Evidence, Objection, Rule
from bot.answering.model.grounding.text import support, word_bigrams
from bot.text.figures import FigureKind, ParsedFigure, parse_figures
from bot.text.relative_time import resolve_relative_time


class Bound(StrEnum):
    """What a figure is: itself, a limit, or roughly itself; for dates the side it lies on."""

    EXACT = "exact"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ABOUT = "about"
    BEFORE = "before"
    AFTER = "after"


CONTEXT_BEFORE = 10
CONTEXT_AFTER = 5
_AT_LEAST_BEFORE = re.compile(
    r"不低于|不少于|不小于|不得低于|不得少于|至少|最低|最少|最短|(?<!不)(?<!不得)超过"
    r"|(?<!高)(?<!不)超(?!过)|逾|多达|(?<!不)(?<!不得)高于|(?<!不)大于|突破"
)
_AT_MOST_BEFORE = re.compile(
    r"最高|最多|最长|最大|不超过|不超|不得超过|不高于|不多于|不大于|至多|上限|封顶|限额"
    r"|(?<!不)(?<!不得)低于|(?<!不)(?<!不得)少于|不足|小于"
)
_ABOUT_BEFORE = re.compile(r"(?<![签合履违预守])约|(?<![最附接])近|大概")
_AT_MOST_AFTER = re.compile(r"^\s*(?:以内|以下|之内|封顶|为上限|为限|内(?![容部外]))")
_AT_LEAST_AFTER = re.compile(r"^\s*(?:及?以上|起(?!步)|余|多|有余)")
_ABOUT_AFTER = re.compile(r"^\s*(?:左右|上下)")
_BEFORE_AFTER = re.compile(r"^\s*(?:之前|以前|前(?!后)|止|截止|为止)")
_AFTER_AFTER = re.compile(r"^\s*(?:起|之后|以后|后(?!期)|开始|以来|至今)")
_UNTIL_BEFORE = re.compile(r"(?:截至|截止(?:到|至|于|时间(?:为|是)?|日期(?:为|是)?)?|最迟|最晚|不晚于|不迟于)\s*$")
#: Words that go with any figure and so tell nothing of whose it is.
_OF_ANY_FIGURE = re.compile(
    f"{_AT_MOST_BEFORE.pattern}|{_AT_LEAST_BEFORE.pattern}|支持|补助|补贴|资助|奖励|给予|额度|金额|期限|数量|减免|一次性|每年|累计|单个|共计|合计|第$"
)
_RANGE = re.compile(r"^\s*(?:至|到|-|—|～|~|–)")
_RANGE_END = re.compile(r"(?:至|到|-|—|～|~|–)\s*$")
#: With several passages cited, a figure's clause must have this share of its words from the figure's own.
MINIMUM_OWN_SUPPORT = 0.5
#: A unit that is no measure word of a count: 260℃以上.
_UNIT = re.compile(r"^\s*(?:℃|°C|[A-Za-z/]{1,4})\s*")
_MORE = re.compile(r"[余多几]")
_CLAUSE_MARK = re.compile(r"[，。；;！!？?\n]")
_ITEM_MARK = re.compile(r"[，、。；;！!？?\n]")
_SENTENCE_MARK = re.compile(r"[。；;！!？?\n]")
#: Measure words that stand for one another when things are counted.
_SAME_MEASURE = (frozenset("个家项所款种场支"), frozenset("名人位"))
#: A figure counts as moved when another one's words fit better by at least so many bigrams.
MOVED_MARGIN = 2
#: … or when all that sets the other apart is told, and not even this share of what sets its own apart.
WHOLLY_TOLD = 0.8
HARDLY_TOLD = 0.6


@dataclass(frozen=True, slots=True)
class _Placed:
    """A figure with the text it stands in."""

    figure: ParsedFigure
    text: str

    @property
    def bounds(self) -> frozenset[Bound]:
        """What the figure may be told as."""
        figure, text = self.figure, self.text
        before = _tail(text[max(0, figure.start - CONTEXT_BEFORE) : figure.start])
        after = _UNIT.sub("", text[figure.end : figure.end + CONTEXT_AFTER])
        found: set[Bound] = set()
        if figure.kind is FigureKind.DATE:
            if _BEFORE_AFTER.match(after) or _UNTIL_BEFORE.search(before):
                found.add(Bound.BEFORE)
            if _AFTER_AFTER.match(after):
                found.add(Bound.AFTER)
            return frozenset(found or {Bound.EXACT})
        if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after) or _MORE.search(figure.text):
            found.add(Bound.AT_LEAST)
        if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
            found.add(Bound.AT_MOST)
        if _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(after) or _MORE.search(figure.text + after[:1]):
            found.add(Bound.ABOUT)
        if _RANGE.match(after):
            found |= {Bound.EXACT, Bound.AT_LEAST}
        if _RANGE_END.search(before):
            found |= {Bound.EXACT, Bound.AT_MOST}
        return frozenset(found or {Bound.EXACT})

    @property
    def in_range(self) -> bool:
        """Whether the figure is one end of a range; its words are the other end's."""
        figure, text = self.figure, self.text
        return bool(_RANGE.match(text[figure.end :]) or _RANGE_END.search(text[: figure.start]))

    @property
    def label(self) -> str:
        """The short word a list sets right before the figure (甲类5万元、乙类3万元); else empty."""
        before = _ITEM_MARK.split(self.text[: self.figure.start])[-1].strip()
        before = _OF_ANY_FIGURE.sub("", before)
        return before if re.fullmatch(r"[\u3400-\u9fff]{2,6}", before) else ""

    @property
    def context(self) -> frozenset[str]:
        """Bigrams of the words that go with the figure, without the figure itself.

        They run from the clause after the previous figure of its kind to the end of its own clause, or
        of the sentence when no other figure of its kind follows.
        """
        figure, text = self.figure, self.text
        start = _last(_SENTENCE_MARK, text, 0, figure.start)
        stop = _next(_SENTENCE_MARK, text, figure.end)
        alike = [
            other
            for other in parse_figures(text)
            if other.kind is figure.kind and start <= other.start < stop and other.start != figure.start
        ]
        before = [other for other in alike if other.start < figure.start]
        if before:
            start = min(_next(_ITEM_MARK, text, before[-1].end), figure.start)
        end = stop
        if len(alike) > len(before):
            following = alike[len(before)].start
            end = min(_next(_CLAUSE_MARK, text, figure.end), following)
            if end == following:
                end = _next(_ITEM_MARK, text, figure.end, following)
        return word_bigrams(text[start : figure.start]) | word_bigrams(text[figure.end : end])


def _last(mark: re.Pattern[str], text: str, start: int, end: int) -> int:
    return max((match.end() for match in mark.finditer(text, start, end)), default=start)


def _next(mark: re.Pattern[str], text: str, start: int, stop: int | None = None) -> int:
    stop = len(text) if stop is None else stop
    match = mark.search(text, start, stop)
    return match.start() if match else stop


def figure_objections(sentence: str, cited: Iterable[Evidence]) -> Iterator[Objection]:
    """Figures of ``sentence`` (no markers in it) that no cited quote states, or states of another thing."""
    cited = tuple(cited)
    placed = [_Placed(figure, item.text) for item in cited for figure in parse_figures(item.text)]
    years = _resolved_years(cited)
    for figure in parse_figures(sentence):
        own = [other for other in placed if _same(figure, other.figure)]
        if not own:
            if not (figure.kind is FigureKind.DATE and str(figure.value) in years):
                yield Objection(Rule.FIGURE, figure.text)
            continue
        mine = _Placed(figure, sentence)
        if not any(_bounds_agree(mine, other) for other in own):
            yield Objection(Rule.BOUND, figure.text)
        elif _moved(mine, own, placed) or (len(cited) > 1 and _borrowed(mine, own)):
            yield Objection(Rule.ATTRIBUTION, figure.text)


def _tail(before: str) -> str:
    """What stands before a figure in its own clause, not reaching back over another figure."""
    return re.split(r"[，。；;！!？?\n：:、]|\d", before)[-1]


def _same(figure: ParsedFigure, other: ParsedFigure) -> bool:
    if figure.key == other.key:
        return True
    if figure.kind is FigureKind.DATE and other.kind is FigureKind.DATE:
        mine, whole = str(figure.value), str(other.value)
        return whole.startswith(f"{mine}-") or (mine.startswith("--") and mine[2:] in whole[4:])
    if figure.value != other.value:
        return False
    if figure.kind is FigureKind.NUMBER and figure.unit == "":
        return other.kind in (FigureKind.COUNT, FigureKind.NUMBER, FigureKind.GRADE)
    if figure.kind is FigureKind.COUNT and other.kind is FigureKind.COUNT:
        return any(figure.unit in group and other.unit in group for group in _SAME_MEASURE)
    return False


def _bounds_agree(mine: _Placed, other: _Placed) -> bool:
    if mine.bounds & other.bounds:
        return True
    # A year told of a day that is a limit says less, not something else.
    coarser = mine.figure.kind is FigureKind.DATE and mine.figure.value != other.figure.value
    return coarser and mine.bounds == {Bound.EXACT}


def _moved(mine: _Placed, own: list[_Placed], placed: list[_Placed]) -> bool:
    """Whether the words around the figure belong to another figure of the same kind and unit."""
    rivals = [other for other in placed if _comparable(mine.figure, other.figure)]
    if not rivals or mine.in_range:
        return False
    if any(other.label and other.label in mine.text for other in own):
        return False
    labels = [other.label for other in rivals if other.label]
    if all(other.label for other in own) and any(label in mine.text for label in labels):
        return True
    told = mine.context
    contexts = [other.context for other in own]
    return all(any(_fits_better(told, rival.context, context) for rival in rivals) for context in contexts)


def _borrowed(mine: _Placed, own: list[_Placed]) -> bool:
    """Whether the clause around the figure speaks of another passage than the one that states it."""
    text = mine.text
    start = _last(_CLAUSE_MARK, text, 0, mine.figure.start)
    around = f"{text[start : mine.figure.start]}，{text[mine.figure.end : _next(_CLAUSE_MARK, text, mine.figure.end)]}"
    clause = _OF_ANY_FIGURE.sub("，", around)
    return all(support(clause, [other.text])[0] < MINIMUM_OWN_SUPPORT for other in own)


def _fits_better(told: frozenset[str], rival: frozenset[str], own: frozenset[str]) -> bool:
    """Whether ``told`` speaks of what sets ``rival`` apart rather than of what sets ``own`` apart."""
    of_rival, of_own = rival - own, own - rival
    mine, theirs = len(told & of_own), len(told & of_rival)
    if theirs >= mine + MOVED_MARGIN:
        return True
    return theirs >= MOVED_MARGIN and theirs >= WHOLLY_TOLD * len(of_rival) and mine < HARDLY_TOLD * len(of_own)


def _comparable(figure: ParsedFigure, other: ParsedFigure) -> bool:
    if figure.kind is not other.kind or figure.value == other.value or figure.kind is FigureKind.DATE:
        return False
    return figure.unit == other.unit or any(figure.unit in group and other.unit in group for group in _SAME_MEASURE)


def _resolved_years(cited: Iterable[Evidence]) -> frozenset[str]:
    return frozenset(str(time.year) for item in cited for time in resolve_relative_time(item.text, item.date))
