"""Finding one's way in a document's tree of units: lead-ins, items, questions and their answers."""

from __future__ import annotations

from bisect import bisect_right

from bot.answering.draft import Passage
from bot.types import Document, Unit, UnitKind

#: A shorter unit that no mark ends is a heading, whatever its file calls it.
HEADING_CHARACTERS = 30
#: A longer unit that ends in a question mark only happens to ask.
QUESTION_CHARACTERS = 160
#: What announces more than this is no lead-in of any single item.
LED_CHARACTERS = 3_000
#: A line longer than this is quoted by its sentence only.
LINE_CHARACTERS = 200
_LEADS_IN = ("：", ":")
_ASKS = ("？", "?")
_ENDED = "。！？!?；;：:"


def position_at(document: Document, offset: int) -> int:
    """The position of the unit around ``offset`` of the clean text."""
    return max(0, bisect_right(document.units, offset, key=lambda unit: unit.start) - 1)


def unit_text(document: Document, position: int) -> str:
    """The text of a unit."""
    unit = document.units[position]
    return document.text[unit.start : unit.end]


def passage_of(document: Document, first: int, last: int) -> Passage:
    """The stretch of the clean text from one unit to another, both included."""
    return Passage(document.id, document.units[first].start, document.units[last].end)


def announces(document: Document, position: int) -> bool:
    """Whether a unit ends in a colon."""
    return unit_text(document, position).rstrip().endswith(_LEADS_IN)


def is_lead_in(document: Document, position: int) -> bool:
    """Whether a unit announces what follows: it ends in a colon, and not sections follow (现通知如下：)."""
    if not announces(document, position):
        return False
    units = document.units
    last = last_below(document, position)
    if units[last].end - units[position].start > LED_CHARACTERS:
        return False
    return bool(units[position].marker) or not any(
        _is_section(document, position, each) for each in range(position, last)
    )


def _is_section(document: Document, over: int, position: int) -> bool:
    """Whether a unit right below ``over`` is a heading with text of its own: sections follow, not items."""
    below = document.units[position + 1]
    has_text = below.parent == position and below.kind is UnitKind.PARAGRAPH
    return document.units[position].parent == over and has_text and is_heading(document, position)


def is_question(document: Document, position: int) -> bool:
    """Whether a unit asks, as in a list of frequent questions."""
    text = unit_text(document, position).rstrip()
    return text.endswith(_ASKS) and len(text) <= QUESTION_CHARACTERS


def is_heading(document: Document, position: int) -> bool:
    """Whether a unit only names what stands below it."""
    unit = document.units[position]
    if unit.kind in (UnitKind.ROW, UnitKind.FIELD):
        return False
    text = unit_text(document, position).rstrip()
    return unit.kind is UnitKind.HEADING or (len(text) <= HEADING_CHARACTERS and text[-1:] not in _ENDED)


def hangs_on(units: tuple[Unit, ...], position: int, ancestor: int) -> bool:
    """Whether a unit stands somewhere below ``ancestor``."""
    parent = units[position].parent
    while parent is not None and parent > ancestor:
        parent = units[parent].parent
    return parent == ancestor


def last_below(document: Document, position: int) -> int:
    """The last of the units that follow ``position`` and hang on it; ``position`` itself without any."""
    last = position
    while last + 1 < len(document.units) and hangs_on(document.units, last + 1, position):
        last += 1
    return last


def last_of_answer(document: Document, question: int) -> int:
    """The last unit of what answers a question unit: up to the next question or heading at its height."""
    units = document.units
    parent = units[question].parent
    last = question
    while last + 1 < len(units):
        following = last + 1
        above = units[following].parent
        beside = above == parent
        if parent is not None and (above is None or above < parent):
            break
        if beside and (is_question(document, following) or is_heading(document, following)):
            break
        last = following
    return last


def question_over(document: Document, position: int) -> int | None:
    """The question unit that ``position`` helps to answer, if it stands among questions and answers."""
    for earlier in range(position - 1, -1, -1):
        if is_question(document, earlier):
            return earlier if last_of_answer(document, earlier) >= position else None
        if document.units[earlier].kind is UnitKind.HEADING:
            return None
    return None


def lead_in_over(document: Document, position: int) -> int | None:
    """The nearest lead-in that a unit hangs on."""
    parent = document.units[position].parent
    while parent is not None:
        if is_lead_in(document, parent):
            return parent
        if document.units[parent].kind is UnitKind.HEADING:
            return None
        parent = document.units[parent].parent
    return None


def siblings(document: Document, position: int) -> tuple[int, ...]:
    """The units of the same kind that hang on the same unit, or the rows of the same table, in order."""
    units = document.units
    unit = units[position]
    if unit.table is not None:
        return tuple(place for place, other in enumerate(units) if other.table == unit.table and other.cells)
    return tuple(place for place, other in enumerate(units) if other.parent == unit.parent and other.kind is unit.kind)


def sentence_around(document: Document, start: int, end: int) -> Passage:
    """The whole line around a stretch where it is short, else its sentence."""
    if document.units:
        position = position_at(document, start)
        unit = document.units[position]
        if unit.start <= start and end <= unit.end and unit.end - unit.start <= LINE_CHARACTERS:
            return passage_of(document, position, position)
    text = document.text
    first = max(text.rfind(mark, 0, start) for mark in "。！？\n") + 1
    ends = [place for mark in "。！？\n" if (place := text.find(mark, end)) >= 0]
    last = min(ends) + 1 if ends else len(text)
    return Passage(document.id, first, last if text[last - 1 : last] != "\n" else last - 1)
