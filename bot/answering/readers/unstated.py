"""What is said of the questions of a message that nothing answers, beside the answers to the others."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answering.draft import Statement
from bot.answering.wording import PART_NOT_STATED, PART_NOT_STATED_FOREIGN
from bot.understanding.understanding import Part


def parts_not_stated(parts: Iterable[Part], *, foreign: bool = False) -> tuple[Statement, ...]:
    """A line for each kind of thing that ``parts`` ask for; one in English for all of them."""
    labels = tuple(dict.fromkeys(part.asked.label for part in parts))
    if foreign and labels:
        return (Statement(PART_NOT_STATED_FOREIGN),)
    return tuple(Statement(PART_NOT_STATED.format(attribute=label)) for label in labels)
