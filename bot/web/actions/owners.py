"""What the holder of a receipt may do: change, withdraw, show interest, answer, get the joint letter."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from bot.errors import AssistantError, MarketError, UsageError
from bot.introductions.records import Form, Stage
from bot.introductions.records import Language as Written
from bot.market.consents import WHOLE_SCOPE, Consent, ConsentChannel, ConsentScope, ConsentStep, Pairing
from bot.market.fields import kind_of
from bot.market.parts import OWNER_ACTOR
from bot.market.records import Interest, Need, Offer
from bot.market.service import Market
from bot.types import RecordKind, Standing
from bot.web.actions.drafts import DraftShelf
from bot.web.actions.interface import ViewAssistant
from bot.web.actions.reply import Fields, Reply, market_kind
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.texts import Language
from bot.web.texts.views import ViewTexts
from bot.web.views import introductions
from bot.web.views.fields import form_values, sent_contact
from bot.web.views.matches import match_cards
from bot.web.views.receipts import Claimed, Pair, claimed, pair_ids, side_of

_LOGGER = logging.getLogger(__name__)

#: Who answers in the page, as the record of it says.
HOLDER = "回执持有人"
#: Digits of the largest event number there can be.
_SEEN_DIGITS = 18
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
        self.market.express_interest(interest, consent=WHOLE_SCOPE if fields.get("consent") else ())
        return Reply(tag("p", text(texts.interest_kept), class_="notice-line", role="status"))

    def agree(self, fields: Fields, texts: ViewTexts) -> Reply:
        """One side's yes, by the holder of that side's receipt, to the record as it was shown."""
        scope = WHOLE_SCOPE if fields.get("contact") else (ConsentScope.NAME,)
        return self._answered(fields, texts, ConsentStep.GIVEN, scope)

    def refuse(self, fields: Fields, texts: ViewTexts) -> Reply:
        """One side's no."""
        return self._answered(fields, texts, ConsentStep.REFUSED)

    def take_back(self, fields: Fields, texts: ViewTexts) -> Reply:
        """One side's yes taken back; it counts no more from now on."""
        return self._answered(fields, texts, ConsentStep.WITHDRAWN)

    def _answered(
        self, fields: Fields, texts: ViewTexts, step: ConsentStep, scope: tuple[ConsentScope, ...] = ()
    ) -> Reply:
        receipt, other_id = fields.get("receipt", ""), fields.get("other", "")
        _, own = self.market.claim(receipt)
        # The same answer for an id that never was, one that is hidden, and one that never asked.
        if other_id not in {pair.other.id for pair in self._pairs(own) if pair.pairing.linked}:
            raise UsageError("对方还没有就这条记录表达过意向，或者已经撤下", remedy="先表达意向，或请技术经理人牵线")
        need_id, offer_id = pair_ids(own, other_id)
        consent = Consent(
            need_id=need_id,
            offer_id=offer_id,
            side=side_of(own),
            step=step,
            channel=ConsentChannel.PAGE,
            said_by=HOLDER,
            actor=OWNER_ACTOR,
            scope=scope,
        )
        seen = fields.get("seen", "")
        self.market.record_consent(consent, seen=int(seen) if seen.isdecimal() and len(seen) <= _SEEN_DIGITS else 0)
        return self._shown(receipt, texts, texts.consent_kept)

    def joint(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The joint letter, for the holder of a receipt of the pair; blocked until both agreed."""
        need, offer = fields.get("need", ""), fields.get("offer", "")
        if not self.holds(fields.get("receipt", ""), need, offer):
            raise UsageError(texts.receipt_needed)
        written = Written.ENGLISH if texts.language is Language.ENGLISH else Written.CHINESE
        worded = self.assistant.introduce(need, offer, Form.LETTER, Stage.JOINT, written)
        return Reply(introductions.drafted(worded, self.drafts.keep(worded.introduction), texts))

    def _shown(self, receipt: str, texts: ViewTexts, notice: str = "") -> Reply:
        _, record = self.market.claim(receipt)
        report = self.market.assess(record)
        pairs = self._pairs(record)
        matches = self.proposals(record, texts, "mine") if record.standing is Standing.OPEN else EMPTY
        shown = Claimed(
            record,
            receipt,
            report,
            self.market.preview(record),
            pairs,
            self.market.history(kind_of(record), record.id),
            self.market.contact_of(receipt),
            self.market.returned_for(record),
        )
        return Reply(claimed(shown, matches, texts, notice=notice))

    def _pairs(self, record: Need | Offer) -> list[Pair]:
        """The pairs of a record with those that anybody may see; what was taken down is not followed."""
        pairings = {_other_id(record, each): each for each in self.market.pairings(record)}
        others = {each.id: each for each in self.market.public_records(kind_of(record).counterpart, list(pairings))}
        return [
            Pair(others[other_id], self._told(record, pairing), pairing)
            for other_id, pairing in pairings.items()
            if other_id in others
        ]

    def _told(self, record: Need | Offer, pairing: Pairing) -> Interest | None:
        """What the other side wants. Who they are stays unsaid until both agreed: a name may stand in any answer."""
        theirs = [interest for interest in pairing.interests if interest.side is not side_of(record)]
        if not theirs:
            return None
        other = self.market.offer(pairing.offer_id) if isinstance(record, Need) else self.market.need(pairing.need_id)
        return replace(
            theirs[-1],
            cooperation_sought=self.market.blinded(other, theirs[-1].cooperation_sought),
            unclear=self.market.blinded(other, theirs[-1].unclear),
            introduction="",
        )

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


def _other_id(record: Need | Offer, pairing: Pairing) -> str:
    return pairing.offer_id if isinstance(record, Need) else pairing.need_id
