"""Cases kept at the desk, and runs of them."""

from __future__ import annotations

revision = "0014_bench"
down_revision = "0013_curation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
