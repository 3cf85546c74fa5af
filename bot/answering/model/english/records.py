"""What stands in a unit and is not translated by a model, and what is found wrong with a translation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """A rule that a translation may break; shared by code and tests."""

    PLACEHOLDER = "placeholder"
    ORDER = "order"
    FIGURE = "figure"
    NAME = "name"
    SENTENCES = "sentences"
    WORDS = "words"
    TERMS = "terms"
    LENGTH = "length"
    TALK = "talk"
    INSTRUCTION = "instruction"
    UNTRANSLATABLE = "untranslatable"


@dataclass(frozen=True, slots=True)
class Objection:
    """One broken rule; ``detail`` is the part of the translation, or of the unit, that it is about."""

    rule: Rule
    detail: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation that may be shown beside its unit; ``text`` is None when it was refused."""

    text: str | None
    objections: tuple[Objection, ...] = ()


class Kind(StrEnum):
    """What a placeholder stands for; a model is told it with what will be printed."""

    FIGURE = "figure"
    DATE = "date"
    LABEL = "number of the item"
    BOUND = "bound"
    RATE = "rate"
    TITLE = "title"
    QUOTED = "quoted name"
    ADDRESS = "address or number"
    LATIN = "name"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Mask:
    """``unit[start:end]``, told in English as ``english``; equal figures have equal ``key``s."""

    start: int
    end: int
    kind: Kind
    source: str
    english: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class MaskedUnit:
    """A unit with ⟦1⟧, ⟦2⟧ … in place of its masks, which are in the unit's order."""

    unit: str
    text: str
    masks: tuple[Mask, ...]
