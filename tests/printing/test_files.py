"""Word and PDF files as they open: every word once, nothing past its cell, heads repeated, fonts embedded."""

from __future__ import annotations

import ctypes
import io
import tomllib
import zipfile
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from docx import Document
from docx.oxml.ns import qn

from bot.printing import layout, pdf, word
from bot.printing.blocks import Block, BlockKind, Table
from bot.printing.layout import Setting

ROOT = Path(__file__).resolve().parents[2]
HEAD = ("条件", "结论", "依据与出处")
SHEETS = {
    "report": layout.report_sheet(),
    "letter": layout.letter_sheet(2),
    "english": layout.letter_sheet(0, latin=True),
}
by_sheet = pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)


def table(*rows):
    return Table(HEAD, rows, (0.27, 0.23, 0.5), 1)


def pages_of(content):
    """The text of each page without spaces."""
    document = pypdfium2.PdfDocument(content)
    try:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def drawn_runs(content):
    """(text, render mode, whether its font is embedded) of each run of the first page."""
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    textpage = page.get_textpage()
    found = []
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        buffer = (ctypes.c_ushort * 500)()
        length = pdfium.FPDFTextObj_GetText(each.raw, textpage.raw, buffer, 500)
        text = bytes(buffer)[: max(0, length - 2)].decode("utf-16-le").strip()
        embedded = pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(each.raw)) == 1
        found.append((text, pdfium.FPDFTextObj_GetTextRenderMode(each.raw), embedded))
    document.close()
    return found


@by_sheet
def test_a_table_over_pages_repeats_its_head_and_tells_every_row_once(sheet):
    rows = [(f"第{n}行的条件", "满足", f"第{n}条原文说了这些话，出自某办法。") for n in range(1, 121)]
    pages = pages_of(pdf.to_pdf((Block(BlockKind.TITLE, "表"), table(*rows)), "表", sheet))
    assert len(pages) > 2
    assert [page.count("".join(HEAD)) for page in pages] == [1] * len(pages)
    whole = "".join(pages)
    assert [n for n in range(1, 121) if whole.count(f"第{n}行的条件") != 1] == []


@by_sheet
def test_a_row_higher_than_a_page_goes_on_under_the_head(sheet):
    words = "".join(f"〔{n}〕项" for n in range(1, 1500))
    pages = pages_of(pdf.to_pdf((table(("甲", "满足", words), ("乙", "不满足", "短")),), "表", sheet))
    assert len(pages) > 1 and all(page.startswith("".join(HEAD)) for page in pages)
    whole = "".join(pages).replace("".join(HEAD), "")
    assert "乙" in pages[-1]
    assert whole.count("项") == 1499 and "〔1499〕项" in whole.replace("\n", "")


@by_sheet
def test_no_word_leaves_its_cell(sheet):
    long = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
    rows = [("上年度营业收入不低于2000万元的（含）企业", "无法判断（按所填）", f"“{long}”——《measures.txt》")]
    content = pdf.to_pdf((table(*rows),), "表", sheet)
    with pdfplumber.open(io.BytesIO(content)) as opened:
        page = opened.pages[0]
        edges = sorted({round(each["x0"], 1) for each in page.rects} | {round(each["x1"], 1) for each in page.rects})
        assert len(edges) == 4
        foot = max(each["bottom"] for each in page.rects)
        inside = [each for each in page.chars if each["top"] < foot]
        assert len(inside) > 180
        for character in inside:
            left = max(edge for edge in edges if edge <= character["x0"] + 0.1)
            right = edges[edges.index(left) + 1]
            assert character["x1"] <= right - 2, character["text"]
        assert max(edges) <= layout.PAGE_WIDTH - sheet.side + 0.2


@pytest.mark.parametrize("lines", range(30, 60))
def test_a_heading_is_never_the_last_of_a_page(lines):
    pieces = [Block(BlockKind.PARAGRAPH, "正文一行")] * lines
    pieces += [Block(BlockKind.HEADING, "大标题"), Block(BlockKind.SUBHEADING, "小标题"), table(("甲", "满足", "原文"))]
    pages = pages_of(pdf.to_pdf(pieces, "标题", layout.report_sheet()))
    (page,) = (page for page in pages if "大标题" in page)
    assert "小标题" in page and "原文" in page


def test_a_heading_at_the_top_of_a_later_page_stands_where_text_would():
    tops = []
    for kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
        sheet = replace(layout.report_sheet(), special={BlockKind.HEADING: Setting(10.5, 16.0, before=14.0)})
        pieces = [*[Block(BlockKind.PARAGRAPH, "正文一行")] * 35, *[Block(kind, "下页")] * 3]
        with pdfplumber.open(io.BytesIO(pdf.to_pdf(pieces, "页", sheet))) as opened:
            tops.append(opened.pages[1].chars[0]["top"])
    assert tops[0] == tops[1]


def test_a_page_full_of_headings_comes_to_an_end():
    pages = pages_of(pdf.to_pdf([Block(BlockKind.HEADING, "大标题")] * 400, "标题", layout.report_sheet()))
    assert "".join(pages).count("大标题") == 400


def test_heads_verdicts_and_the_strong_column_are_bold():
    pieces = (
        Block(BlockKind.TITLE, "政策体检"),
        Block(BlockKind.VERDICT, "可能符合"),
        Block(BlockKind.PARAGRAPH, "平常的话"),
        table(("甲", "满足", "原文")),
    )
    bold = {
        text: mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
        for text, mode, _ in drawn_runs(pdf.to_pdf(pieces, "体检", layout.report_sheet()))
    }
    strong = {"政策体检", "可能符合", *HEAD, "满足"}
    assert bold == {**dict.fromkeys(strong, True), "平常的话": False, "甲": False, "原文": False, "1": False}
    document = Document(io.BytesIO(word.to_docx(pieces, "体检", layout.report_sheet())))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    runs += [run for row in document.tables[0].rows for cell in row.cells for run in cell.paragraphs[0].runs]
    assert {run.text: run.bold for run in runs} == {each: each in strong for each in bold if each != "1"}


@by_sheet
def test_all_fonts_are_embedded(sheet):
    pieces = [Block(kind, "Introduction of “two” partners – 引荐双方：café, 3 m² … €5") for kind in BlockKind]
    runs = drawn_runs(
        pdf.to_pdf(
            [
                *pieces,
                table(("Abc", "满足", "—")),
            ],
            "表",
            sheet,
        )
    )
    assert runs and all(embedded for _, _, embedded in runs)
    assert "〓" not in "".join(text for text, _, _ in runs)


def test_what_no_font_has_is_shown_as_missing():
    content = pdf.to_pdf((Block(BlockKind.PARAGRAPH, "雪☃人"),), "雪", layout.report_sheet())
    assert pages_of(content)[0].startswith("雪〓人")


@pytest.mark.parametrize("write", [word.to_docx, pdf.to_pdf])
def test_what_nobody_sees_stops_no_file(write):
    words = "甲\x00乙\x1b丙\ud800丁\ufffe戊\u200b己"
    content = write((Block(BlockKind.TITLE, words), table((words,) * 3)), words, layout.report_sheet())
    if write is pdf.to_pdf:
        assert "".join(pages_of(content)).count("甲乙丙丁戊己") >= 2
    else:
        document = Document(io.BytesIO(content))
        assert document.paragraphs[0].text == document.core_properties.title == "甲乙丙丁戊己"


def test_word_repeats_the_head_keeps_rows_whole_and_counts_pages():
    content = word.to_docx((table(("甲", "满足", "原文"), ("乙", "不满足", "原文")),), "表", layout.report_sheet())
    document = Document(io.BytesIO(content))
    rows = document.tables[0].rows
    assert [len(row._tr.findall(f".//{qn('w:tblHeader')}")) for row in rows] == [1, 0, 0]
    assert all(row._tr.findall(f".//{qn('w:cantSplit')}") for row in rows)
    assert [cell.text for cell in rows[2].cells] == ["乙", "不满足", "原文"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        footers = [archive.read(name).decode() for name in names if "footer" in name]
    assert any("PAGE" in footer for footer in footers)
    assert not any("thumbnail" in name or "customXml" in name for name in names)
    letter = word.to_docx((Block(BlockKind.TITLE, "函"),), "函", layout.letter_sheet(0))
    assert b"footer" not in letter


def test_a_long_word_is_cut_in_linear_time():
    measured = 0

    def measure(text):
        nonlocal measured
        measured += len(text)
        return float(len(text))

    lines = layout.broken("x" * 40_000, 40.0, 0.0, measure)
    assert lines == ["x" * 40] * 1000
    assert measured < 40_000 * 10


def test_room_before_stands_once_above_a_run():
    sheet = layout.letter_sheet(0)
    contact, heading = sheet.setting(BlockKind.CONTACT), sheet.setting(BlockKind.HEADING)
    assert layout.room_before(contact, BlockKind.CONTACT, BlockKind.CONTACT) == 0 < contact.before
    assert layout.room_before(heading, BlockKind.HEADING, BlockKind.HEADING) == heading.before


def test_every_file_of_the_fonts_is_packed():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = patterns["tool"]["setuptools"]["package-data"]["*"]
    files = [path.name for path in (ROOT / "bot" / "printing" / "fonts").iterdir()]
    assert {"serif-sc.ttf", "serif-latin.ttf"} <= set(files)
    assert [name for name in files if not any(fnmatch(name, pattern) for pattern in packed)] == []
