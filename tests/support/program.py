"""The program as an office starts it: a server in a process of its own, and somebody signed in at its desk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import PROJECT_ROOT

STARTS_WITHIN = 120


@dataclass(frozen=True)
class RunningProgram:
    """A server that answers at ``address``."""

    address: str
    process: subprocess.Popen[bytes]

    def signed_in(self, page: Any, password: str, place: str = "/desk", name: str = "staff") -> None:
        """Sign in as ``name``, led on to ``place``."""
        page.goto(f"{self.address}/desk/sign-in?next={place}")
        page.fill("#name", name)
        page.fill("#password", password)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{self.address}{place}")


@contextmanager
def running_program(data: Path, corpus: Path, port: int) -> Iterator[RunningProgram]:
    """``bot serve`` over two folders until the end; it is ended as an office ends it."""
    environment = {**os.environ, "BOT_CORPUS_DIR": str(corpus), "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running = RunningProgram(f"http://127.0.0.1:{port}", process)
    try:
        _wait(running)
        yield running
    finally:
        process.terminate()
        process.wait(30)


def _wait(running: RunningProgram) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            urllib.request.urlopen(f"{running.address}/desk/sign-in", timeout=5).close()
            return
        except OSError:
            assert running.process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.2)
