"""Events, platforms and alliances where partners may be met, each quoted, with what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.answering.cards import Cards
from bot.answering.coverage import QuestionTerms
from bot.answering.draft import DraftMeetingPlace, DraftStatus, Passage
from bot.catalogue.models import (
    Catalogue,
    OrganisationEntry,
    OrganisationKind,
    Programme,
    ProgrammeKind,
    Quoted,
)
from bot.partners.links import PartnerLinks, own_words, share_of
from bot.text.status import document_status
from bot.types import Document, MeetingPlace, Status

MAX_PLACES = 3
#: A place is in the field sought when it speaks of this share of it.
MINIMUM_PLACE_COVERAGE = 0.5
#: Only these say where somebody may be met; a team, a list or a region does not.
_PLACE = re.compile(
    r"平台|集市|市场|大会|大赛|比?赛|活动|路演|直通车|展|论坛|沙龙|对接会|交流会|联盟|需求发布|揭榜|擂台"
)
#: Why one goes there, in the words staff give a card.
_PURPOSE = re.compile(r"合作|对接|供需|发榜|揭榜|需求|难题|路演|展会|展示|上下游|交流")
#: A card whose needs are mostly such reasons is for every field.
_GENERAL_SHARE = 0.8
_ORDER_WEIGHT = 2
_GONE = frozenset({Status.EXPIRED, Status.SUPERSEDED})
#: What still goes on comes before what is to come, and that before what is over.
_ORDER = {Status.UNDER_CONSTRUCTION: 1, Status.PLANNED: 1, Status.DRAFT: 1, Status.COMPLETED: 2}


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: DraftMeetingPlace
    share: float
    purposes: int
    general: bool

    @property
    def rank(self) -> tuple[float, int]:
        """Field first, then reasons to go and whether it goes on."""
        return self.share, self.purposes - _ORDER_WEIGHT * _ORDER.get(self.place.place.status, 0)


class MeetingPlaceReader:
    """Chooses among programmes that are events or platforms and organisations that are alliances."""

    def __init__(
        self, catalogue: Catalogue, document: Callable[[str], Document], cards: Cards, links: PartnerLinks
    ) -> None:
        self._catalogue = catalogue
        self._document = document
        self._cards = cards
        self._links = links

    def suggest(
        self, terms: QuestionTerms | None, *, without: str | None = None, filled: bool = False
    ) -> tuple[DraftMeetingPlace, ...]:
        """At most three places in the field of ``terms``, or general ones when there is none.

        ``without`` is the id of a programme that the answer is about; with ``filled`` general places
        follow those in the field.
        """
        everywhere = [item for item in self._candidates(terms) if without is None or item[0] != without]
        fitting = [item for _, item in everywhere if item.share >= MINIMUM_PLACE_COVERAGE]
        general = [item for _, item in everywhere if item.general and item not in fitting]
        chosen = sorted(_most_special(fitting), key=lambda item: item.rank, reverse=True)
        if filled or not chosen:
            chosen += sorted(general, key=lambda item: item.rank[1], reverse=True)
        return tuple(item.place for item in chosen[:MAX_PLACES])

    def statuses(self, places: tuple[DraftMeetingPlace, ...]) -> tuple[DraftStatus, ...]:
        """The statuses that answers made of ``places`` have to tell."""
        return tuple(
            DraftStatus(item.place.name, item.place.status, item.place.as_of, item.passage)
            for item in places
            if item.place.status is not Status.UNKNOWN
        )

    def _candidates(self, terms: QuestionTerms | None) -> Iterator[tuple[str, _Candidate]]:
        for programme in self._catalogue.programmes:
            if _is_place(programme) and programme.status.value not in _GONE:
                share, quoted = self._best(programme, terms)
                place = self._of_programme(programme, quoted)
                if place is not None:
                    reasons = programme.needs or (programme.summary.value,)
                    purposes = sum(bool(_PURPOSE.search(reason)) for reason in reasons)
                    general = purposes / len(reasons) >= _GENERAL_SHARE and not self._names_field(programme)
                    yield programme.id, _Candidate(place, share, purposes, general)
        for organisation in self._catalogue.organisations:
            if organisation.kind is OrganisationKind.ALLIANCE:
                place = self._of_alliance(organisation, terms)
                if place is not None:
                    # An alliance is for its own field only.
                    yield organisation.id, _Candidate(place, share_of(terms, own_words(organisation)), 0, False)

    def _names_field(self, programme: Programme) -> bool:
        """Whether a card's name has the field of an organisation on file: it is for that field alone."""
        fields = (field.value for organisation in self._catalogue.organisations for field in organisation.fields)
        return any(field in programme.name for field in fields)

    def _best(self, programme: Programme, terms: QuestionTerms | None) -> tuple[float, Quoted]:
        """How far a card is in the field, and its summary unless a fact speaks of the field and it does not."""
        words = " ".join((programme.name, *programme.aliases, *programme.needs, programme.summary.value))
        lines = (programme.summary, *programme.facts)
        best = max(lines, key=lambda line: (share_of(terms, line.value), -lines.index(line)))
        told = share_of(terms, best.value)
        return max(share_of(terms, words), told), best if told >= MINIMUM_PLACE_COVERAGE else programme.summary

    def _of_programme(self, programme: Programme, quoted: Quoted) -> DraftMeetingPlace | None:
        passage = self._cards.passage(quoted.document or programme.document, quoted.quote)
        if passage is None:
            return None
        status = self._cards.status(programme)
        as_of = status.as_of if status is not None else self._document(passage.document_id).metadata.date
        return self._drafted(programme.name, programme.kind.value, quoted.value, programme.status.value, as_of, passage)

    def _of_alliance(self, organisation: OrganisationEntry, terms: QuestionTerms | None) -> DraftMeetingPlace | None:
        line = self._links.line(organisation, terms)
        passage = self._links.passage(organisation, line)
        if passage is None:
            return None
        document = self._document(passage.document_id)
        tied = (programme.status.value for programme in self._links.programmes_of(organisation))
        status = next(tied, document_status(document.metadata))
        return self._drafted(
            organisation.name, organisation.kind.value, line.value, status, document.metadata.date, passage
        )

    def _drafted(
        self, name: str, kind: str, why: str, status: Status, as_of: str | None, passage: Passage
    ) -> DraftMeetingPlace:
        return DraftMeetingPlace(MeetingPlace(name, kind, why, status, as_of, None), passage)


def _is_place(programme: Programme) -> bool:
    if programme.kind is ProgrammeKind.EVENT:
        return True
    return programme.kind is ProgrammeKind.MATCHMAKING and bool(_PLACE.search(programme.name))


def _most_special(places: list[_Candidate]) -> list[_Candidate]:
    """Without the family of alliances where one of its members is there."""
    names = [item.place.place.name for item in places]
    return [item for item in places if not any(item.place.place.name in name[1:] for name in names)]
