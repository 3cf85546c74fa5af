"""What a firm types, clause by clause, and what each clause tells for certain.

A name or figure counts as told only where nothing stands beside it but words that change nothing: 正在申请高企,
服务小微企业 and 高企的供应商 tell nothing certain, and neither does any word that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot import lexicon
from bot.catalogue.eligibility.terms import Family, Mention, Vocabulary, tidy
from bot.text.figures import FigureKind, ParsedFigure, parse_figures
from bot.text.places import places_in

#: The longest entry read; what is beyond tells nothing.
LONGEST = 2_000
_BREAK = re.compile(r"[,，.。;；、!！?？\n\r|/]|而且|并且|以及|但是|和|及|与|但")
_WITHOUT_YUAN = re.compile(r"[万亿](?=$|以上|以下|以内|左右|上下|到|至|-)")
_NUMBER_POINT = re.compile(r"(?<=\d)[.,，](?=\d)")
_MARKS = re.compile(r"[\W_]+")
#: One of these alone before a name denies it.
_DENYING = frozenset("不没未无非")


class Stance(StrEnum):
    """How surely something was told."""

    HELD = "held"
    DENIED = "denied"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of one entry of the form."""

    field: str
    text: str
    mentions: tuple[Mention, ...]
    figures: tuple[ParsedFigure, ...]

    def rest(self, *left_out: tuple[int, int], start: int = 0, end: int | None = None) -> str:
        """What is left of ``start:end`` without terms, figures, places, and words that change nothing."""
        stop = len(self.text) if end is None else end
        spans = [*left_out, *((each.start, each.end) for each in self.mentions)]
        spans += [(each.start, each.end) for each in self.figures if each.kind is not FigureKind.DATE]
        hidden = {place for begin, finish in spans for place in range(begin, finish)}
        kept = "".join(self.text[place] if place not in hidden else " " for place in range(start, stop))
        for place in places_in(kept):
            kept = kept.replace(place, " ")
        for words in ("bound_words", "self_words"):
            kept = lexicon.recogniser(words).sub(" ", kept)
        return _MARKS.sub("", kept)

    def stance(self, mention: Mention) -> Stance:
        """Whether the clause says that the firm is what is mentioned, that it is not, or neither for certain."""
        if any(other.term.of_another and other.start >= mention.end for other in self.mentions):
            return Stance.UNSURE
        dated = any(figure.kind is FigureKind.DATE for figure in self.figures)
        if dated and mention.term.family is not Family.MEASURE:
            return Stance.UNSURE
        if self.rest(start=mention.end):
            return Stance.UNSURE
        before = self.rest(end=mention.start)
        if not before:
            return Stance.HELD
        return Stance.DENIED if before in _DENYING else Stance.UNSURE


def clauses(field: str, typed: str, vocabulary: Vocabulary) -> tuple[Clause, ...]:
    """The clauses of one entry, in order; empty ones left out."""
    return tuple(_clauses(field, typed[:LONGEST], vocabulary))


def _clauses(field: str, typed: str, vocabulary: Vocabulary) -> Iterable[Clause]:
    whole = _NUMBER_POINT.sub(lambda match: "·" if match.group() == "." else "", tidy(typed))
    for part in _BREAK.split(whole):
        text = part.replace("·", ".").replace("个亿", "亿").strip()
        if any(mention.term.figure is FigureKind.MONEY for mention in vocabulary.mentions(text)):
            text = _in_yuan(text)
        if text:
            yield Clause(field, text, vocabulary.mentions(text), parse_figures(text))


def _in_yuan(text: str) -> str:
    """Amounts with the unit that people leave out: 营收四千万 is 四千万元."""
    return _WITHOUT_YUAN.sub(r"\g<0>元", text)
