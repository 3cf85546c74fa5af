"""Attachments that come as files of their own: they hold under their parent's number and date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import PurePosixPath

from bot.documents.relations import FiledDocument
from bot.types.documents import DocumentMetadata

_ARCHIVE = ".zip/"
_ATTACHMENT = "附件"


def attached(documents: Iterable[FiledDocument]) -> Iterator[tuple[str, DocumentMetadata]]:
    """Id and metadata of every attachment of an archive that holds one numbered document.

    A file is an attachment when its name or title says so and it has no number of its own.
    """
    inside = sorted((each for each in documents if _ARCHIVE in each.id), key=lambda each: each.id)
    for _, group in groupby(inside, key=lambda each: each.id.rpartition(_ARCHIVE)[0]):
        members = list(group)
        numbered = [each for each in members if each.metadata.document_number]
        if len(numbered) != 1:
            continue
        parent = numbered[0]
        for member in members:
            if member is not parent and _is_attachment(member):
                yield member.id, _under(member.metadata, parent)


def _is_attachment(document: FiledDocument) -> bool:
    name = PurePosixPath(document.id).name
    return name.startswith(_ATTACHMENT) or document.metadata.title.startswith(_ATTACHMENT)


def _under(metadata: DocumentMetadata, parent: FiledDocument) -> DocumentMetadata:
    own = parent.metadata
    return replace(
        metadata,
        document_number=own.document_number,
        date=metadata.date or own.date,
        issuer=metadata.issuer or own.issuer,
        issuers=metadata.issuers or own.issuers,
        valid_until=metadata.valid_until or own.valid_until,
        attached_to=parent.id,
    )
