"""The smallest pieces a page is judged by: one block of running text, one table, one part left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.documents.blocks import Reason
from bot.documents.tables import GridCell


@dataclass(slots=True)
class Grid:
    """A data table: its rows as :func:`bot.documents.tables.table_blocks` takes them, and its caption."""

    rows: list[list[GridCell | None]]
    caption: str = ""


@dataclass(slots=True)
class Unit:
    """One block of a page: ``lines`` parted by ``br``, or a table's ``grid``, or what is left out and why.

    ``node`` is the innermost block element around it. ``level`` is a heading's; ``depth`` and ``marker`` are a
    list item's; ``note`` the label of the note it is; ``place`` is ``dt`` or ``dd`` inside such an element.
    ``link_characters`` of its text stand in links, ``files`` when one leads to a file. ``fields`` are the labelled
    values it turned out to hold.
    """

    node: Any
    lines: list[str] = field(default_factory=list)
    grid: Grid | None = None
    reason: Reason | None = None
    level: int = 0
    depth: int = 0
    marker: str = ""
    note: str = ""
    place: str = ""
    link_characters: int = 0
    links: int = 0
    files: bool = False
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of its text on one line."""
        if self.grid is not None:
            texts = [cell.text for row in self.grid.rows for cell in dict.fromkeys(row) if cell is not None]
            return " ".join([self.grid.caption, *texts]).strip()
        return " ".join(line.strip() for line in self.lines if line.strip())

    @property
    def characters(self) -> int:
        """How many characters, white space aside."""
        return length(self.text)


def length(text: str) -> int:
    """The characters of ``text``, white space aside."""
    return len("".join(text.split()))
