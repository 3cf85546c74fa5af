"""Markdown as Chinese office texts use it, and what of a source must be found again."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.blocks import Extract, Reason
from bot.documents.formats.markdown import read_markdown
from bot.types import UnitKind
from tests.documents.raw_text import lost

SENTENCE = "对符合条件的项目给予不超过总投入百分之三十的补助，同一单位每年限报一项。"


def read(source: str) -> Extract:
    return read_markdown(source.encode())


def texts(source: str, *kinds: UnitKind) -> list[str]:
    return [block.text for block in read(source).blocks if not kinds or block.kind in kinds]


def test_a_file_of_every_common_mark(load) -> None:
    source = (
        "<!-- 备注 -->\n# 某项支持\n\n据[公开页面](https://example.org/a)整理，\n这一句换了行。\n\n## 支持对象\n\n"
        "- **第一类**企业\n- 第二类企业\n\n> 引用一句。\n\n| 类别 | 比例 | 上限 |\n|---|:-:|---|\n| 甲 | 30% | 50万元 |\n\n---\n\n1. 第一条\n2. 第二条\n"
    )
    document = load("a.md", source)
    assert document.text.split("\n") == [
        "某项支持",
        "据公开页面整理，这一句换了行。",
        "支持对象",
        "第一类企业",
        "第二类企业",
        "引用一句。",
        "类别：甲；比例：30%；上限：50万元",
        "1. 第一条",
        "2. 第二条",
    ]
    assert document.metadata.title == "某项支持"
    assert document.sections[1].path == ("支持对象",) and document.sections[0].path == ()


@pytest.mark.parametrize(
    "line",
    [
        "投入 > 100 万元且占比>5%的企业，补助20万元。",
        ">5%的企业可以申请。",
        ">= 10 万元的，加5分。",
        "> 100 万元的企业可以申请。",
        "增长率 >=10%，降幅<5%，人数<100人。",
        "姓名：<姓名>，单位：<单位名称>。",
        "电话138****5678，证号3101**********12，张*明、李*华。",
        "填表日期：（____）年（____）月____日",
        "[注]: 本表由单位填写",
        "收入a_b_c和3*4*5的乘积",
        "见第3条[1]和[附件]。",
        "范围10~20万元，下限~5%。",
    ],
)
def test_signs_that_are_text_stay(line: str) -> None:
    assert texts(f"# 题目\n\n{line}\n") == ["题目", line]


def test_a_quotation_is_one_at_the_beginning_of_a_line() -> None:
    assert texts("> 说明：引用块。\n> 2024年起执行。\n") == ["说明：引用块。", "2024年起执行。"]
    assert texts("> 1. 第一项\n> 2. 第二项\n") == ["1. 第一项", "2. 第二项"]


@pytest.mark.parametrize(
    "rule", ["--- | ---", "|---|---|", "| :-- | --: |", "|:-:|:-:|", "|-|-|", "  | --- | --- |", "|---|---"]
)
def test_tables_with_any_rule(rule: str) -> None:
    header, row = (
        ("类别 | 标准", "甲类 | 10万元")
        if not rule.lstrip().startswith("|")
        else ("| 类别 | 标准 |", "| 甲类 | 10万元 |")
    )
    assert texts(f"# 题目\n\n{header}\n{rule}\n{row}\n\n后文。") == ["题目", "类别：甲类；标准：10万元", "后文。"]


def test_cells_with_bars_breaks_and_marks() -> None:
    table = "| 项目 | 说明\\|备注 | 值 |\n|---|---|---|\n| 甲<br>乙 | a\\|b | 10<sup>8</sup> |\n| ~~旧~~新 | **重点** | 5 | 多的 |\n"
    extract = read(table)
    assert [block.text for block in extract.blocks] == [
        "项目：甲 乙；说明|备注：a|b；值：10⁸",
        "项目：新；说明|备注：重点；值：5；多的",
    ]
    assert [(entry.reason, entry.text) for entry in extract.dropped] == [(Reason.STRUCK, "旧")]


def test_html_tables_with_merged_cells() -> None:
    table = "<table><tr><th rowspan=2>类</th><th colspan=2>2025年</th></tr><tr><th>比例</th><th>上限</th></tr><tr><td>甲</td><td>5%</td><td>9</td></tr></table>"
    assert texts(f"# 题目\n\n{table}\n\n后文 m<sup>2</sup>。") == [
        "题目",
        "类：甲；2025年 比例：5%；2025年 上限：9",
        "后文 m²。",
    ]


def test_lists_keep_their_numbers_and_depth() -> None:
    blocks = read("3. 甲项\n   - 子项\n     1. 孙项\n4. 乙项\n\n- [x] 已办\n- [ ] 未办\n").blocks
    assert [(block.level, block.marker, block.text) for block in blocks] == [
        (1, "3.", "3. 甲项"),
        (2, "", "子项"),
        (3, "1.", "1. 孙项"),
        (1, "4.", "4. 乙项"),
        (1, "", "☑ 已办"),
        (1, "", "☐ 未办"),
    ]


def test_notes() -> None:
    extract = read(
        "补助按年发放[^1]，见[^说明]。\n\n[^1]: 自2025年起。\n    下一行。\n\n[^说明]: 由市局解释。\n\n正文继续。\n"
    )
    assert [block.text for block in extract.blocks if block.kind is not UnitKind.NOTE] == [
        "补助按年发放[1]，见[说明]。",
        "正文继续。",
    ]
    assert [(block.marker, block.text) for block in extract.blocks if block.kind is UnitKind.NOTE] == [
        ("[1]", "[1] 自2025年起。"),
        ("", "下一行。"),
        ("[说明]", "[说明] 由市局解释。"),
    ]


def test_headings_of_both_kinds_and_no_rule_under_a_sentence() -> None:
    headings = [
        (block.level, block.text) for block in read("总题\n===\n\n小题\n---\n\n##没有空格\n\n### 收尾 ###\n").blocks
    ]
    assert headings == [(1, "总题"), (2, "小题"), (2, "没有空格"), (3, "收尾")]
    assert texts(f"{SENTENCE * 3}\n---\n后文。", UnitKind.HEADING) == []


def test_struck_code_links_and_pictures() -> None:
    source = (
        "上限~~50~~60万元。\n\n```\n代码 <b> 行\n```\n\n见[附件1](申请书.docx)和[页面](https://example.org)。\n\n"
        "![图示：办理流程](a.png) ![a.png](a.png)\n\n    缩进四格的一段。\n\n转义\\*星号\\*，&ldquo;引号&rdquo;，&amp;gt;。\n"
    )
    assert texts(source) == [
        "上限60万元。",
        "代码 <b> 行",
        "见附件1（申请书.docx）和页面。",
        "图示：办理流程",
        "缩进四格的一段。",
        "转义*星号*，“引号”，>。",
    ]


def test_lines_of_a_signature_stay_lines_and_broken_sentences_are_joined() -> None:
    long = f"为推进公共服务平台建设，围绕企业反映集中的问题逐项研究，形成一批可复制的做法，{SENTENCE}"
    source = f"# 题目\n\n{long[:45]}\n\n{long[45:]}\n\n某市科学技术局\n2025年3月1日\n"
    assert texts(source) == ["题目", long, "某市科学技术局", "2025年3月1日"]


def test_a_page_saved_as_markdown_loses_its_menus() -> None:
    menu = "\n".join(f"*   [栏目{n}](https://example.org/{n})" for n in range(30))
    foot = "\n".join(f"*   · 某区{n}局" for n in range(30))
    article = "\n\n".join(f"第{n}条 {SENTENCE}" for n in "一二三四五")
    source = f"Title: 某市补助办法 - 某市人民政府门户网站\n\nURL Source: https://example.org/a\n\nMarkdown Content:\n{menu}\n\n某市补助办法\n======\n\n*   2025-03-04\n\n{article}\n\n{foot}\n\n{article}\n"
    extract = read(source)
    assert [block.text for block in extract.blocks] == [
        "某市补助办法",
        "日期：2025-03-04",
        *(f"第{n}条 {SENTENCE}" for n in "一二三四五"),
    ]
    assert (extract.title, extract.source_url) == ("某市补助办法", "https://example.org/a")


# --- nothing vanishes ---------------------------------------------------------------------------

WORDS = st.text(
    st.sampled_from("甲乙丙丁企业研发补助一二三万元年月0123456789%，。；：（）ab>=|*_~[]#-"), min_size=1, max_size=20
)


@st.composite
def piece(draw: st.DrawFn) -> str:
    text = draw(WORDS)
    kind = draw(st.integers(0, 8))
    if kind == 0:
        return f"{'#' * draw(st.integers(1, 6))} {text}"
    if kind == 1:
        return "\n".join(f"{'  ' * draw(st.integers(0, 3))}- {draw(WORDS)}" for _ in range(3))
    if kind == 2:
        return "\n".join(f"{n}. {draw(WORDS)}" for n in range(1, 4))
    if kind == 3:
        cells = [[draw(WORDS).replace("|", "\\|") for _ in range(draw(st.integers(2, 3)))] for _ in range(3)]
        rows = [f"| {' | '.join(row)} |" for row in cells]
        return "\n".join([rows[0], "|---|---|", *rows[1:]])
    if kind == 4:
        return f"> {text}"
    if kind == 5:
        return f"**{text}** ~~{draw(WORDS)}~~ `{draw(WORDS)}`"
    if kind == 6:
        return f"```\n{text}\n{draw(WORDS)}\n```"
    if kind == 7:
        return f"<table><tr><td>{html.escape(text)}</td><td colspan=2>{html.escape(draw(WORDS))}</td></tr></table>"
    return f"{text}\n{draw(WORDS)}"


def source_text(source: str) -> str:
    """The source without the parts that are syntax alone: tags, numbers that a list prints anew."""
    return re.sub(r"</?(?:table|tr|td)[^>]*>", " ", source)


@settings(deadline=None, max_examples=100)
@given(st.lists(piece(), min_size=1, max_size=6))
def test_every_character_is_in_a_block_or_in_the_ledger(pieces: list[str]) -> None:
    source = "\n\n".join(pieces)
    assert lost(html.unescape(source_text(source)), read(source)) == ""


@pytest.mark.parametrize("unit", ["[", "![", "> ", "　", "| ", "**甲", "- ", "`", "[^1]", "<div>", "1. 甲\n", "a|b\n"])
def test_many_marks_are_read_in_bounded_time(unit: str) -> None:
    from bot.errors import DocumentError

    try:
        extract = read("题目 开始。" + unit * 5_000)
    except DocumentError as error:
        assert "解决办法" in str(error)
    else:
        assert "题目" in extract.blocks[0].text


def test_deep_quotations_and_lists_lose_nothing() -> None:
    assert "最里面的话" in "".join(texts(">" * 500 + " 最里面的话"))
    assert "最里面的项" in "".join(
        texts("\n".join(f"{'  ' * n}- 第{n}层" for n in range(60)) + f"\n{'  ' * 60}- 最里面的项")
    )
