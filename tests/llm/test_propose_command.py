"""``bot propose`` from end to end: an index, a scripted model, YAML on stdout and nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.propose import propose
from bot.ingestion import ingest
from bot.settings import Settings
from tests.support.openai_server import OpenAIServer, Reply

TEXT = "关于概念验证的措施\n\n一、支持内容\n\n对概念验证项目，择优给予最高20万元支持。\n"
CARD = {
    "id": "poc",
    "name": "概念验证项目",
    "kind": "资金",
    "summary": {"value": "最高20万元支持", "quote": "对概念验证项目，择优给予最高20万元支持"},
    "amount": {"value": "最高90万元", "quote": "给予最高20万元支持"},
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "proof.txt").write_text(TEXT, encoding="utf-8")
    ingest(Settings(corpus_dir=corpus, data_dir=tmp_path / "data"))
    monkeypatch.delenv("BOT_LLM_MODEL", raising=False)
    return tmp_path / "data"


def run(*arguments: str) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(propose)
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_cards_are_printed_for_review_and_nothing_enters(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in (data.parent / "corpus").iterdir())
    with OpenAIServer(Reply(tool={"programmes": [CARD]})) as server:
        monkeypatch.setenv("BOT_LLM_MODEL", "test-model")
        monkeypatch.setenv("BOT_LLM_BASE_URL", server.base_url)
        code, out, _ = run("proof.txt", "--data", str(data))
        assert code == 0 and "尚未审核" in out and "name: 概念验证项目" in out
        assert "90万元" in out.split("未采用")[1] and "90万元" not in out.split("未采用")[0]
        code, out, _ = run("proof.txt", "--data", str(data), "--json")
    record = json.loads(out)
    assert code == 0 and record["programmes"][0]["amount"] is None
    assert record["left_out"][0]["field"] == "amount"
    assert sorted(path.name for path in (data.parent / "corpus").iterdir()) == before


def test_without_a_model_the_remedy_is_told(data: Path) -> None:
    code, out, err = run("proof.txt", "--data", str(data))
    assert code == 2 and out == "" and "base_url" in err
