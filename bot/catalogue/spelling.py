"""Names on file that a question seems to mean but does not spell: 善新待 for 善新贷.

A slip is told from another word by what stands around it: characters that make a word of general text with their
neighbours, or that the documents use, are no slip. Names that sound the same are taken for one another more readily,
since input methods offer them side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.search.background import is_listed
from bot.text.places import places_in
from bot.text.readings import readings, sound
from bot.text.tokens import fold

#: A slip in a name with fewer characters leaves too little to know it by; in a longer one nobody needs help.
SHORTEST, LONGEST = 3, 24
#: With fewer characters only what sounds the same is a slip of a name, not another name.
SURE_BY_SHAPE = 4
#: So much of a question is looked through.
LOOKED_THROUGH = 200
_QUOTES = frozenset("“”\"'‘’《》「」『』")
#: Letters of a name typed without its characters.
SHORTEST_LATIN = 6


@dataclass(frozen=True, slots=True)
class Slip:
    """``typed`` stands in the question for the name ``meant``; ``alike`` tells that both sound the same."""

    typed: str
    meant: str
    alike: bool


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    key: str
    sounds: frozenset[str]
    latin: str


@dataclass(frozen=True, slots=True)
class _Window:
    """``start:end`` of a text may be a name with a slip; ``first`` and ``last`` are the characters that differ.

    ``alike`` tells that it sounds the same, ``same_characters`` that it has the same ones in another order or number.
    """

    start: int
    end: int
    first: int
    last: int
    alike: bool = False
    same_characters: bool = False

    def within(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether the slip itself stands within a span, or a span is all of the window but for it."""
        return any(
            (start <= self.first and self.last < end)
            or (start <= self.start and self.last <= end and self.last + 1 == self.end)
            or (start <= self.first + 1 and self.end <= end and self.first == self.start)
            for start, end in spans
        )


class NameSpelling:
    """Looks for misspelt names of ``names``; ``known`` tells whether the documents hold a pair of characters."""

    def __init__(self, names: Iterable[str], known: Callable[[str], bool]) -> None:
        made = {(named := _named(name)).key: named for name in names}
        kept = [each for each in made.values() if SHORTEST <= len(each.key) <= LONGEST]
        self._names = sorted(kept, key=lambda each: -len(each.key))
        self._keys = frozenset(each.key for each in kept)
        self._known = known

    def slips(self, question: str) -> tuple[Slip, ...]:
        """The slips of a question, longest name first, none within another or within a name that is spelt right."""
        text = fold(question)[:LOOKED_THROUGH]
        sounds = frozenset(map(_sound, text))
        near = [
            (name, window)
            for name in self._names
            if len(name.sounds - sounds) <= 1
            for window in _windows(name.key, text)
            if self._is_slip(name, text, window)
        ]
        taken = self._spelt_right(text)
        found: list[Slip] = []
        for name, window in sorted(near, key=lambda each: (-len(each[0].key), not each[1].alike)):
            if not window.within(taken):
                taken.append((window.start, window.end))
                found.append(Slip(text[window.start : window.end], name.text, window.alike))
        return (*found, *self._in_latin(text))

    def _spelt_right(self, text: str) -> list[tuple[int, int]]:
        """Where names stand as they are written."""
        # A district is told by its last character, so only other places are known to be spelt right.
        places = (place for place in places_in(text) if place[-1] not in "区县")
        found = ((text.find(key), len(key)) for key in (*self._keys, *places))
        return [(start, start + size) for start, size in found if start >= 0]

    def _is_slip(self, name: _Name, text: str, window: _Window) -> bool:
        within = text[window.start : window.end]
        pairs = list(_changed_pairs(name.key, text, window))
        # 待遇 begins a word of its own after 善新: a word with a neighbour outside is no slip of the name.
        if any(pair not in within and is_listed(pair) for pair in pairs):
            return False
        if window.alike or window.same_characters:
            return any(not is_listed(pair) for pair in pairs if pair in within)
        long = len(name.key) >= SURE_BY_SHAPE
        return long and all(not is_listed(pair) and not self._known(pair) for pair in pairs)

    def _in_latin(self, text: str) -> Iterator[Slip]:
        """Names typed in Latin letters, in one word."""
        letters = "".join(each if "a" <= each <= "z" else " " for each in text).split()
        long = {each for each in letters if len(each) >= SHORTEST_LATIN}
        for name in self._names:
            if long and name.latin in long:
                yield Slip(name.latin, name.text, alike=True)


def _named(text: str) -> _Name:
    key = "".join(each for each in fold(text) if each not in _QUOTES and not each.isspace())
    read = [readings().get(character, "") for character in key]
    return _Name(text, key, frozenset(map(_sound, key)), "".join(read) if all(read) else "")


def _sound(character: str) -> str:
    """How a character sounds; one without a known reading sounds like itself only."""
    return sound(character) or character


def _windows(key: str, text: str) -> Iterator[_Window]:
    """Where the text may be the name with a slip: one or more characters that sound alike, or one other change."""
    size = len(key)
    for start in range(len(text) - size + 1):
        typed = text[start : start + size]
        wrong = [place for place in range(size) if typed[place] != key[place]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(typed) == sorted(key)
        alike = 0 < len(wrong) < size and _sounds_alike(key, typed)
        if alike or swapped or len(wrong) == 1:
            yield _Window(start, start + size, start + wrong[0], start + wrong[-1], alike, swapped)
    if size < SURE_BY_SHAPE:
        return
    for left_out in range(1, size - 1):
        start = text.find(key[:left_out] + key[left_out + 1 :])
        if start >= 0:
            yield _Window(start, start + size - 1, start + left_out - 1, start + left_out)
    for doubled in range(size):
        start = text.find(key[: doubled + 1] + key[doubled:])
        if start >= 0:
            first = start + doubled
            yield _Window(start, start + size + 1, first, first + 1, same_characters=True)


def _sounds_alike(key: str, typed: str) -> bool:
    return len(key) == len(typed) and all(map(lambda one, other: _sound(one) == _sound(other), key, typed))


def _changed_pairs(key: str, text: str, window: _Window) -> Iterator[str]:
    """The pairs of neighbours in a text with a character that differs, those that the name has left out."""
    own = {key[place : place + 2] for place in range(len(key) - 1)}
    for place in range(max(0, window.first - 1), min(len(text) - 1, window.last + 1)):
        pair = text[place : place + 2]
        if pair not in own:
            yield pair
