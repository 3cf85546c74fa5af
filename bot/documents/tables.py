"""Tables as rows that can be read alone: every value stands with its whole header path.

Loaders give a grid as :mod:`bot.documents.table_heads` has it, which also tells what its rows are. Equal texts in
different cells are different values and all stay; a cell merged over several rows is told in each of them.

- A title above the table is a caption. So is a line with its number and its unit.
- A row that is one cell across the whole table has no headers. A short one names the rows below it until the next
  one: each of them begins with it (``东川区；项目：研发补助；金额：10万元``). A longer one is a remark.
- A form reads ``label：value``; its first row is never a header.
- A header over columns without any value is told once, in a row of its own.
- A header or a title printed again further down, and a value equal to the label beside it, go to the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.documents.blocks import Block, Dropped, Reason
from bot.documents.markers import find_marker
from bot.documents.table_heads import (
    GridCell,
    GridRow,
    Shape,
    cells_of,
    columns_of,
    crosses,
    shape_of,
    slots_of,
    width_of,
)
from bot.documents.table_texts import heads_a_group
from bot.types import UnitCell, UnitKind

__all__ = ["GridCell", "GridRow", "TableBlocks", "row_text", "table_blocks"]

#: A cell merged over many rows is told in each as long as that adds no more characters than this.
MOST_REPEATED = 50_000
#: Headers and names of groups are told in every row as long as that adds no more characters to a table than this.
MOST_ADDED = 8_000_000


@dataclass(frozen=True, slots=True)
class TableBlocks:
    """A table's blocks and what they leave out.

    ``idle`` is a row of the headers that stand over no value, if there are any. ``places`` tells for each of
    ``rows`` which row of the grid it is.
    """

    captions: tuple[Block, ...] = ()
    idle: tuple[Block, ...] = ()
    rows: tuple[Block, ...] = ()
    places: tuple[int, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All in order."""
        return (*self.captions, *self.idle, *self.rows)


def table_blocks(rows: Sequence[GridRow], table: int, *, header_rows: int | None = None) -> TableBlocks:
    """The captions and rows of a table; empty rows and cells are left out.

    ``header_rows`` says how many rows below the captions are headers; left out, it is told by marked header
    cells and by how the first rows differ from those below. ``table`` numbers the table within its file.
    """
    places = [place for place, row in enumerate(rows) if cells_of(row)]
    used = max((max(columns[-1] for columns in columns_of(rows[place]).values()) + 1 for place in places), default=0)
    filled = [rows[place][:used] for place in places]
    shape = shape_of(filled, header_rows)
    first = shape.captions + shape.headers
    titles = dict.fromkeys(cell for row in filled[: shape.captions] for cell in cells_of(row))
    teller = _Teller(shape, table, width_of(filled), filled[shape.captions : first])
    teller.known.update((_texts(row), None) for row in filled[:first])
    found: list[tuple[int, Block]] = []
    for index in range(first, len(filled)):
        block = teller.block(filled[index], filled[index - 1] if index > first else ())
        if block is not None:
            found.append((places[index], block))
    return TableBlocks(
        tuple(Block(UnitKind.CAPTION, cell.text, table=table) for cell in titles),
        teller.idle(),
        tuple(block for _, block in found),
        tuple(place for place, _ in found),
        tuple(teller.dropped),
    )


def row_text(cells: Sequence[UnitCell]) -> str:
    """A row as text: ``表头 下级表头：值；表头：值``; a value without a header stands alone.

    >>> row_text((UnitCell(("2024年", "比例"), "10%"), UnitCell((), "备注")))
    '2024年 比例：10%；备注'
    """
    return "；".join(f"{' '.join(cell.headers)}：{cell.text}" if cell.headers else cell.text for cell in cells)


@dataclass(slots=True)
class _Teller:
    """Tells the rows of one table from the top down."""

    shape: Shape
    table: int
    width: int
    header: Sequence[GridRow]
    #: The texts of the titles and header rows, which are left out where they are printed again.
    known: dict[tuple[str, ...], None] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    _heads: dict[GridCell, None] = field(default_factory=dict)
    _told: set[GridCell] = field(default_factory=set)
    _groups: list[tuple[int | None, str]] = field(default_factory=list)
    _follows_group: bool = False
    _paths: dict[tuple[int, ...], tuple[GridCell, ...]] = field(default_factory=dict)
    _names: dict[tuple[int, ...], tuple[str, ...]] = field(default_factory=dict)
    _repeated: dict[GridCell, int] = field(default_factory=dict)
    _added: int = 0

    def __post_init__(self) -> None:
        self._heads = dict.fromkeys(cell for row in self.header for cell in cells_of(row))

    def block(self, row: GridRow, above: GridRow) -> Block | None:
        """The block of a row; ``None`` where it says nothing that the rows above have not said."""
        told_above = set(cells_of(above))
        own = [cell for cell in cells_of(row) if cell not in told_above and cell not in self._heads]
        if not own:
            return None
        if (texts := _texts(row)) in self.known:
            self.dropped.append(Dropped(Reason.REPEATED, " ".join(texts)))
            return None
        if crosses(row, self.width):
            return self._row([UnitCell((), self._crossing(own[0].text))])
        self._follows_group = False
        shown = {cell for cell in cells_of(row) if cell not in self._heads and self._may_show(cell, cell in told_above)}
        cells = self._under_headers(row, shown) if self.shape.pairs is None else self._paired(row, shown)
        groups = [UnitCell((), text) for _, text in self._groups if self._may_add(len(text))]
        return self._row(groups + cells)

    def idle(self) -> tuple[Block, ...]:
        """A row of the headers that no row has told, once all rows are."""
        cells = [UnitCell((), cell.text) for cell in self._heads if cell not in self._told]
        return (self._row(cells),) if cells else ()

    def _row(self, cells: Sequence[UnitCell]) -> Block:
        return Block(UnitKind.ROW, row_text(cells), cells=tuple(cells), table=self.table)

    def _crossing(self, text: str) -> str:
        """Notes which rows a row that is one cell names; a remark ends them all."""
        marker = find_marker(text)
        rank = marker.rank if marker is not None else None
        if not heads_a_group(text):
            self._groups = []
        elif not self._follows_group or rank is not None:
            self._groups = self._groups[: self._outer(rank)]
        # Without a number, directly below the name of a group, this one names a part of it.
        if heads_a_group(text):
            self._groups.append((rank, text.rstrip("：:")))
        self._follows_group = bool(self._groups)
        return text

    def _outer(self, rank: int | None) -> int:
        """How many of the groups go on around a new one: those up to the first of its own kind."""
        for index, (other, _) in enumerate(self._groups):
            if (rank is None and other is None) or (rank is not None and other is not None and other >= rank):
                return index
        return len(self._groups)

    def _under_headers(self, row: GridRow, shown: set[GridCell]) -> list[UnitCell]:
        return [
            UnitCell(self._path(tuple(columns)), cell.text)
            for cell, columns in columns_of(row).items()
            if cell in shown
        ]

    def _paired(self, row: GridRow, shown: set[GridCell]) -> list[UnitCell]:
        """The row of a form; a label without a value and a value without a label stand alone."""
        start = self.shape.pairs or 0
        cells = [UnitCell((), cell.text) for cell in cells_of(row[:start]) if cell in shown]
        slots = [cell if cell in shown else None for cell in slots_of(row[start:])]
        alone: list[GridCell | None] = []
        if len(slots) % 2:
            # The place too many is one that needs no label (a photograph), or the row is none of pairs.
            alone = slots[-1:] if self.width % 2 and not start else slots
        paired = slots[: len(slots) - len(alone)]
        for label, value in zip(paired[::2], paired[1::2], strict=True):
            name = (label.text.rstrip("：: ") or label.text) if label is not None else ""
            if value is not None and value.text == name:
                self.dropped.append(Dropped(Reason.REPEATED, value.text))
                value = None
            if value is not None:
                cells.append(UnitCell((name,) if name else (), value.text))
            elif label is not None:
                cells.append(UnitCell((), label.text))
        return cells + [UnitCell((), cell.text) for cell in alone if cell is not None]

    def _path(self, columns: tuple[int, ...]) -> tuple[str, ...]:
        """The texts above ``columns`` from the outermost header inwards, each header cell once."""
        if columns not in self._paths:
            self._paths[columns], self._names[columns] = _headers_above(self.header, columns)
        names = self._names[columns]
        if not names or not self._may_add(sum(map(len, names))):
            return ()
        for cell in self._paths[columns]:
            # Equal names beside each other are listed once; the other one is printed all the same.
            if cell not in self._told and self._is_listed_again(cell, columns):
                self.dropped.append(Dropped(Reason.REPEATED, cell.text))
        self._told.update(self._paths[columns])
        return names

    def _is_listed_again(self, cell: GridCell, columns: tuple[int, ...]) -> bool:
        """Whether an equal name stands before ``cell`` in its header row, above the same value."""
        for row in self.header:
            above = [row[column] for column in columns if column < len(row)]
            if cell in above:
                return any(each is not None and each.text == cell.text for each in above[: above.index(cell)])
        return False

    def _may_show(self, cell: GridCell, is_repeated: bool) -> bool:
        if is_repeated:
            self._repeated[cell] = self._repeated.get(cell, 0) + len(cell.text)
        return self._repeated.get(cell, 0) <= MOST_REPEATED

    def _may_add(self, characters: int) -> bool:
        if self._added + characters > MOST_ADDED:
            return False
        self._added += characters
        return True


def _headers_above(header: Sequence[GridRow], columns: Sequence[int]) -> tuple[tuple[GridCell, ...], tuple[str, ...]]:
    """The header cells over ``columns`` and the path they make; names beside each other are listed."""
    above: dict[GridCell, None] = {}
    path: list[str] = []
    for row in header:
        names: dict[str, None] = {}
        for column in columns:
            cell = row[column] if column < len(row) else None
            if cell is not None and cell.text and cell not in above:
                above[cell] = None
                names[cell.text] = None
        if names:
            path.append("、".join(names))
    return tuple(above), tuple(path)


def _texts(row: GridRow) -> tuple[str, ...]:
    """A row's texts as printed, a merged cell once."""
    return tuple(cell.text for cell in cells_of(row))
