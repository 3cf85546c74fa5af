"""Organisations of the catalogue that may fit a wish for a partner, and where to meet others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.answering.cards import Cards, closed
from bot.answering.coverage import TermWeights
from bot.answering.draft import Draft, DraftMeetingPlace, DraftPartner, DraftStatus, Passage, Refusal, Statement
from bot.answering.wording import NEARBY
from bot.catalogue.models import Catalogue, OrganisationEntry, OrganisationKind, Programme, ProgrammeKind
from bot.catalogue.thesaurus import Thesaurus
from bot.partners.links import PartnerLinks, in_quotes, is_joint, own_words, quoted_of, share_of
from bot.partners.meeting_places import MeetingPlaceReader
from bot.partners.search import MINIMUM_PARTNER_COVERAGE, PartnerSearch
from bot.partners.wishes import PartnerWish, WishReader
from bot.text.status import NOT_YET, STATUS_WORDS
from bot.types import Document, Intent, Status
from bot.understanding.understanding import Understanding

#: Beside a policy answer only a few of those who could be the partner are named.
MAX_BESIDE = 3
NO_PARTNER = "资料中没有找到写明适合这一方向的合作方，不能凭猜测推荐。"
NO_FIELD = "请说明要找哪个技术方向或哪一类合作方；没有方向，不能凭猜测推荐。"
REGISTER_NEED = "可以登记技术需求、放宽领域再找，或请技术经理人跟进。"
FITTING = "资料中写明、可以先了解的合作方："
LENDERS = "资料中写明、可以对接的银行和融资服务："
MENTIONED = "资料没有写明哪家机构专做这一方向。提到它的记载里有下面的机构，是否合适要由双方确认："
OF_PROGRAMME = "资料中写明与{name}有关、可以先了解的合作方："
NAMED = "资料中写明的情况："
NAMED_WITHOUT = "资料没有写明{names}在这方面的情况。"
OTHERS_FITTING = "写明与这一方向有关的是："
WHERE = "资料中写明、可以认识合作方的活动和平台："
#: Names somebody whom a programme is done with.
_DONE_WITH = re.compile(r"(?:与|和|同|跟)[^，。；]{2,20}(?:合办|合作|共建|共同|联合)")
_MAY_JOIN = "{name}写明的对象："
PROGRAMME_WITHOUT = "资料没有写明{name}可以和谁合作。"
UNKNOWN_NAME = "资料里没有把“{name}”写作合作方，不能用名称相近的机构代替。"


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Organisations with their lines; ``head`` says how they were found."""

    head: str
    partners: tuple[DraftPartner, ...]
    notes: tuple[Statement, ...] = ()
    direct: bool = True


_GIVING = frozenset({ProgrammeKind.FUNDING, ProgrammeKind.LOAN})


class PartnerReader:
    """Every suggestion is quoted from a source; nobody is given what no source states."""

    def __init__(
        self,
        catalogue: Catalogue,
        document: Callable[[str], Document],
        weights: TermWeights,
        thesaurus: Thesaurus,
        cards: Cards,
    ) -> None:
        self._catalogue = catalogue
        self._document = document
        self._cards = cards
        self._wishes = WishReader(catalogue, weights, thesaurus)
        self._links = PartnerLinks(catalogue, document, cards)
        self._search = PartnerSearch(catalogue, document, cards, self._links)
        self._places = MeetingPlaceReader(catalogue, document, cards, self._links)

    def draft(self, understanding: Understanding) -> Draft:
        """An answer that lists fitting organisations, or says that none is on file."""
        wish = self._wishes.read(understanding)
        chosen = self._chosen(wish)
        about = wish.programme.id if wish.programme is not None else None
        places = self._places.suggest(wish.terms, without=about, filled=chosen is None or not chosen.direct)
        if wish.asks_where and places:
            return self._told_places(chosen.partners if chosen and chosen.direct else (), places)
        if chosen is None:
            return self._with_whom(wish, places) or self._refused(wish, places)
        return self._told(chosen, wish, places)

    def support(self, understanding: Understanding) -> Draft | None:
        """What supports the work that is sought with a partner, with the partners beside it; None when none does."""
        wish = self._wishes.read(understanding)
        chosen = self._chosen(wish)
        partners = chosen.partners if chosen is not None and chosen.direct else ()
        programmes = self._links.policies(partners, (), wish.programme, joint=True, financing=wish.financing)
        if not programmes or (wish.programme is None and not partners and not wish.joint and not wish.financing):
            return None
        # Support means money first; what else is tied to the partners is told beside it.
        giving = tuple(programme for programme in programmes if programme.kind in _GIVING) or programmes
        others = tuple(programme for programme in programmes if programme not in giving)
        statuses = tuple(status for programme in giving if (status := self._cards.status(programme)) is not None)
        statements = tuple(self._links.policy_statement(programme, "{name}{mark}：") for programme in giving)
        places = self._places.suggest(wish.terms) if any(map(is_joint, programmes)) else ()
        return Draft(
            Intent.POLICY,
            statements,
            (*_status_notes(statuses), *self._links.policy_notes(others)),
            listed=len(statements) > 1,
            statuses=statuses,
            partners=partners[:MAX_BESIDE],
            meeting_places=places,
            programme_id=giving[0].id,
        )

    def sought(self, understanding: Understanding) -> str:
        """The words of the field, or the name not on file, that a wish is about."""
        wish = self._wishes.read(understanding)
        return wish.unknown_name or wish.terms.subject.strip()

    def fits(self, understanding: Understanding) -> bool:
        """Whether a wish is borne out by an organisation's own fields or by what lenders offer."""
        wish = self._wishes.read(understanding)
        return wish.financing or bool(self._search.direct(wish))

    def of_programme(self, programme: Programme) -> tuple[DraftPartner, ...]:
        """The organisations tied to a programme, each with the line that speaks of it."""
        return self._search.of_programme(programme)

    def places_beside(self, programme: Programme, understanding: Understanding) -> tuple[DraftMeetingPlace, ...]:
        """Where partners may be met, beside an answer on joint projects or matchmaking."""
        if programme.kind is not ProgrammeKind.MATCHMAKING and not is_joint(programme):
            return ()
        return self._places.suggest(self._wishes.read(understanding).terms, without=programme.id)

    # --- choosing ----------------------------------------------------------------------------------

    def _chosen(self, wish: PartnerWish) -> _Chosen | None:
        if wish.organisations:
            return self._named(wish)
        if wish.programme is not None:
            return self._of_programme(wish, wish.programme)
        if wish.unknown_name:
            return None
        if wish.financing:
            return _if_any(LENDERS, self._search.lenders(wish))
        if not wish.terms.empty:
            direct = _if_any(FITTING, self._search.direct(wish))
            return direct or _if_any(MENTIONED, self._search.mentioned(wish), direct=False)
        return _if_any(FITTING, self._search.of_kind(wish)) if wish.kinds else None

    def _named(self, wish: PartnerWish) -> _Chosen | None:
        lines = [(o, self._links.line(o, wish.terms)) for o in wish.organisations]
        told = [(o, line) for o, line in lines if wish.terms.empty or self._speaks_of(o, wish)]
        if told:
            return _if_any(NAMED, self._search.drafts(told, wish))
        names = "、".join(o.name for o in wish.organisations)
        without = NAMED_WITHOUT.format(names=names)
        others = tuple(d for d in self._search.direct(wish) if d.partner.name not in names)
        notes = tuple(
            Statement(closed(line.value), (passage,), f"{organisation.name}：")
            for organisation, line in lines
            if (passage := self._links.passage(organisation, line)) is not None
        )
        if others:
            return _Chosen(without + OTHERS_FITTING, others, notes)
        return _Chosen(without, (), notes)

    def _speaks_of(self, organisation: OrganisationEntry, wish: PartnerWish) -> bool:
        lines = " ".join(line.value for line in organisation.profile)
        return share_of(wish.terms, f"{own_words(organisation)} {lines}") >= MINIMUM_PARTNER_COVERAGE

    def _of_programme(self, wish: PartnerWish, programme: Programme) -> _Chosen | None:
        partners = self.of_programme(programme)
        fitting = {draft.partner.organisation_id for draft in self._search.direct(wish)}
        narrowed = tuple(draft for draft in partners if draft.partner.organisation_id in fitting)
        notes: tuple[Statement, ...] = ()
        if programme.audience is not None:
            lead = _MAY_JOIN.format(name=in_quotes(programme.name))
            notes = (self._cards.statement(programme, programme.audience, lead=lead),)
        head = OF_PROGRAMME.format(name=in_quotes(programme.name))
        return _Chosen(head, narrowed or partners, notes) if partners else None

    # --- telling -----------------------------------------------------------------------------------

    def _told(self, chosen: _Chosen, wish: PartnerWish, places: tuple[DraftMeetingPlace, ...]) -> Draft:
        statements = (Statement(chosen.head), *_lines(chosen.partners))
        policies = self._links.policies(
            chosen.partners, statements, wish.programme, joint=wish.joint, financing=wish.financing
        )
        lending = wish.financing or (wish.programme is not None and wish.programme.kind is ProgrammeKind.LOAN)
        notes = (*chosen.notes, *self._links.policy_notes(policies), Statement(REGISTER_NEED))
        refused = Refusal.ATTRIBUTE_NOT_STATED if not chosen.partners else None
        return Draft(
            Intent.PARTNER,
            statements,
            notes,
            refusal=refused,
            listed=True,
            partners=chosen.partners,
            meeting_places=() if lending else places,
            contacts=self._links.contacts(chosen.partners),
            follow_ups=tuple(_questions(policies)),
        )

    def _with_whom(self, wish: PartnerWish, places: tuple[DraftMeetingPlace, ...]) -> Draft | None:
        """What a programme without organisations on file says of whom it is done with."""
        programme = wish.programme
        if programme is None or wish.unknown_name:
            return None
        line = next((quoted for quoted in quoted_of(programme) if _DONE_WITH.search(quoted.value)), None)
        if line is None:
            return None
        statement = self._cards.statement(programme, line)
        status = self._cards.status(programme)
        statuses = (status,) if status is not None else ()
        notes = (*_status_notes(statuses), Statement(REGISTER_NEED))
        return Draft(Intent.PARTNER, (statement,), notes, statuses=statuses, meeting_places=places)

    def _refused(self, wish: PartnerWish, places: tuple[DraftMeetingPlace, ...]) -> Draft:
        empty = wish.terms.empty and not wish.financing and not wish.kinds
        text = NO_FIELD if empty else NO_PARTNER
        kind = Refusal.SUBJECT_NOT_STATED
        notes: tuple[Statement, ...] = (Statement(REGISTER_NEED),)
        if wish.programme is not None:
            text, kind = PROGRAMME_WITHOUT.format(name=in_quotes(wish.programme.name)), Refusal.ATTRIBUTE_NOT_STATED
            notes = (self._cards.statement(wish.programme, wish.programme.summary, lead=NEARBY), *notes)
        if wish.unknown_name:
            text, kind = UNKNOWN_NAME.format(name=wish.unknown_name), Refusal.NAME_UNKNOWN
        status = self._cards.status(wish.programme) if wish.programme is not None else None
        return Draft(
            Intent.PARTNER,
            (Statement(text),),
            notes,
            refusal=kind,
            statuses=(status,) if status is not None else (),
            meeting_places=places,
            follow_ups=self._fields_on_file(),
        )

    def _told_places(self, partners: tuple[DraftPartner, ...], places: tuple[DraftMeetingPlace, ...]) -> Draft:
        lines = []
        for item in places:
            mark = f"（{STATUS_WORDS[item.place.status]}）" if _worth_telling(item.place.status) else ""
            lines.append(Statement(closed(item.place.why), (item.passage,), f"- {item.place.name}{mark}："))
        return Draft(
            Intent.PARTNER,
            (Statement(WHERE), *lines),
            (Statement(REGISTER_NEED),),
            listed=True,
            statuses=self._places.statuses(places),
            partners=partners,
            meeting_places=places,
        )

    def _fields_on_file(self) -> tuple[str, ...]:
        """Questions for fields that organisations on file work in."""
        alliances = [o for o in self._catalogue.organisations if o.kind is OrganisationKind.ALLIANCE and o.fields]
        fields = dict.fromkeys(organisation.fields[0].value for organisation in alliances)
        return tuple(f"{field}方面有哪些机构可以对接？" for field in fields)


def _if_any(head: str, partners: tuple[DraftPartner, ...], *, direct: bool = True) -> _Chosen | None:
    return _Chosen(head, partners, direct=direct) if partners else None


def _lines(partners: Sequence[DraftPartner]) -> tuple[Statement, ...]:
    """One line for all whom the same words speak for."""
    names: dict[tuple[str, Passage], list[str]] = {}
    for item in partners:
        names.setdefault((item.partner.why, item.passage), []).append(item.partner.name)
    return tuple(
        Statement(closed(why), (passage,), f"- {'、'.join(together)}：") for (why, passage), together in names.items()
    )


def _questions(policies: Iterable[Programme]) -> Iterable[str]:
    for programme in policies:
        if programme.amount is not None:
            yield f"{programme.name}最高能给多少？"
        if programme.conditions:
            yield f"{programme.name}有什么条件？"


def _status_notes(statuses: Iterable[DraftStatus]) -> tuple[Statement, ...]:
    """What must be told of a programme that is not there yet, or no more."""
    return tuple(
        Statement(f"{in_quotes(status.subject)}的状态：{STATUS_WORDS[status.status]}。", (status.passage,))
        for status in statuses
        if status.status in NOT_YET and status.passage is not None
    )


def _worth_telling(status: Status) -> bool:
    return status in NOT_YET or status is Status.COMPLETED
