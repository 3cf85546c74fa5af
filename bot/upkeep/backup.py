"""One file that holds everything an office cannot make again, and its return."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.errors import BackupError
from bot.index.layout import INDEX_FOLDER, POINTER_FILE, VERSIONS_FOLDER, IndexLayout
from bot.settings import PROGRAM, Settings
from bot.store.migrate import HEAD
from bot.store.sqlite_file import sqlite_path
from bot.text.moments import present
from bot.upkeep import archive as parts
from bot.upkeep.archive import ArchiveWriter, Manifest, opened, read_manifest, unpack
from bot.upkeep.database_copy import bring_up_to_date, copy_in, copy_out
from bot.upkeep.remains import STAGED, Note, noted, private_folder

#: Beside a database while it is in use.
_COMPANIONS = ("-wal", "-shm", "-journal")
_NOT_IN_SETTINGS = {"database_url", "database_url_file"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What a return did; ``moved`` are the former files, kept beside the new ones."""

    manifest: Manifest
    moved: tuple[Path, ...] = field(default=())


def make_backup(
    settings: Settings, file: Path, *, with_index: bool = False, now: Callable[[], datetime] = present
) -> Manifest:
    """Write a backup to ``file``, also while the service runs; the file appears when it is whole, for its owner only.

    Raises :class:`BackupError` where it exists or cannot be written, :class:`bot.errors.MarketError` for a database
    that cannot be read.
    """
    if file.exists():
        raise BackupError("这个文件已经有了", value=file, remedy="换一个文件名；备份从不覆盖")
    try:
        with private_folder(file.parent, "backup-") as folder:
            # Within the folder: what is left of a killed one is swept with it.
            partial = folder / "backup.zip"
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                    made = _fill(ArchiveWriter(archive), settings, folder, with_index, now())
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(partial, file)
    except (OSError, sqlite3.Error) as error:
        tried = getattr(error, "strerror", None) or str(error)
        raise BackupError("备份写不了", value=file, tried=tried, remedy="腾出空间，或换一个可写的地方") from None
    return made


def check_backup(file: Path) -> Manifest:
    """Read a whole backup, compare every checksum and try its database; raises :class:`BackupError`."""
    with _unpacked(file) as (_, manifest):
        return manifest


def restore_backup(
    settings: Settings, file: Path, *, replace: bool = False, now: Callable[[], datetime] = present
) -> Restored:
    """Bring a backup back to where ``settings`` point. Everything is checked before anything changes.

    Without ``replace`` it goes into empty places only; with it the former database and folders are moved aside, not
    deleted. A running service notices the other database by itself. Raises :class:`BackupError`.
    """
    stamp = now().strftime("%Y%m%d-%H%M%S")
    with _unpacked(file, settings.data_dir) as (folder, manifest):
        places = tuple(_places(settings, folder, manifest))
        taken = [place for _, place in places if _occupied(place)]
        if taken and not replace:
            told = "、".join(str(place) for place in taken)
            raise BackupError(
                "要恢复的地方已有数据",
                value=told,
                remedy=f"{PROGRAM} restore {shlex.quote(str(file))} --replace（原来的改名留着，不删）",
            )
        moved: list[Path] = []
        try:
            with noted(settings.data_dir, file) as note:
                path = sqlite_path(settings.resolved_database_url)
                if path is None and parts.DATABASE in manifest.files:
                    # First: where this is refused nothing has changed.
                    copy_in(folder / parts.DATABASE, settings.resolved_database_url)
                    note.changed = True
                for source, place in places:
                    moved += _put(source, place, stamp, note)
        except OSError as error:
            tried = error.strerror or str(error)
            kept = "、".join(map(str, moved)) or "原来的数据没有动"
            raise BackupError("恢复写不了", value=kept, tried=tried, remedy="腾出空间、给写权限后再运行一次") from None
    return Restored(manifest, tuple(moved))


def _fill(writer: ArchiveWriter, settings: Settings, folder: Path, with_index: bool, now: datetime) -> Manifest:
    revision = ""
    path = sqlite_path(settings.resolved_database_url)
    if path is None or path.exists():
        copy_out(settings.resolved_database_url, folder / parts.DATABASE)
        writer.add(parts.DATABASE, folder / parts.DATABASE)
        revision = HEAD
    writer.add_folder(parts.CORPUS, settings.corpus_dir)
    writer.add_folder(parts.HISTORY, settings.data_dir / parts.HISTORY)
    told = settings.model_dump(mode="json", exclude=_NOT_IN_SETTINGS)
    writer.add_text(parts.SETTINGS, json.dumps(told, ensure_ascii=False, indent=1))
    if with_index:
        layout = IndexLayout(settings.data_dir)
        number = layout.read_pointer().version
        writer.add_folder(f"{parts.INDEX}/{VERSIONS_FOLDER}/{number}", layout.version(number).folder)
        writer.add_text(f"{parts.INDEX}/{POINTER_FILE}", json.dumps({"version": number, "previous": None}))
    return writer.finish(now.isoformat(timespec="seconds"), revision)


@contextmanager
def _unpacked(file: Path, beside: Path | None = None) -> Iterator[tuple[Path, Manifest]]:
    """A folder with the checked content of a backup, its database brought up to date."""
    try:
        with private_folder(beside, "restore-") as folder:
            with opened(file) as archive:
                manifest = read_manifest(archive, file)
                if manifest.revision > HEAD:
                    raise BackupError(
                        "备份是更新的程序做的",
                        value=manifest.revision,
                        tried=f"本程序认识到 {HEAD}",
                        remedy="升级程序后再恢复",
                    )
                unpack(archive, manifest, folder)
            if parts.DATABASE in manifest.files:
                bring_up_to_date(folder / parts.DATABASE)
            yield folder, manifest
    except (OSError, zipfile.BadZipFile, sqlite3.Error) as error:
        tried = getattr(error, "strerror", None) or str(error)
        raise BackupError("备份读不了", value=file, tried=tried, remedy="核对文件权限和磁盘空间") from None


def _places(settings: Settings, folder: Path, manifest: Manifest) -> Iterator[tuple[Path, Path]]:
    """What of the unpacked goes where; what is there already is left alone."""
    path = sqlite_path(settings.resolved_database_url)
    if path is not None and parts.DATABASE in manifest.files:
        yield folder / parts.DATABASE, path
    targets = (
        (parts.CORPUS, settings.corpus_to_change),
        (parts.HISTORY, settings.data_dir / parts.HISTORY),
        (parts.INDEX, settings.data_dir / INDEX_FOLDER),
    )
    for name, target in targets:
        if (folder / name).is_dir() and not _same(folder / name, target):
            yield folder / name, target


def _same(folder: Path, other: Path) -> bool:
    mine, theirs = ({p.relative_to(f): p for p in f.rglob("*") if p.is_file()} for f in (folder, other))
    return mine.keys() == theirs.keys() and all(p.read_bytes() == theirs[n].read_bytes() for n, p in mine.items())


def _occupied(place: Path) -> bool:
    return any(place.iterdir()) if place.is_dir() else place.exists()


def _unused(place: Path, stamp: str) -> Path:
    """A name for what is at ``place`` that nothing has: of two returns in one second both former states are kept."""
    names = (
        f"{place.name}.before-restore-{stamp}{ending}" for ending in ("", *(f"-{number}" for number in range(2, 100)))
    )
    return next(former for name in names if not (former := place.with_name(name)).exists())


def _put(source: Path, place: Path, stamp: str, note: Note) -> Iterator[Path]:
    """Put ``source`` in its place, what was there beside it; gives the new names of what was there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    former = _unused(place, stamp)
    staged = place.with_name(f"{place.name}{STAGED}")
    _remove(staged)
    # Across file systems a move copies: what takes long happens before anything is out of its place.
    try:
        shutil.move(source, staged)
    except OSError:
        _remove(staged)
        raise
    note.changed = True
    for ending in ("", *_COMPANIONS):
        old = place.with_name(f"{place.name}{ending}")
        if old.exists():
            os.replace(old, former.with_name(f"{former.name}{ending}"))
            yield former.with_name(f"{former.name}{ending}")
    os.replace(staged, place)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
