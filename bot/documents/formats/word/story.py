"""One story of a Word file (the body, a note, a header, a text box) as blocks in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.documents.blocks import Block, Reason
from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.formats.word.content import Box, Content, Note
from bot.documents.formats.word.context import Context
from bot.documents.formats.word.drawings import drawing_blocks
from bot.documents.formats.word.grid import TableReader
from bot.documents.formats.word.inline import DELETIONS, InlineReader, alternatives, control_reason
from bot.documents.formats.word.names import Element, attribute, child, is_properties, kind, raw_text, switch
from bot.documents.formats.word.notes import Notes
from bot.documents.formats.word.package import damage
from bot.documents.furniture import is_page_number
from bot.errors import DocumentError
from bot.types import UnitKind

#: Text boxes in tables in text boxes …; deeper ones no reader of the printed page could tell apart.
DEEPEST = 12
_HEADING_CHARACTERS = 100
_BLOCKS = frozenset({"w:p", "w:tbl", "w:altChunk", "w:sectPr"})
#: Content that belongs in a paragraph but stands in the body all the same.
_STRAY = frozenset({"w:r", "w:hyperlink", "w:fldSimple", "m:oMath", "m:oMathPara", "w:t", "w:subDoc"})
_CONTENTS_STYLES = ("toc ", "目录 ", "table of figures", "图表目录")


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section ends: its properties and how many blocks stand before its end."""

    properties: Element
    end: int


class Story:
    """Reads one story; ``place`` is what the ledger calls it, empty for the body, whose paragraphs are counted."""

    def __init__(self, context: Context, notes: Notes, root: Element, part: str, place: str = "") -> None:
        self.context = context
        self.notes = notes
        self.part = part
        self.place = place
        self.sections: list[Section] = []
        self._inline = InlineReader(context, notes, root)
        self._tables = TableReader(self)
        self._paragraphs = 0
        self._in_cell = 0

    def blocks(self, container: Element, reason: Reason | None = None) -> list[Block]:
        """The blocks of a container; with a ``reason`` all its text goes to the ledger."""
        if self.context.depth >= DEEPEST:
            self.context.ledger.drop(Reason.TOO_MUCH, raw_text(container))
            return []
        self.context.depth += 1
        found: list[Block] = []
        pending: Content | None = None
        last: Element | None = None
        for element, gone in self._flat(container, reason):
            self._locate()
            if kind(element) in ("w:tbl", "w:altChunk", "w:sectPr"):
                found += self._finish(last, pending)
                pending = None
                found += self._other(element, gone, len(found))
                continue
            content = self._inline.read(element, gone, pending)
            last, pending = element, content if _runs_on(element) else None
            if pending is None:
                found += self._paragraph(element, content, counted=gone is None)
            if (section := child(child(element, "w:pPr"), "w:sectPr")) is not None:
                self.sections.append(Section(section, len(found)))
        found += self._finish(last, pending)
        self.context.depth -= 1
        return found

    def cell(self, element: Element, reason: Reason | None) -> list[Block]:
        """The blocks of a table's cell, where numbers alone are values."""
        self._in_cell += 1
        found = self.blocks(element, reason)
        self._in_cell -= 1
        return found

    def _locate(self) -> None:
        if not self._in_cell:
            self.context.ledger.where = self.place or f"第{self._paragraphs + 1}段"

    def _flat(self, container: Element, reason: Reason | None) -> Iterator[tuple[Element, Reason | None]]:
        """Paragraphs and tables, also within wrappers, with the reason to leave them out."""
        for each in container:
            name = kind(each)
            if name in _BLOCKS or name in _STRAY:
                yield each, reason
            elif name == "w:sdt":
                yield from self._flat(each, reason or control_reason(each))
            elif name in DELETIONS:
                yield from self._flat(each, reason or Reason.DELETED)
            elif name == "mc:AlternateContent":
                chosen, others = alternatives(each)
                for branch in chosen:
                    yield from self._flat(branch, reason)
                for branch in others:
                    self.context.ledger.drop(reason or Reason.REPEATED, raw_text(branch))
            elif not is_properties(name):
                yield from self._flat(each, reason)

    def _other(self, element: Element, reason: Reason | None, before: int) -> list[Block]:
        name = kind(element)
        if name == "w:sectPr":
            self.sections.append(Section(element, before))
            return []
        if name == "w:tbl":
            return self._tables.read(element, reason)
        part = self.context.target(self.part, attribute(element, "r:id")) or ""
        try:
            if reason is None and part.endswith((".docx", ".docm")):
                return self.context.insert(self.context.package.read(part), self.context)
        except DocumentError:
            self.context.ledger.where = self.place or "插入的文件"
        except damage():
            self.context.ledger.where = self.place or "插入的文件"
        self.context.ledger.drop(reason or Reason.UNREADABLE, f"插入的文件 {part}".strip())
        return []

    def _finish(self, element: Element | None, pending: Content | None) -> list[Block]:
        """The paragraph whose mark is deleted but which nothing follows."""
        if element is None or pending is None:
            return []
        return self._paragraph(element, pending, counted=pending.has_text)

    def _paragraph(self, element: Element, content: Content, *, counted: bool) -> list[Block]:
        before = [block for box in content.boxes if box.before for block in self._box(box)]
        lines = content.lines()
        own = self._lines(element, lines, counted=counted)
        if own and not self._in_cell:
            self._paragraphs += 1
        if own and (content.in_contents or self._is_contents_style(element)):
            self.context.contents += own
        after = [block for box in content.boxes if not box.before for block in self._box(box)]
        return before + own + after + [block for note in content.notes for block in self._note(note)]

    def _lines(self, element: Element, lines: list[str], *, counted: bool) -> list[Block]:
        properties = child(element, "w:pPr")
        label = self.context.numbering.label(properties) if counted else None
        if not lines:
            # An empty item shows its number, which in a table is the value of the column.
            shown = label is not None and label.marker and self._in_cell
            return [Block(UnitKind.ITEM, label.marker, label.depth, label.marker)] if label and shown else []
        if label is None and len(lines) == 1 and not self._in_cell and is_page_number(lines[0]):
            self.context.ledger.drop(Reason.PAGE_NUMBER, lines[0])
            return []
        heading = self.context.styles.heading_level(properties) if not self._in_cell else None
        marker = label.marker if label is not None else ""
        first = label.before(lines[0]) if label is not None else lines[0]
        if heading is not None and _is_name("".join(lines)):
            blocks = [Block(UnitKind.HEADING, first, heading, marker)]
            return blocks + [Block(UnitKind.HEADING, line, heading) for line in lines[1:]]
        sort = UnitKind.PARAGRAPH if label is None else UnitKind.ITEM
        blocks = [Block(sort, first, 0 if label is None else label.depth, marker)]
        return blocks + [Block(UnitKind.PARAGRAPH, line) for line in lines[1:]]

    def _is_contents_style(self, element: Element) -> bool:
        styles = self.context.styles
        names = styles.names(styles.paragraph_style(child(element, "w:pPr")))
        return any(name.startswith(_CONTENTS_STYLES) for name in names)

    def _box(self, box: Box) -> list[Block]:
        if box.element is None:
            text = tidy_blanks(fold_characters(box.text))
            return [Block(UnitKind.PARAGRAPH, text)] if text else []
        if kind(box.element) == "w:txbxContent":
            # A box has fields and paragraphs of its own; the one around it goes on after it.
            story = Story(self.context, self.notes, box.element, self.part, self.place or self.context.ledger.where)
            return story.blocks(box.element)
        return drawing_blocks(box.element, self.part, self.context)

    def _note(self, note: Note) -> list[Block]:
        where = self.context.ledger.where
        self.context.ledger.where = note.place
        found: list[Block] = []
        if note.element is None:
            self.context.ledger.drop(Reason.UNREADABLE, f"{note.place}{note.mark}")
        else:
            story = Story(self.context, self.notes, note.element, note.part, note.place)
            found = [_as_note(block) for block in story.blocks(note.element)]
        if found and found[0].kind is UnitKind.NOTE and note.mark:
            found[0] = Block(UnitKind.NOTE, f"{note.mark} {found[0].text}", marker=note.mark)
        self.context.ledger.where = where
        return found


def _as_note(block: Block) -> Block:
    return block if block.kind in (UnitKind.ROW, UnitKind.CAPTION) else Block(UnitKind.NOTE, block.text)


def _runs_on(element: Element) -> bool:
    """Whether a paragraph's end is deleted, moved away or hidden: its text goes on in the next paragraph."""
    mark = child(child(element, "w:pPr"), "w:rPr")
    if mark is None:
        return False
    gone = any(child(mark, name) is not None for name in DELETIONS)
    # The mark that parts a heading from the text in its line is hidden too, but parts them.
    return gone or bool(switch(mark, "w:vanish") and not switch(mark, "w:specVanish"))


def _is_name(text: str) -> bool:
    """Whether a paragraph styled as a heading reads as one; whole paragraphs are styled so by mistake."""
    return len(text) <= _HEADING_CHARACTERS and not text.endswith(("。", "；"))
