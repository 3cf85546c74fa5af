"""Frozen records of long work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class JobKind(StrEnum):
    """What may be asked for; each kind has its worker in :mod:`bot.work`."""

    INGEST = "ingest"
    BENCH = "bench"
    IMPORT = "import"
    PROPOSE = "propose"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return {"ingest": "导入资料", "bench": "跑测试", "import": "导入名单", "propose": "提议卡片"}[self.value]


class JobState(StrEnum):
    """Where a piece of work stands. ``INTERRUPTED`` is never kept: its process has given no sign of life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return {
            "waiting": "等着开始",
            "running": "进行中",
            "done": "已完成",
            "failed": "没有做成",
            "stopped": "已停下",
            "interrupted": "中断了",
        }[self.value]

    @property
    def live(self) -> bool:
        """Whether a process is at it, or about to be."""
        return self in (JobState.WAITING, JobState.RUNNING)

    @property
    def resumable(self) -> bool:
        """Whether it may be taken up again; what was done of it counts."""
        return self in (JobState.STOPPED, JobState.FAILED, JobState.INTERRUPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of long work: ``done`` of ``total`` in ``stage``; ``note`` says why it failed; times are ISO in UTC."""

    id: int
    kind: JobKind
    title: str
    asked_by: str
    parameters: Mapping[str, Any]
    state: JobState
    stage: str = ""
    done: int = 0
    total: int = 0
    note: str = ""
    result: Mapping[str, Any]
    asked_at: str
    ended_at: str | None = None
    stop_asked: bool = False
