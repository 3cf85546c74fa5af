"""Rows of a grid with nothing lost: headers over empty columns and values that repeat their label are told too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.blocks import Block, BlockKind, Cell
from bot.documents.tables import GridCell, GridRow, row_text, table_blocks


@dataclass(frozen=True, slots=True)
class WholeTable:
    """``captions``, an ``idle`` row of the headers without any value, one of ``rows`` for each record.

    ``repeated`` are values that equal the label beside them and are told once with it.
    """

    captions: tuple[Block, ...]
    idle: tuple[Block, ...]
    rows: tuple[Block, ...]
    header_rows: int
    repeated: tuple[str, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All in order."""
        return (*self.captions, *self.idle, *self.rows)


def whole_table(grid: Sequence[GridRow], table: int, header_rows: int | None = None) -> WholeTable:
    """The blocks of ``grid`` as :func:`bot.documents.tables.table_blocks` makes them, and what they leave out."""
    filled = [row for row in grid if _texts(row)]
    made = table_blocks(filled, table, header_rows=header_rows)
    captions = tuple(block for block in made if block.kind is BlockKind.CAPTION)
    rows = tuple(block for block in made if block.kind is not BlockKind.CAPTION)
    below = filled[len(captions) :]
    headers = len(below) - len(rows)
    idle = tuple(Cell((), cell.text) for cell in _idle_headers(below[:headers], below[headers:]))
    row = (Block(BlockKind.ROW, row_text(idle), cells=idle, table=table),) if idle else ()
    repeated = tuple(
        block.text
        for block, source in zip(rows, below[headers:], strict=True)
        if len(block.cells) == 1 and len(_texts(source)) == 2
    )
    return WholeTable(captions, row, rows, headers, repeated)


def _texts(row: GridRow) -> list[GridCell]:
    return list(dict.fromkeys(cell for cell in row if cell is not None and cell.text))


def _idle_headers(header: Sequence[GridRow], body: Sequence[GridRow]) -> list[GridCell]:
    """The headers over columns without any value (签字, 备注)."""
    used = {column for row in body for column, cell in enumerate(row) if cell is not None and cell.text}
    over: dict[GridCell, set[int]] = {}
    for row in header:
        for column, cell in enumerate(row):
            if cell is not None and cell.text:
                over.setdefault(cell, set()).add(column)
    return [cell for cell, columns in over.items() if not columns & used]
