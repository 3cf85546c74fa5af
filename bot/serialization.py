"""Records as the JSON of the command line's contract: one compact object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.types import Answer, DraftState, Hit, IngestReport, Match, RecordKind

SCORE_DIGITS = 6


def to_line(content: Mapping[str, Any]) -> str:
    """One compact JSON object, Chinese as it is, no line break inside."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def answer_object(answer: Answer, case_id: object = None, *, explain: bool = False) -> dict[str, Any]:
    """An answer as the contract lays down; ``id`` is echoed as given. ``explain`` adds ``decisions``."""
    content = asdict(answer)
    content["matches"] = [match_object(match) for match in answer.matches]
    content["historic"] = [match_object(match) for match in answer.historic]
    content["draft"] = draft_object(answer.draft) if answer.draft is not None else None
    del content["nearest"]
    if not explain:
        del content["decisions"]
    content |= {"outcome": answer.outcome.value, "language": answer.language}
    identifier = {} if case_id is None else {"id": case_id}
    return {**identifier, **content}


def match_object(match: Match) -> dict[str, Any]:
    """A match as the contract lays down."""
    is_offer = match.kind is RecordKind.OFFER
    return {
        "offer_id": match.id if is_offer else None,
        "need_id": None if is_offer else match.id,
        "title": match.title,
        "score": round(match.score, SCORE_DIGITS),
        "level": match.level,
        "proposed": match.proposed,
        "standing": match.standing.value,
        "owner": match.owner or None,
        "region": match.region or None,
        "as_of": match.as_of,
        "sample": match.sample,
        "confidential": match.confidential,
        "reasons": [asdict(reason) for reason in match.reasons],
        "gates": [asdict(gate) for gate in match.gates],
    }


def draft_object(state: DraftState) -> dict[str, Any]:
    """A draft with what is missing; the private contact in it is never written out."""
    return {
        "kind": state.draft.kind.value,
        "started": state.draft.started,
        "fields": [asdict(line) for line in state.lines],
        "missing": list(state.missing),
        "question": state.question.text if state.question is not None else None,
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """A hit as the contract lays down."""
    return {
        "document_id": hit.chunk.document_id,
        "title": hit.metadata.title,
        "section": hit.chunk.section,
        "score": round(hit.score, SCORE_DIGITS),
        "start": hit.chunk.start,
        "end": hit.chunk.end,
        "text": hit.chunk.text,
    }


def ingest_object(report: IngestReport) -> dict[str, Any]:
    """What an ingest did, as the contract lays down."""
    return asdict(report)
