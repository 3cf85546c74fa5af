"""Search terms of Chinese text: unigrams and bigrams of Han characters, whole Latin words.

Characters with bigrams beat word segmentation on this material (see the README's figures), need no
dictionary, and never split a name they do not know.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]+|[0-9]+(?:\.[0-9]+)?|[a-z]+[a-z0-9+#-]*")


def fold(text: str) -> str:
    """Case, width and compatibility forms folded for *searching*; lengths may change."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_terms(text: str) -> list[str]:
    """Unigrams and bigrams of each Han run, and whole Latin words and numbers, in text order.

    >>> search_terms("AI暑校50人")
    ['ai', '暑', '暑校', '校', '50', '人']
    """
    terms: list[str] = []
    for match in _RUN.finditer(fold(text)):
        run = match.group()
        if run[0] < "\u3400":
            terms.append(run)
            continue
        for index, character in enumerate(run):
            terms.append(character)
            if index + 1 < len(run):
                terms.append(run[index : index + 2])
    return terms


def held_terms(terms: Iterable[str], folded: str) -> set[str]:
    """Those of ``terms`` that are among the search terms of a folded text.

    Looking for a question's few words is much quicker than cutting every sentence into its many.
    """
    found = {term for term in terms if term in folded}
    # A Latin word or a number has to stand there whole, not within another.
    if any(term[0] < "\u3400" for term in found):
        whole = frozenset(search_terms(folded))
        return {term for term in found if term[0] >= "\u3400" or term in whole}
    return found


def content_bigrams(text: str) -> list[str]:
    """Only the bigrams and whole words: what a phrase is recognised by."""
    return [term for term in search_terms(text) if len(term) > 1]


def without(text: str, phrases: Iterable[str]) -> str:
    """``text`` with every phrase replaced by a space, the longest first; empty phrases are passed over."""
    for phrase in sorted(filter(None, phrases), key=lambda phrase: (-len(phrase), phrase)):
        text = text.replace(phrase, " ")
    return text
