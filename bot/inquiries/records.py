"""Frozen records of inquiries: what was asked, in which conversation, by whom, and what the office wrote back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.types import PrivateContact


class InquiryState(StrEnum):
    """Whose turn it is."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return {"waiting": "待答复", "answered": "已答复", "closed": "已办结", "withdrawn": "已撤回"}[self.value]

    @property
    def ended(self) -> bool:
        """Whether nothing can be added any more."""
        return self in (InquiryState.CLOSED, InquiryState.WITHDRAWN)


class Writer(StrEnum):
    """Who wrote a message."""

    ASKER = "asker"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """The writer as people read it."""
        return {"asker": "提问人", "office": "工作人员"}[self.value]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A question of the conversation with the page, and what the page answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message under an inquiry; ``author`` is the name of staff, empty for the asker; ``at`` ISO text in UTC."""

    writer: Writer
    text: str
    at: str
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question left for the office. ``contact`` is private; ``messages`` begin with the question, oldest first.

    ``conversation`` is what the asker's page showed before, as the asker sent it. Of a withdrawn inquiry
    nothing but its number and dates is left.
    """

    id: int
    messages: tuple[Message, ...]
    conversation: tuple[Exchanged, ...]
    contact: PrivateContact
    state: InquiryState
    asked_at: str
    language: str = "zh-CN"

    @property
    def question(self) -> str:
        """What was asked; empty once withdrawn."""
        return self.messages[0].text if self.messages else ""

    @property
    def replies(self) -> tuple[Message, ...]:
        """What the office wrote back, oldest first."""
        return tuple(each for each in self.messages if each.writer is Writer.OFFICE)


@dataclass(frozen=True, slots=True)
class LeftInquiry:
    """An inquiry just left, with the code that opens it; ``again``: it had been left before, by the same sent first."""

    inquiry: Inquiry
    receipt: str
    again: bool = False
