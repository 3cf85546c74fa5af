"""What one training record is: a question, a passage, and where the passage answers it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a record is from; the value is the ``src`` of the records file."""

    CMRC = "cmrc"
    CMRC_TRIAL = "cmrc-trial"
    DRCD = "drcd"
    SQUAD = "squad2zh"
    CAIL = "cail"
    CRUD = "crud"
    XQUAD = "xquad"
    XQUAD_ENGLISH = "xquad-en"
    POLICY = "policy"
    ADVICE = "advice"
    COUNSEL = "counsel"
    PAPER = "paper"
    LAW = "law"
    LAW_TITLE = "lawtitle"
    NEWS = "news"
    REPORT = "report"
    LAY = "lay"
    LAY_ARTICLE = "pool-lay"


#: Sources whose questions have an answer span in the passage, or are known to have none.
READING = frozenset(
    {
        Source.CMRC,
        Source.CMRC_TRIAL,
        Source.DRCD,
        Source.SQUAD,
        Source.CAIL,
        Source.CRUD,
        Source.XQUAD,
        Source.XQUAD_ENGLISH,
        Source.POLICY,
    }
)


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """``passage[start:end]`` in characters, ``0 <= start < end <= len(passage)``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """One question and one passage.

    ``answer`` is None where no span is known: for a :data:`READING` source the passage then does not
    answer the question, for the others the whole passage is the right one. ``question`` is empty for
    :attr:`Source.LAY_ARTICLE`, which are passages that only serve as wrong ones.
    """

    question: str
    passage: str
    answer: AnswerSpan | None
    source: Source

    @property
    def is_unanswerable(self) -> bool:
        """Whether the passage is known not to answer the question."""
        return self.source in READING and self.answer is None
