"""Frozen records of kept questions, what is asked of their list, and gaps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.types import Mode, Outcome

#: Outcomes after which the asker has no answer from the documents.
UNANSWERED = (Outcome.NOT_STATED, Outcome.NEAREST, Outcome.OUT_OF_SCOPE)
OUTCOME_LABELS = {
    Outcome.ANSWERED: "答了",
    Outcome.NEAREST: "只给了相近原文",
    Outcome.NOT_STATED: "没有写明",
    Outcome.OUT_OF_SCOPE: "不在范围内",
    Outcome.SMALLTALK: "寒暄",
}
MODE_LABELS = {Mode.OFFLINE: "离线", Mode.LLM: "用模型"}


class AskedAt(StrEnum):
    """The door that a question came through."""

    PAGE = "page"
    API = "api"
    CHAT = "chat"

    @property
    def label(self) -> str:
        """The door as people read it."""
        return {"page": "页面", "api": "接口", "chat": "兼容接口"}[self.value]


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer cited: ``quote`` is the document's own words, cut where it is very long."""

    marker: int
    document_id: str
    title: str
    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader said of an answer; ``at`` is ISO text in UTC."""

    useful: bool
    reason: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestion:
    """A question as it was asked, masked, with the answer that was shown; ``asked_at`` is ISO text in UTC.

    ``standalone`` is the question with what earlier ones of its conversation add, ``wording`` its digest.
    """

    number: int
    asked_at: str
    door: AskedAt
    question: str
    standalone: str
    wording: str
    answer: str
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    outcome: Outcome
    mode: Mode
    language: str
    elapsed_ms: float
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What of the questions is wanted; empty parts ask for nothing. Days are ISO dates in UTC, both included."""

    words: str = ""
    outcome: str = ""
    mode: str = ""
    verdict: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """One wording with how often it was asked; ``number`` and ``newest`` (ISO, UTC) are of the last time."""

    number: int
    question: str
    count: int
    newest: str


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Wordings that mean the same; ``centre`` is the one nearest to all others."""

    centre: Asking
    members: tuple[Asking, ...]

    @property
    def count(self) -> int:
        """How often it was asked in all."""
        return sum(each.count for each in self.members)

    @property
    def newest(self) -> str:
        """When it was asked last."""
        return max(each.newest for each in self.members)


class GapState(StrEnum):
    """How far a gap in the documents is filled."""

    OPEN = "open"
    WRITING = "writing"
    FILLED = "filled"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return {"open": "待补", "writing": "正在写", "filled": "已补上"}[self.value]


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """One question asked once more: what became of it now, and in ``before`` the last time that is known."""

    question: str
    outcome: Outcome
    answer: str
    before: Outcome | None = None

    @property
    def answered(self) -> bool:
        """Whether the documents answer it now."""
        return self.outcome is Outcome.ANSWERED


@dataclass(frozen=True, slots=True)
class Repetition:
    """Questions of a gap asked again; ``version`` is that of the index, ``waiting`` when it is not in force yet."""

    at: str
    by: str
    version: int | None
    waiting: bool
    askings: tuple[AskedAgain, ...]

    @property
    def all_answered(self) -> bool:
        """Whether nothing is left unanswered."""
        return bool(self.askings) and all(each.answered for each in self.askings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that the documents do not say and people ask; ``question`` is in the words of staff.

    ``questions`` are the numbers of kept questions that ask it, newest first; ``inquiry`` the number of an inquiry.
    """

    number: int
    question: str
    note: str
    state: GapState
    questions: tuple[int, ...]
    inquiry: int | None
    repetition: Repetition | None
    revision: int
    added_by: str
    added_at: str
    changed_by: str
    changed_at: str
