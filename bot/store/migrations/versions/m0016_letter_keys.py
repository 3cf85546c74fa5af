"""Letters without the key that was to open them: they are opened at the desk, by whoever is signed in."""

from __future__ import annotations

from alembic import op

revision = "0016_letter_keys"
down_revision = "0015_questions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the column, which nothing ever read."""
    op.drop_index("ix_introductions_key_hash", "introductions")
    op.drop_column("introductions", "key_hash")
