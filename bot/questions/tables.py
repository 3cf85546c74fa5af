"""The tables of questions that were asked on the page, and of the gaps they show."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from bot.store.columns import code, stamp, text
from bot.store.tables import METADATA

DIGEST_LENGTH = 64

#: Masked before they are written. ``exchange`` is a hash of a number that only the asker's page knows, and joins
#: a verdict to its question; ``wording`` is a hash of the question as it was meant, without marks and blanks.
kept_questions = Table(
    "kept_questions",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("exchange", String(DIGEST_LENGTH), nullable=True),
    stamp("asked_at"),
    code("door"),
    text("question"),
    text("standalone"),
    Column("wording", String(DIGEST_LENGTH), nullable=False),
    text("answer"),
    Column("notes", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    code("outcome"),
    code("mode"),
    code("language"),
    Column("elapsed_ms", Float, nullable=False),
    Index("ix_kept_questions_asked_at", "asked_at"),
    Index("ix_kept_questions_exchange", "exchange"),
    Index("ix_kept_questions_wording", "wording"),
    Index("ix_kept_questions_outcome", "outcome", "id"),
)

feedback = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    text("question"),
    text("answer"),
    Column("useful", Boolean, nullable=False),
    text("reason"),
    stamp("created_at"),
    Column("exchange", String(DIGEST_LENGTH), nullable=True),
    Index("ix_feedback_created_at", "created_at"),
    Index("ix_feedback_exchange", "exchange", unique=True),
    Index("ix_feedback_useful", "useful", "id"),
)

#: What the documents do not say and somebody is to write; ``asked_again`` is what came of the last asking.
question_gaps = Table(
    "question_gaps",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    text("question"),
    text("note"),
    code("state"),
    Column("inquiry", Integer, nullable=True),
    Column("asked_again", JSON(none_as_null=True), nullable=True),
    Column("revision", Integer, nullable=False),
    text("added_by"),
    stamp("added_at"),
    text("changed_by"),
    stamp("changed_at"),
    Index("ix_question_gaps_state", "state"),
)

#: A question that is deleted when its time is over leaves its gap.
gap_questions = Table(
    "gap_questions",
    METADATA,
    Column("gap", Integer, ForeignKey("question_gaps.id"), primary_key=True),
    Column("question", Integer, ForeignKey("kept_questions.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_gap_questions_question", "question"),
)
