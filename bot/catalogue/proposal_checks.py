"""Verbatim stretches of a text: where words stand, and how wide they must be taken to say what the text says.

A model points at words; the words shown are those of the text. A stretch that leaves a bound, a unit, a
negation or a condition behind is widened, first to its clause, then over the clauses that hang together
with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.text.figures import parse_figures
from bot.text.status import read_status
from bot.types import Status

#: A shortening is put together from at most so many stretches, each of so many characters or more.
_MOST_STRETCHES, _SHORTEST_STRETCH = 4, 2
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
#: Marks that people and models set as they like; the full stop stays, for 3.5 is not 35.
_PAUSES = frozenset("，,、：:；;。“”\"‘’'《》「」（）()…！!？?|*")
_SENTENCE_MARKS = "。！？!?；;"
_CLAUSE_MARKS = f"，,{_SENTENCE_MARKS}|"
_NUMERALS = frozenset("0123456789０１２３４５６７８９.．〇零一二两三四五六七八九十百千万亿半几")
#: Takes back, narrows or makes uncertain what stands beside it.
_NEGATIONS = tuple("不没无未非别勿否除禁免")
_NARROWINGS = tuple(
    "仅 只 限 首次 首个 原则上 或 还是 优先 视 待 如 若 才 条件 要是 假如 除非 的话 前提 万一 以后 之后 后再".split()
)
_PLANS = tuple("拟 计划 预计 力争 争取 正在 试点 试行 将 筹 建议 目标 探索 曾 原".split())
#: What is striven for is not yet there; :func:`read_status` knows the other words for what is to come.
AIMS = ("力争", "争取", "努力", "目标", "建议", "有望", "规划", "到20")
#: What makes a figure another one: bounds, shares, rates, the order of a list.
FIGURE_BOUNDS = tuple(
    (
        "超过 高于 低于 少于 多于 大于 小于 不足 不到 达到 最高 最低 最多 最少 最长 至多 至少 上限 下限 封顶 以上 "
        "以下 以内 之内 左右 上下 起 约 近 大概 每 / ／ 人均 单 按 分别 依次 各 累计 合计 前 后 满 余 多 减 增 "
        "提高 降低 控制在 一次性 > < ≥ ≤ ±"
    ).split()
)
#: Begins or ends a clause on which the next one rests; a setting matters to figures only.
_CONDITIONS = tuple("如 若 假如 要是 只要 只有 除 凡 经 首次 一旦 万一 倘 仅 原则上".split())
_CONDITION_ENDS = tuple("的 时 后 下 的话 之外 以外 除外 嘛 呢 吧 啊".split())
_SETTINGS = tuple("对 到 自 在 按 当".split())
_SETTING_ENDS = ("方面", "上", "中", "内")
#: Begins a clause that narrows or takes back the one before.
_TRAILING = tuple(
    (
        "但 不过 可是 只是 只 仅 前提 除 且 最高 最低 最多 最长 最迟 最晚 至多 至少 累计 合计 总额 总计 不超过 "
        "不高于 不低于 不少于 封顶 上限 还没 还未 尚未 待 或 否则 逾期 视 也可能 可能 "
        "不一定 不再"
    ).split()
)
_TRAILING_HOLDS = ("除外", "不含", "不包括", "不适用", "为限", "为准", "前提")
_TRAILING_ENDS = tuple("不同意 不接受 不行 不考虑 不要 不用 算了 不对 不是 没同意 没批 作废".split())
#: Begins a clause or a sentence that takes back the one before, or is all of it.
_CORRECTIONS = tuple("说错 错了 更正 应该是 改成 改为 那是 这是 这个是 那个是 上面 以上 前面".split())
_TAKEN_BACK = ("不对", "不是", "错")


@dataclass(frozen=True, slots=True)
class Stretch:
    """``text[start:end]`` of the text it is cut from."""

    start: int
    end: int

    def within(self, other: Stretch) -> bool:
        """Whether all of this stands in ``other``."""
        return other.start <= self.start and self.end <= other.end

    def of(self, text: str) -> str:
        """The words, with breaks of lines closed."""
        return re.sub(r"\s*\n\s*", "", text[self.start : self.end])


@dataclass(frozen=True, slots=True)
class Clause(Stretch):
    """A clause; ``sentence`` counts the sentences."""

    sentence: int


def squeezed(text: str) -> str:
    """``text`` with width folded, white space and unseen characters gone."""
    return _folded(text, True)[1]


@lru_cache(maxsize=64)
def _folded(text: str, marks: bool) -> tuple[tuple[int, ...], str]:
    """The characters of ``text`` that are compared, and where each stands; without ``marks`` no pauses."""
    kept = [
        (index, character)
        for index, character in enumerate(text.translate(_WIDTH))
        if not (character.isspace() or unicodedata.category(character) in ("Cf", "Mn"))
        and (marks or character not in _PAUSES)
    ]
    return tuple(index for index, _ in kept), "".join(character for _, character in kept)


def places_of(text: str, words: str, *, marks: bool = False) -> Iterator[Stretch]:
    """Every place where ``words`` stand in ``text``; white space, width and, without ``marks``, pauses aside."""
    _, needle = _folded(words, marks)
    positions, haystack = _folded(text, marks)
    found = haystack.find(needle) if needle else -1
    while found >= 0:
        yield Stretch(positions[found], positions[found + len(needle) - 1] + 1)
        found = haystack.find(needle, found + 1)


def clauses_in(text: str, *, paragraphs: Collection[int] | None = None) -> tuple[Clause, ...]:
    """The clauses of ``text`` without their marks.

    ``paragraphs`` are the places where paragraphs end: other breaks of lines stand within a clause. Without
    them every line is a paragraph, unless it ends within a number.
    """
    found: list[Clause] = []
    start, sentence = 0, 0
    for index, character in enumerate((*text, "\n")):
        ends_line = index == len(text) or (character == "\n" and _ends_paragraph(text, index, paragraphs))
        if not ends_line and (character not in _CLAUSE_MARKS or _in_number(text, index)):
            continue
        piece = text[start:index]
        if piece.strip():
            begin = start + len(piece) - len(piece.lstrip())
            found.append(Clause(begin, begin + len(piece.strip()), sentence))
        if ends_line or character in _SENTENCE_MARKS:
            sentence += 1
        start = index + 1
    return tuple(found)


def _ends_paragraph(text: str, index: int, paragraphs: Collection[int] | None) -> bool:
    if paragraphs is not None:
        return index in paragraphs
    before, after = text[:index].rstrip()[-1:], text[index:].lstrip()[:1]
    return not (before in _NUMERALS and after in _NUMERALS | {"元", "%", "％"} and before and after)


def _in_number(text: str, index: int) -> bool:
    return text[index] in ",，" and text[index - 1 : index].isdigit() and text[index + 1 : index + 4].isdigit()


def covering(clauses: Sequence[Clause], stretch: Stretch) -> range:
    """The places of the clauses that ``stretch`` touches."""
    touched = [place for place, each in enumerate(clauses) if each.start < stretch.end and stretch.start < each.end]
    return range(touched[0], touched[-1] + 1) if touched else range(0)


def cuts_figure(text: str, stretch: Stretch, around: Stretch) -> bool:
    """Whether ``stretch`` begins or ends within a figure of ``around``, or right before its unit."""
    for figure in parse_figures(text[around.start : around.end]):
        start, end = figure.start + around.start, figure.end + around.start
        if start < stretch.start < end or start < stretch.end < end:
            return True
    last, after = text[: stretch.end].rstrip()[-1:], text[stretch.end : around.end].strip()[:1]
    first, before = text[stretch.start : stretch.end].strip()[:1], text[: stretch.start].rstrip()[-1:]
    return (last in _NUMERALS and bool(last and after)) or (first in _NUMERALS and before in _NUMERALS and bool(before))


def widened(
    text: str, clauses: Sequence[Clause], stretch: Stretch, *, whole: bool = False, planned: bool = False
) -> Stretch:
    """``stretch`` as wide as it must be: with ``whole`` always its clauses, and all that these rest on.

    With ``planned`` a plan told earlier in the sentence is kept with what is said of it.
    """
    touched = covering(clauses, stretch)
    if not touched:
        return stretch
    first, last = touched[0], touched[-1]
    inside = Stretch(clauses[first].start, clauses[last].end)
    rest = (
        text[inside.start : max(stretch.start, inside.start)] + "\n" + text[min(stretch.end, inside.end) : inside.end]
    )
    wide = whole or cuts_figure(text, stretch, inside) or narrows(rest, text[stretch.start : stretch.end])
    earlier, later = _hung_together(text, clauses, touched, planned)
    figured = _has_numerals(text[stretch.start : stretch.end])
    while earlier and clauses[earlier - 1].sentence == clauses[first].sentence:
        if not _leads(clauses[earlier - 1].of(text), figured=figured):
            break
        earlier -= 1
    if wide or earlier < first:
        stretch = Stretch(min(stretch.start, clauses[earlier].start), stretch.end)
    if wide or later > last:
        stretch = Stretch(stretch.start, max(stretch.end, clauses[later].end))
    if (earlier < first or later > last) and not wide:
        return widened(text, clauses, stretch, whole=True, planned=planned)
    return _closed(text, clauses, stretch)


def narrows(rest: str, words: str) -> bool:
    """Whether ``words`` say more, or another thing, without the ``rest`` of their clause."""
    guards = (*_NEGATIONS, *_NARROWINGS, *_PLANS)
    if _has_numerals(words):
        guards = (*guards, *FIGURE_BOUNDS)
    return any(guard in rest for guard in guards)


def _hung_together(text: str, clauses: Sequence[Clause], touched: range, planned: bool) -> tuple[int, int]:
    """The first and the last clause of all that hangs together with those touched."""
    earlier, later = touched[0], touched[-1]
    sentence = clauses[earlier].sentence
    if planned:
        same = (place for place in range(earlier) if clauses[place].sentence == sentence)
        earlier = min([earlier, *(place for place in same if is_plan(clauses[place].of(text)))])
    while later + 1 < len(clauses) and _trails(text, clauses[later], clauses[later + 1]):
        later += 1
        if _takes_back(clauses[later].of(text)):
            # What is right is told after the words that take back.
            later = max(place for place, each in enumerate(clauses) if each.sentence == clauses[later].sentence)
    return earlier, later


def is_plan(words: str) -> bool:
    """Whether ``words`` tell what is still to come, under way, on trial or no more."""
    status = read_status(words)
    return status not in (Status.UNKNOWN, Status.IN_FORCE, Status.COMPLETED) or any(aim in words for aim in AIMS)


def _leads(clause: str, *, figured: bool) -> bool:
    if clause.startswith(_CONDITIONS) or clause.endswith(_CONDITION_ENDS):
        return True
    return figured and (clause.startswith(_SETTINGS) or clause.endswith(_SETTING_ENDS))


def _has_numerals(words: str) -> bool:
    return any(character in _NUMERALS for character in words)


def _trails(text: str, clause: Clause, following: Clause) -> bool:
    words = following.of(text)
    if following.sentence != clause.sentence:
        return following.sentence == clause.sentence + 1 and _takes_back(words)
    return (
        _takes_back(words)
        or words.startswith(_TRAILING)
        or any(word in words for word in _TRAILING_HOLDS)
        or words.endswith(_TRAILING_ENDS)
    )


def _takes_back(words: str) -> bool:
    return words.startswith(_CORRECTIONS) or words.rstrip("啊呀哦了的吧") in _TAKEN_BACK


def _closed(text: str, clauses: Sequence[Clause], stretch: Stretch) -> Stretch:
    """``stretch`` with the other half of every bracket that stands in its clauses."""
    for opening, closing in ("（）", "()", "“”", "《》"):
        words = text[stretch.start : stretch.end]
        if words.count(opening) > words.count(closing) and closing in text[stretch.end :]:
            stretch = Stretch(stretch.start, text.index(closing, stretch.end) + 1)
        elif words.count(closing) > words.count(opening) and opening in text[: stretch.start]:
            stretch = Stretch(text.rindex(opening, 0, stretch.start), stretch.end)
    return stretch


def shortening(text: str, words: str, within: Stretch) -> list[Stretch] | None:
    """``words`` as stretches of ``within`` in their order, the longest first; None when they are none."""
    found: list[Stretch] = []
    position, rest = within.start, words
    while rest:
        taken = None
        for length in range(len(rest), _SHORTEST_STRETCH - 1, -1):
            if len(rest) - length == 1:
                continue
            taken = next(places_of(text[position : within.end], rest[:length], marks=True), None)
            if taken is not None:
                break
        if taken is None or len(found) == _MOST_STRETCHES:
            return None
        found.append(Stretch(taken.start + position, taken.end + position))
        position, rest = found[-1].end, rest[length:]
    return found
