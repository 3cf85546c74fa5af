"""A clock that tests set back and ahead while time goes on."""

from datetime import UTC, datetime, timedelta

import pytest

DAY = timedelta(days=1)
JUMPS = [-DAY, DAY, -400 * DAY, 400 * DAY]


class Clock:
    """Wall time that is set, and time that only goes on."""

    def __init__(self):
        self.now, self.steady = datetime(2026, 3, 2, 8, tzinfo=UTC), 1_000.0

    def __call__(self):
        return self.now

    def today(self):
        return self.now.date()

    def go_on(self, by):
        self.now += by
        self.steady += by.total_seconds()

    def set_by(self, by):
        self.now += by


@pytest.fixture
def clock():
    return Clock()
