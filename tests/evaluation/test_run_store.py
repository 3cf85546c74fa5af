"""Runs in the database, on SQLite and PostgreSQL alike."""

import pytest

from bot.errors import UsageError
from bot.evaluation.cases import Case
from bot.evaluation.circumstances import Circumstances
from bot.evaluation.finding import results_named
from bot.evaluation.results import SavedResult
from bot.evaluation.run_store import RunStore

TOLD = Circumstances(
    version=3, documents=2, passages=9, documents_digest="d" * 64, index_digest="i" * 64,
    encoder="enc", encoder_name="示例编码器", mode="offline", program="0.1", day="2026-03-02",
)  # fmt: skip


def case(name):
    return Case.model_validate({"id": name, "question": f"{name}？", "tags": ["x"], "expect": {"abstained": False}})


def result(name, passed=True):
    made = case(name)
    return SavedResult(
        id=name, question=made.question, tags=made.tags, passed=passed, abstained=False, answer="答", reasons=(),
        expect=made.expect, outcome="answered",
    )  # fmt: skip


@pytest.fixture
def runs(either_database):
    return RunStore(either_database, now=lambda: "2026-03-02T09:00:00.000000Z")


def begun(runs, names="abc", told=TOLD, **more):
    values = {"cases_from": "用例", "of_kept": True, "target": "in_force", "by": "甲", "job": 7, **more}
    return runs.begin([case(name) for name in names], told, **values)


def test_a_run_is_begun_filled_and_finished(runs):
    run = begun(runs)
    assert (run.total, run.done, run.passed, run.finished, run.seconds) == (3, 0, 0, False, 0)
    assert run.circumstances == TOLD and (run.by, run.job, run.cases_from) == ("甲", 7, "用例")
    assert [each.id for _, each in runs.pending(run.number)] == ["a", "b", "c"] and runs.results(run.number) == ()
    runs.record(run.number, 1, result("b", passed=False), 0.5)
    runs.record(run.number, 0, result("a"), 0.25)
    now = runs.run(run.number)
    assert (now.done, now.passed, now.seconds) == (2, 1, 0.75)
    assert runs.pending(run.number) == ((2, case("c")),)
    assert runs.results(run.number) == (result("a"), result("b", passed=False)), "in the order of the cases"
    runs.record(run.number, 2, result("c"), 0.25)
    assert runs.finish(run.number).ended_at == "2026-03-02T09:00:00.000000Z"
    assert runs.cases(run.number) == (case("a"), case("b"), case("c"))


def test_an_answer_that_is_kept_is_not_written_over(runs):
    run = begun(runs)
    runs.record(run.number, 0, result("a"), 1)
    runs.record(run.number, 0, result("a", passed=False), 1)
    assert runs.results(run.number) == (result("a"),)


def test_names_are_told_apart_and_found(runs, tmp_path):
    first, second = begun(runs), begun(runs, "z")
    assert first.name != second.name and second.name.endswith("-2")
    assert runs.named(first.name) == first and runs.named(str(second.number)) == second
    for unknown in ("", "没有", "99", "9" * 30, "-1", "%", first.name[:-1]):
        assert runs.named(unknown) is None
        with pytest.raises(UsageError, match=f"没有这次测试.*{first.name}"):
            results_named(unknown or "空", runs, tmp_path)
    assert [run.number for run in runs.newest()] == [second.number, first.number]
    assert [run.number for run in runs.newest(1)] == [second.number]


def test_the_runs_of_one_piece_of_work_in_order(runs):
    first, other, second = begun(runs), begun(runs, job=8), begun(runs, "z", target="waiting")
    assert [run.number for run in runs.of_job(7)] == [first.number, second.number]
    assert [run.number for run in runs.of_job(8)] == [other.number] and runs.of_job(9) == ()


def test_the_newest_run_of_an_index_is_a_whole_one_of_kept_cases(runs):
    model = TOLD.model_copy(update={"mode": "llm", "model": "m"})
    offline, unfinished = begun(runs), begun(runs)
    assert runs.newest_of(TOLD.index_digest) is None
    runs.finish(offline.number)
    of_file = begun(runs, of_kept=False)
    runs.finish(of_file.number)
    with_model = begun(runs, told=model)
    runs.finish(with_model.number)
    assert runs.newest_of(TOLD.index_digest).number == with_model.number
    assert runs.newest_of(TOLD.index_digest, TOLD.setting_digest).number == offline.number
    assert runs.newest_of("x" * 64) is None and runs.newest_of(TOLD.index_digest, "x" * 64) is None
    assert not runs.run(unfinished.number).finished


def test_a_run_without_cases_is_not_begun(runs):
    with pytest.raises(UsageError, match="没有要问的用例"):
        begun(runs, "")
    assert runs.newest() == ()


def test_a_deleted_run_takes_no_answer(runs):
    run = begun(runs)
    assert runs.remove(run.number).name == run.name
    with pytest.raises(UsageError, match="已被删除"):
        runs.record(run.number, 0, result("a"), 1)
    with pytest.raises(UsageError, match="没有这次测试"):
        runs.run(run.number)
    assert runs.results(run.number) == ()


def test_two_thousand_cases(runs):
    run = runs.begin(
        [case(f"c{n}") for n in range(2_000)], TOLD, cases_from="x", of_kept=True, target="in_force", by="甲"
    )
    for place in range(0, 2_000, 40):
        runs.record(run.number, place, result(f"c{place}"), 0.01)
    assert (runs.run(run.number).done, len(runs.pending(run.number))) == (50, 1_950)


def test_no_key_is_kept(runs, tmp_path):
    from bot.settings import load_settings

    settings = load_settings(
        environment={},
        data_dir=tmp_path,
        llm_model="m",
        llm_base_url="https://user:secret@model.test/v1",
        llm_api_key="geheim",
    )
    from bot.evaluation import circumstances as module

    assert module._host(settings.llm.base_url) == "model.test"
