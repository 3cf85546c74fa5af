"""What lists of offices look like: titles above, notes below, merged and hidden cells, errors, odd encodings."""

import zipfile
from datetime import datetime

import pytest

from bot.errors import MarketError
from bot.market.importing import import_file, text_rows
from bot.types import RecordKind
from tests.market.intake_files import HEADER, csv_file, need_row, table, workbook

NEED, OFFER, ORGANISATION = RecordKind.NEED, RecordKind.OFFER, RecordKind.ORGANISATION


def imported(store, path, kind=NEED):
    return import_file(store, path, kind, actor="t")


def told(report):
    return "\n".join(report.notes)


@pytest.mark.parametrize("above", [1, 2, 5])
def test_the_header_stands_under_title_rows(store, tmp_path, above):
    rows = [[f"青岩市2026年企业技术需求汇总表（{number}）"] for number in range(above)]
    path, _ = workbook(tmp_path / "f.xlsx", ("Sheet1", [*rows, HEADER, need_row("n1", "电池快充")]))
    assert imported(store, path).added == 1
    assert store.need("n1").title == "电池快充"


def test_a_line_of_who_sends_it_is_no_header(store, tmp_path):
    above = [["技术需求表"], ["单位", "青岩市科技局", "日期", "2026-03-01"], [None]]
    path, _ = workbook(tmp_path / "f.xlsx", ("Sheet1", [*above, HEADER, need_row("n1", "电池快充")]))
    assert imported(store, path).added == 1


def test_a_title_line_in_csv(store, tmp_path):
    path = csv_file(tmp_path / "f.csv", "某市需求汇总表,,\n编号,需求名称,预算\nn1,电池快充,50万元\n")
    assert imported(store, path).added == 1
    assert store.need("n1").budget == "50万元"


def test_two_rows_of_header_merged(store, tmp_path):
    rows = [
        ["编号", "需求名称", "联系方式", None, "所属单位"],
        [None, None, "联系人", "联系电话", None],
        ["n1", "电池快充", "钱七", "12345678", "甲厂"],
    ]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", rows))
    for area in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
        book.active.merge_cells(area)
    book.save(path)
    assert imported(store, path).added == 1
    contact = store.private_contacts(NEED, ["n1"])["n1"]
    assert (contact.name, contact.phone) == ("钱七", "12345678")


def test_two_rows_of_header_in_csv(store, tmp_path):
    text = "编号,需求名称,技术要求,,所属单位\n,,技术指标,现状,\nn1,电池快充,30分钟,90分钟,甲厂\n"
    assert imported(store, csv_file(tmp_path / "f.csv", text)).added == 1
    assert (store.need("n1").indicators, store.need("n1").current_state) == ("30分钟", "90分钟")


def test_notes_below_the_table_are_no_records_and_told(store, tmp_path):
    rows = [
        HEADER,
        need_row("n1", "电池快充"),
        [],
        ["注：本表由各县科技局汇总，如有疑问请联系市局"],
        ["合计", None, None, None, None, "50万元"],
    ]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [*rows, ["填表说明：每条一行"]]))
    book.active.merge_cells("A6:J6")
    book.save(path)
    report = imported(store, path)
    assert (report.added, report.failed) == (1, ())
    assert "注：本表由各县" in told(report) and "填表说明" in told(report)


def test_rows_with_nothing_but_a_serial_number_are_empty(store, tmp_path):
    text = "序号,需求名称,所属单位\n1,电池快充,甲厂\n2,,\n3,,\n"
    report = imported(store, csv_file(tmp_path / "f.csv", text))
    assert (report.added, report.failed) == (1, ())


def test_a_header_printed_again_is_skipped(store, tmp_path):
    path = table(tmp_path / "f.xlsx", need_row("n1", "电池快充"), HEADER, need_row("n2", "光伏清洗"))
    report = imported(store, path)
    assert (report.added, report.failed) == (2, ())


def test_every_sheet_with_a_table_is_read_and_named(store, tmp_path):
    sheets = (
        ("甲县", [HEADER, need_row("n1", "电池快充")]),
        ("说明", [["本表填写说明"], ["名称", "是", "一句话"]]),
        ("乙县", [["乙县需求"], HEADER, need_row("n2", "光伏清洗"), need_row("n3", "")]),
    )
    report = imported(store, workbook(tmp_path / "f.xlsx", *sheets)[0])
    assert report.added == 2
    assert [(sheet.name, sheet.rows) for sheet in report.sheets] == [("甲县", 1), ("乙县", 2)]
    assert "说明" in told(report)
    (failed,) = report.failed
    assert (failed.sheet, failed.row) == ("乙县", 4) and "乙县" in failed.reason


def test_hidden_sheets_and_rows_are_told(store, tmp_path):
    path, book = workbook(
        tmp_path / "f.xlsx",
        ("甲县", [HEADER, need_row("n1", "电池快充"), need_row("n2", "光伏清洗")]),
        ("旧表", [HEADER, need_row("n3", "旧需求")]),
    )
    book["旧表"].sheet_state = "hidden"
    book["甲县"].row_dimensions[3].hidden = True
    book.save(path)
    report = imported(store, path)
    assert report.added == 1 and store.find(NEED, "n3") is None
    assert "旧表" in told(report) and "隐藏" in told(report) and "3" in told(report)


def test_a_merged_cell_counts_for_every_row(store, tmp_path):
    rows = [
        HEADER,
        need_row("n1", "电池快充", "甲厂"),
        need_row("n2", "光伏清洗", ""),
        need_row("n3", "别家的", "乙厂"),
    ]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", rows))
    book.active.merge_cells("H2:H3")
    book.save(path)
    assert imported(store, path).added == 3
    owners = [store.organisation(store.need(record).owner_id).title for record in ("n1", "n2", "n3")]
    assert owners == ["甲厂", "甲厂", "乙厂"]


@pytest.mark.parametrize("claimed", ['<dimension ref="A1"/>', '<dimension ref="A1:B2"/>', ""])
def test_a_wrong_dimension_loses_no_row(store, tmp_path, claimed):
    made = table(tmp_path / "made.xlsx", need_row("n1", "电池快充"), need_row("n2", "光伏清洗"))
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'<dimension ref="A1:J3"/>', claimed.encode())
            target.writestr(name, content)
    assert imported(store, path).added == 2
    assert store.need("n2").owner_id is not None


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.35, "0%", "35%"),
        (0.125, "0.0%", "12.5%"),
        (50, '0"万元"', "50万元"),
        (1234567.5, "¥#,##0.00", "¥1,234,567.50"),
        (datetime(2026, 6, 1), "yyyy-mm-dd h:mm:ss", "2026-06-01"),
        (datetime(2026, 6, 1), 'yyyy"年"m"月"d"日"', "2026年6月1日"),
        (0.3, "General", "0.3"),
        (50, "General", "50"),
    ],
)
def test_numbers_and_dates_go_in_as_shown(store, tmp_path, value, number_format, shown):
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [HEADER, need_row("n1", "电池快充", 预算=value)]))
    book.active["F2"].number_format = number_format
    book.save(path)
    imported(store, path)
    assert store.need("n1").budget == shown


def test_the_unit_of_a_column_goes_with_its_numbers(store, tmp_path):
    text = "编号,需求名称,预算（万元）\nn1,电池快充,50\nn2,光伏清洗,面议\nn3,降噪,80万元\n"
    imported(store, csv_file(tmp_path / "f.csv", text))
    assert [store.need(each).budget for each in ("n1", "n2", "n3")] == ["50万元", "面议", "80万元"]


def test_a_date_without_its_year_shown_is_still_that_day(store, tmp_path):
    header = [*HEADER, "登记日期"]
    row = [*need_row("n1", "电池快充"), datetime(2026, 6, 1)]
    path, book = workbook(tmp_path / "f.xlsx", ("Sheet1", [header, row]))
    book.active["K2"].number_format = 'm"月"d"日"'
    book.save(path)
    imported(store, path)
    assert store.need("n1").as_of == "2026-06-01"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_cell_refuses_its_row_by_the_name_of_the_cell(store, tmp_path, error):
    path = table(tmp_path / "f.xlsx", need_row("n1", "电池快充"), need_row("n2", "光伏清洗", 预算=error))
    report = imported(store, path)
    assert report.added == 1
    (failed,) = report.failed
    assert failed.row == 3 and "F3" in failed.reason and error in failed.reason


def test_an_error_in_csv_refuses_its_row(store, tmp_path):
    text = "编号,需求名称,预算\nn1,电池快充,#N/A\nn2,光伏清洗,5万元\n"
    report = imported(store, csv_file(tmp_path / "f.csv", text))
    assert report.added == 1 and [row.row for row in report.failed] == [2]


def test_a_formula_counts_by_its_saved_value(store, tmp_path):
    made = table(
        tmp_path / "made.xlsx", need_row("n1", "电池快充", 预算="=20+30"), need_row("n2", "光伏清洗", 预算="=1+1")
    )
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert (
                    b"<f>20+30</f><v></v>" in content
                    or b"<f>20+30</f><v/>" in content
                    or b"<f>20+30</f><v />" in content
                )
                for empty in (b"<v></v>", b"<v/>", b"<v />"):
                    content = content.replace(b"<f>20+30</f>" + empty, b"<f>20+30</f><v>50</v>")
            target.writestr(name, content)
    report = imported(store, path)
    assert report.added == 1 and store.need("n1").budget == "50"
    assert report.failed[0].row == 3 and "F3" in report.failed[0].reason and "公式" in report.failed[0].reason


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_sep_lines(store, tmp_path, delimiter, encoding):
    text = f"sep={delimiter}\r\n编号{delimiter}需求名称\r\nn1{delimiter}电池快充\r\n"
    assert imported(store, csv_file(tmp_path / "f.csv", text, encoding)).added == 1
    assert store.need("n1").title == "电池快充"


def test_row_numbers_count_the_sep_line(store, tmp_path):
    report = imported(store, csv_file(tmp_path / "f.csv", "sep=;\n编号;需求名称\nn1;\nn2;电池快充\n"))
    assert (report.added, [row.row for row in report.failed]) == (1, [3])


def test_a_bad_byte_in_a_name_without_identifier_refuses_the_row(store, tmp_path):
    text = "需求名称,需求描述\n低温环境下的电池快充,充电太慢\n光伏板的清洗机器人,清洗时不能用水\n"
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode("gbk").replace("快充".encode("gbk"), "快".encode("gbk") + b"\xff"))
    report = imported(store, path)
    assert (report.added, [row.row for row in report.failed]) == (1, [2])
    assert "名称" in report.failed[0].reason


def test_gbk_with_one_bad_byte_is_read_and_told(store, tmp_path):
    text = (
        "编号,需求名称,需求描述\nn1,低温环境下的电池快充,零下二十度时充电太慢\nn2,光伏板的清洗机器人,清洗时不能用水\n"
    )
    data = text.encode("gbk").replace("充电太慢".encode("gbk"), "充电".encode("gbk") + b"\xff" + "慢".encode("gbk"))
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    report = imported(store, path)
    assert report.added == 2
    assert store.need("n2").title == "光伏板的清洗机器人"
    assert "读不出" in told(report)


def test_a_bad_byte_in_the_name_of_the_owner_refuses_the_row(store, tmp_path):
    text = "编号,需求名称,所属单位\nn1,低温环境下的电池快充,青岩示例公司\nn2,光伏板的清洗机器人,别的单位\n"
    data = text.encode("gbk").replace("示例".encode("gbk"), b"\xff" + "例".encode("gbk"))
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    report = imported(store, path)
    assert report.added == 1 and [row.row for row in report.failed] == [2]
    assert "所属单位" in report.failed[0].reason


def test_unknown_columns_are_kept_aside(store, tmp_path):
    text = "编号,需求名称,推荐科室,备注二\nn1,电池快充,高新科,已电话核实\nn2,光伏清洗,,\n"
    report = imported(store, csv_file(tmp_path / "f.csv", text))
    assert (report.added, report.failed) == (2, ())
    assert "推荐科室" in told(report) and "备注二" in told(report)
    origins = store.origins(NEED, ["n1", "n2"])
    assert dict(origins["n1"].aside) == {"推荐科室": "高新科", "备注二": "已电话核实"}
    assert dict(origins["n2"].aside) == {}


def test_unknown_entries_of_json_lines_are_kept_aside(store, tmp_path):
    path = csv_file(tmp_path / "f.jsonl", '{"id":"n1","title":"电池快充","推荐科室":"高新科"}\n')
    report = imported(store, path)
    assert report.added == 1 and "推荐科室" in told(report)
    assert dict(store.origins(NEED, ["n1"])["n1"].aside) == {"推荐科室": "高新科"}


def test_cells_beside_the_table_are_kept_aside(store, tmp_path):
    path = table(tmp_path / "f.xlsx", [*need_row("n1", "电池快充"), None, "待核"])
    report = imported(store, path)
    assert report.added == 1 and "待核" in "".join(store.origins(NEED, ["n1"])["n1"].aside.values())


@pytest.mark.parametrize("rows", [[], [[]], [["只有一句话"]], [HEADER]])
def test_a_workbook_without_records(store, tmp_path, rows):
    path, _ = workbook(tmp_path / "f.xlsx", ("Sheet1", rows))
    if rows == [HEADER]:
        assert imported(store, path).added == 0
    else:
        with pytest.raises(MarketError) as error:
            imported(store, path)
        assert error.value.remedy
    assert store.revision() == 0


def test_a_column_of_numbers_called_serial_is_no_identifier(store, tmp_path):
    report = imported(store, csv_file(tmp_path / "f.csv", "序号,需求名称\n1,电池快充\n2,光伏清洗\n"))
    assert report.added == 2 and store.find(NEED, "1") is None
    assert "序号" in told(report)


@pytest.mark.parametrize("name", ["需求编号", "项目编号", "编号", "ID", "id"])
def test_an_identifier_is_what_the_file_calls_one(store, tmp_path, name):
    imported(store, csv_file(tmp_path / "f.csv", f"序号,{name},需求名称\n1,XQ-7,电池快充\n"))
    assert store.need("XQ-7").title == "电池快充"


def test_organisations_and_offers_are_read_alike(store, tmp_path):
    firms = csv_file(tmp_path / "a.csv", "机构名录,,\n序号,单位名称,单位类型\n1,甲厂,企业\n2,乙所,院所\n")
    assert imported(store, firms, ORGANISATION).added == 2
    fruits = csv_file(tmp_path / "b.csv", "成果表,,\n成果编号,成果名称,完成单位说明\nc1,耐磨涂层,由乙所完成\n")
    assert imported(store, fruits, OFFER).added == 1


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
def test_a_list_of_too_many_rows_is_refused_before_it_is_read_and_one_row_less_is_not(tmp_path, ending):
    count, path = 40, tmp_path / f"f{ending}"
    rows = [need_row(f"n{number}", "电池快充") for number in range(count)]
    if ending == ".xlsx":
        workbook(path, ("Sheet1", [HEADER, *rows]))
    elif ending == ".csv":
        csv_file(path, "名称\n" + "电池快充\n" * count)
    else:
        path.write_text("\n".join('{"id": "n", "title": "电池快充"}' for _ in range(count)), encoding="utf-8")
    taken = count if ending == ".jsonl" else count + 1
    assert len(text_rows(path, NEED, most_rows=taken)) == count
    with pytest.raises(MarketError, match="太多"):
        text_rows(path, NEED, most_rows=taken - 1)


def test_a_row_far_wider_than_any_list_is_told_and_the_others_are_read(store, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("名称,要解决的问题\n电池快充,充电慢\n甲" + "," * 300_000 + "\n", encoding="utf-8")
    rows = text_rows(path, NEED)
    assert rows[0].entries["title"] == "电池快充" and "列" in rows[1].problem
