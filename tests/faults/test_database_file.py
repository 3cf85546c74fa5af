"""The database's file is empty, damaged, another program's, replaced, gone, or cannot be written."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.errors import MarketError
from bot.settings import Settings
from bot.store.database import Database
from bot.store.sqlite_file import sqlite_path, sqlite_url
from bot.store.tables import record_events

EVENT = {
    "kind": "needs",
    "record_id": "n1",
    "at": "2025-01-01T00:00:00Z",
    "actor": "t",
    "action": "save",
    "changes": [],
}
ODD_NAMES = ["a?b", "50%25", "x#y", "有 空格", "引'号\"", "c&d=e;f", "100%", "a@b:c"]


def keep(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(record_events), EVENT)


def kept(database: Database) -> int:
    with database.read() as connection:
        return len(connection.execute(select(record_events)).all())


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_folder_of_any_name_holds_the_database_itself(tmp_path, name):
    settings = Settings(data_dir=tmp_path / name)
    database = Database(settings.resolved_database_url)
    keep(database)
    database.close()
    assert sqlite_path(settings.resolved_database_url) == tmp_path / name / "assistant.sqlite3"
    assert (tmp_path / name / "assistant.sqlite3").is_file()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert kept(Database(sqlite_url(tmp_path / name / "assistant.sqlite3"))) == 1


def test_an_empty_file_is_not_taken_for_a_new_database(tmp_path):
    path = tmp_path / "x.sqlite3"
    path.touch()
    os.utime(path, (1, 1))
    with pytest.raises(MarketError, match="0 字节.*restore"):
        kept(Database(sqlite_url(path)))
    assert path.stat().st_size == 0


def test_what_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(MarketError, match="不是 SQLite.*restore"):
        kept(Database(sqlite_url(path)))
    assert path.read_bytes() == b"no database at all" * 100


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "x.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id)")
    with pytest.raises(MarketError, match="别的程序"):
        kept(Database(sqlite_url(path)))
    assert [row[0] for row in sqlite3.connect(path).execute("SELECT name FROM sqlite_master")] == ["orders"]


def test_a_damaged_database_is_told_with_the_command(database):
    keep(database)
    database.close()
    path = sqlite_path(database.url)
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(MarketError, match="restore"):
        kept(database)


def test_a_deleted_database_gives_no_receipts_and_a_restored_one_is_taken_up(database, tmp_path):
    keep(database)
    path = sqlite_path(database.url)
    shutil.copy(path, tmp_path / "saved")
    saved = Database(sqlite_url(tmp_path / "saved"))
    with sqlite3.connect(path) as connection, sqlite3.connect(tmp_path / "whole") as target:
        connection.backup(target)
    for each in tmp_path.glob("assistant.sqlite3*"):
        each.unlink()
    for attempt in (keep, kept):
        with pytest.raises(MarketError, match="不见了.*restore"):
            attempt(database)
    assert not path.exists()
    (tmp_path / "whole").rename(path)
    assert kept(database) == 1
    keep(database)
    assert kept(database) == 2
    saved.close()


def test_a_file_replaced_within_a_transaction_is_no_receipt(database, tmp_path):
    keep(database)
    path = sqlite_path(database.url)
    with pytest.raises(MarketError, match="没有保存"), database.write() as connection:
        connection.execute(insert(record_events), EVENT)
        path.rename(tmp_path / "moved")


def test_together_is_one_transaction(either_database):
    with pytest.raises(RuntimeError), either_database.together():
        keep(either_database)
        assert kept(either_database) == 1
        either_database.clear_remains()
        raise RuntimeError
    assert kept(either_database) == 0
    with either_database.together():
        keep(either_database)
        keep(either_database)
    assert kept(either_database) == 2


WRITER = """
import sys
from sqlalchemy import insert
from bot.errors import MarketError
from bot.store.database import Database
from bot.store.tables import record_events
database = Database(sys.argv[1])
done = 0
try:
    for number in range(100_000):
        with database.write() as connection:
            connection.execute(insert(record_events), {"kind": "needs", "record_id": f"n{number}", "at": "2025",
                "actor": "t" * 500, "action": "save", "changes": []})
        done += 1
except MarketError as error:
    print(done, error)
"""


def limited(kilobytes: int) -> None:
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))


@pytest.mark.parametrize("kilobytes", [700, 900, 1100])
def test_a_full_disk_is_told_and_loses_nothing(database, kilobytes):
    keep(database)
    database.close()
    shown = subprocess.run(
        [sys.executable, "-c", WRITER, database.url],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: limited(kilobytes),
    )
    done, told = shown.stdout.split(" ", 1)
    assert "解决办法" in told and "磁盘" in told, shown.stdout + shown.stderr
    assert kept(database) == int(done) + 1


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
def test_a_file_that_cannot_be_written_is_told(database):
    keep(database)
    database.close()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copy(sqlite_path(database.url), folder / "x.sqlite3")
        code = WRITER.replace(
            "database = ",
            "import bot.store.migrate, sqlalchemy.dialects.sqlite\nimport os\nos.setuid(65534)\ndatabase = ",
            1,
        )
        command = [sys.executable, "-c", code, sqlite_url(folder / "x.sqlite3")]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "写" in shown.stdout and "解决办法" in shown.stdout, shown.stdout + shown.stderr[-2000:]
