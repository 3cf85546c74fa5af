"""Cases at the desk: written, changed, copied, switched off, removed, in and out as files."""

import html
import io
import re

import pytest
from openpyxl import load_workbook

from bot.evaluation.case_files import read_case_file, to_sheet, to_yaml
from bot.evaluation.case_store import CaseStore
from bot.evaluation.cases import Case
from bot.web.desk.languages import book
from tests.support.composed import VALUE, error_texts
from tests.web.desk.test_languages import untold
from tests.web.test_english_tables import chinese_left

HOSTILE = "<script>alert(1)</script>"
FORM = {"case-id": "金额-1", "case-question": "最高多少？", "case-tags": "金额\n示例", "case-contains_all": "50万元"}


def case(name, question="问", tags=("示例",), **expect):
    return Case.model_validate(
        {"id": name, "question": question, "tags": tags, "expect": expect or {"abstained": True}}
    )


@pytest.fixture
def store(desk):
    return CaseStore(desk.database)


@pytest.fixture
def staff(desk):
    return desk.browser("staff")


def boxes(page):
    """What stands in the boxes of a form, by name."""
    found = dict(re.findall(r'<textarea id="(case-[a-z_]+)"[^>]*>\n?(.*?)</textarea>', page, re.S))
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="(case-[a-z_]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select id="(case-[a-z_]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items() if value}


def test_a_case_is_written_and_shown(desk, staff, store):
    done = desk.post(staff, "/desk/bench/cases/new", FORM)
    assert done.status_code == 303, done.text
    (kept,) = store.listed()
    assert done.headers["location"] == f"/desk/bench/cases/{kept.number}"
    assert kept.case == case("金额-1", "最高多少？", ("金额", "示例"), contains_all=["50万元"])
    assert (kept.added_by, kept.source) == ("staff", "工作台")
    assert boxes(staff.get(done.headers["location"]).text) == FORM
    listed = staff.get("/desk/bench/cases").text
    assert "金额-1" in listed and "最高多少？" in listed
    assert [(each.action, each.subject, each.detail) for each in desk.trail.newest(1)] == [
        ("case.add", f"case:{kept.number}", "金额-1")
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"case-id": ""}, "id：不能为空"),
        ({"case-question": "  "}, "问题：不能为空"),
        ({"case-tags": "\n\n"}, "标签：不能为空"),
        ({"case-contains_all": "", "case-reference": ""}, "没有写明任何期望"),
        ({"case-status": "马上"}, "状态：只能是"),
        ({"case-intent": "闲聊"}, "意图：只能是"),
        ({"case-abstained": "也许"}, "应说明没有："),
        ({"case-contains_all": '["甲", '}, "应全部包含："),
        ({"case-id": "长" * 101}, "太长"),
        ({"case-question": "问" * 21_000}, "太长"),
        ({"case-question": "零\x00字节"}, "控制字符"),
        ({"case-id": "taken"}, "已经用了"),
    ],
)
def test_what_is_refused_is_told_and_everything_typed_stays(desk, staff, store, change, told):
    store.add(case("taken"), by="别人")
    sent = {**FORM, "case-reference": f"{HOSTILE}\n第二行", **change}
    reply = desk.post(staff, "/desk/bench/cases/new", sent)
    assert reply.status_code == 400 and told in html.unescape(re.sub("<[^>]*>", "", reply.text))
    assert HOSTILE not in reply.text
    kept = {name: value for name, value in sent.items() if value.strip() and name != "case-abstained"}
    shown = boxes(reply.text)
    assert {name: shown.get(name) for name in kept} == kept
    assert len(store.listed()) == 1


def test_a_case_is_changed_switched_off_copied_and_removed(desk, staff, store):
    kept = store.add(case("a", "旧问法"), by="别人")
    address = f"/desk/bench/cases/{kept.number}"
    desk.post(staff, address, {**FORM, "revision": "1"})
    assert store.kept(kept.number).case.question == "最高多少？" and store.kept(kept.number).changed_by == "staff"
    desk.post(staff, f"{address}/switch", {"active": ""})
    assert not store.kept(kept.number).active and "停用" in staff.get(address).text
    desk.post(staff, f"{address}/switch", {"active": "1"})
    assert store.kept(kept.number).active
    copied = boxes(staff.get(f"/desk/bench/cases/new?copy={kept.number}").text)
    assert "case-id" not in copied and copied["case-question"] == "最高多少？"
    asked = desk.post(staff, f"{address}/remove")
    assert asked.status_code == 200 and "要删除这条用例吗" in asked.text and store.listed()
    assert desk.post(staff, f"{address}/remove", {"sure": "1"}).status_code == 303 and store.listed() == ()
    assert [each.action for each in desk.trail.newest(4)] == ["case.remove", "case.on", "case.off", "case.change"]
    for path in (address, f"/desk/bench/cases/new?copy={kept.number}"):
        assert staff.get(path).status_code == 404
    late = desk.post(staff, address, {**FORM, "revision": "5"})
    assert late.status_code == 404 and boxes(late.text) == FORM, "what was typed can be kept as a new case"


def test_of_two_people_the_second_sees_both_and_loses_nothing(desk, staff, store):
    kept = store.add(case("a", "起初的问法"), by="别人")
    address = f"/desk/bench/cases/{kept.number}"
    other = desk.browser("both")
    opened = [re.search(r'name="revision" value="(\d+)"', who.get(address).text)[1] for who in (staff, other)]
    assert desk.post(other, address, {**FORM, "case-question": "别人的问法", "revision": opened[1]}).status_code == 303
    mine = {**FORM, "case-question": "我的问法", "case-quote": "写了很久"}
    refused = desk.post(staff, address, {**mine, "revision": opened[0]})
    assert refused.status_code == 409 and "被改过" in refused.text and "both" in refused.text
    assert "别人的问法" in refused.text and boxes(refused.text) == mine
    assert store.kept(kept.number).case.question == "别人的问法"
    revision = re.search(r'name="revision" value="(\d+)"', refused.text)[1]
    assert desk.post(staff, address, {**mine, "revision": revision}).status_code == 303
    assert store.kept(kept.number).case.question == "我的问法"


def test_tags_choose_and_two_thousand_are_shown_in_parts(staff, store):
    store.take_in([case(f"c{n}", tags=(f"类 {n % 3}&", "全")) for n in range(2_000)], by="甲", source="x")
    first = staff.get("/desk/bench/cases").text
    assert ">c0<" in first and ">c99<" in first and ">c100<" not in first and "共 20 页" in first
    assert "类 1&amp; 667" in first
    address = html.unescape(re.search(r'href="(/desk/bench/cases\?tag=[^"]*1%26)"', first)[1])
    of_tag = staff.get(address).text
    assert ">c1<" in of_tag and ">c0<" not in of_tag and "共 7 页" in of_tag
    last = html.unescape(re.search(r'href="([^"]*page=2)"', of_tag)[1])
    assert ">c301<" in staff.get(last).text
    assert ">c1999<" in staff.get("/desk/bench/cases?page=9999").text


# --- files ------------------------------------------------------------------------------------------


def handed_in(desk, client, content, name, **data):
    return desk.post(client, "/desk/bench/cases/import", data, files={"file": (name, content)})


@pytest.mark.parametrize("ending", ["yaml", "xlsx"])
def test_cases_go_out_and_come_back(desk, staff, store, ending):
    cases = (case("a", "=1+1"), case("b", "多行\n问题", ("x", "y"), contains_all=["甲", "乙"], abstained=False))
    store.take_in(cases, by="甲", source="x")
    store.switch(store.listed()[0].number, active=False, by="甲")
    out = staff.get(f"/desk/bench/cases.{ending}")
    assert (
        out.headers["content-disposition"].startswith("attachment;")
        and read_case_file(out.content, f"x.{ending}") == cases
    )
    assert desk.trail.newest(1)[0].action == "case.export"
    for kept in store.listed():
        store.remove(kept.number)
    reply = handed_in(desk, staff, out.content, f"用例.{ending}")
    assert reply.status_code == 200 and "新增 2 条" in reply.text
    assert tuple(kept.case for kept in store.listed()) == cases and store.listed()[0].source == f"用例.{ending}"
    assert "没有变的 2 条" in handed_in(desk, staff, out.content, f"用例.{ending}").text
    changed = (cases[0].model_copy(update={"question": "改了"}), cases[1])
    content = to_yaml(changed).encode() if ending == "yaml" else to_sheet(changed)
    refused = handed_in(desk, staff, content, f"用例.{ending}")
    assert refused.status_code == 400 and "同名" in refused.text and store.listed()[0].case == cases[0]
    assert "覆盖 1 条" in handed_in(desk, staff, content, f"用例.{ending}", replacing="1").text
    assert store.listed()[0].case.question == "改了"


def test_one_tag_alone_goes_out(staff, store):
    store.take_in((case("a", tags=("甲",)), case("b", tags=("乙",))), by="甲", source="x")
    assert [each.id for each in read_case_file(staff.get("/desk/bench/cases.yaml?tag=乙").content, "x.yaml")] == ["b"]


def test_mistakes_of_a_sheet_are_told_with_row_and_column(desk, staff, store):
    book = load_workbook(io.BytesIO(to_sheet([case("a"), case("b")])))
    book.active["B3"] = None
    book.active["E3"] = f"也许{HOSTILE}"
    saved = io.BytesIO()
    book.save(saved)
    reply = handed_in(desk, staff, saved.getvalue(), "用例.xlsx")
    assert reply.status_code == 400 and store.listed() == ()
    assert "第 3 行 B 列（问题）：不能为空" in reply.text and "第 3 行 E 列（应说明没有）" in reply.text
    assert HOSTILE not in reply.text


@pytest.mark.parametrize(
    ("content", "name"), [(b"", ""), (b"x", "a.csv"), (b"", "a.yaml"), (b"\x00" * 100, "a.xlsx"), (b"- {", "a.yml")]
)
def test_a_file_that_is_none_is_refused(desk, staff, store, content, name):
    reply = handed_in(desk, staff, content, name) if name else desk.post(staff, "/desk/bench/cases/import")
    assert reply.status_code == 400 and "problem" in reply.text and store.listed() == ()


def test_a_file_that_is_too_large_is_refused(desk, staff, store):
    reply = handed_in(desk, staff, b"#" * 2_100_000, "a.yaml")
    assert reply.status_code == 400 and "过大" in reply.text


@pytest.mark.parametrize("path", ["", "/cases", "/cases/new", "/cases/import", "/cases/1", "/cases/9"])
def test_no_fixed_word_stays_chinese(desk, staff, store, path):
    store.take_in([case(f"c{n}", HOSTILE) for n in range(101)], by="甲", source="示例")
    page = staff.get(f"/desk/bench{path}").text
    assert untold(page) == [] and HOSTILE not in page


@pytest.mark.parametrize("text", sorted({text for _, text in error_texts("evaluation")}))
def test_every_error_of_the_bench_has_its_english(text):
    said = book().value(text).replace(VALUE, "")
    assert not chinese_left(said), said


def test_words_of_refusals_are_told_in_english(desk, staff, store):
    kept = store.add(case("a"), by="别人")
    store.switch(kept.number, active=False, by="别人")
    pages = [
        desk.post(staff, "/desk/bench/cases/new", {}),
        desk.post(staff, f"/desk/bench/cases/{kept.number}", {**FORM, "revision": "1"}),
        desk.post(staff, f"/desk/bench/cases/{kept.number}/remove"),
        desk.post(staff, "/desk/bench/cases/import", {}),
        desk.post(staff, "/desk/bench/start", {"what": "nothing"}),
        staff.get(f"/desk/bench/cases/{kept.number}"),
    ]
    for page in pages:
        assert untold(page.text) == [], page.request.url
