"""What a worker is handed: its settings, what was asked, a way to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.settings import Settings

#: Called with (stage, done, total); raises :class:`StopAsked` when the work is to stop.
Progress = Callable[[str, int, int], None]


class StopAsked(Exception):
    """Somebody at the desk asked the work to stop."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work in hand, number ``job``, asked for by ``by``."""

    job: int
    by: str
    settings: Settings
    parameters: Mapping[str, Any]
    progress: Progress
