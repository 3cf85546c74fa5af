"""What a file handed in would be as a document, read in a process of its own before it counts."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from bot.curation.kept_files import write_whole
from bot.curation.records import Upload
from bot.documents.bounded import BoundedReader, ReadingLimits
from bot.documents.corpus import CorpusFile, list_corpus_files
from bot.documents.passages import ReadFile, read_passages
from bot.documents.relations import FiledDocument, Link, Supersession, resolve_relations
from bot.errors import DocumentError
from bot.text.sentences import split_sentences
from bot.types import Document, FailedDocument

#: Of an archive so many documents are shown before it counts; the ingest reads all.
MOST_SHOWN = 20
#: A preview is waited for at a page; what takes longer is read by the ingest.
_SECONDS = 60.0
_CACHED = 8
#: So much of the shorter text stands in the other: the two are versions of one document.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class ReadUpload:
    """The documents in a file with their passages, what could not be read, and how many were not looked at."""

    documents: tuple[ReadFile, ...] = ()
    failed: tuple[FailedDocument, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Alike:
    """A document on file that holds much of a new one: ``share`` of the shorter one's sentences, 0 to 1."""

    document: str
    share: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a new document would stand to those on file."""

    duplicates: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    alike: tuple[Alike, ...] = ()
    links: tuple[Link, ...] = ()
    superseded: tuple[Supersession, ...] = ()


class UploadReader:
    """Reads files handed in; the newest readings are kept. Safe to share between threads."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits(seconds=_SECONDS)
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], ReadUpload] = OrderedDict()

    def read(self, upload: Upload, data: bytes) -> ReadUpload:
        """What ``data`` under the name of ``upload`` would be. What cannot be read is told, never raised."""
        key = (upload.name, upload.digest)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = self._read(upload.name, data)
        with self._lock:
            self._known[key] = made
            while len(self._known) > _CACHED:
                self._known.popitem(last=False)
        return made

    def _read(self, name: str, data: bytes) -> ReadUpload:
        with TemporaryDirectory(prefix="preview-") as folder:
            path = Path(folder) / PurePosixPath(name).name
            write_whole(path, data)
            # Archives are unpacked in the other process too.
            with BoundedReader(read_upload, self._limits) as reader:
                try:
                    found = reader.read(CorpusFile(path.name, path, ""))
                except DocumentError as error:
                    return ReadUpload(failed=(FailedDocument(name, str(error)),))
        return _under(found, str(PurePosixPath(name).parent))


def read_upload(file: CorpusFile) -> ReadUpload:
    """Every document that ``file`` is or holds; runs in the reading process."""
    listing = list_corpus_files(file.path.parent)
    documents: list[ReadFile] = []
    failed = list(listing.failed)
    for each in listing.files[:MOST_SHOWN]:
        try:
            documents.append(read_passages(each))
        except DocumentError as error:
            failed.append(FailedDocument(each.id, str(error)))
    return ReadUpload(tuple(documents), tuple(failed), len(listing.files[MOST_SHOWN:]))


def standing(document: Document, filed: Iterable[FiledDocument], apart: str = "") -> Standing:
    """How ``document`` would stand to those on file, the one that it replaces (``apart``) left aside."""
    others = [each for each in filed if each.id not in (document.id, apart)]
    own = FiledDocument(document.id, document.metadata, document.text)
    relations = resolve_relations([*others, own])
    pairs = [{each.first, each.other} for each in relations.duplicates]
    squeezed = "".join(document.text.split())
    copies = {name for pair in pairs if document.id in pair for name in pair}
    copies |= {each.id for each in others if copies and "".join(each.text.split()) == squeezed}
    versions = {name for group in relations.versions if document.id in group.documents for name in group.documents}
    return Standing(
        tuple(sorted(copies - {document.id})),
        tuple(sorted(versions - copies - {document.id})),
        tuple(each for each in _alike(document, others) if each.document not in copies),
        relations.links_of(document.id),
        tuple(each for each in relations.superseded if document.id in (each.document, each.by)),
    )


def _alike(document: Document, others: Iterable[FiledDocument]) -> list[Alike]:
    mine = _sentences(document.text)
    found = []
    for each in others:
        theirs = _sentences(each.text)
        shorter = min(len(mine), len(theirs))
        share = len(mine & theirs) / shorter if shorter else 0.0
        if share >= ALIKE:
            found.append(Alike(each.id, share))
    return sorted(found, key=lambda each: (-each.share, each.document))


def _sentences(text: str) -> frozenset[str]:
    return frozenset("".join(each.text.split()) for each in split_sentences(text))


def _under(found: ReadUpload, folder: str) -> ReadUpload:
    """``found`` with the ids that it will have in the corpus."""
    if folder == ".":
        return found
    documents = tuple(
        (
            replace(document, id=f"{folder}/{document.id}"),
            tuple(replace(chunk, document_id=f"{folder}/{chunk.document_id}") for chunk in chunks),
        )
        for document, chunks in found.documents
    )
    failed = tuple(FailedDocument(f"{folder}/{each.path}", each.reason) for each in found.failed)
    return ReadUpload(documents, failed, found.unread)
