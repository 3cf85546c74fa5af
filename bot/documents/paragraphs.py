"""What a file format hands to the cleaning stages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.documents.front_matter import FrontMatter


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph without line breaks; ``level`` 1–6 marks a heading of the format itself."""

    text: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """A file's paragraphs in reading order and what its format says besides.

    ``title`` is the format's own title, trusted less than a title line of the text; ``date`` is an
    ISO date from page metadata; ``source_url`` the address a saved page names.
    """

    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    date: str | None = None
    source_url: str | None = None
    front_matter: FrontMatter | None = None
