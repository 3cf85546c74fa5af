"""One question on its way: what was understood, what was found, what readers propose, and why one was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from bot.answering.draft import Draft, Passage
from bot.answering.readers.found import FoundUnit, found_units
from bot.catalogue.thesaurus import Thesaurus
from bot.text.tokens import fold
from bot.types import Document, Evidence, Hit
from bot.understanding.understanding import Part, Understanding

#: A question with an earlier topic before it is taken when its nearest sentence is so much nearer, in cosines.
FOLLOW_UP_GAIN = 0.03


#: So many of the corpus's words are tried for one of the question.
WORDS_FOR_ONE = 3


@dataclass(slots=True)
class Asking:
    """The context of one question. Evidence and units are found once for each query."""

    understanding: Understanding
    find: Callable[[str], Evidence]
    document: Callable[[str], Document]
    today: date
    thesaurus: Thesaurus
    _units: dict[str, tuple[FoundUnit, ...]] = field(default_factory=dict)

    @property
    def evidence(self) -> Evidence:
        """What the whole question found."""
        return self.find(self.understanding.standalone)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages of :attr:`evidence`."""
        return self.evidence.hits

    def whole_of(self, part: Part) -> str:
        """A part with the topic of the first one before it, where that brings nearer sentences."""
        whole = f"{part.topic}：{part.query}"
        if part.topic and self._cosine(whole) >= self._cosine(part.query) + FOLLOW_UP_GAIN:
            return whole
        return part.query

    def query_of(self, part: Part) -> str:
        """A part as it is searched for: with the corpus's own words for its lay ones where that brings nearer ones."""
        query = self.whole_of(part)
        widened = self._widened(query)
        return widened if widened and self._cosine(widened) >= self._cosine(query) + FOLLOW_UP_GAIN else query

    def _widened(self, query: str) -> str:
        """A query with the words that the corpus uses for its own, at most a few for each; empty without any."""
        found = self.thesaurus.occurrences(fold(query))
        others = dict.fromkeys(word for each in found for word in each.alternatives[:WORDS_FOR_ONE])
        return f"{query} {' '.join(others)}" if others else ""

    def _cosine(self, query: str) -> float:
        return max((each.sentence.cosine for each in self.units(query)), default=0.0)

    def units(self, query: str) -> tuple[FoundUnit, ...]:
        """The units that ``query`` found, best first."""
        if query not in self._units:
            self._units[query] = found_units(self.find(query), self.document, self.today)
        return self._units[query]

    @property
    def nearest(self) -> float:
        """The cosine of the nearest sentence of the whole question; 0 without any."""
        return self._cosine(self.understanding.standalone)

    def units_of(self, part: Part) -> tuple[FoundUnit, ...]:
        """The units a part found: where a topic goes before it, near with the topic and by itself."""
        query = self.query_of(part)
        units = self.units(query)
        if self.whole_of(part) == part.query:
            return units
        alone = {(each.document.id, each.position): each.score for each in self.units(part.query)}
        least = min(alone.values(), default=0.0)
        both = [
            replace(each, score=(each.score + alone.get((each.document.id, each.position), least)) / 2)
            for each in units
        ]
        return tuple(sorted(both, key=lambda each: -each.score))

    def nearness(self, passage: Passage, query: str) -> float:
        """The best score of a found unit that ``passage`` touches, in cosines; 0 where none was found."""
        return max(
            (
                each.score
                for each in self.units(query)
                if each.document.id == passage.document_id
                and each.sentence.start < passage.end
                and passage.start < each.sentence.end
            ),
            default=0.0,
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a reader would answer. ``confidence`` (0–1) is how surely this is what was asked for.

    A ``veto`` is a refusal that goes before answers, a ``sure`` one goes before what is only near.
    """

    reader: str
    draft: Draft
    confidence: float
    reason: str
    veto: bool = False
    sure: bool = False


class Reader(Protocol):
    """Proposes an answer from one kind of structure, or nothing. ``name`` stands in the log."""

    name: str

    def propose(self, asking: Asking) -> Proposal | None:
        """What this reader would answer."""
