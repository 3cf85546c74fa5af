"""The state of a document: what its box and title say, and what follows on a given day."""

from __future__ import annotations

import datetime
import re

from bot.documents.metadata.source import Found, Label, Source
from bot.text.status import document_status
from bot.types.documents import DocumentMetadata, MetadataQuote, SourceKind, Status

_DRAFT = re.compile("征求意见|草案|初稿|预公开|讨论稿|送审稿|公示稿")
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
    """The status of a document on the day ``today``; an issued instrument that says nothing else is ``IN_FORCE``."""
    status = document_status(metadata, today)
    issued = metadata.kind is SourceKind.OFFICIAL and (metadata.document_number or metadata.effective_from)
    return Status.IN_FORCE if status is Status.UNKNOWN and issued else status
