"""Words that must stand on both sides: negation, status, conditions, modality, and what may not be added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.answering.model.english.records import Objection, Rule

#: So large a share of the known terms of a sentence may be told with words that the list does not have.
TERMS_LEFT_OPEN = 0.24
#: What a term counts that is often told with another word.
SYNONYMS_LIKELY = 0.5
#: Modes of terms: the second must not be added either, the third must be told as well.
_TERM = ("t", "T", "P")
CLAUSE = re.compile(r"[，,；;：:]")
#: That a thing is done: told of a clause that only plans it, it is false.
_PAST = re.compile(
    r"\b(?:was|were|has|have|had)(?: been)? (?!planned|proposed|expected|scheduled|intended|drafted)"
    r"\w+(?:ed|ilt|eld|un|en)\b"
)
_TO_COME = ("planned", "building")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Tie:
    """Words of both languages that stand for one another; ``mode`` says how they are compared."""

    name: str
    mode: str
    chinese: re.Pattern[str]
    chinese_optional: re.Pattern[str]
    chinese_skipped: re.Pattern[str]
    english: re.Pattern[str]
    english_skipped: re.Pattern[str]

    def words(self, chinese: str, english: str) -> str:
        """The words found on either side."""
        here = self.chinese.findall(self.chinese_skipped.sub("，", chinese))
        there = self.english.findall(self.english_skipped.sub(" , ", english))
        return f"{'、'.join(here)} / {', '.join(there)}"

    def in_chinese(self, text: str) -> int:
        """How often a Chinese text has one of the words."""
        return len(self.chinese.findall(self.chinese_skipped.sub("，", text)))

    def optional_in_chinese(self, text: str) -> int:
        """How often it has one that need not be told with a word of its own."""
        return len(self.chinese_optional.findall(text))

    def in_english(self, text: str) -> int:
        """How often an English text has one of the words."""
        return len(self.english.findall(self.english_skipped.sub(" , ", text)))


@cache
def ties() -> tuple[Tie, ...]:
    """The rows of words.tsv."""
    lines = Path(__file__).with_name("words.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(_tie(*row) for row in rows)


def _tie(name: str, mode: str, chinese: str, english: str) -> Tie:
    words, told = chinese.split(), english.split()
    return Tie(
        name,
        mode,
        _either(re.escape(word) for word in _longest(words) if word[0] not in "-?"),
        _either(re.escape(word[1:]) for word in _longest(words) if word[0] == "?"),
        _either(re.escape(word[1:]) for word in _longest(words) if word[0] == "-"),
        _either(_english(word) for word in _longest(told) if word[0] != "-"),
        _either(_english(word[1:]) for word in _longest(told) if word[0] == "-"),
    )


def _longest(words: Sequence[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _either(patterns: Iterator[str]) -> re.Pattern[str]:
    joined = "|".join(patterns)
    return re.compile(joined, re.IGNORECASE) if joined else _NEVER


def _english(word: str) -> str:
    plain = re.escape(word).replace("_", r"\s+").replace(r"\*", r"[\w’'-]*")
    return rf"(?<![\w-]){plain}(?!\w)"


def word_objections(chinese: str, english: str, told_by_code: str, unit: str) -> Iterator[Objection]:
    """What of the words of one sentence stands on one side only.

    ``chinese`` is without what code tells in English itself, which is ``told_by_code``; ``unit`` is all sentences,
    whose words the others may take up.
    """
    opposed = all(tie.in_chinese(chinese) for tie in ties() if tie.mode == "~")
    for tie in ties():
        if tie.mode in _TERM:
            continue
        here, there = tie.in_chinese(chinese), tie.in_english(english)
        spare = tie.optional_in_chinese(chinese)
        if tie.mode != "#":
            # What 不超过 denies, "no more than" has told.
            spare += tie.in_chinese(unit if tie.mode == "<" else told_by_code)
        if tie.mode == "+":
            here = sum(bool(tie.in_chinese(clause)) for clause in CLAUSE.split(chinese))
        if _apart("=" if tie.mode == "~" and not opposed else tie.mode, here, spare, there):
            yield Objection(Rule.WORDS, f"{tie.name}: {tie.words(chinese, english)}")
    yield from _past_objections(chinese, english)


def _past_objections(chinese: str, english: str) -> Iterator[Objection]:
    """Things told as done where every clause but fewer than these tells what is to come."""
    to_come = [tie for tie in ties() if tie.name in _TO_COME]
    clauses = [clause for clause in CLAUSE.split(chinese) if clause.strip()]
    coming = sum(any(tie.in_chinese(clause) for tie in to_come) for clause in clauses)
    past = _PAST.findall(english)
    if coming and len(past) > len(clauses) - coming:
        yield Objection(Rule.WORDS, f"past: {', '.join(past)}")


def _apart(mode: str, here: int, spare: int, there: int) -> bool:
    if mode == "#":
        return not here <= there <= here + spare
    missing = there < here if mode == "+" else bool(here) and not there
    added = bool(there) and not here + spare
    if mode == ">":
        return missing
    if mode == "<":
        return added
    return missing or added or (mode == "~" and there > here + spare)


# --- terms --------------------------------------------------------------------------------------------


def term_objections(chinese: str, english: str, names: str) -> Iterator[Objection]:
    """Terms of one sentence that are not told, and terms told that are not in it."""
    held = [tie for tie in ties() if tie.mode in _TERM and tie.in_chinese(chinese)]
    missing = [tie for tie in held if not tie.in_english(english)]
    weight = sum(SYNONYMS_LIKELY if tie.mode == "t" else 1 for tie in missing)
    if any(tie.mode == "P" for tie in missing) or held and weight / len(held) > TERMS_LEFT_OPEN:
        yield Objection(Rule.TERMS, f"not told: {', '.join(tie.name for tie in missing)}")
    everything = chinese + names
    borne = [tie for tie in ties() if tie.in_chinese(everything) or tie.optional_in_chinese(everything)]
    for tie in ties():
        if tie.mode == "t" or tie.mode not in _TERM or tie in borne:
            continue
        for match in tie.english.finditer(tie.english_skipped.sub(" , ", english)):
            if not any(other.in_english(match.group()) for other in borne):
                yield Objection(Rule.TERMS, f"added: {match.group()}")


def order_objections(slots: Sequence[str], english: str) -> Iterator[Objection]:
    """Terms that stand in one of several Chinese ``slots`` only, told in another order than that of the slots."""
    places: list[list[tuple[str, int]]] = [[] for _ in slots]
    for tie in ties():
        holders = [place for place, slot in enumerate(slots) if tie.in_chinese(slot)]
        if tie.mode in _TERM and len(holders) == 1 and (at := _last(tie, english)) is not None:
            places[holders[0]].append((tie.name, at))
    told = [(place, name, at) for place, terms in enumerate(places) for name, at in terms]
    for place, name, at in told:
        for other_place, other, other_at in told:
            if place < other_place and at > other_at:
                yield Objection(Rule.ORDER, f"{name} after {other}")


def _last(tie: Tie, english: str) -> int | None:
    return max((match.start() for match in tie.english.finditer(english)), default=None)
