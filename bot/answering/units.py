"""Whole units of the documents for a question: what is nearest in words and meaning, never cut short.

An item is told with its lead-in and, where they fit, with its siblings; a row has its headers in it; a long
paragraph gives whole sentences.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.answering.draft import Passage, Statement
from bot.answering.grounding import is_instruction
from bot.text.tokens import content_bigrams
from bot.types import Document, Hit, ScoredSentence, TextKind, Unit, UnitKind

#: Sentences looked at, best first.
SENTENCES_READ = 40
#: A list is told whole up to this length; of a longer one the item with its lead-in.
GROUP_CHARACTERS = 700
#: A longer paragraph gives the sentence that is near and its neighbours that are nearly as near.
PARAGRAPH_CHARACTERS = 120
#: How much less a neighbouring sentence may score and still belong. Measured on policy questions: 0.2 to 0.6 alike.
NEIGHBOUR_SCORE = 0.4
#: An original that holds this share of the pairs of our own sentence says the same thing.
SAME_WORDS = 0.5
#: Neighbours are added up to this length: more is for the whole text, which is a click away.
STRETCH_CHARACTERS = 240
_HEADING_CHARACTERS = 25
_LEADS_IN = ("：", ":")
_SENTENCE_ENDS = "。！？!?"


@dataclass(frozen=True, slots=True)
class NearUnit:
    """A stretch of whole units or sentences, with the sentence that found it."""

    sentence: ScoredSentence
    passage: Passage
    text: str


class UnitReader:
    """Finds whole units among the sentences of hits; holds no state of any question."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self._document = document

    def nearest(self, hits: Sequence[Hit], limit: int) -> tuple[NearUnit, ...]:
        """The best ``limit`` stretches, best first, none inside another."""
        found: list[NearUnit] = []
        for sentence in self._sentences(hits):
            passage = self._whole(sentence, hits)
            if passage is None or any(_overlap(passage, other.passage) for other in found):
                continue
            text = self._document(passage.document_id).text[passage.start : passage.end]
            found.append(NearUnit(sentence, passage, text))
            if len(found) == limit:
                break
        return tuple(found)

    def original(self, unit: NearUnit, hits: Sequence[Hit]) -> NearUnit:
        """What an original document says in the same words, where ``unit`` is from our own words about it."""
        if self._document(unit.passage.document_id).metadata.text_kind is TextKind.VERBATIM:
            return unit
        words = frozenset(content_bigrams(unit.sentence.text))
        best, same = unit, SAME_WORDS
        for sentence in self._sentences(hits):
            if self._document(sentence.document_id).metadata.text_kind is not TextKind.VERBATIM:
                continue
            share = len(words & frozenset(content_bigrams(sentence.text))) / max(len(words), 1)
            passage = self._whole(sentence, hits) if share >= same else None
            if passage is not None:
                text = self._document(passage.document_id).text[passage.start : passage.end]
                best, same = NearUnit(sentence, passage, text), share
        return best

    def _sentences(self, hits: Sequence[Hit]) -> Iterator[ScoredSentence]:
        """Sentences that may be told, best first: not a contact block, no word to a model, no remark of ours."""
        ranked = sorted((each for hit in hits for each in hit.sentences), key=lambda each: -each.score)
        for sentence in ranked[:SENTENCES_READ]:
            metadata = self._document(sentence.document_id).metadata
            block = metadata.contact
            in_block = block is not None and sentence.start < block.end and block.start < sentence.end
            remark = metadata.text_kind is TextKind.OWN_WORDS and "没有" in sentence.text
            if not in_block and not remark and not is_instruction(sentence.text):
                yield sentence

    def _whole(self, sentence: ScoredSentence, hits: Sequence[Hit]) -> Passage | None:
        document = self._document(sentence.document_id)
        units = document.units
        if not units:
            return Passage(document.id, sentence.start, sentence.end)
        position = bisect_right(units, sentence.start, key=lambda unit: unit.start) - 1
        first, last = _group(document, position)
        if first != last:
            return Passage(document.id, units[first].start, units[last].end)
        unit = units[position]
        if unit.kind is UnitKind.HEADING or _is_heading(document, unit):
            return None
        if unit.end - unit.start <= PARAGRAPH_CHARACTERS or unit.kind is UnitKind.ROW:
            return Passage(document.id, unit.start, unit.end)
        return _stretch(document, unit, sentence, hits)


def _group(document: Document, position: int) -> tuple[int, int]:
    """The first and last unit of the list around a unit, or the unit itself twice."""
    units = document.units
    unit = units[position]
    lead = position if _text(document, unit).endswith(_LEADS_IN) else unit.parent
    if lead is None or not _text(document, units[lead]).endswith(_LEADS_IN):
        return _with_heading(document, position)
    last = lead
    while last + 1 < len(units) and _hangs_on(units, last + 1, lead):
        last += 1
    if last == lead or not lead <= position <= last:
        return position, position
    if units[last].end - units[lead].start <= GROUP_CHARACTERS:
        return lead, last
    # The whole list is too long to be told: from its lead-in as far as the item that was found, if that fits.
    return (lead, position) if units[position].end - units[lead].start <= GROUP_CHARACTERS else (position, position)


def _with_heading(document: Document, position: int) -> tuple[int, int]:
    """A heading found by itself is told with the unit below it."""
    units = document.units
    following = position + 1
    if (
        _is_heading(document, units[position])
        and following < len(units)
        and units[following].parent == position
        and not _is_heading(document, units[following])
    ):
        return position, following
    return position, position


def _hangs_on(units: Sequence[Unit], position: int, ancestor: int) -> bool:
    parent = units[position].parent
    while parent is not None and parent > ancestor:
        parent = units[parent].parent
    return parent == ancestor


def _stretch(document: Document, unit: Unit, sentence: ScoredSentence, hits: Sequence[Hit]) -> Passage:
    """Whole sentences of a long paragraph: the one that was found and neighbours that are nearly as near."""
    inside = sorted(
        (
            each
            for hit in hits
            for each in hit.sentences
            if each.document_id == document.id and unit.start <= each.start < unit.end
        ),
        key=lambda each: each.start,
    )
    low = high = next(place for place, each in enumerate(inside) if each.start == sentence.start)
    near = sentence.score - NEIGHBOUR_SCORE
    while True:
        beside = [place for place in (low - 1, high + 1) if 0 <= place < len(inside) and inside[place].score >= near]
        best = max(beside, key=lambda place: inside[place].score, default=low)
        wider = min(low, best), max(high, best)
        if not beside or inside[wider[1]].end - inside[wider[0]].start > STRETCH_CHARACTERS:
            break
        low, high = wider
    start, end = inside[low].start, inside[high].end
    text = document.text
    # A semicolon ends what is scored, not a sentence.
    while start > unit.start and text[start - 1] not in _SENTENCE_ENDS:
        start -= 1
    while end < unit.end and text[end - 1] not in _SENTENCE_ENDS:
        end += 1
    return Passage(document.id, start, end)


def _is_heading(document: Document, unit: Unit) -> bool:
    text = _text(document, unit)
    return len(text) <= _HEADING_CHARACTERS and text[-1:] not in _SENTENCE_ENDS + "；;：:"


def _text(document: Document, unit: Unit) -> str:
    return document.text[unit.start : unit.end]


def _overlap(one: Passage, other: Passage) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def statement_of(unit: NearUnit, lead: str = "") -> Statement:
    """A unit as it is told: its lines kept apart, characters unchanged."""
    lines = [line.strip() for line in unit.text.split("\n")]
    return Statement("\n".join(line for line in lines if line), (unit.passage,), lead)
