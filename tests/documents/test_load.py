"""A file of each kind through the whole of reading: text, metadata, sections and passages that fit together."""

import io
from collections.abc import Callable

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

from bot.documents.chunking import chunk_document
from bot.types import Document
from tests.support.pdf_files import Paper

SENTENCE = "对符合条件的项目给予不超过总投入百分之三十的补助，同一单位每年限报一项，评审结果向社会公布。"
LINES = [
    "关于支持攻关的通知",
    "某科〔2024〕5号",
    "各有关单位：",
    "一、支持标准",
    SENTENCE,
    "类别：联合；比例：30%；上限：50万元",
    "类别：一般；比例：20%",
    "某区科技局",
    "2024年3月1日",
]
TABLE = [("类别", "比例", "上限"), ("联合", "30%", "50万元"), ("一般", "20%", "")]


def word() -> bytes:
    document = docx.Document()
    document.add_heading(LINES[0], 0)
    document.add_paragraph(LINES[1])
    document.add_paragraph(LINES[2])
    document.add_heading(LINES[3], 1)
    document.add_paragraph(SENTENCE)
    table = document.add_table(3, 3)
    for row, values in zip(table.rows, TABLE, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("某区科技局\n2024年3月1日")
    return saved(document)


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def page() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in values)}</tr>" for values in TABLE)
    body = "".join(f"<p>{line}</p>" for line in LINES[1:3])
    end = "".join(f"<p>{line}</p>" for line in LINES[-2:])
    return (
        f"<html><head><meta charset=utf-8><title>{LINES[0]}_某区人民政府网站</title></head><body><h1>{LINES[0]}</h1>"
        f"{body}<p>{LINES[3]}</p><p>{SENTENCE}</p><table>{rows}</table>{end}</body></html>"
    ).encode()


def marked() -> bytes:
    rows = [f"| {' | '.join(values)} |" for values in TABLE]
    table = "\n".join([rows[0], "|---|:-:|---|", *rows[1:]])
    return "\n\n".join([f"# {LINES[0]}", *LINES[1:3], f"## {LINES[3]}", SENTENCE, table, *LINES[-2:]]).encode()


def plain() -> bytes:
    return "\n".join([*LINES[:5], *("\t".join(value or "—" for value in row) for row in TABLE), *LINES[-2:]]).encode()


def printed() -> bytes:
    paper = Paper()
    paper.text(200, 50, LINES[0], 18)
    paper.lines(*LINES[1:4], f"　　{SENTENCE[:30]}", SENTENCE[30:], top=90)
    xs, tops = [60.0, 160.0, 300.0, 400.0], [220.0, 244.0, 268.0, 292.0]
    paper.grid(xs, tops)
    for top, row in zip(tops, TABLE, strict=False):
        for x, value in zip(xs, row, strict=False):
            if value:
                paper.text(x + 4, top + 16, value, 11)
    paper.lines(*LINES[-2:], top=330)
    return paper.save()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.docx", word), ("a.html", page), ("a.md", marked), ("a.txt", plain), ("a.pdf", printed)],
    ids=["docx", "html", "md", "txt", "pdf"],
)
def test_one_notice_in_every_format_is_the_same_document(load, name: str, content: Callable[[], bytes]) -> None:
    document: Document = load(name, content())
    expected = [f"{line}；上限：—" if name == "a.txt" and "一般" in line else line for line in LINES]
    assert document.text.split("\n") == expected
    known = document.metadata
    assert (known.title, known.document_number) == (LINES[0], LINES[1])
    assert (known.issuer, known.date) == ("某区科技局", "2024-03-01")
    rows = [unit for unit in document.units if unit.cells]
    assert [document.text[unit.start : unit.end] for unit in rows] == expected[5:7]
    chunks = chunk_document(document)
    assert chunks and all(document.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)


def test_the_title_of_a_word_files_properties(load) -> None:
    document = docx.Document()
    document.core_properties.title = "项目一览"
    table = document.add_table(2, 3)
    for row, values in zip(table.rows, TABLE, strict=False):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    assert load("a.docx", saved(document)).metadata.title == "项目一览"


def test_a_heading_style_by_its_chinese_name_opens_a_section(load) -> None:
    document = docx.Document()
    document.styles.add_style("标题 2", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("某件事情的说明")
    document.add_paragraph("小节名称", style="标题 2")
    document.add_paragraph(SENTENCE)
    assert [section.path for section in load("a.docx", saved(document)).sections] == [(), ("小节名称",)]
