import importlib
import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import MarketError, StoreError
from bot.market.tables import TABLES
from bot.questions.feedback import MAX_PART, list_feedback, record_feedback
from bot.store import database as database_module
from bot.store import migrate as migrations
from bot.store.database import Database, shared_database, utc_now
from bot.store.tables import METADATA, introductions, letter_versions, record_contacts, record_events
from bot.types import Feedback, RecordKind

PACKAGE = Path(migrations.__file__).parents[1]
EVENT = {
    "kind": "needs",
    "record_id": "n1",
    "at": "2025-01-01T00:00:00Z",
    "actor": "t",
    "action": "save",
    "changes": [],
}


@pytest.mark.own_migrations
def test_migrations_build_exactly_the_tables(either_database):
    for path in sorted(PACKAGE.rglob("tables.py")):
        importlib.import_module(".".join(("bot", *path.relative_to(PACKAGE).with_suffix("").parts)))
    with either_database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_databases_of_tests_are_as_migrations_leave_them(database, tmp_path, migrated_once):
    def held(made: Database) -> list[str]:
        with made.read() as connection:
            return sorted(connection.connection.driver_connection.iterdump())

    engine = create_engine(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with engine.begin() as connection:
        migrated_once.upgrade(connection)
    engine.dispose()
    own = Database(str(engine.url))
    assert held(database) == held(own)
    own.close()


def test_head_is_the_newest_migration():
    config = Config()
    folder = Path(migrations.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_constructor_touches_nothing(tmp_path):
    Database(f"sqlite:///{tmp_path / 'deep' / 'x.sqlite3'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.own_migrations
def test_folder_is_made_on_first_use(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'deep' / 'x.sqlite3'}")
    with database.read() as connection:
        assert connection.execute(select(TABLES[RecordKind.NEED])).all() == []
    database.close()


def test_sqlite_runs_with_wal_foreign_keys_and_a_busy_timeout(database):
    with database.read() as connection:
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")]
        timeout = connection.execute(text("PRAGMA busy_timeout")).scalar()
    assert values == ["wal", 1]
    assert timeout >= 1000


def test_event_log_is_append_only(either_database):
    with either_database.write() as connection:
        connection.execute(insert(record_events), EVENT)
    for statement in ("UPDATE record_events SET actor = 'x'", "DELETE FROM record_events"):
        with pytest.raises(DBAPIError, match="append-only"), either_database.write() as connection:
            connection.execute(text(statement))
    with either_database.read() as connection:
        assert connection.execute(select(record_events.c.actor)).scalars().all() == ["t"]


def test_foreign_keys_hold(either_database):
    row = {
        "id": "n1",
        "fields": [],
        "confidentiality": "open",
        "owner_id": "nobody",
        "historic": False,
        "sample": False,
        "state": "draft",
        "created_at": "x",
        "updated_at": "x",
    }
    with pytest.raises(IntegrityError), either_database.write() as connection:
        connection.execute(insert(TABLES[RecordKind.NEED]), row)


def test_a_failed_transaction_leaves_nothing(either_database):
    with pytest.raises(RuntimeError), either_database.write() as connection:
        connection.execute(insert(record_events), EVENT)
        raise RuntimeError
    with either_database.read() as connection:
        assert connection.execute(select(record_events)).all() == []


def test_a_database_of_a_newer_program_is_refused(either_database):
    with either_database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    url = either_database.url
    either_database.close()
    with pytest.raises(MarketError, match="9999_future"), Database(url).read():
        pass


@pytest.mark.own_migrations
def test_a_failing_migration_leaves_the_database_as_it_was(database, monkeypatch):
    def half(connection):
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        raise MarketError("half way")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "_upgrade", half)
        with pytest.raises(MarketError), database.read():
            pass
    with database.read() as connection:
        tables = inspect(connection).get_table_names()
    assert "half" not in tables and "needs" in tables


def _open(url: str, barrier, results) -> None:
    database = Database(url)
    barrier.wait()
    with database.write() as connection:
        connection.execute(insert(record_events), EVENT)
    results.put(1)
    database.close()


@pytest.mark.own_migrations
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_start_at_once_migrate_once(kind, tmp_path, request):
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    else:
        url = request.getfixturevalue("postgresql_database").url
    spawn = multiprocessing.get_context("spawn")
    barrier, results = spawn.Barrier(3), spawn.Queue()
    workers = [spawn.Process(target=_open, args=(url, barrier, results)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    database = Database(url)
    with database.read() as connection:
        assert len(connection.execute(select(record_events)).all()) == 3
    database.close()


def test_a_new_file_may_be_opened_by_several_at_once(tmp_path):
    """SQLite refuses at once where two switch it to a write-ahead log: without waiting a seventh of these fail."""
    for number in range(60):
        url, barrier, failed = f"sqlite:///{tmp_path / str(number)}.sqlite3", threading.Barrier(4), []

        def opened(url=url, barrier=barrier, failed=failed):
            engine = database_module._engine(url)
            barrier.wait()
            try:
                with engine.connect() as connection:
                    connection.exec_driver_sql("SELECT 1")
            except DBAPIError as error:
                failed.append(error)
            engine.dispose()

        threads = [threading.Thread(target=opened) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed


def test_a_lock_that_lasts_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    file = tmp_path / "held.sqlite3"
    made = Database(f"sqlite:///{file}")
    with made.read():
        pass
    made.close()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="数据库正忙"), Database(f"sqlite:///{file}").read():
        pass
    holder.close()


def test_writers_in_many_threads_all_succeed(either_database):
    def write() -> None:
        for _ in range(10):
            with either_database.write() as connection:
                connection.execute(select(record_events)).all()
                connection.execute(insert(record_events), EVENT)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with either_database.read() as connection:
        assert len(connection.execute(select(record_events)).all()) == 40


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x/y", "postgresql://user:secret@127.0.0.1:1/none"])
def test_an_unusable_address_names_the_remedy_and_no_password(url):
    with pytest.raises(MarketError) as error, Database(url).read():
        pass
    assert error.value.remedy
    assert "secret" not in str(error.value)


def test_shared_database_is_one_per_address(tmp_path):
    url = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    assert shared_database(url) is shared_database(url)
    assert shared_database(url) is not shared_database(f"sqlite:///{tmp_path / 'b.sqlite3'}")


def test_time_stamps_sort_as_text():
    first, second = utc_now(), utc_now()
    assert first <= second and first.endswith("Z") and len(first) == len(second) <= 32


def test_feedback_comes_back_newest_first(either_database):
    record_feedback(either_database, Feedback("问一", "答一", True))
    kept = record_feedback(either_database, Feedback("问二", "答二", False, "没说清"))
    assert [entry.feedback.question for entry in list_feedback(either_database)] == ["问二", "问一"]
    assert list_feedback(either_database, useful=False) == (kept,)
    assert list_feedback(either_database, limit=1) == (kept,)


def test_feedback_survives_hostile_text(either_database):
    text_ = "\x00\ud800" + "长" * (MAX_PART + 5)
    kept = record_feedback(either_database, Feedback(text_, "<script>", False, text_))
    assert list_feedback(either_database) == (kept,)
    assert len(kept.feedback.question) < MAX_PART


@pytest.mark.own_migrations
def test_an_up_to_date_database_opens_without_alembic(database):
    with database.read():
        pass
    database.close()
    code = (
        "import sys; from bot.store.database import Database; "
        f"c = Database({database.url!r}).read(); c.__enter__(); "
        "print('alembic' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_contacts_of_an_older_database_are_taken_over(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001_market")
        organisation = {"id": "g1", "fields": "[]", "sample": False, "at": "x"}
        connection.execute(
            text(
                "INSERT INTO organisations (id, fields, sample, created_at, updated_at) "
                "VALUES (:id, :fields, :sample, :at, :at)"
            ),
            organisation,
        )
        connection.execute(
            text(
                "INSERT INTO organisation_contacts (organisation_id, name, phone, email, note, updated_at) "
                "VALUES ('g1', '钱七', '123', '', '', 'x')"
            )
        )
    engine.dispose()
    again = Database(url)
    with again.read() as connection:
        (row,) = connection.execute(select(record_contacts)).all()
        assert not inspect(connection).has_table("organisation_contacts")
    again.close()
    assert row[:4] == ("organisations", "g1", "钱七", "123")


@pytest.mark.own_migrations
def test_letters_of_an_older_database_keep_everything_but_the_key_nobody_used(either_database):
    engine = create_engine(either_database.url.replace("postgresql:", "postgresql+psycopg:"))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    record = "INSERT INTO {} (id, title, fields, confidentiality, historic, sample, state, created_at, updated_at) "
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0015_questions")
        for table, each in (("needs", "n1"), ("offers", "o1")):
            values = f"VALUES ('{each}', '示例', '[]', 'open', false, false, 'published', 'x', 'x')"
            connection.execute(text(record.format(table) + values))
        letter = (
            "INSERT INTO introductions (need_id, offer_id, stage, form, text, facts, withheld, at, actor, year, serial, "
            "key_hash) "
            "VALUES ('n1', 'o1', 'joint', 'letter', '示例信', '[]', '[]', 'x', '经理甲', 2026, 7, 'abc')"
        )
        connection.execute(text(letter))
        version = "INSERT INTO letter_versions (introduction_id, number, blocks, at) VALUES (1, 1, '[]', 'x')"
        connection.execute(text(version))
    engine.dispose()
    with either_database.read() as connection:
        (row,) = connection.execute(select(introductions)).mappings()
        assert (row["text"], row["year"], row["serial"], row["language"]) == ("示例信", 2026, 7, "zh")
        columns = {each["name"] for each in inspect(connection).get_columns("introductions")}
        assert "key_hash" not in columns and columns == set(introductions.c.keys())
        assert connection.execute(select(letter_versions.c.introduction_id)).scalars().all() == [1]
    with pytest.raises(IntegrityError), either_database.write() as connection:
        connection.execute(text(letter.replace(", key_hash", "").replace(", 'abc'", "")))
