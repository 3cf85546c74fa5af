"""Whole units told together, from documents loaded as an ingest loads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.readers.blocks import (
    GROUP_CHARACTERS,
    Block,
    BlockKind,
    item_block,
    whole_block,
)
from bot.answering.readers.tree import lead_in_over, unit_text
from bot.documents import blocks
from bot.documents.units import hang_units
from bot.types import Document, UnitKind
from tests.support.drafts import document as bare
from tests.support.loaded import found_in, loaded, place_of, sentences_of

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
（二）歇业超过半年；
（三）提供下列虚假材料之一的工坊经营者：
1. 虚假合同；
2. 虚假照片。
第三章 附则
第四条 工坊每年检查一次。
检查结果向社会公布。
第五条 本办法自公布之日起施行。
"""
CONDITIONS = RULES[RULES.index("第二条") : RULES.index("\n第三条")]
BANS = RULES[RULES.index("第三条") : RULES.index("\n第三章")]
QUESTIONS = """# 工坊问答

## 一、申请

1. 学徒能否申请？

不能单独申请。

由师傅代为申请。

2. 补贴何时发放？

每年六月发放。

## 二、联系
"""
TABLE = """# 工坊收费

{lead}| 档次 | 月租 | 押金 |
|---|---|---|
| 大间 | 800元 | 1600元 |
| 小间 | 500元 | 1000元 |
"""


@pytest.fixture
def rules(tmp_path: Path) -> Document:
    return loaded(tmp_path, RULES)


def block_of(document: Document, words: str, limit: int = GROUP_CHARACTERS, **near: float) -> Block | None:
    return whole_block(found_in(document, words), sentences_of(document, words, near), limit)


def told(document: Document, words: str, limit: int = GROUP_CHARACTERS, **near: float) -> str:
    block = block_of(document, words, limit, **near)
    return "" if block is None else block.text


@pytest.mark.parametrize("words", ["第二条", "固定工坊", "无失信"])
def test_a_list_comes_whole_with_its_lead_in(rules: Document, words: str) -> None:
    block = block_of(rules, words)
    assert block is not None and block.kind is BlockKind.LIST and block.text == CONDITIONS
    assert [unit_text(rules, place)[:3] for place in block.items] == ["（一）", "（二）", "（三）"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("固定工坊", "第二条 申请人应当符合下列条件：\n（一）在本区有固定工坊；"),
        ("经营满", "第二条 申请人应当符合下列条件：\n（二）具备下列之一：\n1. 经营满两年；"),
    ],
)
def test_of_a_long_list_an_item_comes_with_its_lead_in(rules: Document, words: str, expected: str) -> None:
    block = block_of(rules, words, limit=20)
    assert block is not None and block.kind is BlockKind.ITEM and block.text == expected


def test_an_item_comes_with_what_stands_below_it(rules: Document) -> None:
    block = item_block(rules, place_of(rules, "具备下列"))
    assert block.text.split("\n")[1:] == ["（二）具备下列之一：", "1. 经营满两年；", "2. 带徒三人以上。"]


def test_a_list_longer_than_the_limit_is_long(tmp_path: Path) -> None:
    items = "".join(
        f"（{number}）第{number}份材料由本人签字，一式三份，复印件与原件核对；\n" for number in "一二三四五六七八九十"
    )
    rest = "".join(f"第{number}条 工坊应当保持整洁，工具摆放有序，并接受监督。\n" for number in range(2, 60))
    document = loaded(tmp_path, f"工坊办法\n第一条 提交下列材料：\n{items * 4}{rest}")
    assert told(document, "第三份") == "第一条 提交下列材料：\n（三）第三份材料由本人签字，一式三份，复印件与原件核对；"
    assert told(document, "第三份", limit=5_000).count("\n") == 40


@pytest.mark.parametrize("limit", [GROUP_CHARACTERS, 20])
@pytest.mark.parametrize("words", ["转租工坊", "歇业超过"])
def test_a_ban_is_never_told_without_what_it_bans(rules: Document, words: str, limit: int) -> None:
    text = told(rules, words, limit)
    assert text.startswith("第三条 有下列情形之一的，不予支持：") and words in text
    assert (text == BANS) is (limit == GROUP_CHARACTERS)


@pytest.mark.parametrize("limit", [GROUP_CHARACTERS, 20])
@pytest.mark.parametrize("words", ["提供下列虚假", "虚假照片"])
def test_a_ban_within_a_list_is_not_told_without_what_it_bans_either(rules: Document, words: str, limit: int) -> None:
    assert "不予支持" in told(rules, words, limit)


def test_a_ban_that_is_most_of_its_document_is_not_told_without_what_it_bans_either(tmp_path: Path) -> None:
    items = "".join(
        f"（{number}）转租第{number}间工坊或者把它改作与手工业无关的用途；\n" for number in "一二三四五六七八九十"
    )
    document = loaded(
        tmp_path, f"工坊负面清单\n第一条 有下列情形之一的，不予支持：\n{items * 2}第二条 自公布之日起施行。\n"
    )
    assert "不予支持" in told(document, "转租第三间")


def test_an_unnumbered_ban_that_is_most_of_its_document_is_told_with_what_it_bans(tmp_path: Path) -> None:
    items = "".join(
        f"（{number}）转租第{number}间工坊或者改作他用，屡次劝告不听的；\n" for number in "一二三四五六七八九十"
    )
    document = loaded(tmp_path, f"工坊负面清单\n有下列情形之一的，不予支持：\n{items * 2}自公布之日起施行。\n")
    assert "不予支持" in told(document, "转租第三间")


@pytest.mark.parametrize("words", ["租给他人", "歇业", "半年的"])
def test_items_without_an_end_mark_are_items_too(tmp_path: Path, words: str) -> None:
    text = "# 说明\n\n有下列情形之一的不予支持：\n\n- 租给他人\n- 歇业\n  - 超过半年的\n  - 不开门的\n"
    assert "不予支持" in told(loaded(tmp_path, text, "说明.md"), words)


@pytest.mark.parametrize("words", ["第三条", "具备下列"])
def test_a_lead_in_alone_is_nothing(rules: Document, words: str) -> None:
    assert "\n" in told(rules, words, limit=20) or not told(rules, words, limit=20)


def test_a_question_comes_with_its_answer_up_to_the_next_question(tmp_path: Path) -> None:
    document = loaded(tmp_path, QUESTIONS, "问答.md")
    block = block_of(document, "学徒能否")
    assert block is not None and block.kind is BlockKind.ANSWER
    assert block.text == "1. 学徒能否申请？\n不能单独申请。\n由师傅代为申请。"
    assert told(document, "补贴何时") == "2. 补贴何时发放？\n每年六月发放。"


@pytest.mark.parametrize("limit", [22, 1])
def test_of_a_long_answer_at_least_the_first_unit_comes(tmp_path: Path, limit: int) -> None:
    document = loaded(tmp_path, QUESTIONS, "问答.md")
    assert told(document, "学徒能否", limit) == "1. 学徒能否申请？\n不能单独申请。"


def test_the_first_unit_of_an_answer_comes_with_its_question(tmp_path: Path) -> None:
    document = loaded(tmp_path, QUESTIONS, "问答.md")
    block = block_of(document, "不能单独")
    assert block is not None and block.kind is BlockKind.ANSWER
    assert block.text == "1. 学徒能否申请？\n不能单独申请。"
    assert told(document, "由师傅") == "由师傅代为申请。"


def test_the_items_of_an_answer_are_known(tmp_path: Path) -> None:
    text = "# 问答\n\n### 交什么？\n\n提交下列材料：\n\n1. 申请表；\n2. 照片。\n\n### 交几份？\n\n### 到哪里交？\n\n一楼。\n"
    document = loaded(tmp_path, text, "问答.md")
    block = block_of(document, "交什么")
    assert block is not None and [unit_text(document, place) for place in block.items] == ["1. 申请表；", "2. 照片。"]
    assert block_of(document, "交几份") is None


@pytest.mark.parametrize("words", ["工坊问答", "二、联系"])
def test_a_title_never_stands_for_its_document_and_a_heading_alone_is_nothing(tmp_path: Path, words: str) -> None:
    assert block_of(loaded(tmp_path, QUESTIONS, "问答.md"), words) is None


def test_a_title_below_a_field_stands_for_its_document_no_more(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset='utf-8'><title>工坊开放说明</title></head><body><div class='content'><p>来源：文化馆</p>"
        "<h1>工坊开放说明</h1><p>工坊周末全天开放，来访者请提前在服务台登记姓名和人数。</p></div></body></html>"
    )
    assert block_of(loaded(tmp_path, page, "开放.html"), "工坊开放说明") is None


def test_headings_alone_are_nothing(tmp_path: Path) -> None:
    assert block_of(loaded(tmp_path, "# 说明\n\n正文一句。\n\n## 预约\n\n### 电话\n", "说明.md"), "预约") is None


def test_a_heading_comes_with_what_stands_below_it(rules: Document) -> None:
    block = block_of(rules, "第二章")
    assert block is not None and block.kind is BlockKind.SECTION and block.text == f"第二章 对象\n{CONDITIONS}\n{BANS}"
    assert [unit_text(rules, place)[:3] for place in block.items] == ["第二条", "第三条"]


@pytest.mark.parametrize(
    ("words", "limit", "expected"),
    [
        ("第二章", 80, f"第二章 对象\n{CONDITIONS}"),
        ("第二章", 20, "第二章 对象\n第二条 申请人应当符合下列条件："),
        ("第三章", 20, "第三章 附则\n第四条 工坊每年检查一次。"),
    ],
)
def test_a_long_section_comes_as_its_first_list_or_unit(rules: Document, words: str, limit: int, expected: str) -> None:
    assert told(rules, words, limit) == expected


def test_a_long_section_that_begins_with_a_heading_is_nothing(tmp_path: Path) -> None:
    document = loaded(tmp_path, "# 说明\n\n## 预约\n\n### 电话\n\n周一到周五接听，节假日除外。\n", "说明.md")
    assert block_of(document, "预约", limit=10) is None and told(document, "电话").endswith("除外。")


def test_a_row_comes_with_its_headers(tmp_path: Path) -> None:
    block = block_of(loaded(tmp_path, TABLE.format(lead=""), "收费.md"), "小间")
    assert block is not None and block.kind is BlockKind.ROW
    assert block.text == "档次：小间；月租：500元；押金：1000元"


def test_rows_come_with_the_line_that_introduces_their_table(tmp_path: Path) -> None:
    document = loaded(tmp_path, TABLE.format(lead="各档收费如下表：\n\n"), "收费.md")
    assert told(document, "小间").split("\n") == [
        "各档收费如下表：",
        "档次：大间；月租：800元；押金：1600元",
        "档次：小间；月租：500元；押金：1000元",
    ]
    row = block_of(document, "小间", limit=30)
    assert row is not None and row.kind is BlockKind.ROW
    assert row.text == "各档收费如下表：\n档次：小间；月租：500元；押金：1000元"


def test_a_row_comes_with_its_caption(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset='utf-8'></head><body><h1>开放</h1><p>工坊周末全天开放，来访请登记。</p><table>"
        "<caption>表1 开放时段</caption><tr><th>工坊</th><th>时段</th></tr><tr><td>陶艺工坊</td><td>上午</td></tr>"
        "<tr><td>木作工坊</td><td>下午</td></tr></table></body></html>"
    )
    document = loaded(tmp_path, page, "开放.html")
    expected = "表1 开放时段\n工坊：木作工坊；时段：下午"
    assert told(document, "木作") == item_block(document, place_of(document, "木作")).text == expected


def test_without_units_the_sentence_is_told(rules: Document) -> None:
    assert told(replace(rules, units=()), "转租") == "（一）转租工坊；"


def test_blocks_overlap_where_they_share_more_than_a_lead_in(rules: Document) -> None:
    one, other = (item_block(rules, place_of(rules, words)) for words in ("转租", "歇业"))
    whole = block_of(rules, "转租")
    assert whole is not None and one.passages[0] == other.passages[0]
    assert not one.overlaps(other) and one.overlaps(one) and one.overlaps(whole) and whole.overlaps(other)
    assert not one.overlaps(item_block(replace(rules, id="另一份"), place_of(rules, "转租")))


LINES = ("一、总则。", "（一）条件如下：", "（二）材料。", "1. 甲；", "2. 乙。", "正文一段。", "能否申请？", "情形：")


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=14), st.sampled_from([GROUP_CHARACTERS, 12]))
def test_a_block_holds_the_unit_that_was_found_and_what_leads_in_to_it(lines: list[str], limit: int) -> None:
    lines = ["工坊说明", *(f"{line[:-1]}{place}{line[-1]}" for place, line in enumerate(lines))]
    units = hang_units([blocks.Block(UnitKind.PARAGRAPH, line) for line in lines])
    document = replace(bare("说明", "\n".join(lines)), units=units)
    for place, line in enumerate(lines):
        block = block_of(document, line, limit)
        lead = None if line.endswith(("：", "？")) else lead_in_over(document, place)
        assert block is None or line in block.text
        assert block is None or lead is None or unit_text(document, lead) in block.text
