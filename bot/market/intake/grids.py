"""Cells as a file shows them, before anything is read into them; sheets and text files give the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import MarketError

#: Errors of a spreadsheet as they stand in a cell, also after it was saved as text.
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
#: Lists have a few dozen columns; cells far to the right would make every row as wide as the sheet.
MAX_COLUMNS = 200
#: More rows than any list has.
ANY_ROWS = 10_000_000
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its number in the file and its cells; what few cells have stands by the place of the cell.

    ``faults`` say why a cell must not be taken at its word, ``dates`` hold the whole date behind a shortened one,
    ``spread`` are the places of cells that are merged across columns, by the place of the first.
    """

    number: int
    cells: list[str]
    problem: str = ""
    faults: Mapping[int, str] = field(default_factory=dict)
    dates: Mapping[int, str] = field(default_factory=dict)
    spread: Mapping[int, int] = field(default_factory=dict)

    @property
    def filled(self) -> tuple[int, ...]:
        """The places of the cells that hold something, a merged cell once."""
        return tuple(
            place
            for place, cell in enumerate(self.cells)
            if (cell.strip() or place in self.faults) and self.spread.get(place, place) == place
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a sheet or text file. ``lettered`` columns have the names a spreadsheet gives them."""

    name: str
    rows: tuple[GridRow, ...]
    notes: tuple[str, ...] = ()
    lettered: bool = True


def check_rows(count: int, most: int) -> None:
    """Raise :class:`MarketError` for a list of more rows than its reader takes, before they are all read."""
    if count > most:
        raise MarketError("一次登记的太多", value=f"超过 {most} 行", remedy="分成几个文件，或交工作人员导入")


def letters(place: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name
