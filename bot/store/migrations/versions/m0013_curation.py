"""What staff did to the corpus and decided on disagreements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_curation"
down_revision = "0012_sendings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "corpus_uploads",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        _words("name"),
        _words("replaces"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        _words("by_name"),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_corpus_uploads"),
    )
    _changes()
    op.create_table(
        "card_proposals",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        _words("document"),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        _words("by_name"),
        sa.Column("state", sa.String(32), nullable=False),
        _words("note"),
        _words("ended_by"),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_card_proposals"),
    )
    op.create_table(
        "disagreement_decisions",
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("counts", sa.String(64), nullable=True),
        _words("subject"),
        _words("note"),
        _words("by_name"),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("content", name="pk_disagreement_decisions"),
    )
    op.create_table(
        "document_reviews",
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("due", sa.String(32), nullable=False),
        _words("note"),
        _words("by_name"),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_document_reviews"),
    )


def _changes() -> None:
    op.create_table(
        "corpus_changes",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        _words("by_name"),
        sa.Column("action", sa.String(32), nullable=False),
        _words("document"),
        sa.Column("before_digest", sa.String(64), nullable=True),
        sa.Column("after_digest", sa.String(64), nullable=True),
        _words("note"),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("upload", sa.Integer, nullable=True),
        sa.Column("proposal", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_corpus_changes"),
    )
    op.create_index("ix_corpus_changes_state", "corpus_changes", ["state"])


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, server_default="", nullable=False)
