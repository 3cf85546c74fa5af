"""What a service has shown to accept, and what to leave out of a request that it refused.

Services differ in what they take: some know no system role, some want ``max_completion_tokens``, some
have no tools. Nothing is configured for it: a refusal that names a part of the request (or, where it
names none, the next part in a fixed order) is answered by one more request without that part, and what
was accepted is remembered as long as the service object lives.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from bot.llm.failures import FailureReason, ModelCallError


class Way(StrEnum):
    """How a record is asked for, from the most to the least binding."""

    TOOL = "tool"
    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    TEXT = "text"

    @property
    def next(self) -> Way | None:
        """The way to try where this one is refused."""
        ways = list(Way)
        at = ways.index(self) + 1
        return ways[at] if at < len(ways) else None


class Limit(StrEnum):
    """The name under which the longest reply is asked for; empty for a service that takes none."""

    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of one kind of reply.

    ``marks_thoughts``: whether thoughts are marked where they begin, or never come; None until seen.
    """

    streaming: bool = True
    marks_thoughts: bool | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the next request is made of. ``way`` is None until one has worked."""

    temperature: bool = True
    limit: Limit = Limit.MAX_TOKENS
    system_role: bool = True
    way: Way | None = None
    text: Habits = Habits()
    structured: Habits = Habits()
    reasoning: bool = False


class CapabilityRecord:
    """The capabilities of one service, shared between threads."""

    def __init__(self, start: Capabilities) -> None:
        self._lock = threading.Lock()
        self._current = start

    @property
    def current(self) -> Capabilities:
        """What is known now."""
        with self._lock:
            return self._current

    def learn(self, before: Capabilities, after: Capabilities) -> None:
        """Take over what differs between ``before`` and ``after``; the rest others may have learnt."""
        changed = {
            field.name: getattr(after, field.name)
            for field in fields(Capabilities)
            if getattr(after, field.name) != getattr(before, field.name)
        }
        with self._lock:
            self._current = replace(self._current, **changed)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error a service answered with: its status and the words in it, only looked at, never repeated."""

    status: int
    words: frozenset[str] = frozenset()
    parameter: str = ""
    retry_after: float | None = None

    @property
    def of_content(self) -> bool:
        """Whether the service judged what was said."""
        return bool(self.words & _CONTENT_WORDS)

    @property
    def of_length(self) -> bool:
        """Whether the request is longer than the model can read."""
        return "context_length_exceeded" in self.words or {"context", "length"} <= self.words

    @property
    def of_model(self) -> bool:
        """Whether the service does not have the model."""
        if self.status == 404:
            return bool(self.words & {"model", "models", *_MODEL_WORDS})
        missing = "exist" in self.words or {"not", "found"} <= self.words
        return self.status == 400 and (bool(self.words & _MODEL_WORDS) or ("model" in self.words and missing))

    def failure(self, address: str) -> ModelCallError:
        """The refusal as a failure of the call."""
        reason, remedy = FailureReason.BAD_REQUEST, ""
        if self.of_content:
            reason = FailureReason.CONTENT_FILTER
        elif self.status in (401, 403):
            reason = FailureReason.UNAUTHORISED
        elif self.of_model:
            reason = FailureReason.MODEL_NOT_FOUND
        elif self.status == 404:
            reason = FailureReason.NOT_FOUND
        elif self.status == 429:
            reason = FailureReason.RATE_LIMITED
        elif self.status >= 500:
            reason = FailureReason.SERVER_ERROR
        elif self.status == 402:
            remedy = "服务账户余额不足，请充值"
        elif self.of_length:
            remedy = "问题和资料超出了模型的上下文长度，换一个上下文更长的模型"
        return ModelCallError(
            reason, value=address, tried=f"HTTP {self.status}", remedy=remedy, retry_after=self.retry_after
        )


_MODEL_WORDS = frozenset({"model_not_found", "model_not_exist", "modelnotfound"})
_CONTENT_WORDS = frozenset(
    {"content_filter", "content_policy_violation", "data_inspection_failed", "datainspectionfailed", "contentfilter"}
)
#: A refusal with one of these may be of a part of the request even where it names none.
_UNNAMED = frozenset({400, 405, 406, 415, 422, 501})
#: With one of these only where it names the part.
_NAMED = _UNNAMED | {404, 500}


def refusal_of(status: int, body: str, retry_after: float | None = None) -> Refusal:
    """What can be told from the body of an error; the words of a web page tell nothing."""
    if body.lstrip().startswith("<"):
        return Refusal(status, retry_after=retry_after)
    parameter = ""
    try:
        content: Any = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict):
        error = content.get("error")
        named = error.get("param") if isinstance(error, dict) else content.get("param")
        parameter = named.lower() if isinstance(named, str) else ""
    return Refusal(status, frozenset(re.findall(r"[a-z_]+", body.lower())), parameter, retry_after)


@dataclass(frozen=True, slots=True)
class _Step:
    """A part of the request: the words that name it, and the request without it (None: it had none)."""

    words: frozenset[str]
    without: Callable[[Capabilities, bool], Capabilities | None]


def _other_way(known: Capabilities, structured: bool) -> Capabilities | None:
    way = known.way.next if structured and known.way else None
    return replace(known, way=way) if way else None


def _no_temperature(known: Capabilities, structured: bool) -> Capabilities | None:
    return replace(known, temperature=False) if known.temperature else None


def _other_limit(known: Capabilities, structured: bool) -> Capabilities | None:
    if known.limit is Limit.NONE:
        return None
    older = known.limit is Limit.MAX_TOKENS
    return replace(known, limit=Limit.MAX_COMPLETION_TOKENS if older else Limit.NONE)


def _no_system_role(known: Capabilities, structured: bool) -> Capabilities | None:
    return replace(known, system_role=False) if known.system_role else None


def _other_transfer(known: Capabilities, structured: bool) -> Capabilities | None:
    habits = known.structured if structured else known.text
    if not habits.streaming:
        return None
    whole = replace(habits, streaming=False)
    return replace(known, structured=whole) if structured else replace(known, text=whole)


#: In the order in which they are left out where a refusal names nothing.
_STEPS = (
    _Step(
        frozenset(
            "tool tools tool_choice tool_calls function functions function_call function_calling "
            "response_format json_schema json_object guided_json grammar structured".split()
        ),
        _other_way,
    ),
    _Step(frozenset({"temperature"}), _no_temperature),
    _Step(frozenset({"max_tokens", "max_completion_tokens"}), _other_limit),
    _Step(frozenset({"system", "developer", "alternate", "role", "roles"}), _no_system_role),
    _Step(frozenset({"stream", "streaming"}), _other_transfer),
)


def without_refused(known: Capabilities, refusal: Refusal, *, structured: bool) -> Capabilities | None:
    """What to ask with after ``refusal`` of a request made with ``known``; None where nothing is left.

    ``known.way`` names the way that was tried.
    """
    if refusal.status not in _NAMED or refusal.of_model or refusal.of_content or refusal.of_length:
        return None
    named = [step for step in _STEPS if refusal.parameter.split(".")[0] in step.words]
    named += [step for step in _STEPS if step.words & refusal.words]
    if refusal.status in _UNNAMED:
        named += _STEPS
    for step in named:
        less = step.without(known, structured)
        if less is not None:
            return less
    return None
