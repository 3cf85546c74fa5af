"""Who looks after which record, filters that were kept, what was decided on likely duplicates, proposed pairs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_pipeline"
down_revision = "0010_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and what the lists of the desk are sorted by."""
    for name in ("needs", "offers"):
        for column in ("title", "updated_at", "created_at", "published_at"):
            op.create_index(f"ix_{name}_{column}", name, [column])
        op.create_index(f"ix_{name}_in_state", name, ["state", "updated_at"])
    op.create_index("ix_record_events_action", "record_events", ["action", "kind"])
    _case_files()
    _duplicates()
    _proposals()


def _case_files() -> None:
    op.create_table(
        "case_keepers",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False),
        sa.Column("keeper", sa.String(100), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "record_id", name="pk_case_keepers"),
    )
    op.create_index("ix_case_keepers_keeper", "case_keepers", ["keeper", "kind"])
    op.create_table(
        "case_entries",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, server_default="", nullable=False),
        sa.Column("author", sa.Text, server_default="", nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_entries"),
    )
    op.create_index("ix_case_entries_record", "case_entries", ["kind", "record_id"])
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("query", sa.Text, server_default="", nullable=False),
        sa.Column("kept_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_filters_user_id"),
    )
    op.create_index("ix_saved_filters_user_id", "saved_filters", ["user_id", "name"], unique=True)


def _duplicates() -> None:
    op.create_table(
        "likely_duplicates",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("one_id", sa.String(100), nullable=False),
        sa.Column("other_id", sa.String(100), nullable=False),
        sa.Column("grounds", sa.String(32), nullable=False),
        sa.Column("likeness", sa.Integer, nullable=False),
        sa.Column("found_at", sa.String(32), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("decided_by", sa.Text, server_default="", nullable=False),
        sa.Column("decided_at", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("kind", "one_id", "other_id", name="pk_likely_duplicates"),
    )
    op.create_index("ix_likely_duplicates_decision", "likely_duplicates", ["decision", "found_at"])
    op.create_index("ix_likely_duplicates_other_id", "likely_duplicates", ["other_id", "kind"])


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("need_id", sa.String(100), nullable=False),
        sa.Column("offer_id", sa.String(100), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("likeness", sa.Integer, nullable=False),
        sa.Column("found_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("need_id", "offer_id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_found_at", "proposals", ["found_at"])
    op.create_index("ix_proposals_offer_id", "proposals", ["offer_id"])
    op.create_table(
        "proposal_views",
        sa.Column("need_id", sa.String(100), nullable=False),
        sa.Column("offer_id", sa.String(100), nullable=False),
        sa.Column("reader", sa.String(100), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("need_id", "offer_id", "reader", name="pk_proposal_views"),
    )
    op.create_table(
        "proposal_progress",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_progress"),
    )
