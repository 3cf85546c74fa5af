"""Contacts belong to records, so that two people who name one organisation keep their own; newest first by index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_record_contacts"
down_revision = "0001_market"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, take over the contacts of organisations, drop their old one."""
    op.create_table(
        "record_contacts",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("name", "phone", "email", "note")),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "record_id", name="pk_record_contacts"),
    )
    op.execute(
        "INSERT INTO record_contacts (kind, record_id, name, phone, email, note, updated_at) "
        "SELECT 'organisations', organisation_id, name, phone, email, note, updated_at FROM organisation_contacts"
    )
    op.drop_table("organisation_contacts")
    for table in ("needs", "offers"):
        op.create_index(f"ix_{table}_newest", table, ["state", "published_at"])
