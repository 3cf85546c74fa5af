import pytest

from bot.documents.front_matter import split_front_matter
from bot.errors import DocumentError
from bot.types import SourceKind, Status, TextKind

WHOLE = """---
title: 某项支持政策要点
issuer: 某区科委
document_number: 某科〔2025〕8号
date: 2025-12-04
status: draft
source: https://example.org/a/1.html
kind: official
text: own_words
addressee: 各有关单位
valid_until: 2027-01-01
superseded_by: new.md
---
正文在这里。
"""


def test_every_key_reaches_the_document(load) -> None:
    document = load("a.md", WHOLE)
    known = document.metadata
    assert document.text == "正文在这里。"
    assert (known.title, known.issuer, known.document_number) == ("某项支持政策要点", "某区科委", "某科〔2025〕8号")
    assert (known.date, known.valid_until, known.superseded_by) == ("2025-12-04", "2027-01-01", "new.md")
    assert (known.status, known.kind, known.text_kind) == (Status.DRAFT, SourceKind.OFFICIAL, TextKind.OWN_WORDS)
    assert (known.source_url, known.addressee) == ("https://example.org/a/1.html", "各有关单位")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_front_matter_wins_over_the_text(load, name: str) -> None:
    document = load(
        name, "---\ntitle: 短题\ndate: '2024'\n---\n关于做好某项工作的通知\n\n各单位：\n\n正文。\n\n2025年1月2日"
    )
    assert (document.metadata.title, document.metadata.date) == ("短题", "2024")
    assert document.metadata.addressee == "各单位"


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ("titel: 错", "titel"),
        ("kind: blog", "kind"),
        ("status: maybe", "status"),
        ("date: 去年", "date"),
        ("date: 2025-13-40", "date"),
        ("valid_until: 2027", "valid_until"),
        ("title: [a, b]", "title"),
    ],
)
def test_errors_name_the_key(block: str, named: str) -> None:
    with pytest.raises(DocumentError, match=f"{named}.*解决办法"):
        split_front_matter(f"---\n{block}\n---\n正文")


def test_broken_yaml_is_told() -> None:
    with pytest.raises(DocumentError, match="文件头"):
        split_front_matter("---\ntitle: 甲: 乙: [\n---\n正文")


@pytest.mark.parametrize("text", ["正文\n---\na: b\n---\n", "---\n一条横线而已\n---\n正文", "---\n没有结尾"])
def test_dashes_that_are_no_front_matter_stay(text: str) -> None:
    assert split_front_matter(text) == (None, text)
