"""From records to examples: what is kept to measure with, a cap per source, crops, and what each example is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from bot.training.cropping import crop
from bot.training.excluding import folded, without_questions
from bot.training.records import READING, AnswerSpan, Record, Source


class Role(StrEnum):
    """What an example is for."""

    #: The passage answers the question, in the sentences of the span.
    ANSWERED = "answered"
    #: The passage is near but does not answer.
    UNANSWERABLE = "unanswerable"
    #: The whole passage is the right one.
    PAIR = "pair"
    #: A passage without a question, a wrong one for others.
    NEGATIVE = "negative"
    #: Measured with, never trained on.
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Example:
    """One question and the stretch of passage it is trained with; ``answer`` counts in that stretch."""

    question: str
    passage: str
    answer: AnswerSpan | None
    source: Source
    role: Role


@dataclass(frozen=True, slots=True)
class Division:
    """Records to train on and records to measure with; no question is in both."""

    trained: tuple[Record, ...]
    measured: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Mixture:
    """How one training draws its examples.

    ``lengths`` are crop limits in characters, one drawn for each answered record; ``caps`` bounds the number
    of records of a source; ``reading_only_answered`` leaves unanswerable questions out.
    """

    lengths: tuple[int, ...]
    caps: Mapping[Source, int]
    left_out: frozenset[Source]
    reading_only_answered: bool


#: The first training of the shipped model. Laws and news would otherwise be most of it.
FIRST_MIXTURE = Mixture(
    lengths=(150, 300, 420),
    caps={Source.LAW: 30_000, Source.NEWS: 10_000, Source.LAW_TITLE: 4_000, Source.COUNSEL: 4_000},
    left_out=frozenset({Source.POLICY, Source.LAY, Source.LAY_ARTICLE}),
    reading_only_answered=True,
)
#: The second training of the shipped model.
SECOND_MIXTURE = Mixture(
    lengths=(220, 320, 420),
    caps={Source.LAW: 14_000, Source.NEWS: 6_000, Source.LAW_TITLE: 2_500, Source.COUNSEL: 4_000},
    left_out=frozenset(),
    reading_only_answered=False,
)
#: Crop limit in characters where the passage does not answer, and of passages measured with.
LONG_CROP = 420
#: Measured with besides CMRC's trial questions: answered questions of SQuAD and unanswerable ones.
MEASURED_ANSWERED = 400
MEASURED_UNANSWERABLE = 800
#: Of a small collection at most this share is kept to measure with.
MEASURED_SHARE = 0.15


def divide(records: Iterable[Record], random: Random) -> Division:
    """Keep CMRC's trial questions and some questions of the kinds to be told apart out of both trainings."""
    shuffled = list(records)
    random.shuffle(shuffled)
    answered = _kept([record for record in shuffled if _is_answered_squad(record)], MEASURED_ANSWERED)
    unanswerable = _kept([record for record in shuffled if record.is_unanswerable], MEASURED_UNANSWERABLE)
    trial = [record for record in shuffled if record.source is Source.CMRC_TRIAL]
    measured = (*trial, *answered, *unanswerable)
    questions = {folded(record.question) for record in measured}
    return Division(without_questions(shuffled, frozenset(questions)), measured)


def draw_examples(records: Iterable[Record], mixture: Mixture, random: Random) -> tuple[Example, ...]:
    """Examples of ``mixture`` in a random order fixed by ``random``."""
    shuffled = list(records)
    random.shuffle(shuffled)
    used: Counter[Source] = Counter()
    drawn = []
    for record in shuffled:
        if record.source in mixture.left_out or (record.is_unanswerable and mixture.reading_only_answered):
            continue
        used[record.source] += 1
        if used[record.source] <= mixture.caps.get(record.source, len(shuffled)):
            drawn.append(_example(record, random.choice(mixture.lengths), random))
    return tuple(drawn)


def measured_examples(records: Iterable[Record], random: Random) -> tuple[Example, ...]:
    """The records kept apart, cropped at :data:`LONG_CROP`."""
    examples = []
    for record in records:
        cropped = crop(record.passage, record.answer, LONG_CROP, random)
        examples.append(Example(record.question, cropped.text, cropped.answer, record.source, Role.MEASURED))
    return tuple(examples)


def limited(records: Iterable[Record], most: int) -> tuple[Record, ...]:
    """The first ``most`` records of every source, answerable and unanswerable counted apart; for a quick try."""
    used: Counter[tuple[Source, bool]] = Counter()
    taken = []
    for record in records:
        key = (record.source, record.is_unanswerable)
        used[key] += 1
        if used[key] <= most:
            taken.append(record)
    return tuple(taken)


def _example(record: Record, limit: int, random: Random) -> Example:
    if record.source is Source.LAY_ARTICLE:
        return Example("", record.passage, None, record.source, Role.NEGATIVE)
    if record.source not in READING:
        return Example(record.question, record.passage, None, record.source, Role.PAIR)
    if record.source is Source.POLICY:
        # Already a stretch of its document, with the title before it.
        return Example(record.question, record.passage, record.answer, record.source, Role.ANSWERED)
    if record.answer is None:
        cropped = crop(record.passage, None, LONG_CROP, random)
        return Example(record.question, cropped.text, None, record.source, Role.UNANSWERABLE)
    cropped = crop(record.passage, record.answer, limit, random)
    return Example(record.question, cropped.text, cropped.answer, record.source, Role.ANSWERED)


def _is_answered_squad(record: Record) -> bool:
    return record.source is Source.SQUAD and record.answer is not None


def _kept(records: list[Record], most: int) -> list[Record]:
    return records[: min(most, int(len(records) * MEASURED_SHARE))]
