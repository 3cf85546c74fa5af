"""Find a quote in a text, white space aside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuoteSpan:
    """``text[start:end]`` of the document, as it stands there."""

    start: int
    end: int


def find_quote(text: str, quote: str) -> QuoteSpan | None:
    """Where ``quote`` stands in ``text``, ignoring white space in both; the first place, or None."""
    exact = text.find(quote)
    if exact >= 0:
        return QuoteSpan(exact, exact + len(quote))
    needle = "".join(quote.split())
    if not needle:
        return None
    positions = [index for index, character in enumerate(text) if not character.isspace()]
    squeezed = "".join(text[index] for index in positions)
    found = squeezed.find(needle)
    if found < 0:
        return None
    return QuoteSpan(positions[found], positions[found + len(needle) - 1] + 1)
