"""A record's page, and how every step taken on it ends: back on the page, or refused with all that was typed."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import AssistantError, MarketError
from bot.market.records import Need, Offer, State
from bot.pipeline.case_files import CaseFiles
from bot.pipeline.duplicates import Duplicates
from bot.pipeline.proposals import Proposals
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import page
from bot.web.desk.guard import Signed
from bot.web.desk.pipeline.addresses import RECORDS, kind_of_address, record_address
from bot.web.desk.pipeline.record_view import record_page
from bot.web.desk.pipeline.shown import Shown
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY

_NEIGHBOURS = 5
NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})
Work = Callable[[RecordKind], object]


def record_router(desk: Desk) -> APIRouter:
    """The page of a record, by either of its addresses."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    pages = RecordPages(desk)

    @router.get(f"{RECORDS}/one", response_class=HTMLResponse)
    def one(signed: manager, kind: str = "", id: str = "") -> HTMLResponse:  # noqa: A002 - the name in the address
        return pages.shown(signed, kind_of_address(kind), id)

    @router.get(f"{RECORDS}/{{kind}}/{{id:path}}", response_class=HTMLResponse)
    def by_address(signed: manager, kind: str, id: str) -> HTMLResponse:  # noqa: A002
        return pages.shown(signed, kind_of_address(kind), id)

    return router


@dataclass(frozen=True, slots=True)
class RecordPages:
    """The pages of records; a contact that is shown is in the trail."""

    desk: Desk

    def done(
        self,
        signed: Signed,
        kind: str,
        record_id: str,
        action: str,
        work: Work,
        typed: Mapping[str, str] = NOTHING_TYPED,
        detail: str = "",
    ) -> HTMLResponse | RedirectResponse:
        """Take a step on a record, write it into the trail as ``action`` (by itself where empty), and show the page."""
        of = kind_of_address(kind)
        try:
            existing(self.desk, of, record_id)
            work(of)
        except AssistantError as error:
            return self.shown(signed, of, record_id, problem=str(error), typed=typed)
        if action:
            self.desk.trail.record(signed.user, action, f"{of.value}:{record_id}", detail)
        return see_other(record_address(of, record_id))

    def shown(
        self,
        signed: Signed,
        kind: RecordKind,
        record_id: str,
        *,
        problem: str = "",
        typed: Mapping[str, str] = NOTHING_TYPED,
    ) -> HTMLResponse:
        """The page; with a ``problem`` as the answer to a form that was refused, and what was typed into it."""
        try:
            record = existing(self.desk, kind, record_id)
        except MarketError as error:
            return HTMLResponse(page(kind.label, EMPTY, signed, path=RECORDS, problem=str(error)), 404)
        found = self._looked_up(record, kind)
        if found.party.contact is not None and not found.party.contact.empty:
            self.desk.trail.record(signed.user, "contact.seen", f"{kind.value}:{record_id}")
        body = record_page(found, signed, typed)
        return HTMLResponse(page(kind.label, body, signed, path=RECORDS, problem=problem), 409 if problem else 200)

    def _looked_up(self, record: Need | Offer, kind: RecordKind) -> Shown:
        market, cases = self.desk.market, CaseFiles(self.desk.database)
        duplicates, pairings = Duplicates(market).of(record), market.pairings(record)
        counterparts = [each.offer_id if isinstance(record, Need) else each.need_id for each in pairings]
        named = {
            kind: [each.other_than(record.id) for each in duplicates],
            kind.counterpart: counterparts,
        }
        titles = {
            (of, each.id): each.title for of, ids in named.items() for each in market.records_of(of, ids).values()
        }
        return Shown(
            record=record,
            kind=kind,
            seen=market.newest_event(kind, record.id),
            party=market.party(record),
            keeper=cases.keeper(kind, record.id),
            managers=managers(self.desk),
            returned_for=market.returned_for(record),
            merged_into=market.merged_into(kind, record.id) if record.state is State.CLOSED else "",
            quality=market.assess(record),
            matches=Proposals(market).of(record),
            neighbours=market.near(record, _NEIGHBOURS),
            duplicates=duplicates,
            pairings=pairings,
            titles=titles,
            entries=cases.entries(kind, record.id),
            events=market.history(kind, record.id),
        )


def managers(desk: Desk) -> tuple[str, ...]:
    """The names of all managers."""
    return tuple(each.name for each in desk.guard.accounts.listed() if each.may(Role.MANAGER))


def existing(desk: Desk, kind: RecordKind, record_id: str) -> Need | Offer:
    """The record; raises :class:`MarketError` when there is none."""
    return desk.market.need(record_id) if kind is RecordKind.NEED else desk.market.offer(record_id)
