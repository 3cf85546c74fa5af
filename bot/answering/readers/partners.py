"""Partners of the catalogue as a proposal beside those of the documents."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.partners import PartnerReader
from bot.answering.wording import INTRODUCTION_NEEDS_RECORDS
from bot.types import Intent
from bot.understanding.asked import FIGURE_KINDS, Asked

#: A wish that the classifier is less sure of is a question for the documents first.
SURE_WISH = 0.6
FITTING_CONFIDENCE, DOUBTFUL_CONFIDENCE = 0.95, 0.55


class PartnerProposals:
    """Proposes organisations for wishes, and support for work with them."""

    def __init__(self, partners: PartnerReader) -> None:
        self._partners = partners

    def propose(self, asking: Asking) -> Proposal | None:
        """Partners, or what says that none is on file."""
        understanding = asking.understanding
        if understanding.intent is Intent.INTRODUCTION:
            return self._introduction(asking)
        if understanding.intent is not Intent.PARTNER:
            return None
        if understanding.asked in FIGURE_KINDS or understanding.asked is Asked.STATUS:
            supported = self._partners.support(understanding)
            return None if supported is None else Proposal("partners", supported, FITTING_CONFIDENCE, "support")
        draft = self._partners.draft(understanding)
        sure = understanding.intent_confidence >= SURE_WISH
        if draft.refusal is not None and draft.refusal is not Refusal.NAME_UNKNOWN:
            return Proposal("partners", draft, understanding.intent_confidence, "none on file", sure=sure)
        confidence = FITTING_CONFIDENCE if sure else DOUBTFUL_CONFIDENCE
        return Proposal("partners", draft, confidence, "on file")

    def _introduction(self, asking: Asking) -> Proposal | None:
        """A letter is written from records of the market, or about organisations that the question names."""
        understanding = asking.understanding
        as_wish = replace(understanding, intent=Intent.PARTNER)
        if understanding.names or self._partners.fits(as_wish):
            draft = replace(self._partners.draft(as_wish), intent=Intent.INTRODUCTION)
            if draft.refusal is None:
                return Proposal("partners", draft, FITTING_CONFIDENCE, "introduction to those on file")
        refused = Draft(
            Intent.INTRODUCTION, (Statement(INTRODUCTION_NEEDS_RECORDS),), refusal=Refusal.SUBJECT_NOT_STATED
        )
        return Proposal("partners", refused, 1.0, "introductions need records", veto=True)
