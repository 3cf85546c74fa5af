"""Questions as they were asked on the page, masked, for a settable time; gaps; verdicts that know their question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_questions"
down_revision = "0014_bench"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; verdicts that are on file belong to no kept question."""
    op.create_table(
        "kept_questions",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exchange", sa.String(64), nullable=True),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("door", sa.String(32), nullable=False),
        _words("question"),
        _words("standalone"),
        sa.Column("wording", sa.String(64), nullable=False),
        _words("answer"),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("elapsed_ms", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_questions"),
    )
    op.create_index("ix_kept_questions_asked_at", "kept_questions", ["asked_at"])
    op.create_index("ix_kept_questions_exchange", "kept_questions", ["exchange"])
    op.create_index("ix_kept_questions_wording", "kept_questions", ["wording"])
    op.create_index("ix_kept_questions_outcome", "kept_questions", ["outcome", "id"])
    op.add_column("feedback", sa.Column("exchange", sa.String(64), nullable=True))
    op.create_index("ix_feedback_exchange", "feedback", ["exchange"], unique=True)
    op.create_index("ix_feedback_useful", "feedback", ["useful", "id"])
    _gaps()


def _gaps() -> None:
    op.create_table(
        "question_gaps",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        _words("question"),
        _words("note"),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("inquiry", sa.Integer, nullable=True),
        sa.Column("asked_again", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer, nullable=False),
        _words("added_by"),
        sa.Column("added_at", sa.String(32), nullable=False),
        _words("changed_by"),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_question_gaps"),
    )
    op.create_index("ix_question_gaps_state", "question_gaps", ["state"])
    op.create_table(
        "gap_questions",
        sa.Column("gap", sa.Integer, nullable=False),
        sa.Column("question", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("gap", "question", name="pk_gap_questions"),
        sa.ForeignKeyConstraint(["gap"], ["question_gaps.id"], name="fk_gap_questions_gap"),
        sa.ForeignKeyConstraint(
            ["question"], ["kept_questions.id"], name="fk_gap_questions_question", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_gap_questions_question", "gap_questions", ["question"])


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, server_default="", nullable=False)
