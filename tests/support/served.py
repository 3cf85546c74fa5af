"""A page that can be stopped and started again at the same address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from bot.settings import Settings


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RestartablePage:
    """The page over ``assistant``; a restart forgets everything the server's memory held."""

    assistant: Any
    settings: Settings
    page: Any = field(default=None)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def line(self) -> Any:
        """Where questions wait for their turn."""
        return self.page.line

    def start(self) -> None:
        from bot.web.app import Page, launch
        from bot.web.chat import Chat

        self.page = Page(Chat(self.assistant))
        launch(self.page, self.settings)

    def stop(self) -> None:
        if self.page is not None:
            self.page.close()
        self.page = None

    def restart(self) -> None:
        self.stop()
        self.start()


@contextmanager
def restartable(assistant: Any, settings: Settings) -> Iterator[RestartablePage]:
    """A page that is up, and is down afterwards."""
    page = RestartablePage(assistant, replace_port(settings))
    page.start()
    try:
        yield page
    finally:
        page.stop()


def replace_port(settings: Settings) -> Settings:
    """``settings`` at a port that nobody listens on just now."""
    return settings.model_copy(update={"port": _free_port()})


@contextmanager
def held_back(assistant: Any) -> Iterator[threading.Event]:
    """Holds the assistant back in the middle of its answers."""
    held = assistant.gate = threading.Event()
    try:
        yield held
    finally:
        assistant.gate = None
        held.set()


class Relay:
    """Passes bytes on to a port, until the connections are cut."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Relay:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Break every connection there is now."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._behind))
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
