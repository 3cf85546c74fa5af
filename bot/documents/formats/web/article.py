"""The judged units of a page as blocks, labelled values and a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.documents.blocks import Block, Dropped, Field, Reason
from bot.documents.characters import tidy_blanks
from bot.documents.formats.plain import marked_items, paragraphs_of, without_bold
from bot.documents.formats.web.units import Grid, Unit
from bot.documents.furniture import is_web_furniture
from bot.documents.markers import RANK_ARTICLE, find_marker
from bot.documents.tables import table_blocks
from bot.types import UnitKind

#: A heading element with more text than this, in sentences, is a paragraph printed large.
_HEADING_CHARACTERS = 80
#: A page of so few blocks may hold a whole document in one, its line breaks lost.
_WHOLE_PARAGRAPHS = 3
#: Hidden text of which the page shows this share elsewhere is a copy of it.
_COPIED_SHARE = 0.8
_ELLIPSIS = ".…。"


@dataclass(slots=True)
class Article:
    """What a page's units come to.

    ``joins_paragraphs`` of texts whose paragraphs may have been broken in mid-sentence, as converters do.
    """

    joins_paragraphs: bool = False
    blocks: list[Block] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    tables: int = 0
    _whole: bool = False
    _noted: set[str] = field(default_factory=set)
    _pending: list[str] = field(default_factory=list)

    def add(self, units: Iterable[Unit], title: Unit | None = None) -> Article:
        """Add ``units`` in order; ``title`` becomes a heading of level 1 whatever its element is."""
        units = list(units)
        self._whole = sum(unit.reason is None and not unit.level for unit in units) <= _WHOLE_PARAGRAPHS
        for unit in units:
            if unit.reason is not None:
                self.dropped.append(Dropped(unit.reason, unit.text))
            elif _is_plain(unit) and unit is not title and self.joins_paragraphs:
                self._pending += [*unit.lines, ""]
            else:
                self._flush()
                self._add(unit, title)
        self._flush()
        self.blocks = marked_items(self.blocks)
        self.dropped = _without_copies(self.dropped, self.blocks)
        return self

    def _add(self, unit: Unit, title: Unit | None) -> None:
        if unit.fields:
            self._add_fields(unit)
        elif unit.grid is not None:
            self.blocks += self._rows(unit.grid)
        elif unit is title:
            self.blocks.append(Block(UnitKind.HEADING, _one_line(unit), level=1))
        else:
            self._add_text(unit)

    def _flush(self) -> None:
        self.blocks += [Block(UnitKind.PARAGRAPH, text) for text in self._paragraphs(self._pending)]
        self._pending.clear()

    def _paragraphs(self, lines: Sequence[str]) -> list[str]:
        bare = [without_bold(line) for line in lines]
        return paragraphs_of(bare, self.dropped, may_be_collapsed=self._whole)

    def _add_fields(self, unit: Unit) -> None:
        for label, value in unit.fields:
            if not label or not value:
                self.dropped.append(Dropped(Reason.SITE_FRAME, label or value))
                continue
            self.fields.append(Field(label, value))
            self.blocks.append(Block(UnitKind.FIELD, f"{label}：{value}"))

    def _rows(self, grid: Grid) -> list[Block]:
        table = self.tables
        self.tables += 1
        caption = [Block(UnitKind.CAPTION, grid.caption, table=table)] if grid.caption else []
        told = table_blocks(grid.rows, table)
        self.dropped += told.dropped
        return [*caption, *told.captions, *told.rows, *told.idle]

    def _add_text(self, unit: Unit) -> None:
        if unit.level and not (len(unit.text) > _HEADING_CHARACTERS and "。" in unit.text):
            self.blocks.append(Block(UnitKind.HEADING, _one_line(unit), level=unit.level))
            return
        for number, text in enumerate(self._paragraphs(unit.lines)):
            if unit.note:
                self.blocks.append(self._note(unit.note, text))
            elif unit.depth and not number:
                self.blocks.append(_item(unit, text, is_typed=self.joins_paragraphs))
            else:
                self.blocks.append(Block(UnitKind.PARAGRAPH, text))

    def _note(self, label: str, text: str) -> Block:
        """A paragraph of a note; the first of it has its label."""
        if label in self._noted:
            return Block(UnitKind.NOTE, text)
        self._noted.add(label)
        return Block(UnitKind.NOTE, text if text.startswith(label) else f"{label} {text}", marker=label)


def _is_plain(unit: Unit) -> bool:
    return not (unit.level or unit.note or unit.depth or unit.fields) and unit.grid is None


def _one_line(unit: Unit) -> str:
    return tidy_blanks(without_bold(unit.text))


def _item(unit: Unit, text: str, *, is_typed: bool) -> Block:
    printed = find_marker(text)
    hides = not unit.marker or (printed is not None and printed.rank > RANK_ARTICLE and not is_typed)
    if printed is not None and hides:
        # The author's own number, in a list whose numbers the page's style hides.
        marker = text[: printed.end].strip()
        return Block(UnitKind.ITEM, text, level=unit.depth, marker=marker)
    whole = f"{unit.marker} {text}" if unit.marker else text
    return Block(UnitKind.ITEM, whole, level=unit.depth, marker=unit.marker)


def _without_copies(dropped: Sequence[Dropped], blocks: Sequence[Block]) -> list[Dropped]:
    """The ledger with hidden text that the page shows elsewhere told as repeated."""
    shown = ""
    kept: list[Dropped] = []
    for entry in dropped:
        if entry.reason is Reason.HIDDEN:
            shown = shown or "".join("".join(block.text.split()) for block in blocks)
            if not any(map(str.isalnum, entry.text)) or is_web_furniture(entry.text):
                entry = Dropped(Reason.SITE_FRAME, entry.text, entry.where)
            elif _is_copy(entry.text, shown):
                entry = Dropped(Reason.REPEATED, entry.text, entry.where)
        kept.append(entry)
    return kept


def _is_copy(text: str, shown: str) -> bool:
    bare = "".join(text.split()).rstrip(_ELLIPSIS)
    if bare in shown:
        return True
    parts = [part for word in text.split() for part in word.split("。") if part]
    copied = sum(len(part) for part in parts if part.rstrip(_ELLIPSIS) in shown)
    return copied >= _COPIED_SHARE * sum(map(len, parts))
