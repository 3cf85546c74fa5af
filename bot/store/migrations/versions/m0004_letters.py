"""Letters an office keeps: their language, number of the year, key, and every version with its words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_letters"
down_revision = "0003_record_origins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a kept letter needs, and the table of its versions; drafts kept before have none."""
    op.add_column("introductions", sa.Column("language", sa.String(32), nullable=False, server_default="zh"))
    op.add_column("introductions", sa.Column("year", sa.Integer, nullable=True))
    op.add_column("introductions", sa.Column("serial", sa.Integer, nullable=True))
    op.add_column("introductions", sa.Column("key_hash", sa.String(64), nullable=True))
    op.create_index("ix_introductions_year", "introductions", ["year", "serial"], unique=True)
    op.create_index("ix_introductions_key_hash", "introductions", ["key_hash"], unique=True)
    op.create_table(
        "letter_versions",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("introduction_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("blocks", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_letter_versions"),
        sa.ForeignKeyConstraint(["introduction_id"], ["introductions.id"], name="fk_letter_versions_introduction_id"),
    )
    op.create_index("ix_letter_versions_introduction_id", "letter_versions", ["introduction_id", "number"], unique=True)
