"""Footnotes and endnotes: numbered by their references in reading order."""

from __future__ import annotations

from bot.documents.blocks import Reason
from bot.documents.formats.word.content import Note
from bot.documents.formats.word.context import Context
from bot.documents.formats.word.ledger import Ledger
from bot.documents.formats.word.names import Element, attribute, child, descendants, kind, raw_text, value
from bot.documents.formats.word.number_formats import format_number

_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_PLACES = {"footnote": "脚注", "endnote": "尾注"}


class Notes:
    """The notes of one file.

    Footnotes are marked ``[1]``, ``[2]`` …; endnotes likewise in the format the file sets, by default ``[i]``,
    where there are footnotes besides, else ``[1]``.
    """

    def __init__(self, context: Context) -> None:
        self._ledger: Ledger = context.ledger
        self._parts = {sort: context.package.related(context.main, f"{sort}s") or "" for sort in _PLACES}
        self._notes: dict[tuple[str, str], Element] = {}
        self._marks: dict[tuple[str, str], str] = {}
        self._used: dict[tuple[str, str], Reason | None] = {}
        self._counts = dict.fromkeys(_PLACES, 0)
        for sort, part in self._parts.items():
            root = context.package.optional_xml(part or None)
            if root is not None:
                self._collect(root, sort)
        self._roman = any(sort == "footnote" for sort, _ in self._notes)
        settings = context.package.optional_xml(context.package.related(context.main, "settings"))
        form = value(child(settings, "w:endnotePr"), "w:numFmt", "lowerRoman")
        self._form = form if form in ("upperRoman", "lowerRoman", "lowerLetter", "upperLetter") else "lowerRoman"

    def _collect(self, root: Element, sort: str) -> None:
        for note in descendants(root, f"w:{sort}"):
            if attribute(note, "w:type") in _SEPARATORS:
                self._ledger.where = _PLACES[sort]
                self._ledger.drop(Reason.RUNNING_HEAD, raw_text(note))
            else:
                self._notes.setdefault((sort, attribute(note, "w:id")), note)

    def refer(self, reference: Element, reason: Reason | None) -> tuple[str, Note | None]:
        """The mark of a reference and, where it is the first to its note, the note.

        ``reason`` says why the reference is left out; the note then is too.
        """
        sort = "footnote" if kind(reference) == "w:footnoteReference" else "endnote"
        key = (sort, attribute(reference, "w:id"))
        if reason is not None:
            self._used.setdefault(key, reason)
            return "", None
        seen = key in self._marks
        # A mark of the author's own choice follows as text.
        custom = attribute(reference, "w:customMarkFollows") in ("1", "true", "on")
        if not seen:
            self._counts[sort] += 0 if custom else 1
            self._marks[key] = "" if custom else f"[{self._number(sort)}]"
        self._used[key] = None
        note = Note(self._marks[key], self._notes.get(key), self._parts[sort], _PLACES[sort])
        return self._marks[key], None if seen else note

    def _number(self, sort: str) -> str:
        roman = sort == "endnote" and self._roman
        return format_number(self._counts[sort], self._form if roman else "decimal")

    def drop_unused(self) -> None:
        """Put notes that no shown reference leads to into the ledger."""
        for key, note in self._notes.items():
            reason = self._used.get(key, Reason.HIDDEN)
            if reason is not None:
                self._ledger.where = _PLACES[key[0]]
                self._ledger.drop(reason, raw_text(note))
