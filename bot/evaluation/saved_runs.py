"""Runs kept as JSON lines, and what changed between two of them."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import UsageError
from bot.evaluation.run import CaseResult, RunReport

FOLDER = "evaluations"
SUFFIX = ".jsonl"
REMEDY = "先运行 python -m bot evaluate 存下一次，再用 --against 指明它的名字或路径"


class SavedResult(BaseModel):
    """One case of a kept run: enough to read it again and to compare."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    tags: tuple[str, ...]
    passed: bool
    abstained: bool | None
    answer: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A case that two runs answer differently; a side is ``None`` where the run has no such case."""

    id: str
    before: SavedResult | None
    after: SavedResult | None

    @property
    def became_right(self) -> bool:
        """It failed before and passes now."""
        return self._passed(self.after) and self.before is not None and not self.before.passed

    @property
    def became_wrong(self) -> bool:
        """It passed before and fails now."""
        return self._passed(self.before) and self.after is not None and not self.after.passed

    @staticmethod
    def _passed(result: SavedResult | None) -> bool:
        return result is not None and result.passed


def saved(result: CaseResult) -> SavedResult:
    """What is kept of one result."""
    answer = result.answer
    return SavedResult(
        id=result.case.id,
        question=result.case.question,
        tags=result.case.tags,
        passed=result.passed,
        abstained=None if answer is None else answer.abstained,
        answer="" if answer is None else answer.answer,
        reasons=result.reasons,
    )


def save_run(report: RunReport, data_dir: Path, cases_name: str, now: datetime | None = None) -> Path:
    """Write ``report`` below ``data_dir/evaluations`` and return the file; never overwrites a run.

    Raises :class:`UsageError` when the folder cannot be written.
    """
    stamp = (now or datetime.now(UTC)).astimezone().strftime("%Y%m%d-%H%M%S")
    stem = re.sub(r"[^\w-]+", "-", cases_name).strip("-") or "cases"
    folder = data_dir / FOLDER
    lines = "".join(saved(result).model_dump_json() + "\n" for result in report.results)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _unused(folder, f"{stamp}-{stem}")
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(lines, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise UsageError(
            "测试结果存不下来", value=folder, tried=str(error.strerror), remedy="检查磁盘空间和写权限"
        ) from None
    return path


def find_run(name: str, data_dir: Path) -> Path:
    """The file of a kept run, by its path or by its name with or without the ending.

    Raises :class:`UsageError` listing the newest runs when there is none.
    """
    folder = data_dir / FOLDER
    for candidate in (Path(name), folder / name, folder / f"{name}{SUFFIX}"):
        if candidate.is_file():
            return candidate
    newest = sorted((path.stem for path in folder.glob(f"*{SUFFIX}")), reverse=True)[:5]
    raise UsageError("没有这次测试", value=name, tried=f"已有：{'、'.join(newest) or '无'}", remedy=REMEDY)


def load_run(path: Path) -> tuple[SavedResult, ...]:
    """The results of a kept run in its order. Raises :class:`UsageError` naming a bad line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("测试结果读不出来", value=path, tried=str(error), remedy=REMEDY) from None
    results = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            results.append(SavedResult.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError):
            where = f"{path} 第 {number} 行"
            raise UsageError("不是一次测试的结果", value=where, remedy=REMEDY) from None
    return tuple(results)


def compare_runs(before: tuple[SavedResult, ...], after: tuple[SavedResult, ...]) -> tuple[Change, ...]:
    """Cases whose answer, refusal or verdict differs, or that only one run has; newer order first."""
    old = {result.id: result for result in before}
    new = {result.id: result for result in after}
    changes = [Change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])]
    return tuple(change for change in changes if _differs(change.before, change.after))


def _differs(before: SavedResult | None, after: SavedResult | None) -> bool:
    if before is None or after is None:
        return True
    was = (before.answer, before.abstained, before.passed)
    return was != (after.answer, after.abstained, after.passed)


def _unused(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}{SUFFIX}", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}{SUFFIX}", number + 1
    return path
