"""The tables as they stand after the last migration (a test compares the two).

Those of needs, offers and organisations are made from the description of their fields: ``bot.market.tables``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, MetaData, String, Table

from bot.store.columns import CODE_LENGTH, ID_LENGTH
from bot.store.columns import code as _code
from bot.store.columns import flag as _flag
from bot.store.columns import stamp as _stamp
from bot.store.columns import text as _text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[Any]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


feedback = Table(
    "feedback",
    METADATA,
    _id(),
    _text("question"),
    _text("answer"),
    _flag("useful"),
    _text("reason"),
    _stamp("created_at"),
    Index("ix_feedback_created_at", "created_at"),
)

#: Contacts of records of any kind, apart from what is public; they leave only with both sides' consent.
record_contacts = Table(
    "record_contacts",
    METADATA,
    Column("kind", String(CODE_LENGTH), primary_key=True),
    Column("record_id", String(ID_LENGTH), primary_key=True),
    _text("name"),
    _text("phone"),
    _text("email"),
    _text("note"),
    _stamp("updated_at"),
)

#: Which list brought a record: ``source`` is the list, ``place`` a hash of where its file lay, ``likeness`` one of the
#: row's name and owner; ``aside`` are columns that no field takes. Private like a contact.
record_origins = Table(
    "record_origins",
    METADATA,
    Column("kind", String(CODE_LENGTH), primary_key=True),
    Column("record_id", String(ID_LENGTH), primary_key=True),
    Column("source", String(ID_LENGTH), nullable=False),
    _code("place"),
    _code("likeness"),
    _text("label"),
    Column("aside", JSON, nullable=False),
    _stamp("updated_at"),
    Index("ix_record_origins_source", "source"),
    Index("ix_record_origins_likeness", "likeness"),
)

#: Append-only: triggers of the migration refuse UPDATE and DELETE. ``id`` is also the change feed that
#: the matching index follows.
record_events = Table(
    "record_events",
    METADATA,
    _id(),
    _code("kind"),
    Column("record_id", String(ID_LENGTH), nullable=False),
    _stamp("at"),
    _text("actor"),
    _code("action"),
    _code("from_state", nullable=True),
    _code("to_state", nullable=True),
    _text("reason"),
    Column("changes", JSON, nullable=False),
    Index("ix_record_events_record_id", "record_id"),
)


def _pair() -> tuple[Column[Any], Column[Any]]:
    return (
        Column("need_id", String(ID_LENGTH), ForeignKey("needs.id"), nullable=False),
        Column("offer_id", String(ID_LENGTH), ForeignKey("offers.id"), nullable=False),
    )


interests = Table(
    "interests",
    METADATA,
    _id(),
    *_pair(),
    _code("side"),
    _text("cooperation_sought"),
    _text("unclear"),
    _text("introduction"),
    _stamp("at"),
    _text("actor"),
    Index("ix_interests_need_id", "need_id"),
)

#: Append-only by use: the newest row of a pair and side is in force, so that a withdrawal is kept too.
consents = Table(
    "consents",
    METADATA,
    _id(),
    *_pair(),
    _code("side"),
    _flag("given"),
    _text("given_by"),
    _text("evidence"),
    _stamp("at"),
    _text("actor"),
    Index("ix_consents_need_id", "need_id"),
)

introductions = Table(
    "introductions",
    METADATA,
    _id(),
    *_pair(),
    _code("stage"),
    _code("form"),
    _text("text"),
    Column("facts", JSON, nullable=False),
    Column("withheld", JSON, nullable=False),
    _stamp("at"),
    _text("actor"),
    Column("language", String(CODE_LENGTH), nullable=False, server_default="zh"),
    # The document number 〔year〕serial; only letters of an office with a prefix have one.
    Column("year", Integer, nullable=True),
    Column("serial", Integer, nullable=True),
    # Opens the letter for editing; only its hash is kept.
    Column("key_hash", String(64), nullable=True),
    Index("ix_introductions_need_id", "need_id"),
    Index("ix_introductions_year", "year", "serial", unique=True),
    Index("ix_introductions_key_hash", "key_hash", unique=True),
)

#: Append-only by use. ``blocks`` holds ``[kind, text]`` in reading order; the number, counted from 1, is unique in a
#: letter, so that of two people who save the same version one is told.
letter_versions = Table(
    "letter_versions",
    METADATA,
    _id(),
    Column("introduction_id", Integer, ForeignKey("introductions.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("blocks", JSON, nullable=False),
    _text("note"),
    _stamp("at"),
    _text("actor"),
    Index("ix_letter_versions_introduction_id", "introduction_id", "number", unique=True),
)

#: Only the hash of a receipt code is kept: a copy of the database opens no record.
receipts = Table(
    "receipts",
    METADATA,
    Column("code_hash", String(64), primary_key=True),
    _code("kind"),
    Column("record_id", String(ID_LENGTH), nullable=False),
    _stamp("created_at"),
)
