"""Exchanges of a conversation, and what a visitor's browser hands over of them.

The browser keeps its conversations; the server keeps none. What comes from there is shown to its own sender only,
and still nothing of it is trusted: shape, types and sizes are checked here, quotes against the documents on file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from bot.errors import UsageError
from bot.serialization import LONGEST_KEPT, answer_from_kept
from bot.types import Answer, PrivateContact, RecordDraft, Turn
from bot.web.evidence import Evidence

LONGEST_HISTORY = 20
"""Earlier questions that go with a question."""

LONGEST_TYPED = 20_000
"""Characters the box takes; the assistant says so itself when a question is too long to answer."""

MOST_HANDED = 60
"""Exchanges that may be handed over at once."""

LONGEST_HANDED = 1_000_000
"""Characters that may be handed over at once."""

_ENVELOPE = 8_000
"""Characters around the answer of a kept exchange: its question and what went wrong."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with what came of it; ``number`` counts from 1 and is unique on its page.

    While ``finished`` is false the answer may still grow. ``problem`` is a sentence for the reader.
    """

    number: int
    question: str
    answer: Answer | None = None
    evidence: tuple[Evidence, ...] = ()
    problem: str | None = None
    finished: bool = False


class Ending(StrEnum):
    """How an exchange ended; the values are what browsers keep."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


_Number = Annotated[int, Field(ge=1, le=1_000_000)]
_Key = Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{8,64}$")]
_Typed = Annotated[str, Field(max_length=LONGEST_TYPED)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the browser hands it over; ``key`` is made there and names the answer in progress.

    ``draft`` is the newest draft of the conversation, ``contact`` the private part of it.
    """

    key: _Key
    number: _Number
    question: _Typed
    language: Annotated[str, Field(max_length=20)]
    history: Annotated[tuple[_Typed, ...], Field(max_length=LONGEST_HISTORY)] = ()
    draft: RecordDraft | None = None
    contact: PrivateContact | None = None

    def turn(self) -> Turn:
        """The question with what went before."""
        draft = self.draft
        if draft is not None and self.contact is not None:
            draft = replace(draft, contact=self.contact)
        return Turn(self.question.strip(), self.history, draft)


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """An exchange as a browser kept it. ``unreadable`` tells that its answer was not what this program writes."""

    question: str
    ending: Ending
    problem: str = ""
    answer: Answer | None = None
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class _Envelope:
    question: _Typed
    ending: Ending
    problem: Annotated[str, Field(max_length=_ENVELOPE)] = ""
    answer: dict[str, Any] | None = None
    contact: PrivateContact | None = None


def read_question(body: bytes) -> Asked:
    """The question of a request's body. Raises :class:`UsageError` for anything else."""
    if len(body) > LONGEST_HANDED:
        raise UsageError("发来的内容太长", value=f"{len(body)} 字节", remedy="开始新对话")
    try:
        return _questions().validate_json(body, strict=True, extra="forbid")
    except ValidationError as error:
        raise UsageError("没看懂页面发来的问题", value=f"{error.error_count()} 处不符", remedy="刷新页面再试") from None


def read_exchange(written: str) -> KeptExchange | None:
    """A kept exchange from its JSON; ``None`` where not even its question can be read."""
    if len(written) > LONGEST_KEPT + _ENVELOPE + LONGEST_TYPED:
        return None
    try:
        envelope = _envelopes().validate_json(written, strict=True, extra="forbid")
    except ValidationError:
        return None
    kept = KeptExchange(envelope.question, envelope.ending, envelope.problem)
    if envelope.answer is None:
        return kept
    try:
        answer = answer_from_kept(json.dumps(envelope.answer, ensure_ascii=False), envelope.contact)
    except UsageError:
        return replace(kept, unreadable=True)
    return replace(kept, answer=answer)


def within_bounds(handed: list[str]) -> bool:
    """Whether so much may be handed over at once."""
    return len(handed) <= MOST_HANDED and sum(map(len, handed)) <= LONGEST_HANDED


@cache
def _questions() -> TypeAdapter[Asked]:
    return TypeAdapter(Asked)


@cache
def _envelopes() -> TypeAdapter[_Envelope]:
    return TypeAdapter(_Envelope)
