"""The list of pairs and the page of one pair: what is recorded there, by whom. For technology managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import AssistantError, MarketError, UsageError
from bot.introductions.letters import Letters
from bot.introductions.records import Form, Language, Stage
from bot.introductions.sending import PairWork
from bot.introductions.waiting import pair_file, pair_files
from bot.market.consents import Consent, ConsentChannel, ConsentScope, ConsentStep
from bot.market.records import CloseReason, Party, Side
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import page
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.introductions.addresses import (
    LIST,
    NOTHING_TYPED,
    PAIRS,
    Typed,
    choice_of,
    day_of,
    entries,
    letter_address,
    number_of,
    pair_address,
)
from bot.web.desk.introductions.listing import Waiting, Whose, listing
from bot.web.desk.introductions.pair_view import PairPage
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY

_LONGEST_NAME = 40
_KINDS = {Side.NEED_OWNER: RecordKind.NEED, Side.OFFER_OWNER: RecordKind.OFFER}
Sent = Annotated[dict[str, str], Depends(entries)]
#: Work on a pair: gives the address to go on to, the page of the pair where it gives none.
Work = Callable[[Signed, dict[str, str], str, str], str]


class PairPages:
    """The pages over pairs; every change and every contact seen is written into the trail."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def work(self) -> PairWork:
        """The steps of pairs."""
        return PairWork(self.desk.market)

    def shown(
        self,
        signed: Signed,
        need: str,
        offer: str,
        *,
        typed: Typed = NOTHING_TYPED,
        contacts: bool = False,
        stage: str = "",
        notice: str = "",
    ) -> HTMLResponse:
        """The page of a pair; with ``contacts`` who is behind both records, which is written into the trail."""
        market, days = self.desk.market, self.desk.settings.desk.reminder_days
        try:
            file = pair_file(market, need, offer, days)
        except MarketError as error:
            return HTMLResponse(page("配对", EMPTY, signed, path=LIST, problem=str(error)), 404)
        parties: dict[Side, Party] = {}
        if contacts:
            for side, record in ((Side.NEED_OWNER, file.need), (Side.OFFER_OWNER, file.offer)):
                parties[side] = market.party(record)
                self.desk.trail.record(signed.user, "contact.seen", f"{_KINDS[side].value}:{record.id}")
        shown = PairPage(
            file,
            market.consent_history(need, offer),
            Letters(market, self.desk.settings.office).of_pair(need, offer),
            signed,
            self.desk.today(),
            parties,
            typed,
            Stage(stage) if stage in set(Stage) else None,
        )
        status = 400 if typed.problem else 200
        return HTMLResponse(page("引荐这一对", shown.body(), signed, path=LIST, notice=notice), status)

    def done(
        self, signed: Signed, sent: dict[str, str], name: str, action: str, work: Work
    ) -> HTMLResponse | RedirectResponse:
        """Do ``work`` and lead on; where it is refused show the pair with what was typed and why."""
        need, offer = sent.get("need", ""), sent.get("offer", "")
        try:
            onwards = work(signed, sent, need, offer)
        except AssistantError as error:
            key = sent.get("side", "") or sent.get("about", "")
            return self.shown(signed, need, offer, typed=Typed(name + key, sent, str(error)))
        self.desk.trail.record(signed.user, action, f"pair:{need}/{offer}")
        return see_other(onwards or pair_address(need, offer))

    # --- the steps ------------------------------------------------------------------------------------

    def take_up(self, signed: Signed, _sent: dict[str, str], need: str, offer: str) -> str:
        """Look after the pair."""
        self.work.take_up(need, offer, actor=signed.user.name)
        return ""

    def said(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """What a side was asked or answered."""
        try:
            scope = tuple(ConsentScope(each) for each in sent.get("scope", "").split(",") if each)
        except ValueError:
            raise UsageError("没有这个选项", value="scope", remedy="从列表里选一个") from None
        consent = Consent(
            need_id=need,
            offer_id=offer,
            side=choice_of(Side, sent.get("side", "")),
            step=choice_of(ConsentStep, sent.get("step", "")),
            channel=choice_of(ConsentChannel, sent.get("channel", "")),
            said_by=sent.get("said_by", ""),
            actor=signed.user.name,
            scope=scope,
            evidence=sent.get("evidence", ""),
        )
        self.work.record_said(consent, seen=number_of(sent, "seen"))
        return ""

    def draft(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """A letter of the chosen stage, kept as its first version."""
        form, stage = choice_of(Form, sent.get("form", "")), choice_of(Stage, sent.get("stage", ""))
        language = choice_of(Language, sent.get("language", ""))
        worded = self.desk.assistant.introduce(need, offer, form, stage, language)
        letter = Letters(self.desk.market, self.desk.settings.office).keep(worded.introduction, actor=signed.user.name)
        return letter_address(letter.id)

    def answered(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """What came back to a joint letter."""
        about, answer = number_of(sent, "about"), sent.get("answer", "")
        self.work.answer(need, offer, about, answer, day_of(sent), actor=signed.user.name)
        return ""

    def reminded(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """Somebody who has not answered was reminded."""
        about, note = number_of(sent, "about"), sent.get("note", "")
        self.work.reminded(need, offer, about, note, day_of(sent), actor=signed.user.name)
        return ""

    def put_off(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """A reminder rests until a day."""
        until = day_of(sent, "until")
        self.work.put_off(need, offer, number_of(sent, "about"), until, actor=signed.user.name)
        return ""

    def met(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """Both sides met."""
        self.work.met(need, offer, sent.get("note", ""), day_of(sent), actor=signed.user.name)
        return ""

    def agreed(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """Both sides came to terms."""
        self.work.agreed(need, offer, sent.get("note", ""), day_of(sent), actor=signed.user.name)
        return ""

    def ended(self, signed: Signed, sent: dict[str, str], need: str, offer: str) -> str:
        """The pair came to nothing."""
        reason = choice_of(CloseReason, sent.get("reason", ""))
        self.work.end(need, offer, reason, sent.get("note", ""), day_of(sent), actor=signed.user.name)
        return ""


def introduction_router(desk: Desk) -> APIRouter:
    """The list of pairs and the page of one."""
    router, pages = APIRouter(), PairPages(desk)
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]

    @router.get(LIST, response_class=HTMLResponse)
    def listed(signed: manager, whose: str = "", waiting: str = "", at: Annotated[int, Query(alias="page")] = 1) -> str:
        files = list(pair_files(desk.market, desk.settings.desk.reminder_days))
        chosen = Whose(whose) if whose in set(Whose) else Whose.ALL
        waits = Waiting(waiting) if waiting in set(Waiting) else Waiting.MANAGER
        shown = listing(files, chosen, waits, signed.user.name, at, desk.today())
        return page("引荐", shown, signed, path=LIST)

    @router.get(PAIRS, response_model=None)
    def named(
        signed: manager, need: str = "", offer: str = "", contacts: bool = False, stage: str = ""
    ) -> HTMLResponse | RedirectResponse:
        need, offer = need.strip(), offer.strip()
        address = pair_address(need, offer)
        if need and offer and "?" not in address and not contacts and not stage:
            return see_other(address)
        return pages.shown(signed, need, offer, contacts=contacts, stage=stage)

    @router.get(f"{PAIRS}/{{need_id}}/{{offer_id}}", response_class=HTMLResponse)
    def one(signed: manager, need_id: str, offer_id: str, contacts: bool = False, stage: str = "") -> HTMLResponse:
        return pages.shown(signed, need_id, offer_id, contacts=contacts, stage=stage)

    def step(name: str, action: str, work: Work) -> None:
        @router.post(f"{PAIRS}/{name}", dependencies=[OwnForm], response_model=None)
        def take(signed: manager, sent: Sent) -> HTMLResponse | RedirectResponse:
            return pages.done(signed, sent, name, action, work)

    step("take-up", "pair.taken_up", pages.take_up)
    step("said", "consent.recorded", pages.said)
    step("draft", "letter.drafted", pages.draft)
    step("answered", "letter.answered", pages.answered)
    step("reminded", "pair.reminded", pages.reminded)
    step("put-off", "pair.put_off", pages.put_off)
    step("met", "pair.met", pages.met)
    step("agreed", "pair.agreed", pages.agreed)
    step("ended", "pair.ended", pages.ended)
    return router
