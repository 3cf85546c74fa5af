"""``bot corpus``: the same room from a shell."""

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.ingestion import ingest
from tests.curation.conftest import NOTICE, files


@pytest.fixture
def run(settings):
    def called(*words, code=0):
        where = ["--data", str(settings.data_dir), "--corpus", str(settings.corpus_dir)]
        result = CliRunner().invoke(app, ["corpus", *words, *where])
        assert result.exit_code == code, result.output
        return result.output

    return called


def test_a_document_is_added_replaced_retired_and_restored(run, settings, corpus, tmp_path):
    ingest(settings)
    new = tmp_path / "新 办法?.txt"
    new.write_text("示例办法\n补贴5万元。\n", encoding="utf-8")
    assert "加入：新 办法_.txt" in run("add", str(new), "--by", "甲", "--note", "官网")
    assert "同名" in run("add", str(new), "--by", "甲", code=2)
    run("replace", "通知.txt", str(new), "--by", "甲")
    assert files(corpus)["通知.txt"] == new.read_bytes()
    run("retire", "通知.txt", "--by", "甲")
    assert "通知.txt" not in files(corpus)
    run("restore", "通知.txt", "--by", "乙")
    assert files(corpus)["通知.txt"] == new.read_bytes()
    assert "没有撤下过" in run("restore", "通知.txt", "--by", "乙", code=2)
    for words in (("retire", "../x.txt"), ("restore", "nichts.txt")):
        run(*words, "--by", "甲", code=2)


def test_the_list_in_lines_and_in_json(run, settings, corpus):
    ingest(settings)
    (corpus / "坏.exe").write_bytes(b"MZ")
    (corpus / "副本.txt").write_text(NOTICE, encoding="utf-8")
    ingest(settings)
    (corpus / "园区.md").unlink()
    lines = run("list")
    assert "示例字〔2025〕1号" in lines and "重复：副本.txt" in lines and "已移出" in lines and "用不了" in lines
    told = [json.loads(line) for line in run("list", "--json").splitlines()]
    by_id = {each["id"]: each for each in told}
    assert by_id["通知.txt"]["document_numbers"] == ["示例字〔2025〕1号"] and by_id["园区.md"]["state"] == "gone"
    assert "failed" in by_id["坏.exe"]
