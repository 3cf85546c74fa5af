"""Frozen records of introductions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The three stages of a double opt-in."""

    ASK_NEED_OWNER = "ask_need_owner"
    ASK_OFFER_OWNER = "ask_offer_owner"
    JOINT = "joint"

    @property
    def label(self) -> str:
        """The stage as people read it."""
        return {
            "ask_need_owner": "征询需求方",
            "ask_offer_owner": "征询成果方",
            "joint": "双方引荐",
        }[self.value]


class Form(StrEnum):
    """What is written."""

    LETTER = "letter"
    MESSAGE = "message"
    EMAIL = "email"
    SUMMARY = "summary"

    @property
    def label(self) -> str:
        """The form as people read it."""
        return {"letter": "对接函", "message": "短消息", "email": "邮件", "summary": "一页摘要"}[self.value]


class BlockKind(StrEnum):
    """How a piece of a draft is set."""

    SUBJECT = "subject"
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a draft, in reading order."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class TracedFact:
    """A fact as it stands in the draft, and the record and field it comes from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """A draft. When ``blocked`` says why, there is no text; ``withheld`` says what was left out.

    ``withheld`` names kinds of information and never repeats them.
    """

    need_id: str
    offer_id: str
    stage: Stage
    form: Form
    text: str
    facts: tuple[TracedFact, ...] = ()
    withheld: tuple[str, ...] = ()
    blocked: str | None = None
    blocks: tuple[Block, ...] = ()
