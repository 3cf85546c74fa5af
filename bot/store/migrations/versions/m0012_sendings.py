"""What managers did for a pair: letters sent and answered, reminders, how it ended; and what they asked at the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_sendings"
down_revision = "0011_pipeline"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no event of a pair is ever changed."""
    op.create_table(
        "pair_events",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("need_id", sa.String(100), nullable=False),
        sa.Column("offer_id", sa.String(100), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("event_id", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text, server_default="", nullable=False),
        sa.Column("day", sa.String(32), nullable=False),
        sa.Column("side", sa.String(32), nullable=True),
        sa.Column("introduction_id", sa.Integer, nullable=True),
        sa.Column("version", sa.Integer, nullable=True),
        sa.Column("whom", sa.Text, server_default="", nullable=False),
        sa.Column("means", sa.String(32), nullable=True),
        sa.Column("note", sa.Text, server_default="", nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("about", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_pair_events"),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_pair_events_need_id"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_pair_events_offer_id"),
        sa.ForeignKeyConstraint(["introduction_id"], ["introductions.id"], name="fk_pair_events_introduction_id"),
    )
    op.create_index("ix_pair_events_need_id", "pair_events", ["need_id", "offer_id"])
    op.create_index("ix_pair_events_offer_id", "pair_events", ["offer_id"])
    op.create_table(
        "manager_turns",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, server_default="", nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_manager_turns"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_manager_turns_user_id"),
    )
    op.create_index("ix_manager_turns_user_id", "manager_turns", ["user_id", "id"])
    _refuse_changes(op.get_bind().dialect.name)


def _refuse_changes(dialect: str) -> None:
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_pair_event_change() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'pair_events is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            "CREATE TRIGGER pair_events_append_only BEFORE UPDATE OR DELETE ON pair_events "
            "FOR EACH ROW EXECUTE FUNCTION refuse_pair_event_change()"
        )
    elif dialect == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER pair_events_no_{action.lower()} BEFORE {action} ON pair_events "
                "BEGIN SELECT RAISE(ABORT, 'pair_events is append-only'); END"
            )
