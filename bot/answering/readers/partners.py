"""Partners of the catalogue as a proposal beside those of the documents."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.wording import INTRODUCTION_NEEDS_RECORDS
from bot.partners.suggesting import PartnerReader
from bot.types import Intent
from bot.understanding.asked import FIGURE_KINDS, Asked

#: From this share on partners are looked for, and from that one on nobody on file is an answer, too.
POSSIBLE_WISH, SURE_WISH = 0.25, 0.4
FITTING_CONFIDENCE, DOUBTFUL_CONFIDENCE = 0.95, 0.8


class PartnerProposals:
    """Proposes organisations for wishes, and support for work with them."""

    def __init__(self, partners: PartnerReader) -> None:
        self._partners = partners

    def propose(self, asking: Asking) -> Proposal | None:
        """Partners, or what says that none is on file."""
        understanding = asking.understanding
        if understanding.intent is Intent.INTRODUCTION:
            return self._introduction(asking)
        if understanding.wish < POSSIBLE_WISH:
            return None
        if understanding.asked in FIGURE_KINDS or understanding.asked is Asked.STATUS:
            supported = self._partners.support(understanding)
            return None if supported is None else Proposal("partners", supported, FITTING_CONFIDENCE, "support")
        as_wish = replace(understanding, intent=Intent.PARTNER)
        draft = self._partners.draft(as_wish)
        if draft.refusal is not None:
            unknown = draft.refusal is Refusal.NAME_UNKNOWN
            sure = understanding.wish >= SURE_WISH
            return Proposal("partners", draft, understanding.wish, "none on file", sure=sure, veto=sure and unknown)
        confidence = FITTING_CONFIDENCE if understanding.intent is Intent.PARTNER else DOUBTFUL_CONFIDENCE
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
