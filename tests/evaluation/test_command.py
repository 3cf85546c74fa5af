"""The command over a real index of a made-up district that has no staff-kept files at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.evaluate import evaluate_command
from bot.evaluation.cases import load_cases
from bot.evaluation.finding import results_named
from bot.evaluation.run_store import RunStore
from bot.settings import load_settings
from bot.store.database import shared_database

SECOND = Path(__file__).parent.parent / "cases" / "second_district"
CASES = SECOND / "cases.yaml"

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(evaluate_command)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from bot.ingestion import ingest
    from bot.settings import load_settings

    folder = tmp_path_factory.mktemp("data")
    report = ingest(load_settings({}, corpus_dir=SECOND / "corpus", data_dir=folder))
    assert report.failed == ()
    return folder


def _run(*arguments: object, data: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--offline", "--data", str(data)])
    return result.exit_code, result.stdout, result.stderr


def test_a_run_is_scored_kept_and_compared(data_dir: Path) -> None:
    code, out, _ = _run(CASES, "--json", data=data_dir)
    first = json.loads(out)
    assert code == (0 if first["passed"] == first["cases"] else 1)
    assert [result["id"] for result in first["results"]] == [case.id for case in load_cases(CASES)]
    runs = RunStore(shared_database(load_settings({}, data_dir=data_dir).resolved_database_url))
    assert len(results_named(first["run"], runs, data_dir)) == first["cases"]
    _, out, _ = _run(CASES, "--against", first["run"], "--json", data=data_dir)
    second = json.loads(out)
    assert second["run"] != first["run"]
    assert second["changes"]["became_wrong"] == second["changes"]["became_right"] == []
    assert second["changes"]["reworded"] == []


def test_what_must_always_hold_holds_in_a_district_without_staff_files(data_dir: Path) -> None:
    _, out, _ = _run(CASES, "--json", data=data_dir)
    content = json.loads(out)
    assert content["wrong_figures"] == 0
    assert content["broken_rules"] == 0, [result["reasons"] for result in content["results"]]
    assert content["errors"] == 0


def test_a_readable_run_names_the_failing_cases_and_the_next_step(tmp_path: Path, data_dir: Path) -> None:
    cases = tmp_path / "two.yaml"
    cases.write_text(
        "- {id: greeted, question: 你好, tags: [x], expect: {intent: smalltalk}}\n"
        "- {id: impossible, question: 你好呀, tags: [x], expect: {contains_all: [天上不会掉下来的话]}}\n",
        encoding="utf-8",
    )
    code, out, _ = _run(cases, data=data_dir)
    assert code == 1
    assert "✗ impossible" in out
    assert "✗ greeted" not in out
    assert "--against" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.yaml"], "打不开"),
        ([CASES, CASES], "同一个用例 id"),
        ([CASES, "--against", "没有的"], "没有这次测试"),
    ],
)
def test_wrong_use_is_told_and_ends_with_two(data_dir: Path, arguments: list[object], told: str) -> None:
    code, out, err = _run(*arguments, data=data_dir)
    assert code == 2
    assert told in err
    assert out == ""


def test_a_missing_index_is_told(tmp_path: Path) -> None:
    code, _, err = _run(CASES, data=tmp_path)
    assert code == 2
    assert "ingest.py" in err
