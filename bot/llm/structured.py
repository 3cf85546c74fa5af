"""A record in what a model sends: the growing part while it comes, the validated whole at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from bot.llm.answer import Answer, cleaned
from bot.llm.failures import FailureReason, ModelCallError
from bot.llm.replies import Delta

Schema = TypeVar("Schema", bound=BaseModel)

#: What a failure says when something shown has turned out to be thought.
THOUGHT_SHOWN = "思考没有开头的标记，已经给出的也是思考"
#: A partial object is read again when this part of its text is new; reading it at every piece adds up.
_NEW_PART = 100
#: Beginnings of objects looked at in one reply.
_MOST_OBJECTS = 200
#: What a tool call written out as text is made of.
_CALL_FIELDS = ("arguments", "parameters")


@dataclass(frozen=True, slots=True)
class Growing(Generic[Schema]):
    """``partial`` is what has come of the object so far; ``record`` is set in the last item only.

    The last value of ``partial`` may still grow: a list, a number.
    """

    partial: Mapping[str, Any]
    record: Schema | None = None


class RecordReader(Generic[Schema]):
    """Collects the text of one reply in which a record of ``schema`` is looked for."""

    def __init__(self, schema: type[Schema]) -> None:
        self._schema = schema
        self._fields = field_names(schema)
        self._text = ""
        self._start = 0
        self._looked_at = 0
        self._partial: Mapping[str, Any] = {}

    @property
    def promising(self) -> bool:
        """Whether the beginning of an object came at all."""
        return "{" in self._text

    def clear(self) -> None:
        """Forget what came: it was no reply."""
        self._text, self._start, self._looked_at, self._partial = "", 0, 0, {}

    def feed(self, text: str) -> None:
        """Take the next piece."""
        self._text += text

    def grown(self) -> Mapping[str, Any] | None:
        """The object as far as it has come, where it has grown since this was last asked."""
        new = len(self._text) - self._looked_at
        if not new or new < len(self._text) / _NEW_PART:
            return None
        self._looked_at = len(self._text)
        partial = self._read()
        if partial is None or partial == self._partial:
            return None
        self._partial = partial
        return partial

    def record(self) -> Schema | None:
        """The first object of the whole text that validates, or None.

        Objects that share no field with the schema are looked into, not taken; an empty object is
        taken only where there is no other.
        """
        empty = None
        for content in self._objects():
            try:
                record = self._schema.model_validate_json(json.dumps(content))
            except ValidationError:
                continue
            if content:
                return record
            empty = empty or record
        return empty

    def _read(self) -> Mapping[str, Any] | None:
        while (start := self._text.find("{", self._start)) >= 0:
            self._start = start
            try:
                content = from_json(self._text[start:].encode("utf-8", "replace"), allow_partial=True)
            except ValueError:
                if self._text[start + 1 :].lstrip()[:1] == '"':
                    # A broken object; what is inside of it is not the record.
                    return None
                self._start += 1
                continue
            content = _unwrapped(_clean(content))
            return content if self._fields & content.keys() else None
        return None

    def _objects(self) -> Iterator[dict[str, Any]]:
        """The JSON objects in order; inside of those that are of another make too."""
        decoder = json.JSONDecoder(strict=False)
        start = -1
        for _ in range(_MOST_OBJECTS):
            start = self._text.find("{", start + 1)
            if start < 0:
                return
            try:
                content, end = decoder.raw_decode(self._text, start)
                content = _unwrapped(_clean(content))
            except (ValueError, RecursionError):
                continue
            if not content or self._fields & content.keys():
                yield content
                start = end - 1


class StructuredReply(Generic[Schema]):
    """One reply that should hold a record, in the arguments of a call or in its text.

    ``growing``: what has come is told midway, so that it cannot be taken back; ``held``: only once
    thoughts are told apart.
    """

    def __init__(self, schema: type[Schema], *, held: bool, growing: bool) -> None:
        self.answer = Answer(held=held, whole=not growing)
        self._growing = growing
        self._arguments = RecordReader(schema)
        self._text = RecordReader(schema)
        self._called = False
        self._shown = False
        self._taken_back = 0

    @property
    def ignored(self) -> bool:
        """Whether nothing like a record came, as from a service that does not know the way it was asked."""
        return not self._called and not self._text.promising

    def feed(self, delta: Delta) -> Mapping[str, Any] | None:
        """The object as far as it has come, where it has grown. Raises where a thought had been given."""
        self._called = self._called or delta.called
        text = "".join(self.answer.feed(delta.text, reasoned=delta.reasoned, strictly=True))
        if self.answer.taken_back > self._taken_back:
            if self._shown:
                raise ModelCallError(FailureReason.GARBAGE, value=THOUGHT_SHOWN)
            self._taken_back = self.answer.taken_back
            self._text.clear()
        self._text.feed(text)
        self._arguments.feed(delta.arguments)
        if not self._growing:
            return None
        partial = (self._arguments if self._called else self._text).grown()
        self._shown = self._shown or (partial is not None and not self._called)
        return partial

    def record(self) -> Schema | None:
        """The record of a reply that is whole, or None."""
        self._text.feed("".join(self.answer.end()))
        return self._arguments.record() or self._text.record()


def field_names(schema: type[BaseModel]) -> frozenset[str]:
    """The names under which an object may give the fields of ``schema``."""
    aliases = (alias for field in schema.model_fields.values() for alias in (field.alias, field.validation_alias))
    return frozenset(schema.model_fields) | {alias for alias in aliases if isinstance(alias, str)}


def _unwrapped(content: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call that was written out as text, or ``content`` itself."""
    for name in _CALL_FIELDS:
        inner = content.get(name)
        if isinstance(inner, dict) and "name" in content:
            return inner
    return content


def _clean(content: Any) -> Any:
    """``content`` with the characters nobody sees taken out of its texts."""
    if isinstance(content, str):
        return cleaned(content)
    if isinstance(content, list):
        return [_clean(each) for each in content]
    if isinstance(content, dict):
        return {cleaned(key): _clean(value) for key, value in content.items()}
    return content
