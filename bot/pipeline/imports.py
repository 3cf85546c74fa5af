"""Lists that somebody sent to the desk: kept until they went in, shown row by row first, cleared away after.

A list lies in a folder of its own below ``data/imports``, named by a random token; no name of a person's file becomes
a path. It may hold contacts: the file goes as soon as it went in or was dropped, and after a day in any case.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import MarketError, PipelineError
from bot.market.importing import ImportReport, Progress
from bot.market.planning import PlannedRow
from bot.market.service import Market
from bot.settings import Settings
from bot.types import RecordKind

#: As much as an import takes.
MOST_BYTES = 200_000_000
#: A file below this size is looked through at once; a larger one by a process of its own.
AT_ONCE_BYTES = 300_000
KEPT_HOURS = 24
_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl")
_TOKEN = re.compile(r"[0-9a-f]{32}")
_CHUNK = 1 << 20
_LONGEST_NAME = 120
_NAMED_FAILURES = 200


class RowOutcome(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The outcome as people read it."""
        return {"added": "新增", "updated": "更新", "unchanged": "不变", "refused": "拒收"}[self.value]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A field's value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the list, and what becomes of it; no contact stands in it."""

    number: int
    title: str
    outcome: RowOutcome
    reason: str
    changes: tuple[CellChange, ...]
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row in the order of the file, and what one should know of the file."""

    rows: tuple[PlanRow, ...]
    notes: tuple[str, ...]

    def count(self, outcome: RowOutcome) -> int:
        """How many rows come to ``outcome``."""
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def added(self) -> int:
        """How many records are new."""
        return self.count(RowOutcome.ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A list as it was sent: by whom, under which name, of which kind. ``job`` looks through a large one."""

    token: str
    name: str
    kind: RecordKind
    source: str
    publish: bool
    by: str
    large: bool
    job: int = 0


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, as it is kept; ``failed`` are the first rows refused, with their reasons."""

    added: int
    updated: int
    unchanged: int
    refused: int
    held: int
    failed: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


class ImportRoom:
    """The lists below ``folder``. The constructor does no I/O."""

    def __init__(self, folder: Path, market: Market) -> None:
        self.folder, self._market = folder, market

    @classmethod
    def below(cls, settings: Settings, market: Market) -> ImportRoom:
        """The room of an installation."""
        return cls(settings.data_dir / "imports", market)

    def keep(
        self,
        content: BinaryIO,
        name: str,
        kind: RecordKind,
        *,
        by: str,
        source: str = "",
        publish: bool = False,
        most: int = MOST_BYTES,
    ) -> Upload:
        """Keep a list that comes in; raises :class:`PipelineError` for one that no import takes."""
        self.clear()
        shown = _shown_name(name)
        suffix = f".{shown.rpartition('.')[2].lower()}"
        if suffix not in _SUFFIXES:
            raise PipelineError("不认识的文件格式", value=shown, remedy="用 CSV、XLSX 或 JSONL 文件")
        token = secrets.token_hex(16)
        place = self.folder / token
        place.mkdir(parents=True, mode=0o700)
        source = " ".join(source.split())[:_LONGEST_NAME] or shown
        try:
            large = _written(content, place / f"list{suffix}", most) > AT_ONCE_BYTES
            upload = Upload(token=token, name=shown, kind=kind, source=source, publish=publish, by=by, large=large)
            self._write(token, "upload", asdict(upload))
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return upload

    def upload(self, token: str) -> Upload:
        """A list by its token; raises :class:`PipelineError` when there is none."""
        told = self._read(token, "upload")
        if told is None:
            raise PipelineError("没有这份名单，或者已经处理完", value=token[:8], remedy="重新上传")
        return Upload(**{**told, "kind": RecordKind(told["kind"])})

    def in_hands_of(self, token: str, job: int) -> None:
        """Remember which work looks through a list."""
        upload = self.upload(token)
        self._write(token, "upload", {**asdict(upload), "job": job})

    def check(self, token: str, progress: Progress | None = None) -> Plan:
        """Look through a list and keep what importing it would do; a list that cannot be used is not kept."""
        upload = self.upload(token)
        try:
            found = self._market.plan_import(self._file(token), upload.kind, source=upload.source, progress=progress)
        except MarketError:
            self.discard(token)
            raise
        plan = Plan(tuple(map(_plan_row, found.rows)), found.notes)
        self._write(token, "plan", asdict(plan))
        return plan

    def plan(self, token: str) -> Plan | None:
        """What was kept of looking through a list; ``None`` while it was not."""
        told = self._read(token, "plan")
        if told is None:
            return None
        rows = [
            PlanRow(
                **{
                    **row,
                    "outcome": RowOutcome(row["outcome"]),
                    "changes": tuple(CellChange(**each) for each in row["changes"]),
                }
            )
            for row in told["rows"]
        ]
        return Plan(tuple(rows), tuple(told["notes"]))

    def run(self, token: str, progress: Progress | None = None) -> ImportReport:
        """Import a list, all of it or nothing; its file is gone afterwards."""
        upload = self.upload(token)
        report = self._market.import_records(
            self._file(token),
            upload.kind,
            actor=upload.by,
            publish=upload.publish,
            source=upload.source,
            progress=progress,
        )
        failed = tuple((row.row, row.reason) for row in report.failed[:_NAMED_FAILURES])
        counts = (report.added, report.updated, report.unchanged, len(report.failed), len(report.held))
        self._write(token, "result", asdict(ImportResult(*counts, failed, report.notes)))
        self._file(token).unlink()
        (self.folder / token / "plan.json").unlink(missing_ok=True)
        return report

    def result(self, token: str) -> ImportResult | None:
        """What importing a list did; ``None`` while it did not go in."""
        told = self._read(token, "result")
        if told is None:
            return None
        failed = tuple((row, reason) for row, reason in told["failed"])
        return ImportResult(**{**told, "failed": failed, "notes": tuple(told["notes"])})

    def discard(self, token: str) -> None:
        """Drop a list."""
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self.folder / token, ignore_errors=True)

    def clear(self, older_than_hours: float = KEPT_HOURS) -> None:
        """Clear away what was left lying."""
        oldest = time.time() - older_than_hours * 3600
        for place in self.folder.glob("*") if self.folder.is_dir() else ():
            if _TOKEN.fullmatch(place.name) and place.stat().st_mtime <= oldest:
                shutil.rmtree(place, ignore_errors=True)

    def _file(self, token: str) -> Path:
        found = sorted((self.folder / token).glob("list.*"))
        if not found:
            raise PipelineError("这份名单已经导入或放弃", value=token[:8], remedy="重新上传")
        return found[0]

    def _read(self, token: str, what: str) -> dict[str, Any] | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            told: dict[str, Any] = json.loads((self.folder / token / f"{what}.json").read_text(encoding="utf-8"))
        except OSError:
            return None
        return told

    def _write(self, token: str, what: str, told: dict[str, Any]) -> None:
        path = self.folder / token / f"{what}.json"
        draft = path.with_suffix(".new")
        try:
            draft.write_text(json.dumps(told, ensure_ascii=True), encoding="utf-8")
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _written(content: BinaryIO, path: Path, most: int) -> int:
    size = 0
    with path.open("wb") as file:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise PipelineError("文件太大", value=f"超过 {most:,} 字节", remedy="拆成几个文件再导入")
            file.write(chunk)
    return size


def _shown_name(name: str) -> str:
    """The last part of a sent file's name, as it is shown and remembered: never as a path."""
    last = re.split(r"[/\\]", name)[-1]
    told = "".join(character for character in last if character.isprintable())
    return told if len(told) <= _LONGEST_NAME else told[: _LONGEST_NAME - 8] + told[-8:]


def _plan_row(row: PlannedRow) -> PlanRow:
    outcome = RowOutcome.REFUSED if row.change is None else RowOutcome(row.change.value)
    changes = tuple(CellChange(each.field, each.before, each.after) for each in row.changes)
    return PlanRow(row.row, row.title, outcome, row.reason, changes, row.sheet)
