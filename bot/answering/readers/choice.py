"""One of several: the item, row or sentence that is asked for, not the one that only stands beside it.

Siblings are alike in nearly everything; what tells them apart is a word of the question that stands in one and
not in the others, or a figure of the question that lies in the range of one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import log

from bot.text.figures import FigureKind, parse_figures
from bot.text.numerals import parse_number
from bot.text.ranges import stated_ranges
from bot.text.tokens import search_terms

#: A sibling is chosen when it leads the next by so much of what tells the siblings apart.
LEAD = 0.15
#: What a single character counts for beside a pair, a word or a number.
SINGLE = 0.4
#: What a figure of the question that lies in a sibling's range counts for, beside a full share of the words.
IN_RANGE = 2.0


def chosen_sibling(question: str, texts: Sequence[str]) -> int | None:
    """The place of the one of ``texts`` that ``question`` asks for; ``None`` where nothing tells them apart."""
    if len(texts) < 2:
        return None
    shares = telling_shares(question, texts)
    ranked = sorted(range(len(texts)), key=lambda place: -shares[place])
    return ranked[0] if shares[ranked[0]] - shares[ranked[1]] >= LEAD else None


#: The same units are compared for many questions; a question does not come again.
@lru_cache(maxsize=8_192)
def _terms(text: str) -> frozenset[str]:
    return frozenset(search_terms(text))


def telling_shares(question: str, texts: Sequence[str], *, ranges: bool = True) -> list[float]:
    """How much of the question's words that tell ``texts`` apart each holds, and whether a figure lies in its range."""
    terms = [_terms(text) for text in texts]
    asked = frozenset(search_terms(question))
    weights: dict[str, float] = {}
    for term in asked:
        holders = sum(term in each for each in terms)
        if 0 < holders < len(texts):
            weights[term] = log(len(texts) / holders) * (1.0 if len(term) > 1 or term.isdigit() else SINGLE)
    total = sum(weights.values()) or 1.0
    figures = parse_figures(question)
    shares = []
    for text, held in zip(texts, terms, strict=True):
        fits = ranges and any(each.holds(figure) for each in stated_ranges(text) for figure in figures)
        shares.append(sum(weight for term, weight in weights.items() if term in held) / total + IN_RANGE * fits)
    return shares


#: A level, class or prize: 2级, 二等奖, 三星.
_LEVEL = re.compile(
    r"(?<![\d一二三四五六七八九十])(?P<number>[一二三四五六七八九十]{1,3}|\d{1,4})"
    r"[ 　]?(?P<unit>级|等|档|类|星|期|届|号)"
)


def speaks_of_another(question: str, text: str) -> bool:
    """Whether ``text`` is about another level or year than the one ``question`` names, and not about that."""
    return _another(_levels(question), _levels(text)) or _another(_years(question), _years(text))


def _another(asked: frozenset[tuple[str, str]], stated: frozenset[tuple[str, str]]) -> bool:
    units = {unit for unit, _ in asked} & {unit for unit, _ in stated}
    return any(
        {value for unit, value in asked if unit == each}.isdisjoint(value for unit, value in stated if unit == each)
        for each in units
    )


def _levels(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((match["unit"], str(parse_number(match["number"]))) for match in _LEVEL.finditer(text))


def _years(text: str) -> frozenset[tuple[str, str]]:
    dates = (str(figure.value) for figure in parse_figures(text) if figure.kind is FigureKind.DATE)
    return frozenset(("年", date[:4]) for date in dates if not date.startswith("--"))
