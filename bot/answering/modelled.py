"""A whole turn with a model: understood, answered offline first, then worded; within one budget of time.

The offline reading and the offline answer are always made; whatever the model does to them is checked,
and whatever goes wrong with it leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.generative import GroundedWriter, WrittenDraft
from bot.answering.grounding import is_english
from bot.answering.offline import OfflineAnswerer
from bot.answering.rewriting import resolve_question, rewrite_follow_up, translate_question
from bot.answering.understanding import Understanding
from bot.llm import Deadline, ModelService
from bot.text.intents import ANAPHORA, ELLIPSIS
from bot.types import Document, Hit, Intent, Turn

#: Share of the whole budget that understanding may take before the answer is worded.
UNDERSTANDING_SHARE = 1 / 3

#: A turn as the rules read it: its understanding and the hits of its standalone question.
Reading = Callable[[Turn], tuple[Understanding, tuple[Hit, ...]]]


@dataclass(frozen=True, slots=True)
class ModelledStep:
    """A draft on its way, with the understanding and the hits it is made from."""

    understanding: Understanding
    hits: tuple[Hit, ...]
    written: WrittenDraft


class ModelledAnswerer:
    """Answers turns with a model service. Safe to share between threads."""

    def __init__(
        self,
        service: ModelService,
        answerer: OfflineAnswerer,
        read: Reading,
        search: Callable[[str], Sequence[Hit]],
        document: Callable[[str], Document],
    ) -> None:
        self._service = service
        self._answerer = answerer
        self._read = read
        self._search = search
        self._writer = GroundedWriter(service, document)

    def steps(self, turn: Turn, deadline: Deadline | None = None) -> Iterator[ModelledStep]:
        """Growing drafts, the final one last. Raises :class:`QuestionError` for what is no question."""
        deadline = deadline or self._service.budget()
        english = is_english(turn.question)
        understanding, hits = self._understood(turn, english, deadline)
        offline = self._answerer.draft(understanding, hits)
        for written in self._writer.write(understanding, offline, hits, deadline, english=english):
            yield ModelledStep(understanding, hits, written)

    def _understood(self, turn: Turn, english: bool, deadline: Deadline) -> tuple[Understanding, tuple[Hit, ...]]:
        understanding, hits = self._read(turn)
        if understanding.intent is Intent.SMALLTALK:
            return understanding, hits
        early = deadline.sooner(deadline.remaining() * UNDERSTANDING_SHARE)
        if english:
            query = translate_question(self._service, turn.question, early)
            return self._read_as(turn, query) if query else (understanding, hits)
        if not turn.history or not _leans(understanding):
            return understanding, hits
        rewritten = rewrite_follow_up(self._service, turn.question, turn.history, early)
        if rewritten is None or rewritten == understanding.standalone:
            return understanding, hits
        resolved = resolve_question([rewritten, understanding.standalone, turn.question], self._search)
        return self._read_as(turn, rewritten) if resolved.question == rewritten else (understanding, hits)

    def _read_as(self, turn: Turn, standalone: str) -> tuple[Understanding, tuple[Hit, ...]]:
        """The reading of ``standalone`` as what ``turn`` asks; it needs no history any more."""
        understanding, hits = self._read(Turn(standalone))
        return replace(understanding, question=turn.question), hits


def _leans(understanding: Understanding) -> bool:
    """Whether a question needs what was said before it."""
    question = understanding.question
    return understanding.standalone != question or bool(ANAPHORA.search(question)) or bool(ELLIPSIS.match(question))
