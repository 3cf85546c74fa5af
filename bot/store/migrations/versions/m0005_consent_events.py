"""Consents as events: asked, given, refused, withdrawn, each at its place in the log of record events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005_consent_events"
down_revision = "0004_letters"
branch_labels = None
depends_on = None

_WHOLE_SCOPE = "name,contact"


def upgrade() -> None:
    """Make the table, take over what was agreed before, give interests their place, drop the old table."""
    _create()
    op.add_column("interests", sa.Column("event_id", sa.Integer, nullable=True))
    op.create_index("ix_interests_offer_id", "interests", ["offer_id"])
    connection = op.get_bind()
    events = connection.execute(sa.text("SELECT id, at FROM record_events ORDER BY id")).all()
    places = _Places([event.id for event in events], [event.at for event in events])
    for row in connection.execute(sa.text("SELECT id, at FROM interests")).all():
        values = {"event": places.of(row.at), "id": row.id}
        connection.execute(sa.text("UPDATE interests SET event_id = :event WHERE id = :id"), values)
    consents = connection.execute(sa.text("SELECT * FROM consents ORDER BY id")).mappings().all()
    if consents:
        connection.execute(sa.insert(_table()), _taken_over(consents, places))
    op.drop_table("consents")
    _refuse_changes(connection.dialect.name)


def _create() -> None:
    op.create_table(
        "consent_events",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("need_id", sa.String(100), nullable=False),
        sa.Column("offer_id", sa.String(100), nullable=False),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("side", "step", "channel", "scope")),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("said_by", "evidence")),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text, nullable=False, server_default=""),
        sa.Column("event_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_consent_events"),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_consent_events_need_id"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_consent_events_offer_id"),
    )
    for column in ("need_id", "offer_id"):
        op.create_index(f"ix_consent_events_{column}", "consent_events", [column])


def _table() -> sa.TableClause:
    names = ("need_id", "offer_id", "side", "step", "channel", "scope", "said_by", "evidence", "at", "actor")
    return sa.table("consent_events", *(sa.column(name) for name in (*names, "event_id")))


class _Places:
    """Where a moment stands among the events, as far as their times tell: they were written in the order of ids."""

    def __init__(self, ids: Sequence[int], times: Sequence[str]) -> None:
        self._ids = ids
        self._latest_before = list(accumulate(times, max))
        self._earliest_after = list(accumulate(reversed(times), min))[::-1]
        self._now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def of(self, at: str) -> int | None:
        """The newest event not after ``at``; ``None`` when a clock was wrong and it could be any."""
        if not self._ids or at > self._now:
            return None
        index = bisect_right(self._latest_before, at)
        # Between this event and the next one the times must agree on both sides.
        if index == 0 or (index < len(self._ids) and self._earliest_after[index] <= at):
            return None
        return self._ids[index - 1]


def _taken_over(consents: Iterable[Mapping[Any, Any]], places: _Places) -> list[dict[str, Any]]:
    """The old rows as events; a yes whose place is in doubt gets none, and so counts no more."""
    rows: list[dict[str, Any]] = []
    newest: dict[tuple[str, str, str], str] = {}
    for old in consents:
        key = (old["need_id"], old["offer_id"], old["side"])
        in_order = newest.get(key, "") <= old["at"]
        newest[key] = max(newest.get(key, ""), old["at"])
        rows.append(
            {
                **{name: old[name] for name in ("need_id", "offer_id", "side", "evidence", "at", "actor")},
                "step": "given" if old["given"] else "withdrawn",
                "channel": "unstated",
                "scope": _WHOLE_SCOPE,
                "said_by": old["given_by"],
                "event_id": places.of(old["at"]) if in_order else None,
            }
        )
    return rows


def _refuse_changes(dialect: str) -> None:
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_consent_event_change() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'consent_events is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            "CREATE TRIGGER consent_events_append_only BEFORE UPDATE OR DELETE ON consent_events "
            "FOR EACH ROW EXECUTE FUNCTION refuse_consent_event_change()"
        )
    elif dialect == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER consent_events_no_{action.lower()} BEFORE {action} ON consent_events "
                "BEGIN SELECT RAISE(ABORT, 'consent_events is append-only'); END"
            )
