"""Word files as archives: damaged, encrypted, hostile, oddly packed; properties."""

import io
import zipfile

import pytest

from bot.documents.blocks import Field, Reason
from bot.documents.formats import docx as reader
from bot.documents.formats.docx import read_docx
from bot.documents.formats.word.properties import is_placeholder
from bot.errors import DocumentError
from tests.support.word_files import NAMES, OFFICE, RELATIONSHIPS, docx, paragraph, read, texts

BODY = paragraph("青禾县成果转化基金管理规定") + paragraph("基金规模为2亿元。")
LINES = ["青禾县成果转化基金管理规定", "基金规模为2亿元。"]


def packed(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def document(body: str = BODY, declaration: str = "") -> str:
    return f"{declaration}<w:document {NAMES}><w:body>{body}</w:body></w:document>"


def links(*targets: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/x/{sort}" Target="{target}"/>' for name, sort, target in targets
    )
    return f'<Relationships xmlns="{RELATIONSHIPS}">{inner}</Relationships>'


@pytest.mark.parametrize(
    "files",
    [
        {"word/document.xml": document()},
        {"word\\document.xml": document()},
        {"/word/document.xml": document()},
        {"Word/Document.XML": document()},
        {"_rels/.rels": links(("r", "officeDocument", "/word/document2.xml")), "word/document2.xml": document()},
        {"_rels/.rels": links(("r", "officeDocument", "texts\\main.xml")), "texts/main.xml": document()},
        {"_rels/.rels": "<broken", "word/document.xml": document()},
        {"word/document.xml": document(declaration='<?xml version="1.0" encoding="GBK"?>').encode()},
        {"word/document.xml": document(declaration='<?xml version="1.0" encoding="nobody-knows"?>').encode()},
        {"word/document.xml": document(declaration='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16")},
        {"word/document.xml": "\ufeff" + document()},
        {"word/document.xml": document().replace(f"{OFFICE}/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")},
    ],
)  # fmt: skip
def test_oddly_packed_files_are_read(files: dict[str, str | bytes]) -> None:
    assert texts(read_docx(packed(files))) == LINES


@pytest.mark.parametrize("name", ["footnotes", "styles", "numbering", "header1", "comments", "settings"])
def test_a_damaged_part_that_can_be_missed_is_told(name: str) -> None:
    extract = read_docx(docx(BODY, {f"{name}.xml": "<w:broken"}))
    assert texts(extract) == LINES
    assert any(each.reason is Reason.UNREADABLE and name in each.text for each in extract.dropped)
    assert len(extract.warnings) == 1 and name in extract.warnings[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no archive", "损坏"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .doc"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"{\\rtf1 x}", "RTF"),
        (packed({"hello.txt": "hi"}), "document.xml"),
        (packed({"xl/workbook.xml": "<x/>"}), "Excel"),
        (packed({"ppt/presentation.xml": "<x/>"}), "演示文稿"),
        (packed({"OFD.xml": "<x/>"}), "OFD"),
        (packed({"content.xml": "<x/>"}), "OpenDocument"),
        (packed({"word/document.xml": "<w:document"}), "损坏"),
        (packed({"word/document.xml": "<html/>"}), "没有正文"),
        (docx(BODY)[:300], "损坏"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_a_remedy(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match="解决办法") as refusal:
        read_docx(data)
    assert words in str(refusal.value)


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(DocumentError, match="实体"):
        read_docx(packed({"word/document.xml": bomb + document(paragraph("&b;".replace("&", "&")))}))


def test_outer_files_are_not_fetched() -> None:
    outer = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(DocumentError):
        read_docx(packed({"word/document.xml": outer + document("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")}))


def test_a_member_under_a_password_is_told() -> None:
    data = bytearray(packed({"word/document.xml": document()}))
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(sign) + place] |= 1
    with pytest.raises(DocumentError, match="密码"):
        read_docx(bytes(data))


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    big = packed({"word/document.xml": document("<w:p/>" * 12_000_000)})
    assert len(big) < 1_000_000
    with pytest.raises(DocumentError, match="太大"):
        read_docx(big)
    with pytest.raises(DocumentError, match="太多"):
        read_docx(packed({f"{index}": "" for index in range(10_001)}))
    monkeypatch.setattr(reader, "MAX_UNPACKED_BYTES", 100)
    with pytest.raises(DocumentError, match="太大"):
        read_docx(docx(BODY))


@pytest.mark.parametrize("tag", ["w:sdt", "w:ins", "m:oMath", "w:r", "w:x"])
def test_endless_nesting_is_refused_or_read(tag: str) -> None:
    body = f"<{tag}>" * 5000 + f"</{tag}>" * 5000
    with pytest.raises(DocumentError, match="解决办法"):
        read_docx(packed({"word/document.xml": document(f"<w:p>{body}</w:p>")}))
    deep = f"<{tag}>" * 200 + paragraph("深处") + f"</{tag}>" * 200
    assert "深处" in "".join(texts(read_docx(packed({"word/document.xml": document(deep)}))))


CORE = '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'


@pytest.mark.parametrize(
    ("title", "placeholder"),
    [
        ("青禾县成果转化基金管理规定", False),
        ("项目一览", False),
        ("Notice on Industry Funds", False),
        ("Word 文档", True),
        ("标题", True),
        ("PowerPoint 演示文稿", True),
        ("Document1", True),
        ("文档 3", True),
        ("Microsoft Word - 通知.doc", True),
        ("新建 Microsoft Word 文档", True),
        ("终稿0312.docx", True),
        ("标准名称", True),
        ("20250312", True),
        ("untitled", True),
    ],
)
def test_titles_of_the_properties(title: str, placeholder: bool) -> None:
    assert is_placeholder(title) is placeholder
    data = packed({"word/document.xml": document(), "docProps/core.xml": CORE.format(title)})
    assert read_docx(data).title == (None if placeholder else title)


def test_properties_the_author_named_are_fields() -> None:
    custom = '<Properties xmlns="p" xmlns:vt="v"><property name="发文字号"><vt:lpwstr>青禾科〔2025〕4号</vt:lpwstr></property><property name="KSOProductBuildVer"><vt:lpwstr>2052</vt:lpwstr></property></Properties>'
    data = packed({"word/document.xml": document(), "docProps/custom.xml": custom})
    assert read_docx(data).fields == (Field("发文字号", "青禾科〔2025〕4号"),)


def test_text_that_stands_where_it_should_not() -> None:
    assert texts(read("<w:r><w:t>裸露的字</w:t></w:r>" + paragraph("正常。"))) == ["裸露的字", "正常。"]
    assert texts(read("<w:tbl><w:tr><w:tc><w:r><w:t>无段落的格</w:t></w:r></w:tc></w:tr></w:tbl>")) == ["无段落的格"]
