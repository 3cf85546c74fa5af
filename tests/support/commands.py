"""A command as it is typed, in this process."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.cli import app


def ended_with(words: Sequence[str]) -> int:
    """The exit code of ``bot`` with these words; what it prints goes where the test's own words go."""
    with pytest.raises(SystemExit) as ended:
        app(list(words))
    return int(ended.value.code or 0)
