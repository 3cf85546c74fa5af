"""Records as the JSON of the command line's contract: one compact object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.types import Answer, Hit, IngestReport

SCORE_DIGITS = 6


def to_line(content: Mapping[str, Any]) -> str:
    """One compact JSON object, Chinese as it is, no line break inside."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def answer_object(answer: Answer, case_id: object = None) -> dict[str, Any]:
    """An answer as the contract lays down; ``id`` is echoed as given."""
    content = asdict(answer)
    identifier = {} if case_id is None else {"id": case_id}
    return {**identifier, **content}


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
