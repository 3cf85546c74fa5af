"""What firms call themselves, by official names, and where a text names one.

The names are data (``terms.yaml``) together with those of the catalogue's own conditions: a district's special
title is known by being asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from bot.catalogue.models import Catalogue, Strict
from bot.text.figures import FigureKind
from bot.text.tokens import fold

_FILE = Path(__file__).with_name("terms.yaml")
#: Marks that come and go inside names.
_IGNORED = "“”\"'‘’《》「」"


class Family(StrEnum):
    """What sort of name a term is."""

    QUALIFICATION = "qualification"
    SIZE = "size"
    FORM = "form"
    KIND = "kind"
    MEASURE = "measure"
    ASKED = "asked"


class Term(Strict):
    """One name with its aliases; ``Family.ASKED`` are names known only from a condition's ``accepts``."""

    family: Family
    name: str
    aliases: tuple[str, ...] = ()
    sizes: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    excludes: frozenset[str] = frozenset()
    of_another: bool = False
    figure: FigureKind | None = None
    source: str = ""


class Mention(Strict):
    """A term at ``start:end`` of a tidied text."""

    term: Term
    start: int
    end: int


def tidy(text: str) -> str:
    """A text as names are looked for in it: folded, without quotation marks and white space between Han characters."""
    folded = fold(text).translate({ord(mark): None for mark in _IGNORED})
    return re.sub(r"(?<=[\u3400-\u9fff])\s++(?=[\u3400-\u9fff])", "", folded).strip()


@cache
def known_terms() -> tuple[Term, ...]:
    """The names of ``terms.yaml``."""
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Term.model_validate({("also" if key == "is" else key): v for key, v in each.items()}) for each in entries
    )


class Vocabulary:
    """The known names and those that conditions of one catalogue ask for. Safe to share between threads."""

    def __init__(self, asked: Iterable[str]) -> None:
        self._by_word: dict[str, Term] = {}
        for term in known_terms():
            for word in (term.name, *term.aliases):
                self._by_word.setdefault(tidy(word), term)
        for word in asked:
            self._by_word.setdefault(tidy(word), Term(family=Family.ASKED, name=word))
        self._by_word.pop("", None)
        longest_first = sorted(self._by_word, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(_spelt, longest_first)))

    @classmethod
    def of(cls, catalogue: Catalogue) -> Vocabulary:
        """The vocabulary of all conditions on file."""
        conditions = [condition for programme in catalogue.programmes for condition in programme.conditions]
        return cls(word for condition in conditions for word in (*condition.accepts, condition.measure) if word)

    def term(self, word: str) -> Term:
        """The term a name stands for; one of its own where nobody knows it."""
        return self._by_word.get(tidy(word)) or Term(family=Family.ASKED, name=word)

    def mentions(self, tidied: str) -> tuple[Mention, ...]:
        """Every term in a tidied text, the longest name where several overlap."""
        return tuple(
            Mention(term=self._by_word[match.group()], start=match.start(), end=match.end())
            for match in self._pattern.finditer(tidied)
        )


def _spelt(word: str) -> str:
    """A pattern for one name; Latin ones only as whole words."""
    plain = re.escape(word)
    return rf"(?<![a-z0-9]){plain}(?![a-z0-9])" if word.isascii() else plain


def holds(term: Term, asked: Term) -> bool:
    """Whether who is ``term`` is ``asked``: the same, broader by law, or by what the name ends with."""
    if term.name == asked.name or asked.name in term.also:
        return True
    return len(asked.name) > 1 and term.name.endswith(asked.name) and asked.family in (Family.KIND, Family.ASKED)
