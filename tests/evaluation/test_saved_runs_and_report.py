from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evaluation.cases import Case
from bot.evaluation.comparison import Kind, compare
from bot.evaluation.report import changes_object, readable_changes, readable_report, report_object
from bot.evaluation.results import SavedResult, saved
from bot.evaluation.run import run_cases
from bot.evaluation.saved_runs import load_run, run_file, to_lines
from bot.types import Answer

Results = tuple[SavedResult, ...]
#: A line as the first version of the program kept it.
OLD = '{"id":"a","question":"问","tags":["x"],"passed":true,"abstained":false,"answer":"对","reasons":[]}'


@pytest.fixture
def run_of(
    make_answer: Callable[..., Answer], make_case: Callable[..., Case], document_text: Callable[[str], str]
) -> Callable[..., Results]:
    """A run with one case per keyword: its answer; a case passes when the answer says 对."""

    def make(**answers: str) -> Results:
        cases = [make_case(name, contains_all=["对"]) for name in answers]
        texts = iter(answers.values())
        report = run_cases(cases, lambda turn: make_answer(next(texts), intent="smalltalk"), document_text)
        return tuple(saved(result) for result in report.results)

    return make


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path, run_of: Callable[..., Results]) -> None:
    results = run_of(a="对\n的", b="错“引号”")
    path = tmp_path / "run.jsonl"
    path.write_text(to_lines(results), encoding="utf-8")
    assert load_run(path) == results
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_runs_of_the_first_version_are_found_and_read(tmp_path: Path, run_of: Callable[..., Results]) -> None:
    path = tmp_path / "evaluations" / "20250601-120000-basics.jsonl"
    path.parent.mkdir()
    path.write_text(f"{OLD}\n", encoding="utf-8")
    assert run_file(path.stem, tmp_path) == run_file(path.name, tmp_path) == run_file(str(path), tmp_path) == path
    assert run_file("没有的", tmp_path) is None and run_file("../evaluations/x", tmp_path) is None
    (old,) = load_run(path)
    assert old.passed and old.expect is None
    assert compare([old], run_of(a="对")).changes == ()
    assert compare([old], run_of(a="错")).count(Kind.WRONG) == 1


@pytest.mark.parametrize("bad", ['{"id": "b"}', "[]", "nothing", '{"id": 1', "[" * 9_000, '"a"'])
def test_a_file_that_is_no_run_is_refused_with_its_line(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(f"{OLD}\n{bad}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="第 2 行"):
        load_run(path)


@pytest.fixture
def before_and_after(run_of: Callable[..., Results]) -> tuple[Results, Results]:
    before = run_of(same="对", broke="对", mended="错", reworded="对啊", gone="对")
    after = run_of(same="对", broke="错", mended="对", reworded="对的", new="对")
    return before, after


def test_what_changed_between_two_runs(before_and_after: tuple[Results, Results]) -> None:
    before, after = before_and_after
    content = changes_object(compare(before, after), "昨天")
    assert content == {
        "against": "昨天",
        "became_wrong": ["broke"],
        "became_right": ["mended"],
        "reworded": ["reworded"],
        "recast": [],
        "added": ["new"],
        "removed": ["gone"],
        "shared": 4,
        "mcnemar_p": 1.0,
    }
    assert compare(after, after).changes == ()


def test_a_case_that_was_changed_tells_nothing_of_the_answers(run_of: Callable[..., Results]) -> None:
    (before,) = run_of(a="错")
    after = before.model_copy(update={"question": "别的问法", "passed": True, "answer": "对"})
    found = compare([before], [after])
    assert [change.kind for change in found.changes] == [Kind.RECAST]
    assert (found.shared, found.changed_answers) == (0, 0)


def test_mcnemar_is_the_binomial_test_of_what_changed(run_of: Callable[..., Results]) -> None:
    # 1 of 9 changes the other way: 2 · (C(9,0) + C(9,1)) / 2⁹.
    before = run_of(**{f"c{n}": "对" if n < 8 else "错" for n in range(9)}, same="对")
    after = run_of(**{f"c{n}": "错" if n < 8 else "对" for n in range(9)}, same="对")
    assert compare(before, after).chance == pytest.approx(2 * (1 + 9) / 2**9)
    assert compare(before, before).chance == 1.0


def test_changes_are_readable(before_and_after: tuple[Results, Results]) -> None:
    before, after = before_and_after
    text = readable_changes(compare(before, after), "昨天")
    assert "[变错] broke" in text
    assert "前：对" in text
    assert "后：错" in text
    assert "same" not in text
    assert "1.000（McNemar 精确检验）" in text
    assert "没有变化" in readable_changes(compare(after, after), "昨天")


def test_a_report_shows_rates_and_reasons(run_of: Callable[..., Results]) -> None:
    text = readable_report(run_of(good="对", bad="错"))
    assert "50.0%" in text
    assert "9.5%–90.5%" in text
    assert "✗ bad" in text
    assert "缺“对”" in text
    assert "✗ good" not in text
    assert "未通过" not in readable_report(run_of(good="对"))


def test_the_json_report_is_whole_and_plain(run_of: Callable[..., Results]) -> None:
    content = json.loads(json.dumps(report_object(run_of(good="对", bad="错"), "某次")))
    assert (content["run"], content["cases"], content["passed"]) == ("某次", 2, 1)
    rate = content["by_tag"]["facts"]
    assert (rate["hits"], rate["total"], rate["share"]) == (1, 2, 0.5)
    assert rate["interval"] == pytest.approx([0.0945, 0.9055], abs=1e-4)
    assert [result["id"] for result in content["results"]] == ["good", "bad"]
