"""Checksums of a version's files, taken when it is complete: what changed on disk since is damage.

Chroma's own files are left out: Chroma writes to them when it opens them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from bot.index.layout import VersionLayout

CHECKSUM_FILE = "CHECKSUMS"
#: Made anew whenever a lexical index is opened for writing, and empty.
_LOCKS = ".lock"


def write_checksums(version: VersionLayout) -> None:
    """Write down what the files of a complete version are."""
    found = {name: file_checksum(path) for name, path in _files(version)}
    (version.folder / CHECKSUM_FILE).write_text(json.dumps(found), encoding="utf-8")


def changed_files(version: VersionLayout) -> tuple[str, ...]:
    """Files of a version that are missing or not as they were; none for a version without checksums."""
    try:
        kept: dict[str, str] = json.loads((version.folder / CHECKSUM_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError):
        return (CHECKSUM_FILE,)
    now = dict(_files(version))
    return tuple(name for name, known in kept.items() if name not in now or _differs(now[name], known))


def file_checksum(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _differs(path: Path, known: str) -> bool:
    try:
        return file_checksum(path) != known
    except OSError:
        return True


def _files(version: VersionLayout) -> Iterator[tuple[str, Path]]:
    for path in sorted(version.folder.rglob("*")):
        name = path.relative_to(version.folder).as_posix()
        if path.is_file() and path.suffix != _LOCKS and name != CHECKSUM_FILE and version.chroma not in path.parents:
            yield name, path
