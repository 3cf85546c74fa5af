"""A text as a reader hears it: one width, no hidden characters, lower case; each character knows its place.

Finders look at the reading, and what they find is told in places of the text as it was written.
"""

from __future__ import annotations

import functools
import html
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.market.private.findings import Finding, FindingKind

#: Numerals that people write digits with, besides every digit that Unicode knows as one.
NUMERALS = dict(zip("零〇○一二三四五六七八九幺么壹贰貳叁參肆伍陆柒捌玖", "0001234567891112233456789", strict=True))
_AS_DIGITS = str.maketrans(NUMERALS)
#: Behind these a numeral counts pieces (前三位) or orders (第一) and is no digit of a number.
_COUNTED = "位个段组家条章届"
#: Written, and seen as nothing: format characters, combining marks, enclosing keycaps.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_BLANKS = "\u2800\u3164\uffa0\u115f\u1160"
_ENTITY_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Reading:
    """``text`` in lower case and ``cased`` as written, both of one length; ``starts`` and ``ends`` are places."""

    text: str
    cased: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def found(self, kind: FindingKind, start: int, end: int) -> Finding:
        """A finding at ``text[start:end]``, in places of what was written."""
        return Finding(kind, self.starts[start], self.ends[end - 1], "")

    @property
    def digits(self) -> str:
        """The text with numerals as digits, character for character."""
        return _with_digits(self.text)

    def replaced(self, pieces: Iterable[tuple[int, int, str]]) -> Reading:
        """The reading with ``text[start:end]`` of each piece read as one given character; in order, apart."""
        text, cased, starts, ends, position = [], [], [], [], 0
        for start, end, character in pieces:
            text += [self.text[position:start], character]
            cased += [self.cased[position:start], character]
            starts += [*self.starts[position:start], self.starts[start]]
            ends += [*self.ends[position:start], self.ends[end - 1]]
            position = end
        return Reading(
            "".join([*text, self.text[position:]]),
            "".join([*cased, self.cased[position:]]),
            (*starts, *self.starts[position:]),
            (*ends, *self.ends[position:]),
        )


@functools.lru_cache(maxsize=64)
def _with_digits(text: str) -> str:
    counted = {i for i, each in enumerate(text) if each in NUMERALS and text[i + 1 : i + 2] in tuple(_COUNTED)}
    counted |= {i for i, each in enumerate(text) if each in NUMERALS and i and text[i - 1] == "第"}
    translated = text.translate(_AS_DIGITS)
    if not counted:
        return translated
    return "".join(text[i] if i in counted else each for i, each in enumerate(translated))


def read(text: str) -> Reading:
    """The reading of ``text``."""
    lower: list[str] = []
    cased: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while position < len(text):
        end = position + 1
        character = text[position]
        if character == "&" and ";" in text[position : position + _ENTITY_LENGTH]:
            close = text.index(";", position) + 1
            meant = html.unescape(text[position:close])
            if len(meant) == 1:
                character, end = meant, close
        told = _folded(character)
        if not told and ends:
            # What is not seen goes with the character before it.
            ends[-1] = end
        for each in told:
            cased.append(each)
            lower.append(each.lower()[:1] or each)
            starts.append(position)
            ends.append(end)
        position = end
    return Reading("".join(lower), "".join(cased), tuple(starts), tuple(ends))


@functools.lru_cache(maxsize=65_536)
def _folded(character: str) -> str:
    if character < "\x7f" or "\u4e00" <= character <= "\u9fff":
        return character
    if character in _BLANKS:
        return " "
    if unicodedata.category(character) in _UNSEEN:
        return ""
    digit = unicodedata.digit(character, None)
    return unicodedata.normalize("NFKC", character) if digit is None else str(digit)


def is_latin(character: str) -> bool:
    """Whether ``character`` is a letter from a to z."""
    return "a" <= character <= "z"


def is_han(character: str) -> bool:
    """Whether ``character`` is a Chinese character."""
    return "\u3400" <= character <= "\u9fff"


class Leads:
    """Which places of one text a word leads to; asked often of one place, it looks once."""

    def __init__(self, text: str, cues: tuple[str, ...], fillers: str, reach: int = 8) -> None:
        self._text, self._fillers, self._reach = text, fillers, reach
        self._cues = tuple(each for each in cues if each in text)
        self._known: dict[int, int | None] = {}

    def before(self, start: int) -> int | None:
        """Where the word begins that leads to ``start``; ``None`` without one."""
        if not self._cues:
            return None
        if start not in self._known:
            self._known[start] = led_by(self._text, start, self._cues, self._fillers, self._reach)
        return self._known[start]


def led_by(text: str, start: int, cues: tuple[str, ...], fillers: str, reach: int = 8) -> int | None:
    """Where a word of ``cues`` begins that leads to ``text[start:]`` over nothing but ``fillers``; else ``None``."""
    position = start
    for _ in range(reach + 1):
        if text.endswith(cues, 0, position):
            cue = max((each for each in cues if text.endswith(each, 0, position)), key=len)
            begin = position - len(cue)
            # "hotel" holds no "tel".
            if not (is_latin(cue[0]) and begin and is_latin(text[begin - 1])):
                return begin
        if position == 0 or text[position - 1] not in fillers:
            return None
        position -= 1
    return None
