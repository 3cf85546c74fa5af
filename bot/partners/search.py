"""Which organisations of the catalogue fit a wish: by their own fields, by what mentions them, by kind, by money."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.answering.cards import Cards
from bot.answering.composition import drop_enumerator, tidy
from bot.answering.draft import DraftPartner, Passage
from bot.catalogue.models import Catalogue, OrganisationEntry, OrganisationKind, Programme, Quoted
from bot.partners.links import PartnerLinks, own_words, quoted_of, share_of
from bot.partners.wishes import PartnerWish
from bot.types import Document

MAX_PARTNERS = 6
#: An organisation is proposed when its own names and fields cover this share of what is sought.
MINIMUM_PARTNER_COVERAGE = 0.5
PARTNER_SHARE_OF_BEST = 0.75
#: A record that only mentions an organisation must speak of more of it.
MINIMUM_MENTION_COVERAGE = 0.6
#: A lender that speaks of so much of what else is asked goes first.
LENDER_COVERAGE = 0.3
#: How a sentence leans on the one before it.
_CONNECTIVE = re.compile(r"^(?:如|例如|比如|同时|此外|其中)，")
_LENDING_WORDS = ("融资", "贷款", "信贷", "金融", "担保")


class PartnerSearch:
    """Finds organisations with a line that speaks for each; proposes nothing that no line bears out."""

    def __init__(
        self, catalogue: Catalogue, document: Callable[[str], Document], cards: Cards, links: PartnerLinks
    ) -> None:
        self._catalogue = catalogue
        self._document = document
        self._cards = cards
        self._links = links

    def of_programme(self, programme: Programme) -> tuple[DraftPartner, ...]:
        """The organisations tied to a programme, each with the line that speaks of it."""
        organisations = self._links.organisations_of(programme)
        return self.drafts((o, self._links.line(o, programme=programme)) for o in organisations if may_partner(o))

    def direct(self, wish: PartnerWish) -> tuple[DraftPartner, ...]:
        """Those whose own names and fields speak of what is sought; the kind asked for goes first."""
        if wish.terms.empty:
            return ()
        pool = [o for o in self._catalogue.organisations if may_partner(o) and o.kind is not OrganisationKind.BANK]
        scored = [(share_of(wish.terms, own_words(o)), o) for o in pool]
        best = max((share for share, _ in scored), default=0.0)
        floor = max(MINIMUM_PARTNER_COVERAGE, best * PARTNER_SHARE_OF_BEST)
        near = [item for item in scored if item[0] >= floor]
        near.sort(key=lambda item: (item[1].kind in wish.kinds, item[0]), reverse=True)
        return self.drafts(((o, self._links.line(o, wish.terms)) for _, o in near), wish)

    def mentioned(self, wish: PartnerWish) -> tuple[DraftPartner, ...]:
        """Those named in a sentence that speaks of what is sought, for want of better."""
        found: dict[str, tuple[float, OrganisationEntry, Passage]] = {}
        for organisation in filter(may_partner, self._catalogue.organisations):
            for share, passage in self._records(organisation, wish):
                if share >= MINIMUM_MENTION_COVERAGE and share > found.get(organisation.id, (0.0,))[0]:
                    found[organisation.id] = (share, organisation, passage)
        best = max((share for share, *_ in found.values()), default=0.0)
        near = [item for item in found.values() if item[0] >= best * PARTNER_SHARE_OF_BEST]
        near.sort(key=lambda item: item[0], reverse=True)
        return tuple(self._quoted(organisation, passage, wish) for _, organisation, passage in near)[:MAX_PARTNERS]

    def _records(self, organisation: OrganisationEntry, wish: PartnerWish) -> Iterable[tuple[float, Passage]]:
        """Sentences of tied cards and of the organisation's own lines that name it."""
        lines = [(line.document or organisation.document, line.quote) for line in organisation.profile]
        for programme in self._links.programmes_of(organisation):
            lines += [(quoted.document or programme.document, quoted.quote) for quoted in quoted_of(programme)]
        names = (organisation.name, *organisation.aliases)
        for document_id, quote in dict.fromkeys(lines):
            passage = self._cards.passage(document_id, quote)
            if passage is None:
                continue
            text = self._document(document_id).text[passage.start : passage.end]
            if any(name in text for name in names):
                yield share_of(wish.terms, text), passage

    def _quoted(self, organisation: OrganisationEntry, passage: Passage, wish: PartnerWish) -> DraftPartner:
        text = self._document(passage.document_id).text[passage.start : passage.end]
        value = _CONNECTIVE.sub("", drop_enumerator(tidy(text)))
        line = Quoted(value=value, quote=text, document=passage.document_id)
        return self._links.suggestion(organisation, line, passage, wish.terms)

    def lenders(self, wish: PartnerWish) -> tuple[DraftPartner, ...]:
        """Banks, and whoever's own fields are lending; what else is asked for decides the order."""
        pool = [
            organisation
            for organisation in self._catalogue.organisations
            if organisation.kind is OrganisationKind.BANK
            or (may_partner(organisation) and any(word in own_words(organisation) for word in _LENDING_WORDS))
        ]

        def rank(organisation: OrganisationEntry) -> tuple[float, bool]:
            lines = " ".join(line.value for line in organisation.profile)
            products = " ".join(f"{p.name} {' '.join(p.aliases)}" for p in self._links.programmes_of(organisation))
            share = share_of(wish.terms, f"{own_words(organisation)} {lines} {products}")
            asked = organisation.kind in wish.kinds if wish.kinds else organisation.kind is not OrganisationKind.BANK
            return (share if share >= LENDER_COVERAGE else 0.0), asked

        pool.sort(key=rank, reverse=True)
        return self.drafts(((o, self._links.line(o, wish.terms)) for o in pool), wish)

    def of_kind(self, wish: PartnerWish) -> tuple[DraftPartner, ...]:
        """Organisations of the kind asked for; those whose lines tell of joint work go first."""
        lines = [(o, self._links.line(o)) for o in self._catalogue.organisations if o.kind in wish.kinds]
        lines.sort(key=lambda item: self._links.together(item[1]), reverse=True)
        return self.drafts(lines, wish)

    def drafts(
        self, lines: Iterable[tuple[OrganisationEntry, Quoted]], wish: PartnerWish | None = None
    ) -> tuple[DraftPartner, ...]:
        drafts = []
        for organisation, line in lines:
            passage = self._links.passage(organisation, line)
            if passage is not None:
                drafts.append(self._links.suggestion(organisation, line, passage, wish.terms if wish else None))
        return tuple(drafts[:MAX_PARTNERS])


def may_partner(organisation: OrganisationEntry) -> bool:
    """Whether an organisation is one to work with; an office is one to ask."""
    return organisation.kind is not OrganisationKind.GOVERNMENT
