"""A response body as the JSON objects in it: an event stream, or one object, whatever its content type says."""

from __future__ import annotations

import codecs
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.llm.failures import FailureReason, ModelCallError

#: Longest line of an event stream, in characters.
MAX_LINE_CHARACTERS = 1_000_000
_BYTE_ORDER_MARK = "\ufeff"
_DONE = "[DONE]"
_ERROR_EVENT = "error"
#: Further fields of events, which say nothing here.
_FIELDS = frozenset({"id", "retry"})

Payload = Mapping[str, Any]


class BodyReader:
    """Reads one body. ``ended`` is set where the body says itself that it is whole."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._texts = _decoded(chunks)
        self.ended = False

    def payloads(self) -> Iterator[Payload]:
        """The objects in order. Raises :class:`ModelCallError` for what is neither JSON nor events."""
        start = ""
        for text in self._texts:
            start = (start + text).lstrip(_BYTE_ORDER_MARK + " \n\t")
            if start:
                break
        if start[:1] == "<":
            raise ModelCallError(FailureReason.GARBAGE, value="回应是网页")
        if start[:1] in ("{", "["):
            yield self._whole(start)
        else:
            yield from self._events(start)

    def _whole(self, start: str) -> Payload:
        text = "".join((start, *self._texts)).rstrip()
        content = _json(text)
        if content is None:
            cut = not text.endswith(("}", "]"))
            raise ModelCallError(FailureReason.CUT if cut else FailureReason.GARBAGE)
        self.ended = True
        # Some gateways put their error object into a list.
        return _object(content[0] if isinstance(content, list) and content else content)

    def _events(self, start: str) -> Iterator[Payload]:
        kind, data = "", ""
        strange = read = False
        for line in _lines(start, self._texts):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                kind = value.strip()
            elif name == "data" and value.strip() == _DONE:
                self.ended = True
                return
            elif name == "data":
                # An event may spread over several lines.
                data += value
                _check_length(data)
                content = _json(data)
                if content is not None:
                    yield _event(kind, content)
                    kind, data, read = "", "", True
            elif not line and data:
                raise ModelCallError(FailureReason.GARBAGE)
            else:
                strange = strange or bool(name and name not in _FIELDS)
        if data:
            raise ModelCallError(FailureReason.CUT)
        if strange and not read:
            raise ModelCallError(FailureReason.GARBAGE)


def _event(kind: str, content: Any) -> Payload:
    payload = _object(content)
    return {"error": payload} if kind == _ERROR_EVENT and "error" not in payload else payload


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=True)
    for chunk in chunks:
        yield str(decoder.decode(chunk))
    yield str(decoder.decode(b"", final=True))


def _lines(start: str, texts: Iterable[str]) -> Iterator[str]:
    rest = ""
    for text in itertools.chain((start,), texts):
        *lines, rest = (rest + text).split("\n")
        yield from lines
        _check_length(rest)
    if rest:
        yield rest


def _check_length(line: str) -> None:
    if len(line) > MAX_LINE_CHARACTERS:
        raise ModelCallError(FailureReason.TOO_LONG, value=f"一行超过 {MAX_LINE_CHARACTERS} 字")


def _json(text: str) -> Any:
    """The value, or None for what is no JSON. Halves of characters are let through, to be joined later."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _object(content: Any) -> Payload:
    if not isinstance(content, dict):
        raise ModelCallError(FailureReason.GARBAGE)
    return content
