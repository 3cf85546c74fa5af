"""Asking the questions of a gap once more, of the index in force or of the version that waits."""

from __future__ import annotations

from bot.assistant import Assistant
from bot.candidates import waiting_candidate
from bot.errors import SearchIndexError
from bot.questions.asking_again import ask_again, wordings
from bot.questions.records import Gap, Repetition
from bot.settings import LlmSettings, Settings
from bot.store.database import utc_now
from bot.web.desk.questions.room import QuestionRoom

IN_FORCE, WAITING = "in_force", "waiting"
VERSIONS = {IN_FORCE: "问现用的资料", WAITING: "问待启用的版本"}


def versions(room: QuestionRoom) -> tuple[str, ...]:
    """What can be asked now."""
    return (IN_FORCE,) if waiting_candidate(room.desk.settings) is None else (IN_FORCE, WAITING)


def repeated(room: QuestionRoom, gap: Gap, version: str, *, by: str) -> Repetition:
    """The questions of ``gap`` asked again, without a model.

    Raises :class:`SearchIndexError` where that version cannot be asked.
    """
    settings = _offline(room.desk.settings)
    waits = waiting_candidate(settings) if version == WAITING else None
    if version == WAITING and waits is None:
        raise SearchIndexError("没有待启用的版本", remedy="刷新页面；先导入一次")
    asked = wordings(gap, room.questions.questions(gap.questions))
    number = waits.version if waits is not None else None
    answers = ask_again(asked, Assistant.open(settings, version=number))
    return Repetition(utc_now(), by, number, waits is not None, answers)


def _offline(settings: Settings) -> Settings:
    return settings.model_copy(update={"llm": LlmSettings()})
