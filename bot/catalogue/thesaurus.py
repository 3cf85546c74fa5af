"""Words people use for one another, found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.catalogue.models import ThesaurusGroup


@dataclass(frozen=True, slots=True)
class Occurrence:
    """``word`` stands at ``start:end`` of the text; any of ``alternatives`` may stand for it."""

    start: int
    end: int
    word: str
    alternatives: tuple[str, ...]


class Thesaurus:
    """The groups of a corpus, ready to be looked up."""

    def __init__(self, groups: Iterable[ThesaurusGroup]) -> None:
        alternatives: dict[str, dict[str, None]] = {}
        for group in groups:
            for word in group.words:
                others = (*(() if group.one_way else group.words), *group.also)
                alternatives.setdefault(word, {}).update((other, None) for other in others if other != word)
            if not group.one_way:
                for word in group.also:
                    alternatives.setdefault(word, {}).update((other, None) for other in group.words)
        self._alternatives = {word: tuple(others) for word, others in alternatives.items() if others}
        longest_first = sorted(self._alternatives, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def occurrences(self, text: str) -> tuple[Occurrence, ...]:
        """The words of the thesaurus in ``text``, longest first where they overlap."""
        if self._pattern is None:
            return ()
        return tuple(
            Occurrence(match.start(), match.end(), match.group(), self._alternatives[match.group()])
            for match in self._pattern.finditer(text)
        )
