"""A PostgreSQL server of a test's own that goes away and comes back with what it holds."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.databases import _as_unprivileged, _free_port


class RestartablePostgresql:
    """A server over ``folder``; it is stopped as a machine stops it, whoever is connected."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, _free_port()

    @property
    def url(self) -> str:
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._control("start", "-w", "-o", options, "-l", str(self._folder / "log"))

    def stop(self, how: str = "fast") -> None:
        self._control("stop", "-w", "-m", how)

    def _control(self, *words: str) -> None:
        program = str(Path(shutil.which("postgres") or "").resolve().with_name("pg_ctl"))
        command = _as_unprivileged([program, "-D", str(self._folder / "data"), *words])
        # What is started keeps what it is given to write to.
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def restartable_postgresql() -> Iterator[RestartablePostgresql]:
    """A server that runs; in the end it is stopped and leaves nothing."""
    made = subprocess.check_output(_as_unprivileged(["mktemp", "-d", "/tmp/assistant-pg.XXXXXX"]), text=True)
    folder = Path(made.strip())
    words = [str(shutil.which("initdb")), "-D", f"{folder}/data", "-U", "tester", "--auth=trust", "-E", "UTF8"]
    subprocess.run(_as_unprivileged([*words, "--locale=C"]), check=True, capture_output=True)
    server = RestartablePostgresql(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop("immediate")
        subprocess.run(_as_unprivileged(["rm", "-rf", str(folder)]), check=True)
