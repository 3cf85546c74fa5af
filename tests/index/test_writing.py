"""The one right to write an index: among processes, and among machines that share a PostgreSQL database alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.candidates import discard_candidate
from bot.errors import MarketError, SearchIndexError
from bot.index.writing import writing
from bot.ingestion import ingest
from bot.settings import Settings
from bot.store.database import Database, shared_database
from bot.store.exclusive import Turn, take_turns

from .conftest import Workplace

HOLDS_UNTIL_KILLED = """
import sys
from bot.index.writing import writing
from bot.settings import load_settings
with writing(load_settings(data_dir=sys.argv[1], database_url=sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


def machine(place: Workplace, name: str, database: Database) -> Settings:
    """One with a data folder of its own, beside the common database."""
    return place.settings(database_url=database.url).model_copy(update={"data_dir": place.data.parent / name})


@pytest.fixture(autouse=True)
def connections_closed(postgresql_database: Database) -> Iterator[None]:
    """The server of PostgreSQL waits for those who are still connected."""
    yield
    shared_database(postgresql_database.url).close()


def test_two_machines_never_write_at_once(workplace: Workplace, postgresql_database: Database) -> None:
    first, second = (machine(workplace, name, postgresql_database) for name in ("first", "second"))
    with writing(first) as still_held:
        for attempt in (ingest, discard_candidate):
            with pytest.raises(SearchIndexError, match="另一个导入"):
                attempt(second)
        still_held()
    assert not (second.data_dir / "index" / "CURRENT").exists()
    assert ingest(second).added == 2
    assert ingest(first).added == 2


def test_records_are_written_while_an_index_is(workplace: Workplace, postgresql_database: Database) -> None:
    """Each kind of turn is its own: an ingest keeps the needs of its corpus in the market itself."""
    with writing(machine(workplace, "first", postgresql_database)):
        for turn in set(Turn) - {Turn.WRITING_INDEX}:
            with postgresql_database.write() as connection:
                connection.execute(text("SET LOCAL lock_timeout = '2s'"))
                take_turns(connection, turn)


def test_the_right_of_a_killed_process_is_free_again(workplace: Workplace, postgresql_database: Database) -> None:
    first, second = (machine(workplace, name, postgresql_database) for name in ("first", "second"))
    command = [sys.executable, "-c", HOLDS_UNTIL_KILLED, str(first.data_dir), postgresql_database.url]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(SearchIndexError, match="另一个导入"), writing(second):
        pytest.fail("a second writer got in")
    holder.kill()
    holder.wait()
    with writing(second) as still_held:
        still_held()


def test_a_lost_connection_is_noticed_before_anything_is_published(
    workplace: Workplace, postgresql_database: Database
) -> None:
    settings = machine(workplace, "first", postgresql_database)
    ingest(settings)
    workplace.write("新增.txt", "关于贷款担保的通知\n\n对担保机构给予奖励。\n")

    def cut(stage: str, done: int, total: int) -> None:
        if stage == "lexical" and done == total:
            end_other_connections(postgresql_database)

    with pytest.raises(MarketError, match="连接断了"):
        ingest(settings, progress=cut)
    versions = settings.data_dir / "index" / "versions"
    assert [path.name for path in versions.iterdir()] == ["1"]
    assert ingest(settings).added == 1


def end_other_connections(database: Database) -> None:
    import psycopg

    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def drop(database: Database) -> None:
    import psycopg
    from psycopg import sql

    server, _, name = database.url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_without_the_database_nothing_is_written_and_the_remedy_is_told(
    workplace: Workplace, postgresql_database: Database
) -> None:
    nowhere = workplace.settings(database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(MarketError) as told:
        ingest(nowhere)
    assert told.value.remedy and not (workplace.data / "index" / "versions").exists()
    # One that was there and goes away is told as well.
    settings = machine(workplace, "first", postgresql_database)
    with writing(settings):
        pass
    drop(postgresql_database)
    with pytest.raises(MarketError, match="连接断了"), writing(settings):
        pytest.fail("there was nobody to give the right")


def test_beside_sqlite_no_database_is_made(workplace: Workplace) -> None:
    with writing(workplace.settings()) as still_held:
        still_held()
    assert not list(workplace.data.rglob("*.sqlite3"))


def test_the_address_of_the_database_may_stand_in_a_file(
    workplace: Workplace, tmp_path: Path, postgresql_database: Database
) -> None:
    file = tmp_path / "url"
    file.write_text(f"{postgresql_database.url}\n")
    settings = workplace.settings(database_url_file=file)
    assert settings.resolved_database_url == postgresql_database.url
    with (
        writing(settings),
        pytest.raises(SearchIndexError, match="另一个导入"),
        writing(machine(workplace, "second", postgresql_database)),
    ):
        pytest.fail("a second writer got in")
