"""The tables of what staff did to the corpus."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from bot.store.columns import code, stamp, text
from bot.store.tables import METADATA

_DIGEST = 64

#: Files handed in that do not count yet; the bytes lie with the kept files.
corpus_uploads = Table(
    "corpus_uploads",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    text("name"),
    text("replaces"),
    Column("digest", String(_DIGEST), nullable=False),
    Column("size", Integer, nullable=False),
    text("by_name"),
    stamp("at"),
)
#: Every change of the corpus folder, in the order in which they were made.
corpus_changes = Table(
    "corpus_changes",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    stamp("at"),
    text("by_name"),
    code("action"),
    text("document"),
    Column("before_digest", String(_DIGEST), nullable=True),
    Column("after_digest", String(_DIGEST), nullable=True),
    text("note"),
    code("state"),
    Column("upload", Integer, nullable=True),
    Column("proposal", Integer, nullable=True),
    Index("ix_corpus_changes_state", "state"),
)
#: Records that a model proposed and somebody has to look at.
card_proposals = Table(
    "card_proposals",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    text("document"),
    code("file"),
    Column("record", JSON, nullable=False),
    stamp("at"),
    text("by_name"),
    code("state"),
    text("note"),
    text("ended_by"),
    stamp("ended_at", nullable=True),
)
#: What was decided on a disagreement, kept under what both sides say.
disagreement_decisions = Table(
    "disagreement_decisions",
    METADATA,
    Column("content", String(_DIGEST), primary_key=True),
    Column("counts", String(_DIGEST), nullable=True),
    text("subject"),
    text("note"),
    text("by_name"),
    stamp("at"),
)
#: When somebody means to look at a document again.
document_reviews = Table(
    "document_reviews",
    METADATA,
    Column("document", Text, primary_key=True),
    stamp("due"),
    text("note"),
    text("by_name"),
    stamp("at"),
)
