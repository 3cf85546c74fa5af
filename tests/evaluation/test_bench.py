"""The bench over a real index: stopped, killed, resumed, compared; a version that waits is judged before it counts."""

import os
import signal
import subprocess
import sys
import time

import pytest

from bot.candidates import publish_candidate, waiting_candidate
from bot.errors import SearchIndexError, UsageError
from bot.evaluation.bench import Bench, Plan, Target
from bot.evaluation.case_store import CaseStore
from bot.evaluation.cases import Case
from bot.evaluation.circumstances import circumstances
from bot.evaluation.comparison import Kind, compare
from bot.evaluation.errand import Errand, What
from bot.evaluation.gate import Standing, verdict
from bot.evaluation.run_store import RunStore
from bot.index.layout import IndexLayout
from bot.ingestion import ingest
from bot.jobs.board import JobBoard
from bot.jobs.records import JobKind, JobState
from bot.jobs.starting import JobStarter
from bot.settings import PROJECT_ROOT, load_settings, private_json
from bot.store.database import shared_database
from bot.work.worker import run_job

HOUSING = "# 示例区人才住房办法\n\n租房补贴每月一千二百元，由示例区人才中心受理。\n"
VOUCHER = "# 示例区创新券办法\n\n创新券每家企业每年最高{}万元，由示例区科技中心受理。\n"


def case(name, question, **expect):
    return Case.model_validate({"id": name, "question": question, "tags": [name[0]], "expect": expect})


CASES = (
    case("h1", "租房补贴每月多少", contains_all=["一千二百元"]),
    case("v1", "创新券每家企业最高多少", contains_all=["20万元"]),
    case("x1", "附近哪里有游泳馆", abstained=True),
)


def quiet(*_):
    pass


@pytest.fixture
def settings(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "first.md").write_text(HOUSING, encoding="utf-8")
    (corpus / "second.md").write_text(VOUCHER.format(20), encoding="utf-8")
    made = load_settings(environment={}, corpus_dir=corpus, data_dir=tmp_path / "data")
    ingest(made)
    return made


@pytest.fixture
def database(settings):
    return shared_database(settings.resolved_database_url)


@pytest.fixture
def runs(database):
    return RunStore(database)


@pytest.fixture
def bench(settings, runs):
    return Bench(settings, runs)


@pytest.fixture
def kept(database):
    store = CaseStore(database)
    store.take_in(CASES, by="甲", source="x")
    return store


def ran(bench, cases=CASES, **plan):
    return bench.carry_on(bench.begin(Plan(cases=cases, cases_from="示例", by="甲", **plan), quiet), quiet)


def changed_corpus(settings, amount=30):
    (settings.corpus_dir / "second.md").write_text(VOUCHER.format(amount), encoding="utf-8")
    return ingest(settings, hold=True).held


def test_a_run_keeps_what_it_was_asked_under(bench, runs, settings):
    run = ran(bench)
    told = run.circumstances
    assert run.finished and (run.done, run.passed) == (3, 3), [each.reasons for each in runs.results(run.number)]
    assert (told.version, told.documents, told.mode, told.model) == (1, 2, "offline", "")
    assert told.encoder_name == "zh-passage-embedder" and told.program and len(told.documents_digest) == 64
    assert told == circumstances(settings, 1, day=told.day)
    results = runs.results(run.number)
    assert results[1].cited == ("second.md",) and "20" in results[1].citations[0].quote and results[1].elapsed_ms > 0
    assert run.seconds > 0


def test_the_digest_tells_what_was_indexed_and_not_the_number(settings):
    before = circumstances(settings, 1)
    version = changed_corpus(settings)
    assert circumstances(settings, version).index_digest != before.index_digest
    publish_candidate(settings, version)
    again = changed_corpus(settings, 20)
    assert circumstances(settings, again).index_digest == before.index_digest
    assert circumstances(settings, again).version != before.version


def test_what_changed_in_the_corpus_changes_one_answer(bench, runs, settings):
    before = ran(bench)
    changed_corpus(settings)
    after = ran(bench, target=Target.WAITING)
    found = compare(runs.results(before.number), runs.results(after.number))
    assert [(change.id, change.kind) for change in found.changes] == [("v1", Kind.WRONG)]
    assert "30" in found.changes[0].after.answer and found.shared == 3 and found.changed_answers == 1
    assert ran(bench).passed == 3, "the version in force is asked as before"


def test_a_stopped_run_goes_on_with_the_next_case(bench, runs):
    run = bench.begin(Plan(cases=CASES, cases_from="示例", by="甲"), quiet)

    class Stop(Exception):
        pass

    def stop(stage, done, total):
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        bench.carry_on(run, stop)
    assert runs.run(run.number).done == 2
    asked = []
    finished = bench.carry_on(runs.run(run.number), lambda stage, done, total: asked.append((done, total)))
    assert asked == [(2, 3), (3, 3)] and finished.finished and finished.done == 3
    assert bench.carry_on(finished, stop) == finished, "nothing is asked again"


def test_a_run_is_not_mixed_of_two_indexes(bench, runs, settings):
    run = bench.begin(Plan(cases=CASES, cases_from="示例", by="甲"), quiet)
    for amount in (30, 40):
        publish_candidate(settings, changed_corpus(settings, amount))
    with pytest.raises(SearchIndexError, match="已经不在了"):
        bench.carry_on(run, quiet)
    other = Bench(settings.model_copy(update={"llm": settings.llm.model_copy(update={"model": "m"})}), runs)
    begun = other.begin(Plan(cases=CASES, cases_from="示例", by="甲"), quiet)
    with pytest.raises(UsageError, match="设置在开始之后变了"):
        bench.carry_on(begun, quiet)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"target": Target.WAITING}, "没有待启用的版本"),
        ({"target": Target.ENCODER}, "没有写明用哪个编码器"),
        ({"target": Target.ENCODER, "encoder": PROJECT_ROOT / "没有的"}, "没有这个编码器文件夹"),
        ({"without": ("没有的",)}, "可以不用的部分"),
        ({"cases": ()}, "没有要问的用例"),
    ],
)
def test_what_cannot_be_run_is_told_and_leaves_nothing(bench, runs, plan, told):
    with pytest.raises(UsageError, match=told):
        bench.begin(Plan(**{"cases": CASES, "cases_from": "x", "by": "甲", **plan}), quiet)
    assert runs.newest() == ()


def test_another_encoder_has_its_own_index_and_leaves_the_rest_alone(bench, runs, settings, tmp_path):
    import shutil

    from bot.settings import BUNDLED_EMBEDDING_MODEL

    folder = shutil.copytree(BUNDLED_EMBEDDING_MODEL, tmp_path / "另一个编码器")
    begun = bench.begin(Plan(cases=CASES, cases_from="x", by="甲", target=Target.ENCODER, encoder=folder), quiet)
    run = bench.carry_on(begun, quiet, folder)
    assert run.finished and run.circumstances.encoder_name == "另一个编码器" and not run.of_kept
    assert IndexLayout(settings.data_dir).read_pointer().version == 1
    assert len(list((settings.data_dir / "bench").iterdir())) == 1


# --- the gate ---------------------------------------------------------------------------------------


def test_the_verdict_on_a_version_that_waits(bench, database, settings, kept):
    assert verdict(database, settings).standing is Standing.NOTHING_WAITS
    version = changed_corpus(settings)
    told = verdict(database, settings)
    assert (told.standing, told.version, told.clear) == (Standing.NOT_RUN, version, False)
    ran(bench, target=Target.WAITING, of_kept=True)
    told = verdict(database, settings)
    assert told.standing is Standing.NO_BASELINE and not told.clear and "无从比较" in told.sentence
    ran(bench, of_kept=True)
    told = verdict(database, settings)
    assert (told.standing, told.became_wrong, told.clear) == (Standing.BECAME_WRONG, 1, False)
    assert "1 条答案变了：变错 1，变对 0" in told.sentence and "2/3 条通过" in told.sentence
    v1 = next(each for each in kept.listed() if each.case.id == "v1")
    kept.replace(v1.number, case("v1", "创新券每家企业最高多少", contains_all=["30万元"]), revision=1, by="甲")
    told = verdict(database, settings)
    assert told.unasked == 1 and "另有 1 条用例" in told.sentence
    cases = tuple(each.case for each in kept.listed())
    ran(bench, cases, target=Target.WAITING, of_kept=True)
    ran(bench, cases, of_kept=True)
    told = verdict(database, settings)
    assert told.clear and told.standing is Standing.CLEAR and "变错 0，变对 1" in told.sentence
    publish_candidate(settings, version)
    assert verdict(database, settings).standing is Standing.NOTHING_WAITS


def test_nothing_is_clear_without_cases_or_with_an_unfinished_run(bench, database, settings):
    changed_corpus(settings)
    assert verdict(database, settings).standing is Standing.NO_CASES
    CaseStore(database).take_in(CASES, by="甲", source="x")
    bench.begin(Plan(cases=CASES, cases_from="x", by="甲", of_kept=True, target=Target.WAITING), quiet)
    assert verdict(database, settings).standing is Standing.NOT_RUN


def test_a_run_of_what_waited_before_says_nothing_of_what_waits_now(bench, database, settings, kept):
    ran(bench, of_kept=True)
    changed_corpus(settings, 30)
    ran(bench, target=Target.WAITING, of_kept=True)
    changed_corpus(settings, 50)
    assert verdict(database, settings).standing is Standing.NOT_RUN


# --- the worker -------------------------------------------------------------------------------------


def asked_job(database, **parameters):
    errand = Errand(**{"what": What.IN_FORCE, **parameters})
    return JobBoard(database).ask(JobKind.BENCH, errand.title, errand.parameters, by="甲")


def test_the_worker_runs_both_versions_and_publishes_what_is_clear(database, settings, kept, runs):
    version = changed_corpus(settings, 20)
    if version is None:
        (settings.corpus_dir / "third.md").write_text("# 示例说明\n\n窗口每周一开放。\n", encoding="utf-8")
        version = ingest(settings, hold=True).held
    job = run_job(asked_job(database, what=What.VERSIONS, publish=True).id, settings)
    assert job.state is JobState.DONE and job.result["published"] == version, job.note
    assert [runs.run(number).target for number in job.result["runs"]] == ["in_force", "waiting"]
    assert waiting_candidate(settings) is None and IndexLayout(settings.data_dir).read_pointer().version == version
    from bot.accounts.audit import AuditTrail

    assert [(each.user_name, each.action, each.subject) for each in AuditTrail(database).newest()] == [
        ("甲", "index.publish", f"version:{version}")
    ]


def test_the_worker_keeps_the_old_version_when_something_became_wrong(database, settings, kept, runs):
    changed_corpus(settings, 30)
    job = run_job(asked_job(database, what=What.VERSIONS, publish=True).id, settings)
    assert job.state is JobState.DONE and job.result["published"] is None
    assert waiting_candidate(settings) is not None and IndexLayout(settings.data_dir).read_pointer().version == 1
    # The same version in force is not asked twice.
    again = run_job(asked_job(database, what=What.VERSIONS).id, settings)
    assert again.result["runs"][0] == job.result["runs"][0] and again.result["runs"][1] != job.result["runs"][1]


def test_a_tag_alone_is_run_and_says_nothing_of_a_version(database, settings, kept, runs):
    job = run_job(asked_job(database, tag="v").id, settings)
    run = runs.run(job.result["runs"][0])
    assert (run.total, run.cases_from, run.of_kept) == (1, "v", False)
    failed = run_job(asked_job(database, tag="没有的").id, settings)
    assert failed.state is JobState.FAILED and "没有要问的用例" in failed.note


def test_a_killed_worker_loses_at_most_the_case_in_hand(database, settings, runs):
    many = [case(f"c{n}", f"第{n}类企业的租房补贴每月多少", contains_all=["一千二百元"]) for n in range(400)]
    CaseStore(database).take_in(many, by="甲", source="x")
    job = asked_job(database)
    process = started(job.id, settings)
    seen = 0
    for _ in range(600):
        time.sleep(0.1)
        found = runs.of_job(job.id)
        seen = found[0].done if found else 0
        if seen >= 5:
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    (run,) = runs.of_job(job.id)
    assert 5 <= run.done < 400 and not run.finished
    answered = {result.id: result for result in runs.results(run.number)}
    board = JobBoard(database)
    board.fail_if_left(job.id, "中断")
    board.again(job.id)
    ended = run_job(job.id, settings)
    assert ended.state is JobState.DONE and ended.result["runs"] == [run.number]
    after = {result.id: result for result in runs.results(run.number)}
    assert len(after) == 400 and all(after[name] == result for name, result in answered.items())
    assert runs.run(run.number).finished


def started(number, settings):
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "job", str(number)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True, cwd=PROJECT_ROOT,
    )  # fmt: skip
    process.stdin.write(private_json(settings).encode())
    process.stdin.close()
    return process


def test_a_process_of_its_own_is_started_from_the_desk(database, settings, kept, runs):
    starter = JobStarter(JobBoard(database), settings)
    job = starter.start(JobKind.BENCH, "跑测试", Errand(what=What.IN_FORCE).parameters, by="甲")
    for _ in range(600):
        time.sleep(0.1)
        if not (now := starter.board.job(job.id)).state.live:
            break
    assert now.state is JobState.DONE, now.note
    assert runs.run(now.result["runs"][0]).passed == 3
