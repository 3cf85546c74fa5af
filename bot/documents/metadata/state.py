"""The state of a document: what its box and title say, and what follows on a given day."""

from __future__ import annotations

import datetime
import re

from bot.documents.metadata.source import Found, Label, Source
from bot.types.documents import DocumentMetadata, MetadataQuote, SourceKind, Status

_DRAFT = re.compile("征求意见|草案|初稿|预公开|讨论稿|送审稿|公示稿")
_PILOT = re.compile("试行|试点|暂行")
#: What a box says of a text, the first that fits; 已失效 is no 有效.
_STATES: tuple[tuple[re.Pattern[str], Status], ...] = (
    (re.compile("废止|被替代|被修订"), Status.SUPERSEDED),
    (re.compile("失效|过期|无效"), Status.EXPIRED),
    (re.compile("征求意见|草案"), Status.DRAFT),
    (re.compile("有效"), Status.IN_FORCE),
)


def stated_status(source: Source, title: Found[str]) -> Found[Status] | None:
    """The status that the box or the title states; ``None`` where neither does."""
    for labelled in source.values(Label.STATE):
        for pattern, status in _STATES:
            if pattern.search(labelled.value):
                return Found(status, labelled.quote("status"))
    match = _DRAFT.search(title.value)
    if match:
        quote = title.quote
        return Found(Status.DRAFT, MetadataQuote("status", quote.text, quote.start, quote.end, quote.label))
    return None


def status_on(metadata: DocumentMetadata, today: datetime.date) -> Status:
    """The status of a document on the day ``today``, the first that applies in the order of :class:`Status`.

    A text whose first day in force is still to come is ``PLANNED``; an issued instrument is ``IN_FORCE``.
    """
    day = today.isoformat()
    stated = metadata.status
    if stated is Status.EXPIRED or (metadata.valid_until and metadata.valid_until < day):
        return Status.EXPIRED
    replaced = metadata.superseded_by and (metadata.superseded_from or day) <= day
    if replaced or stated is Status.SUPERSEDED:
        return Status.SUPERSEDED
    if stated is Status.DRAFT or _DRAFT.search(metadata.title):
        return Status.DRAFT
    if metadata.effective_from and metadata.effective_from > day:
        return Status.PLANNED
    if stated is Status.UNKNOWN or stated is Status.IN_FORCE:
        if _PILOT.search(metadata.title):
            return Status.PILOT
    if stated is not Status.UNKNOWN:
        return stated
    issued = metadata.kind is SourceKind.OFFICIAL and (metadata.document_number or metadata.effective_from)
    return Status.IN_FORCE if issued else Status.UNKNOWN
