"""The units of the documents that the evidence of a question found, with one score each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.answering.model.grounding import is_instruction
from bot.answering.readers.tree import position_at
from bot.text.status import document_status
from bot.types import Document, Evidence, Hit, ScoredSentence, Status, TextKind, UnitKind

#: Passages whose sentences are looked at, best first.
PASSAGES_READ = 20
#: How much an original is put before our own words about it. In cosines, as all scores here.
ORIGINAL_SCORE = 0.03
#: How much what has expired, was replaced or is a draft is put behind what holds.
OUTDATED_SCORE = 0.06
#: How much a field of a page's or letter's head is put behind its text.
FIELD_SCORE = 0.1
OUTDATED = frozenset({Status.EXPIRED, Status.SUPERSEDED, Status.DRAFT})


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """The unit at ``position``, with its best sentence.

    ``score`` is comparable within one question and measured in cosines: that of the sentence, and what its words
    and its passage add, divided by what a cosine counts for this question; ``hit`` is that passage.
    """

    document: Document
    position: int
    sentence: ScoredSentence
    score: float
    hit: Hit

    @property
    def verbatim(self) -> bool:
        """Whether the unit is an original, not our own words about one."""
        return self.document.metadata.text_kind is TextKind.VERBATIM


def found_units(evidence: Evidence, document: Callable[[str], Document], today: date) -> tuple[FoundUnit, ...]:
    """The units in which sentences of the best passages stand, best first, each once."""
    best: dict[tuple[str, int], FoundUnit] = {}
    weight = evidence.meaning_weight or 1.0
    for hit in evidence.hits[:PASSAGES_READ]:
        source = document(hit.chunk.document_id)
        standing = _standing(source, today)
        for sentence in _told(hit, source):
            position = position_at(source, sentence.start) if source.units else 0
            score = sentence.cosine + (sentence.lexical + hit.score) / weight
            score += standing
            if source.units and source.units[position].kind is UnitKind.FIELD:
                score -= FIELD_SCORE
            found = FoundUnit(source, position, sentence, score, hit)
            key = (source.id, position)
            if key not in best or found.score > best[key].score:
                best[key] = found
    return tuple(sorted(best.values(), key=lambda each: (-each.score, each.document.id, each.position)))


def _standing(source: Document, today: date) -> float:
    """What a document's standing adds: an original goes before our own words, what holds before what does not."""
    original = source.metadata.text_kind is TextKind.VERBATIM
    outdated = document_status(source.metadata, today) in OUTDATED
    return ORIGINAL_SCORE * original - OUTDATED_SCORE * outdated


def _told(hit: Hit, source: Document) -> Iterator[ScoredSentence]:
    """Sentences that may be told: no contact block, no word to a model, no remark of ours that something is missing."""
    block = source.metadata.contact
    own_words = source.metadata.text_kind is TextKind.OWN_WORDS
    for sentence in hit.sentences:
        in_block = block is not None and sentence.start < block.end and block.start < sentence.end
        if not in_block and not (own_words and _is_remark(sentence.text)) and not is_instruction(sentence.text):
            yield sentence


def _is_remark(text: str) -> bool:
    """Whether a sentence of our own words only says that something is missing, or where a page stands."""
    return "没有" in text or "http" in text
