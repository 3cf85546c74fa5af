from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents.chunking import chunk_document
from bot.documents.corpus import CorpusFile
from bot.documents.load import load_document
from bot.errors import DocumentError
from bot.types import Document

SUFFIXES = (".txt", ".md", ".html", ".docx", ".pdf")
one_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def load_bytes(folder: Path, suffix: str, data: bytes) -> Document | None:
    path = folder / f"file{suffix}"
    path.write_bytes(data)
    try:
        return load_document(CorpusFile(path.name, path, "hash"))
    except DocumentError as error:
        assert "解决办法" in str(error)
        return None


@one_file
@given(st.sampled_from(SUFFIXES), st.binary(max_size=600))
def test_random_bytes_give_a_document_or_the_one_error(tmp_path: Path, suffix: str, data: bytes) -> None:
    document = load_bytes(tmp_path, suffix, data)
    if document is not None:
        assert document.text.strip() and all(
            document.text[chunk.start : chunk.end] == chunk.text for chunk in chunk_document(document)
        )


@one_file
@given(st.sampled_from((".txt", ".md", ".html")), st.text(max_size=400))
def test_random_text_keeps_its_offsets(tmp_path: Path, suffix: str, text: str) -> None:
    document = load_bytes(tmp_path, suffix, text.encode("utf-8", errors="replace"))
    if document is None:
        return
    chunks = chunk_document(document)
    assert "".join("".join(chunk.text for chunk in chunks).split()) == "".join(document.text.split())
    assert "\r" not in document.text and document.metadata.title


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("data", [b"", b"\n \t\r\n", b"\x00" * 500, b"\xef\xbb\xbf", "。，！".encode()])
def test_nothing_to_read_is_told(tmp_path: Path, suffix: str, data: bytes) -> None:
    assert load_bytes(tmp_path, suffix, data) is None


def check_repeated(folder: Path, suffix: str, unit: str, characters: int) -> None:
    document = load_bytes(folder, suffix, ("题目 开始。" + unit * (characters // len(unit))).encode())
    if document is not None:
        assert chunk_document(document)[-1].end == len(document.text.rstrip())


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["字", "一是甲，", "（", "**", "第一条 "])
def test_a_line_of_a_million_characters(tmp_path: Path, unit: str) -> None:
    check_repeated(tmp_path, ".txt", unit, 1_000_000)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@pytest.mark.parametrize(
    "unit",
    [
        "甲 ",
        "《",
        "一、",
        "，",
        "1.",
        "<div>",
        "<!--",
        "| ",
        "[",
        "](",
        "&amp;",
        "联系人：",
        "- ",
        "# a\n",
        "某局\n2024年1月2日\n",
    ],
)
def test_repeated_marks(tmp_path: Path, suffix: str, unit: str) -> None:
    check_repeated(tmp_path, suffix, unit, 60_000)


def test_many_short_lines_stay_lines(tmp_path: Path) -> None:
    lines = "一、甲\n二是乙。\n（一）丙\n" * 5_000
    document = load_bytes(tmp_path, ".txt", lines.encode())
    assert document is not None and document.text == lines.strip()
    assert chunk_document(document)[-1].end == len(document.text)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="读不了.*解决办法"):
        load_document(CorpusFile("gone.txt", tmp_path / "gone.txt", "hash"))
    (written := tmp_path / "a.ofd").write_bytes(b"PK")
    with pytest.raises(DocumentError, match="不支持"):
        load_document(CorpusFile("a.ofd", written, "hash"))
