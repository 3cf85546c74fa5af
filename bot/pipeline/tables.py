"""The tables of the managers' pipeline."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from bot.store.columns import CODE_LENGTH, ID_LENGTH, code, stamp, text
from bot.store.tables import METADATA


def _record(*, key: bool = False) -> tuple[Column[Any], Column[Any]]:
    return (
        Column("kind", String(CODE_LENGTH), primary_key=key, nullable=False),
        Column("record_id", String(ID_LENGTH), primary_key=key, nullable=False),
    )


def _number() -> Column[Any]:
    """Counts findings: the newest has the highest, whatever the clock said; 0 in rows of an older program."""
    return Column("number", Integer, nullable=False, server_default="0")


def _pair() -> tuple[Column[Any], Column[Any]]:
    return Column("need_id", String(ID_LENGTH), primary_key=True), Column(
        "offer_id", String(ID_LENGTH), primary_key=True
    )


#: Who looks after a record; without a row nobody does.
case_keepers = Table(
    "case_keepers",
    METADATA,
    *_record(key=True),
    Column("keeper", String(ID_LENGTH), nullable=False),
    stamp("since"),
    Index("ix_case_keepers_keeper", "keeper", "kind"),
)

#: Append-only by use: notes of managers, and who took, handed on or let go of a record.
case_entries = Table(
    "case_entries",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *_record(),
    code("action"),
    text("text"),
    text("author"),
    stamp("at"),
    Index("ix_case_entries_record", "kind", "record_id"),
)

#: ``query`` is the filter as an address holds it.
saved_filters = Table(
    "saved_filters",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("name", String(ID_LENGTH), nullable=False),
    text("query"),
    stamp("kept_at"),
    Index("ix_saved_filters_user_id", "user_id", "name", unique=True),
)

#: Two records of a kind that may be one, ``one_id`` before ``other_id``; ``likeness`` in per cent. ``decision`` is
#: empty while nobody decided.
likely_duplicates = Table(
    "likely_duplicates",
    METADATA,
    Column("kind", String(CODE_LENGTH), primary_key=True),
    Column("one_id", String(ID_LENGTH), primary_key=True),
    Column("other_id", String(ID_LENGTH), primary_key=True),
    code("grounds"),
    Column("likeness", Integer, nullable=False),
    stamp("found_at"),
    _number(),
    code("decision"),
    text("decided_by"),
    stamp("decided_at", nullable=True),
    Index("ix_likely_duplicates_decision", "decision", "number"),
    Index("ix_likely_duplicates_number", "number"),
    Index("ix_likely_duplicates_other_id", "other_id", "kind"),
)

#: Pairs that were good enough to be proposed when one of them was published or changed; ``likeness`` orders those of
#: one number.
proposals = Table(
    "proposals",
    METADATA,
    *_pair(),
    Column("level", Integer, nullable=False),
    Column("likeness", Integer, nullable=False),
    stamp("found_at"),
    _number(),
    Index("ix_proposals_number", "number"),
    Index("ix_proposals_offer_id", "offer_id"),
)

#: Who has seen which of them.
proposal_views = Table(
    "proposal_views",
    METADATA,
    *_pair(),
    Column("reader", String(ID_LENGTH), primary_key=True),
    stamp("at"),
)

#: One row: the last event of the records' log whose records were matched.
proposal_progress = Table(
    "proposal_progress",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("revision", Integer, nullable=False),
)
