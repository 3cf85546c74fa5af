"""Where a firm says it is, against the places a corpus' scope names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot import lexicon
from bot.catalogue.eligibility.clauses import Clause, Stance
from bot.catalogue.eligibility.terms import tidy
from bot.catalogue.models import Scope
from bot.text.places import places_in

#: An address goes on after the name of its place; anything else may be about somebody there.
_ADDRESS = re.compile(r"[\w\s()-]{0,60}(?:[省市区县镇乡路街弄号楼室园村谷港城厦座层栋幢]|街道|大道|园区|\d)\s*")
_WHOLE = ("区", "县", "市", "镇", "乡", "街道", "园", "号")
_AFTER_INSIDE = ("外", "以外", "之外")
_OFFICE = re.compile("办公|租")
_REGISTERED = re.compile("注册|登记")


@dataclass(frozen=True, slots=True)
class Place:
    """One place told: a name of the scope, the whole region, or one outside."""

    name: str
    stance: Stance
    outside: bool
    registered: bool
    office: bool


@dataclass(frozen=True)
class Places:
    """The names of one scope, ready to be looked for."""

    scope: Scope

    @cached_property
    def region_names(self) -> frozenset[str]:
        """Names of the whole region."""
        return frozenset(tidy(name) for name in (self.scope.region, *self.scope.region_aliases) if name)

    @cached_property
    def _named(self) -> dict[str, str]:
        named = {name: self.scope.region for name in self.region_names}
        for place in self.scope.places:
            named |= {tidy(word): place.name for word in (place.name, *place.aliases)}
        return named

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._named, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def canonical(self, word: str) -> str:
        """The scope's name for a place a condition asks for; the word itself where it has none."""
        return self._named.get(tidy(word), word)

    def told_in(self, clause: Clause) -> tuple[Place, ...]:
        """The places a clause names, each with how surely the firm is there."""
        text = clause.text
        inside = list(self._pattern.finditer(text))
        apart = [match for match in inside if not text[match.end() :].startswith(_AFTER_INSIDE)]
        # 附近, and a branch of a firm that is elsewhere, tell nothing certain.
        near = bool(lexicon.recogniser("nearby_words").search(text))
        near = near or any(mention.term.of_another for mention in clause.mentions)
        others = self._others(text, inside)
        known = [match.span() for match in inside] + others
        registered, office = bool(_REGISTERED.search(text)), bool(_OFFICE.search(text))
        found: list[Place] = []
        for match in apart:
            certain = not near and not others and self._goes_on(clause, match, known)
            stance = self._stance(clause, match.start(), known) if certain else Stance.UNSURE
            found.append(Place(self._named[match.group()], stance, False, registered, office))
        for start, end in others:
            certain = not near and not apart and self._stance(clause, start, known) is Stance.HELD
            surely = certain and self._is_address(clause, end, known)
            stance = Stance.HELD if surely else Stance.UNSURE
            found.append(Place(text[start:end], stance, True, registered, office))
        return tuple(found)

    def _others(self, text: str, inside: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
        """Where places outside the region are named: by name, by a word like 外地, or as beyond the region."""
        spans = [match.span() for match in lexicon.recogniser("outside_words").finditer(text)]
        taken = [match.span() for match in inside]
        larger = {tidy(name) for name in self.scope.within}
        for name in places_in(text):
            start = text.find(name)
            if any(name in word or word in name for word in larger):
                continue
            if not any(begin < start + len(name) and start < end for begin, end in taken):
                spans.append((start, start + len(name)))
        beyond = [match.span() for match in inside if text[match.end() :].startswith(_AFTER_INSIDE)]
        return [
            *spans,
            *((start, end + 1) for start, end in beyond if not any(begin < end + 1 <= stop for begin, stop in spans)),
        ]

    def _stance(self, clause: Clause, start: int, known: list[tuple[int, int]]) -> Stance:
        before = clause.rest(*known, *self._larger(clause.text), end=start)
        if not before:
            return Stance.HELD
        return Stance.DENIED if before in {"不", "没", "非"} else Stance.UNSURE

    def _larger(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for name in self.scope.within for match in re.finditer(re.escape(tidy(name)), text)]

    def _goes_on(self, clause: Clause, match: re.Match[str], known: list[tuple[int, int]]) -> bool:
        """Whether a name ends as places do or an address follows; else it may begin another (白沙 in 白沙滩)."""
        return match.group().endswith(_WHOLE) or self._is_address(clause, match.end(), known)

    def _is_address(self, clause: Clause, end: int, known: list[tuple[int, int]]) -> bool:
        return not clause.rest(*known, start=end) or bool(_ADDRESS.fullmatch(clause.text[end:]))


def region_only_office(place: Place) -> bool:
    """Told as an office and not as the registered seat."""
    return place.office and not place.registered
