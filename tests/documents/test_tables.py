"""Tables of all formats: headers told by what stands below them, titles and groups, forms, what the ledger says."""

import pytest

from bot.documents.blocks import Reason
from bot.documents.tables import GridCell, TableBlocks, row_text, table_blocks
from bot.types import UnitCell, UnitKind

Grid = list[list[GridCell | None]]


def grid(*lines: str) -> Grid:
    """Rows of cells parted by ``|``; ``<`` goes on from the left, ``^`` from above, ``*`` marks a header."""
    rows: Grid = []
    for line in lines:
        row: list[GridCell | None] = []
        for column, text in enumerate(each.strip() for each in line.split("|")):
            if text == "<":
                row.append(row[-1])
            elif text == "^":
                row.append(rows[-1][column])
            else:
                row.append(GridCell(text.lstrip("*"), header=text.startswith("*")) if text else None)
        rows.append(row)
    return rows


def told(*lines: str, header_rows: int | None = None) -> list[str]:
    return [block.text for block in read(*lines, header_rows=header_rows).blocks]


def read(*lines: str, header_rows: int | None = None) -> TableBlocks:
    found = table_blocks(grid(*lines), 3, header_rows=header_rows)
    assert all(block.table == 3 for block in found.blocks)
    assert all(block.text == row_text(block.cells) for block in (*found.idle, *found.rows))
    assert len(found.places) == len(found.rows)
    return found


# --- headers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("类别 | 2021年标准 | 2024年标准", "甲类 | 10万元 | 20万元"),
        ("园区 | 5公里以内 | 10公里以内", "云谷园 | 免费 | 半价"),
        ("区域 | 3岁以下 | 3岁以上", "北屏区 | 200 | 300"),
        ("项目 | 2024年1月 | 2024年2月", "产值 | 1,200 | 1,300"),
        ("项目 | 2022 | 2023 | 2024", "产值 | 980 | 1200 | 1350"),
        ("企业 | 3月1日 | 3月2日", "甲公司 | 12 | 15"),
        ("指标 | 10万元以下 | 10万元以上", "比例 | 20% | 15%"),
        ("年度 | 1季度 | 2季度", "2024年 | 12% | 13%"),
        ("序号 | 名称 | 金额（万元）", "1 | 创新券 | 20"),
        (" | 云谷园 | 青石园", "占地面积 | 500亩 | 300亩"),
        ("类别 | 金额 | ", "甲类 | 10万元 | 另行通知"),
        ("名称 | 最高金额", "创新券 | 20万元"),
        ("政策名称 | 最高金额", "创新券 | 20万元"),
        ("年份 | 补贴标准", "2023年 | 200元"),
        ("缴费年限 | 15年 | 20年 | 25年", "月待遇 | 800元 | 900元 | 980元"),
        ("人数 | 1人 | 2人 | 3人及以上", "补助 | 1万元 | 2万元 | 3万元"),
        ("申报条件 | 所需材料 | 附件", "注册满一年 | 营业执照 | 样表"),
    ],
)
def test_a_header_differs_from_what_stands_below_it(header: str, values: str) -> None:
    names, texts = ([each.strip() for each in line.split("|")] for line in (header, values))
    (block,) = read(header, values).rows
    assert block.cells == tuple(
        UnitCell((name,) if name else (), text) for name, text in zip(names, texts, strict=True) if text
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("初审 | 县科技局 | 5个工作日内", "复审 | 市科技局 | 10个工作日内"),
        ("云谷园 | 2021年 | 500亩", "青石园 | 2023年 | 300亩"),
        ("1 | 张某 | 甲局", "2 | 李某 | 乙局"),
        ("一、申报 | 县科技局 | 线上", "二、审核 | 市科技局 | 线下"),
        ("甲 | 80 | 80", "乙 | 60 | 60"),
        ("资金 | 补助 | 科技局", "^ | 贴息 | 金融局"),
    ],
)
def test_a_first_row_like_the_others_is_no_header(lines: tuple[str, ...]) -> None:
    assert all(not cell.headers for block in read(*lines).rows for cell in block.cells)
    assert len(read(*lines).rows) == 2


def test_headers_of_three_levels() -> None:
    assert told(
        "类别 | 支持标准 | < | < | < | 备注",
        "^ | 市级 | < | 区级 | < | ^",
        "^ | 比例 | 上限 | 比例 | 上限 | ^",
        "设备 | 10% | 30万元 | 5% | 10万元 | 按年",
        "软件 | 20% | 30万元 | 5% | | ",
    ) == [
        "类别：设备；支持标准 市级 比例：10%；支持标准 市级 上限：30万元；支持标准 区级 比例：5%；"
        "支持标准 区级 上限：10万元；备注：按年",
        "类别：软件；支持标准 市级 比例：20%；支持标准 市级 上限：30万元；支持标准 区级 比例：5%",
    ]


def test_headers_repeated_in_place_of_merging() -> None:
    assert told("类别 | 2024年 | 2024年 | 2025年 | 2025年", " | 比例 | 上限 | 比例 | 上限", "甲 | 1% | 2 | 3% | 4") == [
        "类别：甲；2024年 比例：1%；2024年 上限：2；2025年 比例：3%；2025年 上限：4"
    ]
    assert told("名称 | 金额 | 名称 | 金额", "甲 | 1 | 乙 | 2") == ["名称：甲；金额：1；名称：乙；金额：2"]


def test_units_below_the_names_belong_to_the_header() -> None:
    assert told("企业 | 产值 | 增速", "^ | （万元） | （%）", "甲公司 | 500 | 12") == [
        "企业：甲公司；产值 （万元）：500；增速 （%）：12"
    ]


def test_text_below_a_merged_header_is_a_value() -> None:
    assert told("区域 | 服务机构 | <", "北屏区 | 甲公司 | 乙公司", "东川区 | 丙公司 | 丁公司") == [
        "区域：北屏区；服务机构：甲公司；服务机构：乙公司",
        "区域：东川区；服务机构：丙公司；服务机构：丁公司",
    ]


def test_marks_of_the_format() -> None:
    assert told("*甲 | *乙 | *丙", "丁 | 戊 | 己", header_rows=0) == ["甲；乙；丙", "丁；戊；己"]
    assert told("*100 | *200", "甲 | 乙") == ["100：甲；200：乙"]
    # A group marked as a header is not one, nor is a table that is marked as a whole.
    assert told("*项目 | *金额", "*北屏区 | <", "补助 | 1", "*东川区 | <", "补助 | 2") == [
        "北屏区", "北屏区；项目：补助；金额：1", "东川区", "东川区；项目：补助；金额：2",
    ]  # fmt: skip
    assert told("*项目 | *对象 | *金额", "*补助 | *企业 | *1") == ["项目：补助；对象：企业；金额：1"]


def test_a_header_printed_again_goes_to_the_ledger() -> None:
    found = read(
        "补助标准 | < | <", "序号 | 项目 | 金额", "1 | 甲 | 10", "补助标准 | < | <", "序号 | 项目 | 金额", "2 | 乙 | 20"
    )
    assert [block.text for block in found.blocks] == [
        "补助标准",
        "序号：1；项目：甲；金额：10",
        "序号：2；项目：乙；金额：20",
    ]
    assert [(each.reason, each.text) for each in found.dropped] == [
        (Reason.REPEATED, "补助标准"), (Reason.REPEATED, "序号 项目 金额"),
    ]  # fmt: skip
    assert found.places == (2, 5)


def test_headers_over_empty_columns_stand_in_a_row_of_their_own() -> None:
    found = read("序号 | 单位 | 审核 | <", "^ | ^ | 签字 | 盖章", "1 | 云溪农机厂 | | ", "2 | 云溪泵业 | |")
    assert [block.text for block in found.idle] == ["审核；签字；盖章"]
    assert [block.text for block in found.rows] == ["序号：1；单位：云溪农机厂", "序号：2；单位：云溪泵业"]


def test_names_of_objects_across_and_indicators_down() -> None:
    assert told("指标 | 云谷园 | 青石园", "占地面积 | 500亩 | 300亩", "入驻企业 | 120家 | 80家") == [
        "指标：占地面积；云谷园：500亩；青石园：300亩",
        "指标：入驻企业；云谷园：120家；青石园：80家",
    ]


# --- titles, groups, merged cells ---------------------------------------------------------------


def test_titles_number_and_unit() -> None:
    found = read("补助标准 | < | <", "表1 标准 | | 单位：万元", "类别 | 对象 | 金额", "甲 | 企业 | 5")
    assert [block.text for block in found.captions] == ["补助标准", "表1 标准", "单位：万元"]
    assert [block.text for block in found.rows] == ["类别：甲；对象：企业；金额：5"]
    assert told("*补助标准 | <", "*名称 | *金额", "甲 | 5") == ["补助标准", "名称：甲；金额：5"]
    wide = grid(
        "补助标准 | < | < | < | < | <", "类别 | 对象 | 金额", "甲 | 企业 | 5", "乙类区域 | < | <", "乙 | 企业 | 6"
    )
    assert [block.text for block in table_blocks(wide, 0).rows][-1] == "乙类区域；类别：乙；对象：企业；金额：6"


def test_a_row_of_one_cell_names_the_rows_below_it() -> None:
    assert told(
        "项目 | 对象 | 金额",
        "北屏区 | < | <", "研发补助 | 企业 | 10万元",
        "东川区 | < | <", "研发补助 | 企业 | 20万元", "贷款贴息 | 企业 | 5万元",
        "注：以上金额每年核定一次。 | < | <", "合计 | | 35万元",
    ) == [
        "北屏区", "北屏区；项目：研发补助；对象：企业；金额：10万元",
        "东川区", "东川区；项目：研发补助；对象：企业；金额：20万元", "东川区；项目：贷款贴息；对象：企业；金额：5万元",
        "注：以上金额每年核定一次。", "项目：合计；金额：35万元",
    ]  # fmt: skip


def test_groups_within_groups() -> None:
    lines = ("项目 | 对象 | 金额", "北屏区 | < | <", "一、研发 | < | <", "补助 | 企业 | 1", "二、贷款 | < | <",
             "贴息 | 企业 | 2", "东川区 | < | <", "三、其他 | < | <", "（一）人才 | < | <", "奖励 | 个人 | 3")  # fmt: skip
    assert [text for text in told(*lines) if "金额" in text] == [
        "北屏区；一、研发；项目：补助；对象：企业；金额：1",
        "北屏区；二、贷款；项目：贴息；对象：企业；金额：2",
        "东川区；三、其他；（一）人才；项目：奖励；对象：个人；金额：3",
    ]


def test_merged_cells_are_told_in_every_row_and_once_in_each() -> None:
    assert told("领域 | 方向 | 金额", "新材料 | 石墨烯 | 10", "^ | 合金 | ^", "装备 | 另行规定 | <") == [
        "领域：新材料；方向：石墨烯；金额：10",
        "领域：新材料；方向：合金；金额：10",
        "领域：装备；方向、金额：另行规定",
    ]


def test_equal_cells_stay_and_a_row_without_a_cell_of_its_own_says_nothing() -> None:
    assert (
        told("档次 | 2023年 | 2024年", "一档 | 80 | 80", "一档 | 80 | 80", "^ | ^ | ^")
        == ["档次：一档；2023年：80；2024年：80"] * 2
    )


# --- forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("企业名称 | 云溪泵业 | 法定代表人 | 张某", "注册资本 | 500万元 | 成立时间 | 2015年3月", "地址 | 云溪镇1号 | < | <"),
            ["企业名称：云溪泵业；法定代表人：张某", "注册资本：500万元；成立时间：2015年3月", "地址：云溪镇1号"],
        ),
        (
            ("姓名 | 李某 | 性别 | 女 | 民族 | 汉", "学历 | 本科 | 职称 | 工程师 | 联系电话 | 0533-6600000"),
            ["姓名：李某；性别：女；民族：汉", "学历：本科；职称：工程师；联系电话：0533-6600000"],
        ),
        (
            ("项目名称 | | 负责人 | ", "申请单位 | | 联系电话 | ", "推荐意见（盖章） | | | "),
            ["项目名称；负责人", "申请单位；联系电话", "推荐意见（盖章）"],
        ),
        (("甲方： | 云溪泵业 | 乙方： | 青石研究院", "签于： | 云溪 | 份数： | 两份"),
         ["甲方：云溪泵业；乙方：青石研究院", "签于：云溪；份数：两份"]),
        (("名称 | 云溪泵业", "地址 | 云溪镇1号", "联系电话 | 0533-6600000"),
         ["名称：云溪泵业", "地址：云溪镇1号", "联系电话：0533-6600000"]),
        (
            ("基本情况 | 企业名称 | 云溪泵业", "^ | 注册资本 | 500万元", "项目情况 | 项目名称 | 新泵"),
            ["基本情况；企业名称：云溪泵业", "基本情况；注册资本：500万元", "项目情况；项目名称：新泵"],
        ),
        (
            ("申报表 | < | < | <", "一、基本情况 | < | < | <", "企业名称 | 云溪泵业 | 法定代表人 | 张某",
             "二、项目情况 | < | < | <", "项目名称 | 新泵 | 起止时间 | 一年"),
            ["申报表", "一、基本情况", "一、基本情况；企业名称：云溪泵业；法定代表人：张某",
             "二、项目情况", "二、项目情况；项目名称：新泵；起止时间：一年"],
        ),
        (
            ("姓名 | 李某 | 性别 | 女 | 照片", "民族 | 汉 | 学历 | 本科 | ^", "地址 | 云溪镇1号 | < | < | <"),
            ["姓名：李某；性别：女；照片", "民族：汉；学历：本科；照片", "地址：云溪镇1号"],
        ),
        (("*甲 | 1号 | *乙 | 2号", "*丙 | 3号 | *丁 | 4号"), ["甲：1号；乙：2号", "丙：3号；丁：4号"]),
        (("申请单位 | 云溪泵业",), ["申请单位：云溪泵业"]),
    ],
)  # fmt: skip
def test_forms_read_label_and_value(lines: tuple[str, ...], expected: list[str]) -> None:
    assert told(*lines) == expected


@pytest.mark.parametrize(
    "lines",
    [
        ("区域 | 金额 | 单位 | 数量", "北屏区 | 50万元 | 甲公司 | 3", "东川区 | 待定 | 乙公司 | 4"),
        ("事项名称 | 申请条件 | 办理期限 | 收费标准", "名称变更 | 无 | 5日 | 免费", "地址变更 | 无 | 3日 | 免费"),
        ("项目 | 内容", "申报条件 | 注册满一年", "办理时间 | 全年"),
    ],
)
def test_tables_with_an_even_number_of_columns_are_no_forms(lines: tuple[str, ...]) -> None:
    names = tuple(each.strip() for each in lines[0].split("|"))
    assert all(tuple(cell.headers[0] for cell in block.cells) == names for block in read(*lines).rows)


def test_a_value_equal_to_its_label_goes_to_the_ledger() -> None:
    found = read("联系方式 | 联系方式", "电话 | 另行公布")
    assert [block.text for block in found.blocks] == ["联系方式", "电话：另行公布"]
    assert [(each.reason, each.text) for each in found.dropped] == [(Reason.REPEATED, "联系方式")]


def test_captions_and_rows_are_of_their_kinds() -> None:
    found = read("标准 | < | <", "类别 | 对象 | 金额", "甲 | 企业 | 5")
    assert [block.kind for block in found.blocks] == [UnitKind.CAPTION, UnitKind.ROW]
    assert table_blocks([], 0) == TableBlocks() and table_blocks([[None], [GridCell("")]], 0) == TableBlocks()
