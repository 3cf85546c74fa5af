"""What an ingest adds, reads again, builds anew or leaves out, and what the command tells of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.encoder import Passage, PassageVectors, load_embedder
from bot.encoder.cache import CachedEmbedder
from bot.index.search_index import SearchIndex
from bot.ingestion import ASKING_STAGE, ingest
from bot.settings import EmbeddingSettings
from tests.ingestion.conftest import Workplace, counts
from tests.support.commands import ended_with
from tests.support.suggested import FEW
from tests.support.tiny_models import static_model


def test_the_first_ingest_adds_everything(place: Workplace) -> None:
    report = place.ingest()
    assert counts(report) == (2, 0, 0, 0)
    assert (report.documents, report.failed) == (2, ())
    assert report.chunks == len(place.state()["chunks"]) > 0  # type: ignore[arg-type]


def test_a_second_ingest_changes_nothing_and_publishes_nothing(place: Workplace) -> None:
    place.ingest()
    before = place.state()
    assert counts(place.ingest()) == (0, 0, 2, 0)
    assert place.state() == before
    assert place.versions() == {"1"}


def test_an_unchanged_file_is_not_read_again(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.documents.load import load_document

    place.ingest()
    read: list[str] = []
    monkeypatch.setattr(
        "bot.documents.passages.load_document", lambda file: (read.append(file.id), load_document(file))[1]
    )
    place.write("奖励.txt", "关于奖励的通知\n\n对获奖企业给予奖励。")
    place.ingest()
    assert read == ["奖励.txt"]


def test_only_new_chunks_are_embedded(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    place.ingest()
    encoded = encoded_texts(monkeypatch)
    place.write("奖励.txt", "关于奖励的通知\n\n对获奖企业给予奖励。")
    place.ingest()
    assert encoded and all("奖励" in text for text in encoded)


def encoded_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passages that are handed to the embedder from now on, known to its cache or not."""
    encoded: list[str] = []
    embed = CachedEmbedder.embed_passages

    def noted(self: CachedEmbedder, passages: Sequence[Passage]) -> list[PassageVectors]:
        encoded.extend(passage.text for passage in passages)
        return embed(self, passages)

    monkeypatch.setattr(CachedEmbedder, "embed_passages", noted)
    return encoded


def test_one_edited_line_of_a_long_document_encodes_a_few_passages(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [
        f"第{number}条 第{number}类企业的贷款按{number}档贴息，贴息期限不超过{number}个月。" * 6
        for number in range(1, 81)
    ]
    place.write("长.txt", "贴息办法\n\n" + "\n".join(articles))
    total = place.ingest().chunks
    encoded = encoded_texts(monkeypatch)
    place.write("长.txt", "贴息办法\n\n" + "\n".join(articles).replace("第40类企业", "第40类大型企业", 1))
    before = SearchIndex.open(place.data)
    kept = {chunk.text: chunk.id for chunk in before.chunks_of("长.txt")}
    assert counts(place.ingest()) == (0, 1, 2, 0)
    assert total > 60 and 1 <= len(encoded) <= 4
    after = SearchIndex.open(place.data)
    assert all(kept.get(chunk.text, chunk.id) == chunk.id for chunk in after.chunks_of("长.txt"))
    fresh = Workplace(place.corpus, place.data.parent / "fresh")
    fresh.ingest()
    assert place.state() == fresh.state()


def test_changes_one_by_one_end_where_a_fresh_ingest_ends(place: Workplace, tmp_path: Path) -> None:
    place.ingest()
    place.write("奖励.txt", "关于奖励的通知\n\n对获奖企业给予奖励。")
    assert counts(place.ingest()) == (1, 0, 2, 0)
    place.write("贷款.txt", "关于科技贷款的通知\n\n贷款贴息期限改为两年。\n")
    assert counts(place.ingest()) == (0, 1, 2, 0)
    (place.corpus / "住房/公寓.txt").unlink()
    assert counts(place.ingest()) == (0, 0, 2, 1)
    fresh = Workplace(place.corpus, tmp_path / "fresh")
    fresh.ingest()
    assert place.state() == fresh.state()


def test_a_rebuild_gives_the_same_index_again(place: Workplace) -> None:
    place.ingest()
    before = place.state()
    assert counts(place.ingest(rebuild=True)) == (0, 0, 2, 0)
    assert place.state() == before
    assert place.versions() == {"1", "2"}


def test_a_moved_file_is_the_same_text_under_a_new_id(place: Workplace) -> None:
    place.ingest()
    (place.corpus / "贷款.txt").rename(place.corpus / "改名.txt")
    assert counts(place.ingest()) == (1, 0, 1, 1)
    assert {document.id for document in place.state()["documents"]} == {"改名.txt", "住房/公寓.txt"}  # type: ignore[attr-defined]


def test_two_identical_files_are_two_documents(place: Workplace) -> None:
    place.write("副本.txt", (place.corpus / "贷款.txt").read_text(encoding="utf-8"))
    assert place.ingest().documents == 3


def test_a_catalogue_that_changed_is_published_without_reading_documents(place: Workplace) -> None:
    place.ingest()
    place.write("thesaurus.yaml", "- words: [公寓, 住房]\n")
    assert counts(place.ingest()) == (0, 0, 2, 0)
    assert "住房" in str(place.state()["catalogue"])
    assert SearchIndex.open(place.data).version == 2


def test_a_bad_file_is_told_and_the_rest_goes_on(place: Workplace) -> None:
    (place.corpus / "坏.pdf").write_bytes(b"%PDF-1.7 cut off")
    (place.corpus / "表.xlsx").write_bytes(b"PK")
    place.write("programmes.yaml", "not a list")
    report = place.ingest()
    assert report.documents == 2
    assert {failure.path for failure in report.failed} == {"坏.pdf", "表.xlsx", "programmes.yaml"}
    assert all(failure.reason for failure in report.failed)


def test_a_file_that_turned_bad_leaves(place: Workplace) -> None:
    place.ingest()
    (place.corpus / "贷款.txt").write_bytes(bytes(range(256)) * 20)
    report = place.ingest()
    assert counts(report) == (0, 0, 1, 1)
    assert [failure.path for failure in report.failed] == ["贷款.txt"]
    assert place.ingest().failed == report.failed
    place.write("贷款.txt", "关于科技贷款的通知\n\n又好了，贷款贴息。")
    assert counts(place.ingest()) == (1, 0, 1, 0)


def test_a_parser_that_breaks_is_a_failed_file(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(file: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("bot.documents.passages.load_document", broken)
    report = place.ingest()
    assert len(report.failed) == 2 and report.documents == 0
    assert "ZeroDivisionError" in report.failed[0].reason


def test_another_embedder_embeds_everything_again_and_reads_nothing(
    place: Workplace, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = place.ingest()
    monkeypatch.setattr("bot.documents.passages.load_document", lambda file: pytest.fail("a file was read again"))
    report = place.ingest(embedding=EmbeddingSettings(model=str(tiny_model)))
    assert counts(report) == (0, 0, 2, 0)
    assert report.embedder != before.embedder
    index = SearchIndex.open(place.data)
    assert (index.fingerprint, index.dimension) == (report.embedder, 8)
    vector = load_embedder(EmbeddingSettings(model=str(tiny_model))).embed_query("贷款")
    assert len(index.dense(vector, 100).rows) == report.chunks


def test_an_index_of_another_format_is_built_anew(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    place.ingest()
    before = place.state()
    for module in ("ingestion", "index.draft", "index.search_index"):
        monkeypatch.setattr(f"bot.{module}.INDEX_FORMAT", "of tomorrow")
    assert counts(place.ingest()) == (0, 0, 2, 0)
    assert place.state() == before
    assert SearchIndex.open(place.data).version == 2


@pytest.mark.parametrize("damaged", ["CURRENT", "documents.sqlite3"])
def test_a_damaged_index_is_built_anew(place: Workplace, damaged: str) -> None:
    place.ingest()
    before = place.state()
    (file,) = place.data.rglob(damaged)
    file.write_bytes(b"\x00 damaged " * 200)
    place.ingest()
    assert place.state() == before


def test_the_command_tells_one_json_object(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    code = ended_with(["ingest", "--corpus", str(place.corpus), "--data", str(place.data), "--json"])
    out = capsys.readouterr().out
    told = json.loads(out)
    assert code == 0 and out.count("\n") == 1
    assert told.keys() >= {"added", "updated", "unchanged", "removed", "failed", "documents", "chunks", "seconds"}
    assert told["documents"] == 2 and told["embedder"].startswith("zh-passage-embedder@")


def test_the_command_says_in_words_what_was_done(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    (place.corpus / "坏.pdf").write_bytes(b"nothing like a pdf")
    code = ended_with(["ingest", "--corpus", str(place.corpus), "--data", str(place.data)])
    out, err = capsys.readouterr()
    assert code == 1
    assert "2 份文件" in out
    assert "坏.pdf" in err


def test_the_command_ends_with_2_when_nothing_could_be_done(
    place: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended_with(["ingest", "--corpus", str(tmp_path / "nowhere"), "--data", str(place.data)]) == 2
    bad = tmp_path / "only-bad"
    bad.mkdir()
    (bad / "坏.pdf").write_bytes(b"nothing like a pdf")
    assert ended_with(["ingest", "--corpus", str(bad), "--data", str(tmp_path / "other")]) == 2
    out, err = capsys.readouterr()
    assert "nowhere" in err and "坏.pdf" in err


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    return static_model(tmp_path / "tiny-model")


OLD = "南樟区创业贴息细则\n南樟科〔2022〕3号\n\n第一条 每家企业每年最高2万元。\n南樟区科学技术局\n2022年3月1日\n"
NEW = (
    "南樟区创业贴息办法\n南樟科〔2025〕7号\n\n第一条 每家企业每年最高5万元。\n"
    "第二条 本办法自2025年5月1日起施行，《南樟区创业贴息细则》（南樟科〔2022〕3号）同时废止。\n南樟区科学技术局\n2025年4月8日\n"
)


def test_a_repealed_document_is_marked_while_what_repeals_it_is_on_file(place: Workplace) -> None:
    place.write("旧.txt", OLD)
    place.ingest()
    assert SearchIndex.open(place.data).metadata("旧.txt").superseded_by is None
    place.write("新.txt", NEW)
    place.ingest()
    marked = SearchIndex.open(place.data)
    assert marked.metadata("旧.txt").superseded_by == "新.txt"
    assert marked.metadata("旧.txt").superseded_from == "2025-05-01"
    assert marked.metadata("新.txt").superseded_by is None
    (place.corpus / "新.txt").unlink()
    place.ingest()
    assert SearchIndex.open(place.data).metadata("旧.txt").superseded_by is None


def test_a_copy_is_told_once_and_is_no_disagreement(place: Workplace) -> None:
    place.write("甲.txt", OLD)
    place.write("乙.txt", OLD)
    place.write("丙.txt", OLD.replace("2万元", "3万元").replace("2022年3月1日", "2023年3月1日"))
    report = place.ingest()
    assert report.duplicates == (("乙.txt", "甲.txt"),)
    assert not [warning for warning in report.warnings if "说法不一" in warning]
    assert place.ingest().duplicates == report.duplicates


def test_what_was_left_out_is_told_once_and_kept(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.write(
        "页.html",
        "<html><head><title>贴息公告</title></head><body><h1>贴息公告</h1><p>现公布贴息标准，每家五万元。</p>"
        "<p style='display:none'>内部说明不公开</p><script>var a=1</script></body></html>",
    )
    arguments = ["--corpus", str(place.corpus), "--data", str(place.data), "--json"]
    assert ended_with(["ingest", *arguments]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert "页.html：未收入正文：隐藏文字，7 个字" in err
    entries = [entry for entry in told["dropped"] if entry["path"] == "页.html" and not entry["furniture"]]
    assert entries == [{"path": "页.html", "what": "隐藏文字", "characters": 7, "where": "", "furniture": False}]
    assert ended_with(["ingest", *arguments]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["dropped"] == told["dropped"] and "隐藏文字" not in err
    (kept,) = [each for each in SearchIndex.open(place.data).document("页.html").left_out if not each.furniture]
    assert kept.text == "内部说明不公开"


@pytest.mark.own_process
def test_a_file_that_ends_the_reading_process_is_refused_alone(place: Workplace) -> None:
    before = place.ingest()
    assert before.failed == ()
    nested = "<div>" * 3_000 + "深处的字" + "</div>" * 3_000
    place.write("深.html", f"<html><body>{nested}</body></html>")
    (place.corpus / "炸弹.docx").write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    report = place.ingest()
    assert report.documents == 2 and {failure.path for failure in report.failed} == {"深.html", "炸弹.docx"}
    assert all("解决办法" in failure.reason for failure in report.failed)


def test_no_more_questions_are_made_than_are_asked(place: Workplace) -> None:
    for number in range(30):
        place.write(f"{number}.txt", f"第{number}区扶持办法\n\n一、支持对象\n\n面向第{number}区的企业。\n")
    told = []
    ingest(place.settings(), progress=lambda *each: told.append(each))
    asked = [(done, total) for stage, done, total in told if stage == ASKING_STAGE]
    assert asked and {total for _, total in asked} == {FEW} and max(asked)[0] <= FEW
