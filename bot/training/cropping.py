"""Crops of whole sentences out of longer passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from random import Random

from bot.training.records import AnswerSpan

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


@dataclass(frozen=True, slots=True)
class Crop:
    """A stretch of a text and the answer within it."""

    text: str
    answer: AnswerSpan | None


def sentence_cuts(text: str) -> tuple[int, ...]:
    """Ends of the sentences of ``text``, after a leading 0; sentence ``k`` (from 1) is ``text[cuts[k-1]:cuts[k]]``.

    Sentences end after 。！？； or a line break, and together they are the whole text.
    """
    cuts = [0]
    for found in _SENTENCE.findall(text):
        if found:
            cuts.append(cuts[-1] + len(found))
    return tuple(cuts)


def crop(text: str, answer: AnswerSpan | None, limit: int, random: Random) -> Crop:
    """A run of whole sentences of at most ``limit`` characters, with the answer's sentences inside.

    It is longer than ``limit`` only where a single sentence, or the sentences of the answer, are. Where it
    begins is drawn, so that answers do not always stand at the same place.
    """
    if len(text) <= limit:
        return Crop(text, answer)
    cuts = sentence_cuts(text)
    if answer is None:
        start = random.choice([cut for cut in cuts if cut <= len(text) - limit // 2])
        end = cuts[bisect_right(cuts, start + limit) - 1]
        return Crop(text[start : end if end > start else cuts[bisect_right(cuts, start)]], None)
    first = cuts[bisect_right(cuts, answer.start) - 1]
    last = cuts[bisect_left(cuts, answer.end)]
    before = random.randint(0, max(0, limit - (last - first)))
    start = cuts[bisect_left(cuts, first - before)]
    end = max(last, cuts[bisect_right(cuts, start + limit) - 1])
    return Crop(text[start:end], AnswerSpan(answer.start - start, answer.end - start))
