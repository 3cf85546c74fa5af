import os
from pathlib import Path

import pytest

from bot.catalogue.load import CATALOGUE_FILES
from bot.documents import corpus
from bot.documents.corpus import list_corpus_files
from bot.errors import CorpusError


def reasons(folder: Path) -> dict[str, str]:
    return {failure.path: failure.reason for failure in list_corpus_files(folder).failed}


def test_lists_readable_files_recursively_in_order(tmp_path: Path) -> None:
    for name in ("乙.txt", "甲/通知.MD", "甲/附件.PDF", "a.html", "b.htm", "c.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    listing = list_corpus_files(tmp_path)
    ids = [file.id for file in listing.files]
    assert ids == sorted(ids)
    assert set(ids) == {"乙.txt", "甲/通知.MD", "甲/附件.PDF", "a.html", "b.htm", "c.docx"}
    assert listing.failed == ()


def test_root_files_and_hidden_files_are_no_documents(tmp_path: Path) -> None:
    for name in (*corpus.ROOT_FILES, ".hidden.txt", "~$locked.docx", ".git/config.txt", "sub/README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    listing = list_corpus_files(tmp_path)
    assert [file.id for file in listing.files] == ["sub/README.md"]
    assert listing.failed == ()


def test_the_files_kept_beside_the_documents_are_those_of_the_catalogue() -> None:
    assert {"README.md", *CATALOGUE_FILES} == corpus.ROOT_FILES


def test_root_names_below_the_root_are_told(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "contacts.yaml").write_text("[]")
    assert "不支持的格式" in reasons(tmp_path)["sub/contacts.yaml"]


def test_same_bytes_same_hash_and_a_new_loader_reads_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("同样的字")
    (tmp_path / "b.txt").write_text("同样的字")
    first, second = list_corpus_files(tmp_path).files
    assert first.content_hash == second.content_hash and first.id != second.id
    monkeypatch.setattr(corpus, "LOADER_VERSION", "another")
    assert list_corpus_files(tmp_path).files[0].content_hash != first.content_hash


def test_unusable_files_carry_reason_and_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "MAX_FILE_BYTES", 100)
    (tmp_path / "empty.txt").touch()
    (tmp_path / "large.txt").write_text("x" * 101)
    (tmp_path / "old.xls").write_text("x")
    (tmp_path / "noext").write_text("x")
    os.mkfifo(tmp_path / "pipe.txt")
    found = reasons(tmp_path)
    assert "空文件" in found["empty.txt"] and "太大" in found["large.txt"]
    assert ".xlsx" in found["old.xls"] and "没有扩展名" in found["noext"]
    assert "不是普通文件" in found["pipe.txt"]
    assert all("解决办法" in reason for reason in found.values())


def test_links_that_lead_outside_or_nowhere_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    folder = tmp_path / "corpus"
    (folder / "inner").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.txt").write_text("秘密")
    (folder / "own.txt").write_text("自己的")
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "again.txt").symlink_to(folder / "own.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "inner" / "round").symlink_to(folder)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "gone.txt").symlink_to(folder / "nothing.txt")
    listing = list_corpus_files(folder)
    assert [file.id for file in listing.files] == ["again.txt", "own.txt"]
    found = reasons(folder)
    assert set(found) == {"file.txt", "folder", "inner/round", "loop.txt", "gone.txt"}
    assert "之外" in found["file.txt"] and "之外" in found["folder"]


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes only there")
def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\xfe.txt")).write_text("x")
    listing = list_corpus_files(tmp_path)
    assert listing.files == () and "文件名" in listing.failed[0].reason
    listing.failed[0].path.encode("utf-8")


def test_a_missing_folder_is_a_corpus_error_with_remedy(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="不存在.*解决办法"):
        list_corpus_files(tmp_path / "nothing")
    (tmp_path / "file").touch()
    with pytest.raises(CorpusError, match="不是文件夹"):
        list_corpus_files(tmp_path / "file")
