"""Whole units told together: a list with its lead-in, an item with its lead-in, a question with its answer.

A found unit alone may say the opposite of its document (an item of a list of exceptions) or nothing (a heading);
its block is the least that stands by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.draft import Passage
from bot.answering.readers.found import FoundUnit
from bot.answering.readers.tree import (
    announces,
    is_heading,
    is_lead_in,
    is_question,
    last_below,
    last_of_answer,
    lead_in_over,
    passage_of,
    question_over,
    unit_text,
)
from bot.text.numerals import parse_number
from bot.types import Document, ScoredSentence, Unit, UnitKind

#: A list or an answer is told whole up to this length; of a longer one the unit that was found.
GROUP_CHARACTERS = 800
#: The same where several things are asked for.
LIST_CHARACTERS = 1_600
#: The paragraphs of one article are told together up to this length.
ARTICLE_CHARACTERS = 240
#: A longer paragraph gives the sentence that was found and neighbours that are nearly as near.
PARAGRAPH_CHARACTERS = 120
#: Neighbours are added up to this length: more is for the whole text, which is a click away.
STRETCH_CHARACTERS = 240
#: How much less, in cosines, a neighbouring sentence may score and still belong.
NEIGHBOUR_SCORE = 0.03
_SENTENCE_ENDS = "。！？!?"
#: 一是…。二是…。 in running text, each up to the end of its sentence or to the semicolon before the next.
_ORDINAL = "[一二三四五六七八九十]{1,2}是"
_ENUMERATED = re.compile(
    rf"(?:(?<=[。；;：:\n])|^)[ \u3000]*(?P<number>[一二三四五六七八九十]{{1,2}})是"
    rf"(?:[^。；;！？!?\n]|[；;](?!\s*{_ORDINAL}))*[。；;！？!?]?"
)


class BlockKind(StrEnum):
    """What a block is; stands in the log as the reason of a proposal."""

    LIST = "list"
    ITEM = "item"
    ROW = "row"
    ANSWER = "answer"
    SECTION = "section"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """Stretches of one document in reading order, told together.

    ``items`` are the positions of a list's items, ``series`` is how many sentences 一是, 二是 begin; ``cut`` says that
    more follows than is told.
    """

    kind: BlockKind
    document: Document
    passages: tuple[Passage, ...]
    items: tuple[int, ...] = ()
    cut: bool = False
    series: int = 0

    @property
    def several(self) -> bool:
        """Whether it tells several things one after the other."""
        return len(self.items) > 1 or self.series > 1

    @property
    def text(self) -> str:
        """What is told, a line for each unit."""
        return "\n".join(self.document.text[each.start : each.end] for each in self.passages)

    def overlaps(self, other: Block) -> bool:
        """Whether two blocks share more than a lead-in: the one's own stretch stands in the other."""
        if self.document.id != other.document.id:
            return False
        return any(
            one.start < two.end and two.start < one.end for one in self._own_passages for two in other._own_passages
        )

    @property
    def _own_passages(self) -> tuple[Passage, ...]:
        own = self.series or (len(self.items) if self.kind is BlockKind.LIST and self.cut else 1)
        return self.passages[-own:]


def whole_block(found: FoundUnit, sentences: Sequence[ScoredSentence], limit: int = GROUP_CHARACTERS) -> Block | None:
    """The least around a found unit that stands by itself, lists whole where they fit.

    ``sentences`` are those of the evidence in the found document, ``limit`` is in characters. ``None`` for a heading
    with nothing below it.
    """
    document, position = found.document, found.position
    if not document.units:
        return Block(BlockKind.PARAGRAPH, document, (Passage(document.id, found.sentence.start, found.sentence.end),))
    if is_question(document, position):
        return _answered(document, position, limit)
    if is_lead_in(document, position):
        listed = _listed(document, position, position, limit)
        heads = _heads(document, position) if limit == LIST_CHARACTERS else None
        return listed or heads or _with_first_item(document, position)
    if document.units[position].kind is UnitKind.ITEM and (lead := lead_in_over(document, position)) is not None:
        return _listed(document, lead, position, limit) or item_block(document, position)
    if is_heading(document, position):
        return _section(document, position, limit)
    if announces(document, position):
        # What announces nearly the whole document says nothing by itself.
        return None
    lead = lead_in_over(document, position)
    if lead is not None:
        return _listed(document, lead, position, limit) or item_block(document, position)
    if document.units[position].kind is UnitKind.ROW:
        return Block(BlockKind.ROW, document, _with_captions(document, position))
    return _paragraph(document, position, found, sentences)


def item_block(document: Document, position: int) -> Block:
    """An item or row with its lead-in, and with what stands below it."""
    last = last_below(document, position)
    own = passage_of(document, position, last)
    if own.end - own.start > GROUP_CHARACTERS:
        own = passage_of(document, position, position)
    leads = [passage_of(document, each, each) for each in reversed(tuple(_leads(document, position)))]
    kind = BlockKind.ROW if document.units[position].kind is UnitKind.ROW else BlockKind.ITEM
    captions = _with_captions(document, position)[:-1] if kind is BlockKind.ROW else ()
    return Block(kind, document, (*leads, *captions, own))


def _leads(document: Document, position: int) -> Iterator[int]:
    """The lead-ins over a unit, the nearest first: an item of a list within a list of bans is banned as well."""
    lead = lead_in_over(document, position)
    while lead is not None:
        yield lead
        lead = lead_in_over(document, lead)


def _with_captions(document: Document, position: int) -> tuple[Passage, ...]:
    parent = document.units[position].parent
    own = passage_of(document, position, position)
    if parent is not None and document.units[parent].kind is UnitKind.CAPTION:
        return (passage_of(document, parent, parent), own)
    return (own,)


def _listed(document: Document, lead: int, found: int, limit: int) -> Block | None:
    last = last_below(document, lead)
    if last == lead or not lead <= found <= last:
        return None
    whole = passage_of(document, lead, last)
    if whole.end - whole.start > limit:
        return None
    items = tuple(place for place in range(lead + 1, last + 1) if document.units[place].parent == lead)
    # A list within a list of bans is a ban as well.
    leads = [passage_of(document, each, each) for each in reversed(tuple(_leads(document, lead)))]
    return Block(BlockKind.LIST, document, (*leads, whole), items)


def _heads(document: Document, lead: int) -> Block | None:
    """A lead-in with the first sentence of each of its items, where these fit and the whole does not."""
    items = tuple(
        place for place in range(lead + 1, last_below(document, lead) + 1) if document.units[place].parent == lead
    )
    firsts = tuple(_first_sentence(document, place) for place in items)
    if len(items) < 2 or sum(each.end - each.start for each in firsts) > LIST_CHARACTERS:
        return None
    leads = [passage_of(document, each, each) for each in (*reversed(tuple(_leads(document, lead))), lead)]
    return Block(BlockKind.LIST, document, (*leads, *firsts), items, cut=True)


def _first_sentence(document: Document, position: int) -> Passage:
    unit = document.units[position]
    ends = (document.text.find(mark, unit.start, unit.end) for mark in _SENTENCE_ENDS)
    return Passage(document.id, unit.start, min((end + 1 for end in ends if end >= 0), default=unit.end))


def _series(document: Document, heading: int, last: int) -> Block | None:
    """A heading with the sentences below it that 一是, 二是 begin."""
    start = document.units[heading].end
    found = tuple(_ENUMERATED.finditer(document.text, start, document.units[last].end))
    numbers = [parse_number(each["number"]) for each in found]
    if len(found) < 2 or numbers != list(range(1, len(found) + 1)):
        return None
    told = tuple(Passage(document.id, each.start("number"), each.end()) for each in found)
    passages = (passage_of(document, heading, heading), *told)
    return Block(BlockKind.LIST, document, passages, series=len(told))


def _with_first_item(document: Document, lead: int) -> Block | None:
    """A lead-in with the first of what it announces, where the whole is too long; nothing where nothing follows."""
    return item_block(document, lead + 1) if last_below(document, lead) > lead else None


def _answered(document: Document, question: int, limit: int) -> Block | None:
    """A question with what answers it, as far as that fits."""
    last = whole = last_of_answer(document, question)
    if last == question:
        return None
    while last > question + 1 and document.units[last].end - document.units[question].start > limit:
        last -= 1
    items = _items_of(document, question + 1, last)
    return Block(BlockKind.ANSWER, document, (passage_of(document, question, last),), items, cut=last < whole)


def _items_of(document: Document, first: int, last: int) -> tuple[int, ...]:
    """The items and rows from one unit to another that hang on the same unit as the first of them."""
    units = document.units
    places = [place for place in range(first, last + 1) if units[place].kind in (UnitKind.ITEM, UnitKind.ROW)]
    return tuple(place for place in places if units[place].parent == units[places[0]].parent)


def _section(document: Document, heading: int, limit: int) -> Block | None:
    """A heading with what stands below it, as far as that fits; at least the first unit. A title stands over all."""
    last = last_below(document, heading)
    inside = range(heading + 1, last + 1)
    if heading == 0 or unit_text(document, heading).strip() == document.metadata.title:
        return None
    if all(is_heading(document, place) or document.units[place].kind is UnitKind.FIELD for place in inside):
        return None
    if document.units[last].end - document.units[heading].start > limit:
        if limit == LIST_CHARACTERS and (series := _series(document, heading, last)) is not None:
            return series
        first = heading + 1
        if is_heading(document, first) or document.units[first].kind is UnitKind.FIELD:
            return None
        group = _listed(document, first, first, limit) if is_lead_in(document, first) else None
        below = group.passages[0] if group is not None else passage_of(document, first, first)
        items = group.items if group is not None else ()
        return Block(BlockKind.SECTION, document, (passage_of(document, heading, heading), below), items)
    return Block(
        BlockKind.SECTION, document, (passage_of(document, heading, last),), _items_of(document, heading + 1, last)
    )


def _paragraph(document: Document, position: int, found: FoundUnit, sentences: Sequence[ScoredSentence]) -> Block:
    unit = document.units[position]
    article = _short_article(document, position)
    if article is not None:
        own = article
    elif unit.end - unit.start <= PARAGRAPH_CHARACTERS:
        own = passage_of(document, position, position)
    else:
        own = _stretch(document, position, found, sentences)
    question = question_over(document, position)
    # The first unit under a question answers it; without the question “不能” says nothing.
    if question is not None and question == position - 1:
        return Block(BlockKind.ANSWER, document, (passage_of(document, question, question), own))
    return Block(BlockKind.PARAGRAPH, document, (own,))


def _short_article(document: Document, position: int) -> Passage | None:
    """The numbered unit that an unnumbered paragraph belongs to, with all its paragraphs, where that is short."""
    units = document.units
    first = position
    while first > 0 and not units[first].marker and _beside(units[first - 1], units[position]):
        first -= 1
    if not units[first].marker or is_question(document, first) or is_heading(document, first):
        return None
    last = position
    while last + 1 < len(units) and not units[last + 1].marker and _beside(units[last + 1], units[position]):
        last += 1
    whole = passage_of(document, first, last)
    return whole if first < last and whole.end - whole.start <= ARTICLE_CHARACTERS else None


def _beside(one: Unit, other: Unit) -> bool:
    return one.parent == other.parent and one.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM)


def _stretch(document: Document, position: int, found: FoundUnit, sentences: Sequence[ScoredSentence]) -> Passage:
    """Whole sentences of a long paragraph: the one that was found and neighbours that are nearly as near."""
    unit = document.units[position]
    inside = sorted((each for each in sentences if unit.start <= each.start < unit.end), key=lambda each: each.start)
    low = high = next(place for place, each in enumerate(inside) if each.start == found.sentence.start)
    near = found.sentence.cosine - NEIGHBOUR_SCORE
    while True:
        beside = [place for place in (low - 1, high + 1) if 0 <= place < len(inside) and inside[place].cosine >= near]
        best = max(beside, key=lambda place: inside[place].cosine, default=low)
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
