"""Suggestions while somebody types, for what the browser sends."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import AssistantError
from bot.web.interface import PageAssistant

LONGEST_TYPED = 60
"""Characters of typed text that are looked at; longer texts get no suggestions."""


def suggested(assistant: PageAssistant, request: Sequence[object]) -> list[str]:
    """Up to five questions for a list of one text; none for anything else, nor while nothing can be answered."""
    match list(request) if isinstance(request, list) else []:
        case [str() as typed] if len(typed) <= LONGEST_TYPED:
            try:
                return list(assistant.suggest(typed))
            except AssistantError:
                # Who types is not told of trouble; who asks is.
                return []
    return []
