"""What is broken on this machine, each with the command that mends it."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.candidates import waiting_candidate
from bot.errors import AssistantError
from bot.index.layout import VERSIONS_FOLDER, IndexLayout
from bot.index.legs import damaged_legs
from bot.index.room import is_full
from bot.index.sqlite_check import damage
from bot.jobs.board import JobBoard
from bot.jobs.records import JobState
from bot.market.state_log import newest_moment
from bot.settings import INGEST, PROGRAM, Settings
from bot.store.database import shared_database
from bot.store.sqlite_file import RESTORE, sqlite_path
from bot.text.moments import present
from bot.upkeep.check import Check
from bot.upkeep.remains import half_done, left_folders

#: An ingest writes a whole version beside the one in force, and SQLite a log beside its file.
LEAST_FREE_BYTES = 500_000_000
#: A clock further behind the newest record than this is wrong.
CLOCK_TOLERANCE = timedelta(minutes=5)
_MOST_NAMED = 3


def machine_checks(settings: Settings, now: Callable[[], datetime] = present) -> Iterator[Check]:
    """The data folder, its disk, the index's files, the database, the clock and work that broke off."""
    yield data_folder(settings.data_dir)
    yield disk(settings.data_dir)
    yield from returned(settings)
    yield from legs(settings)
    yield from waiting(settings)
    found = database(settings)
    yield found
    if found.ok and _on_file(settings):
        yield clock(settings, now())
        yield from broken_off(settings, now)


def data_folder(folder: Path) -> Check:
    """Whether the data folder can be written, tried with a file."""
    name = "数据文件夹"
    if not folder.exists():
        return Check(name, True, f"{folder} 还没有，第一次导入时建立")
    if not folder.is_dir():
        return Check(name, False, f"{folder} 不是文件夹", "移走这个文件，或用 --data 指到别处")
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        if is_full(error):
            return Check(name, False, f"{folder} 写不了（磁盘满了）", f"腾出空间：du -sh '{folder}'/*")
        return Check(name, False, f"{folder} 写不了（{error.strerror}）", f"sudo chown -R {_user()} '{folder}'")
    return Check(name, True, str(folder))


def disk(folder: Path, free: Callable[[Path], int] | None = None) -> Check:
    """Whether there is room for another version of the index and for records."""
    existing = next(each for each in (folder, *folder.resolve().parents) if each.is_dir())
    left = (free or _free)(existing)
    needed = max(LEAST_FREE_BYTES, 2 * _size(folder))
    found = f"剩 {left / 1e9:.1f} GB"
    if left < needed:
        return Check("磁盘", False, f"{found}，要有 {needed / 1e9:.1f} GB", f"腾出空间：du -sh '{folder}'/*")
    return Check("磁盘", True, found)


def returned(settings: Settings) -> Iterator[Check]:
    """A backup that came back half, and what killed backups and returns left: contacts are in it."""
    file = half_done(settings.data_dir)
    if file is not None:
        command = f"{PROGRAM} restore {shlex.quote(file) if file else '备份文件'} --replace"
        yield Check("恢复", False, "上次恢复没有做完，新旧数据混在一起", command)
    left = left_folders(settings.data_dir) if settings.data_dir.is_dir() else ()
    if left:
        told = "、".join(each.name for each in left[:_MOST_NAMED])
        yield Check("残留", False, f"中断的备份或恢复留下 {told}，里面可能有联系方式", f"rm -r '{left[0]}'")


def legs(settings: Settings) -> Iterator[Check]:
    """Whether every leg of the index in force answers."""
    if not IndexLayout(settings.data_dir).pointer_file.is_file():
        # The check of the index tells that there is none.
        return
    try:
        found = damaged_legs(settings.data_dir, settings.chroma)
    except AssistantError as error:
        yield Check("索引文件", False, str(error), INGEST)
        return
    for each in found:
        yield Check(f"索引·{each.leg.label}", False, each.why, INGEST)
    if not found:
        yield Check("索引文件", True, "每一路都试问过，文件和建好时一样")


def waiting(settings: Settings) -> Iterator[Check]:
    """An index version that waits, and remains of ingests that broke off."""
    candidate = waiting_candidate(settings)
    if candidate is not None:
        command = f"{PROGRAM} index publish（启用）或 {PROGRAM} index discard（丢弃）"
        yield Check("待启用的索引", True, f"第 {candidate.version} 版建好了，还没有启用", command)
    layout = IndexLayout(settings.data_dir)
    try:
        pointer = layout.read_pointer()
    except AssistantError:
        return
    known = {str(pointer.version), str(pointer.previous), str(candidate.version) if candidate else ""}
    folder = layout.root / VERSIONS_FOLDER
    left = sorted(each.name for each in folder.iterdir() if each.name not in known) if folder.is_dir() else []
    if left:
        yield Check("没有做完的导入", True, f"留下第 {'、'.join(left[:_MOST_NAMED])} 版", f"{INGEST}（会清掉它）")


def database(settings: Settings) -> Check:
    """Whether the database is there, ours, whole and up to date."""
    name = "数据库"
    try:
        url = settings.resolved_database_url
        path = sqlite_path(url)
        if path is not None and not path.exists():
            return Check(name, True, "还没有（第一次登记时建立）")
        shared_database(url).check()
        wrong = damage(path) if path is not None else ""
    except AssistantError as error:
        return Check(
            name, False, error.message if error.value is None else f"{error.message}：{error.value}", error.remedy
        )
    if wrong:
        return Check(name, False, f"已损坏：{wrong}", RESTORE)
    return Check(name, True, "PostgreSQL，有应答" if path is None else f"{path}，完好")


def clock(settings: Settings, now: datetime) -> Check:
    """Whether this machine's clock is behind what is on record: dates and terms would be reckoned wrongly."""
    newest = newest_moment(shared_database(settings.resolved_database_url))
    try:
        last = datetime.fromisoformat(newest) if newest else now
    except ValueError:
        last = now
    if last - now > CLOCK_TOLERANCE:
        return Check(
            "时钟",
            False,
            f"现在是 {now:%Y-%m-%d %H:%M}，最近的记录是 {last:%Y-%m-%d %H:%M}",
            "timedatectl set-ntp true",
        )
    return Check("时钟", True, f"{now:%Y-%m-%d %H:%M} UTC")


def broken_off(settings: Settings, now: Callable[[], datetime]) -> Iterator[Check]:
    """Long work whose process ended without a word."""
    board = JobBoard(shared_database(settings.resolved_database_url), now)
    left = [job for job in board.newest() if job.state is JobState.INTERRUPTED]
    if left:
        told = "、".join(f"{job.id} {job.kind.label}" for job in left[:_MOST_NAMED])
        yield Check("中断的工作", False, told, f"打开 /desk/jobs/{left[0].id} 点“继续”，做过的不重做")


def _on_file(settings: Settings) -> bool:
    path = sqlite_path(settings.resolved_database_url)
    return path is None or path.exists()


def _size(folder: Path) -> int:
    """Bytes of the version in force: what an ingest writes once more."""
    layout = IndexLayout(folder)
    try:
        version = layout.version(layout.read_pointer().version).folder
    except AssistantError:
        return 0
    return sum(path.stat().st_size for path in version.rglob("*") if path.is_file())


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "%USERNAME%"
