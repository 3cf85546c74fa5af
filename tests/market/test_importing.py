import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.errors import MarketError
from bot.market.cells import CellError, parse_cell
from bot.market.exporting import neutralised, write_records, write_template
from bot.market.fields import FIELDS, MAX_TEXT, field_spec
from bot.market.importing import ImportStage, import_file, record_from_values
from bot.market.records import Confidentiality, Offer, State
from bot.types import RecordKind

NEED, OFFER, ORGANISATION = RecordKind.NEED, RecordKind.OFFER, RecordKind.ORGANISATION
HEADER = "编号,成果名称,成果简介,所属单位,TRL等级\n"
ROWS = "a1,耐磨涂层,用于叶片,甲厂,6\na2,真空泵,,乙厂,TRL 7\n"


def _write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_csv_in_any_encoding(store, tmp_path, encoding):
    header = "編號,名稱" if encoding == "big5" else "编号,名称"
    path = _write(tmp_path, "f.csv", f"{header}\nx1,耐磨\n".encode(encoding))
    report = import_file(store, path, OFFER, actor="t")
    assert (report.added, report.failed) == (1, ())
    assert store.offer("x1").title == "耐磨"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(store, tmp_path, delimiter):
    path = _write(tmp_path, "f.csv", (HEADER + ROWS).replace(",", delimiter))
    assert import_file(store, path, OFFER, actor="t").added == 2
    assert (store.offer("a1").trl, store.offer("a2").trl) == (6, 7)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16-le"])
def test_english_columns_do_not_hide_the_encoding(store, tmp_path, encoding):
    path = _write(tmp_path, "f.csv", "id,title\nx1,真空泵用耐磨材料\n".encode(encoding))
    import_file(store, path, OFFER, actor="t")
    assert store.offer("x1").title == "真空泵用耐磨材料"


def test_owner_names_become_organisations_once(store, tmp_path):
    path = _write(tmp_path, "f.csv", HEADER + "a1,甲物,,同一厂,\na2,乙物,,同一厂,\n")
    import_file(store, path, OFFER, actor="t")
    assert store.offer("a1").owner_id == store.offer("a2").owner_id
    assert store.organisation(store.offer("a1").owner_id).name == "同一厂"


def test_jsonl_with_id_and_title_alone(store, tmp_path):
    lines = [{"id": "o1", "title": "甲", "description": None}, {"id": 2, "title": "乙\u2028丙"}]
    path = _write(tmp_path, "f.jsonl", "\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    assert import_file(store, path, OFFER, actor="t").added == 2
    assert store.offer("2").description == ""


def test_xlsx_with_typed_cells(store, tmp_path):
    book = Workbook()
    for row in (["id", "title", "trl", "as_of", "fields"], [7, "甲", 5.0, "2025年3月", "化工、新材料"]):
        book.active.append(row)
    book.save(tmp_path / "f.xlsx")
    assert import_file(store, tmp_path / "f.xlsx", OFFER, actor="t").added == 1
    offer = store.offer("7")
    assert (offer.trl, offer.as_of, offer.fields) == (5, "2025-03", ("化工", "新材料"))


def test_wrong_rows_are_told_and_the_rest_goes_in(store, tmp_path):
    bad = [
        "a1,重复,,,",
        "a3,,没有名称,,",
        ",没有编号,,,",
        "a4,成熟度不对,,,12",
        "a5,多一格,,,1,多",
        '"a6,引号没关,,,',
        "a 7,编号有空格,,,",
    ]
    path = _write(tmp_path, "f.csv", HEADER + ROWS + "\n".join(bad) + "\n")
    report = import_file(store, path, OFFER, actor="t")
    assert report.added == 2
    assert [row.row for row in report.failed] == [4, 5, 6, 7, 8, 9, 10]
    for row, word in zip(report.failed, ("第 2 行", "名称", "编号", "1–9", "6 格", "引号", "空格"), strict=True):
        assert word in row.reason
    assert store.list_records(OFFER).total == 2


def test_all_or_nothing_changes_nothing(store, tmp_path):
    path = _write(tmp_path, "f.csv", HEADER + ROWS + "a3,,,,\n")
    report = import_file(store, path, OFFER, actor="t", all_or_nothing=True)
    assert (report.added, [row.row for row in report.failed]) == (0, [4])
    assert store.revision() == 0


def test_importing_again_updates_what_changed_and_keeps_the_rest(store, tmp_path):
    import_file(store, _write(tmp_path, "f.csv", HEADER + ROWS), OFFER, actor="t")
    again = _write(tmp_path, "g.csv", "编号,名称\na1,耐磨涂层二\na2,真空泵\n")
    report = import_file(store, again, OFFER, actor="t")
    assert (report.added, report.updated, report.unchanged) == (0, 1, 1)
    offer = store.offer("a1")
    assert (offer.title, offer.description, offer.trl) == ("耐磨涂层二", "用于叶片", 6)


def test_publish_goes_past_the_gate_and_a_plain_import_does_not(store, tmp_path):
    path = _write(tmp_path, "f.csv", HEADER + ROWS)
    import_file(store, path, OFFER, actor="t")
    assert store.offer("a1").state is State.DRAFT
    assert import_file(store, path, OFFER, actor="t", publish=True).updated == 2
    assert store.offer("a1").state is State.PUBLISHED


def test_a_published_record_changed_for_the_worse_is_held(store, tmp_path):
    import_file(store, _write(tmp_path, "f.csv", HEADER + ROWS), OFFER, actor="t", publish=True)
    changed = _write(tmp_path, "f.csv", "编号,名称\na1,技术\n")
    report = import_file(store, changed, OFFER, actor="t")
    assert [held.id for held in report.held] == ["a1"]
    assert store.offer("a1").state is State.DRAFT


def test_only_what_is_published_is_held(store, tmp_path):
    import_file(store, _write(tmp_path, "f.csv", HEADER + ROWS), OFFER, actor="t", publish=True)
    store.move(OFFER, "a1", State.INTEREST, actor="t")
    changed = _write(tmp_path, "f.csv", "编号,名称\na1,技术\na2,装置\n")
    report = import_file(store, changed, OFFER, actor="t")
    assert [held.id for held in report.held] == ["a2"]
    assert (store.offer("a1").state, store.offer("a2").state) == (State.INTEREST, State.DRAFT)


def test_what_the_next_owner_does_not_say_is_not_filled_up_from_the_former(store, tmp_path):
    first = _write(tmp_path, "f.csv", "编号,名称,所属单位,联系人,联系电话\na1,耐磨涂层,甲厂,钱七,12345678\n")
    import_file(store, first, OFFER, actor="t")
    second = _write(tmp_path, "f.csv", "编号,名称,所属单位,联系人\na1,耐磨涂层,乙厂,孙八\n")
    import_file(store, second, OFFER, actor="t")
    contact = store.private_contacts(OFFER, ["a1"])["a1"]
    assert (contact.name, contact.phone) == ("孙八", "")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("编号,描述\n1,甲\n", "名称"),
        ("编号,名称,标题\n1,甲,乙\n", "两列"),
        ("", "空"),
        ("\n\n", "内容"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(store, tmp_path, content, word):
    with pytest.raises(MarketError, match=word):
        import_file(store, _write(tmp_path, "f.csv", content), OFFER, actor="t")
    assert store.revision() == 0


def test_a_missing_column_is_answered_with_the_known_ones(store, tmp_path):
    with pytest.raises(MarketError) as error:
        import_file(store, _write(tmp_path, "f.csv", "编号,颜色\n1,红\n"), OFFER, actor="t")
    for spec in FIELDS[OFFER]:
        assert spec.label in str(error.value)
    assert "颜色" in str(error.value)


@pytest.mark.parametrize("name", ["f.pdf", "none.csv", "folder.csv", "broken.xlsx"])
def test_unreadable_files_name_the_remedy(store, tmp_path, name):
    if name == "folder.csv":
        (tmp_path / name).mkdir()
    elif name != "none.csv":
        _write(tmp_path, name, b"\x00\x01\x02 not a table")
    with pytest.raises(MarketError) as error:
        import_file(store, tmp_path / name, OFFER, actor="t")
    assert error.value.remedy


def test_broken_json_lines_fail_alone(store, tmp_path):
    deep = "[" * 100_000
    lines = ['{"id":1,"title":"甲"}', "{", "[1]", '{"id":2,"title":{"a":1}}', deep, '{"id":3,"title":"丙"}']
    report = import_file(store, _write(tmp_path, "f.jsonl", "\n".join(lines)), OFFER, actor="t")
    assert (report.added, [row.row for row in report.failed]) == (2, [2, 3, 4, 5])


def test_hostile_cells_change_nothing_else(store, tmp_path):
    cells = {
        "h1": '=HYPERLINK("http://x")',
        "h2": "<script>alert(1)</script>",
        "h3": "长" * (MAX_TEXT + 1),
        "h4": "空\x00字符",
        "h5": "'; DROP TABLE offers; --",
    }
    path = tmp_path / "f.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["编号", "名称", "描述"])
        writer.writerows([key, f"名称{key}", value] for key, value in cells.items())
    report = import_file(store, path, OFFER, actor="t")
    assert [row.row for row in report.failed] == [4, 5]
    assert "20,001" in report.failed[0].reason and "控制字符" in report.failed[1].reason
    for key in ("h1", "h2", "h5"):
        assert store.offer(key).description == cells[key]


def test_formula_cells_of_a_workbook_are_refused_by_row(store, tmp_path):
    book = Workbook()
    for row in (["id", "title"], ["a", "好的"], ["b", "=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "f.xlsx")
    report = import_file(store, tmp_path / "f.xlsx", OFFER, actor="t")
    assert (report.added, report.failed[0].row) == (1, 3)
    assert "公式" in report.failed[0].reason


def test_export_neutralises_formulas_and_comes_back_the_same(store, tmp_path):
    offers = [Offer(id="a", title="=cmd|' /C calc'!A0"), Offer(id="b", title="-5℃ 保鲜"), Offer(id="c", title="@甲")]
    store.save_many(offers, actor="t")
    for suffix in (".csv", ".xlsx"):
        path = tmp_path / f"out{suffix}"
        assert write_records(OFFER, store.iterate(OFFER), path) == 3
        assert import_file(store, path, OFFER, actor="t").unchanged == 3
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [row[1] for row in csv.reader(file)][1:]
    assert all(title.startswith("'") for title in titles)
    sheet = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_owner_of_a_confidential_record_is_not_exported(store, tmp_path):
    hidden = '{"id":"a","title":"甲物","owner":"某某厂","confidentiality":"保密"}'
    shown = '{"id":"b","title":"乙物","owner":"公开厂"}'
    import_file(store, _write(tmp_path, "f.jsonl", f"{hidden}\n{shown}"), OFFER, actor="t")
    assert store.offer("a").confidentiality is Confidentiality.CONFIDENTIAL
    write_records(OFFER, store.iterate(OFFER), tmp_path / "o.csv")
    text = (tmp_path / "o.csv").read_text(encoding="utf-8-sig")
    assert store.offer("a").owner_id not in text and store.offer("b").owner_id in text


@pytest.mark.parametrize("secret", ["致电13912345678", "a.b@example.com", "某某厂的产线", "专利 ZL202010123456.7"])
def test_a_confidential_row_may_not_tell_who_it_is(store, tmp_path, secret):
    row = {"id": "a", "title": "甲物", "description": secret, "owner": "某某厂", "confidentiality": "保密"}
    path = _write(tmp_path, "f.jsonl", json.dumps(row, ensure_ascii=False))
    report = import_file(store, path, OFFER, actor="t", publish=True)
    assert (report.added, len(report.failed)) == (0, 1)
    assert secret not in report.failed[0].reason


@pytest.mark.parametrize("kind", list(RecordKind))
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_template_imports_as_it_is(store, tmp_path, kind, suffix):
    write_template(kind, tmp_path / f"t{suffix}")
    report = import_file(store, tmp_path / f"t{suffix}", kind, actor="t")
    assert (report.added, report.failed) == (1, ())
    (record,) = store.list_records(kind).records
    assert record.sample


def test_contacts_of_organisations_go_apart(store, tmp_path):
    path = _write(tmp_path, "f.csv", "编号,名称,联系人,联系电话\ng1,甲厂,钱七,12345678\n")
    import_file(store, path, ORGANISATION, actor="t")
    contact = store.private_contacts(ORGANISATION, ["g1"])["g1"]
    assert (contact.name, contact.phone) == ("钱七", "12345678")
    only_mail = _write(tmp_path, "g.csv", "编号,名称,邮箱\ng1,甲厂,x@example.com\n")
    import_file(store, only_mail, ORGANISATION, actor="t")
    contact = store.private_contacts(ORGANISATION, ["g1"])["g1"]
    assert (contact.name, contact.email) == ("钱七", "x@example.com")


def test_progress_ends_at_the_number_of_rows(store, tmp_path):
    rows = "".join(f'{{"id":{number},"title":"物{number}"}}\n' for number in range(2_500))
    told = []
    import_file(store, _write(tmp_path, "f.jsonl", rows), OFFER, actor="t", progress=lambda *step: told.append(step))
    checked = [(0, 0), *((done, 2500) for done in range(0, 2501, 50))]
    # Made ready one batch after the other, then written.
    written = [(done, 2500) for done in (0, 1000, 2000, 2500, 2500, 2500, 2500)]
    assert told == [
        *((ImportStage.CHECKING, *each) for each in checked),
        *((ImportStage.WRITING, *each) for each in written),
    ]


@given(st.text(max_size=300))
def test_any_cell_is_read_or_refused(text):
    for spec in FIELDS[NEED]:
        try:
            parse_cell(spec, text)
        except CellError as error:
            assert str(error)


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=80))
def test_neutralising_is_undone_by_reading(text):
    spec = field_spec(OFFER, "description")
    if text.strip() == text and not text.startswith("'"):
        assert parse_cell(spec, neutralised(text)) == text


def test_form_values_are_checked_like_cells():
    with pytest.raises(MarketError, match="成熟度"):
        record_from_values(OFFER, {"id": "a", "title": "甲", "trl": "十"})
    with pytest.raises(MarketError, match="名称"):
        record_from_values(NEED, {"id": "a"})
    assert record_from_values(OFFER, {"id": "a", "title": "甲", "trl": "3级"}).trl == 3
