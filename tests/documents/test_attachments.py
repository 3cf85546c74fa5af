"""Archives of documents, and attachments that hold under their parent's number."""

from __future__ import annotations

import zipfile
from pathlib import Path

from bot.documents.corpus import list_corpus_files
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.settings import Settings

NOTICE = "南樟区科学技术局关于创业贷款贴息的通知\n南樟科〔2025〕7号\n\n各单位：\n现将有关事项通知如下。\n南樟区科学技术局\n2025年4月8日\n"


def archive(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "通知.zip", "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return folder / "通知.zip"


def test_every_member_is_a_document_and_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    archive(tmp_path, **{"正文.txt": NOTICE, "里/附件1.txt": "申请表填写说明。", "程序.exe": "MZ"})
    listing = list_corpus_files(tmp_path)
    assert [file.id for file in listing.files] == ["通知.zip/正文.txt", "通知.zip/里/附件1.txt"]
    assert listing.files[0].read(1_000_000).decode() == NOTICE
    assert [failure.path for failure in listing.failed] == ["通知.zip/程序.exe"]
    assert "不支持的格式" in listing.failed[0].reason


def test_an_attachment_has_its_parents_number_and_date(tmp_path: Path) -> None:
    archive(
        tmp_path / "corpus",
        **{"正文.txt": NOTICE, "附件1 申请表.txt": "贴息申请表\n企业名称、贷款金额。", "无关.txt": "一份说明。"},
    )
    settings = Settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")
    assert ingest(settings).documents == 3
    known = SearchIndex.open(settings.data_dir)
    form = known.metadata("通知.zip/附件1 申请表.txt")
    assert (form.document_number, form.date, form.attached_to) == (
        "南樟科〔2025〕7号",
        "2025-04-08",
        "通知.zip/正文.txt",
    )
    assert known.metadata("通知.zip/无关.txt").document_number is None


def test_a_damaged_archive_is_one_failed_file(tmp_path: Path) -> None:
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04 not a zip")
    (tmp_path / "好.txt").write_text("好的文件。", encoding="utf-8")
    listing = list_corpus_files(tmp_path)
    assert [file.id for file in listing.files] == ["好.txt"]
    assert [failure.path for failure in listing.failed] == ["坏.zip"]


def test_where_two_members_are_numbered_none_is_taken_for_the_parent(tmp_path: Path) -> None:
    other = NOTICE.replace("南樟科〔2025〕7号", "南樟科〔2025〕8号")
    archive(tmp_path / "corpus", **{"甲.txt": NOTICE, "乙.txt": other, "附件1.txt": "贴息申请表\n企业名称、贷款金额。"})
    settings = Settings(corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")
    ingest(settings)
    form = SearchIndex.open(settings.data_dir).metadata("通知.zip/附件1.txt")
    assert (form.document_number, form.attached_to) == (None, None)
