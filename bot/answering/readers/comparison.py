"""Several things asked about in one breath (分别, 各是, 比): each is looked for by itself, and all sides are told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.lexicon import recogniser
from bot.text.figures import FigureKind, parse_figures
from bot.text.tokens import fold
from bot.understanding.asked import Asked
from bot.understanding.understanding import SURE, Part, Understanding

#: More sides than this are no comparison.
MAX_SIDES = 4


def sides_of(understanding: Understanding) -> tuple[Part, ...]:
    """The parts of a message; one that compares named things or years becomes one part for each of them."""
    return tuple(side for part in understanding.parts for side in _sides(part, understanding))


def _sides(part: Part, understanding: Understanding) -> tuple[Part, ...]:
    compares = part.asked is Asked.COMPARE and part.confidence >= SURE
    if not compares and not recogniser("each_words").search(part.query):
        return (part,)
    for told in (_names(part, understanding), _years(part)):
        if 1 < len(told) <= MAX_SIDES:
            return tuple(replace(part, query=_without(part.query, told, own)) for own in told)
    return (part,)


def _names(part: Part, understanding: Understanding) -> tuple[str, ...]:
    query = fold(part.query)
    return tuple(dict.fromkeys(match.name for match in understanding.names if match.name in query))


def _years(part: Part) -> tuple[str, ...]:
    dates = (figure for figure in parse_figures(part.query) if figure.kind is FigureKind.DATE)
    return tuple(dict.fromkeys(figure.text for figure in dates))


def _without(query: str, told: Sequence[str], own: str) -> str:
    """``query`` about ``own`` alone."""
    for other in sorted(told, key=len, reverse=True):
        if other != own and other not in own:
            query = re.sub(re.escape(other), " ", query, flags=re.IGNORECASE)
    return query
