"""Bringing the index up to date from the desk: what is built waits to be put in force."""

from __future__ import annotations

from typing import Any

from bot.ingestion import ingest
from bot.serialization import ingest_object
from bot.work.progress import Work

#: The stages as people read them.
STAGES = {"read": "读取文件", "embed": "计算向量", "lexical": "建全文索引", "ask": "试问能答的问题"}


def ingesting(work: Work) -> dict[str, Any]:
    """Build a version and have it wait; gives what the ingest did. Stopped or killed, it leaves no trace."""

    def told(stage: str, done: int, total: int) -> None:
        work.progress(STAGES.get(stage, stage), done, total)

    report = ingest(work.settings, rebuild=bool(work.parameters.get("rebuild")), hold=True, progress=told)
    return ingest_object(report)
