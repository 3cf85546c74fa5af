"""Questions as they were asked on the page, masked, for a settable time."""

from __future__ import annotations

revision = "0015_questions"
down_revision = "0014_bench"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
