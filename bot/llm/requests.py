"""The body of a chat request, made for what a service is known to accept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from bot.llm.capabilities import Capabilities, Habits, Limit, Way
from bot.llm.messages import ChatMessage, Role, system

_JSON_ONLY = "只输出一个 JSON 对象，不要解释，不要别的文字。它必须符合下面的 JSON Schema："
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked: messages, and the schema of the record wanted (None: text is wanted)."""

    messages: Sequence[ChatMessage]
    schema: type[BaseModel] | None = None

    @property
    def structured(self) -> bool:
        """Whether a record is wanted."""
        return self.schema is not None

    def habits(self, known: Capabilities) -> Habits:
        """What is known of replies of this kind."""
        return known.structured if self.structured else known.text

    def with_habits(self, known: Capabilities, habits: Habits) -> Capabilities:
        """``known`` with other habits for replies of this kind."""
        return replace(known, structured=habits) if self.structured else replace(known, text=habits)


def request_body(question: Question, model: str, max_tokens: int, known: Capabilities) -> dict[str, Any]:
    """The JSON of the request. For a record ``known.way`` names the way to ask."""
    messages = list(question.messages)
    body: dict[str, Any] = {"model": model, "stream": question.habits(known).streaming}
    if known.temperature:
        body["temperature"] = 0
    if known.limit is not Limit.NONE:
        body[known.limit.value] = max_tokens
    if question.schema is not None:
        schema = question.schema.model_json_schema()
        name = _name(question.schema)
        if known.way is Way.TOOL:
            body |= _tool(name, question.schema.__doc__ or "", schema)
        else:
            messages = _with_schema(messages, schema)
        if known.way is Way.JSON_SCHEMA:
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": name, "schema": schema}}
        elif known.way is Way.JSON_OBJECT:
            body["response_format"] = {"type": "json_object"}
    if not known.system_role:
        messages = _without_system(messages)
    body["messages"] = [{"role": message.role.value, "content": message.text} for message in messages]
    return body


def _tool(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    function = {"name": name, "description": description.strip(), "parameters": schema}
    return {
        "tools": [{"type": "function", "function": function}],
        "tool_choice": {"type": "function", "function": {"name": name}},
    }


def _name(schema: type[BaseModel]) -> str:
    letters = (each if each.isascii() and (each.isalnum() or each in "_-") else "_" for each in schema.__name__)
    return "".join(letters)[:_LONGEST_NAME]


def _with_schema(messages: list[ChatMessage], schema: dict[str, Any]) -> list[ChatMessage]:
    """The messages with the schema told at the end of the instructions."""
    told = f"{_JSON_ONLY}\n{json.dumps(schema, ensure_ascii=False)}"
    if messages and messages[0].role is Role.SYSTEM:
        return [system(f"{messages[0].text}\n\n{told}"), *messages[1:]]
    return [system(told), *messages]


def _without_system(messages: list[ChatMessage]) -> list[ChatMessage]:
    """The instructions put before what the user says first."""
    instructions = [message.text for message in messages if message.role is Role.SYSTEM]
    others = [message for message in messages if message.role is not Role.SYSTEM]
    at = next((at for at, message in enumerate(others) if message.role is Role.USER), 0)
    first = [others[at].text] if others and others[at].role is Role.USER else []
    merged = ChatMessage(Role.USER, "\n\n".join((*instructions, *first)))
    return [*others[:at], merged, *others[at + len(first) :]] if instructions else others
