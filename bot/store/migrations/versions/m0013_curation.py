"""What staff did to the corpus and decided on disagreements."""

from __future__ import annotations

revision = "0013_curation"
down_revision = "0012_sendings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
