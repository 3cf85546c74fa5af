"""All that is on file of one record, for the desk: content, changes, interest, consents, and whose list brought it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.market.records import Organisation, Side
from bot.types import RecordKind

if TYPE_CHECKING:
    from bot.market.records import AnyRecord
    from bot.market.service import Market


def record_object(market: Market, kind: RecordKind, record: AnyRecord) -> dict[str, Any]:
    """The record as JSON tells it; ``origin`` is ``null`` for one that no list brought."""
    interests, consents = _pairs(market, record)
    origin = market.origin(kind, record.id)
    brought = {"label": origin.label, "source": origin.source, "aside": dict(origin.aside)} if origin else None
    events = [asdict(event) for event in market.history(kind, record.id)]
    return {**asdict(record), "events": events, "interests": interests, "consents": consents, "origin": brought}


def record_lines(market: Market, kind: RecordKind, record: AnyRecord) -> Iterator[str]:
    """The record as people read it, without what was not stated."""
    told = record_object(market, kind, record)
    for name in asdict(record):
        value = told[name]
        if value not in (None, "", (), False):
            yield f"{name}: {'；'.join(value) if isinstance(value, tuple) else value}"
    if told["origin"] is not None:
        yield f"  来自名单“{told['origin']['label']}”"
        for column, cell in told["origin"]["aside"].items():
            yield f"  另存的列（不公开） {column}：{cell}"
    for event in told["events"]:
        moved = f"{event['from_state'] or ''} → {event['to_state'] or ''}"
        yield f"  {event['at']}  {event['actor']}  {event['action']}  {moved}  {event['reason']}"
    for each in told["interests"]:
        words = "；".join(each[part] for part in ("cooperation_sought", "unclear", "introduction") if each[part])
        yield f"  意向 {each['at']}  {each['need_id']} ↔ {each['offer_id']}  {each['side']}  {words}"
    for pair in told["consents"]:
        yield f"  同意 {pair['need_id']} ↔ {pair['offer_id']}  还缺：{'、'.join(pair['missing']) or '无'}"
        for said in pair["said"]:
            who = f"{said['said_by']}（{said['channel']}，{said['actor']} 记录）"
            yield f"    {said['at']}  {said['side']}  {said['step']}  {who}"


def _pairs(market: Market, record: AnyRecord) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The interests on a need or offer, and of every pair whose yes is missing and what was said."""
    if isinstance(record, Organisation):
        return [], []
    consents = [
        {
            "need_id": pair.need_id,
            "offer_id": pair.offer_id,
            "linked": pair.linked,
            "missing": [side.value for side in pair.consents.missing],
            "standings": {side.value: pair.consents.of(side).standing.value for side in Side},
            "said": [asdict(said) for said in market.consent_history(pair.need_id, pair.offer_id)],
        }
        for pair in market.pairings(record)
    ]
    return [asdict(interest) for interest in market.interests(record)], consents
