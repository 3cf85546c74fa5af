"""The tree of a document: which lead-in an item hangs on, which caption a row, which heading a paragraph.

Loaders give blocks in reading order; what belongs to what follows from their numbering, for all formats alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.blocks import Block
from bot.documents.markers import find_marker, is_salutation
from bot.types import Unit, UnitKind

#: A line this short that does not end as a sentence announces what follows.
_HEADING_CHARACTERS = 40
_ENDS = "。；！？;!?，,、"
_LEADS_IN = ("：", ":")
#: Headings of the format stand above all printed numbers, items without a number below them.
_FORMAT_RANK, _BULLET_RANK = -10.0, 100.0
#: A table's lead-in names it in its last words.
_TABLE_WORDS = ("下表", "如下", "见表", "附表")


#: A lead-in of plain text stands this much above the items it leads in; ranks lie ten apart.
_LEAD_ABOVE = 0.5


@dataclass(slots=True)
class _Open:
    """A unit that others may hang on.

    ``lead`` is plain text that ends with a colon: its rank is taken from the first item below it, and until then
    ``None``.
    """

    position: int
    rank: float | None
    announces: bool
    lead: bool = False


def hang_units(blocks: Sequence[Block]) -> tuple[Unit, ...]:
    """The units of a clean text made of ``blocks``, one a line."""
    opened: list[_Open] = []
    units: list[Unit] = []
    start = 0
    for position, block in enumerate(blocks):
        parent = _parent(block, position, opened, units, blocks)
        kind = block.kind
        marker = block.marker
        if not marker and kind is UnitKind.PARAGRAPH and (found := find_marker(block.text)) is not None:
            kind, marker = UnitKind.ITEM, block.text[: found.end].strip()
        units.append(Unit(kind, start, start + len(block.text), parent, marker, block.table, block.cells))
        start += len(block.text) + 1
    return tuple(units)


def _parent(
    block: Block, position: int, opened: list[_Open], units: Sequence[Unit], blocks: Sequence[Block]
) -> int | None:
    if block.kind in (UnitKind.ROW, UnitKind.CAPTION):
        return _table_parent(block, position, opened, units, blocks)
    if block.kind is UnitKind.NOTE:
        return _referring(block, position, blocks)
    rank = _rank(block)
    if rank is None:
        return _plain_parent(block, position, opened)
    _close(opened, rank)
    parent = opened[-1].position if opened else None
    opened.append(_Open(position, rank, _announces(block)))
    return parent


def _rank(block: Block) -> float | None:
    """How deep a block's number puts it; ``None`` for plain text."""
    if block.kind is UnitKind.HEADING:
        return _FORMAT_RANK + block.level
    found = find_marker(block.marker or block.text) or find_marker(block.text)
    if found is not None:
        return float(found.rank) + block.level / 100
    return _BULLET_RANK + block.level if block.kind is UnitKind.ITEM else None


def _close(opened: list[_Open], rank: float) -> None:
    """End what a block of ``rank`` does not hang on; a lead-in just before it takes its rank from it."""
    if opened and opened[-1].rank is None:
        opened[-1].rank = rank - _LEAD_ABOVE
        lead = opened.pop()
        _close(opened, rank - _LEAD_ABOVE)
        opened.append(lead)
    while opened and (last := opened[-1].rank) is not None and last >= rank:
        opened.pop()


def _plain_parent(block: Block, position: int, opened: list[_Open]) -> int | None:
    """Plain text hangs on the nearest line that announces; a list it follows is over."""
    while opened and (opened[-1].lead or not opened[-1].announces):
        opened.pop()
    parent = opened[-1].position if opened else None
    if block.text.endswith(_LEADS_IN) and not is_salutation(block.text):
        opened.append(_Open(position, None, announces=True, lead=True))
    return parent


def _announces(block: Block) -> bool:
    """Whether a numbered line is a heading, or ends with a colon: what follows belongs to it."""
    text = block.text
    return block.kind is UnitKind.HEADING or (
        text.endswith(_LEADS_IN) or (len(text) <= _HEADING_CHARACTERS and text[-1] not in _ENDS)
    )


def _table_parent(
    block: Block, position: int, opened: list[_Open], units: Sequence[Unit], blocks: Sequence[Block]
) -> int | None:
    """The last caption of the table, or what all of its rows hang on."""
    above = position - 1
    while above >= 0 and blocks[above].table == block.table and blocks[above].table is not None:
        if blocks[above].kind is UnitKind.CAPTION:
            return above
        if block.kind is UnitKind.ROW:
            return units[above].parent
        above -= 1
    if above >= 0 and _introduces_table(blocks[above]):
        return above
    return opened[-1].position if opened else None


def _introduces_table(block: Block) -> bool:
    text = block.text
    return text.endswith(_LEADS_IN) or any(word in text[-30:] for word in _TABLE_WORDS) or text.startswith("表")


def _referring(block: Block, position: int, blocks: Sequence[Block]) -> int | None:
    """The nearest earlier block in which the note's mark stands."""
    if not block.marker:
        return None
    for above in range(position - 1, -1, -1):
        if blocks[above].kind is not UnitKind.NOTE and block.marker in blocks[above].text:
            return above
    return None
