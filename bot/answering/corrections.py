"""Figures of a question that the evidence contradicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.answering.composition import tidy
from bot.answering.draft import Draft, DraftCorrection, Passage
from bot.text.figures import SAME_MEASURES, FigureKind, ParsedFigure, figure_keys, parse_figures
from bot.text.relative_time import resolve_relative_time
from bot.types import Document

#: A figure the asker tells of themself is no claim about the documents: 我们公司有30人.
_OWN = re.compile(
    r"(?:我|我们|咱们|本人|本公司|我司|公司|企业|团队|员工)[^，。；？]{0,10}(?:有|是|已|才|刚|成立|来|共|招|营收|规模|大概|约|差|缺|想|要|需要|打算|准备)?[^，。；？]{0,6}$"
)  # fmt: skip
#: A bound said after a figure belongs to it: 三星级及以上.
_BOUND = re.compile(r"及?以[上下内]")
_COMPARED = frozenset(
    {
        FigureKind.MONEY,
        FigureKind.PERCENT,
        FigureKind.DURATION,
        FigureKind.COUNT,
        FigureKind.DATE,
        FigureKind.GRADE,
        FigureKind.PHONE,
        FigureKind.NUMBER,
    }
)


def find_corrections(question: str, draft: Draft, document: Callable[[str], Document]) -> Iterator[DraftCorrection]:
    """Each figure of ``question`` that the passages of ``draft``'s statements contradict.

    A figure is contradicted when no passage states it and one states another of the same kind and
    unit; years are compared with the relative time words resolved.
    """
    passages = [passage for statement in draft.statements for passage in statement.passages]
    if not passages or draft.listed:
        return
    stated = [(passage, _quote(passage, document)) for passage in passages]
    known = {key for _, quote in stated for key in figure_keys(quote)}
    years = _years(passages, document)
    for asked in parse_figures(question):
        if asked.kind not in _COMPARED or asked.key in known or _OWN.search(question[: asked.start]):
            continue
        for passage, quote in stated:
            other = _counterpart(asked, quote, years)
            if other is not None:
                if other != asked.text:
                    yield DraftCorrection(asked.text, other, passage)
                break


def _quote(passage: Passage, document: Callable[[str], Document]) -> str:
    return document(passage.document_id).text[passage.start : passage.end]


def _years(passages: list[Passage], document: Callable[[str], Document]) -> frozenset[int]:
    found: set[int] = set()
    for passage in passages:
        source = document(passage.document_id)
        quote = source.text[passage.start : passage.end]
        found.update(time.year for time in resolve_relative_time(quote, source.metadata.date))
    return frozenset(found)


def _counterpart(asked: ParsedFigure, quote: str, years: frozenset[int]) -> str | None:
    """What the quote states in the place of ``asked``; the same text when they agree."""
    figures = parse_figures(quote)
    if asked.kind is FigureKind.DATE:
        if re.fullmatch(r"\d{4}", str(asked.value)) and years:
            return asked.text if int(asked.value) in years else None
        dates = [figure for figure in figures if figure.kind is FigureKind.DATE]
        same_grain = [figure for figure in dates if len(str(figure.value)) == len(str(asked.value))]
        return tidy(same_grain[0].text) if len(same_grain) == 1 else None
    alike = [figure for figure in figures if _comparable(asked, figure)]
    if any(_equal_amount(asked, figure) for figure in alike):
        return asked.text
    if len({figure.value for figure in alike}) != 1:
        return None
    bound = _BOUND.match(quote, alike[0].end)
    return tidy(alike[0].text + (bound.group() if bound else ""))


def _comparable(asked: ParsedFigure, figure: ParsedFigure) -> bool:
    if asked.kind is FigureKind.NUMBER:
        # 60万 asked of 50 万元: a scaled number without its unit.
        return figure.kind is FigureKind.MONEY and asked.text.endswith(("万", "亿"))
    if asked.kind is not figure.kind:
        return False
    if asked.unit == figure.unit:
        return True
    return any(asked.unit in group and figure.unit in group for group in SAME_MEASURES)


def _equal_amount(asked: ParsedFigure, figure: ParsedFigure) -> bool:
    return asked.value == figure.value
