"""A backup is consistent, private, checked; it comes back whole, or not at all."""

import json
import shutil
import sqlite3
import threading
import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from bot.errors import BackupError, MarketError
from bot.settings import LlmSettings, Settings
from bot.store.database import Database, shared_database
from bot.store.sqlite_file import sqlite_path
from bot.store.tables import record_events
from bot.upkeep.backup import check_backup, make_backup, restore_backup

NOW = datetime(2025, 6, 1, tzinfo=UTC)
EVENT = {"kind": "needs", "at": "2025-01-01T00:00:00Z", "actor": "t", "action": "save", "changes": [{"a": "示例"}]}
SECRET = "示例-secret-key"


def settings_in(folder, **others) -> Settings:
    return Settings(data_dir=folder / "data", corpus_dir=folder / "corpus", **others)


@pytest.fixture
def office(tmp_path):
    settings = settings_in(tmp_path / "here?", llm=LlmSettings(api_key=SECRET))
    settings.corpus_dir.mkdir(parents=True)
    (settings.corpus_dir / "示例.txt").write_text("示例正文", encoding="utf-8")
    (settings.data_dir / "corpus-history").mkdir(parents=True)
    (settings.data_dir / "corpus-history" / "abc").write_bytes(b"earlier")
    add(settings, "n1")
    yield settings
    shared_database(settings.resolved_database_url).close()


def add(settings, *names):
    with shared_database(settings.resolved_database_url).write() as connection:
        for name in names:
            connection.execute(insert(record_events), {**EVENT, "record_id": name})


def names_in(database: Database) -> list[str]:
    with database.read() as connection:
        found = connection.execute(select(record_events.c.record_id).order_by(record_events.c.id)).scalars().all()
    database.close()
    return list(found)


def test_everything_comes_back_in_an_empty_folder(office, tmp_path):
    file = tmp_path / "a.zip"
    make_backup(office, file)
    assert file.stat().st_mode & 0o077 == 0
    there = settings_in(tmp_path / "there")
    restored = restore_backup(there, file)
    assert restored.moved == ()
    assert (there.corpus_dir / "示例.txt").read_text(encoding="utf-8") == "示例正文"
    assert (there.data_dir / "corpus-history" / "abc").read_bytes() == b"earlier"
    assert names_in(Database(there.resolved_database_url)) == ["n1"]
    assert sorted(each.name for each in there.data_dir.iterdir()) == ["assistant.sqlite3", "corpus-history"]


def test_no_secret_is_in_it(office, tmp_path):
    make_backup(office, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert not any(SECRET.encode() in archive.read(name) for name in archive.namelist())


def test_what_is_there_is_replaced_only_when_asked_and_then_kept_aside(office, tmp_path):
    make_backup(office, tmp_path / "a.zip")
    add(office, "n2")
    (office.corpus_dir / "示例.txt").write_text("改过", encoding="utf-8")
    with pytest.raises(BackupError, match="--replace"):
        restore_backup(office, tmp_path / "a.zip")
    assert names_in(shared_database(office.resolved_database_url)) == ["n1", "n2"]
    serving = shared_database(office.resolved_database_url)
    with serving.read():
        pass
    moved = restore_backup(office, tmp_path / "a.zip", replace=True, now=lambda: NOW).moved
    assert names_in(serving) == ["n1"]
    former = sqlite_path(office.resolved_database_url).with_name("assistant.sqlite3.before-restore-20250601-000000")
    assert former in moved
    with sqlite3.connect(former) as connection:
        assert connection.execute("SELECT count(*) FROM record_events").fetchone() == (2,)
    assert (office.corpus_dir / "示例.txt").read_text(encoding="utf-8") == "示例正文"


def test_a_backup_never_overwrites(office, tmp_path):
    (tmp_path / "a.zip").write_text("mine")
    with pytest.raises(BackupError, match="已经有了"):
        make_backup(office, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_text() == "mine"


def test_it_is_consistent_while_others_write(office, tmp_path):
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            add(office, f"a{number}", f"b{number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            make_backup(office, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        there = settings_in(tmp_path / f"there{number}")
        restore_backup(there, tmp_path / f"{number}.zip")
        names = names_in(Database(there.resolved_database_url))[1:]
        assert len(names) % 2 == 0


def changed(source, target, name, content):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
            elif content is not None:
                new.writestr(each, content)


@pytest.mark.parametrize("name", ["database.sqlite3", "corpus/示例.txt", "manifest.json", "corpus-history/abc"])
@pytest.mark.parametrize("content", [b"something else", b"", None])
def test_a_damaged_backup_is_refused_and_nothing_changes(office, tmp_path, name, content):
    make_backup(office, tmp_path / "a.zip")
    changed(tmp_path / "a.zip", tmp_path / "b.zip", name, content)
    there = settings_in(tmp_path / "there")
    for attempt in (lambda: check_backup(tmp_path / "b.zip"), lambda: restore_backup(there, tmp_path / "b.zip")):
        with pytest.raises(BackupError):
            attempt()
    assert not there.corpus_dir.exists() and list(there.data_dir.iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_backup_cut_short_is_refused(office, tmp_path, share):
    make_backup(office, tmp_path / "a.zip")
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError):
        check_backup(tmp_path / "b.zip")


@pytest.mark.parametrize("change", [{"format": 99}, {"revision": "9999_future"}])
def test_a_newer_one_is_refused(office, tmp_path, change):
    make_backup(office, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    changed(tmp_path / "a.zip", tmp_path / "b.zip", "manifest.json", json.dumps({**manifest, **change}))
    with pytest.raises(BackupError, match="更新的程序"):
        check_backup(tmp_path / "b.zip")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside", "c:\\outside"])
def test_no_file_gets_out_of_the_folder(office, tmp_path, name):
    make_backup(office, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["files"][name] = manifest["files"]["corpus/示例.txt"]
    changed(tmp_path / "a.zip", tmp_path / "b.zip", "manifest.json", json.dumps(manifest))
    with pytest.raises(BackupError, match="路径"):
        check_backup(tmp_path / "b.zip")


def test_a_damaged_database_makes_no_backup(office, tmp_path):
    shared_database(office.resolved_database_url).close()
    path = sqlite_path(office.resolved_database_url)
    path.write_bytes(b"x" * 5000)
    with pytest.raises(MarketError):
        make_backup(office, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists() and not (tmp_path / "a.zip.partial").exists()


def test_postgresql_goes_into_either_kind_of_database(postgresql_database, postgresql_server, office, tmp_path):
    import psycopg

    with psycopg.connect(f"postgresql://{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS t_restored")
        connection.execute("CREATE DATABASE t_restored")
    url = postgresql_database.url
    there = settings_in(tmp_path / "pg", database_url=url)
    shutil.copytree(office.corpus_dir, there.corpus_dir)
    add(there, "p1", "p2")
    make_backup(there, tmp_path / "pg.zip")
    files = settings_in(tmp_path / "files")
    restore_backup(files, tmp_path / "pg.zip")
    assert names_in(Database(files.resolved_database_url)) == ["p1", "p2"]
    again = settings_in(tmp_path / "again", database_url=f"postgresql://{postgresql_server}/t_restored")
    restore_backup(again, tmp_path / "pg.zip")
    add(again, "p3")
    assert names_in(shared_database(again.resolved_database_url)) == ["p1", "p2", "p3"]
    with pytest.raises(BackupError, match="已有数据"):
        restore_backup(settings_in(tmp_path / "third", database_url=again.database_url), tmp_path / "pg.zip")
    shared_database(url).close()
    shared_database(again.resolved_database_url).close()
