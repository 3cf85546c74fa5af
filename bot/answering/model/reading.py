"""A message as a model reads it: its questions made whole, and how official documents may put them.

Nothing the model adds survives: no place, name, figure or negation that question and conversation do not hold. What
survives is only looked up, beside the offline reading; the best supported wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from bot.answering.model.prompts import READ, conversation_prompt
from bot.errors import ModelServiceError
from bot.lexicon import recogniser
from bot.llm import Deadline, ModelService, system, user
from bot.text.figures import parse_figures
from bot.text.language import is_foreign
from bot.text.places import places_in
from bot.text.tokens import content_bigrams, fold
from bot.understanding.message import question_subject

MAX_PARTS, MAX_SEARCHES = 4, 3
MAX_QUESTION_CHARACTERS, MAX_SEARCH_CHARACTERS = 160, 60

_QUOTED = re.compile(r"[“《「]([^”》」]{1,40})[”》」]")
_POINTING = tuple("那这每某")
_NUMBER = re.compile(r"\d+")
_SCALES = {"": Decimal(1), "thousand": Decimal(10**3), "million": Decimal(10**6), "billion": Decimal(10**9)}
_SCALED = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?:[ -]?(?P<scale>thousand|million|billion)\b)?", re.IGNORECASE)

#: So many characters before 大学, 市 and the like belong to the name at least.
NAME_CHARACTERS = 2

#: Folded names of the catalogue in a text.
Names = Callable[[str], frozenset[str]]


class ReadPart(BaseModel):
    """One question of a message."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    question: str = Field(description="不看上文也能懂的中文问题")
    searches: tuple[str, ...] = Field((), description="正式文件里可能的说法，两三条")


class ModelReading(BaseModel):
    """What a model returns for a message."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    parts: tuple[ReadPart, ...] = Field((), description="消息里的各个问题")


@dataclass(frozen=True, slots=True)
class Reading:
    """One question with other wordings of it, all of them checked.

    ``whole`` says that the parts together lose nothing that was said and speak of the same: only then is the offline
    question replaced; else they are looked up and no more.
    """

    question: str
    searches: tuple[str, ...]
    whole: bool = True


def read_message(
    service: ModelService, question: str, history: Sequence[str], names: Names, deadline: Deadline
) -> tuple[Reading, ...]:
    """The questions of a message as a model reads them; none where it fails or adds anything."""
    try:
        read = service.structured([system(READ), user(conversation_prompt(history, question))], ModelReading, deadline)
    except ModelServiceError:
        return ()
    return checked(read, question, history, names)


def checked(read: ModelReading, question: str, history: Sequence[str], names: Names) -> tuple[Reading, ...]:
    """The parts and wordings of ``read`` that bring nothing in; a part whose question does is left out whole."""
    said = "\n".join((*history, question))
    kept = []
    for part in read.parts[:MAX_PARTS]:
        if not _is_question(part.question, MAX_QUESTION_CHARACTERS) or adds(part.question, said, names):
            continue
        if _negated(part.question) != _negated(question) and not is_foreign(question):
            continue
        searches = tuple(
            dict.fromkeys(
                each.strip()
                for each in part.searches[:MAX_SEARCHES]
                if _is_question(each, MAX_SEARCH_CHARACTERS) and not adds(each, said, names)
            )
        )
        kept.append(Reading(part.question, searches))
    whole = len(kept) == len(read.parts) and _keeps(question, [each.question for each in kept], names)
    return tuple(replace(each, whole=whole) for each in kept)


def _is_question(text: str, longest: int) -> bool:
    return 0 < len(text.strip()) <= longest and any(character.isalnum() for character in text)


def _keeps(question: str, parts: Sequence[str], names: Names) -> bool:
    """Whether ``parts`` together hold every figure, place and name of ``question``, and a word of what it is about.

    Of another language only the figures can be compared.
    """
    together = "\n".join(parts)
    if is_foreign(question):
        held = _values(together)
        return all(number & held for number in _foreign_numbers(question))
    folded = fold(together)
    endings = recogniser("name_endings").finditer(question)
    named = (question[max(0, match.start() - NAME_CHARACTERS) : match.end()] for match in endings)
    if adds(question, together, names) or any(fold(each) not in folded for each in named):
        return False
    subject = frozenset(content_bigrams(question_subject(question)))
    return not subject or bool(subject & frozenset(content_bigrams(together)))


def adds(text: str, said: str, names: Names) -> str:
    """The figure, place or name that ``text`` holds and ``said`` does not; empty without one."""
    if is_foreign(said):
        return "" if _values(text) <= frozenset().union(*_foreign_numbers(said)) else text
    told = {figure.key for figure in parse_figures(said)}
    for figure in parse_figures(text):
        # 那一年 points, it states no length of time.
        if figure.key not in told and text[max(0, figure.start - 1) : figure.start] not in _POINTING:
            return figure.text
    folded = fold(said)
    quoted = (match.group(1) for match in _QUOTED.finditer(text))
    for named in (*places_in(text), *quoted):
        if fold(named) not in folded:
            return named
    return next(iter(sorted(names(text) - names(said))), "")


def _values(text: str) -> frozenset[Decimal]:
    """The numbers in the figures of a Chinese text; a date is its year, month and day."""
    found: set[Decimal] = set()
    for figure in parse_figures(text):
        if isinstance(figure.value, Decimal):
            found.add(figure.value)
        else:
            found |= {Decimal(number) for number in _NUMBER.findall(figure.value)}
    return frozenset(found)


def _foreign_numbers(text: str) -> tuple[frozenset[Decimal], ...]:
    """The numbers of an English text, each by itself and with the scale behind it (3 million)."""
    found = _SCALED.finditer(text.replace(",", ""))
    return tuple(
        frozenset((Decimal(each["number"]), Decimal(each["number"]) * _SCALES[(each["scale"] or "").lower()]))
        for each in found
    )


def _negated(text: str) -> bool:
    """Whether a question denies something; 不不 in 能不能 asks and denies nothing."""
    return bool(recogniser("negations").search(recogniser("either_or").sub("", text)))
