"""What the pages of the desk work with, put together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.accounts.accounts import Accounts
from bot.accounts.audit import AuditTrail
from bot.inquiries.office import InquiryOffice
from bot.jobs.board import JobBoard
from bot.jobs.starting import JobStarter
from bot.market.service import Market
from bot.settings import Settings
from bot.store.database import Database, shared_database
from bot.web.desk.guard import Guard
from bot.web.interface import PageAssistant


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk's doors to everything; the market is opened when it is first asked for."""

    settings: Settings
    database: Database
    assistant: PageAssistant
    guard: Guard
    trail: AuditTrail
    inquiries: InquiryOffice
    jobs: JobStarter
    today: Callable[[], date] = date.today

    @classmethod
    def of(cls, assistant: PageAssistant, settings: Settings, today: Callable[[], date] = date.today) -> Desk:
        """The desk beside ``assistant``. Does no I/O."""
        database = shared_database(settings.resolved_database_url)
        return cls(
            settings,
            database,
            assistant,
            Guard(Accounts(database)),
            AuditTrail(database),
            InquiryOffice(database),
            JobStarter(JobBoard(database), settings),
            today,
        )

    @property
    def market(self) -> Market:
        """Needs and offers."""
        return self.assistant.market
