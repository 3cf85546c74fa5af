"""What a version was built with, kept as an attachment of that version."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from bot.errors import SearchIndexError
from bot.index.documents import DocumentStore
from bot.index.layout import REMEDY

#: Raised whenever chunking, search terms or the layout change: every file is then read again.
INDEX_FORMAT = "4"
_ATTACHMENT = "manifest"


@dataclass(frozen=True, slots=True)
class Manifest:
    """``format`` is the program's, ``embedder`` its fingerprint, ``dimension`` of its vectors.

    ``heading_terms`` and ``body_terms`` are mean numbers of search terms in the two fields of a chunk;
    ``model`` is the setting that named the embedder.
    """

    format: str
    embedder: str
    dimension: int
    heading_terms: float = 0.0
    body_terms: float = 0.0
    model: str = ""


def write_manifest(store: DocumentStore, manifest: Manifest) -> None:
    """Keep ``manifest`` with the version."""
    store.attach(_ATTACHMENT, json.dumps(asdict(manifest)))


def read_manifest(store: DocumentStore) -> Manifest:
    """The version's manifest. Raises :class:`SearchIndexError` when there is none."""
    content = store.attachment(_ATTACHMENT)
    if content is None:
        raise SearchIndexError("索引不完整", value=_ATTACHMENT, remedy=f"{REMEDY} --rebuild")
    # What another program keeps besides is none of ours: the format tells that it is another's.
    known = {each.name for each in fields(Manifest)}
    return Manifest(**{name: value for name, value in json.loads(content).items() if name in known})
