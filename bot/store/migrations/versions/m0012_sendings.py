"""Introductions as they were sent and answered, and reminders."""

from __future__ import annotations

revision = "0012_sendings"
down_revision = "0011_pipeline"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
