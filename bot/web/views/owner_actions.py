"""What the holder of a receipt may do: change, withdraw, show interest, agree, get the joint letter."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.errors import AssistantError, MarketError, UsageError
from bot.introductions.drafting import blind_text
from bot.introductions.records import Form, Stage
from bot.market.consents import consent_state, counterparts, record_consent
from bot.market.fields import kind_of
from bot.market.records import Interest, Need, Offer, Side
from bot.market.service import OWNER_ACTOR, Market
from bot.types import RecordKind, Standing
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.views import introductions
from bot.web.views.drafts import DraftShelf
from bot.web.views.fields import form_values, sent_contact
from bot.web.views.interface import ViewAssistant
from bot.web.views.matches import match_cards
from bot.web.views.receipts import Pair, claimed, pair_ids, side_of
from bot.web.views.reply import Fields, Reply, market_kind
from bot.web.views.texts import ViewTexts

_LOGGER = logging.getLogger(__name__)

#: On what a consent given in the page rests, as the record of it says.
EVIDENCE = "凭回执码在页面上确认"
GIVEN_BY = "回执持有人"
#: Matches shown for one search; the first are proposed, the rest folded.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class OwnerActions:
    """Actions that a receipt opens. Safe to share between threads."""

    assistant: ViewAssistant
    drafts: DraftShelf

    @property
    def market(self) -> Market:
        """Needs, offers and organisations."""
        return self.assistant.market

    def holds(self, receipt: str, need_id: str, offer_id: str) -> bool:
        """Whether ``receipt`` opens one of the two records."""
        try:
            kind, record = self.market.claim(receipt)
        except MarketError:
            return False
        return record.id == (need_id if kind is RecordKind.NEED else offer_id)

    def claim(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The record of a receipt with everything its owner can do."""
        return self._shown(fields.get("receipt", ""), texts)

    def revise(self, fields: Fields, texts: ViewTexts) -> Reply:
        """Changes to the record, through the quality gate again."""
        receipt = fields.get("receipt", "")
        kind, _ = self.market.claim(receipt)
        done = self.market.revise(receipt, form_values(kind, fields), contact=sent_contact(fields))
        return self._shown(receipt, texts, f"{texts.saved}{texts.states[done.record.state]}")

    def withdraw(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The record taken back for good."""
        self.market.withdraw(fields.get("receipt", ""))
        return self._shown(fields.get("receipt", ""), texts, texts.withdrawn)

    def interest(self, fields: Fields, texts: ViewTexts) -> Reply:
        """Interest of the receipt's record in another one, with consent where it is given at once."""
        kind = market_kind(fields.get("kind", ""))
        own_kind, own = self.market.claim(fields.get("receipt", ""))
        if own_kind is kind:
            raise UsageError(
                f"这个回执是一条{own_kind.label}",
                remedy=f"对{kind.label}表达意向，要用一条{kind.counterpart.label}的回执；没有就先登记一条",
            )
        side = side_of(own)
        need_id, offer_id = pair_ids(own, fields.get("id", ""))
        self.market.public_record(kind, fields.get("id", ""))
        interest = Interest(
            need_id=need_id,
            offer_id=offer_id,
            side=side,
            cooperation_sought=fields.get("cooperation_sought", "").strip(),
            unclear=fields.get("unclear", "").strip(),
            introduction=fields.get("introduction", "").strip(),
        )
        self.market.express_interest(interest)
        if fields.get("consent"):
            self._consent(need_id, offer_id, side, given=True)
        return Reply(tag("p", text(texts.interest_kept), class_="notice-line", role="status"))

    def consent(self, fields: Fields, texts: ViewTexts) -> Reply:
        """One side's yes or its withdrawal, by the holder of that side's receipt."""
        receipt = fields.get("receipt", "")
        kind, own = self.market.claim(receipt)
        need_id, offer_id = pair_ids(own, fields.get("other", ""))
        given = bool(fields.get("given"))
        # The same answer for an id that never was, one that is hidden, and one that never asked.
        if fields.get("other", "") not in {other.id for other in self._others(own)}:
            raise UsageError("对方还没有就这条记录表达过意向，或者已经撤下", remedy="先表达意向，或请技术经理人牵线")
        self._consent(need_id, offer_id, side_of(own), given=given)
        return self._shown(receipt, texts, texts.consent_kept)

    def joint(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The joint letter, for the holder of a receipt of the pair; blocked until both agreed."""
        need, offer = fields.get("need", ""), fields.get("offer", "")
        if not self.holds(fields.get("receipt", ""), need, offer):
            raise UsageError(texts.receipt_needed)
        worded = self.assistant.introduce(need, offer, Form.LETTER, Stage.JOINT)
        return Reply(introductions.drafted(worded, self.drafts.keep(worded.introduction), texts))

    def _consent(self, need_id: str, offer_id: str, side: Side, *, given: bool) -> None:
        record_consent(
            self.market.store,
            need_id,
            offer_id,
            side,
            given=given,
            given_by=GIVEN_BY,
            evidence=EVIDENCE,
            actor=OWNER_ACTOR,
        )

    def _shown(self, receipt: str, texts: ViewTexts, notice: str = "") -> Reply:
        _, record = self.market.claim(receipt)
        report = self.market.assess(record)
        pairs = self._pairs(record)
        matches = self.proposals(record, texts, "mine") if record.standing is Standing.OPEN else EMPTY
        events = self.market.store.events(kind_of(record), record.id)
        contact = self.market.contact_of(receipt)
        return Reply(claimed(record, receipt, report, pairs, matches, events, contact, texts, notice=notice))

    def _pairs(self, record: Need | Offer) -> list[Pair]:
        return [self._pair(record, other) for other in self._others(record)]

    def _others(self, record: Need | Offer) -> list[Need | Offer]:
        """The counterparts of a record that anybody may see; what was taken down is not followed."""
        kind = kind_of(record)
        ids = counterparts(self.market.store, kind, record.id)
        found = self.market.store.get_many(kind.counterpart, ids)
        return [each for each in found if isinstance(each, (Need, Offer)) and each.is_public]

    def _pair(self, record: Need | Offer, other: Need | Offer) -> Pair:
        need_id, offer_id = pair_ids(record, other.id)
        interests = self.market.store.list_interests(need_id=need_id, offer_id=offer_id)
        theirs = [interest for interest in interests if interest.side is not side_of(record)]
        told = None
        if theirs:
            newest = theirs[-1]
            # Who they are stays unsaid until both agreed: a name may stand in any of the answers.
            told = Interest(
                need_id=need_id,
                offer_id=offer_id,
                side=newest.side,
                cooperation_sought=blind_text(self.market, need_id, offer_id, newest.side, newest.cooperation_sought),
                unclear=blind_text(self.market, need_id, offer_id, newest.side, newest.unclear),
            )
        return Pair(self.market.door.public(other), told, consent_state(self.market.store, need_id, offer_id))

    def proposals(self, record: Need | Offer, texts: ViewTexts, place: str) -> Html:
        """Whom a record may fit; the record is shown even where matching cannot be done just now."""
        try:
            proposed = self.market.matches_of(record, SHOWN).proposed
        except (AssistantError, OSError):
            _LOGGER.exception("no matches for the record %s", record.id)
            return EMPTY
        if not proposed:
            return tag("p", text(texts.none_yet), class_="hint")
        heading = tag("h4", text(texts.found.format(len(proposed))))
        return join((heading, match_cards(proposed, record.id, texts, place)))
