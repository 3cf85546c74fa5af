"""The worker in a process of its own: an ingest that waits, failing, stopping, being killed, keys kept unseen."""

import os
import signal
import subprocess
import time

import pytest

from bot.candidates import waiting_candidate
from bot.ingestion import ingest
from bot.jobs.board import JobBoard
from bot.jobs.records import JobKind, JobState
from bot.jobs.starting import JobStarter
from bot.settings import Settings, load_settings, private_json
from bot.store.database import shared_database
from bot.work import worker
from bot.work.worker import run_job

KEY = "示例密钥-not-to-be-seen"


@pytest.fixture
def settings(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "first.md").write_text("# 示例办法\n\n租房补贴每月一千二百元。\n", encoding="utf-8")
    return load_settings(environment={}, corpus_dir=corpus, data_dir=tmp_path / "data", llm_api_key=KEY)


@pytest.fixture
def starter(settings):
    return JobStarter(JobBoard(shared_database(settings.resolved_database_url)), settings)


def ended(board, number):
    deadline = time.monotonic() + 120
    while (job := board.job(number)).state.live:
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
    return job


@pytest.mark.slow
def test_an_ingest_runs_beside_and_its_version_waits(settings, starter):
    ingest(settings)
    (settings.corpus_dir / "second.md").write_text("# 示例办法二\n\n创新券最高二十万元。\n", encoding="utf-8")
    job = starter.start(JobKind.INGEST, "导入", {}, by="staff")
    done = ended(starter.board, job.id)
    assert done.state is JobState.DONE and done.note == ""
    assert done.result["added"] == 1 and done.result["held"] == waiting_candidate(settings).version


@pytest.mark.slow
def test_a_killed_worker_is_told_and_taken_up_again(settings, starter):
    job = starter.start(JobKind.INGEST, "导入", {}, by="staff")
    found = subprocess.run(["pgrep", "-f", f"bot job {job.id}$"], capture_output=True, text=True, check=True).stdout
    for number in found.split():
        command = open(f"/proc/{number}/cmdline", encoding="utf-8").read()
        assert KEY not in command
        os.kill(int(number), signal.SIGKILL)
    assert "意外结束" in ended(starter.board, job.id).note
    assert waiting_candidate(settings) is None
    assert ended(starter.board, starter.resume(job.id).id).state is JobState.DONE
    assert waiting_candidate(settings) is not None


def board_with_job(settings):
    board = JobBoard(shared_database(settings.resolved_database_url))
    return board, board.ask(JobKind.INGEST, "导入", {}, by="staff")


def test_what_goes_wrong_is_told(tmp_path):
    settings = load_settings(environment={}, corpus_dir=tmp_path / "missing", data_dir=tmp_path / "data")
    board, job = board_with_job(settings)
    assert run_job(job.id, settings).state is JobState.FAILED
    assert "missing" in board.job(job.id).note


def test_a_mistake_of_the_program_is_told_without_its_words(settings, monkeypatch):
    def broken(work):
        raise ValueError("13800000000")

    monkeypatch.setitem(worker.WORKERS, JobKind.INGEST, broken)
    board, job = board_with_job(settings)
    note = run_job(job.id, settings).note
    assert "ValueError" in note and "13800000000" not in note


def test_stopping_ends_the_work_at_its_next_step(settings, monkeypatch):
    board, job = board_with_job(settings)
    steps = []

    def counting(work):
        for done in range(1, 100):
            work.progress(f"第 {done} 步", done, 100)
            steps.append(done)
            if done == 3:
                board.ask_to_stop(job.id)
        return {}

    monkeypatch.setitem(worker.WORKERS, JobKind.INGEST, counting)
    assert run_job(job.id, settings).state is JobState.STOPPED and steps == [1, 2, 3]


def test_settings_travel_whole_with_their_keys(settings):
    again = Settings.model_validate_json(private_json(settings))
    assert again == settings and again.llm.api_key.get_secret_value() == KEY
