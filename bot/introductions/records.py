"""Frozen records of introductions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.market.records import Side


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


@dataclass(frozen=True, slots=True)
class Consent:
    """What one side said, by whom, and on what it rests (a call, a mail, a signed form)."""

    need_id: str
    offer_id: str
    side: Side
    given: bool
    given_by: str
    evidence: str
    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The consent in force of either side; ``None`` when it was never asked or answered."""

    need_owner: Consent | None = None
    offer_owner: Consent | None = None

    @property
    def missing(self) -> tuple[Side, ...]:
        """The sides whose yes is not on record."""
        sides = ((Side.NEED_OWNER, self.need_owner), (Side.OFFER_OWNER, self.offer_owner))
        return tuple(side for side, consent in sides if consent is None or not consent.given)
