"""Frozen records of introductions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.printing.blocks import Block, BlockKind


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


class Language(StrEnum):
    """The language of the frame; facts stay in the words they were told in."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class TracedFact:
    """A fact as it stands in the draft, and the record and field it comes from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """A draft. When ``blocked`` says why, there is no text; ``withheld`` says what was left out.

    ``withheld`` names kinds of information and never repeats them. ``dated`` is the date it bears.
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
    language: Language = Language.CHINESE
    dated: date | None = None


SUBJECT_WORDS = {Language.CHINESE: "主题：", Language.ENGLISH: "Subject: "}
_APART = frozenset({BlockKind.HEADING, BlockKind.SIGNATURE, BlockKind.CONTACT})


def as_text(blocks: Sequence[Block], language: Language = Language.CHINESE) -> str:
    """The blocks as plain text: one a line, items with a dot, a blank line before headings and the signature."""
    prefix = {BlockKind.ITEM: "• ", BlockKind.SUBJECT: SUBJECT_WORDS[language]}
    lines: list[str] = []
    before: BlockKind | None = None
    for block in blocks:
        # The lines of a signature stay together.
        gap = before is not None and block.kind in _APART and before not in (BlockKind.SIGNATURE, BlockKind.CONTACT)
        lines.append(("\n" if gap else "") + prefix.get(block.kind, "") + block.text)
        before = block.kind
    return "\n".join(lines)
