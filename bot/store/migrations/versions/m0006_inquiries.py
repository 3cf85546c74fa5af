"""Questions left for the office, and the messages under them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_inquiries"
down_revision = "0005_consent_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "inquiries",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("conversation", sa.JSON, nullable=False),
        sa.Column("contact_name", sa.Text, nullable=False, server_default=""),
        sa.Column("contact_phone", sa.Text, nullable=False, server_default=""),
        sa.Column("contact_email", sa.Text, nullable=False, server_default=""),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inquiries"),
        sa.UniqueConstraint("code_hash", name="uq_inquiries_code_hash"),
    )
    op.create_index("ix_inquiries_state", "inquiries", ["state"])
    op.create_table(
        "inquiry_messages",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("inquiry_id", sa.Integer, nullable=False),
        sa.Column("writer", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False, server_default=""),
        sa.Column("author", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inquiry_messages"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name="fk_inquiry_messages_inquiry_id"),
    )
    op.create_index("ix_inquiry_messages_inquiry_id", "inquiry_messages", ["inquiry_id"])
