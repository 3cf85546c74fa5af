"""What ties an organisation to programmes, to contacts and to other organisations, as the catalogue has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.answering.cards import Cards
from bot.answering.coverage import QuestionTerms
from bot.answering.draft import DraftContact, DraftPartner, Passage, Statement
from bot.catalogue.models import (
    Catalogue,
    ContactEntry,
    OrganisationEntry,
    OrganisationKind,
    Programme,
    ProgrammeKind,
    Quoted,
)
from bot.catalogue.quotes import find_quote
from bot.text.figures import parse_figures
from bot.text.status import NOT_YET, STATUS_WORDS
from bot.text.tokens import fold
from bot.types import Contact, Document, PartnerSuggestion, Status

MAX_POLICY_NOTES = 2
#: Beside a programme that is over, nobody is told to go there.
_OVER = frozenset({Status.EXPIRED, Status.SUPERSEDED})
#: Words of work done together; a line with one says more of a partner than an address does.
_TOGETHER = re.compile(r"合作|共建|联合|共同|携手|牵头|对接|联动|引入|上下游|路演")
_JOINT_SUPPORT = re.compile(r"合作研发|联合研发|联合攻关|技术攻关|产学研|联合创新|合作项目|联合项目")
_POLICY_ORDER = (
    ProgrammeKind.FUNDING,
    ProgrammeKind.LOAN,
    ProgrammeKind.TALENT,
    ProgrammeKind.SPACE,
    ProgrammeKind.POLICY_SYSTEM,
    ProgrammeKind.HOUSING,
)
_EVENTS = frozenset({ProgrammeKind.EVENT, ProgrammeKind.MATCHMAKING})
_MONEY = re.compile(r"融资|贷款|金融")
NO_CONTACT = "文件未写明联系方式；可登记需求，由技术经理人联系。"
BY_CONTACT = "{purpose}：见联系方式。"
BY_ALLIANCE = "可先了解{name}；文件未写明加入方式和联系方式，可登记需求，由技术经理人联系。"
BY_EVENTS = "可留意{names}；文件未写明报名方式和联系方式，可登记需求，由技术经理人联系。"
BY_PLATFORM = "文件未写明该行的联系方式；可先到{name}咨询，见联系方式。"
RELATED_POLICY = "可以一并了解{name}{mark}："


class PartnerLinks:
    """Looks up ties both ways: programmes name organisations, and organisations name programmes."""

    def __init__(self, catalogue: Catalogue, document: Callable[[str], Document], cards: Cards) -> None:
        self._catalogue = catalogue
        self._document = document
        self._cards = cards

    # --- ties ------------------------------------------------------------------------------------

    def organisations_of(self, programme: Programme) -> tuple[OrganisationEntry, ...]:
        """Those the card names first, then those that name the card."""
        by_id = {organisation.id: organisation for organisation in self._catalogue.organisations}
        named = [by_id[identifier] for identifier in programme.organisations if identifier in by_id]
        naming = [o for o in self._catalogue.organisations if programme.id in o.programmes and o not in named]
        return (*named, *naming)

    def programmes_of(self, organisation: OrganisationEntry) -> tuple[Programme, ...]:
        """The programmes an organisation is tied to, in the order of the catalogue."""
        return tuple(
            programme
            for programme in self._catalogue.programmes
            if programme.id in organisation.programmes or organisation.id in programme.organisations
        )

    # --- which line to tell ------------------------------------------------------------------------

    def line(
        self, organisation: OrganisationEntry, terms: QuestionTerms | None = None, programme: Programme | None = None
    ) -> Quoted:
        """The line that says most: of the programme, of what is sought, of joint work, of its field."""
        of_programme = set(self._spans(programme)) if programme is not None else set()
        candidates = [*organisation.profile, *self._told_fields(organisation)]

        def worth(line: Quoted) -> tuple[bool, float, bool, bool, int]:
            span = self.passage(organisation, line)
            overlaps = span is not None and any(_overlap(span, other) for other in of_programme)
            share = share_of(terms, line.value) if terms is not None and not terms.empty else 0.0
            states_field = any(_squeezed(f.quote) in _squeezed(line.quote) for f in organisation.fields)
            return overlaps, share, self.together(line), states_field, -candidates.index(line)

        return max(candidates, key=worth)

    def together(self, line: Quoted) -> bool:
        """Whether a line tells of work done together."""
        return bool(_TOGETHER.search(line.value))

    def _told_fields(self, organisation: OrganisationEntry) -> Iterator[Quoted]:
        """The quotes of fields that name this organisation and no other: words of others are not its own."""
        for field in organisation.fields:
            named = [other for other in self._catalogue.organisations if _named_in(other, field.quote)]
            if named == [organisation]:
                yield Quoted(value=field.quote, quote=field.quote, document=field.document)

    def _spans(self, programme: Programme) -> Iterator[Passage]:
        for quoted in quoted_of(programme):
            document_id = quoted.document or programme.document
            span = find_quote(self._document(document_id).text, quoted.quote)
            if span is not None:
                yield Passage(document_id, span.start, span.end)

    def passage(self, organisation: OrganisationEntry, line: Quoted) -> Passage | None:
        """Where a line's quote stands."""
        document_id = line.document or organisation.document
        span = find_quote(self._document(document_id).text, line.quote)
        return None if span is None else Passage(document_id, span.start, span.end)

    def suggestion(
        self, organisation: OrganisationEntry, line: Quoted, passage: Passage, terms: QuestionTerms | None = None
    ) -> DraftPartner:
        """An organisation with the line that speaks for it, its date, and what one can do next."""
        region = organisation.region.value if organisation.region else None
        as_of = self._document(passage.document_id).metadata.date
        step = self._next_step(organisation, line, terms)
        kind = organisation.kind.value
        partner = PartnerSuggestion(organisation.id, organisation.name, line.value, region, None, as_of, step, kind)
        return DraftPartner(partner, passage)

    # --- what to do next ---------------------------------------------------------------------------

    def contacts(self, partners: Sequence[DraftPartner]) -> tuple[DraftContact, ...]:
        """The published contacts that the partners' next steps point to, each once."""
        by_id = {organisation.id: organisation for organisation in self._catalogue.organisations}
        entries: dict[str, ContactEntry] = {}
        for partner in partners:
            organisation = by_id[partner.partner.organisation_id]
            bank = organisation.kind is OrganisationKind.BANK
            asked = (organisation, *(self._money_platforms() if bank else ()))
            entries.update((e.id, e) for one in asked if (e := self._contact(one)) is not None)
        return tuple(drafted for entry in entries.values() if (drafted := self._drafted(entry)) is not None)

    def _drafted(self, entry: ContactEntry) -> DraftContact | None:
        span = find_quote(self._document(entry.document).text, entry.quote)
        if span is None:
            return None
        contact = Contact(entry.name, entry.phone, entry.address, entry.purpose)
        return DraftContact(contact, Passage(entry.document, span.start, span.end), entry.postcode)

    def _contact(self, organisation: OrganisationEntry) -> ContactEntry | None:
        """A contact of the organisation's own whose source says it is for one of its programmes."""
        names = {organisation.name, *organisation.aliases}
        mine = {programme.id for programme in self.programmes_of(organisation)}
        for entry in self._catalogue.contacts:
            if entry.body in names and mine & set(entry.programmes):
                return entry
        return None

    def _next_step(self, organisation: OrganisationEntry, line: Quoted, terms: QuestionTerms | None) -> str:
        """What the documents let one do; never with a figure, for a step carries no marker."""
        step = next(self._steps(organisation, line, terms), NO_CONTACT)
        return NO_CONTACT if parse_figures(step) else step

    def _steps(self, organisation: OrganisationEntry, line: Quoted, terms: QuestionTerms | None) -> Iterator[str]:
        own = self._contact(organisation)
        if own is not None:
            yield BY_CONTACT.format(purpose=re.sub(r"（[^）]*）$", "", own.purpose))
        if organisation.kind is OrganisationKind.BANK:
            yield from (BY_PLATFORM.format(name=platform.name) for platform in self._money_platforms())
        alliance = self._alliance(organisation, line, terms)
        if alliance is not None:
            yield BY_ALLIANCE.format(name=alliance.name)
        events = [p.name for p in self.programmes_of(organisation) if p.kind is ProgrammeKind.EVENT and _goes_on(p)]
        if events:
            yield BY_EVENTS.format(names="、".join(in_quotes(name) for name in events))

    def _money_platforms(self) -> Iterator[OrganisationEntry]:
        for organisation in self._catalogue.organisations:
            serves = any(_MONEY.search(line.value) for line in (*organisation.fields, *organisation.profile))
            if organisation.kind is OrganisationKind.PLATFORM and serves and self._contact(organisation) is not None:
                yield organisation

    def _alliance(
        self, organisation: OrganisationEntry, line: Quoted, terms: QuestionTerms | None
    ) -> OrganisationEntry | None:
        """An alliance that a line of either names together with the other, and that is in what is sought."""
        if organisation.kind is OrganisationKind.ALLIANCE:
            return None
        alliances = [
            (share_of(terms, own_words(other)), other)
            for other in self._catalogue.organisations
            if other.kind is OrganisationKind.ALLIANCE and (_names(organisation, other) or _names(other, organisation))
        ]
        fitting = [
            item for item in alliances if terms is None or terms.empty or item[0] > 0 or _named_in(item[1], line.value)
        ]
        return max(fitting, key=lambda item: item[0])[1] if fitting else None

    # --- policies beside partners ------------------------------------------------------------------

    def policies(
        self,
        partners: Sequence[DraftPartner],
        told: Sequence[Statement] = (),
        programme: Programme | None = None,
        *,
        joint: bool,
        financing: bool,
    ) -> tuple[Programme, ...]:
        """The programmes to tell beside partners: those tied to them, then those for what is sought.

        Beside the partners of one ``programme``, of the others only those that give money.
        """
        by_id = {organisation.id: organisation for organisation in self._catalogue.organisations}
        found = [p for item in partners for p in self.programmes_of(by_id[item.partner.organisation_id])]
        if programme is not None:
            found = [programme, *(p for p in found if p.kind is ProgrammeKind.FUNDING)]
        found += [p for p in self._catalogue.programmes if _for_joint_work(p) and joint]
        if financing:
            found += [p for p in self._catalogue.programmes if p.kind is ProgrammeKind.LOAN and not p.organisations]
        texts = "".join(statement.text for statement in told)
        names = {item.partner.name for item in partners}
        fitting = {
            card.id: card
            for card in found
            if _goes_on(card)
            and card.kind not in _EVENTS
            and not names & {card.name, *card.aliases}
            and card.summary.value.rstrip("。") not in texts
        }
        cards = sorted(fitting.values(), key=lambda c: (_POLICY_ORDER.index(c.kind), c.status.value in NOT_YET))
        return tuple(cards[:MAX_POLICY_NOTES])

    def policy_notes(self, programmes: Iterable[Programme]) -> Iterator[Statement]:
        """Each programme's summary with its marker, told beside partners."""
        return (self.policy_statement(programme, RELATED_POLICY) for programme in programmes)

    def policy_statement(self, programme: Programme, lead: str) -> Statement:
        """A programme's summary after a ``lead`` that has its ``{name}`` and the ``{mark}`` of what is not yet."""
        mark = f"（{STATUS_WORDS[programme.status.value]}）" if programme.status.value in NOT_YET else ""
        lead = lead.format(name=in_quotes(programme.name), mark=mark)
        return self._cards.statement(programme, programme.summary, lead=lead)


def quoted_of(programme: Programme) -> Iterator[Quoted]:
    """All that a card quotes but its status."""
    yield programme.summary
    for field in ("audience", "form", "amount", "responsible_body", "place"):
        quoted = getattr(programme, field)
        if quoted is not None:
            yield quoted
    yield from programme.facts


def own_words(organisation: OrganisationEntry) -> str:
    """What says of itself what an organisation is: its names, its kind, its fields; no quote that others share."""
    fields = (field.value for field in organisation.fields)
    return " ".join((organisation.name, *organisation.aliases, organisation.kind.value, *fields))


def share_of(terms: QuestionTerms | None, text: str) -> float:
    """How much of what is sought ``text`` speaks of."""
    if terms is None or terms.empty:
        return 0.0
    return terms.share(fold(text))


def is_joint(programme: Programme) -> bool:
    """Whether a programme is about work done together."""
    return bool(_JOINT_SUPPORT.search(" ".join((programme.name, *programme.aliases, *programme.needs))))


def _for_joint_work(programme: Programme) -> bool:
    return programme.kind is ProgrammeKind.FUNDING and is_joint(programme)


def _goes_on(programme: Programme) -> bool:
    return programme.status.value not in _OVER and programme.status.value is not Status.COMPLETED


def _names(organisation: OrganisationEntry, other: OrganisationEntry) -> bool:
    """Whether a line of ``organisation`` names ``other``."""
    return any(_named_in(other, line.value) for line in organisation.profile)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def _named_in(organisation: OrganisationEntry, text: str) -> bool:
    return any(name in text for name in (organisation.name, *organisation.aliases))


def in_quotes(name: str) -> str:
    """A name in quotation marks, unless it has some of its own."""
    return name if "“" in name else f"“{name}”"


def _squeezed(text: str) -> str:
    return "".join(text.split())
