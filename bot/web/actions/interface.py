"""What the views need of the assistant; :class:`bot.assistant.Assistant` provides it."""

from __future__ import annotations

from typing import Protocol

from bot.answering.model.told import ToldDraft
from bot.catalogue.models import Catalogue
from bot.inquiries.office import InquiryOffice
from bot.introductions.records import Form, Language, Stage
from bot.introductions.wording import WordedIntroduction
from bot.market.service import Market
from bot.settings import OfficeSettings
from bot.types import Document, RecordKind


class ViewAssistant(Protocol):
    """The part of the assistant that the views use; any object with these members will do."""

    @property
    def market(self) -> Market:
        """Needs, offers and organisations."""

    @property
    def inquiries(self) -> InquiryOffice:
        """Questions left to the office."""

    @property
    def catalogue(self) -> Catalogue:
        """Programmes, contacts and organisations as staff keep them."""

    def document(self, document_id: str) -> Document:
        """A document by its id; raises :class:`bot.errors.AssistantError` when there is none."""

    def draft_record(self, told: str, kind: RecordKind | None = None) -> ToldDraft:
        """A need or offer from plain words; nothing is saved."""

    @property
    def office(self) -> OfficeSettings:
        """The office that writes letters."""

    def introduce(
        self, need_id: str, offer_id: str, form: Form, stage: Stage, language: Language = Language.CHINESE
    ) -> WordedIntroduction:
        """A draft introduction for a pair on file; nothing is saved."""
