"""Proposed pairs and likely duplicates bear the number of their finding: a clock that was set does not order them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_numbers_of_finding"
down_revision = "0016_letter_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the numbers; what was found before has none, and keeps its order by time."""
    for name in ("proposals", "likely_duplicates"):
        op.add_column(name, sa.Column("number", sa.Integer, server_default="0", nullable=False))
    op.drop_index("ix_proposals_found_at", "proposals")
    op.create_index("ix_proposals_number", "proposals", ["number"])
    op.drop_index("ix_likely_duplicates_decision", "likely_duplicates")
    op.create_index("ix_likely_duplicates_decision", "likely_duplicates", ["decision", "number"])
    op.create_index("ix_likely_duplicates_number", "likely_duplicates", ["number"])
