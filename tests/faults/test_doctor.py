"""``doctor`` sees what is broken and names the command; exit codes as the contracts say."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.cli import app
from bot.index.layout import IndexLayout
from bot.ingestion import ingest
from bot.jobs.board import JobBoard
from bot.jobs.records import JobKind
from bot.settings import Settings
from bot.store.database import shared_database
from bot.store.sqlite_file import sqlite_path
from bot.store.tables import record_events
from bot.upkeep import checks

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
EVENT = {"kind": "needs", "record_id": "n1", "actor": "t", "action": "save", "changes": []}


@pytest.fixture
def settings(corpus_settings, tmp_path):
    # The records of the corpus bear the time of their ingest, which tests of the clock would stumble over.
    shutil.copytree(corpus_settings.data_dir, tmp_path / "data", ignore=shutil.ignore_patterns("assistant.sqlite3*"))
    return corpus_settings.model_copy(update={"data_dir": tmp_path / "data"})


def failing(settings: Settings, now: datetime = NOW) -> dict[str, checks.Check]:
    return {check.name: check for check in checks.machine_checks(settings, lambda: now) if not check.ok}


def add_event(settings: Settings, at: datetime) -> None:
    with shared_database(settings.resolved_database_url).write() as connection:
        connection.execute(insert(record_events), {**EVENT, "at": at.isoformat().replace("+00:00", "Z")})


def test_a_healthy_installation_has_nothing_failing(settings):
    add_event(settings, NOW)
    assert failing(settings) == {}


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_broken_database_is_told_with_the_command(settings, content):
    path = sqlite_path(settings.resolved_database_url)
    shared_database(settings.resolved_database_url).close()
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    path.write_bytes(content)
    assert "restore" in failing(settings)["数据库"].remedy


def test_a_damaged_table_is_seen_though_the_database_opens(settings):
    for number in range(400):
        add_event(settings, NOW - timedelta(seconds=number))
    path = sqlite_path(settings.resolved_database_url)
    shared_database(settings.resolved_database_url).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root, size = (
            connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'record_events'").fetchone()[0],
            connection.execute("PRAGMA page_size").fetchone()[0],
        )
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xee" * size
    path.write_bytes(content)
    assert "restore" in failing(settings)["数据库"].remedy


def test_a_clock_behind_the_newest_record_is_told(settings):
    add_event(settings, NOW)
    assert failing(settings, NOW + timedelta(days=400)) == {}
    assert "时钟" in failing(settings, NOW - timedelta(hours=1))
    assert "时钟" not in failing(settings, NOW - timedelta(minutes=2))


def test_work_that_broke_off_is_told(settings):
    board = JobBoard(shared_database(settings.resolved_database_url), lambda: NOW)
    board.take(board.ask(JobKind.INGEST, "示例", {}, by="t").id)
    assert "中断的工作" not in failing(settings)
    assert "/desk/jobs/1" in failing(settings, NOW + timedelta(minutes=5))["中断的工作"].remedy


def test_a_waiting_version_and_remains_are_told(settings, tmp_path):
    shutil.copytree(settings.corpus_dir, tmp_path / "corpus")
    changed = settings.model_copy(update={"corpus_dir": tmp_path / "corpus"})
    (tmp_path / "corpus" / "示例.txt").write_text("示例文件。", encoding="utf-8")
    held = ingest(changed, hold=True).held
    (IndexLayout(settings.data_dir).root / "versions" / "99").mkdir()
    told = {check.name: check for check in checks.machine_checks(changed)}
    assert f"第 {held} 版" in told["待启用的索引"].found and "index publish" in told["待启用的索引"].remedy
    assert "99" in told["没有做完的导入"].found


def test_a_full_disk_and_a_file_in_the_place_of_the_folder_are_told(tmp_path):
    assert not checks.disk(tmp_path / "deep" / "data", lambda _: 1_000).ok
    assert checks.disk(tmp_path, lambda _: 10**12).ok
    (tmp_path / "data").touch()
    assert not checks.data_folder(tmp_path / "data").ok


@pytest.mark.parametrize("name", ["a?b", "50%25", "x#y", "引'号\" 空格"])
def test_every_program_works_in_a_folder_of_any_name(settings, tmp_path, name):
    data = tmp_path / name
    shutil.move(settings.data_dir, data)
    runner = CliRunner()
    given = ["--data", str(data)]
    backup = str(tmp_path / f"{name}.zip")
    sheet = tmp_path / "needs.csv"
    sheet.write_text("id,title\nn1,示例需求\n", encoding="utf-8")
    commands = (
        ["ask", "联合创新项目最高能给多少？", "--json", *given],
        ["search", "支持", "--json", *given],
        ["market", "import", str(sheet), "--kind", "needs", "--publish", *given],
        ["match", "--text", "示例需求", "--json", *given],
        ["backup", backup, *given],
        ["restore", backup, "--check", *given],
        ["index", "show", *given],
    )
    for command in commands:
        shown = runner.invoke(app, command)
        assert shown.exit_code == 0, (command, shown.output, shown.exception)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([name, f"{name}.zip", "needs.csv"])


def test_doctor_ends_with_one_where_something_is_broken_and_speaks_json(settings):
    runner = CliRunner()
    layout = IndexLayout(settings.data_dir)
    folder = layout.version(layout.read_pointer().version).lexical_chunks
    next(Path(folder).glob("*.term")).write_bytes(b"")
    shown = runner.invoke(app, ["doctor", "--json", "--data", str(settings.data_dir)])
    assert shown.exit_code == 1
    told = {check["name"]: check for check in json.loads(shown.stdout)["checks"]}
    assert (
        not told["索引·字词"]["ok"]
        and told["索引·字词"]["remedy"] == f"python -m bot ingest --data {settings.data_dir}"
    )
