"""A list that goes in from the desk: seen while it does, stopped while it does, and whole or not there all the same."""

import io
import json
import time

import pytest

from bot.jobs.board import JobBoard
from bot.jobs.records import JobKind, JobState
from bot.market import importing
from bot.market.importing import ImportStage, import_file
from bot.market.intake import saving
from bot.market.intake.arrivals import ReadyBatch
from bot.market.records import Need, State
from bot.market.service import Market
from bot.market.store import MarketStore
from bot.pipeline.imports import ImportRoom
from bot.settings import load_settings
from bot.store.database import Database
from bot.types import RecordKind
from bot.work import worker
from bot.work.worker import run_job

ROWS, NEED = 120, RecordKind.NEED


@pytest.fixture
def settings(either_database, tmp_path):
    return load_settings(
        environment={}, settings_file=tmp_path / "x", data_dir=tmp_path / "data", database_url=either_database.url
    )


@pytest.fixture
def market(settings):
    made = Market(settings)
    yield made
    made.close()


@pytest.fixture
def outside(either_database):
    """The board as another process sees it."""
    database = Database(either_database.url)
    yield JobBoard(database)
    database.close()


@pytest.fixture
def job(market, settings, outside, monkeypatch):
    """A list that changes every published record, waiting for its worker; every step of it is told."""
    monkeypatch.setattr(importing, "_TOLD_AFTER", 10)
    monkeypatch.setattr(importing, "BATCH", 40)
    monkeypatch.setattr(worker, "_TOLD_EVERY", 0.0)
    monkeypatch.setattr(worker, "SIGN_SECONDS", 0.01)
    room = ImportRoom.below(settings, market)
    first = room.keep(sheet("甲"), "示例.jsonl", NEED, by="经理甲", source="示例", publish=True)
    room.run(first.token)
    upload = room.keep(sheet("乙"), "示例.jsonl", NEED, by="经理甲", source="示例")
    return outside.ask(JobKind.IMPORT, "示例.jsonl", {"token": upload.token, "run": True}, by="经理甲")


def sheet(version):
    lines = ({"id": f"n{row}", "title": f"示例{row}", "description": version} for row in range(ROWS))
    return io.BytesIO("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())


def versions(market):
    return {record.description for record in market.all_records(NEED)}


def before_each(monkeypatch, name, work, where=importing):
    """Have ``work`` done, with the number of the call, before every call of a part of the import."""
    real, calls = getattr(where, name), []

    def called(*given, **named):
        calls.append(1)
        work(len(calls))
        return real(*given, **named)

    monkeypatch.setattr(where, name, called)


def before_each_batch_ready(monkeypatch, work):
    """Have ``work`` done before each batch of rows is made ready; the first call is for the owners."""
    before_each(monkeypatch, "ReadyBatch", work, saving)


def before_each_batch_written(monkeypatch, work):
    """Have ``work`` done before each batch is written; the first call is for the owners."""
    before_each(monkeypatch, "write", work, ReadyBatch)


def test_how_far_it_is_can_be_seen_while_rows_are_looked_through(job, market, settings, outside, monkeypatch):
    seen = []
    before_each(monkeypatch, "_worse", lambda _: seen.append(outside.job(job.id)))
    assert run_job(job.id, settings).state is JobState.DONE
    assert {(each.state, each.stage, each.total) for each in seen} == {(JobState.RUNNING, "核对每一行", ROWS)}
    assert [each.done for each in seen] == [row // 10 * 10 for row in range(ROWS)]
    assert versions(market) == {"乙"} and {each.state for each in market.all_records(NEED)} == {State.DRAFT}


def test_others_write_while_rows_are_looked_through(job, market, settings, outside, monkeypatch):
    other = Market(settings)
    before_each(monkeypatch, "_worse", lambda call: call == 50 and other.submit(NEED, {"title": "别人的"}, owner=""))
    assert run_job(job.id, settings).state is JobState.DONE and len(list(market.all_records(NEED))) == ROWS + 1


@pytest.mark.parametrize("at", [1, 60, ROWS])
def test_stopped_while_rows_are_looked_through_nothing_went_in(job, market, settings, outside, monkeypatch, at):
    before_each(monkeypatch, "_worse", lambda call: call == at and outside.ask_to_stop(job.id))
    assert run_job(job.id, settings).state is JobState.STOPPED and versions(market) == {"甲"}
    outside.again(job.id)
    done = run_job(job.id, settings)
    assert (done.state, done.result["updated"], versions(market)) == (JobState.DONE, ROWS, {"乙"})


def test_how_far_it_is_can_be_seen_while_rows_are_made_ready(job, market, settings, outside, monkeypatch):
    seen = []
    before_each_batch_ready(monkeypatch, lambda _: seen.append(outside.job(job.id)))
    assert run_job(job.id, settings).state is JobState.DONE
    assert [(each.state, each.stage, each.done, each.total) for each in seen] == [
        (JobState.RUNNING, "写入", done, ROWS) for done in (0, 0, 40, 80)
    ]


def test_others_write_while_rows_are_made_ready(job, market, settings, outside, monkeypatch):
    other = Market(settings)
    before_each_batch_ready(monkeypatch, lambda call: call == 3 and other.submit(NEED, {"title": "别人的"}, owner=""))
    assert run_job(job.id, settings).state is JobState.DONE and len(list(market.all_records(NEED))) == ROWS + 1


@pytest.mark.parametrize("at", [1, 3, 4])
def test_stopped_while_rows_are_made_ready_nothing_went_in(job, market, settings, outside, monkeypatch, at):
    before_each_batch_ready(monkeypatch, lambda call: call == at and outside.ask_to_stop(job.id))
    assert run_job(job.id, settings).state is JobState.STOPPED and versions(market) == {"甲"}
    outside.again(job.id)
    done = run_job(job.id, settings)
    assert (done.state, done.result["updated"], versions(market)) == (JobState.DONE, ROWS, {"乙"})


def test_looking_through_alone_can_be_seen_and_stopped(market, settings, outside, monkeypatch):
    monkeypatch.setattr(worker, "_TOLD_EVERY", 0.0)
    monkeypatch.setattr(importing, "_TOLD_AFTER", 10)
    room = ImportRoom.below(settings, market)
    upload = room.keep(sheet("甲"), "示例.jsonl", NEED, by="经理甲")
    asked = outside.ask(JobKind.IMPORT, upload.name, {"token": upload.token}, by="经理甲")
    seen = []

    def look(call):
        seen.append(outside.job(asked.id).done)
        if call == 35:
            outside.ask_to_stop(asked.id)

    before_each(monkeypatch, "_forbidden", look)
    assert run_job(asked.id, settings).state is JobState.STOPPED
    assert seen[-1] == 30 and room.plan(upload.token) is None
    outside.again(asked.id)
    assert run_job(asked.id, settings).result == {"rows": ROWS}


def until(seen):
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("either_database", ["postgresql"], indirect=True)
def test_written_rows_are_seen_and_stopped_where_two_can_write(job, market, settings, outside, monkeypatch):
    def look(batch):
        if batch == 3:
            until(lambda: (outside.job(job.id).stage, outside.job(job.id).done) == ("写入", ROWS))
            assert {each.description for each in MarketStore(database).iterate(NEED)} == {"甲"}
            outside.ask_to_stop(job.id)
            # Two signs later the worker has heard of it.
            signs = {signed(database)}
            until(lambda: signs.add(signed(database)) or len(signs) > 2)

    database = Database(settings.resolved_database_url)
    before_each_batch_written(monkeypatch, look)
    assert run_job(job.id, settings).state is JobState.STOPPED and versions(market) == {"甲"}
    database.close()


def test_while_rows_are_written_others_read_what_was_there(job, market, settings, outside, monkeypatch):
    seen = []

    def look(_batch):
        seen.append((outside.job(job.id).state, {each.description for each in MarketStore(database).iterate(NEED)}))

    database = Database(settings.resolved_database_url)
    before_each_batch_written(monkeypatch, look)
    assert run_job(job.id, settings).state is JobState.DONE
    database.close()
    assert seen == [(JobState.RUNNING, {"甲"})] * 4 and versions(market) == {"乙"}


def signed(database):
    with database.read() as connection:
        return connection.exec_driver_sql("SELECT seen_at FROM jobs").scalar_one()


def test_the_last_sign_before_writing_says_how_many_rows_there_are(job, settings, outside, monkeypatch):
    told = []
    monkeypatch.setattr(worker, "SIGN_SECONDS", 60.0)
    before_each_batch_written(monkeypatch, lambda _: told.append(outside.job(job.id)))
    assert run_job(job.id, settings).state is JobState.DONE
    assert {(each.stage, each.done, each.total) for each in told} == {("写入", ROWS, ROWS)}


# --- the import itself ----------------------------------------------------------------------------


def lines(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_only_the_saving_is_in_the_transaction(market, tmp_path):
    stages = []

    def told(stage, done, total):
        stages.append((stage, done, total, market.database.within))

    path = lines(tmp_path / "a.jsonl", *({"id": f"n{row}", "title": "示例"} for row in range(3)))
    import_file(market.store, path, NEED, actor="t", progress=told)
    assert stages == [
        (ImportStage.CHECKING, 0, 0, False),
        (ImportStage.CHECKING, 0, 3, False),
        (ImportStage.CHECKING, 3, 3, False),
        (ImportStage.WRITING, 0, 3, False),
        (ImportStage.WRITING, 3, 3, False),
        (ImportStage.WRITING, 3, 3, True),
    ]


def changing(market, record):
    """Progress that has somebody change a record between the looking and the saving."""

    def told(stage, done, _total):
        if stage is ImportStage.WRITING and done == 0:
            market.store.save(record, actor="owner")

    return told


def test_what_somebody_changed_meanwhile_is_not_overwritten(market, tmp_path):
    path = lines(tmp_path / "a.jsonl", {"id": "n1", "title": "示例一"}, {"id": "n2", "title": "示例二"})
    import_file(market.store, path, NEED, actor="t", source="示例")
    path = lines(tmp_path / "a.jsonl", {"id": "n1", "title": "名单写的"}, {"id": "n2", "title": "示例二改"})
    changed = changing(market, Need(id="n1", title="示例一", description="持有人刚写的"))
    report = import_file(market.store, path, NEED, actor="t", source="示例", progress=changed)
    assert [(each.row, "核对之后有人改了" in each.reason) for each in report.failed] == [(1, True)]
    assert (market.need("n1").description, market.need("n1").title) == ("持有人刚写的", "示例一")
    assert market.need("n2").title == "示例二改"


def test_a_record_that_came_meanwhile_is_not_overwritten(market, tmp_path):
    path = lines(tmp_path / "a.jsonl", {"id": "n1", "title": "名单写的"})
    come = changing(market, Need(id="n1", title="别人的"))
    report = import_file(market.store, path, NEED, actor="t", progress=come)
    assert len(report.failed) == 1 and market.need("n1").title == "别人的"
