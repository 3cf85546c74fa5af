from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evaluation.cases import Case
from bot.evaluation.report import changes_object, readable_changes, readable_report, report_object
from bot.evaluation.run import RunReport, run_cases
from bot.evaluation.saved_runs import compare_runs, find_run, load_run, save_run, saved
from bot.types import Answer

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def run_of(
    make_answer: Callable[..., Answer], make_case: Callable[..., Case], document_text: Callable[[str], str]
) -> Callable[..., RunReport]:
    """A run with one case per keyword: its answer; a case passes when the answer says 对."""

    def make(**answers: str) -> RunReport:
        cases = [make_case(name, contains_all=["对"]) for name in answers]
        texts = iter(answers.values())
        return run_cases(cases, lambda turn: make_answer(next(texts), intent="smalltalk"), document_text)

    return make


def test_a_run_is_read_back_as_it_was_kept(tmp_path: Path, run_of: Callable[..., RunReport]) -> None:
    report = run_of(a="对\n的", b="错“引号”")
    path = save_run(report, tmp_path, "tests/我的 cases", NOW)
    assert load_run(path) == tuple(saved(result) for result in report.results)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    assert find_run(path.stem, tmp_path) == find_run(str(path), tmp_path) == find_run(path.name, tmp_path) == path
    assert list(path.parent.iterdir()) == [path]


def test_a_second_run_in_the_same_second_overwrites_nothing(tmp_path: Path, run_of: Callable[..., RunReport]) -> None:
    first = save_run(run_of(a="对"), tmp_path, "cases", NOW)
    second = save_run(run_of(a="错"), tmp_path, "cases", NOW)
    assert first != second
    assert load_run(first)[0].passed
    assert not load_run(second)[0].passed


def test_a_run_that_is_not_there_names_those_that_are(tmp_path: Path, run_of: Callable[..., RunReport]) -> None:
    path = save_run(run_of(a="对"), tmp_path, "cases", NOW)
    with pytest.raises(UsageError, match=path.stem):
        find_run("没有的", tmp_path)


def test_a_file_that_is_no_run_is_refused_with_its_line(tmp_path: Path, run_of: Callable[..., RunReport]) -> None:
    path = save_run(run_of(a="对"), tmp_path, "cases", NOW)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"id": "b"}\n')
    with pytest.raises(UsageError, match="第 2 行"):
        load_run(path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, run_of: Callable[..., RunReport]) -> None:
    (tmp_path / "evaluations").write_text("一个文件", encoding="utf-8")
    with pytest.raises(UsageError, match="存不下来"):
        save_run(run_of(a="对"), tmp_path, "cases", NOW)


@pytest.fixture
def before_and_after(run_of: Callable[..., RunReport]) -> tuple[RunReport, RunReport]:
    before = run_of(same="对", broke="对", mended="错", reworded="对啊", gone="对")
    after = run_of(same="对", broke="错", mended="对", reworded="对的", new="对")
    return before, after


def test_what_changed_between_two_runs(before_and_after: tuple[RunReport, RunReport]) -> None:
    before, after = (tuple(saved(result) for result in run.results) for run in before_and_after)
    content = changes_object(compare_runs(before, after), "昨天")
    assert content == {
        "against": "昨天",
        "became_wrong": ["broke"],
        "became_right": ["mended"],
        "reworded": ["reworded"],
        "added": ["new"],
        "removed": ["gone"],
    }
    assert compare_runs(after, after) == ()


def test_changes_are_readable(before_and_after: tuple[RunReport, RunReport]) -> None:
    before, after = (tuple(saved(result) for result in run.results) for run in before_and_after)
    text = readable_changes(compare_runs(before, after), "昨天")
    assert "[变错] broke" in text
    assert "前：对" in text
    assert "后：错" in text
    assert "same" not in text
    assert "没有变化" in readable_changes(compare_runs(after, after), "昨天")


def test_a_report_shows_rates_and_reasons(run_of: Callable[..., RunReport]) -> None:
    text = readable_report(run_of(good="对", bad="错"))
    assert "50.0%" in text
    assert "✗ bad" in text
    assert "缺“对”" in text
    assert "✗ good" not in text
    assert "未通过" not in readable_report(run_of(good="对"))


def test_the_json_report_is_whole_and_plain(run_of: Callable[..., RunReport]) -> None:
    content = json.loads(json.dumps(report_object(run_of(good="对", bad="错"), "某次")))
    assert (content["run"], content["cases"], content["passed"]) == ("某次", 2, 1)
    assert content["by_tag"]["facts"] == {"hits": 1, "total": 2, "share": 0.5}
    assert [result["id"] for result in content["results"]] == ["good", "bad"]
