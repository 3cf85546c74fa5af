"""Word tables: merged cells, several header rows, nested and layout tables, rows and cells left out."""

import pytest

from bot.documents.blocks import Reason
from bot.types import UnitCell, UnitKind
from tests.support.word_files import (
    abstract,
    cell,
    dropped,
    level,
    numbered,
    paragraph,
    read,
    row,
    table,
    texts,
)

DOWN = '<w:vMerge w:val="restart"/>'
ON = "<w:vMerge/>"


def across(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def test_equal_values_in_different_cells_all_stay() -> None:
    extract = read(table(row("档次", "2023年", "2024年"), row("一档", "80", "80"), row("二档", "60", "60")))
    assert texts(extract) == ["档次：一档；2023年：80；2024年：80", "档次：二档；2023年：60；2024年：60"]


def test_two_header_rows_give_every_value_its_whole_path() -> None:
    head = row(cell("类别", DOWN), cell("2024年", across(2)), cell("2025年", across(2)))
    second = row(cell("", ON), "比例", "上限", "比例", "上限")
    extract = read(table(head, second, row("联合攻关", "10%", "30万元", "12%", "40万元")))
    (block,) = extract.blocks
    assert block.cells == (
        UnitCell(("类别",), "联合攻关"),
        UnitCell(("2024年", "比例"), "10%"),
        UnitCell(("2024年", "上限"), "30万元"),
        UnitCell(("2025年", "比例"), "12%"),
        UnitCell(("2025年", "上限"), "40万元"),
    )


@pytest.mark.parametrize("marked", [1, 2])
def test_marked_header_rows(marked: int) -> None:
    header = "<w:tblHeader/>"
    first = row(cell("项目", DOWN), cell("补助", across(2)), properties=header)
    second = row(cell("", ON), "比例", "上限", properties=header if marked == 2 else "")
    extract = read(table(first, second, row("设备", "20%", "10万元")))
    assert texts(extract) == ["项目：设备；补助 比例：20%；补助 上限：10万元"]


def test_a_marked_header_of_values_and_a_title_row() -> None:
    header = "<w:tblHeader/>"
    title = row(cell("补助标准（单位：万元）", across(2)), properties=header)
    extract = read(table(title, row("企业", "3家以上", properties=header), row("甲公司", "20")))
    assert [(block.kind, block.text) for block in extract.blocks] == [
        (UnitKind.CAPTION, "补助标准（单位：万元）"), (UnitKind.ROW, "企业：甲公司；3家以上：20"),
    ]  # fmt: skip


def test_merged_cells_stand_in_every_row_they_cover() -> None:
    body = table(
        row("领域", "方向", "经费"),
        row(cell("新材料", DOWN), "石墨烯", "50"),
        row(cell("", ON), "高温合金", cell("60", DOWN)),
        row("装备", "机器人", cell("", ON)),
    )
    assert texts(read(body)) == [
        "领域：新材料；方向：石墨烯；经费：50",
        "领域：新材料；方向：高温合金；经费：60",
        "领域：装备；方向：机器人；经费：60",
    ]


def test_old_style_merged_columns() -> None:
    start, more = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    body = table(row("甲", "乙", "丙"), row(cell("合并值", start), cell("", more), "末值"))
    assert texts(read(body)) == ["甲、乙：合并值；丙：末值"]


def test_text_that_a_merged_cell_covers_is_noted() -> None:
    body = table(row("甲", "乙", "丙"), row(cell("上", DOWN), "1", "2"), row(cell("盖住的字", ON), "3", "4"))
    assert dropped(read(body), Reason.HIDDEN) == ["盖住的字"]


def test_rows_that_begin_and_end_late() -> None:
    body = table(
        row("甲", "乙", "丙"),
        row("1", "2", "3"),
        row("4", "5", properties='<w:gridBefore w:val="1"/>'),
        row("6", properties='<w:gridAfter w:val="2"/>'),
    )
    assert texts(read(body)) == ["甲：1；乙：2；丙：3", "乙：4；丙：5", "甲：6"]


def test_controls_around_rows_and_cells() -> None:
    control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    custom = f"<w:customXml w:element='x'>{cell('一年')}</w:customXml>"
    first = row("名称", control.format(cell("金额")), "期限")
    second = control.format(row("贷款贴息", "5万元", custom))
    assert texts(read(table(first, second))) == ["名称：贷款贴息；金额：5万元；期限：一年"]


def test_deleted_and_hidden_rows_and_deleted_cells() -> None:
    body = table(
        row("名称", "金额", "期限"),
        row("甲", "1", "2", properties='<w:del w:id="1"/>'),
        row("乙", "3", "4", properties='<w:ins w:id="2"/>'),
        row("丙", "5", "6", properties="<w:hidden/>"),
        row("丁", cell("7", '<w:cellDel w:id="3"/>'), "8"),
    )
    extract = read(body)
    assert texts(extract) == ["名称：乙；金额：3；期限：4", "名称：丁；期限：8"]
    assert dropped(extract, Reason.DELETED) == ["甲12", "7"] and dropped(extract, Reason.HIDDEN) == ["丙56"]
    assert {each.where for each in extract.dropped} == {"表1"}


def test_a_nested_table_follows_its_row() -> None:
    inner = table(row("批次", "时间", "额度"), row("首批", "3月", "2万元"))
    body = table(
        row("事项", "说明", "部门"),
        row("创新券", cell(paragraph("分批发放") + inner), "科技局"),
        row("贷款", "随到随办", "金融局"),
    )
    extract = read(body)
    assert texts(extract) == [
        "事项：创新券；说明：分批发放；部门：科技局",
        "批次：首批；时间：3月；额度：2万元",
        "事项：贷款；说明：随到随办；部门：金融局",
    ]
    assert [block.table for block in extract.blocks] == [0, 1, 0]


@pytest.mark.parametrize(
    "body",
    [
        table(row(cell(paragraph("一、总体要求") + paragraph("坚持企业主体。")))),
        table(row("一、总体要求"), row("坚持企业主体。")),
        table(row("一、总体要求", "坚持企业主体。")),
        table(row(cell(table(row("一、总体要求"), row("坚持企业主体。"))))),
    ],
)
def test_tables_that_only_place_text_are_paragraphs(body: str) -> None:
    extract = read(paragraph("前言") + body)
    if len(extract.blocks) == 3:
        assert texts(extract) == ["前言", "一、总体要求", "坚持企业主体。"]
        assert {block.kind for block in extract.blocks} == {UnitKind.PARAGRAPH}
    else:
        assert texts(extract) == ["前言", "一、总体要求：坚持企业主体。"]


def test_a_line_with_number_and_signer_is_two_paragraphs_and_a_label_with_value_one_row() -> None:
    assert texts(read(table(row("云科发〔2025〕7号", "签发人：李某")))) == ["云科发〔2025〕7号", "签发人：李某"]
    assert texts(read(table(row("申请单位", "云溪轴承公司")))) == ["申请单位：云溪轴承公司"]
    assert texts(read(table(row("姓名", "张某", "性别", "男")))) == ["姓名；张某；性别；男"]
    columns = ["东部片区的科技企业" * 8 + "。", "西部片区的科技企业" * 8 + "。", "其他。"]
    assert texts(read(table(row(*columns)))) == columns


def test_automatic_numbers_are_the_values_of_a_column() -> None:
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    serial = cell(f"<w:p><w:pPr>{number}</w:pPr></w:p>")
    body = table(row("序号", "材料", "份数"), row(serial, "申请书", "2"), row(serial, "承诺书", "1"))
    extract = read(body, numbering=abstract(0, level("%1")) + numbered(1, 0))
    assert texts(extract) == ["序号：1；材料：申请书；份数：2", "序号：2；材料：承诺书；份数：1"]


def test_several_paragraphs_and_breaks_in_a_cell() -> None:
    upright = cell(paragraph("序") + paragraph("号"))
    conditions = cell(paragraph("注册一年以上") + paragraph("信用良好"))
    body = table(row(upright, "条件", "材料"), row("1", conditions, cell("章程\n副本")))
    assert texts(read(body)) == ["序号：1；条件：注册一年以上 信用良好；材料：章程 副本"]


def test_page_numbers_in_cells_are_values() -> None:
    assert texts(read(table(row("甲", "乙", "丙"), row("1/2", "— 3 —", "x")))) == ["甲：1/2；乙：— 3 —；丙：x"]


def test_endless_spans_and_columns_are_cut() -> None:
    wide = table(row("甲", cell("乙", across(10**8)), "丙"), row("1", "2", "3"))
    assert texts(read(wide)) == ["丙", "甲：1；乙：2；乙：3"]
    many = table(row(*[f"列{index}" for index in range(300)]), row(*["x"] * 300))
    extract = read(many)
    assert sum(len(text) for text in dropped(extract, Reason.TOO_MUCH)) > 300


def test_a_long_cell_over_endless_rows_is_not_repeated_for_ever() -> None:
    rows = [row(cell("长" * 5000, DOWN), "1", "2")] + [row(cell("", ON), str(index), "2") for index in range(500)]
    extract = read(table(row("甲", "乙", "丙"), *rows))
    assert len(extract.blocks) == 501 and sum(len(text) for text in texts(extract)) < 100_000


def test_tables_in_tables_without_end_are_told() -> None:
    body = paragraph("最里面")
    for _ in range(40):
        body = table(row(cell(body), "x", "y"), row("1", "2", "3"))
    extract = read(body)
    assert "最里面" in "".join(dropped(extract, Reason.TOO_MUCH))


def test_headers_over_empty_columns_are_kept_and_values_that_repeat_their_label_are_noted() -> None:
    blank = table(row("序号", "单位", "盖章"), row("1", "云溪农机厂", ""), row("2", "云溪泵业", ""))
    assert texts(read(blank)) == ["盖章", "序号：1；单位：云溪农机厂", "序号：2；单位：云溪泵业"]
    pairs = table(row("联系方式", "联系方式"), row("电话", "另行公布"))
    extract = read(pairs)
    assert texts(extract) == ["联系方式", "电话：另行公布"] and dropped(extract, Reason.REPEATED) == ["联系方式"]
