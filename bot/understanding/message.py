"""A message cut into its questions: greeting and story fall away, or go with the question they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.lexicon import recogniser
from bot.understanding.asked import FIGURE_KINDS, Asked, measured_kinds

#: A clause is a question of its own when both what it is and what it asks for are as sure as this.
OWN_QUESTION = 0.5
#: More clauses than this are not looked at one by one: each costs the encoder some milliseconds.
MAX_CLAUSES = 12
#: A clause with fewer characters asks nothing by itself.
MIN_CLAUSE_CHARACTERS = 4
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_CLAUSE = re.compile(r"[^，,]+[，,]*")
_WHITE = re.compile(r"[\s，。？！?!、；;：:,.…~～]+")


class Role(StrEnum):
    """What a clause is in a message; the labels of ``intents.tsv``."""

    POLICY = "policy"
    CONTACT = "contact"
    PARTNER = "partner"
    INTRODUCTION = "introduction"
    GREETING = "greeting"
    SELF = "self"
    OFF_TOPIC = "off_topic"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a message with its role."""

    text: str
    role: Role
    confidence: float


_ASKING = frozenset({Role.POLICY, Role.CONTACT, Role.PARTNER, Role.INTRODUCTION})

Roles = Callable[[str], tuple[Role, float]]
Kinds = Callable[[str], tuple[Asked, float]]


def question_subject(question: str) -> str:
    """``question`` with question words, politeness and punctuation replaced by spaces."""
    return _WHITE.sub(" ", recogniser("question_words").sub(" ", question)).strip()


def topic_of(question: str) -> str:
    """What ``question`` is about: its subject without the words for what is asked of it."""
    return "".join(recogniser("attribute_words").sub(" ", question_subject(question)).split())


def parts_of(message: str, role_of: Roles, asked_of: Kinds) -> tuple[Clause, ...]:
    """The questions of ``message`` in order, at least one; each with the story before it.

    A greeting is left out. Sentences that ask make parts of their own; within a sentence clauses do, when each
    surely asks for something else.
    """
    sentences = [match.group().strip() for match in _SENTENCE.finditer(message)]
    if len(sentences) > MAX_CLAUSES:
        return (Clause(message, *role_of(message)),)
    pieces = [piece for sentence in sentences for piece in _questions_within(sentence, role_of, asked_of)]
    if len(pieces) == 1:
        return tuple(pieces)
    parts: list[Clause] = []
    story = ""
    for piece in pieces:
        if piece.role is Role.GREETING or len(piece.text.strip("。！？!?；; ")) < 2:
            continue
        if piece.role not in _ASKING:
            story += piece.text
            continue
        parts.append(Clause(story + piece.text, piece.role, piece.confidence))
        story = ""
    if not parts:
        return (Clause(message, *role_of(message)),)
    if story:
        # What is told after the last question belongs to it.
        last = parts.pop()
        parts.append(Clause(last.text + story, last.role, last.confidence))
    return tuple(parts)


def _questions_within(sentence: str, role_of: Roles, asked_of: Kinds) -> tuple[Clause, ...]:
    """A sentence whole, or its clauses where two of them surely ask for different things."""
    clauses = [match.group() for match in _CLAUSE.finditer(sentence)]
    whole = (Clause(sentence, *role_of(sentence)),)
    if not 1 < len(clauses) <= MAX_CLAUSES or whole[0].role not in _ASKING:
        return whole
    cut: list[str] = []
    kinds: list[Asked] = []
    waiting = ""
    for clause in clauses:
        asks = _asks(clause, role_of, asked_of)
        if asks is None or (kinds and asks is kinds[-1]):
            waiting += clause
            continue
        if kinds and waiting:
            cut[-1] += waiting
            waiting = ""
        cut.append(waiting + clause)
        kinds.append(asks)
        waiting = ""
    if len(cut) < 2:
        return whole
    cut[-1] += waiting
    return tuple(Clause(text, *role_of(text)) for text in cut)


def _asks(clause: str, role_of: Roles, asked_of: Kinds) -> Asked | None:
    """What a clause surely asks for by itself."""
    if len(clause.strip("，, ")) < MIN_CLAUSE_CHARACTERS:
        return None
    role, sure = role_of(clause)
    if role not in _ASKING or sure < OWN_QUESTION:
        return None
    asked, confidence = asked_of(clause)
    if asked in FIGURE_KINDS and measured_kinds(clause):
        # A gap for a figure (多少天) asks for nothing else.
        return asked
    telling = asked not in (Asked.OTHER, Asked.TOPIC, Asked.YES_NO)
    return asked if telling and confidence >= OWN_QUESTION else None
