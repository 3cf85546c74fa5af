"""What one part of the program wrote to its log during a test.

A server that another test of the process started writes there too, and its line on a request may come after the
reply, when the next test has begun.
"""

import logging

import pytest


def logged(caplog: pytest.LogCaptureFixture, part: str, level: int = logging.WARNING) -> list[logging.LogRecord]:
    """Records of at least ``level`` of the logger ``part`` and those below it, oldest first."""
    return [each for each in caplog.records if each.levelno >= level and f"{each.name}.".startswith(f"{part}.")]
