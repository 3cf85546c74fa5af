"""Reasoning models that print their thoughts: a thought is never read as an answer.

Known are pairs of tags (``<think>…</think>`` and its relatives) and the channel tags of gpt-oss
(``<|channel|>analysis<|message|>…``). Tags may be split between pieces and written in any case.

A closing tag that nothing opened means that everything before it was thought: templates that put the
opening tag into the prompt make such replies. A thought that nothing closes swallows the rest, and so
does a thought that names its own opening tag without closing it: losing an answer is the lesser harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

_PAIRS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("[think]", "[/think]"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|start_thinking|>", "<|end_thinking|>"),
)
_CLOSING = dict(_PAIRS)
_OPENING = {closing: opening for opening, closing in _PAIRS}
_START, _CHANNEL, _MESSAGE = "<|start|>", "<|channel|>", "<|message|>"
_CHANNEL_TAGS = (_START, _CHANNEL, _MESSAGE, "<|end|>", "<|return|>", "<|call|>", "<|constrain|>")
#: The one channel that is meant for the reader.
_FINAL = "final"

_TAGS = (*_CLOSING, *_OPENING, *_CHANNEL_TAGS)
_ANY_TAG = re.compile("|".join(re.escape(tag) for tag in _TAGS), re.IGNORECASE)
_LONGEST_TAG = max(len(tag) for tag in _TAGS)


class Unopened(Enum):
    """A closing tag that nothing opened: the first of a reply, or one after thoughts were told apart."""

    FIRST = auto()
    LATER = auto()


class _State(Enum):
    ANSWER = auto()
    THOUGHT = auto()
    #: Between ``<|start|>`` or ``<|channel|>`` and ``<|message|>``.
    HEADER = auto()
    #: A message of another channel than the final one, up to the next header.
    CHANNEL = auto()


class ThoughtFilter:
    """Takes a reply piece by piece and gives its answer; made for one reply."""

    def __init__(self) -> None:
        self._state = _State.ANSWER
        self._held = ""
        self._header = ""
        self._opening = ""
        self._depth = 0
        #: Whether thoughts have been told apart from the answer: what comes as answer now is answer.
        self.told_apart = False
        #: Whether anything but white space was thought.
        self.thought = False
        self._answered = False

    def feed(self, piece: str) -> Iterator[str | Unopened]:
        """The parts of the answer in ``piece`` and what was held back of the pieces before it.

        After :class:`Unopened` everything given before it was thought.
        """
        text = self._held + piece
        position = 0
        for match in _ANY_TAG.finditer(text):
            yield from self._text(text[position : match.start()])
            position = match.end()
            yield from self._turn(match.group().lower())
        rest = text[position:]
        keep = _beginning_of_tag(rest)
        self._held = rest[len(rest) - keep :]
        yield from self._text(rest[: len(rest) - keep])

    def end(self) -> str:
        """What was held back as the possible beginning of a tag, now that nothing follows."""
        held, self._held = self._held, ""
        return "".join(self._text(held))

    def _text(self, text: str) -> Iterator[str]:
        if self._state is _State.ANSWER:
            if text:
                self._answered = self._answered or bool(text.strip())
                yield text
        elif self._state is _State.HEADER:
            self._header += text
        elif text.strip():
            self.thought = True

    def _turn(self, tag: str) -> Iterator[Unopened]:
        if self._state is _State.THOUGHT:
            self._depth += (tag == self._opening) - (tag == _CLOSING[self._opening])
            if self._depth == 0:
                self._state = _State.ANSWER
        elif self._state is _State.HEADER:
            self._turn_in_header(tag)
        elif tag in (_START, _CHANNEL):
            if self._state is _State.ANSWER and self._answered and not self.told_apart:
                # The prompt had begun the first message.
                yield Unopened.FIRST
            self.told_apart = True
            self._state = _State.HEADER
            self._header = "" if tag == _START else tag
        elif self._state is _State.ANSWER and tag in _CLOSING:
            self.told_apart = True
            self._state, self._opening, self._depth = _State.THOUGHT, tag, 1
        elif self._state is _State.ANSWER and tag in _OPENING:
            yield Unopened.LATER if self.told_apart else Unopened.FIRST
            self.told_apart = True

    def _turn_in_header(self, tag: str) -> None:
        if tag == _CHANNEL:
            self._header = tag
        elif tag == _MESSAGE:
            # A message without a channel is a plain reply.
            channel = self._header.removeprefix(_CHANNEL).split()
            plain = not self._header.startswith(_CHANNEL)
            self._state = _State.ANSWER if plain or channel[:1] == [_FINAL] else _State.CHANNEL
        else:
            self._header += " "


def _beginning_of_tag(text: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of a tag."""
    tail = text[-(_LONGEST_TAG - 1) :]
    for start in range(len(tail)):
        end = tail[start:].lower()
        if any(tag.startswith(end) for tag in _TAGS):
            return len(tail) - start
    return 0
