"""Further lists of every kind, written after the reader was: what stands here was not looked at while it was built."""

from datetime import datetime

import pytest
from openpyxl.styles import Font

from bot.errors import MarketError
from bot.market.importing import import_file, text_rows
from bot.types import RecordKind
from tests.market.intake_files import HEADER, csv_file, need_row, table, workbook

NEED, OFFER, ORGANISATION = RecordKind.NEED, RecordKind.OFFER, RecordKind.ORGANISATION


def imported(store, path, kind=NEED, **options):
    return import_file(store, path, kind, actor="t", **options)


def told(report):
    return "\n".join(report.notes)


def test_a_line_of_sender_and_date_above(store, tmp_path):
    above = [["附件1"], ["技术需求征集表"], ["填报单位：青岩市科技局", None, None, "填报日期：2026年3月"]]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [*above, HEADER, need_row("n1", "电池快充")]))
    book.active.merge_cells("A2:J2")
    book.save(path)
    report = imported(store, path)
    assert (report.added, report.failed) == (1, ())


def test_a_table_that_begins_in_the_third_column(store, tmp_path):
    rows = [[None, None, *HEADER], [None, None, *need_row("n1", "电池快充")]]
    path, _ = workbook(tmp_path / "f.xlsx", ("Sheet1", [[], [], *rows]))
    report = imported(store, path)
    assert (report.added, report.failed, told(report)) == (1, (), "")


def test_column_names_with_stars_breaks_and_remarks(store, tmp_path):
    header = ["ＩＤ", "*需求名称\n（必填）", "技术 领域", "预算(单位：万元)"]
    path, _ = workbook(tmp_path / "f.xlsx", ("Sheet1", [header, ["n1", "电池快充", "新能源", 1200.5]]))
    assert imported(store, path).added == 1
    assert (store.need("n1").budget, store.need("n1").fields) == ("1200.5万元", ("新能源",))


def test_groups_over_every_column(store, tmp_path):
    rows = [
        ["需求信息", None, None, "单位信息", None, None],
        ["编号", "需求名称", "预算", "所属单位", "联系人", "联系电话"],
        ["n1", "电池快充", "50万元", "甲厂", "钱七", "12345678"],
    ]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", rows))
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("D1:F1")
    book.save(path)
    report = imported(store, path)
    assert (report.added, report.failed) == (1, ())
    assert store.private_contacts(NEED, ["n1"])["n1"].phone == "12345678"


def test_a_group_of_columns_that_no_field_takes(store, tmp_path):
    rows = [["编号", "需求名称", "专家评分", None], [None, None, "张", "李"], ["n1", "电池快充", 80, 90]]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", rows))
    for area in ("A1:A2", "B1:B2", "C1:D1"):
        book.active.merge_cells(area)
    book.save(path)
    assert imported(store, path).added == 1
    assert dict(store.origins(NEED, ["n1"])["n1"].aside) == {"专家评分张": "80", "专家评分李": "90"}


def test_an_identifier_column_that_nobody_filled_in(store, tmp_path):
    path = table(tmp_path / "f.xlsx", need_row(None, "电池快充"), need_row(None, "光伏清洗"))
    assert imported(store, path).added == 2
    assert imported(store, path).unchanged == 2


def test_identifiers_keep_their_zeros_as_shown(store, tmp_path):
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [HEADER, need_row(7, "电池快充"), need_row("008", "降噪")]))
    book.active["A2"].number_format = "000"
    book.save(path)
    imported(store, path)
    assert {record.id for record in store.iterate(NEED)} == {"007", "008"}


def test_a_long_telephone_number(store, tmp_path):
    imported(store, table(tmp_path / "f.xlsx", need_row("n1", "电池快充", 联系电话=13800138000)))
    assert store.private_contacts(NEED, ["n1"])["n1"].phone == "13800138000"


def test_the_unicode_text_of_a_spreadsheet(store, tmp_path):
    text = "编号\t需求名称\t预算\r\nn1\t电池快充\t50万元\r\n"
    assert imported(store, csv_file(tmp_path / "f.txt", text, "utf-16")).added == 1


def test_a_file_cut_off_within_a_character(store, tmp_path):
    text = "编号,需求名称,需求描述\nn1,低温环境下的电池快充,充电太慢\nn2,光伏板的清洗机器人,清洗时不能用水"
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode("gbk")[:-1])
    report = imported(store, path)
    assert report.added == 2 and "读不出" in told(report)


def test_a_bad_byte_in_utf8(store, tmp_path):
    text = "编号,需求名称,需求描述\nn1,低温环境下的电池快充,充电太慢\nn2,光伏板的清洗机器人,清洗时不能用水\n"
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode().replace("太慢".encode(), b"\xfe" + "慢".encode()))
    report = imported(store, path)
    assert report.added == 2 and "3" not in told(report).split("行")[0] and "读不出" in told(report)


def test_a_bad_byte_in_an_identifier_is_refused(store, tmp_path):
    text = "编号,需求名称,需求描述\n需一,低温环境下的电池快充,充电太慢\n需二,光伏板的清洗机器人,清洗时不能用水\n"
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode("gbk").replace("需二".encode("gbk"), "需".encode("gbk") + b"\xff"))
    report = imported(store, path)
    assert report.added == 1 and [row.row for row in report.failed] == [3]


def test_an_error_in_a_column_that_is_not_used_does_not_matter(store, tmp_path):
    header = ["序号", "编号", "需求名称", "查找结果"]
    path, _ = workbook(tmp_path / "f.xlsx", ("Sheet1", [header, ["#N/A", "n1", "电池快充", "#REF!"]]))
    report = imported(store, path)
    assert (report.added, report.failed) == (1, ())


def test_an_error_in_a_merged_cell_refuses_every_row_it_covers(store, tmp_path):
    rows = [HEADER, need_row("n1", "电池快充", "#N/A"), need_row("n2", "光伏清洗", ""), need_row("n3", "降噪")]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", rows))
    book.active.merge_cells("H2:H3")
    book.save(path)
    report = imported(store, path)
    assert report.added == 1 and [row.row for row in report.failed] == [2, 3]
    assert all("H2" in row.reason for row in report.failed)


@pytest.mark.slow
def test_thousands_of_formatted_but_empty_rows(store, tmp_path):
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [HEADER, need_row("n1", "电池快充")]))
    for number in range(3, 3_000):
        book.active.cell(number, 1).font = Font(bold=True)
    book.active.cell(1_000_000, 1).font = Font(bold=True)
    book.save(path)
    report = imported(store, path)
    assert (report.added, report.failed, told(report)) == (1, (), "")


def test_sheets_of_two_kinds(store, tmp_path):
    sheets = (
        ("单位", [["编号", "单位名称", "单位类型"], ["g1", "甲厂", "企业"]]),
        ("需求", [HEADER, need_row("n1", "电池快充", "甲厂")]),
    )
    path, _ = workbook(tmp_path / "f.xlsx", *sheets)
    assert imported(store, path, ORGANISATION).added == 1
    report = imported(store, path)
    assert report.added == 1 and "单位" in told(report)
    assert store.need("n1").owner_id == "g1"


def test_one_identifier_on_two_sheets(store, tmp_path):
    sheets = (("甲", [HEADER, need_row("1", "电池快充")]), ("乙", [HEADER, need_row("1", "光伏清洗")]))
    report = imported(store, workbook(tmp_path / "f.xlsx", *sheets)[0])
    assert report.added == 1
    assert "表“甲”第 2 行" in report.failed[0].reason and report.failed[0].sheet == "乙"


def test_json_lines_without_identifiers(store, tmp_path):
    path = csv_file(tmp_path / "f.jsonl", '{"title":"电池快充","owner":"甲厂"}\n{"title":"保鲜"}\n', "utf-8-sig")
    assert imported(store, path).added == 2
    assert imported(store, path).unchanged == 2


def test_a_list_that_lost_its_identifiers_is_known_by_its_rows(store, tmp_path):
    imported(store, csv_file(tmp_path / "f.csv", "编号,需求名称,所属单位\nX1,电池快充,甲厂\nX2,光伏清洗,乙厂\n"))
    report = imported(store, csv_file(tmp_path / "g.csv", "需求名称,所属单位\n电池快充,甲厂\n光伏清洗,乙厂\n"))
    assert (report.added, report.unchanged) == (0, 2)


def test_a_remark_in_the_column_of_names(store, tmp_path):
    text = "需求名称,所属单位\n电池快充,甲厂\n注：请于月底前报送,\n"
    report = imported(store, csv_file(tmp_path / "f.csv", text))
    assert (report.added, report.failed) == (1, ()) and "月底" in told(report)


def test_signatures_below(store, tmp_path):
    rows = [HEADER, need_row("n1", "电池快充"), ["制表人：张三", None, None, "审核人：李四"]]
    report = imported(store, workbook(tmp_path / "f.xlsx", ("Sheet1", rows))[0])
    assert (report.added, report.failed) == (1, ())


def test_a_section_title_within_the_table(store, tmp_path):
    rows = [HEADER, ["一、新能源"], need_row("n1", "电池快充"), ["二、农业"], need_row("n2", "果蔬保鲜")]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", rows))
    book.active.merge_cells("A2:J2")
    book.save(path)
    report = imported(store, path)
    assert (report.added, report.failed) == (2, ())


def test_a_hidden_column_is_read_and_told(store, tmp_path):
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [HEADER, need_row("n1", "电池快充")]))
    book.active.column_dimensions["A"].hidden = True
    book.save(path)
    report = imported(store, path)
    assert report.added == 1 and store.find(NEED, "n1") and "隐藏" in told(report)


def test_a_workbook_that_is_all_hidden_or_another_format(store, tmp_path):
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    (tmp_path / "page.xlsx").write_text("<html><table><tr><td>编号</td></tr></table></html>", "utf-8")
    for name in ("old.xlsx", "page.xlsx"):
        with pytest.raises(MarketError) as error:
            imported(store, tmp_path / name)
        assert error.value.remedy


def test_dates_of_every_shape_in_a_date_column(store, tmp_path):
    header = ["编号", "需求名称", "登记日期"]
    days = [datetime(2026, 6, 1), "2026/6/1", "2026年6月1日", "2026.06.01"]
    rows = [[f"n{place}", f"需求{place}", day] for place, day in enumerate(days)]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [header, *rows]))
    book.active["C2"].number_format = "d-mmm"
    book.save(path)
    imported(store, path)
    assert {record.as_of for record in store.iterate(NEED)} == {"2026-06-01"}


def test_a_county_fills_in_the_template_of_another(store, tmp_path):
    for county, rows in (("a", ["电池快充", "铸件检测"]), ("b", ["果蔬保鲜", "污泥干化"])):
        lines = "".join(f"need-00{place},{title},\n" for place, title in enumerate(rows, 1))
        csv_file(tmp_path / county / "需求模板.csv", "编号,需求名称,所属单位\n" + lines)
    assert imported(store, tmp_path / "a" / "需求模板.csv").added == 2
    report = imported(store, tmp_path / "b" / "需求模板.csv")
    assert (report.added, report.updated, len(report.failed)) == (0, 0, 2)
    assert all("需求模板.csv" in row.reason for row in report.failed)


def test_rows_of_the_page_carry_what_is_kept_aside(tmp_path):
    path = csv_file(tmp_path / "f.csv", "需求表,\n名称,推荐科室,预算\n电池快充,高新科,#N/A\n保鲜,农业科,5\n")
    first, second = text_rows(path, NEED)
    assert "C3" in first.problem and not first.entries
    assert dict(second.entries) == {"title": "保鲜", "budget": "5"} and dict(second.aside) == {"推荐科室": "农业科"}
