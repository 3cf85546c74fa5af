"""Editing the staff-kept records: one at a time, with the checks of an ingest before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.catalogue.load import load_catalogue, record_problems
from bot.catalogue.models import Scope
from bot.curation import yaml_records
from bot.curation.record_forms import FILES, SCOPE, reasons
from bot.curation.records import Change
from bot.curation.room import CorpusRoom
from bot.curation.shelf import CorpusShelf
from bot.documents.bounded import BoundedReader, ReadingLimits
from bot.documents.corpus import CorpusFile
from bot.documents.passages import read_passages
from bot.errors import CatalogueError, DocumentError
from bot.types import Document


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record as its file holds it; ``mark`` changes with its text. ``problems`` are why an ingest leaves it out."""

    file: str
    mark: str
    value: Mapping[str, Any]
    problems: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What the record is known by in its file; a group of words has none."""
        return str(self.value.get("id", ""))

    @property
    def name(self) -> str:
        """What people call it."""
        told = (self.value.get(key) for key in ("name", "title", "purpose"))
        words = self.value.get("words")
        return str(next((each for each in told if each), "") or ("、".join(map(str, words[:6])) if words else self.id))


class FolderDocuments(Mapping[str, Document]):
    """The documents of the corpus folder as it is now, ingested or not; read when they are asked for.

    A file that cannot be read is none. Leave it with ``with``: a reading process may run.
    """

    def __init__(self, shelf: CorpusShelf) -> None:
        self._shelf = shelf
        self._picture = shelf.in_force()
        self._files: dict[str, CorpusFile] = {file.id: file for file in shelf.listing().files}
        self._read: dict[str, Document | None] = {}
        self._reader = BoundedReader(read_passages, ReadingLimits())

    def __enter__(self) -> FolderDocuments:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def __getitem__(self, document_id: str) -> Document:
        if document_id not in self._read:
            self._read[document_id] = self._find(document_id)
        found = self._read[document_id]
        if found is None:
            raise KeyError(document_id)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def _find(self, document_id: str) -> Document | None:
        file = self._files.get(document_id)
        if file is None:
            return None
        if self._picture.hashes.get(document_id) == file.content_hash:
            return self._shelf.document(self._picture.version, document_id)[0]
        try:
            return self._reader.read(file)[0]
        except DocumentError:
            return None


class CatalogueEditor:
    """Reads and changes the records of the corpus folder. The constructor does no I/O."""

    def __init__(self, room: CorpusRoom, shelf: CorpusShelf) -> None:
        self._room, self._shelf = room, shelf

    def records(self, file: str) -> tuple[KeptRecord, ...]:
        """The records of a file, with what is wrong with each. Raises :class:`CatalogueError`."""
        text = self._text(file)
        with FolderDocuments(self._shelf) as documents:
            return tuple(
                KeptRecord(file, each.mark, each.value, problems(file, each.value, documents))
                for each in _cut(file, text)
                if isinstance(each.value, dict)
            )

    def record(self, file: str, mark: str) -> KeptRecord:
        """One record. Raises :class:`CatalogueError` when it has changed or is gone."""
        for each in _cut(file, self._text(file)):
            if each.mark == mark and isinstance(each.value, dict):
                return KeptRecord(file, mark, each.value)
        raise CatalogueError("这一条已经被改过或删掉了", remedy="回到列表，打开现在的这一条")

    def check(self, file: str, value: Mapping[str, Any], mark: str = "") -> tuple[str, ...]:
        """Why an ingest would leave ``value`` out, in place of the record of ``mark`` or as a new one."""
        held = _cut(file, self._text(file))
        if mark:
            yaml_records.place_of(held, mark)
        others = [each for each in held if each.mark != mark]
        with FolderDocuments(self._shelf) as documents:
            found = problems(file, value, documents)
        told = value.get("id")
        if told and any(isinstance(each.value, dict) and each.value.get("id") == told for each in others):
            found = (*found, f"编号 {told} 已经有了，请换一个")
        return found

    def save(
        self, file: str, value: Mapping[str, Any], mark: str = "", *, by: str, proposal: int | None = None
    ) -> Change:
        """Write a record in place of the one of ``mark``, or at the end.

        Raises :class:`CatalogueError` for what :meth:`check` tells, and where another changed that record.
        """
        wrong = self.check(file, value, mark)
        if wrong:
            raise CatalogueError("这一条还不能存", value="；".join(wrong), remedy="改好再存；引文照原文抄录")
        note = str(value.get("id") or value.get("name") or "")
        return self._room.edit(file, lambda held: _made(file, held, value, mark), by=by, note=note, proposal=proposal)

    def remove(self, file: str, mark: str, *, by: str) -> Change:
        """Take a record out; the file's earlier state is kept and can be brought back."""
        held = self.record(file, mark)

        def without(data: bytes | None) -> bytes:
            return yaml_records.removed(_decoded(data), mark).encode()

        return self._room.edit(file, without, by=by, note=f"- {held.id or held.name}")

    def warnings(self) -> tuple[str, ...]:
        """What an ingest would tell of the records together: one that points to another that is not there."""
        with FolderDocuments(self._shelf) as documents:
            return load_catalogue(self._room.folder.root, documents).warnings

    def waiting(self) -> bool:
        """Whether the records in force are not those that an ingest would find now."""
        with FolderDocuments(self._shelf) as documents:
            return load_catalogue(self._room.folder.root, documents).catalogue != self._shelf.in_force().catalogue

    def _text(self, file: str) -> str:
        if file not in FILES:
            raise CatalogueError("没有这份清单", value=file, remedy=f"可以是：{'、'.join(FILES)}")
        return _decoded(self._room.folder.bytes_of(file))


def problems(file: str, value: Mapping[str, Any], documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Why an ingest of ``documents`` would leave a record out: the ingest's own checks, run on it alone."""
    try:
        record = FILES[file].model_validate(value)
    except ValidationError as error:
        return reasons(error)
    parts = record.places if isinstance(record, Scope) else (record,)
    return tuple(each for part in parts for each in record_problems(part, documents))


def _cut(file: str, text: str) -> tuple[yaml_records.YamlRecord, ...]:
    if file == SCOPE:
        return yaml_records.read_whole(text)
    return yaml_records.read_records(text)


def _made(file: str, held: bytes | None, value: Mapping[str, Any], mark: str) -> bytes:
    text = _decoded(held)
    if file == SCOPE:
        return yaml_records.changed_whole(text, value, mark).encode()
    return (yaml_records.changed(text, mark, value) if mark else yaml_records.added(text, value)).encode()


def _decoded(data: bytes | None) -> str:
    try:
        return "" if data is None else data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CatalogueError("读不懂", remedy="存成 UTF-8 编码") from None
