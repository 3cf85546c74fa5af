"""How each element of a web page reads, tables among them; wrong encodings and damage."""

import pytest

from bot.documents.blocks import Block, Reason
from bot.documents.formats.html import read_html
from bot.documents.load import load_document
from bot.errors import DocumentError
from bot.types import UnitKind
from tests.documents.web_pages import SECOND, SENTENCE, TITLE, body, dropped, texts
from tests.support.spent import within

# --- elements -----------------------------------------------------------------------------------


def item_lines(inner: str) -> list[tuple[int, str, str]]:
    blocks = body(f"<h1>{TITLE}</h1><p>{SENTENCE}</p>{inner}").blocks
    return [(block.level, block.marker, block.text) for block in blocks if block.kind is UnitKind.ITEM]


def test_numbers_of_lists_as_printed() -> None:
    assert item_lines("<ol start=3><li>甲事项<li value=7>乙事项<li>丙事项</ol>") == [
        (1, "3.", "3. 甲事项"),
        (1, "7.", "7. 乙事项"),
        (1, "8.", "8. 丙事项"),
    ]
    assert [marker for _, marker, _ in item_lines("<ol reversed><li>甲事项<li>乙事项</ol>")] == ["2.", "1."]
    assert [marker for _, marker, _ in item_lines("<ol type=I><li>甲事项<li>乙事项</ol>")] == ["I.", "II."]
    assert [marker for _, marker, _ in item_lines("<ol style='list-style-type: none'><li>甲事项</ol>")] == [""]
    assert item_lines("<ol><li>甲事项<ul><li>子项</ul><li>乙事项</ol>") == [
        (1, "1.", "1. 甲事项"),
        (2, "", "子项"),
        (1, "2.", "2. 乙事项"),
    ]
    assert item_lines("<ol><li>（一）甲事项</ol>") == [(1, "（一）", "（一）甲事项")]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>8</sup>个/m<sup>2</sup>，10<sup>-3</sup>", "10⁸个/m²，10⁻³"),
        ("CO<sub>2</sub>和x<sub>max</sub>", "CO₂和x_(max)"),
        ("补助<sup>1</sup>按年发放<sup>[2]</sup>", "补助[1]按年发放[2]"),
        ("5<span>0</span><span>万元</span>", "50万元"),
        ("研发&lt;50万元，投入&amp;gt;100万元，占比&ge;5%", "研发<50万元，投入>100万元，占比≥5%"),
        ("上限<ins>60</ins><del>50</del>万元", "上限60万元"),
        ("上限60<span style='text-decoration:line-through'>50</span>万元", "上限60万元"),
        ("<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字", "汉字"),
        ("所谓<q>专精特新</q>企业", "所谓“专精特新”企业"),
        ("分行的\n        源文件", "分行的源文件"),
        ("english\n   words", "english words"),
        ("甲<!-- 注释 -->乙<wbr>丙&shy;丁", "甲乙丙丁"),
    ],
)
def test_inline_marks(markup: str, text: str) -> None:
    page = f"<h1>{TITLE}</h1><p>{SENTENCE}</p><p>{markup}</p>"
    assert texts(read_html(page.encode()))[-1] == text


def test_what_is_hidden_struck_or_a_choice_is_told() -> None:
    extract = body(
        f"<h1>{TITLE}</h1><p>{SENTENCE}</p><p hidden>最高999万元。</p><div style='visibility:hidden'>最高888万元。</div>"
        f"<div aria-hidden=true>最高777万元。</div><template>最高666万元。</template><p><s>旧的句子。</s>{SECOND}</p>"
        "<p>单位：<select><option>甲类<option>乙类</select><input value=填写></p>"
    )
    assert dropped(extract, Reason.HIDDEN) == ["最高999万元。", "最高888万元。", "最高777万元。", "最高666万元。"]
    assert dropped(extract, Reason.STRUCK) == ["旧的句子。"]
    assert dropped(extract, Reason.CHOICES) == ["甲类乙类", "填写"]
    assert texts(extract)[-1] == "单位："


def test_a_hidden_copy_of_the_article_is_a_repetition() -> None:
    extract = body(
        f"<h1>{TITLE}</h1><p>{SENTENCE}</p><p>{SECOND}</p><div style='display:none'>{TITLE}{SENTENCE}{SECOND}</div>"
    )
    assert dropped(extract, Reason.HIDDEN) == [] and len(dropped(extract, Reason.REPEATED)) == 1


def test_notes_and_their_references() -> None:
    extract = body(
        f"<h1>{TITLE}</h1><p>{SENTENCE}<sup><a href='#n1' id=r1>1</a></sup></p><p>{SECOND}</p>"
        "<ol><li id=n1>以上年度报表为准。 <a href='#r1'>↩</a></li></ol>"
    )
    assert texts(extract)[1] == f"{SENTENCE}[1]"
    assert texts(extract, UnitKind.NOTE) == ["[1] 以上年度报表为准。"]


def test_lines_parted_by_breaks() -> None:
    extract = body(
        f"<div>{TITLE}<br>第一条 {SENTENCE}<br>第二条 每家企业<br>每年最高20万元。<br><br>某市科技局<br>2025年3月1日</div>"
    )
    assert texts(extract) == [
        TITLE,
        f"第一条 {SENTENCE}",
        "第二条 每家企业每年最高20万元。",
        "某市科技局",
        "2025年3月1日",
    ]


def test_terms_details_and_code() -> None:
    extract = body(
        f"<h1>{TITLE}</h1><p>{SENTENCE}</p><dl><dt>期限</dt><dd>三年。</dd><dd>可延一年。</dd></dl>"
        "<details><summary>问：几年？</summary><p>答：三年。</p></details><pre>第一行\n第二行。</pre>"
    )
    assert texts(extract)[2:] == ["期限：三年。", "可延一年。", "问：几年？", "答：三年。", "第一行", "第二行。"]


def test_a_page_of_pictures_says_so() -> None:
    extract = read_html(f"<h1>{TITLE}</h1><p><img src=a.jpg><img src=b.jpg></p>".encode())
    assert dropped(extract, Reason.NO_TEXT) == [""] and "2张" in extract.warnings[0]


def test_an_inner_page_is_told() -> None:
    extract = body(f"<h1>{TITLE}</h1><p>{SENTENCE}</p><iframe srcdoc='<p>里面的话。</p>'></iframe>")
    assert dropped(extract, Reason.UNREADABLE) == ["里面的话。"]


# --- tables -------------------------------------------------------------------------------------


def rows(table: str) -> list[Block]:
    extract = body(f"<h1>{TITLE}</h1><p>{SENTENCE}</p>{table}<p>{SECOND}</p>")
    return [block for block in extract.blocks if block.table is not None]


def test_two_header_rows_and_merged_cells() -> None:
    table = (
        "<table><caption>单位：万元</caption><tr><th rowspan=2>类型</th><th colspan=2>2024年</th><th colspan=2>2025年</th></tr>"
        "<tr><th>比例</th><th>上限</th><th>比例</th><th>上限</th></tr>"
        "<tr><td>甲类</td><td>10%</td><td>50</td><td>10%</td><td>50</td></tr></table>"
    )
    assert [block.text for block in rows(table)] == [
        "单位：万元",
        "类型：甲类；2024年 比例：10%；2024年 上限：50；2025年 比例：10%；2025年 上限：50",
    ]


@pytest.mark.parametrize(
    "spans", ["rowspan=0", "rowspan=99", "rowspan='２'", "colspan=0", "colspan=-1 rowspan=x", "colspan=99999"]
)
def test_impossible_spans_lose_nothing(spans: str) -> None:
    table = f"<table><tr><th>项</th><th>值</th><th>注</th></tr><tr><td {spans}>甲</td><td>1</td><td>A</td></tr><tr><td>乙</td><td>2</td><td>B</td></tr></table>"
    told = "".join(block.text for block in rows(table))
    assert all(value in told for value in ("甲", "1", "A", "乙", "2", "B"))


def test_head_foot_and_columns_without_values() -> None:
    table = (
        "<table><thead><tr><td>项目</td><td>金额</td><td>备注</td></tr></thead><tfoot><tr><td>合计</td><td>9</td><td></td></tr></tfoot>"
        "<tbody><tr><td>甲</td><td>9</td><td></td></tr></tbody></table>"
    )
    assert [block.text for block in rows(table)] == ["项目：甲；金额：9", "项目：合计；金额：9", "备注"]


def test_a_table_that_only_places_the_page() -> None:
    extract = body(f"<table><tr><td><h1>{TITLE}</h1><p>{SENTENCE}</p><p>{SECOND}</p></td></tr></table>")
    assert {block.kind for block in extract.blocks} == {UnitKind.HEADING, UnitKind.PARAGRAPH}


def test_a_table_inside_a_table() -> None:
    inner = "<table><tr><th>甲项</th><th>乙项</th></tr><tr><td>1</td><td>2</td></tr></table>"
    extract = body(f"<h1>{TITLE}</h1><p>{SENTENCE}</p><table><tr><td>外层说明</td><td>{inner}</td></tr></table>")
    assert "甲项：1；乙项：2" in texts(extract, UnitKind.ROW) and "外层说明" in texts(extract)


# --- encodings and damage -----------------------------------------------------------------------


def test_one_bad_byte_is_one_mark_and_a_warning() -> None:
    page = (
        f"<meta charset=gb2312><h1>{TITLE}</h1><p>{SENTENCE}</p>".encode("gb18030")
        + b"\xff"
        + f"<p>{SECOND}</p>".encode("gb18030")
    )
    extract = read_html(page)
    assert texts(extract) == [TITLE, SENTENCE, "\ufffd", SECOND]
    assert len(extract.warnings) == 1 and "1处字节" in extract.warnings[0]


@pytest.mark.parametrize(
    ("declared", "encoding", "warned"),
    [
        ("utf-8", "gb18030", True),
        ("gb2312", "utf-8", True),
        ("", "gb18030", False),
        ("gbk", "gb18030", False),
        ("utf-16", "utf-8", False),
        ("utf-8", "utf-16", False),
        ("nonsense", "utf-8-sig", False),
    ],
)
def test_wrong_and_missing_encodings(declared: str, encoding: str, warned: bool) -> None:
    meta = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'>" if declared else ""
    extract = read_html(
        f"<html><head>{meta}</head><body><h1>{TITLE}</h1><p>{SENTENCE}</p></body></html>".encode(encoding)
    )
    assert texts(extract) == [TITLE, SENTENCE] and bool(extract.warnings) is warned


def test_xhtml_with_a_prolog() -> None:
    page = f"<?xml version='1.0' encoding='gb2312'?><html xmlns='http://www.w3.org/1999/xhtml'><body><h1>{TITLE}</h1><p>{SENTENCE}<br/>甲</p></body></html>"
    assert texts(read_html(page.encode("gb18030"))) == [TITLE, SENTENCE, "甲"]


@pytest.mark.parametrize("page", ["", "<html></html>", "<html><body><script>1</script></body></html>", "<p>  </p>"])
def test_a_page_without_text_is_an_error(load, page: str) -> None:
    with pytest.raises(DocumentError, match="解决办法"):
        load("a.html", page or "\n")


def test_nesting_is_put_up_with_or_refused_never_cut() -> None:
    assert SENTENCE in texts(body("<div>" * 200 + SENTENCE + "</div>" * 200))
    assert SENTENCE in texts(body("<div><span>" * 500 + SENTENCE))
    with pytest.raises(DocumentError, match="太深.*解决办法"):
        read_html(("<div>" * 100_000 + SENTENCE).encode())


@pytest.mark.parametrize(
    "unit", ["<table><tr><td>甲", "<ul><li>甲", "<td>甲</td>", "&amp;", "&#x10ffff;", "<sup>1", "\x00甲", "<b><i>"]
)
def test_hostile_pages_take_time_by_their_length(unit: str) -> None:
    with within(20):
        try:
            read_html(f"<h1>{TITLE}</h1><p>{SENTENCE}</p>{unit * 20_000}".encode())
        except DocumentError as error:
            assert "解决办法" in str(error)


def test_load_keeps_heading_levels(load) -> None:
    page = f"<body><h1>总题目在此</h1><h2>第一部分</h2><p>{SENTENCE}</p><h3>细则</h3><p>{SENTENCE}</p><h2>第二部分</h2><p>{SENTENCE}</p>"
    assert callable(load_document)
    paths = [section.path for section in load("a.html", page).sections]
    assert paths[1:] == [("第一部分",), ("第一部分", "细则"), ("第二部分",)]
