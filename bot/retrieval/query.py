"""The weighted search terms of a query."""

from __future__ import annotations

from collections import Counter

from bot.catalogue.thesaurus import Thesaurus
from bot.text.tokens import search_terms

#: A word the thesaurus puts in the place of another counts for less than the word itself.
EXPANSION_WEIGHT = 0.3


def query_terms(query: str, thesaurus: Thesaurus | None = None) -> dict[str, float]:
    """Search terms of ``query`` with weights above 0, widened by the thesaurus; said twice weighs twice."""
    terms = {term: float(count) for term, count in Counter(search_terms(query)).items()}
    for occurrence in thesaurus.occurrences(query) if thesaurus else ():
        for alternative in occurrence.alternatives:
            for term in search_terms(alternative):
                # Single characters of another word are in every text.
                if len(term) > 1:
                    terms.setdefault(term, EXPANSION_WEIGHT)
    return terms
