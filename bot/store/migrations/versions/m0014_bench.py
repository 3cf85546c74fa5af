"""Cases kept at the desk, and runs of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_bench"
down_revision = "0013_curation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "bench_cases",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(100), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        _words("source"),
        _words("added_by"),
        sa.Column("added_at", sa.String(32), nullable=False),
        _words("changed_by"),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bench_cases"),
        sa.UniqueConstraint("case_id", name="uq_bench_cases_case_id"),
    )
    _runs()
    op.create_table(
        "bench_results",
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("passed", sa.Boolean, nullable=True),
        sa.PrimaryKeyConstraint("run", "place", name="pk_bench_results"),
        sa.ForeignKeyConstraint(["run"], ["bench_runs.id"], name="fk_bench_results_run"),
    )


def _runs() -> None:
    op.create_table(
        "bench_runs",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        _words("cases_from"),
        sa.Column("of_kept", sa.Boolean, nullable=False),
        sa.Column("index_digest", sa.String(64), nullable=False),
        sa.Column("setting_digest", sa.String(64), nullable=False),
        sa.Column("circumstances", sa.JSON, nullable=False),
        _words("by_name"),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("job", sa.Integer, nullable=True),
        sa.Column("target", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bench_runs"),
        sa.UniqueConstraint("name", name="uq_bench_runs_name"),
    )
    op.create_index("ix_bench_runs_job", "bench_runs", ["job"])
    op.create_index("ix_bench_runs_index_digest", "bench_runs", ["index_digest"])


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, server_default="", nullable=False)
