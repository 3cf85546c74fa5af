"""Index versions on disk: built beside the one in force, published by replacing a pointer.

``data_dir/index/versions/<n>/`` holds ``documents.sqlite3``, ``chroma/``, ``lexical/`` and
``lexical_documents/``; ``data_dir/index/CURRENT`` names the version in force. A kill at any moment leaves
the version in force whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SearchIndexError

_POINTER = "CURRENT"
#: Readers of the previous version may still be at work; older ones are removed.
KEPT_VERSIONS = 2


@dataclass(frozen=True, slots=True)
class Version:
    """One built version: its running number, folder and the fingerprint of what built it."""

    number: int
    folder: Path
    fingerprint: str

    @property
    def documents(self) -> Path:
        """The SQLite file of documents and chunks."""
        return self.folder / "documents.sqlite3"

    @property
    def dense(self) -> Path:
        """The Chroma folder."""
        return self.folder / "chroma"

    @property
    def lexical(self) -> Path:
        """The tantivy folder of chunks."""
        return self.folder / "lexical"

    @property
    def lexical_documents(self) -> Path:
        """The tantivy folder of whole documents."""
        return self.folder / "lexical_documents"


def current_version(data_dir: Path) -> Version | None:
    """The version in force, or None when nothing was ever published."""
    pointer = data_dir / "index" / _POINTER
    try:
        content = json.loads(pointer.read_text(encoding="utf-8"))
        return _version(data_dir, int(content["version"]), str(content["fingerprint"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, OSError) as error:
        raise SearchIndexError(
            "索引的指针文件坏了", value=pointer, tried=str(error), remedy="运行 python ingest.py --rebuild"
        ) from None


def new_version(data_dir: Path, fingerprint: str) -> Version:
    """An empty folder for the next version; what a killed build left there is removed."""
    current = current_version(data_dir)
    version = _version(data_dir, current.number + 1 if current else 1, fingerprint)
    shutil.rmtree(version.folder, ignore_errors=True)
    version.folder.mkdir(parents=True)
    return version


def publish(data_dir: Path, version: Version) -> None:
    """Make ``version`` the one in force, atomically, and remove the ones nobody reads any more."""
    pointer = data_dir / "index" / _POINTER
    temporary = pointer.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({"version": version.number, "fingerprint": version.fingerprint}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, pointer)
    for folder in version.folder.parent.iterdir():
        if folder.name.isdigit() and not version.number - KEPT_VERSIONS < int(folder.name) <= version.number:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def ingest_lock(data_dir: Path) -> Iterator[None]:
    """Hold the right to build; raises at once when another ingest holds it."""
    folder = data_dir / "index"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "LOCK").open("w")
    except OSError as error:
        raise SearchIndexError(
            "数据文件夹不能写", value=data_dir, tried=str(error), remedy="换一个可写的 --data 文件夹"
        ) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SearchIndexError("另一个入库正在进行", value=folder, remedy="等它结束再运行一次") from None
        yield


def _version(data_dir: Path, number: int, fingerprint: str) -> Version:
    return Version(number, data_dir / "index" / "versions" / str(number), fingerprint)
