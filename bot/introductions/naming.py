"""Which records a text names: by number, by title, or by so much of a title that only one can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.market.fields import kind_of
from bot.market.records import Need, Offer
from bot.market.service import Market
from bot.types import RecordKind

_KINDS = (RecordKind.NEED, RecordKind.OFFER)
#: What may be a number: a run of Latin letters, digits and marks, or what stands in quotes.
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:#/-]{0,99}|“[^“”]{1,100}”")
#: More numbers are a list and no question.
_MOST_TOKENS = 20
#: So much of a title's pairs of characters, and so many of them, name it.
_TITLE_SHARE, _LEAST_PAIRS = 0.5, 4
_NEAREST = 5
#: Longer texts are stories: part of a title in them names nothing, and reading them for meaning takes long.
_LONGEST_SAYING = 200


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record that a text names; ``words`` are those of the text, empty where it says part of a title."""

    record: Need | Offer
    words: str
    by_number: bool

    @property
    def kind(self) -> RecordKind:
        """Need or offer."""
        return kind_of(self.record)


def named_records(market: Market, text: str) -> tuple[NamedRecord, ...]:
    """The records that ``text`` names, each once: surely, else by so much of a title that only one can be meant."""
    if not market.on_file:
        return ()
    return surely_named(market, text) or tuple(_by_part_of_title(market, text))


def surely_named(market: Market, text: str) -> tuple[NamedRecord, ...]:
    """The records whose number or whole title stands in ``text``, each once."""
    by_number = tuple(_by_number(market, text))
    titled = [NamedRecord(record, record.title, False) for record in _longest(market.titled_in(text))]
    known = {(each.kind, each.record.id) for each in by_number}
    return (*by_number, *(each for each in titled if (each.kind, each.record.id) not in known))


def _by_number(market: Market, text: str) -> Iterator[NamedRecord]:
    found = dict.fromkeys(each.strip("“”").rstrip(".:#/-") for each in _TOKEN.findall(text))
    tokens = list(found)[:_MOST_TOKENS]
    for kind in _KINDS:
        spelt = {way: token for token in tokens for way in (token.lower(), token.upper(), token)}
        for record_id, record in market.records_of(kind, list(spelt)).items():
            if isinstance(record, (Need, Offer)):
                yield NamedRecord(record, spelt[record_id], True)


def _longest(records: tuple[Need | Offer, ...]) -> list[Need | Offer]:
    """Without those whose title only stands within a longer one that is named too."""
    kept: list[Need | Offer] = []
    for record in records:
        if not any(record.title in other.title and record.title != other.title for other in kept):
            kept.append(record)
    return kept


def _by_part_of_title(market: Market, text: str) -> Iterator[NamedRecord]:
    if len(text) > _LONGEST_SAYING:
        return
    told = _pairs(text)
    for made in (Need(id="", title=text), Offer(id="", title=text)):
        near = market.near(made, _NEAREST)
        shares = sorted(((_share(each.title, told), each.id) for each in near), reverse=True)
        best = [each for each in shares if each[0] >= _TITLE_SHARE]
        if best and (len(best) == 1 or best[0][0] > best[1][0]):
            record = market.find(kind_of(made), best[0][1])
            if isinstance(record, (Need, Offer)):
                yield NamedRecord(record, "", False)


def _share(title: str, told: frozenset[str]) -> float:
    own = _pairs(title)
    return len(own & told) / len(own) if len(own & told) >= _LEAST_PAIRS else 0.0


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 2] for start in range(len(text) - 1))
