"""One visitor's conversation, kept for as long as the page is open and never shared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from bot.types import Answer, RecordDraft, Turn
from bot.web.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with what came of it; ``number`` counts from 1 and is unique in its conversation.

    While ``finished`` is false the answer may still grow. ``problem`` is a sentence for the reader.
    """

    number: int
    question: str
    answer: Answer | None = None
    evidence: tuple[Evidence, ...] = ()
    problem: str | None = None
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges so far, oldest first; every change makes a new record.

    ``key`` is unique among all conversations of the page's server from the first question on, and
    never leaves it.
    """

    exchanges: tuple[Exchange, ...] = ()
    key: str = ""

    @property
    def earlier(self) -> tuple[Exchange, ...]:
        """All but the newest exchange."""
        return self.exchanges[:-1]

    @property
    def current(self) -> Exchange | None:
        """The newest exchange."""
        return self.exchanges[-1] if self.exchanges else None

    def exchange(self, number: int) -> Exchange | None:
        """The exchange of that number, if there is one."""
        return next((each for each in self.exchanges if each.number == number), None)

    def turn(self) -> Turn:
        """The newest question, with the earlier ones that were answered as its history, and the newest draft."""
        newest = self.exchanges[-1]
        answered = (each.question for each in self.earlier if each.answer is not None)
        return Turn(newest.question, tuple(answered), self._draft())

    def _draft(self) -> RecordDraft | None:
        """The draft of the newest answer that carried one."""
        drafts = (each.answer.draft for each in reversed(self.earlier) if each.answer is not None)
        return next((state.draft for state in drafts if state is not None), None)

    def asking(self, question: str) -> Conversation:
        """With a new question at the end; one that is still open is closed."""
        closed = tuple(replace(each, finished=True) for each in self.exchanges)
        newest = Exchange(number=len(closed) + 1, question=question)
        return Conversation((*closed, newest), self.key or uuid4().hex)

    def growing(self, answer: Answer, evidence: tuple[Evidence, ...]) -> Conversation:
        """With the newest answer as it stands now."""
        return self._with(replace(self.exchanges[-1], answer=answer, evidence=evidence))

    def settled(self, problem: str | None = None) -> Conversation:
        """With the newest exchange finished, and what went wrong if something did."""
        if not self.exchanges:
            return self
        return self._with(replace(self.exchanges[-1], finished=True, problem=problem))

    def _with(self, newest: Exchange) -> Conversation:
        return replace(self, exchanges=(*self.exchanges[:-1], newest))
