"""A disk that is full at any write: told with a remedy, the former state in force, nothing half, healed by room."""

import json
import shutil
from contextlib import closing

import pytest
from typer.testing import CliRunner

from bot.assistant import Assistant
from bot.cli import app
from bot.errors import AssistantError, MarketError
from bot.index.layout import IndexLayout
from bot.index.legs import damaged_legs
from bot.market.service import Market
from bot.settings import ChromaSettings, load_settings
from bot.store.database import shared_database
from bot.types import PrivateContact, RecordKind, Turn
from bot.upkeep import checks
from bot.upkeep.backup import check_backup, restore_backup
from tests.support.full_disk import small_disk

__all__ = ["small_disk"]

FIRST = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"
SECOND = "人才公寓管理办法\n\n第一条 为引进的青年人才提供公寓，租期三年。\n第二条 申请人向街道递交材料。\n"
#: Kilobytes left: a version of the index takes some 500 of them, a small backup 200.
LEFT = (0, 4, 16, 48, 120, 180, 240, 300, 360, 420, 480)
QUESTION = Turn("贴息期限多长？")


def run(*words):
    """Exit code and what was said; a trace is no way to say it."""
    shown = CliRunner().invoke(app, [str(each) for each in words])
    assert shown.exception is None or isinstance(shown.exception, SystemExit), repr(shown.exception)
    return shown.exit_code, shown.output


def told(output):
    return "空间" in output and "解决办法" in output


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ingested")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "贷款.txt").write_text(FIRST, encoding="utf-8")
    assert run("ingest", "--corpus", folder / "corpus", "--data", folder / "data")[0] == 0
    return folder


@pytest.fixture
def office(ingested, small_disk):
    """An office whose data lies on the small disk."""
    shutil.copytree(ingested / "data", small_disk.folder / "data")
    shutil.copytree(ingested / "corpus", small_disk.folder / "corpus")
    settings = load_settings({}, None, data_dir=small_disk.folder / "data", corpus_dir=small_disk.folder / "corpus")
    yield settings
    shared_database(settings.resolved_database_url).close()


def given(settings):
    return "--data", settings.data_dir, "--corpus", settings.corpus_dir


def versions(settings):
    folder = IndexLayout(settings.data_dir).root / "versions"
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def answers(settings):
    return bool(Assistant.open(settings).ask(QUESTION).citations)


def whole(settings):
    found = damaged_legs(settings.data_dir, ChromaSettings())
    assert found == ()
    return True


def test_an_ingest_that_finds_no_room_leaves_the_index_in_force(office, small_disk):
    (office.corpus_dir / "公寓.txt").write_text(SECOND, encoding="utf-8")
    failed = 0
    for kilobytes in LEFT:
        with small_disk.full(kilobytes):
            code, output = run("ingest", *given(office))
            if code == 0:
                break
            failed += 1
            assert code == 2 and told(output), (kilobytes, output)
            assert versions(office) == ["1"], kilobytes
            assert whole(office) and answers(office), kilobytes
    assert failed >= 5
    assert run("ingest", *given(office))[0] == 0
    assert whole(office) and len(Assistant.open(office).search("公寓", 3)) > 0


@pytest.mark.parametrize("kilobytes", [0, 8, 100, 300])
def test_a_first_ingest_that_finds_no_room_leaves_no_index(office, small_disk, kilobytes):
    shutil.rmtree(office.data_dir)
    with small_disk.full(kilobytes):
        code, output = run("ingest", *given(office))
        assert code == 2 and told(output), output
        assert run("ask", "贴息期限多长？", "--data", office.data_dir)[0] == 2
    assert versions(office) == []
    code, output = run("ingest", *given(office))
    assert code == 0 and whole(office), output


def test_a_version_that_waits_is_put_in_force_when_there_is_room(office, small_disk):
    (office.corpus_dir / "公寓.txt").write_text(SECOND, encoding="utf-8")
    assert run("ingest", "--hold", *given(office))[0] == 0
    with small_disk.full(0):
        code, output = run("index", "publish", "--data", office.data_dir)
        assert code == 2 and told(output), output
        assert IndexLayout(office.data_dir).read_pointer().version == 1 and answers(office)
        assert run("index", "show", "--data", office.data_dir)[0] == 0
    assert versions(office) == ["1", "2"]
    assert run("index", "publish", "--data", office.data_dir)[0] == 0
    assert IndexLayout(office.data_dir).read_pointer().version == 2
    assert not list(IndexLayout(office.data_dir).root.glob("*.partial"))


def register(settings, title="示例需求"):
    with closing(Market(settings)) as market:
        values = {"title": title, "description": "需要提高涂层的耐温能力，示例。" * 20}
        contact = PrivateContact(name="示例", phone="00000000")
        return market.submit(RecordKind.NEED, values, owner="示例单位", contact=contact).receipt


@pytest.mark.parametrize("with_index", [False, True])
def test_a_backup_that_finds_no_room_leaves_no_file(ingested, small_disk, tmp_path, with_index):
    shutil.copytree(ingested / "data", tmp_path / "data")
    settings = load_settings({}, None, data_dir=tmp_path / "data", corpus_dir=ingested / "corpus")
    register(settings)
    file, failed = small_disk.folder / "备份.zip", 0
    words = ["backup", file, *given(settings), *(["--with-index"] if with_index else [])]
    for kilobytes in LEFT:
        with small_disk.full(kilobytes):
            code, output = run(*words)
            if code == 0:
                break
            failed += 1
            assert code == 2 and told(output), (kilobytes, output)
            assert small_disk.names() == [], kilobytes
    assert failed >= 3
    file.unlink(missing_ok=True)
    assert run(*words)[0] == 0 and check_backup(file).files


def test_a_backup_elsewhere_is_made_while_the_disk_is_full(office, small_disk, tmp_path):
    register(office)
    with shared_database(office.resolved_database_url).read(), small_disk.full(0):
        code, output = run("backup", tmp_path / "a.zip", *given(office))
        assert code == 0, output
    assert "database.sqlite3" in check_backup(tmp_path / "a.zip").files
    # SQLite makes a file beside a database that nobody has open: without room it cannot be read at all.
    shared_database(office.resolved_database_url).close()
    with small_disk.full(0):
        code, output = run("backup", tmp_path / "b.zip", *given(office))
    assert code == 2 and told(output) and not (tmp_path / "b.zip").exists()


def test_a_return_that_finds_no_room_changes_nothing(office, small_disk, tmp_path):
    register(office)
    assert run("backup", tmp_path / "a.zip", "--with-index", *given(office))[0] == 0
    register(office, "后来的需求")
    before = small_disk.names(), small_disk.names("data"), small_disk.names("corpus")
    failed = 0
    for kilobytes in LEFT:
        with small_disk.full(kilobytes):
            code, output = run("restore", tmp_path / "a.zip", "--replace", *given(office))
            if code == 0:
                break
            failed += 1
            assert code == 2 and told(output), (kilobytes, output)
            assert (small_disk.names(), small_disk.names("data"), small_disk.names("corpus")) == before, kilobytes
    assert failed >= 3
    assert not [name for name in (*small_disk.names(), *small_disk.names("data")) if "RESTOR" in name.upper()]
    restore_backup(office, tmp_path / "a.zip", replace=True)
    with closing(Market(office)) as market:
        assert market.newest(5)[1] <= 1


def test_a_return_that_finds_no_room_for_the_corpus_is_told_and_finished_later(ingested, small_disk, tmp_path):
    here = load_settings({}, None, data_dir=tmp_path / "data", corpus_dir=small_disk.folder / "corpus")
    shutil.copytree(ingested / "corpus", here.corpus_dir)
    (here.corpus_dir / "大.txt").write_text("示例" * 100_000, encoding="utf-8")
    register(here)
    assert run("backup", tmp_path / "a.zip", *given(here))[0] == 0
    register(here, "后来的需求")
    (here.corpus_dir / "大.txt").write_text("改过", encoding="utf-8")
    with small_disk.full(100):
        code, output = run("restore", tmp_path / "a.zip", "--replace", *given(here))
        assert code == 2 and told(output), output
        assert small_disk.names() == ["corpus"] and (here.corpus_dir / "大.txt").read_text(encoding="utf-8") == "改过"
    (found,) = [each for each in checks.machine_checks(here) if each.name == "恢复"]
    assert not found.ok and "a.zip" in found.remedy
    assert run("restore", tmp_path / "a.zip", "--replace", *given(here))[0] == 0
    assert (here.corpus_dir / "大.txt").stat().st_size == 600_000
    assert "恢复" not in {each.name for each in checks.machine_checks(here)}


@pytest.mark.parametrize("kilobytes", [0, 8, 40, 100])
def test_a_list_that_finds_no_room_is_not_there_at_all(office, small_disk, tmp_path, kilobytes):
    register(office)
    rows = [{"id": f"row{row}", "title": f"示例{row}", "description": "示例正文" * 50} for row in range(300)]
    sheet = tmp_path / "a.jsonl"
    sheet.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8")
    words = ["market", "import", sheet, "--kind", "needs", "--publish", "--data", office.data_dir]
    with small_disk.full(kilobytes):
        code, output = run(*words)
        assert code in (1, 2) and told(output), output
    with closing(Market(office)) as market:
        assert not [each for each in market.store.iterate(RecordKind.NEED) if each.id.startswith("row")]
    assert run(*words)[0] == 0


def test_a_record_that_finds_no_room_gets_no_receipt(office, small_disk):
    register(office)
    receipts = []
    with small_disk.full(64), pytest.raises(MarketError, match="空间"):
        for number in range(2_000):
            receipts.append(register(office, f"需求{number}"))
    with closing(Market(office)) as market:
        kept = [each.title for each in market.store.iterate(RecordKind.NEED)]
    assert len(kept) == len(receipts) + 1
    assert register(office, "后来的需求")


def test_doctor_tells_of_room_and_not_of_rights(office, small_disk):
    register(office)
    shared_database(office.resolved_database_url).close()
    with small_disk.full(0):
        found = {each.name: each for each in checks.machine_checks(office)}
    assert (
        not found["数据文件夹"].ok
        and "空间" in found["数据文件夹"].remedy
        and "chown" not in found["数据文件夹"].remedy
    )
    assert not found["磁盘"].ok
    assert found["索引文件"].ok


def test_questions_are_answered_while_the_disk_is_full(office, small_disk):
    register(office)
    shared_database(office.resolved_database_url).close()
    with small_disk.full(0):
        assert run("ask", "贴息期限多长？", "--json", "--data", office.data_dir)[0] == 0
        try:
            Market(office).newest(5)
        except AssistantError as error:
            assert told(str(error))
