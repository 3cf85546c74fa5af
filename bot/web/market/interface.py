"""What the market's views need of the assistant; :class:`bot.assistant.Assistant` provides it."""

from __future__ import annotations

from typing import Protocol

from bot.answering.told import ToldDraft
from bot.introductions.records import Form, Stage
from bot.introductions.wording import WordedIntroduction
from bot.market.service import Market
from bot.types import RecordKind


class MarketAssistant(Protocol):
    """The part of the assistant that the views use; any object with these members will do."""

    @property
    def market(self) -> Market:
        """Needs, offers and organisations."""

    def draft_record(self, told: str, kind: RecordKind | None = None) -> ToldDraft:
        """A need or offer from plain words; nothing is saved."""

    def introduce(self, need_id: str, offer_id: str, form: Form, stage: Stage) -> WordedIntroduction:
        """A draft introduction for a pair on file; nothing is saved."""
