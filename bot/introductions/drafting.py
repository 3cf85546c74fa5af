"""Draft an introduction from facts on file: blind until both consents are on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from bot.errors import ConsentError, MarketError
from bot.introductions.composing import Composition, Piece, compose
from bot.introductions.facts import (
    MAX_CLAUSE,
    MAX_SENTENCE,
    Slots,
    Told,
    condition_facts,
    office_facts,
    one,
    party_facts,
    reason_facts,
    record_facts,
)
from bot.introductions.records import Form, Introduction, Language, Stage, as_text
from bot.introductions.templates import Templates
from bot.market.consents import ConsentScope, ConsentState
from bot.market.fields import kind_of
from bot.market.gates import check_gates
from bot.market.masking import marks_in, masked_text
from bot.market.records import Need, Offer, Side, known_same_owner
from bot.market.redaction import scan
from bot.market.service import Market
from bot.printing.blocks import Block
from bot.settings import OfficeSettings
from bot.types import Reason, RecordKind, Standing

#: Slots that tell of a record or of both; whatever stands beside them is searched once more.
_OF_RECORDS = ("需求 ", "成果 ")


def draft_introduction(
    market: Market,
    need_id: str,
    offer_id: str,
    form: Form,
    stage: Stage,
    *,
    today: date,
    office: OfficeSettings | None = None,
    language: Language = Language.CHINESE,
) -> Introduction:
    """The draft of ``form`` for ``stage``, from ``office``, dated ``today``; nothing is saved.

    A step that is not allowed yet comes back ``blocked`` with the reason and no text. Raises
    :class:`MarketError` for an unknown need or offer.
    """
    need, offer = market.need(need_id), market.offer(offer_id)
    templates = Templates.of(language)
    empty = Introduction(need_id, offer_id, stage, form, "", language=language, dated=today)
    agreement = None
    try:
        check_pair(need, offer)
        if stage is Stage.JOINT:
            agreement = market.agreement(need_id, offer_id)
    except MarketError as error:
        withheld = _withheld_names(templates) if isinstance(error, ConsentError) else ()
        return replace(empty, blocked=str(error), withheld=withheld)
    own = {Side.NEED_OWNER: market.names_of(need), Side.OFFER_OWNER: market.names_of(offer)}
    if agreement is None:
        need, offer = market.blind(need), market.blind(offer)
    else:
        need, offer = _as_agreed(market, need, offer, agreement.state)
    reasons = market.reasons(need, offer)
    if agreement is None:
        reasons = _blind_reasons(reasons, own)
    slots: Slots = {
        **record_facts(need, templates),
        **record_facts(offer, templates),
        # A shortened quote comes masked: where both agreed nothing may be, so the clause stands whole.
        **reason_facts(reasons, need, offer, templates, MAX_CLAUSE if agreement is None else MAX_SENTENCE),
        **condition_facts(check_gates(need, offer, today), need, offer, templates),
        **office_facts(office or OfficeSettings(), today, templates),
    }
    slots = _cleaned(slots, own) if agreement is None else slots | party_facts(agreement.told, templates)
    if need.sample or offer.sample:
        slots |= {way: one(templates.say(way), "示例") for way in ("sample", "sample_briefly")}
    composed = compose(templates, form, stage, slots, latin=language is Language.ENGLISH)
    return _drafted(empty, composed, templates, blind=agreement is None)


def _as_agreed(market: Market, need: Need, offer: Offer, state: ConsentState) -> tuple[Need, Offer]:
    """Both records as both owners agreed to: of one that is to be named only, nothing of how to reach it."""
    if not state.covers(Side.NEED_OWNER, ConsentScope.CONTACT):
        need = cast(Need, market.public_record(RecordKind.NEED, need.id))
    if not state.covers(Side.OFFER_OWNER, ConsentScope.CONTACT):
        offer = cast(Offer, market.public_record(RecordKind.OFFER, offer.id))
    return need, offer


def check_pair(need: Need, offer: Offer) -> None:
    """Raise :class:`MarketError` unless both may be introduced: open, and not of one organisation."""
    for record in (need, offer):
        kind = kind_of(record)
        if record.standing is not Standing.OPEN:
            standing = "历史记录" if record.historic else record.state.label
            raise MarketError(
                f"这条{kind.label}现在不能引荐",
                value=f"{record.id}（{standing}）",
                remedy="只引荐已发布、仍在寻找伙伴的记录",
            )
    if known_same_owner(need, offer):
        raise MarketError("需求方与成果方是同一单位", remedy="需求方不得自己揭榜，另找成果")


def _cleaned(slots: Slots, own: Mapping[Side, Sequence[str]]) -> Slots:
    """The facts of either record searched once more, for that side's own names only.

    Searched for the other side's, a list of guesses in one's own text would come back with the right guess left out.
    """
    names = {"need": own[Side.NEED_OWNER], "offer": own[Side.OFFER_OWNER]}

    def cleaned(told: Told, side: str) -> Told:
        return Told(tuple(masked_text(piece, names[side]) for piece in told.pieces), told.source)

    prefixes = {slot: slot.partition(".")[0] for slot in slots}
    return {
        slot: tuple(cleaned(told, prefixes[slot]) for told in facts) if prefixes[slot] in names else facts
        for slot, facts in slots.items()
    }


def _blind_reasons(reasons: Sequence[Reason], own: Mapping[Side, Sequence[str]]) -> tuple[Reason, ...]:
    """Reasons with each quote searched for its own side's names; one that rests on a name is no reason."""
    need_names, offer_names = own[Side.NEED_OWNER], own[Side.OFFER_OWNER]
    kept = []
    for reason in reasons:
        words = (*reason.shared, *reason.offer_words)
        if any(scan(word, need_names) or scan(word, offer_names) for word in words):
            continue
        need, offer = masked_text(reason.need_quote, need_names), masked_text(reason.offer_quote, offer_names)
        kept.append(replace(reason, need_quote=need, offer_quote=offer))
    return tuple(kept)


def _drafted(empty: Introduction, composed: Composition, templates: Templates, *, blind: bool) -> Introduction:
    blocks = tuple(searched(piece) if blind else piece.block for piece in composed.pieces)
    text = as_text(blocks, empty.language)
    told = dict.fromkeys(fact for piece in composed.pieces for fact in piece.facts)
    withheld: tuple[str, ...] = ()
    if blind:
        marked = tuple(f"登记文字中的{kind.label}（已隐去）" for kind in marks_in(text))
        withheld = (*_withheld_names(templates), *marked)
    for way, labels in (("cut", composed.cut), ("dropped", composed.dropped)):
        if labels:
            what = templates.say(way, labels=templates.say("join").join(labels))
            withheld = (*withheld, templates.say("left_out", what=what))
    facts = tuple(fact for fact in told if fact.text in text)
    return replace(empty, text=text, blocks=blocks, facts=facts, withheld=withheld)


def searched(piece: Piece) -> Block:
    """Words that are harmless alone may spell a number where two facts meet; what the office says stands."""
    if not any(fact.source.startswith(_OF_RECORDS) for fact in piece.facts):
        return piece.block
    return Block(piece.block.kind, masked_text(piece.block.text))


def _withheld_names(templates: Templates) -> tuple[str, ...]:
    return tuple(templates.say("withheld", side=side.label) for side in Side)
