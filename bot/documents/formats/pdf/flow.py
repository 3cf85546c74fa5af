"""Parts of all pages to blocks: paragraphs go on over pages, tables over page breaks, headings get their level."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.documents.blocks import Block, Dropped, Reason
from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.formats.pdf.opening import Bookmark
from bot.documents.formats.pdf.parts import Line, Part, Table
from bot.documents.formats.pdf.running import Note
from bot.documents.furniture import is_page_number, is_web_furniture
from bot.documents.lines import glue, glue_all, join_lines
from bot.documents.markers import find_marker, stands_alone
from bot.documents.tables import GridCell, table_blocks
from bot.types import UnitKind

#: Headings are larger than the text by at least this factor, and short.
_HEADING_SIZE = 1.12
_HEADING_CHARACTERS = 90
#: When more of the lines than this are larger than the text, size tells nothing.
_MAX_HEADING_SHARE = 0.4
_MAX_LEVEL = 6
#: A gap of this many usual line heights parts paragraphs.
_PARAGRAPH_GAP = 1.45
#: Lines of one heading are closer than this, in sizes.
_HEADING_GAP = 1.2
#: Edges of a table's columns on the next page, in points.
_SAME_COLUMN = 6.0
_SOFT_HYPHEN = "\u00ad"
#: A line is full when it ends this close to its column's right edge, in sizes.
_FULL = 1.3
#: Lists of short lines have a common width by chance; text is set at least so wide, in sizes.
_MIN_COLUMN = 12.0
_ENDS = "。；：！？…:;!?"
_MARKS = "，。；"


@dataclass(frozen=True, slots=True)
class PageParts:
    """One page, its footnotes and what runs another way than its text."""

    number: int
    parts: tuple[Part, ...]
    notes: tuple[Note, ...] = ()
    beside: tuple[str, ...] = ()


def body_size_of(lines: Sequence[tuple[float, int]]) -> float:
    """The size most characters have; ``lines`` are (size, characters)."""
    counts: Counter[float] = Counter()
    for size, characters in lines:
        counts[round(size * 2) / 2] += characters
    return counts.most_common(1)[0][0] if counts else 0.0


@dataclass(slots=True)
class Flow:
    """Builds the blocks page by page; :meth:`add` each page, then take :meth:`finish`."""

    body_size: float
    levels: dict[float, int]
    bookmarks: dict[str, int]
    pitch: float
    rights: dict[tuple[int, bool], float]
    blocks: list[Block] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    _raw: list[str] = field(default_factory=list)
    _last: Line | None = None
    _notes: list[Note] = field(default_factory=list)
    _heading: list[Line] = field(default_factory=list)
    _table: Table | None = None
    _tables: int = 0

    @classmethod
    def over(cls, pages: Sequence[PageParts], bookmarks: Sequence[Bookmark], body_size: float) -> Flow:
        """The flow for these pages: what their headings and their line heights are."""
        lines = [part for page in pages for part in page.parts if isinstance(part, Line)]
        large = [line for line in lines if line.size >= _HEADING_SIZE * body_size]
        clear = len(large) <= max(_MAX_HEADING_SHARE * len(lines), 3) and len(large) < len(lines)
        sizes = sorted({round(line.size) for line in large} if clear else set(), reverse=True)
        known = {_squeezed(bookmark.title): bookmark.level for bookmark in reversed(bookmarks)}
        pitches = [
            low.top - high.top
            for high, low in zip(lines, lines[1:], strict=False)
            if high.page == low.page and 0 < low.top - high.top < 4 * body_size
        ]
        levels = {float(size): min(rank, _MAX_LEVEL) for rank, size in enumerate(sizes, 1)}
        pitch = statistics.median(pitches) if pitches else 0.0
        return cls(body_size, levels, known, pitch, _right_edges(lines, body_size))

    def add(self, page: PageParts) -> None:
        """Take the parts of the next page."""
        for part in page.parts:
            if isinstance(part, Table):
                self._add_table(part)
            else:
                self._add_line(part)
        self._notes.extend(page.notes)
        if page.beside:
            self._end_text()
            for text in page.beside:
                self._emit(UnitKind.PARAGRAPH, text)

    def finish(self) -> tuple[Block, ...]:
        """All blocks."""
        self._end_text()
        self._end_table()
        return tuple(self.blocks)

    def _add_line(self, line: Line) -> None:
        text = tidy_blanks(fold_characters(line.text))
        if not text:
            return
        where = f"第{line.page}页"
        if is_page_number(text) or is_web_furniture(text):
            reason = Reason.PAGE_NUMBER if is_page_number(text) else Reason.NAVIGATION
            self.dropped.append(Dropped(reason, text, where))
            return
        self._end_table()
        if self._level(line) is None:
            self._end_heading()
            self._add_raw(line)
            return
        last = self._heading[-1] if self._heading else None
        if last is not None and not _goes_on(last, line):
            self._end_heading()
        if not self._heading:
            self._end_text()
        self._heading.append(line)

    def _add_raw(self, line: Line) -> None:
        """A line of running text, its indent and the gap above it as plain text has them."""
        last = self._last
        if last is not None and last.text.endswith(_SOFT_HYPHEN) and self._raw:
            self._raw[-1] = self._raw[-1].rstrip(_SOFT_HYPHEN) + line.text
            self._last = line
            return
        if last is not None and (last.left, last.right) != (line.left, line.right) and last.page == line.page:
            # Beside or below columns the width of full lines is another one.
            self._end_text()
        if self._raw and last is not None:
            full = self._is_full(last)
            near = last.page != line.page or line.top - last.top <= _PARAGRAPH_GAP * self.pitch
            if full and near and last.text[-1] not in _ENDS and _may_go_on(last, line):
                self._raw[-1] = _glued(self._raw[-1], line.text)
                self._last = line
                return
            # A blank line keeps apart what was not broken for lack of room; after a full line it is not known.
            self._raw.extend([] if full and near else [""])
        self._raw.append(("　　" if line.indented else "") + line.text)
        self._last = line

    def _is_full(self, line: Line) -> bool:
        """Whether the line ended because its column does."""
        right = self.rights.get(line.column, 0.0)
        return bool(right) and line.x1 >= right - _FULL * line.size

    def _level(self, line: Line) -> int | None:
        """The level of a heading, by the bookmarks or by its size."""
        squeezed = _squeezed(line.text)
        if squeezed in self.bookmarks:
            return min(self.bookmarks[squeezed], _MAX_LEVEL)
        if (
            stands_alone(line.text)
            or len(line.text) > _HEADING_CHARACTERS
            or (line.text[-1] in "。；" and len(line.text) > 40)
        ):
            return None
        return self.levels.get(float(round(line.size))) if line.size >= _HEADING_SIZE * self.body_size else None

    def _end_heading(self) -> None:
        if not self._heading:
            return
        lines, self._heading = self._heading, []
        text = "".join(join_lines([line.text for line in lines])) if len(lines) == 1 else _joined(lines)
        level = self._level(lines[0]) or 1
        letterhead = lines[0].page == 1 and text.endswith("文件") and not self.blocks
        self._emit(UnitKind.PARAGRAPH if letterhead else UnitKind.HEADING, text, 0 if letterhead else level)

    def _end_text(self) -> None:
        """Everything that waits becomes blocks: heading, paragraphs, then the notes of their pages."""
        self._end_heading()
        for text in join_lines([fold_characters(line) for line in self._raw]):
            self._emit(UnitKind.PARAGRAPH, text)
        self._raw.clear()
        self._last = None
        for note in self._notes:
            self._emit(UnitKind.NOTE, note.text, marker=note.marker)
        self._notes.clear()

    def _emit(self, kind: UnitKind, text: str, level: int = 0, marker: str = "") -> None:
        clean = tidy_blanks(fold_characters(text))
        if not clean:
            return
        found = find_marker(clean)
        if kind is UnitKind.PARAGRAPH and found is not None:
            self.blocks.append(numbered(clean))
        else:
            self.blocks.append(Block(kind, clean, level, fold_characters(marker)))

    def _add_table(self, table: Table) -> None:
        self._end_heading()
        if self._table is not None and _continues(self._table, table):
            self._table = self._continued(self._table, table)
            return
        self._end_table()
        caption = self._take_caption()
        self._end_text()
        if caption:
            self.blocks.append(Block(UnitKind.CAPTION, caption, table=self._tables))
        self._table = table

    def _continued(self, above: Table, table: Table) -> Table:
        """Both as one; header rows that are printed again go to the ledger."""
        rows = list(table.rows)
        repeated = 0
        while repeated < min(len(rows), len(above.rows)) and _texts(rows[repeated]) == _texts(above.rows[repeated]):
            repeated += 1
        for row in rows[:repeated]:
            self.dropped.append(Dropped(Reason.REPEATED, " ".join(_texts(row)), f"第{table.page}页"))
        return Table(
            (*above.rows, *rows[repeated:]), above.columns, table.top, table.bottom, table.page, above.header_rows
        )

    def _take_caption(self) -> str:
        """The line above a table that names it or its unit, taken from the text that waits."""
        text = tidy_blanks(self._raw[-1]) if self._raw else ""
        names = (
            text.startswith("表") and len(text) <= 40 and text[1:2].strip("一二三四五六七八九十0123456789 :：") == ""
        )
        unit = len(text) <= 30 and text.strip("（()） ").startswith("单位")
        if not text or not (names or unit) or text[-1] in "。；":
            return ""
        self._raw.pop()
        return fold_characters(text)

    def _end_table(self) -> None:
        if self._table is None:
            return
        table, self._table = self._table, None
        told = table_blocks(_folded(table.rows), self._tables, header_rows=table.header_rows)
        self.blocks.extend(told.blocks)
        self.dropped.extend(Dropped(each.reason, each.text, f"第{table.page}页") for each in told.dropped)
        self._tables += 1


def numbered(text: str) -> Block:
    """A paragraph that opens with a number as an item."""
    found = find_marker(text)
    if found is None:
        return Block(UnitKind.PARAGRAPH, text)
    return Block(UnitKind.ITEM, text, 1, text[: found.end].strip())


def _glued(left: str, right: str) -> str:
    """A line put after the one that was broken before it; Latin words and marks are parted by a blank."""
    latin = left[-1].isascii() and right[0].isascii() and left[-1] not in "-/([{" and right[0] not in ",.;:!?)]}"
    return f"{left} {right}" if latin and not (left[-1].isdigit() and right[0].isdigit()) else glue(left, right)


def _may_go_on(above: Line, line: Line) -> bool:
    """Whether nothing tells that a new paragraph begins."""
    begins = line.x0 - line.left <= 1.2 * line.size
    return begins and find_marker(line.text) is None and not stands_alone(above.text)


def _right_edges(lines: Sequence[Line], body_size: float) -> dict[tuple[int, bool], float]:
    """Where the columns end whose lines were broken for lack of room.

    The lines that reach furthest tell it, when the column is wide enough and they are sentences: titles and lists
    have a common width by chance.
    """
    columns: dict[tuple[int, bool], list[Line]] = {}
    for line in lines:
        if line.size < _HEADING_SIZE * body_size:
            columns.setdefault(line.column, []).append(line)
    edges: dict[tuple[int, bool], float] = {}
    for column, own in columns.items():
        right = max(line.x1 for line in own)
        sentences = any(mark in line.text for line in own for mark in _MARKS)
        if sentences and right - min(line.left for line in own) >= _MIN_COLUMN * body_size:
            edges[column] = right
    return edges


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line is the next one of the same heading."""
    close = line.top - above.bottom <= _HEADING_GAP * above.size
    return (
        close
        and above.page == line.page
        and round(above.size) == round(line.size)
        and find_marker(line.text) is None
        and above.text[-1] not in "。：；"
        and not above.text.endswith("文件")
    )


def _joined(lines: Sequence[Line]) -> str:
    return glue_all([tidy_blanks(line.text) for line in lines])


def _continues(above: Table, table: Table) -> bool:
    """Whether a table at the top of the next page has the same columns."""
    return (
        table.page == above.page + 1
        and len(above.columns) == len(table.columns)
        and all(abs(a - b) <= _SAME_COLUMN for a, b in zip(above.columns, table.columns, strict=True))
    )


def _texts(row: Sequence[GridCell | None]) -> list[str]:
    seen: list[GridCell] = []
    for cell in row:
        if cell is not None and cell.text and not any(cell is each for each in seen):
            seen.append(cell)
    return [cell.text for cell in seen]


def _folded(rows: Sequence[Sequence[GridCell | None]]) -> list[list[GridCell | None]]:
    """The cells with their characters folded; one cell stays one cell wherever it stands."""
    made: dict[int, GridCell] = {}
    for row in rows:
        for cell in row:
            if cell is not None and id(cell) not in made:
                made[id(cell)] = GridCell(tidy_blanks(fold_characters(cell.text)), cell.header)
    return [[made[id(cell)] if cell is not None else None for cell in row] for row in rows]


def _squeezed(text: str) -> str:
    return "".join(fold_characters(text).split())
