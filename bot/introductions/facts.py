"""The facts on file for a pair, by slot name; nothing else may enter a draft.

A blind draft gets its facts from records that came through the market's door (:mod:`bot.market.masking`): masked
before the gist is cut, so that a cut cannot leave half a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.introductions.records import TracedFact
from bot.market.fields import FIELDS, FieldType, kind_of
from bot.market.records import Need, Offer, Party
from bot.text.sentences import split_sentences
from bot.types import Reason, RecordKind

#: A letter quotes the gist of a long description, in whole sentences; a summary must fit one page.
MAX_FACT, MAX_SUMMARY_FACT = 240, 80
_SKIPPED = frozenset({FieldType.ID, FieldType.OWNER, FieldType.YES_NO, FieldType.CONFIDENTIALITY, FieldType.LIST})


def record_facts(record: Need | Offer, longest: int = MAX_FACT) -> dict[str, tuple[TracedFact, ...]]:
    """Slots ``need.…`` or ``offer.…`` of every stated field that may be told."""
    kind = kind_of(record)
    prefix = "need" if kind is RecordKind.NEED else "offer"
    facts: dict[str, tuple[TracedFact, ...]] = {}
    for spec in FIELDS[kind]:
        # The source may be a page that names the owner.
        if spec.type in _SKIPPED or spec.name in ("source", "exclusions"):
            continue
        value = getattr(record, spec.name)
        if value not in (None, ""):
            text = f"{value} 级" if spec.type is FieldType.TRL else gist(str(value), longest)
            source = f"{kind.label} {record.id}「{spec.label}」"
            facts[f"{prefix}.{spec.name}"] = (TracedFact(text, source),)
    return facts


def party_facts(prefix: str, label: str, party: Party) -> dict[str, tuple[TracedFact, ...]]:
    """Slots ``<prefix>.name`` and ``<prefix>.contact``."""
    facts: dict[str, tuple[TracedFact, ...]] = {}
    if party.organisation is not None:
        source = f"机构 {party.organisation.id}「名称」"
        facts[f"{prefix}.name"] = (TracedFact(party.organisation.shown_name, source),)
    if party.contact is not None:
        contact = party.contact
        told = "，".join(part for part in (contact.name, contact.phone, contact.email) if part)
        if told:
            source = f"{label}联系方式（已有双方同意的记录）"
            facts[f"{prefix}.contact"] = (TracedFact(told, source),)
    return facts


def reason_facts(reasons: tuple[Reason, ...], need: Need, offer: Offer) -> Mapping[str, tuple[TracedFact, ...]]:
    """Slot ``match.reasons``: one fact for each reason, in the words of both records."""
    facts = []
    for reason in reasons:
        words = "、".join(f"“{word}”" for word in reason.shared)
        same = f"同属{reason.label}领域" if reason.label else f"双方都写到{words}"
        text = f"{same}：需求写“{reason.need_quote}”，成果写“{reason.offer_quote}”"
        facts.append(TracedFact(text, f"需求 {need.id} 与 成果 {offer.id} 的原文"))
    return {"match.reasons": tuple(facts)} if facts else {}


def date_fact(today: date) -> Mapping[str, tuple[TracedFact, ...]]:
    """Slot ``today``."""
    text = f"{today.year}年{today.month}月{today.day}日"
    return {"today": (TracedFact(text, "起草日期"),)}


def gist(text: str, longest: int = MAX_FACT) -> str:
    """The first whole sentences of ``text``, on one line and within ``longest`` characters."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat.rstrip("。；;，, ") if flat.count("。") <= 1 else flat
    kept = ""
    for sentence in split_sentences(flat):
        if len(kept) + len(sentence.text) > longest:
            break
        kept += sentence.text
    return kept or flat[:longest] + "……"
