"""From pointers to a draft: the units of the documents, what belongs beside them, and for English a translation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.answering.asking import Asking
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.model.granting import Grants
from bot.answering.model.material import SPEAKS_TO_MODEL
from bot.answering.model.pointers import Resolved
from bot.answering.model.summarising import SummaryUnit, summarise
from bot.answering.model.translating import translate_units
from bot.answering.planner import Planned, Planner
from bot.answering.readers.general import standing_of
from bot.answering.readers.unstated import parts_not_stated
from bot.answering.wording import (
    NOT_STATED_FOREIGN,
    SUBJECT_NOT_STATED,
    UNTRANSLATED,
)
from bot.llm import Deadline, ModelService
from bot.text.language import is_foreign
from bot.text.status import document_status
from bot.types import Document, Intent, Mode


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders the drafts of one question."""

    planner: Planner
    service: ModelService
    document: Callable[[str], Document]
    asking: Asking
    planned: Planned
    summarised: bool

    def growing(self, resolved: Resolved) -> Draft:
        """What has come so far, with nothing beside it."""
        return replace(self._answered(resolved), statuses=(), contacts=(), partners=(), meeting_places=())

    def final(
        self, resolved: Resolved, grants: Grants, not_stated: frozenset[int], deadline: Deadline
    ) -> tuple[Draft, Mode]:
        """The whole draft: the model's units, a refusal that is granted, or the offline answer."""
        asked = frozenset(part for part in not_stated if 0 < part <= len(grants.material.questions))
        if not resolved.statements:
            if asked and grants.may_be_unstated():
                return self._refused(), Mode.LLM
            return self.planned.draft, Mode.OFFLINE
        draft = self._answered(resolved)
        lacking = sorted(asked - resolved.parts)
        if lacking:
            draft = replace(
                draft,
                statements=(*draft.statements, *parts_not_stated(map(grants.part, lacking), foreign=self._foreign)),
                listed=True,
            )
        if any(unit.speaks_to_model for unit in resolved.units):
            draft = draft.with_notes(Statement(f"{SPEAKS_TO_MODEL}。"))
        draft = self.planner.completed(draft, self.asking)
        if self._foreign:
            return self._translated(draft, deadline), Mode.LLM
        return (self._summarised(draft, deadline) if self.summarised else draft), Mode.LLM

    @property
    def _foreign(self) -> bool:
        return is_foreign(self.asking.understanding.question)

    def _answered(self, resolved: Resolved) -> Draft:
        """The units as a draft; what a structure gave beside its answer stays where that answer is told."""
        offline = self.planned.chosen.draft if self.planned.chosen is not None else self.planned.draft
        whole = any(unit.judged is None for unit in resolved.units)
        intent = Intent.POLICY if offline.intent is Intent.OUT_OF_SCOPE else offline.intent
        first = next((unit.judged for unit in resolved.units), None)
        standing = standing_of(self.asking, first.told) if first is not None else ()
        statements = (*standing, *resolved.statements)
        if whole:
            return replace(offline, statements=statements, listed=len(statements) > 1 or offline.listed)
        return Draft(intent, statements, listed=len(statements) > 1)

    def _refused(self) -> Draft:
        """What the offline answer refused with, or that nothing states it."""
        if self.planned.draft.refusal is not None:
            return self.planned.draft
        words = NOT_STATED_FOREIGN if self._foreign else SUBJECT_NOT_STATED
        intent = self.asking.understanding.intent
        refused = Draft(intent, (Statement(words),), refusal=Refusal.SUBJECT_NOT_STATED)
        return self.planner.completed(refused, self.asking)

    # --- in English, in plain words -----------------------------------------------------------------

    def _translated(self, draft: Draft, deadline: Deadline) -> Draft:
        """Each statement with its translation, or with a line that says why there is none."""
        told = [each for each in draft.statements if each.passages]
        dates = [self.document(each.passages[-1].document_id).metadata.date for each in told]
        found = translate_units(self.service, [each.lead + each.text for each in told], dates, deadline)
        translations = {each: translated.text or UNTRANSLATED for each, translated in zip(told, found, strict=True)}
        statements = tuple(
            replace(each, translation=translations[each], focus=None) if each in translations else each
            for each in draft.statements
        )
        return replace(draft, statements=statements, listed=True)

    def _summarised(self, draft: Draft, deadline: Deadline) -> Draft:
        told = [each for each in draft.statements if each.passages]
        units = [self._summary_unit(each) for each in told]
        summary = summarise(self.service, self.asking.understanding.standalone, units, deadline)
        return replace(
            draft,
            summary=tuple(
                Statement(each.text, tuple(dict.fromkeys(p for place in each.units for p in told[place].passages)))
                for each in summary.sentences
            ),
        )

    def _summary_unit(self, statement: Statement) -> SummaryUnit:
        metadata = self.document(statement.passages[-1].document_id).metadata
        status = document_status(metadata, self.asking.today)
        return SummaryUnit(statement.lead + statement.text, metadata.title, metadata.date, status)
