"""A text cut into tokens and clauses, so that one clause can be laid beside another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.composition import drop_enumerator
from bot.answering.model.grounding.words import GRANTS, LIMITING, VOCABULARY
from bot.text.figures import parse_figures

#: Marks at which a clause ends; folding has made the wide ones narrow.
_MARKS = ",;:。!?\n"
_PART_MARKS = frozenset(";。!?\n")
_SENTENCE_MARKS = frozenset("。!?\n")
#: Marks after which an enumerator may stand.
_OPENING_MARKS = frozenset(";:。!?\n")
#: Marks that set words apart without changing what they say.
_IGNORED = frozenset(" \t\r\u3000“”‘’\"'「」『』《》〈〉()【】*")
_WORD = re.compile("|".join(map(re.escape, VOCABULARY)) + r"|[a-z0-9][a-z0-9.+#@/_-]*")
_MORE = frozenset("余多几来")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a figure or a mark. Figures are equal where kind, value, unit and 余 are."""

    text: str
    is_figure: bool = False
    is_mark: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens up to ``mark``; ``opens_part`` and ``opens_sentence`` say that it is the first one of these."""

    text: str
    tokens: tuple[Token, ...]
    mark: str
    opens_part: bool
    opens_sentence: bool

    @property
    def has_figure(self) -> bool:
        """Whether it states a figure."""
        return any(token.is_figure for token in self.tokens)


def folded(text: str) -> str:
    """``text`` with width and case folded; ⑧⓪ is 80."""
    return unicodedata.normalize("NFKC", text).casefold()


def told_tokens(text: str) -> tuple[Token, ...]:
    """Tokens of a folded sentence, the marks between its clauses among them, enumerators not."""
    found: list[Token] = []
    for body, mark in _pieces(text):
        opens = not found or found[-1].text in _OPENING_MARKS
        found += [*_clause_tokens(_unnumbered(body) if opens else body), Token(mark, is_mark=True)]
    return tuple(found)


def clauses_of(text: str) -> tuple[Clause, ...]:
    """Clauses of a document's text in order, their enumerators gone; empty ones are left out."""
    found: list[Clause] = []
    opens_part = opens_sentence = True
    for body, mark in _pieces(folded(text)):
        opens = opens_part or (found and found[-1].mark in _OPENING_MARKS)
        plain = _unnumbered(body) if opens else body.strip()
        tokens = _clause_tokens(plain)
        if tokens:
            found.append(Clause(plain, tokens, mark, opens_part, opens_sentence))
            opens_part, opens_sentence = mark in _PART_MARKS, mark in _SENTENCE_MARKS
        elif found and mark in _PART_MARKS and found[-1].mark not in _SENTENCE_MARKS:
            found[-1] = _ended(found[-1], mark)
            opens_part, opens_sentence = True, opens_sentence or mark in _SENTENCE_MARKS
    return tuple(found)


def _unnumbered(text: str) -> str:
    """``text`` without an enumerator; the minus of a figure is none."""
    plain = drop_enumerator(text.strip())
    return text.strip() if plain[:1].isdigit() and text.strip().startswith("-") else plain


def _clause_tokens(text: str) -> tuple[Token, ...]:
    return tuple(_with_bound_first(list(_tokens(text))))


def _ended(clause: Clause, mark: str) -> Clause:
    """A line break after a colon belongs to the colon: what follows hangs on it."""
    ended = f"{clause.mark}{mark}" if clause.mark == ":" else mark
    return Clause(clause.text, clause.tokens, ended, clause.opens_part, clause.opens_sentence)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Stretches between marks with the mark after each; a mark inside a figure ends nothing."""
    inside = {place for figure in parse_figures(text) for place in range(figure.start, figure.end)}
    start = 0
    for place, character in enumerate(text):
        if character in _MARKS and place not in inside:
            yield text[start:place], character
            start = place + 1
    yield text[start:], "\n"


def _tokens(text: str) -> Iterator[Token]:
    figures = {figure.start: figure for figure in parse_figures(text)}
    place = 0
    while place < len(text):
        figure = figures.get(place)
        character = text[place]
        if figure is not None:
            more = "+" if _MORE & set(figure.text) else ""
            yield Token(f"{figure.kind}:{figure.value}:{figure.unit}{more}", is_figure=True)
            place = figure.end
        elif character in _IGNORED or character in _MARKS:
            place += 1
        else:
            stop = min((start for start in figures if start > place), default=len(text))
            word = _WORD.match(text, place, stop)
            yield Token(word.group() if word else character)
            place = word.end() if word else place + 1


def _with_bound_first(tokens: list[Token]) -> list[Token]:
    """给予最高 and 最高给予 are one: the bound is put before the verb in both."""
    for place in range(1, len(tokens)):
        verb, bound = tokens[place - 1], tokens[place]
        if verb.text in GRANTS and bound.text in LIMITING:
            tokens[place - 1], tokens[place] = bound, verb
    return tokens
