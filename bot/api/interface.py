"""What other programs need of the assistant; :class:`bot.assistant.Assistant` provides it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bot.catalogue.models import Catalogue, Scope
from bot.market.service import Market
from bot.types import Answer, Document, Hit, Turn


class ServedAssistant(Protocol):
    """The part of the assistant that is served; nothing in it writes."""

    @property
    def scope(self) -> Scope:
        """What the assistant is for."""

    @property
    def catalogue(self) -> Catalogue:
        """The staff-kept records of the corpus in force."""

    @property
    def market(self) -> Market:
        """Needs, offers and organisations."""

    def ask(self, turn: Turn) -> Answer:
        """One whole answer."""

    def stream(self, turn: Turn) -> Iterator[Answer]:
        """Growing answers; the last one is whole."""

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The best ``k`` passages."""

    def document(self, document_id: str) -> Document:
        """A document by its id."""
