"""A whole turn with a model: answered offline first, then read by the model, then pointed at; within one budget.

The offline reading and the offline answer are always made. A model adds wordings to look up and points to whole
units; code renders them. Whatever goes wrong with it leaves the offline answer as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.asking import FOLLOW_UP_GAIN, Asking
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.model.granting import Grants
from bot.answering.model.material import Material, gathered, material_prompt
from bot.answering.model.pointers import PointedAnswer, Resolved, resolve, whole_pointers
from bot.answering.model.prompts import POINT
from bot.answering.model.reading import Names, Reading, read_message
from bot.answering.model.rendering import Renderer
from bot.answering.planner import Planned, Planner
from bot.answering.wording import MODEL_BROKE_OFF, MODEL_UNAVAILABLE
from bot.errors import ModelServiceError
from bot.llm import Deadline, FailureReason, ModelCallError, ModelService, system, user
from bot.text.language import is_foreign
from bot.types import Decision, Document, Intent, Mode, Turn
from bot.understanding.understanding import Part, Understanding

#: Share of the whole budget that reading the question may take.
READING_SHARE = 1 / 3
#: Refusals that no model can lift: the question is about another place, about a name not on file, or off the subject.
_FINAL = frozenset({Refusal.OTHER_PLACE, Refusal.NAME_UNKNOWN, Refusal.OUT_OF_SCOPE})


@dataclass(frozen=True, slots=True)
class ModelledStep:
    """A draft on its way; ``mode`` says who chose its units. The last one is ``final``."""

    understanding: Understanding
    decisions: tuple[Decision, ...]
    draft: Draft
    mode: Mode
    final: bool


@dataclass(frozen=True, slots=True)
class ModelledAnswerer:
    """Answers turns with a model service. Safe to share between threads.

    ``read`` gives the offline reading of a turn with what it found, ``names`` the catalogue's names in a text.
    """

    service: ModelService
    planner: Planner
    read: Callable[[Turn], Asking]
    names: Names
    document: Callable[[str], Document]
    today: date
    summarised: bool = False

    def steps(self, turn: Turn, deadline: Deadline | None = None) -> Iterator[ModelledStep]:
        """Growing drafts, the final one last. Raises :class:`QuestionError` for what is no question."""
        deadline = deadline or self.service.budget()
        asking = self.read(turn)
        planned = self.planner.plan(asking)
        if asking.understanding.intent is Intent.SMALLTALK or _is_final(planned):
            yield ModelledStep(asking.understanding, planned.decisions, planned.draft, Mode.OFFLINE, True)
            return
        early = deadline.sooner(deadline.remaining() * READING_SHARE)
        readings = read_message(self.service, turn.question, turn.history, self.names, early)
        found = [[self._read_as(turn, text) for text in (each.question, *each.searches)] for each in readings]
        read, looked_up = [each[0] for each in found], [asking, *(other for each in found for other in each)]
        if len(readings) == 1 and readings[0].whole:
            asking, planned = self._better(asking, planned, read[0])
        parts = _parts(asking, readings, read)
        # The chosen reading goes first.
        askings = [asking, *(each for each in looked_up if each is not asking)]
        material = gathered(planned, askings, parts, self.planner.units, self.document, self.today)
        yield from self._pointed(asking, planned, material, deadline)

    # --- what is asked -----------------------------------------------------------------------------

    def _better(self, asking: Asking, planned: Planned, read: Asking) -> tuple[Asking, Planned]:
        """The offline reading, or the model's where that finds what is nearer and is refused no more."""
        if read.nearest < asking.nearest + FOLLOW_UP_GAIN or is_foreign(asking.understanding.question):
            return asking, planned
        better = self.planner.plan(read)
        worse = _is_final(better) or (better.draft.refusal is not None and planned.draft.refusal is None)
        return (asking, planned) if worse else (read, better)

    def _read_as(self, turn: Turn, text: str) -> Asking:
        """The reading of ``text`` as what ``turn`` asks; it needs no history any more."""
        asking = self.read(Turn(text))
        return replace(asking, understanding=replace(asking.understanding, question=turn.question))

    # --- what answers ------------------------------------------------------------------------------

    def _pointed(
        self, asking: Asking, planned: Planned, material: Material, deadline: Deadline
    ) -> Iterator[ModelledStep]:
        """Unit by unit as the pointers come, then the whole."""
        understanding = asking.understanding
        if not material.units:
            yield ModelledStep(understanding, planned.decisions, planned.draft, Mode.OFFLINE, True)
            return
        grants = Grants(asking, planned, material)
        renderer = Renderer(self.planner, self.service, self.document, asking, planned, self.summarised)
        shown, looked_at = Resolved(), 0
        record: PointedAnswer | None = None
        problem: ModelServiceError | None = None
        messages = [system(POINT), user(material_prompt(material))]
        try:
            with closing(self.service.structured_stream(messages, PointedAnswer, deadline)) as growing:
                for each in growing:
                    record = each.record
                    whole = whole_pointers(each.partial)
                    if record is not None or len(whole.pointers) == looked_at:
                        continue
                    looked_at = len(whole.pointers)
                    resolved = self._resolved(whole, material, grants)
                    if len(resolved.units) > len(shown.units):
                        shown = resolved
                        draft = renderer.growing(shown)
                        yield ModelledStep(understanding, planned.decisions, draft, Mode.LLM, False)
        except ModelServiceError as error:
            problem = error
        resolved = self._resolved(record, material, grants) if record is not None else shown
        decisions = (*planned.decisions, _decision(resolved, record, problem))
        if problem is not None and not resolved.statements:
            draft = planned.draft.with_notes(Statement(MODEL_UNAVAILABLE))
            yield ModelledStep(understanding, decisions, draft, Mode.OFFLINE, True)
            return
        not_stated = frozenset(record.not_stated) if record is not None else frozenset()
        draft, mode = renderer.final(resolved, grants, not_stated, deadline)
        if problem is not None:
            draft = draft.with_notes(Statement(MODEL_BROKE_OFF))
        yield ModelledStep(understanding, decisions, draft, mode, True)

    def _resolved(self, answer: PointedAnswer, material: Material, grants: Grants) -> Resolved:
        return resolve(answer, material, self.document, grants.fits)


def _parts(asking: Asking, readings: Sequence[Reading], read: Sequence[Asking]) -> list[tuple[str, Part]]:
    """The questions that the model is asked to answer: as it read them, or where that loses anything as offline."""
    if readings and readings[0].whole:
        parts = (each.understanding.parts[0] for each in read)
        return [(reading.question, part) for reading, part in zip(readings, parts, strict=True)]
    understanding = asking.understanding
    if len(understanding.parts) == 1:
        return [(understanding.standalone, understanding.parts[0])]
    return [(asking.whole_of(part), part) for part in understanding.parts]


def _is_final(planned: Planned) -> bool:
    """Whether a veto refused: the question is for another place, a name not on file, or off the subject."""
    chosen = planned.chosen
    return chosen is not None and chosen.veto and chosen.draft.refusal in _FINAL


def _decision(resolved: Resolved, record: PointedAnswer | None, problem: ModelServiceError | None) -> Decision:
    reason = f"{len(resolved.units)} units"
    if resolved.dropped.told:
        reason += f", not followed: {resolved.dropped.told}"
    if record is None:
        cause = problem.reason if isinstance(problem, ModelCallError) else FailureReason.GARBAGE
        reason += f", broke off: {cause.value}"
    return Decision("model", 1.0 if resolved.units else 0.0, reason, bool(resolved.units))
