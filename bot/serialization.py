"""Records as the JSON of the command line's contract: one compact object per line.

An answer is also written whole, for its reader's own browser to keep, and read again from there. What comes back
is not trusted: its shape is checked field by field and its size is bounded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.errors import UsageError
from bot.types import Answer, Citation, DraftState, Hit, IngestReport, Match, PrivateContact, RecordKind

SCORE_DIGITS = 6

LONGEST_KEPT = 200_000
"""Characters of JSON that one kept answer may have; the longest answers have some 40,000."""

MOST_KEPT = 120
"""Entries that one list of a kept answer may have."""

LONGEST_KEPT_TEXT = 20_000
"""Characters that the text of a kept answer may have."""


def to_line(content: Mapping[str, Any]) -> str:
    """One compact JSON object, Chinese as it is, no line break inside."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def answer_object(answer: Answer, case_id: object = None, *, explain: bool = False) -> dict[str, Any]:
    """An answer as the contract lays down; ``id`` is echoed as given. ``explain`` adds ``decisions``."""
    content = asdict(answer)
    content["matches"] = [match_object(match) for match in answer.matches]
    content["historic"] = [match_object(match) for match in answer.historic]
    content["fellows"] = [match_object(match) for match in answer.fellows]
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
        "comparisons": [asdict(comparison) for comparison in match.comparisons],
        "basis": asdict(match.basis),
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


# --- answers that a browser keeps ------------------------------------------------------------------


def kept_answer(answer: Answer) -> dict[str, Any]:
    """An answer with every field that :func:`answer_from_kept` reads.

    What the planner weighed is left out, and so is the private contact of a draft: it is handed over apart.
    """
    draft = answer.draft
    if draft is not None:
        draft = replace(draft, draft=replace(draft.draft, contact=PrivateContact()))
    whole = replace(answer, decisions=(), draft=draft)
    # A figure's value may be a whole number, of which it would warn.
    written: dict[str, Any] = _answers().dump_python(whole, mode="json", warnings=False)
    return written


def answer_from_kept(written: str, contact: PrivateContact | None = None) -> Answer:
    """The answer that :func:`kept_answer` wrote as JSON, with the contact of its draft put back.

    Raises :class:`UsageError` for anything else: another shape, an unknown field, a wrong type, too much of it.
    """
    if len(written) > LONGEST_KEPT:
        raise _unreadable(f"{len(written)} 字")
    try:
        answer = _answers().validate_json(written, strict=True, extra="forbid")
    except ValidationError as error:
        raise _unreadable(f"{error.error_count()} 处不符") from None
    if not _bounded(answer):
        raise _unreadable("内容过多")
    if answer.draft is not None and contact is not None:
        answer = replace(answer, draft=replace(answer.draft, draft=replace(answer.draft.draft, contact=contact)))
    return answer


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _unreadable(why: str) -> UsageError:
    return UsageError("保存的答复读不出来", value=why, remedy="再问一次")


def _bounded(answer: Answer) -> bool:
    lists = (
        *(answer.notes, answer.citations, answer.figures, answer.corrections, answer.computed, answer.statuses),
        *(answer.contacts, answer.partners, answer.meeting_places, answer.matches, answer.historic),
        *(answer.conflicts, answer.follow_ups, answer.emphasis, answer.summary, answer.fellows),
    )
    within = len(answer.answer) <= LONGEST_KEPT_TEXT and all(len(each) <= MOST_KEPT for each in lists)
    return within and all(_is_place(each) for each in answer.citations)


def _is_place(citation: Citation) -> bool:
    return 0 <= citation.start < citation.end and citation.marker > 0
