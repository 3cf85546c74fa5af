"""Where a record came from: the list that brought it, so that another list never overwrites it; columns kept aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_record_origins"
down_revision = "0002_record_contacts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; records on file before it have no known origin."""
    op.create_table(
        "record_origins",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("likeness", sa.String(32), nullable=False),
        sa.Column("label", sa.Text, nullable=False, server_default=""),
        sa.Column("aside", sa.JSON, nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "record_id", name="pk_record_origins"),
    )
    op.create_index("ix_record_origins_source", "record_origins", ["source"])
    op.create_index("ix_record_origins_likeness", "record_origins", ["likeness"])
