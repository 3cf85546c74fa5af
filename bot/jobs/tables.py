"""The table of long work."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, Table

from bot.store.columns import code, flag, stamp, text
from bot.store.tables import METADATA

jobs = Table(
    "jobs",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    code("kind"),
    text("title"),
    text("asked_by"),
    Column("parameters", JSON, nullable=False),
    code("state"),
    text("stage"),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    text("note"),
    Column("result", JSON, nullable=False),
    stamp("asked_at"),
    stamp("seen_at"),
    stamp("ended_at", nullable=True),
    flag("stop_asked"),
    Index("ix_jobs_kind", "kind", "state"),
)
