"""Partners of the catalogue as a proposal beside those of the documents."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.wording import INTRODUCTION_NEEDS_RECORDS
from bot.lexicon import recogniser
from bot.partners.suggesting import PartnerReader
from bot.types import Intent
from bot.understanding.asked import Asked

#: From this share on partners are looked for, and from that one on nobody on file is an answer, too.
POSSIBLE_WISH, SURE_WISH = 0.25, 0.4
FITTING_CONFIDENCE, DOUBTFUL_CONFIDENCE = 0.95, 0.8


class PartnerProposals:
    """Proposes organisations for wishes, and support for work with them."""

    name = "partners"

    def __init__(self, partners: PartnerReader) -> None:
        self._partners = partners

    def propose(self, asking: Asking) -> Proposal | None:
        """Partners, or what says that none is on file."""
        understanding = asking.understanding
        if understanding.intent is Intent.INTRODUCTION:
            return self._introduction(asking)
        named = any(match.organisations and not match.programmes for match in understanding.names)
        support = bool(recogniser("support_words").search(understanding.standalone))
        if support and understanding.intent is Intent.POLICY and (named or understanding.wish >= POSSIBLE_WISH):
            supported = self._partners.support(understanding)
            if supported is not None:
                return Proposal(self.name, supported, FITTING_CONFIDENCE, "support for work together")
        if understanding.wish < POSSIBLE_WISH or understanding.parts[0].strict or understanding.asked is Asked.STATUS:
            return None
        as_wish = replace(understanding, intent=Intent.PARTNER)
        draft = self._partners.draft(as_wish)
        if draft.refusal is not None:
            unknown = draft.refusal is Refusal.NAME_UNKNOWN
            sure = understanding.wish >= SURE_WISH
            return Proposal(self.name, draft, understanding.wish, "none on file", sure=sure, veto=sure and unknown)
        confidence = FITTING_CONFIDENCE if understanding.intent is Intent.PARTNER else DOUBTFUL_CONFIDENCE
        return Proposal(self.name, draft, confidence, "on file")

    def _introduction(self, asking: Asking) -> Proposal | None:
        """A letter is written from records of the market, or about organisations that the question names."""
        understanding = asking.understanding
        as_wish = replace(understanding, intent=Intent.PARTNER)
        if understanding.names or self._partners.fits(as_wish):
            draft = replace(self._partners.draft(as_wish), intent=Intent.INTRODUCTION)
            if draft.refusal is None:
                return Proposal(self.name, draft, FITTING_CONFIDENCE, "introduction to those on file")
        refused = Draft(
            Intent.INTRODUCTION, (Statement(INTRODUCTION_NEEDS_RECORDS),), refusal=Refusal.SUBJECT_NOT_STATED
        )
        return Proposal(self.name, refused, 1.0, "introductions need records", veto=True)
