"""What a file is made of: blocks of text and tables, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class BlockKind(StrEnum):
    """What a block is; a sheet says how it is set (:mod:`bot.printing.layout`)."""

    LETTERHEAD = "letterhead"
    NUMBER = "number"
    SUBJECT = "subject"
    TITLE = "title"
    SALUTATION = "salutation"
    HEADING = "heading"
    SUBHEADING = "subheading"
    VERDICT = "verdict"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    NOTE = "note"
    SIGNATURE = "signature"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; ``shares`` are the widths of the columns, adding up to 1. ``strong`` is a column in bold."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    strong: int


Piece: TypeAlias = Block | Table
