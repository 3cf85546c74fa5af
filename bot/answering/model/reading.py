"""A message as a model reads it: its questions made whole, and how official documents may put them.

Nothing the model adds survives: no place, name, figure or negation that question and conversation do not hold. What
survives is only looked up, beside the offline reading; the best supported wins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from bot.answering.model.prompts import READ, conversation_prompt
from bot.errors import ModelServiceError
from bot.lexicon import recogniser
from bot.llm import Deadline, ModelService, system, user
from bot.text.figures import FigureKind, parse_figures
from bot.text.language import is_foreign
from bot.text.places import places_in
from bot.text.tokens import fold

MAX_PARTS, MAX_SEARCHES = 4, 3
MAX_QUESTION_CHARACTERS, MAX_SEARCH_CHARACTERS = 160, 60

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
    """One question with other wordings of it, all of them checked."""

    question: str
    searches: tuple[str, ...]


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
        if not part.question or len(part.question) > MAX_QUESTION_CHARACTERS or adds(part.question, said, names):
            continue
        if _negated(part.question) != _negated(question) and not is_foreign(question):
            continue
        searches = tuple(
            dict.fromkeys(
                each.strip()
                for each in part.searches[:MAX_SEARCHES]
                if 0 < len(each.strip()) <= MAX_SEARCH_CHARACTERS and not adds(each, said, names)
            )
        )
        kept.append(Reading(part.question, searches))
    return tuple(kept)


def adds(text: str, said: str, names: Names) -> str:
    """The figure, place or name that ``text`` holds and ``said`` does not; empty without one."""
    told = {figure.key for figure in parse_figures(said)}
    for figure in parse_figures(text):
        if figure.key not in told and figure.kind is not FigureKind.GRADE:
            return figure.text
    folded = fold(said)
    for place in places_in(text):
        if fold(place) not in folded and not is_foreign(said):
            return place
    return next(iter(sorted(names(text) - names(said))), "") if not is_foreign(said) else ""


def _negated(text: str) -> bool:
    """Whether a question denies something; 不不 in 能不能 asks and denies nothing."""
    return bool(recogniser("negations").search(recogniser("either_or").sub("", text)))
