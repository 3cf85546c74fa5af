"""What the public list of needs and offers is filtered by: read from the public records, never entered by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_listings"
down_revision = "0008_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; they fill themselves from the log of the records."""
    op.create_table(
        "listings",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False),
        sa.Column("standing", sa.Integer, nullable=False),
        sa.Column("published_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listings"),
    )
    op.create_index("ix_listings_record", "listings", ["kind", "record_id"], unique=True)
    op.create_index("ix_listings_newest", "listings", ["standing", "published_at", "kind", "id"])
    op.create_table(
        "listing_values",
        sa.Column("listing_id", sa.Integer, nullable=False),
        sa.Column("facet", sa.String(32), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("listing_id", "facet", "value", name="pk_listing_values"),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_listing_values_listing_id"),
    )
    op.create_index("ix_listing_values_value", "listing_values", ["facet", "value", "listing_id"])
    op.create_table(
        "listing_progress",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing_progress"),
    )
