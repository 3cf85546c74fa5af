"""A new SQLite database, and a real PostgreSQL server where its programs are installed."""

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.support.needed import needed

STARTS_WITHIN_SECONDS = 60


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'assistant.sqlite3'}")
    yield made
    made.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    names = {entry.pw_name for entry in pwd.getpwall()}
    return ["runuser", "-u", "postgres" if "postgres" in names else "nobody", "--", *command]


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of our own, ``user@host:port``."""
    # Debian keeps them off the path.
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    programs = [needed(program, "postgresql", *folders) for program in ("initdb", "postgres", "pg_ctl")]
    # Not below pytest's own folder: that one is closed to other users.
    folder = Path(
        subprocess.check_output(_as_unprivileged(["mktemp", "-d", "/tmp/assistant-pg.XXXXXX"]), text=True).strip()
    )
    port = _free_port()
    try:
        subprocess.run(
            _as_unprivileged(
                [programs[0], "-D", f"{folder}/data", "-U", "tester", "--auth=trust", "-E", "UTF8", "--locale=C"]
            ),
            check=True,
            capture_output=True,
        )
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        server = subprocess.Popen(
            _as_unprivileged([programs[1], "-D", f"{folder}/data", *options.split()]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port, server)
            yield f"tester@127.0.0.1:{port}"
        finally:
            # Nothing of it is kept: it ends without writing anything down.
            stop = [programs[2], "stop", "-D", f"{folder}/data", "-m", "immediate"]
            subprocess.run(_as_unprivileged(stop), check=True, capture_output=True)
            server.wait(timeout=30)
    finally:
        subprocess.run(_as_unprivileged(["rm", "-rf", str(folder)]), check=True)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    import psycopg

    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="tester", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _create(server: str, name: str, template: str) -> Database:
    import psycopg
    from psycopg import sql

    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    return Database(f"postgresql://{server}/{name}")


@pytest.fixture(scope="session")
def migrated_template(postgresql_server: str) -> str:
    """The name of a database with all tables and no rows, to be copied."""
    made = _create(postgresql_server, "migrated", "template1")
    with made.read():
        pass
    made.close()
    return "migrated"


@pytest.fixture
def postgresql_database(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of its own on the server: without rows, or without anything for the marker ``own_migrations``."""
    empty = request.node.get_closest_marker("own_migrations") is not None
    template = "template1" if empty else request.getfixturevalue("migrated_template")
    made = _create(postgresql_server, f"t_{abs(hash(request.node.nodeid))}", template)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest) -> Database:
    """The same test on both kinds of database."""
    name = "database" if request.param == "sqlite" else "postgresql_database"
    made: Database = request.getfixturevalue(name)
    return made
