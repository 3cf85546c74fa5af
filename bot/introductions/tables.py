"""The tables of what managers did for a pair, and of what they asked at the desk."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from bot.store.columns import ID_LENGTH, code, stamp, text
from bot.store.tables import METADATA

#: Append-only, by triggers of the migration. ``event_id`` is the place in the log of record events: order is by it,
#: never by ``at`` or ``day``. ``day`` is the day that was told, ``about`` the event that an answer or a reminder is
#: about.
pair_events = Table(
    "pair_events",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("need_id", String(ID_LENGTH), ForeignKey("needs.id"), nullable=False),
    Column("offer_id", String(ID_LENGTH), ForeignKey("offers.id"), nullable=False),
    code("action"),
    Column("event_id", Integer, nullable=False),
    stamp("at"),
    text("actor"),
    stamp("day"),
    code("side", nullable=True),
    Column("introduction_id", Integer, ForeignKey("introductions.id"), nullable=True),
    Column("version", Integer, nullable=True),
    text("whom"),
    code("means", nullable=True),
    text("note"),
    code("reason", nullable=True),
    Column("about", Integer, nullable=True),
    Index("ix_pair_events_need_id", "need_id", "offer_id"),
    Index("ix_pair_events_offer_id", "offer_id"),
)

#: What managers asked at the desk, each with its own conversation; ``reply`` is what was shown. Private to who asked.
manager_turns = Table(
    "manager_turns",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    text("question"),
    Column("reply", JSON, nullable=False),
    stamp("at"),
    Index("ix_manager_turns_user_id", "user_id", "id"),
)
