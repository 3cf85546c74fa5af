"""Who looks after which record, filters that were kept, what was decided on likely duplicates."""

from __future__ import annotations

revision = "0011_pipeline"
down_revision = "0010_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
