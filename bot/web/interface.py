"""What the page needs of the assistant; :class:`bot.assistant.Assistant` provides it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from bot.api.interface import ServedAssistant
from bot.catalogue.models import ExampleGroup, Scope
from bot.types import Answer, Document, Feedback, Mode, Turn
from bot.web.actions.interface import ViewAssistant


class PageAssistant(ViewAssistant, ServedAssistant, Protocol):
    """The part of the assistant that the page uses; any object with these members will do."""

    @property
    def scope(self) -> Scope:
        """What the assistant is for."""

    @property
    def examples(self) -> tuple[ExampleGroup, ...]:
        """Answered questions for the first screen, grouped."""

    @property
    def placeholder(self) -> str:
        """One of them that is short enough for the box; may be empty."""

    def suggest(self, typed: str) -> tuple[str, ...]:
        """Answered questions that fit what was typed so far, best first, at most five."""

    @property
    def as_of(self) -> str | None:
        """Date of the newest document, ISO."""

    @property
    def mode(self) -> Mode:
        """Who words the answers."""

    def stream(self, turn: Turn) -> Iterator[Answer]:
        """Growing answers to one turn; the last one is whole."""

    def document(self, document_id: str) -> Document:
        """A document by its id; raises :class:`bot.errors.AssistantError` when there is none."""

    @property
    def watchers(self) -> list[Callable[[Answer], None]]:
        """Told of every whole answer."""

    @property
    def model_waits(self) -> float:
        """Seconds until a model service that failed is tried again."""

    def check_index(self) -> None:
        """Raises :class:`bot.errors.AssistantError` where no index can be asked."""

    def record_feedback(self, feedback: Feedback) -> None:
        """Keep a reader's verdict."""
