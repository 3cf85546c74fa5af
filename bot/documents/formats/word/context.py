"""What all stories of one Word file share: its parts, styles, counters and ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.documents.blocks import Block
from bot.documents.formats.word.ledger import Ledger
from bot.documents.formats.word.names import Element
from bot.documents.formats.word.numbering import Numbering
from bot.documents.formats.word.package import Package
from bot.documents.formats.word.styles import Styles


@dataclass(slots=True)
class Context:
    """One file while it is read.

    ``contents`` holds the blocks of tables of contents; ``insert`` reads a whole Word file that this one takes in
    and gives its blocks, or raises :class:`DocumentError`.
    """

    package: Package
    main: str
    styles: Styles
    numbering: Numbering
    ledger: Ledger
    insert: Callable[[bytes, Context], list[Block]]
    tables: int = 0
    depth: int = 0
    contents: list[Block] = field(default_factory=list)
    #: Relationship targets by part and id.
    _targets: dict[str, dict[str, str]] = field(default_factory=dict)

    def next_table(self) -> int:
        """The number of the next table, from 0."""
        self.tables += 1
        return self.tables - 1

    def target(self, part: str, relationship: str) -> str | None:
        """The name of the part that a relationship of ``part`` leads to."""
        if part not in self._targets:
            self._targets[part] = {each.id: each.target for each in self.package.relationships(part)}
        return self._targets[part].get(relationship)

    def related_xml(self, part: str, relationship: str) -> Element | None:
        """The root of that part; None where it is missing or damaged."""
        return self.package.optional_xml(self.target(part, relationship))
