"""The weighted search terms of a query."""

from __future__ import annotations

from bot.catalogue.thesaurus import Thesaurus
from bot.text.questions import question_subject
from bot.text.tokens import search_terms

#: A word the thesaurus puts in the place of another counts for less than the word itself.
EXPANSION_WEIGHT = 0.3


def query_terms(query: str, thesaurus: Thesaurus) -> dict[str, float]:
    """Search terms of ``query`` without question phrases, widened by the thesaurus.

    A query that is nothing but question words keeps all of its terms.
    """
    subject = question_subject(query)
    terms = dict.fromkeys(search_terms(subject), 1.0) or dict.fromkeys(search_terms(query), 1.0)
    for occurrence in thesaurus.occurrences(subject):
        for alternative in occurrence.alternatives:
            for term in search_terms(alternative):
                if len(term) > 1:
                    terms.setdefault(term, EXPANSION_WEIGHT)
    return terms
