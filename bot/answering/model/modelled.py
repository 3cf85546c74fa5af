"""A whole turn with a model: understood, answered offline first, then worded; within one budget of time.

The offline reading and the offline answer are always made; whatever the model does to them is checked,
and whatever goes wrong with it leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.asking import Asking
from bot.answering.model.generative import GroundedWriter, WrittenDraft
from bot.answering.model.grounding import is_english
from bot.answering.model.rewriting import resolve_question, rewrite_follow_up, translate_question
from bot.answering.planner import Planner
from bot.llm import Deadline, ModelService
from bot.types import Decision, Document, Hit, Intent, Turn
from bot.understanding.understanding import Understanding

#: Share of the whole budget that understanding may take before the answer is worded.
UNDERSTANDING_SHARE = 1 / 3

#: A turn as it is read without a model, with what it found.
Reading = Callable[[Turn], Asking]


@dataclass(frozen=True, slots=True)
class ModelledStep:
    """A draft on its way, with the understanding it is made from and the decisions of the planner."""

    understanding: Understanding
    decisions: tuple[Decision, ...]
    written: WrittenDraft


class ModelledAnswerer:
    """Answers turns with a model service. Safe to share between threads."""

    def __init__(
        self,
        service: ModelService,
        planner: Planner,
        read: Reading,
        search: Callable[[str], Sequence[Hit]],
        document: Callable[[str], Document],
    ) -> None:
        self._service = service
        self._planner = planner
        self._read = read
        self._search = search
        self._writer = GroundedWriter(service, document)

    def steps(self, turn: Turn, deadline: Deadline | None = None) -> Iterator[ModelledStep]:
        """Growing drafts, the final one last. Raises :class:`QuestionError` for what is no question."""
        deadline = deadline or self._service.budget()
        english = is_english(turn.question)
        asking = self._understood(turn, english, deadline)
        planned = self._planner.plan(asking)
        understanding = asking.understanding
        for written in self._writer.write(understanding, planned.draft, asking.hits, deadline, english=english):
            yield ModelledStep(understanding, planned.decisions, written)

    def _understood(self, turn: Turn, english: bool, deadline: Deadline) -> Asking:
        asking = self._read(turn)
        understanding = asking.understanding
        if understanding.intent is Intent.SMALLTALK:
            return asking
        early = deadline.sooner(deadline.remaining() * UNDERSTANDING_SHARE)
        if english:
            query = translate_question(self._service, turn.question, early)
            return self._read_as(turn, query) if query else asking
        if not turn.history:
            return asking
        rewritten = rewrite_follow_up(self._service, turn.question, turn.history, early)
        if rewritten is None or rewritten == understanding.standalone:
            return asking
        resolved = resolve_question([rewritten, understanding.standalone, turn.question], self._search)
        return self._read_as(turn, rewritten) if resolved.question == rewritten else asking

    def _read_as(self, turn: Turn, standalone: str) -> Asking:
        """The reading of ``standalone`` as what ``turn`` asks; it needs no history any more."""
        asking = self._read(Turn(standalone))
        return replace(asking, understanding=replace(asking.understanding, question=turn.question))
