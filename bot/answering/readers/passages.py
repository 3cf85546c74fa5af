"""The general reader: whole units of any document that are nearest to what is asked.

It needs nothing but documents: no catalogue, no scope, no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.readers.blocks import (
    GROUP_CHARACTERS,
    LIST_CHARACTERS,
    Block,
    BlockKind,
    item_block,
    whole_block,
)
from bot.answering.readers.choice import IN_RANGE, chosen_sibling, speaks_of_another, telling_shares
from bot.answering.readers.found import FoundUnit
from bot.answering.readers.tree import is_heading, is_question, last_below, passage_of, position_at, siblings, unit_text
from bot.lexicon import recogniser
from bot.text.tokens import content_bigrams
from bot.types import Document, Evidence, ScoredSentence, UnitKind
from bot.understanding.asked import Asked, states_figure
from bot.understanding.understanding import Part

#: Units looked at, best first, and how much less one may score, in cosines, and still be looked at.
UNITS_READ, UNITS_WITHIN = 24, 0.3
#: What a block gains that has the form of what is asked for (a figure of its kind, a list), and one that a figure of
#: the question chose.
STATES_SCORE, IN_RANGE_SCORE = 0.08, 0.1
#: What the words that tell the best blocks apart add to the one that has them all.
TELLING_SCORE = 0.1
HEAD_SCORE = 0.05
#: What a block loses that is about another level or year than the one asked for.
ANOTHER_SCORE = 0.2
#: A sentence that names so many things one after the other tells several; how surely (0–1).
ENUMERATION, ENUMERATED = 3, 0.7
#: Siblings that score so much less, in cosines, are not what is asked.
ALIKE_SCORE = 0.12
#: A list that is no longer is told whole where nothing tells which item is asked for.
SHORT_LIST_CHARACTERS = 420
#: An original that holds this share of the pairs of our own sentence says the same thing.
SAME_WORDS = 0.5


_UNIT_IN_HEADER = re.compile(r"[（(](?:单位[：:])?(?P<unit>[^（）()/／]{1,6})(?:[/／][^（）()]*)?[）)]")


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A block with the unit that led to it.

    ``score`` is in cosines; ``states`` (0–1) tells how surely it has the form of what is asked for: the figure, or
    several items.
    """

    block: Block
    found: FoundUnit
    score: float
    states: float


def read_blocks(part: Part, evidence: Evidence, units: Sequence[FoundUnit]) -> tuple[FoundBlock, ...]:
    """The blocks nearest to what a part asks, best first, none overlapping a better one.

    Where several things answer together lists and tables are told whole.
    """
    if not units:
        return ()
    near = [each for each in units if each.score >= units[0].score - UNITS_WITHIN][:UNITS_READ]
    sentences = {found.document.id: _sentences_of(found.document.id, evidence) for found in near}
    blocks = [told for found in near if (told := _block(part, found, units, sentences[found.document.id]))]
    ranked = sorted(_with_telling_words(part.query, blocks), key=lambda each: -each.score)
    kept: list[FoundBlock] = []
    for each in ranked:
        if not any(each.block.overlaps(other.block) for other in kept):
            kept.append(each)
    return tuple(kept)


def _block(
    part: Part, found: FoundUnit, units: Sequence[FoundUnit], sentences: Sequence[ScoredSentence]
) -> FoundBlock | None:
    limit = LIST_CHARACTERS if part.listed else GROUP_CHARACTERS
    whole = whole_block(found, sentences, limit)
    if whole is None:
        return None
    block, in_range = whole, False
    if found.document.units:
        block, in_range = _narrowed(part.query, whole, found, units, figures=bool(part.figures))
    if part.listed and not in_range:
        block = _whole_table(whole, found) if whole.kind is BlockKind.ROW else whole
    states = _form(part, block)
    score = found.score + STATES_SCORE * states + IN_RANGE_SCORE * in_range
    if speaks_of_another(part.query, f"{found.document.metadata.title}\n{block.text}"):
        score -= ANOTHER_SCORE
    return FoundBlock(block, found, score, states)


def original_of(told: FoundBlock, evidence: Evidence, units: Sequence[FoundUnit]) -> FoundBlock:
    """What an original document says in the same words, where ``told`` is from our own words about it."""
    if told.found.verbatim:
        return told
    words = frozenset(content_bigrams(told.found.sentence.text))
    best, same = told, SAME_WORDS
    for found in units:
        share = len(words & frozenset(content_bigrams(found.sentence.text))) / max(len(words), 1)
        if not found.verbatim or share < same:
            continue
        block = whole_block(found, _sentences_of(found.document.id, evidence))
        if block is not None:
            best, same = FoundBlock(block, found, told.score, told.states), share
    return best


def _form(part: Part, block: Block) -> float:
    """How surely (0–1) a block has the form of what is asked for: items, words that decide, or a figure."""
    if part.listed:
        return float(block.several) or ENUMERATED * (max(map(_enumerated, block.text.split("。"))) >= ENUMERATION)
    if part.asked is Asked.YES_NO and not part.strict:
        return float(bool(recogniser("deciding_words").search(block.text)))
    return states_figure(_with_units(block), part.figures, part.query)


def _enumerated(sentence: str) -> int:
    """How many things a sentence names at least one after the other, by the marks between them: A、B、C."""
    return sentence.count("、") + 1


def _narrowed(
    question: str, whole: Block, found: FoundUnit, units: Sequence[FoundUnit], *, figures: bool
) -> tuple[Block, bool]:
    """The one item, row or sibling that is asked for, and whether a figure of the question chose it.

    Where what announces a list was found, not an item of it, the list is asked for, unless a figure is. An article
    is left for its neighbour only when a figure of the question lies in the neighbour's range.
    """
    document = found.document
    places = whole.items or _alike(found, units)
    chosen, in_range = _one_of(document, question, places)
    announced = whole.items and found.position not in whole.items and not figures
    beside = not whole.items and not _is_item(document, found.position)
    if chosen is None or ((announced or beside) and not in_range):
        long = sum(len(unit_text(document, place)) for place in places) > SHORT_LIST_CHARACTERS
        alone = found.position in whole.items and long
        return (item_block(document, found.position) if alone else whole), False
    if not whole.items and chosen == found.position:
        return whole, in_range
    # Within the item that is meant there may be several again.
    below = _items_below(document, chosen)
    while below:
        inner, fits = _one_of(document, question, below)
        if inner is None:
            break
        chosen, in_range = inner, in_range or fits
        below = _items_below(document, chosen)
    return item_block(document, chosen), in_range


def is_beside_the_range(question: str, block: Block) -> bool:
    """Whether a figure of the question lies in the range of a neighbour of the block's item and not in its own."""
    document = block.document
    if block.kind not in (BlockKind.ITEM, BlockKind.ROW):
        return False
    own = position_at(document, block.passages[-1].start)
    places = siblings(document, own)
    if own not in places or len(places) < 2:
        return False
    chosen, in_range = _one_of(document, question, places)
    return in_range and chosen != own


def _is_item(document: Document, position: int) -> bool:
    """Whether a unit is one of a list or table; articles and paragraphs only stand beside one another."""
    unit = document.units[position]
    return unit.kind in (UnitKind.ITEM, UnitKind.ROW) and not unit.marker.startswith("第")


def _one_of(document: Document, question: str, places: Sequence[int]) -> tuple[int | None, bool]:
    # What an item is about stands at its head; its body may name its neighbours.
    for read in (unit_text, _whole_text):
        texts = [read(document, place) for place in places]
        place = chosen_sibling(question, texts)
        if place is not None:
            return places[place], telling_shares(question, texts)[place] >= IN_RANGE
    return None, False


def _whole_text(document: Document, position: int) -> str:
    """A unit with all that stands below it."""
    return document.text[document.units[position].start : document.units[last_below(document, position)].end]


def _items_below(document: Document, position: int) -> tuple[int, ...]:
    """The first items below a unit, past paragraphs that lead in to them."""
    last = last_below(document, position)
    items = [
        place for place in range(position + 1, last + 1) if document.units[place].kind in (UnitKind.ITEM, UnitKind.ROW)
    ]
    return tuple(place for place in items if document.units[place].parent == document.units[items[0]].parent)


def _with_telling_words(question: str, blocks: Sequence[FoundBlock]) -> list[FoundBlock]:
    """``blocks`` with what the question's words add that stand in some of them only; in their first lines once more.

    What a block is about stands at its head; its body may name its neighbours. What the title over it says, all its
    blocks say.
    """
    titles = [f"{each.block.document.metadata.title}\n" for each in blocks]
    texts = [each.block.text for each in blocks]
    whole = telling_shares(question, [title + text for title, text in zip(titles, texts, strict=True)], ranges=False)
    firsts = [title + text.split("\n")[0] for title, text in zip(titles, texts, strict=True)]
    heads = telling_shares(question, firsts, ranges=False)
    return [
        replace(each, score=each.score + TELLING_SCORE * share + HEAD_SCORE * head)
        for each, share, head in zip(blocks, whole, heads, strict=True)
    ]


def _with_units(block: Block) -> str:
    """A block's text; the cells of its rows once more with the unit that stands in their header: 租金（元/月）：910."""
    document = block.document
    cells = [
        f"{cell.text}{unit['unit']}"
        for passage in block.passages
        for place in range(position_at(document, passage.start), len(document.units))
        if document.units[place].start < passage.end
        for cell in document.units[place].cells
        if (unit := _UNIT_IN_HEADER.search("".join(cell.headers))) is not None
    ]
    return "；".join((block.text, *cells))


def _alike(found: FoundUnit, units: Sequence[FoundUnit]) -> tuple[int, ...]:
    """The siblings of a found unit that were found as well and score nearly as much, the unit among them."""
    beside = siblings(found.document, found.position)
    document = found.document
    near = {
        each.position
        for each in units
        if each.document.id == document.id
        and each.score >= found.score - ALIKE_SCORE
        and not is_question(document, each.position)
        and not is_heading(document, each.position)
    }
    return tuple(place for place in beside if place in near or place == found.position)


def _whole_table(row: Block, found: FoundUnit) -> Block:
    """All rows of a table, where they fit."""
    document = found.document
    rows = siblings(document, found.position)
    if document.units[found.position].kind is not UnitKind.ROW or len(rows) < 2:
        return row
    whole = passage_of(document, rows[0], rows[-1])
    if whole.end - whole.start > GROUP_CHARACTERS or rows[-1] - rows[0] + 1 != len(rows):
        return row
    return Block(BlockKind.LIST, document, (*row.passages[:-1], whole), rows)


def _sentences_of(document_id: str, evidence: Evidence) -> tuple[ScoredSentence, ...]:
    return tuple(sentence for hit in evidence.hits for sentence in hit.sentences if sentence.document_id == document_id)
