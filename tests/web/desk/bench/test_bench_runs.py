"""Runs at the desk: started, shown, compared, taken out as reports; the version that waits put in force or thrown away."""

import io
import re
import shutil
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

from bot.evaluation.case_store import CaseStore
from bot.evaluation.cases import Case
from bot.evaluation.circumstances import Circumstances
from bot.evaluation.errand import Errand, What
from bot.evaluation.results import SavedCitation, SavedResult
from bot.evaluation.run_store import RunStore
from bot.index.layout import IndexLayout
from bot.ingestion import ingest
from bot.jobs.records import JobKind, JobState
from bot.settings import load_settings
from bot.work.ingesting import STAGES
from bot.work.worker import run_job
from tests.web.desk.test_languages import untold

HOSTILE = "<script>alert(1)</script>"
TOLD = Circumstances(
    version=3, documents=2, passages=9, documents_digest="d" * 64, index_digest="i" * 64,
    encoder="enc", encoder_name="示例编码器", mode="offline", program="0.1", commit="abc", day="2026-03-02",
)  # fmt: skip


def case(name, question="问", tags=("示例",), **expect):
    return Case.model_validate(
        {"id": name, "question": question, "tags": tags, "expect": expect or {"abstained": False}}
    )


def result(made, answer, passed=True, **more):
    values = {
        "abstained": False,
        "reasons": () if passed else (f"contains_all：缺“x”{HOSTILE}",),
        "outcome": "answered",
        **more,
    }
    return SavedResult(
        id=made.id, question=made.question, tags=made.tags, history=made.history, expect=made.expect,
        passed=passed, answer=answer, citations=(SavedCitation(document_id="a.md", quote="原文"),), **values,
    )  # fmt: skip


CASES = tuple(case(name, f"{name}的问题{HOSTILE}", ("甲", name)) for name in ("same", "wrong", "right", "words"))
BEFORE = {
    "same": ("不变。", True),
    "wrong": ("最高50万元。", True),
    "right": ("不知道。", False),
    "words": ("由甲办理。", True),
}
AFTER = {
    "same": ("不变。", True),
    "wrong": ("最高80万元。", False),
    "right": ("知道了。", True),
    "words": ("由甲方办理。", True),
}


@pytest.fixture
def runs(desk):
    return RunStore(desk.database)


@pytest.fixture
def staff(desk):
    return desk.browser("staff")


@pytest.fixture
def pair(runs):
    return tuple(kept(runs, answers).number for answers in (BEFORE, AFTER))


def kept(runs, answers, cases=CASES, told=TOLD, **more):
    values = {"cases_from": "工作台用例", "of_kept": True, "target": "in_force", "by": "staff", **more}
    run = runs.begin(cases, told, **values)
    for place, made in enumerate(cases):
        if made.id in answers:
            runs.record(run.number, place, result(made, *answers[made.id]), 0.1)
    return runs.finish(run.number) if len(answers) == len(cases) else runs.run(run.number)


def test_a_run_is_shown_with_its_scores_and_what_failed(staff, pair):
    page = staff.get(f"/desk/bench/runs/{pair[1]}").text
    assert "3/4 条通过" in page and "30.1%–95.4%" in page and "75.0%" in page
    assert "wrong的问题" in page and "same的问题" not in page and "最高80万元" in page
    assert HOSTILE not in page and "示例编码器" in page and "0.1（abc）" in page
    every = staff.get(f"/desk/bench/runs/{pair[1]}?show=all").text
    assert "same的问题" in every and every.count("<details") == 4
    assert staff.get(f"/desk/bench/runs/{pair[1]}?show=all&tag=same").text.count("<details") == 1


def test_two_runs_side_by_side_with_the_words_that_differ(staff, pair):
    page = staff.get(f"/desk/bench/compare?before={pair[0]}&after={pair[1]}").text
    assert "3 条答案变了" in page and "变错 1，变对 1，改了措辞而对错没变 1" in page
    assert "同样的 4 条里变对 1、变错 1" in page and "1.000（McNemar 精确检验）" in page
    assert "<del>50</del>" in page and "<ins>80</ins>" in page and "<ins>方</ins>" in page
    assert "same的问题" not in page and HOSTILE not in page
    assert page.index("变错</h2>" if "变错</h2>" in page else "变错") < page.index("变对")


def test_nothing_changed_says_so(staff, pair):
    page = staff.get(f"/desk/bench/compare?before={pair[0]}&after={pair[0]}").text
    assert "0 条答案变了" in page and "McNemar" not in page and "<article" not in page


def test_what_two_runs_were_asked_under_is_set_side_by_side(staff, runs):
    other = TOLD.model_copy(update={"mode": "llm", "model": "示例模型", "documents_digest": "e" * 64})
    first, second = kept(runs, BEFORE), kept(runs, AFTER, told=other)
    page = staff.get(f"/desk/bench/compare?before={first.number}&after={second.number}").text
    marked = re.findall(r"<mark>(.*?)</mark>", page)
    assert any("示例模型" in each for each in marked) and any("e" * 12 in each for each in marked)
    assert not any("示例编码器" in each for each in marked)


class Outside(HTMLParser):
    """Everything in a file that would fetch or run something."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag in {"script", "link", "img", "iframe", "object", "embed", "base", "form", "video", "audio", "source"}:
            self.found.append(tag)
        self.found += [name for name, value in attributes if name.startswith("on") or name in {"src", "href", "style"}]


def test_the_report_is_one_file_that_fetches_and_runs_nothing(desk, staff, pair):
    reply = staff.get(f"/desk/bench/runs/{pair[1]}/report.html?against={pair[0]}")
    assert reply.headers["content-disposition"].startswith("attachment;")
    report, outside = reply.text, Outside()
    outside.feed(report)
    assert outside.found == [] and "url(" not in report and "@import" not in report and HOSTILE not in report
    assert "<del>50</del>" in report and "30.1%–95.4%" in report and "最高80万元" in report and "0.1（abc）" in report
    assert "McNemar" in report and "same的问题" in report
    alone = staff.get(f"/desk/bench/runs/{pair[1]}/report.html").text
    assert "McNemar" not in alone and "same的问题" in alone
    assert [each.action for each in desk.trail.newest(2)] == ["bench.export", "bench.export"]


def test_the_report_as_a_workbook_runs_nothing(staff, runs):
    evil = tuple(made.model_copy(update={"question": '=HYPERLINK("http://x")'}) for made in CASES)
    before = kept(runs, BEFORE, evil)
    after = kept(runs, {**AFTER, "wrong": ("=1+1\x0b", False)}, evil)
    content = staff.get(f"/desk/bench/runs/{after.number}/report.xlsx?against={before.number}").content
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["得分", "逐条", "变化"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [row[0].value for row in book["变化"].iter_rows(min_row=2, max_row=4)] == [
        "变错",
        "变对",
        "答案有变，对错未变",
    ]
    assert book["逐条"].max_row == 5 and any(cell.value == "30.1%–95.4%" for cell in cells)


def test_a_run_is_removed_after_asking_once(desk, staff, runs, pair):
    address = f"/desk/bench/runs/{pair[0]}/remove"
    assert "要删除这次测试" in desk.post(staff, address).text and len(runs.newest()) == 2
    assert desk.post(staff, address, {"sure": "1"}).status_code == 303 and len(runs.newest()) == 1
    for path in (f"/runs/{pair[0]}", f"/compare?before={pair[0]}&after={pair[1]}", f"/runs/{pair[0]}/report.html"):
        assert staff.get(f"/desk/bench{path}").status_code == 404
    assert desk.post(staff, address, {"sure": "1"}).status_code == 404


def test_odd_addresses_do_no_harm(staff):
    for query in ("", "?before=x&after=1", "?before=1", "?before=-1&after=9999999999999999999999"):
        assert staff.get(f"/desk/bench/compare{query}").status_code in (404, 422), query


def test_two_thousand_cases_are_shown_in_parts(staff, runs):
    cases = tuple(case(f"c{number}") for number in range(2_000))
    run = kept(runs, {made.id: (f"答{made.id}", number % 2 == 0) for number, made in enumerate(cases)}, cases)
    page = staff.get(f"/desk/bench/runs/{run.number}").text
    assert page.count("<details") == 100 and "共 10 页" in page
    after = kept(runs, {made.id: ("变了", number % 3 == 0) for number, made in enumerate(cases)}, cases)
    compared = staff.get(f"/desk/bench/compare?before={run.number}&after={after.number}").text
    assert "2000 条答案变了" in compared and compared.count("<article") == 600 and "见报告" in compared
    assert len(staff.get(f"/desk/bench/runs/{after.number}/report.html?against={run.number}").content) > 500_000


def test_no_fixed_word_stays_chinese(staff, pair):
    for path in ("/runs/{1}", "/runs/{1}?show=all", "/compare?before={0}&after={1}", "", "/runs/99"):
        assert untold(staff.get(f"/desk/bench{path.format(*pair)}").text) == [], path


# --- over a real index ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    """A corpus of one document, and the index that an ingest makes of it: copied, not made anew, for each test."""
    folder = tmp_path_factory.mktemp("ingested")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.md").write_text(
        "# 示例区创新券办法\n\n创新券每家企业每年最高20万元，由示例区科技中心受理。\n", encoding="utf-8"
    )
    ingest(load_settings(environment={}, corpus_dir=folder / "corpus", data_dir=folder / "data"))
    return folder


@pytest.fixture
def corpus(desk, tmp_path, monkeypatch, ingested):
    folder = tmp_path / "corpus"
    shutil.copytree(ingested / "corpus", folder)
    shutil.copytree(ingested / "data" / "index", desk.settings.data_dir / "index")
    settings = desk.settings.model_copy(update={"corpus_dir": folder})
    object.__setattr__(desk.desk, "settings", settings)
    # In place of a process of its own, so that the test can wait for it.
    monkeypatch.setattr(desk.desk.jobs, "_started", lambda job: run_job(job.id, settings))
    CaseStore(desk.database).take_in(
        [case("v", "创新券每家企业最高多少", contains_all=["20万元"]), case("off", "附近哪里有游泳馆", abstained=True)],
        by="甲", source="x",
    )  # fmt: skip
    return folder


def changed(desk, folder, words):
    (folder / "a.md").write_text(
        f"# 示例区创新券办法\n\n创新券每家企业每年最高{words}，由示例区科技中心受理。\n", encoding="utf-8"
    )
    return ingest(desk.desk.settings, hold=True).held


def start(desk, client, **data):
    reply = desk.post(client, "/desk/bench/start", data)
    assert reply.status_code == 303, reply.text
    number = int(reply.headers["location"].rsplit("/", 1)[1])
    return desk.desk.jobs.board.job(number)


def test_the_gate_says_what_became_wrong_and_a_person_decides(desk, staff, corpus):
    layout = IndexLayout(desk.desk.settings.data_dir)
    assert "待启用的版本还没有" not in staff.get("/desk/bench").text
    version = changed(desk, corpus, "30万元")
    page = staff.get("/desk/bench").text
    assert "待启用的版本还没有跑过测试" in page and "跑测试再启用" in page and untold(page) == []
    job = start(desk, staff, what="versions", publish="1")
    assert job.state is JobState.DONE and job.result["published"] is None and layout.read_pointer().version == 1
    page = staff.get("/desk/bench").text
    assert "1 条答案变了：变错 1，变对 0" in page and untold(page) == []
    led = staff.get(f"/desk/bench/of/{job.id}").headers["location"]
    assert (
        "<ins>30</ins>" in staff.get(led).text and f"/desk/bench/of/{job.id}" in staff.get(f"/desk/jobs/{job.id}").text
    )
    asked = desk.post(staff, "/desk/bench/publish", {"version": version})
    assert "要启用待启用的版本吗" in asked.text and "变错 1" in asked.text and layout.read_pointer().version == 1
    assert untold(asked.text) == []
    assert desk.post(staff, "/desk/bench/publish", {"version": version, "sure": "1"}).status_code == 303
    assert layout.read_pointer().version == version
    assert [each.action for each in desk.trail.newest(2)] == ["index.publish", "bench.start"]
    late = desk.post(staff, "/desk/bench/publish", {"version": version, "sure": "1"})
    assert late.status_code == 409 and "没有这个待启用的版本" in late.text


def test_a_damaged_version_does_not_close_the_page(desk, staff, corpus):
    version = changed(desk, corpus, "30万元")
    IndexLayout(desk.desk.settings.data_dir).version(version).documents.write_bytes(b"no database" * 100)
    page = staff.get("/desk/bench")
    assert page.status_code == 200 and "problem" in page.text and "跑过的测试" in page.text


def test_what_is_clear_is_put_in_force_by_itself(desk, staff, corpus):
    version = changed(desk, corpus, "20万元（含税）")
    job = start(desk, staff, what="versions", publish="1")
    assert (
        job.result["published"] == version
        and IndexLayout(desk.desk.settings.data_dir).read_pointer().version == version
    )


def test_the_old_version_is_kept(desk, staff, corpus):
    changed(desk, corpus, "30万元")
    assert "要保留旧版" in desk.post(staff, "/desk/bench/discard").text
    assert desk.post(staff, "/desk/bench/discard", {"sure": "1"}).status_code == 303
    page = staff.get("/desk/bench").text
    assert "待启用的版本" not in page and IndexLayout(desk.desk.settings.data_dir).read_pointer().version == 1


def test_what_is_not_on_offer_is_refused_and_the_form_keeps_what_was_chosen(desk, staff, corpus):
    for what in ("", "waiting", "versions", "modes", "encoders:0", "encoders:x", "encoders", "nothing"):
        reply = desk.post(staff, "/desk/bench/start", {"what": what, "tag": "示例"})
        assert reply.status_code == 400 and "现在不能这样测" in reply.text, what
        assert '<option value="示例" selected' in reply.text and desk.desk.jobs.board.newest() == (), what


def test_one_run_at_a_time(desk, staff, corpus):
    desk.desk.jobs.board.ask(JobKind.BENCH, "别人的", Errand(what=What.IN_FORCE).parameters, by="别人")
    reply = desk.post(staff, "/desk/bench/start", {"what": "in_force"})
    assert reply.status_code == 409 and "已经有一项跑测试在进行" in reply.text
    board = desk.desk.jobs.board
    for step in Errand(what=What.ENCODERS).steps + Errand(what=What.VERSIONS, offline=False).steps:
        for stage in ("逐条提问", *STAGES.values()):
            board.sign(1, f"{step.label}：{stage}", 3, 7)
            page = staff.get("/desk/bench").text
            assert 'http-equiv="refresh"' in page and "别人的" in page and "3/7" in page
            assert untold(page) == []


def test_a_run_of_one_tag(desk, staff, corpus, runs):
    job = start(desk, staff, what="in_force", tag="示例")
    page = staff.get(staff.get(f"/desk/bench/of/{job.id}").headers["location"]).text
    assert "2/2 条通过" in page and "第 1 版" in page and untold(page) == []
    for unknown in (0, 99):
        assert staff.get(f"/desk/bench/of/{unknown}").status_code in (303, 404)
