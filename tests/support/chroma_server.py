"""A real Chroma server of our own on loopback, which can be stopped and started again with what it holds."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STARTS_WITHIN_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class ChromaServer:
    """``chroma run`` over ``folder``."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        options = ["run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [str(program), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder.parent
        )
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1):
                    return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)
        self.process = None

    def collections(self) -> dict[str, int]:
        """How many vectors each collection holds."""
        import chromadb
        from chromadb.config import Settings

        client = chromadb.HttpClient(port=self.port, host="127.0.0.1", settings=Settings(anonymized_telemetry=False))
        return {each.name: each.count() for each in client.list_collections()}

    def drop(self, name: str) -> None:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.HttpClient(port=self.port, host="127.0.0.1", settings=Settings(anonymized_telemetry=False))
        client.delete_collection(name)


@contextmanager
def chroma_server(folder: Path) -> Iterator[ChromaServer]:
    folder.mkdir(parents=True, exist_ok=True)
    server = ChromaServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
