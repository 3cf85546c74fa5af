"""Questions of a gap asked once more, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.errors import AssistantError
from bot.questions.masking import masked, published_in, wording_of
from bot.questions.records import AskedAgain, Gap, KeptQuestion
from bot.types import Answer, Outcome, Turn

#: Wordings of one gap that are asked: its own and the newest of those linked with it.
MOST_ASKED = 12
LONGEST_SHOWN = 1_000


class Answering(Protocol):
    """Whoever answers; :class:`bot.assistant.Assistant` does."""

    def ask(self, turn: Turn) -> Answer:
        """One whole answer."""


def wordings(gap: Gap, linked: Sequence[KeptQuestion]) -> tuple[tuple[str, Outcome | None], ...]:
    """What is asked for a gap, each wording once, with what became of it when it was asked last."""
    before = {wording_of(each.question): each.outcome for each in (gap.repetition.askings if gap.repetition else ())}
    found: dict[str, tuple[str, Outcome | None]] = {}
    for question, outcome in ((gap.question, None), *((each.standalone, each.outcome) for each in linked)):
        wording = wording_of(question)
        known = before.get(wording, outcome)
        if wording not in found or found[wording][1] is None:
            found[wording] = (question, known)
    return tuple(found.values())[:MOST_ASKED]


def ask_again(asked: Sequence[tuple[str, Outcome | None]], assistant: Answering) -> tuple[AskedAgain, ...]:
    """Every question with what becomes of it now. What cannot be asked counts as not stated."""
    told = []
    for question, before in asked:
        try:
            answer = assistant.ask(Turn(question))
        except AssistantError as error:
            told.append(AskedAgain(question, Outcome.NOT_STATED, str(error), before))
            continue
        words = masked(answer.answer, published_in(answer))[:LONGEST_SHOWN]
        told.append(AskedAgain(question, answer.outcome, words, before))
    return tuple(told)
