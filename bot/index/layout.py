"""Where index versions lie, which one is in force, and who may write.

::

    data_dir/index/
    ├── CURRENT                 JSON: the version in force and the one before it
    ├── CANDIDATE               JSON: a version that is complete and waits to be put in force, while there is one
    ├── lock                    held by the one ingest at work
    ├── ID                      the name of this index on a Chroma server, once it has one
    └── versions/<n>/
        ├── chroma/             passage vectors, to find the nearest; not where a Chroma server holds them
        ├── passages/           the same vectors by row number, to score what was found otherwise
        ├── sentences/          sentences of the passages with their vectors
        ├── lexical/chunks/     BM25 over passages
        ├── lexical/documents/  BM25 over whole documents
        └── documents.sqlite3   documents, passages, attachments

A version is complete before ``CURRENT`` names it and is never written afterwards, so that a process
killed at any moment leaves the version in force as it was.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import IndexMissing, SearchIndexError
from bot.settings import INGEST

INDEX_FOLDER = "index"
VERSIONS_FOLDER = "versions"
POINTER_FILE = "CURRENT"
CANDIDATE_FILE = "CANDIDATE"
LOCK_FILE = "lock"
ID_FILE = "ID"
REMEDY = f"运行 {INGEST}"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What ``CURRENT`` says; ``previous`` is kept for readers that have not moved on yet."""

    version: int
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A complete version that waits to be put in force; ``base`` was in force when it was built."""

    version: int
    base: int | None = None


@dataclass(frozen=True, slots=True)
class IndexLayout:
    """Paths below one data folder."""

    data_dir: Path

    @property
    def root(self) -> Path:
        """The index folder."""
        return self.data_dir / INDEX_FOLDER

    @property
    def pointer_file(self) -> Path:
        """Names the version in force."""
        return self.root / POINTER_FILE

    @property
    def candidate_file(self) -> Path:
        """Names the version that waits; missing while none does."""
        return self.root / CANDIDATE_FILE

    @property
    def id_file(self) -> Path:
        """Names this index on a Chroma server; missing while it has no collection there."""
        return self.root / ID_FILE

    def version(self, number: int) -> VersionLayout:
        """Paths of one version."""
        return VersionLayout(self.root / VERSIONS_FOLDER / str(number))

    def read_pointer(self) -> Pointer:
        """The version in force. Raises :class:`IndexMissing` or :class:`SearchIndexError`."""
        try:
            content = json.loads(self.pointer_file.read_text(encoding="utf-8"))
            previous = content["previous"]
            return Pointer(int(content["version"]), None if previous is None else int(previous))
        except FileNotFoundError:
            raise IndexMissing("还没有建立索引", value=self.data_dir, remedy=REMEDY) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SearchIndexError(
                "索引指针读不懂", value=self.pointer_file, tried=str(error), remedy=f"{REMEDY} --rebuild"
            ) from None

    def publish(self, version: int, previous: int | None) -> None:
        """Put ``version`` in force in one step, then drop versions older than ``previous``.

        No other version waits any more: it was built on what is not in force now.
        """
        _sync_folder(self.version(version).folder)
        _write(self.pointer_file, {"version": version, "previous": previous})
        self.candidate_file.unlink(missing_ok=True)
        self.prune(Pointer(version, previous))

    def read_candidate(self) -> Candidate | None:
        """The version that waits, if any; a damaged note of one counts as none."""
        try:
            content = json.loads(self.candidate_file.read_text(encoding="utf-8"))
            base = content["base"]
            found = Candidate(int(content["version"]), None if base is None else int(base))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if self.version(found.version).folder.is_dir() else None

    def hold(self, version: int, base: int | None) -> None:
        """Have the complete ``version`` wait instead of another one that did."""
        _sync_folder(self.version(version).folder)
        _write(self.candidate_file, {"version": version, "base": base})
        self.prune(self._pointer())

    def drop_candidate(self) -> None:
        """Have no version wait."""
        self.candidate_file.unlink(missing_ok=True)
        self.prune(self._pointer())

    def _pointer(self) -> Pointer | None:
        try:
            return self.read_pointer()
        except IndexMissing:
            return None

    def prune(self, pointer: Pointer | None) -> None:
        """Remove every version that neither ``pointer`` names nor waits: old ones, and those never finished."""
        keep = {str(number) for number in (pointer.version, pointer.previous)} if pointer else set()
        candidate = self.read_candidate()
        keep |= {str(candidate.version)} if candidate is not None else set()
        versions = self.root / VERSIONS_FOLDER
        for folder in versions.iterdir() if versions.is_dir() else ():
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)

    def next_version(self) -> int:
        """A number that no version on disk has."""
        versions = self.root / VERSIONS_FOLDER
        taken = [int(path.name) for path in versions.glob("*") if path.name.isdecimal()]
        return max(taken, default=0) + 1

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the one right to write. Raises :class:`SearchIndexError` when another holds it."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / LOCK_FILE, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise SearchIndexError(
                "另一个导入正在进行", value=self.data_dir, remedy=f"等它结束后再运行 {INGEST}"
            ) from None
        # The lock ends with the process that holds it, also when that is killed.
        try:
            yield
        finally:
            lock.release()


@dataclass(frozen=True, slots=True)
class VersionLayout:
    """Paths of one version."""

    folder: Path

    @property
    def chroma(self) -> Path:
        """The dense leg's folder."""
        return self.folder / "chroma"

    @property
    def passages(self) -> Path:
        """Passage vectors by row number."""
        return self.folder / "passages"

    @property
    def sentences(self) -> Path:
        """Sentences with their vectors."""
        return self.folder / "sentences"

    @property
    def lexical_chunks(self) -> Path:
        """BM25 over chunks."""
        return self.folder / "lexical" / "chunks"

    @property
    def lexical_documents(self) -> Path:
        """BM25 over whole documents."""
        return self.folder / "lexical" / "documents"

    @property
    def complete(self) -> bool:
        """Whether the folders of all vectors are there, apart from Chroma's."""
        return all(folder.is_dir() for folder in (self.passages, self.sentences))

    @property
    def documents(self) -> Path:
        """The SQLite file."""
        return self.folder / "documents.sqlite3"


def _write(path: Path, content: dict[str, int | None]) -> None:
    """Write a small JSON file in one step: a reader sees the old one or the new one, whole.

    Raises :class:`SearchIndexError` where it cannot be written; the old one is then in force.
    """
    partial = path.with_suffix(".partial")
    try:
        with partial.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps(content))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise SearchIndexError(
            "索引没有启用，原来的照常使用",
            value=path,
            tried=error.strerror or str(error),
            remedy="腾出磁盘空间、核对写权限，再做一次",
        ) from error


def _sync_folder(folder: Path) -> None:
    """Bring every file below ``folder`` to disk, so that a power cut cannot empty a published one."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
