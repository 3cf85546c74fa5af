"""A backup of an older program comes back migrated; a return that was killed passes for nothing whole."""

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text

from bot.assistant import Assistant
from bot.errors import AssistantError, BackupError, MarketError, SearchIndexError
from bot.index.layout import IndexLayout
from bot.ingestion import ingest
from bot.settings import Settings, load_settings
from bot.store import migrate
from bot.store.database import Database
from bot.store.sqlite_file import sqlite_path
from bot.store.tables import record_events
from bot.types import Turn
from bot.upkeep import backup as backups
from bot.upkeep import checks
from bot.upkeep.archive import ArchiveWriter
from bot.upkeep.backup import check_backup, make_backup, restore_backup

FOLDER = Path(migrate.__file__).parent / "migrations"
REVISIONS = sorted(path.stem.removeprefix("m") for path in (FOLDER / "versions").glob("m*.py"))
EVENT = "INSERT INTO record_events (kind, record_id, at, actor, action, changes) VALUES ('needs', 'n1', '2025', 't', 'save', '[]')"
TEXT = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"


def settings_in(folder: Path, **more) -> Settings:
    return load_settings({}, None, data_dir=folder / "data", corpus_dir=folder / "corpus", **more)


def older_backup(folder: Path, revision: str) -> Path:
    """A backup as the program of ``revision`` made it, with one event on record."""
    folder.mkdir()
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{folder / 'old.sqlite3'}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(text(EVENT))
    engine.dispose()
    file = folder / "old.zip"
    with zipfile.ZipFile(file, "w") as archive:
        writer = ArchiveWriter(archive)
        writer.add("database.sqlite3", folder / "old.sqlite3")
        writer.finish("2025-01-01T00:00:00+00:00", revision)
    return file


def held(url: str) -> tuple[list[str], str | None]:
    """The events on record and the revision."""
    with closing(Database(url)) as database, database.read() as connection:
        return list(connection.execute(select(record_events.c.record_id)).scalars()), migrate.current_revision(
            connection
        )


@pytest.mark.own_migrations
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_older_program_comes_back_migrated(tmp_path, revision):
    file = older_backup(tmp_path / "old", revision)
    assert check_backup(file).revision == revision
    there = settings_in(tmp_path / "there")
    restore_backup(there, file)
    assert held(there.resolved_database_url) == (["n1"], migrate.HEAD)
    with sqlite3.connect(tmp_path / "old" / "old.sqlite3") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)


@pytest.mark.own_migrations
@pytest.mark.parametrize("revision", [REVISIONS[0], REVISIONS[len(REVISIONS) // 2]])
def test_an_older_database_goes_into_postgresql(postgresql_database, tmp_path, revision):
    file = older_backup(tmp_path / "old", revision)
    restore_backup(settings_in(tmp_path / "there", database_url=postgresql_database.url), file)
    assert held(postgresql_database.url) == (["n1"], migrate.HEAD)


@pytest.mark.parametrize("told", ["0000_nothing", "0007x"])
def test_a_database_of_no_known_program_is_refused(tmp_path, told):
    file = older_backup(tmp_path / "old", REVISIONS[3])
    with sqlite3.connect(tmp_path / "old" / "old.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (told,))
    with zipfile.ZipFile(file, "w") as archive:
        writer = ArchiveWriter(archive)
        writer.add("database.sqlite3", tmp_path / "old" / "old.sqlite3")
        writer.finish("2025-01-01T00:00:00+00:00", told)
    there = settings_in(tmp_path / "there")
    with pytest.raises(AssistantError, match="升级程序"):
        restore_backup(there, file)
    assert list(there.data_dir.iterdir()) == []


# --- the index ---------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path):
    settings = settings_in(tmp_path / "here")
    settings.corpus_dir.mkdir(parents=True)
    (settings.corpus_dir / "贷款.txt").write_text(TEXT, encoding="utf-8")
    with closing(Database(settings.resolved_database_url)) as database, database.write() as connection:
        connection.execute(text(EVENT))
    return settings


@pytest.mark.parametrize("change", [{"format": "3"}, {"format": "1"}, {"format": "99", "later": 1}])
def test_an_index_of_another_program_is_told_and_made_anew(office, tmp_path, change):
    ingest(office)
    layout = IndexLayout(office.data_dir)
    documents = layout.version(layout.read_pointer().version).documents
    with sqlite3.connect(documents) as connection:
        (content,) = connection.execute("SELECT content FROM attachments WHERE name = 'manifest'").fetchone()
        other = json.dumps({**json.loads(content), **change})
        connection.execute("UPDATE attachments SET content = ? WHERE name = 'manifest'", (other,))
    make_backup(office, tmp_path / "a.zip", with_index=True)
    there = settings_in(tmp_path / "there")
    restore_backup(there, tmp_path / "a.zip")
    with pytest.raises(SearchIndexError, match=r"python -m bot ingest"):
        Assistant.open(there)
    told = [each for each in checks.machine_checks(there) if not each.ok]
    assert told and all("python -m bot ingest" in each.remedy for each in told if each.name.startswith("索引"))
    ingest(there)
    assert Assistant.open(there).ask(Turn("贴息期限多长？")).citations


# --- killed half way ---------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from bot.settings import load_settings
from bot.upkeep.backup import restore_backup
folder, file, steps = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
left, real = [steps], os.replace
def counted(*given, **named):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return real(*given, **named)
os.replace = counted
restore_backup(load_settings({}, None, data_dir=folder / "data", corpus_dir=folder / "corpus"), file, replace=True)
"""


def killed_after(steps: int, settings: Settings, file: Path) -> bool:
    """Whether a return was killed before its step of that number (else it came to its end)."""
    words = [sys.executable, "-c", KILLED, str(settings.data_dir.parent), str(file), str(steps)]
    code = subprocess.run(words, check=False, capture_output=True).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


def state(settings: Settings) -> tuple[bytes, bytes, list[str]]:
    history = settings.data_dir / "corpus-history" / "abc"
    return (
        (settings.corpus_dir / "贷款.txt").read_bytes(),
        history.read_bytes(),
        held(settings.resolved_database_url)[0],
    )


def remains(settings: Settings) -> list[str]:
    names = (each.name for folder in (settings.data_dir, settings.corpus_dir.parent) for each in folder.iterdir())
    return [name for name in names if name.startswith(".") or "restoring" in name.lower()]


def test_a_killed_return_passes_for_nothing_whole_and_is_finished_by_the_next(office, tmp_path):
    history = office.data_dir / "corpus-history" / "abc"
    history.parent.mkdir()
    history.write_bytes(b"before")
    make_backup(office, tmp_path / "a.zip")
    wanted = state(office)
    for steps in range(12):
        (office.corpus_dir / "贷款.txt").write_text(f"改过{steps}", encoding="utf-8")
        history.write_bytes(b"after")
        with closing(Database(office.resolved_database_url)) as database, database.write() as connection:
            connection.execute(text(EVENT))
        if not killed_after(steps, office, tmp_path / "a.zip"):
            break
        told = {each.name: each for each in checks.machine_checks(office)}
        assert not told["恢复"].ok and "restore" in told["恢复"].remedy and "a.zip" in told["恢复"].remedy, steps
        if not sqlite_path(office.resolved_database_url).exists():
            with pytest.raises(MarketError, match="恢复.*restore"):
                held(office.resolved_database_url)
            assert not sqlite_path(office.resolved_database_url).exists()
        restore_backup(office, tmp_path / "a.zip", replace=True)
        assert state(office) == wanted and remains(office) == [], steps
        assert "恢复" not in {each.name for each in checks.machine_checks(office)}
    assert steps >= 5
    assert state(office) == wanted and remains(office) == []


def test_a_first_return_that_was_killed_makes_no_empty_database(office, tmp_path):
    make_backup(office, tmp_path / "a.zip")
    there = settings_in(tmp_path / "there")
    assert killed_after(0, there, tmp_path / "a.zip")
    with pytest.raises(MarketError, match="恢复.*restore"):
        held(there.resolved_database_url)
    restore_backup(there, tmp_path / "a.zip", replace=True)
    assert held(there.resolved_database_url)[0] == ["n1"] and remains(there) == []


def test_a_return_that_fails_before_its_first_change_leaves_no_note_and_one_after_it_does(
    office, tmp_path, monkeypatch
):
    make_backup(office, tmp_path / "a.zip")
    (office.corpus_dir / "贷款.txt").write_text("改过", encoding="utf-8")

    def refused(*_):
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "move", refused)
        with pytest.raises(BackupError, match="没有动"):
            restore_backup(office, tmp_path / "a.zip", replace=True)
    assert remains(office) == []
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refused)
        with pytest.raises(BackupError):
            restore_backup(office, tmp_path / "a.zip", replace=True)
    assert "RESTORING" in remains(office)
    restore_backup(office, tmp_path / "a.zip", replace=True)
    assert remains(office) == []


HOLDING = """
import sys, time
from pathlib import Path
from bot.upkeep.remains import private_folder
with private_folder(Path(sys.argv[1]), sys.argv[2]) as folder:
    (folder / "database.sqlite3").write_text("contacts")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def begun():
    """Starts a backup or a return that does not come to its end; gives the process and its folder."""
    running = []

    def start(beside: Path, prefix: str) -> tuple[subprocess.Popen[str], Path]:
        words = [sys.executable, "-c", HOLDING, str(beside), prefix]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        running.append(process)
        return process, Path(process.stdout.readline().strip())

    yield start
    for each in running:
        each.kill()
        each.wait()


@pytest.mark.parametrize("prefix", ["backup-", "restore-"])
def test_remains_are_told_and_swept_and_what_is_at_work_is_left_alone(office, tmp_path, begun, prefix):
    process, folder = begun(office.data_dir, prefix)
    os.utime(folder, (1, 1))
    assert "残留" not in {each.name for each in checks.machine_checks(office)}
    make_backup(office, office.data_dir / "a.zip")
    assert (folder / "database.sqlite3").exists()
    process.kill()
    process.wait()
    told = {each.name: each for each in checks.machine_checks(office)}
    assert folder.name in told["残留"].found and told["残留"].remedy
    make_backup(office, office.data_dir / "b.zip")
    assert not folder.exists()
    assert "残留" not in {each.name for each in checks.machine_checks(office)}


def test_a_killed_backup_leaves_no_file_that_has_a_name_of_its_own(office, tmp_path, monkeypatch):
    class Stop(BaseException):
        pass

    def stop(*_):
        raise Stop

    monkeypatch.setattr(backups.os, "fsync", stop)
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(Stop):
        make_backup(office, tmp_path / "a.zip")
    assert not [each.name for each in tmp_path.iterdir() if ".zip" in each.name]
    monkeypatch.undo()
    make_backup(office, tmp_path / "b.zip")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.zip", "here"]


def test_two_returns_in_one_second_keep_both_former_states(office, tmp_path):
    make_backup(office, tmp_path / "a.zip")
    at = datetime(2025, 6, 1, tzinfo=UTC)
    moved = []
    for number in range(3):
        (office.corpus_dir / "贷款.txt").write_text(f"改过{number}", encoding="utf-8")
        moved += restore_backup(office, tmp_path / "a.zip", replace=True, now=lambda: at).moved
    kept = [each for each in moved if each.is_dir()]
    assert [(each / "贷款.txt").read_text(encoding="utf-8") for each in kept] == ["改过0", "改过1", "改过2"]
    databases = [each for each in moved if each.is_file()]
    assert len(set(databases)) == len(databases) and all(each.exists() for each in databases)
    shutil.rmtree(tmp_path / "here")
