"""The offline answerer: understanding and hits in, a draft out; no model anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.cards import CardReader
from bot.answering.contacts import ContactReader
from bot.answering.corrections import find_corrections
from bot.answering.coverage import TermWeights
from bot.answering.disagreeing import DisagreementReader
from bot.answering.document_facts import DocumentFactReader
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.extractive import PassageReader, refusal
from bot.answering.notes import NoteWriter
from bot.answering.partners import PartnerReader
from bot.answering.understanding import Understanding
from bot.answering.wording import (
    INTRODUCTION_NEEDS_RECORDS,
    OTHER_PLACE,
    OTHER_PLACE_UNKNOWN_REGION,
    greeting,
    kindly_declined,
)
from bot.catalogue.conflicts import Disagreement
from bot.catalogue.models import Catalogue
from bot.catalogue.thesaurus import Thesaurus
from bot.text.intents import STATUS_ASKED, SUPPORT_ASKED, WHOM_TO_SEE, WORK_WITH
from bot.text.places import places_in
from bot.text.questions import FIGURE_KINDS, Asked
from bot.text.tokens import content_bigrams, fold
from bot.types import Document, Hit, Intent

#: How far after a place its policy is named.
OWNER_REACH = 14
_POLICY_WORD = re.compile(r"政策|补贴|补助|支持|奖励|规定|条件|标准|公寓|贷款|贴息|利率|资助|优惠|办法|免租")
_WRITING = re.compile(r"写|起草|草拟|拟一|生成|代拟")
_COMING = re.compile(r"过来|来沪|到这|来这|到你们|来你们|到我们|来我们|互认|相认|合作|和本|与本")
#: A question put together with the last topic must be covered this far, or it is taken as it stands.
COMBINED_COVERAGE = 0.8


class OfflineAnswerer:
    """Decides in code whether and with what to answer."""

    def __init__(
        self,
        catalogue: Catalogue,
        document: Callable[[str], Document],
        weights: TermWeights,
        thesaurus: Thesaurus,
        disagreements: Sequence[Disagreement] = (),
    ) -> None:
        self._catalogue = catalogue
        self._document = document
        self._weights = weights
        self._passages = PassageReader(document, weights, thesaurus)
        self._cards = CardReader(catalogue, document, weights, thesaurus)
        self._contacts = ContactReader(catalogue, document)
        self._document_facts = DocumentFactReader(catalogue.scope, document)
        self._partners = PartnerReader(catalogue, document, weights, thesaurus, self._cards)
        self._disagreements = DisagreementReader(disagreements)
        self._notes = NoteWriter(catalogue, document, self._contacts, self._partners)

    def draft(self, understanding: Understanding, hits: Sequence[Hit]) -> Draft:
        """The draft of an answer; ``hits`` are those of the standalone question, best first."""
        if understanding.intent is Intent.SMALLTALK:
            return Draft(Intent.SMALLTALK, (Statement(greeting(self._catalogue.scope)),))
        declined = self._declined(understanding, hits)
        if declined is not None:
            return declined
        writing = understanding.intent is Intent.INTRODUCTION and _WRITING.search(understanding.question)
        if writing and not understanding.names:
            return refusal(understanding, Refusal.SUBJECT_NOT_STATED, INTRODUCTION_NEEDS_RECORDS)
        draft = self._answered(understanding, hits)
        corrections = tuple(find_corrections(understanding.standalone, draft, self._document))
        draft = self._disagreements.attach(replace(draft, corrections=corrections), understanding.standalone)
        return self._notes.complete(draft, understanding, hits)

    def _says_more(self, understanding: Understanding, hits: Sequence[Hit]) -> bool:
        """Whether a sentence covers more of a question than any card does."""
        found = self._passages.find(understanding, hits)
        if found is None or not found.covered:
            return False
        return found.sentence.share >= self._cards.best_share(understanding)

    def _asks_of_programme(self, understanding: Understanding) -> bool:
        """Whether a wish for a partner is only the subject: how many, whether it is there yet."""
        if self._cards.unexplained(understanding) is None:
            return False
        attribute = understanding.asked in FIGURE_KINDS or understanding.asked is Asked.PROCEDURE
        return attribute or bool(STATUS_ASKED.search(understanding.standalone))

    def _seeks_support(self, understanding: Understanding) -> bool:
        """Whether a question is for the support there is for work with a partner."""
        if not SUPPORT_ASKED.search(understanding.standalone):
            return False
        named = any(match.organisations and not match.programmes for match in understanding.names)
        with_named = named and bool(WORK_WITH.search(understanding.standalone))
        return understanding.intent is Intent.PARTNER or (understanding.intent is Intent.POLICY and with_named)

    def _seeks_partner(self, understanding: Understanding) -> bool:
        """Whether a question is for partners: by its words, or by what is on file where it only asks 找谁."""
        if understanding.intent is Intent.PARTNER:
            return not self._asks_of_programme(understanding)
        if self._cards.unexplained(understanding) is not None or understanding.about_lead_document:
            return False
        if understanding.intent is Intent.CONTACT and understanding.asked is not Asked.PHONE:
            return bool(WHOM_TO_SEE.search(understanding.standalone)) and self._partners.fits(understanding)
        return understanding.intent is Intent.INTRODUCTION and self._partners.fits(understanding)

    def _partner_or_told(self, partners: Draft, understanding: Understanding, hits: Sequence[Hit]) -> Draft:
        """``partners``, unless nobody is on file and a card or passage speaks of what is sought."""
        if partners.refusal is None:
            return partners
        if self._cards.unexplained(understanding) is not None:
            card = self._cards.draft(understanding)
            if card is not None and card.refusal is None:
                return card
        sought = self._partners.sought(understanding)
        if not sought or not self._passages.speaks_of(sought, understanding, hits):
            return partners
        told = self._passages.draft(understanding, hits)
        if partners.refusal is Refusal.NAME_UNKNOWN and not self._prints(told, sought):
            return partners
        return told if told.refusal is None else partners

    def _prints(self, draft: Draft, name: str) -> bool:
        """Whether a passage that ``draft`` rests on has ``name`` letter by letter."""
        passages = (passage for statement in draft.statements for passage in statement.passages)
        return any(name in self._document(p.document_id).text[p.start : p.end] for p in passages)

    def bears_out(self, understanding: Understanding, hits: Sequence[Hit]) -> bool:
        """Whether one passage, or who is on file, speaks of nearly all that a reading of a question puts together."""
        if understanding.intent is Intent.PARTNER and self._partners.has_ties(understanding):
            return True
        found = self._passages.find(understanding, hits)
        return found is not None and found.coverage.share >= COMBINED_COVERAGE

    def _answered(self, understanding: Understanding, hits: Sequence[Hit]) -> Draft:
        if self._seeks_support(understanding):
            supported = self._partners.support(understanding)
            if supported is not None:
                return supported
            understanding = replace(understanding, intent=Intent.POLICY)
        if self._seeks_partner(understanding):
            partners = self._partners.draft(understanding)
            if partners.refusal is None or understanding.intent is Intent.PARTNER:
                return self._partner_or_told(partners, understanding, hits)
        if self._contacts.wanted(understanding):
            documents = dict.fromkeys(hit.chunk.document_id for hit in hits)
            contact = self._contacts.draft(understanding, documents)
            if contact is not None:
                return contact
        about_document = self._document_facts.draft(understanding)
        if about_document is not None:
            return about_document
        named = self._cards.unexplained(understanding)
        if named is None and not self._cards.lists(understanding):
            verbatim = self._passages.verbatim(understanding, hits)
            if verbatim is not None:
                return verbatim
        card = self._cards.draft(understanding)
        if card is not None and (named is not None or card.listed or not self._says_more(understanding, hits)):
            return card
        if named is not None and not self._passages.speaks_of(named[1], understanding, hits):
            return self._cards.attribute_refusal(understanding, named[0])
        return self._passages.draft(understanding, hits)

    def _declined(self, understanding: Understanding, hits: Sequence[Hit]) -> Draft | None:
        scope = self._catalogue.scope
        question = understanding.standalone
        if not understanding.names and any(word in question for word in scope.out_of_scope):
            declined = replace(understanding, intent=Intent.OUT_OF_SCOPE)
            return refusal(declined, Refusal.OUT_OF_SCOPE, kindly_declined(scope))
        home = fold(" ".join((scope.region, *scope.region_aliases, *scope.within)))
        for place in places_in(question):
            if place in home or self._is_ordinary(place) or self._place_in_evidence(place, understanding, hits):
                continue
            if place in scope.also_covers and not _owns_policy(place, question):
                continue
            region = scope.region
            text = OTHER_PLACE if region else OTHER_PLACE_UNKNOWN_REGION
            return refusal(understanding, Refusal.OTHER_PLACE, text.format(place=place, region=region))
        return None

    def _is_ordinary(self, place: str) -> bool:
        """A word before 区 or 县 that the documents use by itself (要贷款区里…) names no place."""
        return place[-1] in "区县" and len(place) == 3 and self._weights.known(place[:2])

    def _place_in_evidence(self, place: str, understanding: Understanding, hits: Sequence[Hit]) -> bool:
        if any(place in match.name for match in understanding.names):
            return True
        if not self._catalogue.scope.region:
            # Nobody said what place this corpus is about: only a place it never names is another one.
            return all(self._weights.known(term) for term in content_bigrams(place))
        found = self._passages.find(understanding, hits)
        if found is None:
            return False
        hit = found.window.hit
        document = self._document(hit.chunk.document_id)
        said = document.text[found.window.sentence_start : found.window.sentence_end]
        return any(place in text for text in (said, hit.metadata.title, hit.chunk.section))


def _owns_policy(place: str, question: str) -> bool:
    """Whether the question asks for the policies of ``place``, not for somebody who comes from there."""
    after = question.split(place, 1)[1][:OWNER_REACH]
    return bool(_POLICY_WORD.search(after)) and not _COMING.search(after)
