"""Which documents' validity is over or runs out soon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.types import DocumentMetadata

#: Documents are looked after so many days before they run out.
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Term:
    """The last valid day of a document; ``days`` from today, negative once it is over. ``words`` state it."""

    document: str
    title: str
    until: date
    days: int
    words: str = ""

    @property
    def over(self) -> bool:
        """Whether the last valid day has passed; on that day itself it holds."""
        return self.days < 0


def terms(metadata: Mapping[str, DocumentMetadata], today: date, ahead: timedelta = AHEAD) -> tuple[Term, ...]:
    """The documents that are over, or will be within ``ahead`` of ``today`` (that day included), soonest first."""
    found = []
    for name, known in metadata.items():
        until = _day(known.valid_until)
        if until is not None and until <= today + ahead:
            words = known.validity.text if known.validity else ""
            found.append(Term(name, known.title, until, (until - today).days, words))
    return tuple(sorted(found, key=lambda each: (each.until, each.document)))


def undated(metadata: Mapping[str, DocumentMetadata]) -> tuple[str, ...]:
    """Documents that state a term whose last day is not known: somebody has to look."""
    return tuple(name for name, known in metadata.items() if known.validity is not None and known.valid_until is None)


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        return None
