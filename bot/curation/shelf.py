"""The corpus as it is on file: what an index version holds, what the folder holds, and where the two differ."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from bot.catalogue.conflicts import Disagreement, disagreements_from_json
from bot.catalogue.load import quoted_parts
from bot.catalogue.models import Catalogue
from bot.catalogue.quotes import find_quote
from bot.documents.corpus import CorpusFile, CorpusListing, list_corpus_files
from bot.documents.relations import FiledDocument, Relations, resolve_relations
from bot.errors import IndexMissing, SearchIndexError
from bot.index import attachments
from bot.index.documents import DocumentStore
from bot.index.layout import IndexLayout
from bot.settings import Settings
from bot.types import Chunk, Document, DocumentMetadata, FailedDocument, LeftOut


class FileState(StrEnum):
    """Where a document stands between the folder and the index in force."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return {"same": "已启用", "new": "还没导入", "changed": "改过，还没导入", "gone": "已移出，还没导入"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Picture:
    """What one index version holds besides the texts, all of it by document id."""

    version: int | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, DocumentMetadata] = field(default_factory=dict)
    left_out: Mapping[str, tuple[LeftOut, ...]] = field(default_factory=dict)
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filed: tuple[FiledDocument, ...] = ()
    relations: Relations = Relations()
    catalogue: Catalogue = Catalogue()
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Resting:
    """A record of the catalogue that rests on a document: its file, its id, what people call it."""

    file: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """A document in the list; ``metadata`` is ``None`` for one that no ingest has read."""

    id: str
    state: FileState
    metadata: DocumentMetadata | None
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    superseded_by: str | None = None
    repeals: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def lost(self) -> tuple[LeftOut, ...]:
        """What is missing from the clean text, page numbers and the like aside."""
        return tuple(each for each in self.left_out if not each.furniture)


class CorpusShelf:
    """The corpus of one office. Every method reads anew what may have changed; the constructor does no I/O."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._layout = IndexLayout(settings.data_dir)

    def in_force(self) -> Picture:
        """The index version in force; an empty picture where there is none."""
        try:
            return self.picture(self._layout.read_pointer().version)
        except IndexMissing:
            return Picture()

    def picture(self, version: int) -> Picture:
        """One version. Raises :class:`SearchIndexError` where it cannot be read."""
        path = self._layout.version(version).documents
        try:
            status = path.stat()
        except OSError as error:
            raise SearchIndexError(
                "没有这个版本", value=version, tried=error.strerror or "", remedy="刷新页面"
            ) from None
        # A number may be given again once its version was thrown away.
        return _picture(path, version, status.st_ino, status.st_mtime_ns)

    def document(self, version: int | None, document_id: str) -> tuple[Document, tuple[Chunk, ...]]:
        """A document of a version with its passages. Raises :class:`UsageError` when it has none of that id."""
        if version is None:
            raise IndexMissing("还没有建立索引", remedy="先导入一次")
        with closing(DocumentStore(self._layout.version(version).documents)) as store:
            return store.document(document_id), store.chunks_of(document_id)

    def documents(self, version: int | None) -> dict[str, Document]:
        """All documents of a version by id."""
        if version is None:
            return {}
        with closing(DocumentStore(self._layout.version(version).documents)) as store:
            return {name: store.document(name) for name in store.content_hashes()}

    def listing(self) -> CorpusListing:
        """The files in the corpus folder. Raises :class:`CorpusError` without one."""
        return list_corpus_files(self._settings.corpus_dir)

    def lines(self) -> tuple[tuple[ShelfLine, ...], tuple[FailedDocument, ...]]:
        """Every document in the folder or in force by id, and the files that cannot be used."""
        picture, listing = self.in_force(), self.listing()
        there = {file.id: file for file in listing.files}
        names = sorted(there.keys() | picture.hashes.keys())
        return tuple(_line(name, there.get(name), picture) for name in names), listing.failed

    def waiting(self) -> int:
        """How many documents differ between the folder and the index in force."""
        return sum(each.state is not FileState.SAME for each in self.lines()[0])


def resting_on(catalogue: Catalogue, document: str) -> tuple[Resting, ...]:
    """The records of the catalogue that quote ``document``."""
    return tuple(dict.fromkeys(record for record, _ in broken_quotes(catalogue, document, "")))


def broken_quotes(catalogue: Catalogue, source: str, text: str) -> tuple[tuple[Resting, str], ...]:
    """The records that quote ``source``, with each quote of theirs that does not stand in ``text``."""
    files = {
        "programmes.yaml": catalogue.programmes,
        "contacts.yaml": catalogue.contacts,
        "organisations.yaml": catalogue.organisations,
        "needs.yaml": catalogue.needs,
        "scope.yaml": catalogue.scope.places,
    }
    return tuple(
        (Resting(file, str(getattr(record, "id", "")), _called(record)), quote)
        for file, records in files.items()
        for record in records
        for _, document, quote in quoted_parts(record)
        if document == source and find_quote(text, quote) is None
    )


def _called(record: BaseModel) -> str:
    """What people call a record of the catalogue."""
    told = (getattr(record, name, None) for name in ("name", "title", "purpose", "id"))
    return str(next((each for each in told if each), ""))


def _line(name: str, file: CorpusFile | None, picture: Picture) -> ShelfLine:
    known = picture.hashes.get(name)
    metadata = picture.metadata.get(name)
    if file is None:
        state = FileState.GONE
    elif known is None:
        state = FileState.NEW
    else:
        state = FileState.SAME if known == file.content_hash else FileState.CHANGED
    relations = picture.relations
    pairs = (each for each in relations.duplicates if name in (each.first, each.other))
    groups = (group.documents for group in relations.versions if name in group.documents)
    return ShelfLine(
        name,
        state,
        metadata,
        picture.left_out.get(name, ()),
        picture.warnings.get(name, ()),
        tuple(sorted({each for pair in pairs for each in (pair.first, pair.other)} - {name})),
        metadata.superseded_by if metadata else None,
        tuple(each.document for each in relations.superseded if each.by == name),
        tuple(dict.fromkeys(each for group in groups for each in group if each != name)),
    )


@lru_cache(maxsize=4)
def _picture(path: Path, version: int, _node: int, _changed: int) -> Picture:
    with closing(DocumentStore(path)) as store:
        own, metadata = store.own_metadata(), store.metadata()
        filed = tuple(FiledDocument(name, known, store.document(name).text) for name, known in own.items())
        readings = list(store.readings())
        kept = store.attachment(attachments.CATALOGUE)
        return Picture(
            version,
            store.content_hashes(),
            metadata,
            {name: left_out for name, left_out, _ in readings},
            {name: warnings for name, _, warnings in readings},
            filed,
            resolve_relations(filed),
            Catalogue.model_validate_json(kept) if kept else Catalogue(),
            disagreements_from_json(store.attachment(attachments.DISAGREEMENTS) or "[]"),
        )
