"""Organisations of the catalogue that may fit a wish for a partner."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.answering.coverage import QuestionTerms, TermWeights
from bot.answering.draft import Draft, DraftPartner, Passage, Refusal, Statement
from bot.answering.extractive import closed
from bot.answering.understanding import Understanding
from bot.catalogue.models import Catalogue, OrganisationEntry, Quoted
from bot.catalogue.quotes import find_quote
from bot.catalogue.thesaurus import Thesaurus
from bot.text.questions import question_subject
from bot.text.tokens import fold, search_terms
from bot.types import Document, Intent, PartnerSuggestion

MAX_PARTNERS = 5
#: An organisation is proposed when its quoted lines cover this share of what is sought.
MINIMUM_PARTNER_COVERAGE = 0.5
PARTNER_SHARE_OF_BEST = 0.75
NO_PARTNER = "资料中没有找到写明适合这一方向的合作方，不能凭猜测推荐。"
REGISTER_NEED = "可以登记技术需求、放宽领域再找，或请技术经理人跟进。"
_SEEKING = re.compile(
    r"合作(?:方|伙伴|对象|单位|机构|团队)?|伙伴|找|寻找|寻|对接|推荐|介绍|联合|一起|共同|研发|开发|攻关|技术|项目|方面|方向|领域|做|搞|帮|单位|机构|高校|院所|研究所|大学|团队|专家|需求|发布|登记|解决|难题|谁|能"
)  # fmt: skip


class PartnerReader:
    """Every suggestion is quoted from a source; nobody is given what no source states."""

    def __init__(
        self,
        catalogue: Catalogue,
        document: Callable[[str], Document],
        weights: TermWeights,
        thesaurus: Thesaurus,
    ) -> None:
        self._catalogue = catalogue
        self._document = document
        self._weights = weights
        self._thesaurus = thesaurus

    def suggest(self, wish: str) -> tuple[DraftPartner, ...]:
        """Fitting organisations, best first, at most five."""
        terms = QuestionTerms(_SEEKING.sub(" ", question_subject(wish)), self._weights, self._thesaurus)
        if terms.empty:
            return ()
        scored: list[tuple[float, float, OrganisationEntry, Quoted]] = []
        for organisation in self._catalogue.organisations:
            share, line = self._best_line(organisation, terms)
            scored.append((share, -len(scored), organisation, line))
        best = max((share for share, *_ in scored), default=0.0)
        floor = max(MINIMUM_PARTNER_COVERAGE, best * PARTNER_SHARE_OF_BEST)
        chosen = sorted((item for item in scored if item[0] >= floor), key=lambda item: item[:2], reverse=True)
        drafts = (self._draft(organisation, line) for _, _, organisation, line in chosen)
        return tuple(draft for draft in drafts if draft is not None)[:MAX_PARTNERS]

    def of_programme(self, organisation_ids: tuple[str, ...]) -> tuple[DraftPartner, ...]:
        """The organisations a programme card names, each with the first line of its profile."""
        by_id = {organisation.id: organisation for organisation in self._catalogue.organisations}
        found = [by_id[identifier] for identifier in organisation_ids if identifier in by_id]
        drafts = (self._draft(organisation, organisation.profile[0]) for organisation in found)
        return tuple(draft for draft in drafts if draft is not None)[:MAX_PARTNERS]

    def draft(self, understanding: Understanding) -> Draft:
        """An answer that lists fitting organisations, or says that none is on file."""
        partners = self.suggest(understanding.standalone)
        if not partners:
            notes = (Statement(REGISTER_NEED),)
            return Draft(Intent.PARTNER, (Statement(NO_PARTNER),), notes, refusal=Refusal.SUBJECT_NOT_STATED)
        head = Statement("资料中写明、可以先了解的合作方：")
        lines = tuple(
            Statement(closed(item.partner.why), (item.passage,), f"- {item.partner.name}：") for item in partners
        )
        return Draft(Intent.PARTNER, (head, *lines), (Statement(REGISTER_NEED),), listed=True, partners=partners)

    def _best_line(self, organisation: OrganisationEntry, terms: QuestionTerms) -> tuple[float, Quoted]:
        names = " ".join((organisation.name, *organisation.aliases, organisation.kind.value))
        lines = (*organisation.fields, *organisation.profile)
        whole = fold(names + " " + " ".join(line.value for line in lines))
        share = terms.cover(frozenset(search_terms(whole)), whole).share
        best = max(organisation.profile, key=lambda line: self._share(line, terms))
        return share, best

    def _share(self, line: Quoted, terms: QuestionTerms) -> float:
        text = fold(f"{line.value} {line.quote}")
        return terms.cover(frozenset(search_terms(text)), text).share

    def _draft(self, organisation: OrganisationEntry, line: Quoted) -> DraftPartner | None:
        document_id = line.document or organisation.document
        span = find_quote(self._document(document_id).text, line.quote)
        if span is None:
            return None
        region = organisation.region.value if organisation.region else None
        suggestion = PartnerSuggestion(organisation.id, organisation.name, line.value, region, None)
        return DraftPartner(suggestion, Passage(document_id, span.start, span.end))
