"""Case files that are broken in every way people and programs break them: told with the place, never a traceback."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.evaluation.case_files import read_case_file, to_sheet, to_yaml
from bot.evaluation.cases import Case, CasesError
from tests.support.spent import within

GOOD = "- {id: a, question: 问, tags: [x], expect: {abstained: true}}\n"
HEAD = ("id", "问题", "标签", "应说明没有", "应全部包含")


def laughing(form):
    """Every item holds the one before twice: written out it would fill the memory."""
    lines = [b"- &a0 {id: x, question: q, tags: [t]}\n"]
    lines += [b"- &a%d %s\n" % (n, form % (b"*a%d" % (n - 1), b"*a%d" % (n - 1))) for n in range(1, 40)]
    return b"".join(lines)


def nested():
    inner = b"[x]"
    for number in range(30):
        inner = b"[&n%d %s, *n%d]" % (number, inner, number)
    return inner


YAML = {
    "empty": (b"", "没有用例"),
    "blank": (b"\n\n  \n", "没有用例"),
    "comment": ("# 只有注释\n".encode(), "没有用例"),
    "empty list": (b"[]", "没有用例"),
    "a mapping": (b"id: a\nquestion: b\n", "列表"),
    "a word": (b"hello", "列表"),
    "null item": (GOOD.encode() + b"-\n", "第 2 行"),
    "a list in the list": (b"- [a, b]\n", "第 1 行"),
    "tab indent": (b"- id: a\n\tquestion: b\n", "第 2 行"),
    "unclosed bracket": (b"- {id: a, question: [b\n", "YAML"),
    "unclosed quote": (b'- {id: "a\n', "YAML"),
    "unknown alias": (b"- *nobody\n", "YAML"),
    "two documents": (GOOD.encode() + b"---\n" + GOOD.encode(), "YAML"),
    "gbk": ("- {id: a, question: 问题, tags: [x]}".encode("gbk"), "UTF-8"),
    "utf-16": (GOOD.encode("utf-16"), "UTF-8"),
    "nul": (b"- {id: a\x00b}\n", "YAML"),
    "binary": (bytes(range(256)), "UTF-8"),
    "a workbook named yaml": (b"PK\x03\x04" + b"\x00" * 50, "YAML"),
    "deep": (b"[" * 20_000, "YAML"),
    "deep mapping": (b"{a: " * 20_000, "YAML"),
    "deep indent": ("".join(f"{'  ' * n}- \n" for n in range(1_200)).encode(), "YAML"),
    "key is a list": (b"- {[a]: b, id: c}\n", "第 1 行"),
    "key is a mapping": (b"- ? {a: b}\n  : c\n", "第 1 行"),
    "merge key": (b"- &m {id: a, question: q, tags: [x], expect: {abstained: true}}\n- {<<: *m, id: b}\n", "b"),
    "repeated key": (b"- {id: a, id: b}\n", "重复"),
    "repeated inside": (b"- {id: a, question: q, tags: [x], expect: {quote: a, quote: b}}\n", "重复"),
    "unknown key": (b"- {id: a, question: q, tags: [x], expect: {abstained: true}, extra: 1}\n", "extra"),
    "unknown expectation": (b"- {id: a, question: q, tags: [x], expect: {contain_all: [x]}}\n", "contain_all"),
    "no id": (b"- {question: q, tags: [x], expect: {abstained: true}}\n", "id"),
    "no tags": (b"- {id: a, question: q, expect: {abstained: true}}\n", "tags"),
    "empty tags": (b"- {id: a, question: q, tags: [], expect: {abstained: true}}\n", "tags"),
    "no expectation": (b"- {id: a, question: q, tags: [x]}\n", "expect"),
    "empty expectation": (b"- {id: a, question: q, tags: [x], expect: {}}\n", "没有写明"),
    "empty question": (b"- {id: a, question: '', tags: [x], expect: {abstained: true}}\n", "question"),
    "question is a list": (b"- {id: a, question: [q], tags: [x], expect: {abstained: true}}\n", "question"),
    "history of lists": (b"- {id: a, question: q, history: [[a]], tags: [x], expect: {abstained: true}}\n", "history"),
    "abstained maybe": (b"- {id: a, question: q, tags: [x], expect: {abstained: maybe}}\n", "abstained"),
    "status unknown": (b"- {id: a, question: q, tags: [x], expect: {status: soon}}\n", "status"),
    "same id": ((GOOD + GOOD).encode(), "第 1 行"),
    "python object": (b"- !!python/object/apply:os.system ['true']\n", "第 1 行"),
    "laughing lists": (laughing(b"[%s, %s]"), "第 2 行"),
    "laughing mappings": (laughing(b"{p: %s, q: %s}"), "第 1 行"),
    "laughing ids": (b"- {id: %s, question: q}\n" % nested(), "第 1 行"),
}


@pytest.mark.parametrize("name", YAML)
def test_a_broken_yaml_is_told(name):
    content, told = YAML[name]
    with within(5), pytest.raises(CasesError) as error:
        read_case_file(content, "用例.yaml")
    assert told in str(error.value) and "用例.yaml" in str(error.value)


def sheet(*rows, title="用例"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


ROW = ("a", "问", "x", "是", None)
SHEETS = {
    "empty file": (b"", "不是 xlsx"),
    "not a zip": (b"id,question\n", "不是 xlsx"),
    "old xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧格式"),
    "no rows": (sheet(), "没有用例"),
    "head alone": (sheet(HEAD), "没有用例"),
    "blank rows": (sheet(HEAD, (None,) * 5, ("", " ", None, None, None)), "没有用例"),
    "no head": (sheet(ROW), "第 1 行"),
    "unknown column": (sheet((*HEAD, "备注一"), (*ROW, "x")), "F 列"),
    "column twice": (sheet((*HEAD, "标签"), (*ROW, "x")), "F 列"),
    "column under both names": (sheet((*HEAD, "tags"), (*ROW, "x")), "F 列"),
    "no question column": (sheet(("id", "标签", "应说明没有"), ("a", "x", "是")), "问题"),
    "no id": (sheet(HEAD, (None, "问", "x", "是", None)), "第 2 行 A 列"),
    "no tags": (sheet(HEAD, ROW, ("b", "问", None, "是", None)), "第 3 行 C 列"),
    "no expectation": (sheet(HEAD, ("a", "问", "x", None, None)), "第 2 行"),
    "yes or what": (sheet(HEAD, ("a", "问", "x", "也许", None)), "第 2 行 D 列"),
    "same id": (sheet(HEAD, ROW, ROW), "第 3 行 A 列"),
    "formula": (sheet(HEAD, ("a", "问", "x", "是", "=1+1")), "第 2 行 E 列"),
    "error value": (sheet(HEAD, ("a", "问", "x", "是", "#N/A")), "第 2 行 E 列"),
    "value outside the columns": (sheet(HEAD, (*ROW, None, "掉出来的")), "G 列"),
    "wrong status": (sheet((*HEAD, "状态"), (*ROW, "马上")), "第 2 行 F 列"),
    "broken list": (sheet(HEAD, ("a", "问", "x", "是", '["甲", ')), "第 2 行 E 列"),
    "list of numbers": (sheet(HEAD, ("a", "问", "x", "是", "[1, 2]")), "第 2 行 E 列"),
}


def zipped(**parts):
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return saved.getvalue()


def damaged():
    whole = bytearray(sheet(HEAD, ROW))
    for place in range(len(whole) // 2, len(whole) // 2 + 40):
        whole[place] ^= 0xFF
    return bytes(whole)


SHEETS |= {
    "another archive": (zipped(a_txt="hello"), "不是 xlsx"),
    "entities": (zipped(xl__workbook_xml='<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'), "实体"),
    "half a file": (sheet(HEAD, ROW)[:900], "不是 xlsx"),
    "damaged": (damaged(), "不是 xlsx"),
    "bomb": (zipped(xl__workbook_xml="0" * 400_000_000), "太大"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_broken_sheet_is_told_with_row_and_column(name):
    content, told = SHEETS[name]
    with within(5), pytest.raises(CasesError) as error:
        read_case_file(content, "用例.xlsx")
    assert told in str(error.value), str(error.value)


def test_every_mistake_of_a_sheet_is_told_at_once():
    rows = [(f"c{number}", "问", None, "也许", None) for number in range(30)]
    with pytest.raises(CasesError) as error:
        read_case_file(sheet(HEAD, *rows), "用例.xlsx")
    assert len(error.value.mistakes) == 60
    assert error.value.mistakes[0].startswith("第 2 行 C 列（标签）")
    assert error.value.mistakes[-1].startswith("第 31 行 D 列（应说明没有）")


@pytest.mark.parametrize("name", ["用例.csv", "用例", "用例.xls", "../用例.yaml.exe", ".xlsx.zip"])
def test_another_kind_of_file_is_refused(name):
    with pytest.raises(CasesError, match="xlsx"):
        read_case_file(GOOD.encode(), name)


def test_names_of_columns_and_values_are_taken_as_people_write_them():
    content = sheet(
        (" ID ", "question", "标签", "abstained", "contains_all", "答案不应包含", "此前的问题", "应有分歧"),
        (200333, "邮编？", "地址\n联系", False, 200333, "a\r\nb", "先问\n再问", "否"),
        ("d", "哪天？", "日期", None, date(2025, 5, 28), None, None, "TRUE"),
        ("e", "几点？", "日期", 0, datetime(2025, 5, 28, 12), 0.5, None, None),
    )
    first, second, third = read_case_file(content, "a.XLSX")
    assert first.id == "200333" and first.tags == ("地址", "联系") and first.expect.abstained is False
    assert first.expect.contains_all == ("200333",) and first.expect.answer_excludes == ("a", "b")
    assert first.history == ("先问", "再问") and first.expect.conflict is False
    assert second.expect.contains_all == ("2025-05-28",) and second.expect.conflict is True
    assert third.expect.abstained is False and third.expect.answer_excludes == ("0.5",)


WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")
    | st.sampled_from("\n\t[]\"'=#:-"),
    min_size=1,
    max_size=12,
).filter(lambda words: words.strip())
LISTS = st.lists(WORDS, min_size=1, max_size=3)
CASES = st.fixed_dictionaries(
    {
        "id": WORDS,
        "question": WORDS,
        "tags": LISTS,
        "expect": st.fixed_dictionaries(
            {"contains_all": LISTS},
            optional={
                "abstained": st.booleans(),
                "excludes": LISTS,
                "quote": WORDS,
                "reference": WORDS,
                "status": st.just(["draft"]),
            },
        ),
    },
    optional={"history": LISTS},
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(CASES, min_size=1, max_size=3, unique_by=lambda case: case["id"]))
def test_what_is_written_is_read_back_as_it_was(cases):
    cases = tuple(Case.model_validate(each) for each in cases)
    assert read_case_file(to_yaml(cases).encode(), "a.yaml") == cases
    assert read_case_file(to_sheet(cases), "a.xlsx") == cases


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"])
def test_hostile_formulas_stay_words_in_a_sheet(start):
    made = Case.model_validate(
        {"id": f"{start}1", "question": f"{start}问", "tags": [f"{start}x"], "expect": {"quote": f"{start}引"}}
    )
    content = to_sheet([made])
    book = load_workbook(io.BytesIO(content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).lstrip().startswith(start.strip()))
    assert read_case_file(content, "a.xlsx") == (made,)


def test_two_thousand_cases_go_in_and_out_in_seconds():
    cases = [
        Case.model_validate(
            {
                "id": f"c{n}",
                "question": f"第 {n} 问？" * 3,
                "tags": ["a", f"t{n % 9}"],
                "expect": {"contains_all": ["50万元", "最高"]},
            }
        )
        for n in range(2_000)
    ]
    with within(30):
        assert read_case_file(to_sheet(cases), "a.xlsx") == tuple(cases)
        assert read_case_file(to_yaml(cases).encode(), "a.yaml") == tuple(cases)
