"""The English of every fixed Chinese sentence that code composes, looked up in one table.

A key of the table is the sentence as code writes it, with ``{name}`` for what is filled in; its value is the English
with the same names. What is filled in is said in English too where the table knows it; ``{name:q}`` quotes it as it
is. Nothing is translated: what the table does not hold has no English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from bot.web.english.days import in_words

FOLDER = Path(__file__).with_name("phrases")
_SLOT = re.compile(r"\{([a-z_]{1,20})(:q)?\}")
_MARKERS = re.compile(r"(?:\[\d{1,3}\]){1,9}$")
#: How errors put their parts together (:class:`bot.errors.AssistantError`), and how they read in English.
_PARTS = (("。解决办法：", "What to do: "), ("。已尝试：", "Tried: "))
_LISTED = ("；", "、", "，")
_SENTENCE = re.compile(r"[^。？！]{1,4000}(?:[。？！](?:（[^（）。]{1,200}）)?(?:\[\d{1,3}\]){0,9}|$)")
#: A question of a form has up to so many sentences.
_TOGETHER = 3
#: Fixed characters of a template from which on it may be a whole sentence; below, it only fills a slot.
_LEAST_FIXED = 4
#: Sentences in sentences: a gate in a letter's note in a list.
_DEEPEST = 4
#: What is longer is no sentence of ours; so many parts, sentences and colons of one are looked at.
_LONGEST, _MOST_PARTS, _MOST_COLONS = 2_000, 24, 6


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence: ``literals`` are its fixed Chinese parts around the slots ``names``, ``english`` its twin."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    quoted: frozenset[str]
    english: str

    @classmethod
    def of(cls, chinese: str, english: str) -> Phrase:
        """A line of the table."""
        pieces = _SLOT.split(chinese)
        names = tuple(pieces[1::3])
        quoted = frozenset(name for name, kept in zip(names, pieces[2::3], strict=True) if kept)
        return cls(tuple(pieces[0::3]), names, quoted, english)

    @property
    def fixed(self) -> int:
        """How many characters are fixed."""
        return sum(map(len, self.literals))

    def filled(self, sentence: str) -> dict[str, str] | None:
        """What stands in the slots of ``sentence``; ``None`` where the fixed parts do not fit. Takes linear time."""
        first, *inner = self.literals
        if not inner:
            return {} if sentence == first else None
        last = inner.pop()
        end = len(sentence) - len(last)
        if not sentence.startswith(first) or not sentence.endswith(last) or end < len(first):
            return None
        values, position = [], len(first)
        for literal in inner:
            found = sentence.find(literal, position, end)
            if found < 0:
                return None
            values.append(sentence[position:found])
            position = found + len(literal)
        values.append(sentence[position:end])
        return dict(zip(self.names, values, strict=True))


class Phrasebook:
    """The sentences of some tables, and ``values`` that may fill their slots. Safe to share between threads."""

    def __init__(self, sentences: Mapping[str, str], values: Mapping[str, str] = MappingProxyType({})) -> None:
        self._fixed = {chinese: english for chinese, english in sentences.items() if not _SLOT.search(chinese)}
        templates = [Phrase.of(chinese, english) for chinese, english in sentences.items() if _SLOT.search(chinese)]
        # The more of a sentence is fixed, the surer it is that one.
        self._templates = sorted(templates, key=lambda phrase: -phrase.fixed)
        self._values = values

    def __iter__(self) -> Iterator[Phrase]:
        yield from (Phrase((chinese,), (), frozenset(), english) for chinese, english in self._fixed.items())
        yield from self._templates

    def say(self, sentence: str, depth: int = 0) -> str | None:
        """The English of a sentence, its markers ``[n]`` at the end; ``None`` where the table has none."""
        if len(sentence) > _LONGEST:
            return None
        markers = _MARKERS.search(sentence)
        if markers is not None and not sentence[: markers.start()].endswith("]"):
            said = self.say(sentence[: markers.start()], depth)
            return None if said is None else said + markers.group()
        bare = sentence.strip()
        said = self._fixed.get(bare) or self._by_template(bare, depth)
        if said is None and bare.endswith("。"):
            said = self.say(bare[:-1], depth)
            said = said and (said if said.endswith((".", "?", "!", ":")) else f"{said}.")
        return said or None

    def told(self, line: str) -> str | None:
        """The English of a line: one sentence, an error with its parts, or sentences of which some are known."""
        if line in self._fixed:
            return self._fixed[line]
        of_error = any(mark in line for mark, _ in _PARTS)
        said = (self._error(line) if of_error else self._labelled(line)) or self.say(line)
        return said or self._headed(line.removesuffix("。")) or self._sentence_by_sentence(line)

    def _sentence_by_sentence(self, line: str) -> str | None:
        sentences = _SENTENCE.findall(line) if len(line) <= _LONGEST else []
        if "".join(sentences) != line or len(sentences) > _MOST_PARTS:
            return None
        told: list[str] = []
        known, position = False, 0
        while position < len(sentences):
            for end in range(min(len(sentences), position + _TOGETHER), position, -1):
                english = self.say("".join(sentences[position:end]))
                if english is not None:
                    break
            known |= english is not None
            told.append(english or sentences[position])
            position = end
        return " ".join(told) if known else None

    def value(self, words: str) -> str:
        """The English of what may be a sentence, a label, a list of such or a day; anything else as it is."""
        return self.told(words) or self._value(words, 1)

    def _by_template(self, sentence: str, depth: int) -> str | None:
        if depth > _DEEPEST:
            return None
        for phrase in self._templates:
            values = phrase.filled(sentence) if depth or phrase.fixed >= _LEAST_FIXED else None
            if values is not None:
                shown = {
                    name: value if name in phrase.quoted else self._value(value, depth + 1)
                    for name, value in values.items()
                }
                return phrase.english.format(**shown)
        return None

    def _value(self, value: str, depth: int) -> str:
        """What is filled in: a list of what is known, as the table says it, a day in words, or as it is."""
        for mark in _LISTED:
            parts = value.split(mark)
            told = [self._known(part, depth) for part in parts] if 1 < len(parts) <= _MOST_PARTS else []
            if told and all(told):
                return ("; " if mark == "；" else ", ").join(filter(None, told))
        said = self._known(value, depth)
        if said is not None:
            return said
        parts = value.split("、")
        if 1 < len(parts) <= _MOST_PARTS:
            return ", ".join(self._known(part, depth) or part for part in parts)
        return in_words(value)

    def _known(self, value: str, depth: int) -> str | None:
        return self._values.get(value) or self.say(value, depth)

    def _error(self, sentence: str) -> str | None:
        """An error's message with its value, what was tried and the remedy."""
        told: list[str] = []
        rest = sentence
        for mark, english in _PARTS:
            rest, found, part = rest.partition(mark)
            if found:
                told.insert(0, f"{english}{_ended(self._value(part.removesuffix('。'), 1))}")
        head = self._headed(rest.removesuffix("。")) or (self.say(rest) if told else None)
        return None if head is None else " ".join((_ended(head), *told))

    def _labelled(self, line: str) -> str | None:
        """A fixed label with what it names."""
        label, colon, rest = line.partition("：")
        english = self._fixed.get(label) if colon and rest else None
        return f"{english}: {self._value(rest, 1)}" if english else None

    def _headed(self, head: str) -> str | None:
        """A message with its value."""
        position = head.find("：")
        for _ in range(_MOST_COLONS):
            if position < 0:
                break
            message = self.say(head[:position])
            if message is not None:
                return f"{message.removesuffix('.')}: {self._value(head[position + 1 :], 1)}"
            position = head.find("：", position + 1)
        return None


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def table(name: str) -> dict[str, str]:
    """One table of the package: sentences of code with their English."""
    read: dict[str, str] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return read


@cache
def answers() -> Phrasebook:
    """What may stand in answers and notes: nothing there may take a sentence of a document for its own."""
    asked = {chinese: english for chinese, english in table("fields").items() if chinese.endswith(("？", "）", "。"))}
    return Phrasebook(table("answers") | table("registering") | asked, table("words"))


@cache
def questions() -> Phrasebook:
    """The questions of chips and cards."""
    return Phrasebook(table("questions"))


def page_sentences() -> dict[str, str]:
    """Every sentence of :func:`page`, with its English."""
    names = ("words", "errors", "gates", "quality", "eligibility", "letters", "fields", "registering")
    return {chinese: english for name in names for chinese, english in table(name).items()}


@cache
def page() -> Phrasebook:
    """What stands anywhere else: labels, reasons, advice, errors."""
    return Phrasebook(page_sentences())


def fixed_parts(phrases: Iterable[Phrase]) -> str:
    """All fixed Chinese of a table, one part a line; for proofs that nothing is missing."""
    return "\n".join(part for phrase in phrases for part in phrase.literals)
