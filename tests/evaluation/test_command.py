"""The command over a real index of a made-up district that has no staff-kept files at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import app as bot_app
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


GREETED = "- {id: greeted, question: 你好, tags: [x], expect: {intent: smalltalk}}\n"


def _bot(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(bot_app, list(map(str, arguments)))
    return result.exit_code, result.stdout, result.stderr


def test_kept_cases_are_taken_in_run_reported_and_compared(tmp_path: Path, data_dir: Path) -> None:
    cases, own = tmp_path / "two.yaml", ("--data", data_dir)
    cases.write_text(f"{GREETED}{GREETED.replace('greeted', 'again').replace('[x]', '[y]')}", encoding="utf-8")
    assert _bot("bench", "import", cases, *own) == (0, "新增 2 条，覆盖 0 条，没有变的 0 条。\n", "")
    code, out, _ = _bot("evaluate", "--kept", "--offline", "--json", "--report", tmp_path / "r.html", *own)
    first = json.loads(out)
    assert (code, first["passed"], first["cases"]) == (0, 2, 2)
    assert "<script" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    code, out, _ = _bot("evaluate", "--kept", "--tag", "y", "--offline", "--json", *own)
    assert [each["id"] for each in json.loads(out)["results"]] == ["again"]
    _, out, _ = _bot("bench", "runs", "--json", *own)
    listed = [json.loads(line) for line in out.splitlines()]
    assert [run["cases"] for run in listed[:2]] == [1, 2] and listed[1]["run"] == first["run"]
    _, out, _ = _bot("bench", "compare", first["run"], listed[0]["number"], "--json", *own)
    assert json.loads(out)["removed"] == ["greeted"] and json.loads(out)["shared"] == 1
    assert _bot("bench", "report", first["run"], tmp_path / "r.jsonl", *own)[0] == 0
    _, out, _ = _bot("bench", "compare", tmp_path / "r.jsonl", first["run"], *own)
    assert "没有变化" in out
    assert _bot("bench", "export", tmp_path / "out.xlsx", *own)[1].startswith("已写入 2 条")
    assert _bot("bench", "verdict", *own)[:2] == (0, "没有待启用的版本\n")


def test_an_interrupted_run_is_taken_up_again(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.evaluation import bench

    cases, asked = tmp_path / "three.yaml", []
    cases.write_text("".join(GREETED.replace("greeted", f"g{n}") for n in range(3)), encoding="utf-8")
    real = bench.run_cases

    def interrupted(of: list[object], *rest: object) -> object:
        asked.append(of)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return real(of, *rest)

    monkeypatch.setattr(bench, "run_cases", interrupted)
    code, out, err = _bot("evaluate", cases, "--offline", "--data", data_dir)
    name = err.rsplit("--resume ", 1)[1].split("：")[0]
    assert code == 2 and out == "" and "2/3" in err
    code, out, _ = _bot("evaluate", "--resume", name, "--json", "--data", data_dir)
    assert code == 0 and json.loads(out)["cases"] == 3 and len(asked) == 4, "two were asked before"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["evaluate"], "不知道跑哪些用例"),
        (["evaluate", CASES, "--kept"], "不知道跑哪些用例"),
        (["evaluate", CASES, "--waiting"], "没有待启用的版本"),
        (["evaluate", CASES, "--waiting", "--encoder", "x"], "只能选一个"),
        (["evaluate", CASES, "--encoder", "没有的"], "没有这个编码器文件夹"),
        (["evaluate", CASES, "--tag", "没有的"], "没有要问的用例"),
        (["evaluate", CASES, "--without", "没有的"], "可以不用的部分"),
        (["evaluate", CASES, "--report", "x.pdf"], "不认识的报告格式"),
        (["evaluate", "--resume", "没有的"], "没有这次测试"),
        (["bench", "report", "没有的", "x.html"], "没有这次测试"),
        (["bench", "compare", "没有的", "x"], "没有这次测试"),
        (["bench", "import", "没有的.yaml"], "打不开"),
        (["bench", "export", "x.csv"], "不认识的用例文件"),
    ],
)
def test_wrong_use_of_the_bench_is_told(data_dir: Path, arguments: list[object], told: str) -> None:
    code, out, err = _bot(*arguments, "--data", data_dir)
    assert (code, out) == (2, "") and told in err


def test_a_missing_index_is_told(tmp_path: Path) -> None:
    code, _, err = _run(CASES, data=tmp_path)
    assert code == 2
    assert "python -m bot ingest" in err
