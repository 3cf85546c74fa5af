"""What is said to a chat model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message; ``text`` is plain text."""

    role: Role
    text: str


def fenced(text: str) -> str:
    """A text of others as it stands between tags of a prompt: it can neither open nor close one."""
    return text.replace("<", "＜").replace(">", "＞")


def system(text: str) -> ChatMessage:
    """The instructions."""
    return ChatMessage(Role.SYSTEM, text)


def user(text: str) -> ChatMessage:
    """What is asked, with its material."""
    return ChatMessage(Role.USER, text)
