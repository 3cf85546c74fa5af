"""The tables as they stand after the last migration (a test compares the two).

Those of needs, offers and organisations are made from the description of their fields: ``bot.market.tables``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, MetaData, String, Table

from bot.store.columns import CODE_LENGTH, ID_LENGTH
from bot.store.columns import code as _code
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
#: the matching index follows, and the one order of everything that happens to records and consents.
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
    Index("ix_record_events_action", "action", "kind"),
)


def _pair() -> tuple[Column[Any], Column[Any]]:
    return (
        Column("need_id", String(ID_LENGTH), ForeignKey("needs.id"), nullable=False),
        Column("offer_id", String(ID_LENGTH), ForeignKey("offers.id"), nullable=False),
    )


#: ``event_id`` is the place of an interest or a consent in the log of record events: order is by it, never by ``at``.
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
    Column("event_id", Integer, nullable=True),
    Index("ix_interests_need_id", "need_id"),
    Index("ix_interests_offer_id", "offer_id"),
)

#: Append-only, by triggers of the migration. Without ``event_id`` a consent of an older program has no sure place in
#: the log and counts no more.
consent_events = Table(
    "consent_events",
    METADATA,
    _id(),
    *_pair(),
    _code("side"),
    _code("step"),
    _code("channel"),
    _code("scope"),
    _text("said_by"),
    _text("evidence"),
    _stamp("at"),
    _text("actor"),
    Column("event_id", Integer, nullable=True),
    Index("ix_consent_events_need_id", "need_id"),
    Index("ix_consent_events_offer_id", "offer_id"),
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
    Index("ix_introductions_need_id", "need_id"),
    Index("ix_introductions_year", "year", "serial", unique=True),
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

#: What the public list is filtered by, read from the records as anybody may read them (``bot.market.listings``).
#: ``standing`` is 0 open, 1 historic, 2 closed: the order of the list.
listings = Table(
    "listings",
    METADATA,
    _id(),
    _code("kind"),
    Column("record_id", String(ID_LENGTH), nullable=False),
    Column("standing", Integer, nullable=False),
    _stamp("published_at"),
    Index("ix_listings_record", "kind", "record_id", unique=True),
    Index("ix_listings_newest", "standing", "published_at", "kind", "id"),
)

listing_values = Table(
    "listing_values",
    METADATA,
    Column("listing_id", Integer, ForeignKey("listings.id"), primary_key=True),
    Column("facet", String(CODE_LENGTH), primary_key=True),
    Column("value", String(ID_LENGTH), primary_key=True),
    Index("ix_listing_values_value", "facet", "value", "listing_id"),
)

#: One row: the last event of the records' log that the list has taken in, and what fields and places are read with.
listing_progress = Table(
    "listing_progress",
    METADATA,
    _id(),
    Column("revision", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
)

#: Questions left for the office, with whom to answer: private, and emptied when they are withdrawn.
inquiries = Table(
    "inquiries",
    METADATA,
    _id(),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("conversation", JSON, nullable=False),
    _text("contact_name"),
    _text("contact_phone"),
    _text("contact_email"),
    _code("language"),
    _stamp("asked_at"),
    _code("state"),
    Index("ix_inquiries_state", "state"),
)

inquiry_messages = Table(
    "inquiry_messages",
    METADATA,
    _id(),
    Column("inquiry_id", Integer, ForeignKey("inquiries.id"), nullable=False),
    _code("writer"),
    _text("text"),
    _text("author"),
    _stamp("at"),
    Index("ix_inquiry_messages_inquiry_id", "inquiry_id"),
)

#: Keys of other programs; only a hash of each is kept.
api_keys = Table(
    "api_keys",
    METADATA,
    _id(),
    _text("name"),
    Column("key_hash", String(64), nullable=False, unique=True),
    _stamp("created_at"),
    _stamp("revoked_at", nullable=True),
)

#: People of the office. ``login`` is the name in lower case; a removed account keeps its row for the trail.
users = Table(
    "users",
    METADATA,
    _id(),
    _text("name"),
    Column("login", String(ID_LENGTH), nullable=False, unique=True),
    Column("roles", JSON, nullable=False),
    _text("password"),
    _stamp("created_at"),
    _stamp("removed_at", nullable=True),
)

sign_ins = Table(
    "sign_ins",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    _stamp("created_at"),
    _stamp("seen_at"),
    _stamp("expires_at"),
    Index("ix_sign_ins_user_id", "user_id"),
)

sign_in_failures = Table(
    "sign_in_failures",
    METADATA,
    _id(),
    Column("login", String(ID_LENGTH), nullable=False),
    Column("address", String(ID_LENGTH), nullable=False),
    _stamp("at"),
    Index("ix_sign_in_failures_login", "login"),
    Index("ix_sign_in_failures_address", "address"),
)

#: Append-only: triggers of the migration refuse UPDATE and DELETE.
audit_entries = Table(
    "audit_entries",
    METADATA,
    _id(),
    _stamp("at"),
    _text("user_name"),
    _code("action"),
    _text("subject"),
    _text("detail"),
    Index("ix_audit_entries_subject", "subject"),
)
