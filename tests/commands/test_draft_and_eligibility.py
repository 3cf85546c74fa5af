"""Drafts and eligibility from the command line, over the real corpus and a real loopback model."""

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def data_dir(monkeypatch: pytest.MonkeyPatch, corpus_settings: Settings) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", str(corpus_settings.data_dir))


def test_a_wish_becomes_a_draft_with_what_is_missing() -> None:
    done = RUNNER.invoke(app, ["draft", "我们想找能做低温快充电池的技术团队，预算100万元"])
    assert done.exit_code == 0
    assert "尚未保存" in done.output and "100万元" in done.output and "请补充" in done.output


def test_what_is_no_wish_is_told_so() -> None:
    done = RUNNER.invoke(app, ["draft", "今天天气"])
    assert done.exit_code == 2


def test_eligibility_promises_nothing() -> None:
    done = RUNNER.invoke(app, ["eligibility", "--need", "贷款", "--size", "小微企业", "--json"])
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    assert "不代表符合申报资格" in report["note"]
    coordination = next(r for r in report["results"] if "融资协调" in r["name"])
    outcomes = {c["condition"]: c["outcome"] for c in coordination["conditions"]}
    assert "满足" in outcomes.values()
    assert all(c["quote"] for c in coordination["conditions"] if c["outcome"] == "满足")


def test_eligibility_can_be_printed(tmp_path) -> None:
    report = tmp_path / "report.md"
    done = RUNNER.invoke(app, ["eligibility", "--need", "租房", "--output", str(report)])
    assert done.exit_code == 0
    assert report.read_text(encoding="utf-8").startswith("# 政策体检")
