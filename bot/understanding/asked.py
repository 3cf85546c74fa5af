"""What a question asks for, and which figures answer it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.text.figures import SAME_MEASURES, FigureKind, measure_after, parse_figures


class Asked(StrEnum):
    """What is asked for. ``label`` is what people read: 文件没有写明它的{…}."""

    label: str

    def __new__(cls, value: str, label: str) -> Asked:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

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


def figure_kinds(shares: Iterable[tuple[Asked, float]], sure: float) -> frozenset[FigureKind]:
    """The kinds of figure that answer a question, by the shares of what it may ask for, the likeliest first.

    Amount and rate, or date and deadline, are often near each other: what is asked for is taken together until it is
    ``sure``; where anything else than a figure is among that, no figure has to be there.
    """
    kinds: frozenset[FigureKind] = frozenset()
    total = 0.0
    for asked, share in shares:
        if asked not in FIGURE_KINDS:
            return frozenset()
        kinds |= FIGURE_KINDS[asked]
        total += share
        if total >= sure:
            return kinds
    return frozenset()


def states_figure(text: str, kinds: frozenset[FigureKind], question: str = "") -> float:
    """How surely (0–1) ``text`` gives a figure of one of ``kinds``, counted with the question's measure word."""
    figures = [figure for figure in parse_figures(text) if figure.kind in kinds]
    measure = measure_after(question) if FigureKind.COUNT in kinds else ""
    if not measure:
        return float(bool(figures))
    alike = next((group for group in SAME_MEASURES if measure in group), frozenset((measure,)))
    if any(figure.unit == measure or figure.kind is not FigureKind.COUNT for figure in figures if figure.unit):
        return 1.0
    if any(figure.unit in alike for figure in figures):
        return ALIKE_MEASURE
    return BARE_NUMBER if figures else 0.0
