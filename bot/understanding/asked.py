"""What a question asks for, and which figures answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.search.background import background_share
from bot.text.figures import SAME_MEASURES, FigureKind, ParsedFigure, measure_after, parse_figures
from bot.types.labelled import Labelled


class Asked(Labelled):
    """What is asked for. ``label`` is what people read: 文件没有写明它的{…}."""

    AMOUNT = "amount", "金额或额度"
    RATE = "rate", "利率或比例"
    COUNT = "count", "数量"
    DEADLINE = "deadline", "截止时间"
    DATE = "date", "时间"
    DURATION = "duration", "期限"
    PHONE = "phone", "联系电话"
    ADDRESS = "address", "地址或入口"
    CONDITION = "condition", "条件"
    PROCEDURE = "procedure", "办理方式"
    MATERIALS = "materials", "所需材料"
    BODY = "body", "负责单位"
    PERSON = "person", "人员"
    LIST = "list", "清单"
    YES_NO = "yes_no", "能否"
    REASON = "reason", "原因"
    DEFINITION = "definition", "含义"
    COMPARE = "compare", "区别"
    STATUS = "status", "状态"
    DOCUMENT = "document", "文件信息"
    DOCUMENTS = "documents", "文件清单"
    TOPIC = "topic", "内容"
    OTHER = "other", "内容"


#: Every kind by its value.
BY_VALUE: dict[str, Asked] = {each.value: each for each in Asked}

#: A pair of characters that so much of general text uses is a word.
WORD_SHARE = 0.001
#: A gap for a figure; 哪几个 asks for a list, 十几 is a figure.
_GAP = re.compile("(?<![哪这那好十])(?:多少|几)")
_K = FigureKind
#: What kinds of figure answer what is asked.
FIGURE_KINDS: dict[Asked, frozenset[FigureKind]] = {
    Asked.AMOUNT: frozenset({_K.MONEY}),
    Asked.RATE: frozenset({_K.PERCENT}),
    Asked.COUNT: frozenset({_K.COUNT, _K.NUMBER}),
    Asked.DATE: frozenset({_K.DATE}),
    Asked.DEADLINE: frozenset({_K.DATE}),
    Asked.DURATION: frozenset({_K.DURATION}),
    Asked.PHONE: frozenset({_K.PHONE}),
}
#: Asked for, several things answer together: a list is told whole.
LISTED = frozenset(
    {Asked.LIST, Asked.CONDITION, Asked.MATERIALS, Asked.PROCEDURE, Asked.TOPIC, Asked.COMPARE, Asked.DEFINITION}
)


#: What a number without that measure word counts for where one is asked for: （小学45、初中90）, 135个 where 多少人.
BARE_NUMBER = 0.4
#: What a number with another measure word for the same counts for: 31家 where 多少项 is asked.
ALIKE_MEASURE = 0.5


def figure_kinds(shares: Mapping[Asked, float]) -> tuple[frozenset[FigureKind], float]:
    """The kinds of figure that a question may ask for, and how surely it does, by the shares (0–1) of all labels.

    Amount and rate, or date and deadline, are often near each other: those half as likely as the first count, too.
    """
    best = max(shares, key=lambda asked: shares[asked])
    if best not in FIGURE_KINDS:
        return frozenset(), 0.0
    near = (asked for asked, share in shares.items() if asked in FIGURE_KINDS and share >= shares[best] / 2)
    kinds = frozenset[FigureKind]().union(*(FIGURE_KINDS[asked] for asked in near))
    return kinds, sum(share for asked, share in shares.items() if asked in FIGURE_KINDS)


def measured_kinds(question: str) -> frozenset[FigureKind]:
    """The kinds of figure that a question leaves a gap for: 几倍 a count, 几个月 a duration, 百分之几 a share.

    >>> sorted(measured_kinds("处几倍罚款，能缓几个月"))
    [<FigureKind.COUNT: 'count'>, <FigureKind.DURATION: 'duration'>]
    """
    kinds = set()
    for gap in _GAP.finditer(question):
        filled = f"{question[: gap.start()]}3{question[gap.end() :]}"
        for figure in parse_figures(filled):
            # 多少支持 counts no 支: with the next character the measure is an ordinary word.
            pair = filled[figure.end - 1 : figure.end + 1]
            word = len(pair) == len("支持") and background_share(pair) >= WORD_SHARE
            if figure.start <= gap.start() < figure.end and not word:
                kinds.add(figure.kind)
    return frozenset(kinds - {FigureKind.NUMBER, FigureKind.GRADE, FigureKind.DOCUMENT_NUMBER})


def _measure(question: str) -> str:
    """The measure word a question counts with, in its gap or in a figure that it wants confirmed."""
    gap = measure_after(question)
    counts = (figure.unit for figure in parse_figures(question) if figure.kind is FigureKind.COUNT)
    return gap or next(counts, "")


def asked_figures(text: str, kinds: frozenset[FigureKind], question: str) -> tuple[ParsedFigure, ...]:
    """The figures of ``text`` of one of ``kinds``; of numbers, those counted with the question's measure word."""
    figures = [figure for figure in parse_figures(text) if figure.kind in kinds]
    measure = _measure(question) if FigureKind.COUNT in kinds else ""
    same = [each for each in figures if each.kind is not FigureKind.COUNT or each.unit == measure]
    return tuple(same if measure else figures)


def states_figure(text: str, kinds: frozenset[FigureKind], question: str = "") -> float:
    """How surely (0–1) ``text`` gives a figure of one of ``kinds``, counted with the question's measure word."""
    figures = [figure for figure in parse_figures(text) if figure.kind in kinds]
    measure = _measure(question) if FigureKind.COUNT in kinds else ""
    if not measure:
        return float(bool(figures))
    alike = next((group for group in SAME_MEASURES if measure in group), frozenset((measure,)))
    if any(figure.unit == measure or figure.kind is not FigureKind.COUNT for figure in figures if figure.unit):
        return 1.0
    if any(figure.unit in alike for figure in figures):
        return ALIKE_MEASURE
    return BARE_NUMBER if figures else 0.0
