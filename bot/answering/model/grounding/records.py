"""What a model's sentence is checked against, and what is found wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.types import Status


class Rule(StrEnum):
    """A rule that a sentence may break; shared by code and tests."""

    MARKER = "marker"
    FIGURE = "figure"
    BOUND = "bound"
    ATTRIBUTION = "attribution"
    NAME = "name"
    LATIN = "latin"
    ADDRESS = "address"
    STATUS = "status"
    NEGATION = "negation"
    ABSOLUTE = "absolute"
    SUPPORT = "support"
    LEAK = "leak"
    INSTRUCTION = "instruction"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered passage of this turn; ``text`` is the document's clean text at ``start:end``.

    ``date`` is the document's (ISO), ``status`` that of the document as a whole.
    """

    marker: int
    document_id: str
    start: int
    end: int
    text: str
    title: str = ""
    date: str | None = None
    status: Status = Status.UNKNOWN


@dataclass(frozen=True, slots=True)
class Objection:
    """One broken rule; ``detail`` is the part of the sentence that cannot be traced."""

    rule: Rule
    detail: str


@dataclass(frozen=True, slots=True)
class SentenceVerdict:
    """``ok`` when no rule is broken."""

    reasons: tuple[Objection, ...]

    @property
    def ok(self) -> bool:
        """Whether the sentence may be shown."""
        return not self.reasons
