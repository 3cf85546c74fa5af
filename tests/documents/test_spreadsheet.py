"""Spreadsheets as documents: headers, merged cells, values as shown, what is hidden, CSV of every make."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from bot.documents.blocks import Extract, Reason
from bot.documents.formats import spreadsheet
from bot.documents.formats.shown_values import shown
from bot.documents.formats.spreadsheet import read_spreadsheet
from bot.errors import DocumentError
from bot.types import UnitKind
from tests.support.pdf_files import accounted, characters

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def raw_text(data: bytes) -> Counter[str]:
    """Every string of the shared strings and every inline string, from the XML itself."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml":
                for element in ElementTree.fromstring(archive.read(name)).iter(f"{_MAIN}t"):
                    found += characters(element.text or "")
    return found


def read(data: bytes) -> Extract:
    extract = read_spreadsheet(data, ".xlsx")
    assert not raw_text(data) - accounted(extract)
    return extract


def book(fill: Callable[[Any], object]) -> Extract:
    workbook = Workbook()
    fill(workbook.active)
    return read(saved(workbook))


def rows(extract: Extract) -> list[dict[str, str]]:
    return [
        {" ".join(cell.headers): cell.text for cell in block.cells}
        for block in extract.blocks
        if block.kind is UnitKind.ROW
    ]


def put(sheet: Any, *lines: list[Any]) -> None:
    for line in lines:
        sheet.append(line)


# --- xlsx ---------------------------------------------------------------------------------------


def test_the_header_stands_under_titles_and_remarks_stand_by_themselves() -> None:
    def fill(sheet: Any) -> None:
        put(sheet, ["某区研发补助汇总表"], ["单位：万元"], ["类别", "对象", "金额"], ["一、高新技术类"])
        put(sheet, ["甲类", "高新技术企业", 50], [], ["乙类", "小微企业", 30], ["注：金额每年核定一次。"])
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A4:C4")

    extract = book(fill)
    assert [(block.kind.value, block.text) for block in extract.blocks] == [
        ("caption", "某区研发补助汇总表"),
        ("caption", "单位：万元"),
        ("paragraph", "一、高新技术类"),
        ("row", "类别：甲类；对象：高新技术企业；金额：50"),
        ("row", "类别：乙类；对象：小微企业；金额：30"),
        ("paragraph", "注：金额每年核定一次。"),
    ]


def test_merged_cells_hold_for_every_row_and_head_their_columns() -> None:
    def fill(sheet: Any) -> None:
        put(sheet, ["类别", "2024年", None, "2025年"], [None, "比例", "上限", "比例", "上限"])
        put(sheet, ["甲类", "10%", "50万元", "15%", "80万元"], [None, "12%", "60万元", "18%", "90万元"])
        for area in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
            sheet.merge_cells(area)

    found = rows(book(fill))
    assert found[1] == {
        "类别": "甲类", "2024年 比例": "12%", "2024年 上限": "60万元", "2025年 比例": "18%", "2025年 上限": "90万元",
    }  # fmt: skip
    assert found[0]["类别"] == "甲类" and found[0]["2025年 上限"] == "80万元"


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.35, "0%", "35%"),
        (0.125, "0.0%", "12.5%"),
        (50, '0"万元"', "50万元"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (-1234.5, '#,##0.00_);[Red]\\(#,##0.00\\)', "(1,234.50)"),
        (99.9, '"¥"#,##0.00', "¥99.90"),
        (99.9, "[$¥-804]#,##0.0", "¥99.9"),
        (12, "[$$-409]#,##0", "$12"),
        (5, "000", "005"),
        (12345678, '#,##0,"千元"', "12,346千元"),
        (0.5, "# ?/?", "0.5"),
        (0, '0;-0;"无"', "无"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (13900000000, "General", "13900000000"),
        (2.5, 'General"倍"', "2.5倍"),
        (7, ";;;", ""),
        (True, "General", "TRUE"),
        ("文本", "@", "文本"),
        (datetime(2026, 6, 1), "yyyy-mm-dd h:mm:ss", "2026-06-01"),
        (datetime(2026, 6, 1, 9, 30), "yyyy/m/d h:mm", "2026-06-01 09:30"),
        (datetime(2026, 6, 1), 'yyyy"年"m"月"d"日"', "2026年6月1日"),
        (datetime(2026, 6, 1), 'yyyy"年"m"月"', "2026年6月"),
        (date(2026, 6, 1), 'm"月"d"日"', "6月1日"),
        (time(9, 5), "h:mm", "09:05"),
    ],
)  # fmt: skip
def test_values_are_read_as_they_are_shown(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


def test_formats_hold_in_a_sheet_and_errors_are_told() -> None:
    def fill(sheet: Any) -> None:
        put(
            sheet,
            ["类别", "比例", "金额", "截止日期"],
            ["甲类", 0.35, 50, datetime(2026, 6, 1)],
            ["乙类", "#N/A", 30, "长期"],
        )
        sheet["B2"].number_format = "0%"
        sheet["C2"].number_format = '0"万元"'

    extract = book(fill)
    assert rows(extract) == [
        {"类别": "甲类", "比例": "35%", "金额": "50万元", "截止日期": "2026-06-01"},
        {"类别": "乙类", "比例": "#N/A", "金额": "30", "截止日期": "长期"},
    ]
    assert "1 格是错误值" in extract.warnings[0]


def test_sheet_names_head_their_sheets_and_hidden_ones_are_told() -> None:
    workbook = Workbook()
    put(workbook.active, ["名称", "金额"], ["创新券", 20])
    workbook.active.title = "市级"
    other = workbook.create_sheet("区级")
    put(other, ["名称", "金额"], ["研发补助", 50])
    workbook.create_sheet("空表")
    secret = workbook.create_sheet("底稿")
    put(secret, ["内部", "测算"], ["甲", 1])
    secret.sheet_state = "hidden"
    extract = read(saved(workbook))
    headings = [block.text for block in extract.blocks if block.kind is UnitKind.HEADING]
    assert headings == ["市级", "区级"] and len(rows(extract)) == 2
    assert [(each.reason, each.where) for each in extract.dropped] == [(Reason.HIDDEN, "表“底稿”")]


def test_hidden_rows_columns_comments_and_struck_text_are_told() -> None:
    def fill(sheet: Any) -> None:
        put(
            sheet,
            ["名称", "对象", "成本", "金额"],
            ["甲", "企业", "秘密甲", 20],
            ["乙", "院校", "秘密乙", 30],
            ["丙", "个人", "无", 5],
        )
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet["A2"].comment = Comment("请核对", "某人")
        sheet["A3"] = CellRichText("乙", TextBlock(InlineFont(strike=True), "旧名"))
        sheet["D3"].font = Font(strike=True)

    extract = book(fill)
    assert rows(extract) == [{"名称": "甲", "对象": "企业", "金额": "20"}, {"名称": "乙", "对象": "院校"}]
    told = {(each.reason, each.text) for each in extract.dropped}
    assert {
        (Reason.HIDDEN, "秘密甲"),
        (Reason.HIDDEN, "丙"),
        (Reason.COMMENT, "请核对"),
        (Reason.STRUCK, "旧名"),
        (Reason.STRUCK, "30"),
    } <= told


def test_raised_and_lowered_characters_in_a_cell() -> None:
    def fill(sheet: Any) -> None:
        put(sheet, ["指标", "要求", "备注"], ["面积", None, "无"])
        raised, lowered = InlineFont(vertAlign="superscript"), InlineFont(vertAlign="subscript")
        sheet["B2"] = CellRichText(
            "10", TextBlock(raised, "8"), "个/m", TextBlock(raised, "2"), "，CO", TextBlock(lowered, "2")
        )

    assert rows(book(fill))[0]["要求"] == "10⁸个/m²，CO₂"


def test_a_formula_is_read_by_its_saved_result_or_told() -> None:
    workbook = Workbook()
    put(workbook.active, ["名称", "数量", "金额"], ["甲", 2, "=B2*10"], ["乙", 3, 30])
    data = saved(workbook)
    extract = read_spreadsheet(data, ".xlsx")
    assert rows(extract)[0] == {"名称": "甲", "数量": "2"} and "公式没有保存结果" in extract.warnings[0]
    assert [(each.reason, each.text, each.where) for each in extract.dropped] == [
        (Reason.UNREADABLE, "=B2*10", "表“Sheet”C2")
    ]
    with_result = rewritten(data, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>20</v>", b"<v />", b"<v>20</v>")
    assert rows(read_spreadsheet(with_result, ".xlsx"))[0]["金额"] == "20"


def rewritten(data: bytes, part: str, *changes: bytes) -> bytes:
    """The archive with pairs of (old, new) bytes changed in one part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == part:
                for before, after in zip(changes[::2], changes[1::2], strict=True):
                    content = content.replace(before, after)
            new.writestr(item.filename, content)
    return buffer.getvalue()


def test_wrong_dimensions_and_far_cells_cost_nothing() -> None:
    workbook = Workbook()
    put(workbook.active, ["名称", "对象", "金额"], ["甲", "企业", 20])
    workbook.active.cell(1_048_576, 16_384, "最远的一格")
    data = rewritten(saved(workbook), "xl/worksheets/sheet1.xml", b'ref="A1:XFD1048576"', b'ref="A1"')
    assert "最远的一格" in " ".join(block.text for block in read(data).blocks)


def test_bad_workbooks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = Workbook()
    put(workbook.active, ["名称", "金额"], ["甲", 20])
    data = saved(workbook)
    entity = b'<!DOCTYPE a [<!ENTITY b "cc">]>'
    bomb = rewritten(data, "xl/workbook.xml", b"<workbook", entity + b"<workbook")
    for bad, match in (
        (b"\xd0\xcf\x11\xe0" + data, "旧格式"),
        (b"PK nothing", "损坏"),
        (data[:300], "损坏"),
        (bomb, "实体"),
    ):
        with pytest.raises(DocumentError, match=f"{match}.*解决办法"):
            read_spreadsheet(bad, ".xlsx")
    for name, value in (("MAX_UNPACKED_BYTES", 500), ("MAX_CELLS", 3)):
        with monkeypatch.context() as patch:
            patch.setattr(spreadsheet, name, value)
            with pytest.raises(DocumentError, match="太大"):
                read_spreadsheet(data, ".xlsx")
    with pytest.raises(DocumentError, match="xlsx"):
        read_spreadsheet(data, ".xls")


# --- csv ----------------------------------------------------------------------------------------

TABLE = [["编号", "名称", "说明"], ["1", "创新券", "每年最高20万元，不得转让"], ["2", "研发补助", "分两行\n写的说明"]]


def separated(delimiter: str, table: list[list[str]] = TABLE) -> str:
    quoted = [
        ['"' + cell.replace('"', '""') + '"' if delimiter in cell or "\n" in cell else cell for cell in row]
        for row in table
    ]
    return "\r\n".join(delimiter.join(row) for row in quoted)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    extract = read_spreadsheet(separated(delimiter).encode(encoding), ".csv")
    assert rows(extract) == [
        {"编号": "1", "名称": "创新券", "说明": "每年最高20万元，不得转让"},
        {"编号": "2", "名称": "研发补助", "说明": "分两行 写的说明"},
    ]


def test_the_line_that_names_the_delimiter_and_titles_above_the_header() -> None:
    extract = read_spreadsheet(("sep=;\r\n某区汇总表;;\r\n单位：万元\r\n" + separated(";")).encode(), ".csv")
    assert [block.text for block in extract.blocks][:2] == ["某区汇总表", "单位：万元"] and len(rows(extract)) == 2
    assert rows(read_spreadsheet(separated("\t").encode(), ".tsv"))[0]["名称"] == "创新券"


def test_one_bad_byte_costs_one_character_and_is_told() -> None:
    lines = "".join(f"{number},创新券服务机构名单,每年最高兑付二十万元\r\n" for number in range(40))
    data = bytearray(("编号,名称,说明\r\n" + lines).encode("gb18030"))
    data[200] = 0xFF
    extract = read_spreadsheet(bytes(data), ".csv")
    assert len(rows(extract)) == 40 and extract.warnings


def test_a_quote_that_is_never_closed_spoils_its_own_line_only() -> None:
    extract = read_spreadsheet('编号,名称,说明\n1,"甲,乙\n2,丙,丁\n3,戊,己\n'.encode(), ".csv")
    assert [row["编号"] for row in rows(extract)] == ["1", "2", "3"] and "引号" in extract.warnings[0]


def test_a_list_without_delimiter_stays_lines() -> None:
    extract = read_spreadsheet("名单如下\n某某科技公司\n某某研究院\n".encode(), ".csv")
    assert [block.text for block in extract.blocks] == ["名单如下", "某某科技公司", "某某研究院"]


NAMES = st.text(alphabet="甲乙丙丁科技企业补助标准", min_size=1, max_size=6)
CELLS = st.text(alphabet='甲乙丙丁，。；:;,|"\n 0123456789万元%', max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(3, 5), st.integers(1, 5), st.sampled_from([",", ";", "\t", "xlsx"]))
def test_any_table_gives_every_value_its_header(data: st.DataObject, columns: int, height: int, kind: str) -> None:
    header = [f"{data.draw(NAMES)}{'一二三四五'[number]}" for number in range(columns)]
    body = [[f"第{row}", *(data.draw(CELLS) for _ in range(columns - 2)), "完"] for row in range(height)]
    if kind == "xlsx":
        workbook = Workbook()
        put(workbook.active, header, *body)
        for row in workbook.active.iter_rows():
            for cell in row:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        extract = read(saved(workbook))
    else:
        buffer = io.StringIO()
        import csv

        csv.writer(buffer, delimiter=kind).writerows([header, *body])
        extract = read_spreadsheet(f"sep={kind}\n".encode() + buffer.getvalue().encode(), ".csv")
    expected = [
        {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=True) if cell.strip()} for row in body
    ]
    # Headers over empty columns stand in a row of their own.
    found = rows(extract)
    assert found[len(found) - len(expected) :] == expected
