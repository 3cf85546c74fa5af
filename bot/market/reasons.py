"""Why two records match, in the words of both: shared words, each shown where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.market.evidence import SharedWord, Subject, topic_text
from bot.market.masking import public as public
from bot.market.records import Need, Offer
from bot.market.taxonomy import Taxonomy
from bot.types import Reason, ReasonKind

#: Characters of context on either side of a shared word.
_CONTEXT = 24
_MAX_REASONS = 3
#: Beside a telling word, slight ones explain nothing: they must weigh at least this share of it.
_BESIDE_BEST = 0.3
#: A word that weighs less is an everyday one.
SLIGHT = 0.05
_CLAUSE_END = "，。；！？,;!?\n"


@dataclass(frozen=True, slots=True)
class Sides:
    """Title and whole text of both sides, as they are quoted."""

    need_title: str
    need_text: str
    offer_title: str
    offer_text: str


def explain(need: Need, offer: Offer, rarity: Callable[[str], float], taxonomy: Taxonomy) -> tuple[Reason, ...]:
    """Up to three reasons of a pair of records; empty when nothing but everyday words is shared.

    ``rarity`` tells how rare a pair or word is (:class:`~bot.market.evidence.Subject`).
    """
    sides = Sides(need.title, topic_text(need), offer.title, topic_text(offer))
    subject = Subject(need.title, sides.need_text, rarity)
    return reasons_for(sides, subject.shared_with(offer.title, sides.offer_text), taxonomy)


def reasons_for(sides: Sides, shared: Sequence[SharedWord], taxonomy: Taxonomy) -> tuple[Reason, ...]:
    """Up to three reasons from the words both sides share (the heaviest first) and from their fields."""
    least = max(SLIGHT, _BESIDE_BEST * shared[0].weight) if shared else 0.0
    kept = [word.text for word in shared[:_MAX_REASONS] if word.weight >= least]
    reasons = [_word_reason(sides, word) for word in kept]
    if len(reasons) < _MAX_REASONS:
        reasons += _field_reason(sides, taxonomy)
    return tuple(_merged(reasons))


def _word_reason(sides: Sides, word: str) -> Reason:
    in_need, in_offer = _stands_in(word, sides.need_title), _stands_in(word, sides.offer_title)
    need = quote(sides.need_title if in_need else sides.need_text, word)
    offer = quote(sides.offer_title if in_offer else sides.offer_text, word)
    return Reason(ReasonKind.TITLE if in_need and in_offer else ReasonKind.TEXT, need, offer, (word,))


def _stands_in(word: str, text: str) -> bool:
    return word.casefold() in text.casefold()


def _field_reason(sides: Sides, taxonomy: Taxonomy) -> list[Reason]:
    need_words = {hit.field: hit.word for hit in reversed(taxonomy.hits(sides.need_title))}
    for hit in taxonomy.hits(sides.offer_title):
        word = need_words.get(hit.field)
        if word is not None:
            need, offer = quote(sides.need_title, word), quote(sides.offer_title, hit.word)
            return [Reason(ReasonKind.FIELD, need, offer, (word,), (hit.word,), hit.field)]
    return []


def _merged(reasons: Sequence[Reason]) -> list[Reason]:
    """Reasons with the same two quotes become one with all their words."""
    merged: dict[tuple[ReasonKind, str, str], Reason] = {}
    for reason in reasons:
        key = (reason.kind, reason.need_quote, reason.offer_quote)
        known = merged.get(key)
        shared = (*known.shared, *reason.shared) if known else reason.shared
        words = (*known.offer_words, *reason.offer_words) if known else reason.offer_words
        merged[key] = Reason(reason.kind, reason.need_quote, reason.offer_quote, shared, words, reason.label)
    return list(merged.values())


def quote(text: str, phrase: str) -> str:
    """The clause of ``text`` around ``phrase``, shortened, without ways to reach somebody."""
    found = re.search(re.escape(phrase), text, re.IGNORECASE)
    start, end = found.span() if found else (0, len(phrase))
    first, last = start, end
    while start > 0 and first - start < _CONTEXT and text[start - 1] not in _CLAUSE_END:
        start -= 1
    while end < len(text) and end - last < _CONTEXT and text[end] not in _CLAUSE_END:
        end += 1
    return public(text[start:end].strip())
