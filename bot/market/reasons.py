"""Why two records match, in the words of both: shared phrases, each shown where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.market.redaction import without_contacts
from bot.market.taxonomy import Taxonomy
from bot.types import Reason, ReasonKind

#: Characters of context on either side of a shared phrase.
_CONTEXT = 24
_MAX_REASONS = 3
#: Text beyond this many characters is not searched for shared phrases.
_MAX_TEXT = 4_000
#: A phrase counts as shared when it is at least this heavy: the idf of a word of every third record.
_MINIMUM_WEIGHT = 1.5
#: Beside a heavy phrase, light ones (过程, 利用) explain nothing: they must be at least this share of it.
_BESIDE_BEST = 0.6
_HAN_OR_WORD = re.compile(r"[\u3400-\u9fff]+|[A-Za-z0-9][A-Za-z0-9+#.-]*")
#: Only text that may hold a contact is searched for one: quotes are made by the thousand.
_SUSPECT = re.compile(r"\d{4}|@|＠|[０-９]{4}|[零〇一二三四五六七八九]{7}|微信|QQ|qq|\d[ -]\d")
_CLAUSE_END = "，。；！？,;!?\n"


@dataclass(frozen=True, slots=True)
class Sides:
    """Title and whole public text of both sides."""

    need_title: str
    need_text: str
    offer_title: str
    offer_text: str


class PairSet:
    """The character pairs and words of one text, to find what another shares with it. Immutable."""

    def __init__(self, text: str) -> None:
        self.text = text[:_MAX_TEXT]
        self._found: set[str] = set()
        for match in _HAN_OR_WORD.finditer(self.text):
            run = match.group()
            if run[0] < "\u3400":
                self._found.add(run.casefold())
            else:
                self._found.update(run[index : index + 2] for index in range(len(run) - 1))

    def shared_with(self, other: str) -> list[str]:
        """The longest runs of two or more characters, or whole words, that stand in both texts.

        >>> PairSet("低温锂电池快充").shared_with("一种锂电池的快充装置")
        ['锂电池', '快充']
        """
        found: dict[str, None] = {}
        for match in _HAN_OR_WORD.finditer(other[:_MAX_TEXT]):
            run = match.group()
            if run[0] < "\u3400":
                if len(run) > 1 and run.casefold() in self._found:
                    found[run] = None
                continue
            start = 0
            while start < len(run) - 1:
                end = start + 2
                if run[start:end] not in self._found:
                    start += 1
                    continue
                while end < len(run) and run[end - 1 : end + 1] in self._found and run[start : end + 1] in self.text:
                    end += 1
                found[run[start:end]] = None
                start = end - 1
        return list(found)


def explain(sides: Sides, own: PairSet, idf: Callable[[str], float], taxonomy: Taxonomy) -> tuple[Reason, ...]:
    """Up to three reasons, the heaviest first; empty when nothing but everyday words is shared.

    ``own`` holds the text of either side. ``idf`` weighs a pair or word by how rare it is among the
    records on file.
    """
    texts = (sides.need_text[:_MAX_TEXT], sides.offer_text[:_MAX_TEXT])
    other = texts[1] if own.text == texts[0] else texts[0]
    phrases = {_trimmed(phrase, texts, idf) for phrase in own.shared_with(other)} - {""}
    weighed = sorted(((_weight(phrase, idf), phrase) for phrase in phrases), key=lambda item: (-item[0], item[1]))
    kept: list[str] = []
    for weight, phrase in weighed:
        if weight < max(_MINIMUM_WEIGHT, _BESIDE_BEST * weighed[0][0]) or len(kept) == _MAX_REASONS:
            break
        if not any(phrase in each for each in kept):
            kept.append(phrase)
    reasons = [_phrase_reason(sides, phrase) for phrase in kept]
    if len(reasons) < _MAX_REASONS:
        reasons += _field_reason(sides, taxonomy)
    return tuple(_merged(reasons))


def _trimmed(phrase: str, texts: Sequence[str], idf: Callable[[str], float]) -> str:
    """``phrase`` without an end that belongs to a neighbouring word in one of the texts.

    The pair that is more frequent among the records holds together: in 关键技术应用 the 术 of a shared
    术应用 goes with 技. Returns "" when no pair is left.
    """
    if phrase[0] < "\u3400":
        return phrase
    changed = True
    while changed and len(phrase) > 1:
        changed = False
        for text in texts:
            before, after = _neighbours(text, phrase)
            if before and idf(before + phrase[0]) < idf(phrase[:2]):
                phrase, changed = phrase[1:], True
            elif after and idf(phrase[-1] + after) < idf(phrase[-2:]):
                phrase, changed = phrase[:-1], True
            if len(phrase) < 2:
                return ""
    return phrase


def _neighbours(text: str, phrase: str) -> tuple[str, str]:
    start = text.find(phrase)
    end = start + len(phrase)
    before = text[start - 1] if start > 0 else ""
    after = text[end] if end < len(text) else ""
    return (before if before >= "\u3400" else "", after if after >= "\u3400" else "")


def _weight(phrase: str, idf: Callable[[str], float]) -> float:
    if phrase[0] < "\u3400":
        return idf(phrase.casefold())
    pairs = [phrase[index : index + 2] for index in range(len(phrase) - 1)]
    # Squared as in the score: one rare pair outweighs several everyday ones.
    weight = math.sqrt(sum(idf(pair) ** 2 for pair in pairs))
    return weight - _everyday(pairs, idf)


def _everyday(pairs: Sequence[str], idf: Callable[[str], float]) -> float:
    return _MINIMUM_WEIGHT if max(map(idf, pairs)) < 2 * _MINIMUM_WEIGHT else 0.0


def _phrase_reason(sides: Sides, phrase: str) -> Reason:
    in_titles = phrase in sides.need_title and phrase in sides.offer_title
    need = quote(sides.need_title if phrase in sides.need_title else sides.need_text, phrase)
    offer = quote(sides.offer_title if phrase in sides.offer_title else sides.offer_text, phrase)
    return Reason(ReasonKind.TITLE if in_titles else ReasonKind.TEXT, need, offer, (phrase,))


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
    position = text.casefold().find(phrase.casefold())
    if position < 0:
        position = 0
    start, end = position, position + len(phrase)
    while start > 0 and position - start < _CONTEXT and text[start - 1] not in _CLAUSE_END:
        start -= 1
    while end < len(text) and end - position - len(phrase) < _CONTEXT and text[end] not in _CLAUSE_END:
        end += 1
    return public(text[start:end].strip())


def public(text: str) -> str:
    """``text`` without phone numbers, e-mail addresses and accounts."""
    return without_contacts(text) if _SUSPECT.search(text) else text
