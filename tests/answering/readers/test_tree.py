"""One's way in the tree of a loaded document: lead-ins, headings, questions, siblings, sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.readers.tree import (
    HEADING_CHARACTERS,
    LED_CHARACTERS,
    QUESTION_CHARACTERS,
    hangs_on,
    is_heading,
    is_lead_in,
    is_question,
    last_below,
    last_of_answer,
    lead_in_over,
    passage_of,
    position_at,
    question_over,
    sentence_around,
    siblings,
    unit_text,
)
from bot.types import Document, UnitKind
from tests.support.loaded import loaded, place_of

RULES = """溪桥区工坊扶持办法
第一章 总则
第一条 为扶持手工业，制定本办法。
第二章 对象
第二条 申请人应当符合下列条件：
（一）在本区有固定工坊；
（二）具备下列之一：
1. 经营满两年；
2. 带徒三人以上。
（三）无失信记录。
第三条 有下列情形之一的，不予支持：
（一）转租工坊；
（二）歇业超过半年。
"""
QUESTIONS = """# 工坊问答

## 一、申请

1. 学徒能否申请？

学徒不能单独申请。

由师傅代为申请。

2. 补贴何时发放？

每年六月发放。

## 二、其他

另行通知。
"""
TABLE = """# 工坊收费

各档收费如下表：

| 档次 | 月租 | 押金 |
|---|---|---|
| 大间 | 800元 | 1600元 |
| 小间 | 500元 | 1000元 |

另收水电费，按表计量。
"""
FILLER = "工坊评选由文化馆组织，专家从名册中随机抽取，结果公示后由区里发文确认并颁发证书。\n"


@pytest.fixture
def rules(tmp_path: Path) -> Document:
    return loaded(tmp_path, RULES)


@pytest.fixture
def questions(tmp_path: Path) -> Document:
    return loaded(tmp_path, QUESTIONS, "问答.md")


@pytest.fixture
def table(tmp_path: Path) -> Document:
    return loaded(tmp_path, TABLE, "收费.md")


def text_at(document: Document, position: int | None) -> str:
    return "" if position is None else unit_text(document, position)


def test_every_place_of_the_text_lies_in_one_unit(rules: Document) -> None:
    for place, unit in enumerate(rules.units):
        assert {position_at(rules, offset) for offset in (unit.start, unit.end - 1)} == {place}
        told = passage_of(rules, place, place)
        assert rules.text[told.start : told.end] == unit_text(rules, place)
    whole = passage_of(rules, 0, len(rules.units) - 1)
    assert rules.text[whole.start : whole.end] == rules.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [("第二条", True), ("具备下列", True), ("第三条", True), ("第一条", False), ("第二章", False), ("固定工坊", False)],
)
def test_a_line_that_ends_in_a_colon_leads_in(rules: Document, words: str, expected: bool) -> None:
    assert is_lead_in(rules, place_of(rules, words)) is expected


def test_what_announces_the_whole_document_is_no_lead_in(tmp_path: Path) -> None:
    text = "关于工坊评选的通知\n现将有关事项通知如下：\n一、评选范围\n全区手工工坊。\n二、评选材料\n" + FILLER * 8
    document = loaded(tmp_path, text)
    place = place_of(document, "通知如下")
    assert last_below(document, place) == len(document.units) - 1
    assert not is_lead_in(document, place)
    assert lead_in_over(document, place_of(document, "全区手工")) is None


def test_in_a_short_document_a_lead_in_may_announce_nearly_all(tmp_path: Path) -> None:
    document = loaded(tmp_path, "报名材料说明\n报名时提交下列材料：\n（一）报名表；\n（二）作品照片。\n")
    assert is_lead_in(document, place_of(document, "提交下列"))


def test_a_numbered_lead_in_may_announce_nearly_all_of_its_document(tmp_path: Path) -> None:
    led = "".join(f"{number}. {FILLER}" for number in range(1, 20))
    document = loaded(tmp_path, f"评选说明\n第一条 评选按下列顺序进行：\n{led}第二条 自公布之日起施行。\n")
    assert is_lead_in(document, place_of(document, "评选按下列"))


@pytest.mark.parametrize(("items", "expected"), [(90, False), (9, True)])
def test_what_announces_very_much_of_a_long_document_is_no_lead_in(tmp_path: Path, items: int, expected: bool) -> None:
    led = "".join(f"{number}. {FILLER}" for number in range(1, items + 1))
    assert (len(led) > LED_CHARACTERS) is not expected
    document = loaded(tmp_path, f"评选说明\n{FILLER * 200}评选按下列顺序进行：\n{led}")
    assert is_lead_in(document, place_of(document, "评选按下列")) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("第一章 总则", True),
        ("第一条 为扶持手工业", False),
        ("第二条 申请人", False),
        ("（一）在本区", False),
        ("溪桥区工坊", True),
    ],
)
def test_a_short_line_that_no_mark_ends_is_a_heading(rules: Document, line: str, expected: bool) -> None:
    assert is_heading(rules, place_of(rules, line)) is expected


@pytest.mark.parametrize(
    ("length", "end", "expected"),
    [(HEADING_CHARACTERS, "", True), (HEADING_CHARACTERS + 1, "", False), (HEADING_CHARACTERS, "；", False)],
)
def test_a_heading_is_no_longer_than_one_line(tmp_path: Path, length: int, end: str, expected: bool) -> None:
    line = "篾" * (length - len(end)) + end
    document = loaded(tmp_path, f"工坊说明\n{FILLER}{line}\n{FILLER}")
    assert is_heading(document, place_of(document, "篾篾")) is expected


@pytest.mark.parametrize("line", ["能否申请？", f"关于{'手工业' * 12}工坊的说明"])
def test_a_heading_of_the_format_is_one_however_it_reads(tmp_path: Path, line: str) -> None:
    document = loaded(tmp_path, f"# 说明\n\n## {line}\n\n{FILLER}", "说明.md")
    assert is_heading(document, place_of(document, line)) and not is_heading(document, place_of(document, FILLER[:9]))


def test_rows_and_fields_are_no_headings(table: Document, tmp_path: Path) -> None:
    assert not is_heading(table, place_of(table, "大间"))
    page = (
        "<html><head><meta charset='utf-8'><title>工坊开放</title></head><body><div class='content'><h1>工坊开放</h1>"
        f"<p>来源：文化馆 发布时间：2031-03-04</p><p>{FILLER}</p></div></body></html>"
    )
    document = loaded(tmp_path, page, "开放.html")
    place = place_of(document, "来源")
    assert document.units[place].kind is UnitKind.FIELD and not is_heading(document, place)
    assert is_heading(document, place_of(document, "工坊开放"))


@pytest.mark.parametrize(
    ("length", "expected"), [(12, True), (QUESTION_CHARACTERS, True), (QUESTION_CHARACTERS + 1, False)]
)
@pytest.mark.parametrize("mark", "？?")
def test_a_line_that_ends_in_a_question_mark_asks_unless_it_is_long(
    tmp_path: Path, length: int, mark: str, expected: bool
) -> None:
    document = loaded(tmp_path, f"工坊问答\n{'篾' * (length - 1)}{mark}\n能。\n")
    assert is_question(document, place_of(document, "篾篾")) is expected
    assert not is_question(document, place_of(document, "能。"))


def test_what_hangs_on_a_unit_is_all_below_it(rules: Document) -> None:
    article, inner = place_of(rules, "第二条"), place_of(rules, "带徒三人")
    assert hangs_on(rules.units, inner, article) and hangs_on(rules.units, inner, place_of(rules, "第二章"))
    assert not hangs_on(rules.units, inner, place_of(rules, "第一章"))
    assert not hangs_on(rules.units, article, inner) and not hangs_on(rules.units, article, article)
    assert text_at(rules, last_below(rules, article)) == "（三）无失信记录。"
    assert last_below(rules, inner) == inner


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        ("固定工坊", "第二条 申请人应当符合下列条件："),
        ("无失信", "第二条 申请人应当符合下列条件："),
        ("带徒三人", "（二）具备下列之一："),
        ("具备下列", "第二条 申请人应当符合下列条件："),
        ("歇业", "第三条 有下列情形之一的，不予支持："),
        ("第二条", ""),
        ("为扶持", ""),
    ],
)
def test_the_nearest_lead_in_over_a_unit(rules: Document, words: str, lead: str) -> None:
    assert text_at(rules, lead_in_over(rules, place_of(rules, words))) == lead


def test_a_row_hangs_on_the_line_that_introduces_its_table(table: Document) -> None:
    assert text_at(table, lead_in_over(table, place_of(table, "小间"))) == "各档收费如下表："
    assert lead_in_over(table, place_of(table, "另收水电")) is None


def test_an_answer_goes_up_to_the_next_question_or_heading(questions: Document) -> None:
    first, second = place_of(questions, "学徒能否"), place_of(questions, "补贴何时")
    assert text_at(questions, last_of_answer(questions, first)) == "由师傅代为申请。"
    assert text_at(questions, last_of_answer(questions, second)) == "每年六月发放。"


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("学徒不能", "1. 学徒能否申请？"),
        ("由师傅", "1. 学徒能否申请？"),
        ("每年六月", "2. 补贴何时发放？"),
        ("另行通知", ""),
        ("补贴何时", ""),
        ("一、申请", ""),
    ],
)
def test_the_question_that_a_unit_helps_to_answer(questions: Document, words: str, question: str) -> None:
    assert text_at(questions, question_over(questions, place_of(questions, words))) == question


def test_no_question_reaches_over_a_heading_of_the_format(tmp_path: Path) -> None:
    document = loaded(tmp_path, "# 问答\n\n### 能否申请？\n\n能。\n\n### 办理地点\n\n文化馆一楼。\n", "问答.md")
    assert question_over(document, place_of(document, "文化馆")) is None
    question = place_of(document, "能否申请")
    assert question_over(document, place_of(document, "能。")) == question
    assert text_at(document, last_of_answer(document, question)) == "能。"


def test_an_answer_in_plain_text_ends_at_the_next_chapter(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        "工坊问答\n一、申请\n1. 补贴何时发放？\n每年六月发放。\n二、其他\n另行通知。\n三、附则\n自公布起施行。\n",
    )
    assert text_at(document, last_of_answer(document, place_of(document, "何时发放"))) == "每年六月发放。"


def test_siblings_are_items_of_the_same_list(rules: Document) -> None:
    places = siblings(rules, place_of(rules, "固定工坊"))
    assert [text_at(rules, place)[:3] for place in places] == ["（一）", "（二）", "（三）"]
    assert [text_at(rules, place)[:2] for place in siblings(rules, place_of(rules, "带徒"))] == ["1.", "2."]


def test_siblings_of_a_row_are_the_rows_of_its_table(table: Document) -> None:
    told = [text_at(table, place) for place in siblings(table, place_of(table, "小间"))]
    assert told == ["档次：大间；月租：800元；押金：1600元", "档次：小间；月租：500元；押金：1000元"]


def test_rows_of_another_table_are_no_siblings(tmp_path: Path) -> None:
    rows = "| 档次 | 月租 | 押金 |\n|---|---|---|\n| {} | 800元 | 1600元 |\n| {} | 500元 | 1000元 |\n\n"
    document = loaded(tmp_path, "# 收费\n\n" + rows.format("大间", "小间") + rows.format("甲台", "乙台"), "收费.md")
    assert siblings(document, place_of(document, "甲台")) == (place_of(document, "甲台"), place_of(document, "乙台"))


def around(document: Document, words: str) -> str:
    start = document.text.index(words)
    told = sentence_around(document, start, start + len(words))
    return document.text[told.start : told.end]


def test_a_short_line_is_quoted_whole_and_a_long_one_by_its_sentence(tmp_path: Path) -> None:
    document = loaded(
        tmp_path, f"开放说明\n工坊每日开放。闭馆日另行公告。\n{'团体参观提前三天预约。' * 20}末句没有句号\n"
    )
    assert around(document, "闭馆日") == "工坊每日开放。闭馆日另行公告。"
    assert around(document, "团体参观") == "团体参观提前三天预约。"
    assert around(document, "末句") == "末句没有句号"
    bare = replace(document, units=())
    assert around(bare, "闭馆日") == "闭馆日另行公告。" and around(bare, "开放说明") == "开放说明"
