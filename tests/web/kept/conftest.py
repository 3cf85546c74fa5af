"""A page that can be stopped, and a connection that can be cut."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant
from bot.settings import Settings
from tests.support.scripted import ScriptedAssistant
from tests.support.served import Relay, restartable
from tests.support.visits import DESKTOP


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One page for a module; each visitor keeps what it keeps in a window of its own."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    behind = Assistant(settings)
    with restartable(ScriptedAssistant(behind=behind), settings) as page:
        yield page
    behind.market.store.database.close()


@pytest.fixture
def server(running):
    """A page that can be stopped and started again at the same address, as if nobody had been there."""
    running.assistant.turns.clear()
    running.assistant.feedback.clear()
    at_once, longest = running.line.at_once, running.line.longest
    yield running
    running.assistant.rewritten = {}
    running.line.at_once, running.line.longest = at_once, longest


@pytest.fixture
def relay(server):
    """A connection to the page that can be cut."""
    with Relay(server.settings.port) as running:
        yield running


@pytest.fixture
def visitor(visit, server):
    return visit(DESKTOP, server.address)
