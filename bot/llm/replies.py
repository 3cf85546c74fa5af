"""What the payloads of chat completions say: text, the arguments of a tool call, thoughts, how it ended.

The same reader takes the pieces of a stream (``delta``) and a whole reply (``message``). Only the first
choice and the first call count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.llm.body import Payload
from bot.llm.failures import FailureReason

#: Fields that hold thoughts, by one service or another.
_THOUGHT_FIELDS = ("reasoning_content", "reasoning", "reasoning_details", "thinking", "thought")
_THOUGHT_PARTS = frozenset({"reasoning", "thinking", "thought", "reasoning_text"})

_WHOLE = frozenset(
    "stop eos eos_token end_turn stop_sequence stop_token tool_calls tool_use function_call complete completed".split()
)
_TOO_LONG = frozenset("length max_tokens max_length model_length max_output_tokens".split())
_FILTERED = frozenset("content_filter content_filtered sensitive safety recitation refusal blocked".split())
_CUT = frozenset("error abort aborted cancelled network_error insufficient_system_resource".split())
_ABSENT = frozenset({"", "null", "none"})


@dataclass(frozen=True, slots=True)
class Delta:
    """What one payload adds to the text and to the arguments of a call; whether it calls, whether it reasons."""

    text: str = ""
    arguments: str = ""
    called: bool = False
    reasoned: bool = False


class ReplyReader:
    """Takes the payloads of one reply and remembers how it went."""

    def __init__(self) -> None:
        self._first: tuple[Any, Any] | None = None
        # Of the calls, by index: only the first piece of a call need name it.
        self._names: dict[Any, Any] = {}
        self._finish = ""
        #: Whether a choice came at all.
        self.seen = False
        self._refused = False

    @property
    def finished(self) -> bool:
        """Whether the service has said how the reply ended."""
        return bool(self._finish)

    def take(self, payload: Payload) -> Delta:
        """What ``payload`` adds."""
        choice = _first_choice(payload)
        if choice is None:
            return Delta()
        self.seen = True
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish.lower() not in _ABSENT:
            self._finish = finish.lower()
        message = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
        if not isinstance(message, Mapping):
            return Delta()
        self._refused = self._refused or bool(message.get("refusal"))
        content = message.get("content")
        reasoned = any(message.get(name) for name in _THOUGHT_FIELDS) or _has_thought_part(content)
        arguments = list(self._arguments(message))
        return Delta(_text(content), "".join(arguments), bool(arguments), reasoned)

    def failure(self, *, ended: bool) -> FailureReason | None:
        """Why the reply is not whole, or None. ``ended``: the body said itself that it was."""
        if self._refused or self._finish in _FILTERED:
            return FailureReason.CONTENT_FILTER
        if self._finish in _TOO_LONG:
            return FailureReason.TOO_LONG
        if self._finish in _CUT:
            return FailureReason.CUT
        if not self.seen:
            return FailureReason.GARBAGE if ended else FailureReason.CUT
        if not self._finish:
            return None if ended else FailureReason.CUT
        return None if self._finish in _WHOLE else FailureReason.GARBAGE

    def _arguments(self, message: Mapping[str, Any]) -> Iterator[str]:
        calls = message.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, Mapping) and isinstance(call.get("function"), Mapping) and self._is_first(call):
                yield from self._argument(call["function"])
        yield from self._argument(message.get("function_call"))

    @staticmethod
    def _argument(function: Any) -> Iterator[str]:
        if not isinstance(function, Mapping):
            return
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            yield arguments
        elif isinstance(arguments, Mapping):
            yield json.dumps(arguments)
        else:
            yield ""

    def _is_first(self, call: Mapping[str, Any]) -> bool:
        """Whether this is a piece of the first call; services tell calls apart by index or by id only."""
        index = call.get("index")
        index = index if isinstance(index, int) else 0
        name = self._names[index] = call.get("id") or self._names.get(index)
        if self._first is None:
            self._first = index, name
        return self._first == (index, name)


def _first_choice(payload: Payload) -> Mapping[str, Any] | None:
    choices = payload.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, Mapping) and not choice.get("index"):
            return choice
    return None


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    texts = (part.get("text") for part in parts if isinstance(part, Mapping) and part.get("type") == "text")
    return "".join(text for text in texts if isinstance(text, str))


def _has_thought_part(content: Any) -> bool:
    parts = content if isinstance(content, list) else ()
    return any(isinstance(part, Mapping) and part.get("type") in _THOUGHT_PARTS for part in parts)


def error_in(payload: Payload) -> Any:
    """The error that a payload tells of instead of a reply, or None."""
    if payload.get("error"):
        return payload["error"]
    told = "choices" not in payload and any(isinstance(payload.get(name), str) for name in ("message", "detail"))
    return payload if told or payload.get("object") == "error" else None
