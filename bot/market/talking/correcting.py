"""A correction told on the way: which field it names, and the new value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.market.fields import CONTACT_FIELDS, FIELDS
from bot.market.talking import exact
from bot.market.wishes import SURE, WishReader, clauses_of
from bot.types import RecordKind

_FOLDER = Path(__file__).parent
_PARTICLES = "的了吧呢啊哦哈，。,.：: 、！!"
_NOT = re.compile("不是|不要|错了|写错|说错|填错|说少|说多|不对")


@dataclass(frozen=True, slots=True)
class Correction:
    """``field`` is the name of a record's field, or of a contact's with ``contact_`` before it.

    An empty ``value`` says that the field is to be asked again.
    """

    field: str
    value: str


def correction(text: str, kind: RecordKind, last: str, reader: WishReader) -> Correction | None:
    """What ``text`` corrects in a draft of ``kind``; without a name the field answered ``last``.

    ``None`` when it names no field and none was answered.
    """
    name, end = _named(text, kind)
    value = _value(text[end:])
    if not name:
        name = _meant(value, kind, reader) or last
    return Correction(name, value) if name else None


def named_first(text: str, kind: RecordKind) -> str:
    """The field that ``text`` calls by its name at its very beginning; empty for any other text."""
    folded = text.casefold()
    return next((field for word, field in _names(kind) if folded.startswith(word)), "")


def _named(text: str, kind: RecordKind) -> tuple[str, int]:
    """The field that ``text`` calls by its name, and where the name ends."""
    folded = text.casefold()
    found = [(folded.find(word), -len(word), field) for word, field in _names(kind) if word in folded]
    if not found:
        return "", 0
    at, length, field = min(found)
    return field, at - length


def _value(said: str) -> str:
    """The new value in what is said behind the name of the field, or in all where no field is named."""
    for clause in reversed(clauses_of(said)):
        at = _behind_a_word_of_change(clause)
        denied = _NOT.search(clause)
        if denied and at < denied.end():
            continue
        value = clause[at:].strip(_PARTICLES)
        if value:
            return value
    return ""


def _behind_a_word_of_change(clause: str) -> int:
    """Where the last word of change ends in ``clause``; 0 where it has none. 不是 is none."""
    best = 0
    for word in _change_words():
        at = clause.find(word)
        if at >= 0 and clause[at - 1 : at] != "不":
            best = max(best, at + len(word))
    return best


def _meant(value: str, kind: RecordKind, reader: WishReader) -> str:
    """The field that the new value itself tells of, where it is an exact one."""
    if not value:
        return ""
    need = kind is RecordKind.NEED
    if exact.tells_money(value) and not value.strip().isdecimal():
        return "budget" if need else "price"
    if exact.tells_time(value):
        return "deadline" if need else "available_from"
    guess = reader.field(kind, value)
    known = guess.share >= SURE and guess.name in {spec.name for spec in FIELDS[kind]}
    return guess.name if known else ""


@cache
def _change_words() -> tuple[str, ...]:
    lines = (_FOLDER / "change_words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _names(kind: RecordKind) -> tuple[tuple[str, str], ...]:
    """What people call the fields, with the field."""
    return tuple(_all_names(kind))


def _all_names(kind: RecordKind) -> Iterator[tuple[str, str]]:
    for spec in CONTACT_FIELDS:
        yield from ((each.casefold(), spec.name) for each in (spec.label, *spec.aliases))
    for spec in FIELDS[kind]:
        # What has no question is set by staff or by the program.
        if spec.question:
            yield from ((each.casefold(), spec.name) for each in (spec.label, *spec.aliases) if len(each) > 1)
    for line in (_FOLDER / "spoken_names.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            need, offer, words = line.split("\t")
            yield from ((word, need if kind is RecordKind.NEED else offer) for word in words.split())
