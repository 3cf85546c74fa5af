"""What a Word file's reader leaves out, in the order met."""

from __future__ import annotations

from bot.documents.blocks import Dropped, Reason
from bot.documents.characters import fold_characters, tidy_blanks


class Ledger:
    """Collects dropped text; ``where`` is the place that is being read, as people count it (第3段, 表2)."""

    def __init__(self) -> None:
        self.where = ""
        self._dropped: list[Dropped] = []

    def drop(self, reason: Reason, text: str) -> None:
        """Note text that was left out; neighbours left out for the same reason become one entry."""
        text = fold_characters(text)
        if not text.strip():
            return
        last = self._dropped[-1] if self._dropped else None
        pictures = reason in (Reason.NO_TEXT, Reason.UNREADABLE)
        if last is not None and not pictures and (last.reason, last.where) == (reason, self.where):
            self._dropped[-1] = Dropped(reason, last.text + text, self.where)
        else:
            self._dropped.append(Dropped(reason, text, self.where))

    @property
    def entries(self) -> tuple[Dropped, ...]:
        """All entries, blanks tidied."""
        return tuple(Dropped(each.reason, tidy_blanks(each.text), each.where) for each in self._dropped)
