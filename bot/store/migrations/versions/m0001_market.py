"""Feedback, organisations, needs, offers, their events, and what introductions need."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001_market"
down_revision = None
branch_labels = None
depends_on = None

_PAIR = (("need_id", "needs.id"), ("offer_id", "offers.id"))


def _key(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, sa.String(100), nullable=False)


def _serial() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, autoincrement=True, nullable=False)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False, server_default="") for name in names]


def _short(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(32), nullable=nullable) for name in names]


def _flag(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Boolean, nullable=False) for name in names]


def _json(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON, nullable=False) for name in names]


def _primary(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=f"pk_{table}")


def _foreign(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=ondelete)


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "feedback",
        _serial(),
        *_text("question", "answer"),
        *_flag("useful"),
        *_text("reason"),
        *_short("created_at"),
        _primary("feedback"),
    )
    _index("feedback", "created_at")
    _create_organisations()
    _create_market()
    _create_events()
    _create_introductions()


def _create_organisations() -> None:
    op.create_table(
        "organisations",
        _key(),
        *_text("title", "kind", "region"),
        *_json("fields"),
        *_text("description", "source"),
        *_short("as_of", nullable=True),
        *_flag("sample"),
        *_short("created_at", "updated_at"),
        _primary("organisations"),
    )
    _index("organisations", "title")
    op.create_table(
        "organisation_contacts",
        _key("organisation_id"),
        *_text("name", "phone", "email", "note"),
        *_short("updated_at"),
        _primary("organisation_contacts", "organisation_id"),
        _foreign("organisation_contacts", "organisation_id", "organisations.id", "CASCADE"),
    )


def _create_market() -> None:
    own = {
        "needs": [
            *_text("indicators", "current_state", "budget", "funder", "deadline"),
            *_text("ip_ownership", "solver_conditions", "solver_region"),
            sa.Column("trl_required", sa.Integer, nullable=True),
        ],
        "offers": [
            *_text("benefit"),
            sa.Column("trl", sa.Integer, nullable=True),
            *_text("trl_evidence", "ip_status", "missing", "price", "available_from"),
        ],
    }
    for table, columns in own.items():
        op.create_table(
            table,
            _key(),
            *_text("title", "description"),
            *_json("fields"),
            *_text("region", "cooperation", "exclusions"),
            *_short("confidentiality"),
            sa.Column("owner_id", sa.String(100), nullable=True),
            *_short("as_of", nullable=True),
            *_flag("historic", "sample"),
            *_text("source"),
            *_short("state"),
            *_short("close_reason", "published_at", nullable=True),
            *_short("created_at", "updated_at"),
            *columns,
            _primary(table),
            _foreign(table, "owner_id", "organisations.id"),
        )
        _index(table, "state")
        _index(table, "owner_id")


def _create_events() -> None:
    op.create_table(
        "record_events",
        _serial(),
        *_short("kind"),
        _key("record_id"),
        *_short("at"),
        *_text("actor"),
        *_short("action"),
        *_short("from_state", "to_state", nullable=True),
        *_text("reason"),
        *_json("changes"),
        _primary("record_events"),
    )
    _index("record_events", "record_id")
    op.create_table(
        "receipts",
        sa.Column("code_hash", sa.String(64), nullable=False),
        *_short("kind"),
        _key("record_id"),
        *_short("created_at"),
        _primary("receipts", "code_hash"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_record_event_change() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'record_events is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            "CREATE TRIGGER record_events_append_only BEFORE UPDATE OR DELETE ON record_events "
            "FOR EACH ROW EXECUTE FUNCTION refuse_record_event_change()"
        )
    elif op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER record_events_no_{action.lower()} BEFORE {action} ON record_events "
                "BEGIN SELECT RAISE(ABORT, 'record_events is append-only'); END"
            )


def _create_introductions() -> None:
    own = {
        "interests": [
            *_short("side"),
            *_text("cooperation_sought", "unclear", "introduction"),
            *_short("at"),
            *_text("actor"),
        ],
        "consents": [
            *_short("side"),
            *_flag("given"),
            *_text("given_by", "evidence"),
            *_short("at"),
            *_text("actor"),
        ],
        "introductions": [
            *_short("stage", "form"),
            *_text("text"),
            *_json("facts", "withheld"),
            *_short("at"),
            *_text("actor"),
        ],
    }
    for table, columns in own.items():
        op.create_table(
            table,
            _serial(),
            *(_key(column) for column, _ in _PAIR),
            *columns,
            _primary(table),
            *(_foreign(table, column, target) for column, target in _PAIR),
        )
        _index(table, "need_id")
