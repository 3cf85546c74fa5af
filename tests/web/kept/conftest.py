"""A page that can be stopped, and a connection that can be cut."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from tests.support.served import Relay, restartable
from tests.support.visits import DESKTOP


@pytest.fixture
def server(tmp_path, scripted):
    """A page that can be stopped and started again at the same address."""
    with restartable(scripted, Settings(data_dir=tmp_path / "data")) as running:
        yield running


@pytest.fixture
def relay(server):
    """A connection to the page that can be cut."""
    with Relay(server.settings.port) as running:
        yield running


@pytest.fixture
def visitor(visit, server):
    return visit(DESKTOP, server.address)
