"""The tables of the bench: cases kept at the desk, runs, and every answer of a run."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from bot.store.columns import CODE_LENGTH, ID_LENGTH, flag, stamp, text
from bot.store.tables import METADATA

_DIGEST = 64

#: ``revision`` grows with every change: of two people who change the same one, the second is told.
bench_cases = Table(
    "bench_cases",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", String(ID_LENGTH), nullable=False, unique=True),
    Column("content", JSON, nullable=False),
    flag("active"),
    Column("revision", Integer, nullable=False),
    text("source"),
    text("added_by"),
    stamp("added_at"),
    text("changed_by"),
    stamp("changed_at"),
)

#: ``index_digest`` tells what was asked, whatever number its version had; ``circumstances`` hold no key.
bench_runs = Table(
    "bench_runs",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(ID_LENGTH), nullable=False, unique=True),
    text("cases_from"),
    flag("of_kept"),
    Column("index_digest", String(_DIGEST), nullable=False),
    Column("setting_digest", String(_DIGEST), nullable=False),
    Column("circumstances", JSON, nullable=False),
    text("by_name"),
    stamp("started_at"),
    stamp("ended_at", nullable=True),
    Column("seconds", Float, nullable=False),
    Column("job", Integer, nullable=True),
    Column("target", String(CODE_LENGTH), nullable=False),
    Index("ix_bench_runs_job", "job"),
    Index("ix_bench_runs_index_digest", "index_digest"),
)

#: One row a case, written when the run begins; ``result`` is filled in when it was asked.
bench_results = Table(
    "bench_results",
    METADATA,
    Column("run", Integer, ForeignKey("bench_runs.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("content", JSON, nullable=False),
    Column("result", JSON(none_as_null=True), nullable=True),
    Column("passed", Boolean, nullable=True),
)
