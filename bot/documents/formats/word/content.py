"""A paragraph's content between Word's XML and blocks: pieces of text, boxes anchored in it, notes it refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.formats.word.names import Element
from bot.documents.formats.word.scripts import lowered, raised


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one look; ``script`` is ``superscript``, ``subscript`` or empty."""

    text: str
    script: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """Something anchored in a paragraph that is read by itself.

    ``element`` is a text box, a chart or a diagram; ``text`` a line drawn as a picture. ``before`` says that no
    text of the paragraph stands before the anchor.
    """

    element: Element | None
    text: str
    before: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote at its first reference: its mark in the text and its element, None where missing."""

    mark: str
    element: Element | None
    part: str
    place: str


@dataclass(slots=True)
class Content:
    """What a paragraph shows; ``in_contents`` marks an entry of a table of contents."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    in_contents: bool = False

    @property
    def has_text(self) -> bool:
        """Whether any text has been met so far."""
        return any(piece.text.strip() for piece in self.pieces)

    def lines(self) -> list[str]:
        """The paragraph's text; a manual line break starts a new line."""
        parts: list[str] = []
        for script, group in groupby(self.pieces, key=lambda piece: piece.script):
            text = "".join(piece.text for piece in group)
            change = {"superscript": raised, "subscript": lowered}.get(script)
            parts.append(change(text) if change is not None else text)
        folded = (tidy_blanks(line) for line in fold_characters("".join(parts)).split("\n"))
        return [line for line in folded if line]
