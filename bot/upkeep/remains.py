"""What backups and returns leave behind when they are killed: folders with contacts in them, a return half done."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.store.sqlite_file import RESTORING_FILE

_PREFIXES = ("backup-", "restore-")
_LOCK = "at-work.lock"
#: Seconds in which whoever has made a folder has locked it.
_LOCKED_WITHIN = 60
#: What a return has ready beside the place it goes to.
STAGED = ".restoring"


@contextmanager
def private_folder(beside: Path | None, prefix: str) -> Iterator[Path]:
    """A folder for this process alone, gone afterwards; what killed ones left in ``beside`` goes too."""
    if beside is not None:
        beside.mkdir(parents=True, exist_ok=True)
        for left in left_folders(beside):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{prefix}", dir=beside))
    try:
        # The lock ends with the process, however that ends; no clock tells what is left of one that is dead.
        with FileLock(folder / _LOCK):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def left_folders(beside: Path) -> tuple[Path, ...]:
    """Folders in ``beside`` of backups and returns whose process is gone."""
    found = (each for prefix in _PREFIXES for each in beside.glob(f".{prefix}*") if each.is_dir())
    return tuple(sorted(each for each in found if _is_left(each)))


def _is_left(folder: Path) -> bool:
    try:
        if not (folder / _LOCK).exists() and abs(time.time() - folder.stat().st_mtime) < _LOCKED_WITHIN:
            return False
        with FileLock(folder / _LOCK, timeout=0):
            return True
    except (Timeout, OSError):
        return False


class Note:
    """What a return says of itself: ``changed`` from its first change on."""

    def __init__(self) -> None:
        self.changed = False


@contextmanager
def noted(data_dir: Path, file: Path) -> Iterator[Note]:
    """Have it on disk, for as long as the block lasts, that a return of ``file`` changes what is there.

    What failed after its first change is half way, and the note of it stays.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path, note = data_dir / RESTORING_FILE, Note()
    # A note of an earlier one that is half way stays until this one has come to its end.
    note.changed = path.exists()
    try:
        with path.open("w", encoding="utf-8") as stream:
            json.dump({"file": str(file.resolve())}, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        yield note
    except BaseException:
        if not note.changed:
            path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)


def half_done(data_dir: Path) -> str | None:
    """The file whose return did not come to its end; ``None`` where there is none."""
    try:
        return str(json.loads((data_dir / RESTORING_FILE).read_text(encoding="utf-8"))["file"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return ""
