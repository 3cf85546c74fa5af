"""A real server of the API on loopback, over the real corpus and a market of its own."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
import uvicorn

from bot.api.access import ApiKeys
from bot.api.app import build_api
from bot.assistant import Assistant
from bot.settings import ApiSettings, ServingSettings, Settings
from bot.store.database import Database, shared_database
from bot.web.app import build_app, launch
from tests.support.served import replace_port

LIMIT = 100_000


@dataclass(frozen=True)
class Served:
    """The address of a running server, a key for it, and what is behind it."""

    url: str
    key: str
    assistant: Assistant
    database: Database

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


class Server:
    """One application on a port of its own, stopped in the end."""

    def __init__(self, application) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._server = uvicorn.Server(uvicorn.Config(application, port=self.port, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.02)
        return f"http://127.0.0.1:{self.port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=20)


@pytest.fixture(scope="session")
def served(corpus_settings) -> Iterator[Served]:
    assistant = Assistant.open(corpus_settings)
    database = shared_database(corpus_settings.resolved_database_url)
    key = ApiKeys(database).issue("示例程序")
    application = build_api(assistant, ApiSettings(calls_per_minute=LIMIT), database)
    with Server(application) as url:
        yield Served(url, key, assistant, database)


@contextmanager
def whole_site(assistant, settings: Settings) -> Iterator[str]:
    """The address of the program as ``bot serve`` runs it: page, desk, edge and interfaces."""
    settings = replace_port(settings)
    page = build_app(assistant, settings)
    launch(page, settings)
    try:
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        page.close()


@pytest.fixture(scope="session")
def site(served, corpus_settings) -> Iterator[Served]:
    """The whole program over the real corpus, where nobody calls too often."""
    often = {"api": ApiSettings(calls_per_minute=LIMIT), "serving": ServingSettings(calls_per_minute=LIMIT)}
    with whole_site(served.assistant, corpus_settings.model_copy(update=often)) as url:
        yield Served(url, served.key, served.assistant, served.database)


@pytest.fixture
def another_site(served, corpus_settings) -> Iterator[Callable[..., Served]]:
    """Starts the whole program over another assistant, or with other settings."""
    with ExitStack() as open_sites:

        def start(assistant=None, **changed) -> Served:
            assistant = assistant or served.assistant
            url = open_sites.enter_context(whole_site(assistant, corpus_settings.model_copy(update=changed)))
            return Served(url, served.key, assistant, served.database)

        yield start
