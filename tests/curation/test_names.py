"""Names of files handed in: whatever they are, one harmless file in the corpus folder."""

import pytest

from bot.curation.names import LONGEST_NAME_BYTES, safe_name
from bot.documents.corpus import list_corpus_files
from bot.errors import CorpusError

HOSTILE = [
    "../../etc/passwd.txt",
    "..\\..\\windows\\a.txt",
    "/etc/cron.d/x.txt",
    "C:\\temp\\通知.docx",
    "a\x00b.txt",
    "a\nb\r.txt",
    "con.txt",
    "CON.tar.txt",
    "nul .txt",
    "lpt1.md",
    "  前后 有空格 .txt ",
    "100%25%2e%2e%2f.txt",
    "..txt.txt",
    "....txt",
    ".hidden.txt",
    "~$锁.docx",
    "长" * 500 + ".txt",
    "a" * 5_000 + ".pdf",
    "<script>alert(1)</script>.html",
    "a\"b'c`$(rm -rf)`.md",
    "通知?版本=2#三.txt",
    "\u202egnp.txt",
    "\u200b.txt",
    "é" + "e\u0301.txt",
    "\ud800坏.txt",
    "a/b/c.TXT",
    ".txt.txt",
    "___.zip",
    "emoji😀.md",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_becomes_one_file_that_an_ingest_reads(tmp_path, name):
    made = safe_name(name)
    assert len(made.encode()) <= LONGEST_NAME_BYTES
    path = tmp_path / "corpus" / made
    path.parent.mkdir()
    path.write_bytes("示例正文".encode())
    assert [each.name for each in (tmp_path / "corpus").iterdir()] == [made] and path.resolve().parent == path.parent
    if not made.endswith(".zip"):
        assert [each.id for each in list_corpus_files(tmp_path / "corpus").files] == [made]
    assert made == safe_name(made), "a safe name stays"
    assert not set(made) & set('/\\:*?"<>|%#\x00\n\r') and not made.startswith((".", " ", "~$"))
    assert made.split(".")[0].lower() not in {"con", "nul", "lpt1"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "/",
        "a",
        "a.exe",
        "a.txt.exe",
        "a.sh",
        "programmes.yaml",
        "README.md",
        "readme.MD",
        "x.yaml",
        "txt",
    ],
)
def test_what_can_be_no_document_is_refused(name):
    with pytest.raises(CorpusError):
        safe_name(name)


def test_an_ordinary_name_stays():
    assert safe_name("沪普科〔2025〕31号 通知（附件1）.docx") == "沪普科〔2025〕31号 通知（附件1）.docx"
