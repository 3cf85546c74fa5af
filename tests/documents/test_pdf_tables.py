"""Tables in PDF files: by ruling lines, by alignment, over page breaks, or line by line with a warning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.blocks import Extract, Reason
from bot.documents.formats.pdf import read_pdf
from bot.types import UnitKind
from tests.support.pdf_files import Paper, lost, missing


def read(paper: Paper) -> Extract:
    data = paper.save()
    extract = read_pdf(data)
    assert not lost(extract, data) and not missing(extract, paper)
    return extract


def rows(extract: Extract) -> list[dict[str, str]]:
    """The rows as value by header path."""
    return [
        {" ".join(cell.headers): cell.text for cell in block.cells}
        for block in extract.blocks
        if block.kind is UnitKind.ROW
    ]


def fill(paper: Paper, xs: list[float], tops: list[float], table: list[list[str]]) -> None:
    for row, top in zip(table, tops, strict=False):
        for x, cell in zip(xs, row, strict=False):
            for number, line in enumerate(cell.split("\n")):
                if line:
                    paper.text(x + 4, top + 16 + 15 * number, line, 11)


HEADER = ["企业类型", "支持条件", "最高金额"]


def test_a_ruled_table_with_broken_cells() -> None:
    paper = Paper()
    paper.text(200, 50, "研发补助标准", 16)
    paper.text(60, 88, "表1　补助标准")
    xs, tops = [60.0, 160.0, 300.0, 400.0], [100.0, 124.0, 164.0, 188.0]
    paper.grid(xs, tops)
    fill(
        paper,
        xs,
        tops,
        [HEADER, ["规模以上企\n业", "上年研发投入占营业\n收入不低于3%", "50万元"], ["小微企业", "", "30万元"]],
    )
    paper.lines("注：以上金额每年核定一次。", top=220)
    extract = read(paper)
    assert rows(extract) == [
        {"企业类型": "规模以上企业", "支持条件": "上年研发投入占营业收入不低于3%", "最高金额": "50万元"},
        {"企业类型": "小微企业", "最高金额": "30万元"},
    ]
    caption = next(block for block in extract.blocks if block.kind is UnitKind.CAPTION)
    assert (caption.text, caption.table) == ("表1 补助标准", 0)
    assert extract.blocks[-1].text == "注：以上金额每年核定一次。"


def test_merged_cells_and_two_header_rows() -> None:
    paper = Paper()
    xs, tops = [60.0, 160.0, 240.0, 320.0, 400.0, 480.0], [100.0, 124.0, 148.0, 172.0, 196.0]
    paper.rule(60, 100, 480, 100)
    paper.rule(160, 124, 480, 124)
    for top in (148, 196):
        paper.rule(60, top, 480, top)
    paper.rule(160, 172, 480, 172)
    for x in (60, 160, 320, 480):
        paper.rule(x, 100, x, 196)
    for x in (240, 400):
        paper.rule(x, 124, x, 196)
    fill(paper, xs, tops, [["类别", "2024年", "", "2025年"], ["", "比例", "上限", "比例", "上限"]])
    fill(paper, xs, tops[2:], [["甲类", "10%", "50万元", "15%", "80万元"], ["", "12%", "60万元", "18%", "90万元"]])
    assert rows(read(paper)) == [
        {"类别": "甲类", "2024年 比例": "10%", "2024年 上限": "50万元", "2025年 比例": "15%", "2025年 上限": "80万元"},
        {"类别": "甲类", "2024年 比例": "12%", "2024年 上限": "60万元", "2025年 比例": "18%", "2025年 上限": "90万元"},
    ]


def test_a_table_without_sides_or_drawn_with_boxes() -> None:
    for boxes in (False, True):
        paper = Paper()
        xs, tops = [60.0, 200.0, 340.0], [100.0, 124.0, 148.0, 172.0]
        if boxes:
            for x0, x1 in zip(xs, xs[1:], strict=False):
                for top in tops[:-1]:
                    paper.canvas.rect(x0, paper.size[1] - top - 24, x1 - x0, 24)
        else:
            for top in tops:
                paper.rule(60, top, 340, top)
            paper.rule(200, 100, 200, 172)
        fill(paper, xs, tops, [["名称", "上限"], ["创新券", "20万元"], ["研发补助", "50万元"]])
        assert rows(read(paper)) == [{"名称": "创新券", "上限": "20万元"}, {"名称": "研发补助", "上限": "50万元"}]


def test_a_table_goes_on_over_the_page_with_its_header_again() -> None:
    paper = Paper()
    xs = [60.0, 160.0, 300.0, 400.0]
    for page in range(2):
        paper.text(60, 40, "某区政策汇编", 9)
        tops = [100.0, 124.0, 148.0, 172.0]
        paper.grid(xs, tops)
        fill(paper, xs, tops, [HEADER, *([f"第{page}{n}类", f"条件{page}{n}", f"{page}{n}万元"] for n in (1, 2))])
        paper.text(290, 810, str(page + 1), 9)
        paper.page()
    extract = read(paper)
    assert [row["最高金额"] for row in rows(extract)] == ["01万元", "02万元", "11万元", "12万元"]
    assert {block.table for block in extract.blocks if block.kind is UnitKind.ROW} == {0}
    assert [each.text for each in extract.dropped if each.reason is Reason.REPEATED] == [" ".join(HEADER)]


def test_text_in_a_frame_is_no_table() -> None:
    paper = Paper()
    paper.grid([40.0, 555.0], [40.0, 800.0])
    paper.lines("第一条　本办法适用于全区企业。", "第二条　由区科委负责解释。")
    extract = read(paper)
    assert [block.text for block in extract.blocks] == ["第一条 本办法适用于全区企业。", "第二条 由区科委负责解释。"]


# --- without lines ------------------------------------------------------------------------------


def spread(paper: Paper, xs: list[float], top: float, table: list[list[str]], step: float = 18) -> None:
    for number, row in enumerate(table):
        for x, cell in zip(xs, row, strict=False):
            if cell:
                paper.text(x, top + step * number, cell)


def test_numbers_keep_their_column() -> None:
    paper = Paper()
    paper.lines("各年度标准如下（单位：万元）。")
    spread(paper, [60, 180, 300, 420], 110, [["类别", "2023年", "2024年", "2025年"], ["甲类", "100", "100", "120"]])
    spread(paper, [60, 180, 300, 420], 146, [["乙类", "60", "", "60"], ["丙类", "", "", "20"]])
    assert rows(read(paper)) == [
        {"类别": "甲类", "2023年": "100", "2024年": "100", "2025年": "120"},
        {"类别": "乙类", "2023年": "60", "2025年": "60"},
        {"类别": "丙类", "2025年": "20"},
    ]


def test_broken_cells_are_joined_without_lines_too() -> None:
    paper = Paper()
    spread(paper, [60, 180, 360], 100, [HEADER, ["规上企业", "上年研发投入占", "50万元"], ["", "比不低于3%", ""]])
    spread(paper, [60, 180, 360], 154, [["小微企业", "入库科技型中小", "30万元"], ["", "企业", ""]])
    assert rows(read(paper)) == [
        {"企业类型": "规上企业", "支持条件": "上年研发投入占比不低于3%", "最高金额": "50万元"},
        {"企业类型": "小微企业", "支持条件": "入库科技型中小企业", "最高金额": "30万元"},
    ]


def test_lines_across_the_page_part_the_rows() -> None:
    paper = Paper()
    for top in (84, 106, 146, 186):
        paper.rule(60, top, 460, top)
    spread(paper, [60, 180, 360], 100, [HEADER])
    spread(paper, [60, 180, 360], 122, [["规上企业", "上年有研发投入", "50万元"], ["", "且已备案", "左右"]])
    spread(paper, [60, 180, 360], 162, [["小微企业", "已入库", "30万元"], ["", "满一年", ""]])
    found = rows(read(paper))
    assert [row["企业类型"] for row in found] == ["规上企业", "小微企业"]
    assert (
        found[0]["最高金额"].replace(" ", "") == "50万元左右"
        and found[1]["支持条件"].replace(" ", "") == "已入库满一年"
    )


def test_what_cannot_be_placed_stays_line_by_line_with_a_warning() -> None:
    paper = Paper()
    spread(paper, [60, 180, 360], 100, [HEADER, ["甲类企业", "有研发", "50万元"]])
    spread(paper, [60, 180, 360], 136, [["", "另有规定", ""], ["乙类企业", "已备案", "30万元"]])
    extract = read(paper)
    assert not rows(extract) and any("核对" in warning for warning in extract.warnings)


def test_labels_beside_each_other_are_no_table() -> None:
    paper = Paper()
    spread(
        paper,
        [60, 300],
        100,
        [["联系人：张某", "电话：63000001"], ["传真：63000002", "邮编：200000"], ["地址：某路", ""]],
    )
    extract = read(paper)
    assert not rows(extract) and not extract.warnings


WORDS = st.text(alphabet="甲乙丙丁科技企业补助标准研发", min_size=2, max_size=6)
VALUES = st.integers(0, 99_999).map(lambda number: f"{number}万元")


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(2, 4), st.integers(2, 5), st.booleans())
def test_any_table_gives_every_value_its_headers(data: st.DataObject, columns: int, height: int, ruled: bool) -> None:
    header = ["名称", *(f"标准之{'一二三四'[number]}" for number in range(columns - 1))]
    body = [[data.draw(WORDS), *(data.draw(VALUES) for _ in range(1, columns))] for _ in range(height)]
    paper = Paper()
    xs = [60.0 + 120 * number for number in range(columns + 1)]
    tops = [100.0 + 24 * number for number in range(height + 2)]
    if ruled:
        paper.grid(xs, tops)
    fill(paper, xs, tops, [header, *body])
    assert rows(read(paper)) == [dict(zip(header, row, strict=True)) for row in body]


@pytest.mark.parametrize("turned", [False, True])
def test_a_label_set_upright_in_its_cell(turned: bool) -> None:
    paper = Paper()
    xs, tops = [60.0, 100.0, 260.0, 400.0], [100.0, 130.0, 220.0]
    paper.grid(xs, tops)
    fill(paper, xs, tops, [["类", "条件", "金额"], ["", "已入库", "30万元"]])
    if turned:
        paper.canvas.saveState()
        paper.canvas.translate(84, paper.size[1] - 210)
        paper.canvas.rotate(90)
        paper.canvas.drawString(0, 0, "小微企业")
        paper.drawn.append("小微企业")
        paper.canvas.restoreState()
    else:
        for number, character in enumerate("小微企业"):
            paper.text(72, 146 + 18 * number, character)
    assert rows(read(paper)) == [{"类": "小微企业", "条件": "已入库", "金额": "30万元"}]
