"""Whether a quote of a card states what a question asks for."""

from __future__ import annotations

import re

from bot.answering.draft import Passage
from bot.text.figures import FigureKind, parse_figures
from bot.text.questions import FIGURE_KINDS, Asked, QuestionAnalysis, states_asked_figure
from bot.text.relative_time import resolve_relative_time

_LINK = re.compile(r"https?:|www\.|\.(?:cn|com|org|gov)|公众号|小程序|APP|网站", re.IGNORECASE)
_EXACT_ADDRESS = re.compile(r"门牌|详细|具体地址|几号|哪条路|什么路")


def same_passage(passage: Passage, told: tuple[Passage, ...]) -> Passage:
    """A passage already cited that overlaps ``passage``, so that one sentence keeps one marker."""
    return next(
        (
            other
            for other in told
            if other.document_id == passage.document_id and other.start < passage.end and passage.start < other.end
        ),
        passage,
    )


def states_link(analysis: QuestionAnalysis, quote: str) -> bool:
    """Whether a quote gives an address on the net, or names the platform where one is asked for."""
    if analysis.asked is not Asked.LINK:
        return True
    return bool(_LINK.search(quote)) or ("网址" not in analysis.question and "平台" in quote)


def states_kind(quote: str, analysis: QuestionAnalysis) -> bool:
    """Whether a quote gives a figure of the kind asked for, where one is asked for."""
    kinds = FIGURE_KINDS.get(analysis.asked)
    if kinds is None or states_asked_figure(quote, analysis.asked, analysis.measure):
        return True
    # 去年 states a year once it is resolved against the document's date.
    return FigureKind.DATE in kinds and bool(resolve_relative_time(quote, "2000-01-01"))


def same_date(asked: frozenset[str], quote: str) -> bool:
    """Whether a quote that gives dates gives one that the question names (any grain)."""
    stated = {str(figure.value) for figure in parse_figures(quote) if figure.kind is FigureKind.DATE}
    if not asked or not stated:
        return True
    return any(one.startswith(other) or other.startswith(one) for one in asked for other in stated)


def exact_address_missing(analysis: QuestionAnalysis, quote: str) -> bool:
    """Whether a house number is asked for and the quote names only a neighbourhood."""
    if analysis.asked is not Asked.ADDRESS or not _EXACT_ADDRESS.search(analysis.subject):
        return False
    return not any(figure.unit in ("号", "号楼", "室", "弄") for figure in parse_figures(quote))
