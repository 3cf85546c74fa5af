"""From elements to units: running text block by block, tables as grids, what is left out with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from bot.documents.blocks import Reason
from bot.documents.characters import fold_characters, tidy_blanks, unescape_entities
from bot.documents.formats.web.grid import is_data_table, read_grid
from bot.documents.formats.web.numbers import Numbering, open_list
from bot.documents.formats.web.scripts import subscript, superscript
from bot.documents.formats.web.units import Grid, Unit, length
from bot.documents.formats.web.visible import SILENT, reason_of, shown_text, style_of

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ol", "ul", "menu", "dir"))
_PRE = frozenset(("pre", "listing", "xmp", "plaintext"))
_FILES = frozenset(
    ".doc .docx .xls .xlsx .pdf .zip .rar .7z .wps .et .ofd .ppt .pptx .txt .csv .rtf .ceb .jpg .png".split()
)
_BREAK = re.compile(r"[ \t\f]*[\n\r][ \t\f\n\r]*")
_WIDE = r"[\u2e80-\u303f\u30a0-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
#: A source's line break between Chinese characters is no blank of the text.
_WRAPPED = re.compile(rf"(?<={_WIDE})[ \t\f]*[\n\r][ \t\f\n\r]*(?={_WIDE})")
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_INDENT = re.compile(r"^[ \u00a0]*\u00a0[ \u00a0]+")
_ARROWS = frozenset("↩↑^⏎△▲↵\ufe0e\ufe0f")
#: Tables inside cells are read as tables to this depth; deeper ones are only text.
_DEEPEST_TABLE = 4
_LONGEST_TERM = 40


@dataclass(slots=True)
class _Mark:
    """Where an open inline element's text begins."""

    node: Any
    start: int


@dataclass(slots=True)
class Walker:
    """Walks one element. ``notes`` maps the id of a note to its label; ``alone`` keeps every picture's text."""

    notes: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0
    keeps_alt: bool = False
    units: list[Unit] = field(default_factory=list)
    images: int = 0
    frames: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _open: list[Any] = field(default_factory=list)
    _marks: list[_Mark] = field(default_factory=list)
    _lists: list[Numbering] = field(default_factory=list)
    _item: tuple[int, str] | None = None
    _is_typed: bool = False
    _level: int = 0
    _pre: int = 0
    _place: str = ""
    _note: str = ""
    _note_node: Any = None
    _in_links: int = 0
    _link_characters: int = 0
    _links: int = 0
    _files: bool = False
    _in_file: bool = False

    def walk(self, root: Any) -> list[Unit]:
        """The units of ``root``, in reading order."""
        from lxml.etree import iterwalk

        walker = iterwalk(root, events=("start", "end"))
        for event, node in walker:
            if event == "start":
                if self._starts(node):
                    self._text(node.text)
                else:
                    walker.skip_subtree()
                    node.set("data-skipped", "")
                continue
            if node.attrib.pop("data-skipped", None) is None:
                self._ends(node)
            if node is not root:
                self._text(node.tail)
        self._flush(root)
        return _with_terms(self.units)

    def _starts(self, node: Any) -> bool:
        """Begin ``node``; whether its inside is to be walked."""
        tag = node.tag
        if tag in SILENT:
            return False
        reason = reason_of(node)
        if reason is not None and self._open:
            self._leave_out(node, reason)
            return False
        if tag == "table":
            return self._starts_table(node)
        if tag == "br":
            self._parts.append("\n")
        elif tag == "img":
            self._image(node)
        elif tag == "q":
            self._parts.append("“")
        elif tag in _BLOCKS or "display:block" in style_of(node):
            self._starts_block(node)
        for name in ("id", "name"):
            if node.get(name) in self.notes and self._open:
                # A mark inside a paragraph makes the paragraph the note.
                self._note, self._note_node = self.notes[node.get(name)], self._open[-1]
        if tag in ("sup", "sub", "a"):
            self._marks.append(_Mark(node, len(self._parts)))
        if tag == "a":
            self._in_links += 1
            self._in_file = _file_name(node).suffix.lower() in _FILES
        return True

    def _starts_block(self, node: Any) -> None:
        self._flush()
        self._open.append(node)
        tag = node.tag
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in _LISTS:
            self._lists.append(open_list(node))
        elif tag == "li":
            self._bare_number()
            self._item = self._numbered(node)
            self._is_typed = "data-mark" in node.attrib
        elif tag in ("dt", "dd"):
            self._place = tag
        elif tag in _PRE:
            self._pre += 1

    def _numbered(self, node: Any) -> tuple[int, str]:
        return (len(self._lists), self._lists[-1].marker(node)) if self._lists else (1, "")

    def _bare_number(self) -> None:
        """The typed number of an item without text of its own is a line of its own."""
        if self._item is not None and self._is_typed and self._item[1]:
            self.units.append(Unit(self._open[-1], [self._item[1]], depth=self._item[0]))
        self._item = None

    def _starts_table(self, node: Any) -> bool:
        self._flush()
        self._open.append(node)
        if self.depth >= _DEEPEST_TABLE or not is_data_table(node):
            return True
        texts, left_out = read_grid(node, self._cell)
        self.units += left_out
        for stray in texts.stray:
            self.units.append(Unit(node, [stray]))
        grid = Unit(node, grid=Grid(texts.rows, texts.caption))
        links = [length(link.text_content()) for link in node.iter("a")]
        grid.links, grid.link_characters = len(links), min(sum(links), grid.characters)
        if grid.text:
            self.units.append(grid)
        self._open.pop()
        return False

    def _cell(self, cell: Any) -> tuple[str, list[Unit]]:
        """A cell's text on one line, and what is left out of it."""
        if len(cell) == 0:
            return tidy_blanks(" ".join(_lines([_plain(cell.text or "")]))), []
        inner = Walker(self.notes, self.depth + 1, self.keeps_alt)
        units = inner.walk(cell)
        self.images += inner.images
        kept = [f"{unit.marker} {unit.text}" if unit.marker else unit.text for unit in units if unit.reason is None]
        return tidy_blanks(" ".join(kept)), [unit for unit in units if unit.reason is not None]

    def _ends(self, node: Any) -> None:
        tag = node.tag
        if self._marks and self._marks[-1].node is node:
            self._ends_mark(self._marks.pop())
        if tag == "q":
            self._parts.append("”")
        if not self._open or self._open[-1] is not node:
            return
        self._flush()
        self._open.pop()
        if tag in _HEADINGS:
            self._level = 0
        elif tag in _LISTS:
            self._lists.pop()
        elif tag in _PRE:
            self._pre -= 1
        elif tag in ("dt", "dd"):
            self._place = ""
        if tag == "li":
            self._bare_number()
        if node is self._note_node:
            self._note, self._note_node = "", None

    def _ends_mark(self, mark: _Mark) -> None:
        node, start = mark.node, min(mark.start, len(self._parts))
        text = "".join(self._parts[start:])
        if node.tag == "sub":
            self._parts[start:] = [subscript(text)]
        elif node.tag == "sup":
            before = "".join(self._parts[max(0, start - 3) : start])
            self._parts[start:] = [superscript(text, before, is_link=node.find(".//a") is not None)]
        else:
            self._in_links -= 1
            self._in_file = False
            self._ends_link(node, text, start)

    def _ends_link(self, node: Any, text: str, start: int) -> None:
        address = node.get("href") or ""
        if text.strip() and set(text.strip()) <= _ARROWS and address.startswith("#"):
            # The way back from a note.
            del self._parts[start:]
            self.units.append(Unit(self._open[-1], [text.strip()], reason=Reason.NAVIGATION))
            return
        if not address or not text.strip():
            return
        self._links += 1
        name = _file_name(node)
        if name.suffix.lower() in _FILES:
            self._files = True
            if name.stem not in text and re.search(_WIDE, name.stem):
                self._parts.append(f"（{name.name}）")

    def _leave_out(self, node: Any, reason: Reason) -> None:
        if node.tag in _BLOCKS:
            self._flush()
        if node.tag in ("iframe", "object", "embed"):
            self.frames.append(node.get("src") or node.get("data") or "")
        text = fold_characters(shown_text(node)).strip()
        if text:
            self.units.append(Unit(self._open[-1], [text], reason=reason))

    def _image(self, node: Any) -> None:
        self.images += 1
        alt = tidy_blanks(fold_characters(node.get("alt") or ""))
        # Elsewhere the text of a picture names its file or repeats the title.
        spoken = length(alt) >= 12 and any(mark in alt for mark in "。；，")
        if spoken or (self.keeps_alt and not PurePosixPath(alt).suffix and length(alt) > 1):
            self._parts.append(alt)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        folded = unescape_entities(fold_characters(text)) if self._pre else _plain(text)
        if self._in_links:
            self._link_characters += length(folded)
        self._parts.append(folded)

    def _flush(self, node: Any = None) -> None:
        lines = _lines(self._parts)
        self._parts.clear()
        for mark in self._marks:
            mark.start = 0
        if lines:
            unit = Unit(self._open[-1] if self._open else node, lines, level=self._level, place=self._place)
            unit.link_characters, unit.links, unit.files = (
                self._link_characters,
                self._links,
                self._files or self._in_file,
            )
            unit.links += bool(self._in_links)
            unit.note = self._note
            if self._item is not None:
                unit.depth, unit.marker = self._item
                self._item = None
            self.units.append(unit)
        self._link_characters, self._links, self._files = 0, 0, False


def _file_name(link: Any) -> PurePosixPath:
    return PurePosixPath(unquote((link.get("href") or "").partition("?")[0].partition("#")[0]))


def _plain(text: str) -> str:
    """A piece of running text: a source's line breaks are no breaks of the text."""
    return _BREAK.sub(" ", _WRAPPED.sub("", unescape_entities(fold_characters(text))))


def _lines(parts: list[str]) -> list[str]:
    """The lines of a block as ``br`` parts them; blank ones between stay, for they part paragraphs."""
    if not parts:
        return []
    lines = ["　" * bool(_INDENT.match(line)) + _BLANKS.sub(" ", line) for line in "".join(parts).split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return lines


def _with_terms(units: list[Unit]) -> list[Unit]:
    """``units`` with the terms of a ``dl`` before their first explanation: 期限：三年."""
    joined: list[Unit] = []
    for unit in units:
        term = joined[-1] if joined else None
        pair = term is not None and term.place == "dt" and unit.place == "dd" and term.reason is unit.reason is None
        if term is not None and pair and unit.grid is None and _is_term(term.text):
            colon = "" if term.text.endswith(("：", ":")) else "："
            unit.lines[0] = f"{term.text}{colon}{unit.lines[0].strip()}"
            unit.links, unit.link_characters = unit.links + term.links, unit.link_characters + term.link_characters
            unit.files = unit.files or term.files
            joined[-1] = unit
        else:
            joined.append(unit)
    return joined


def _is_term(text: str) -> bool:
    return len(text) <= _LONGEST_TERM and text[-1] not in "？?。；！!"


def note_labels(root: Any) -> dict[str, str]:
    """The ids that raised links of ``root`` point at, each with the label of its note."""
    return {target: label for target, label in _references(root)}


def _references(root: Any) -> Iterator[tuple[str, str]]:
    for link in root.iter("a"):
        address = link.get("href") or ""
        if not address.startswith("#") or len(address) < 2:
            continue
        parent = link.getparent()
        raised = (parent is not None and parent.tag == "sup") or link.find("sup") is not None
        if raised or link.get("role") == "doc-noteref":
            label = "".join(link.text_content().split()).strip("[]［］〔〕()（）")
            if label and len(label) <= 6:
                yield address[1:], f"[{label}]"
