"""No visible character of any page vanishes: built pages are held against their own text nodes."""

import html

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.documents.formats.html import read_html
from bot.types import UnitKind
from tests.documents.raw_text import lost, page_text

pytestmark = pytest.mark.slow

relaxed = settings(deadline=None, max_examples=100)
WORDS = st.text(
    st.sampled_from("甲乙丙丁戊己庚辛企业研发补助办法第一二三条万元年月日0123456789%，。；：（）《》A b<>&"),
    min_size=1,
    max_size=24,
)
TEXT = WORDS.map(html.escape)


@st.composite
def inline(draw: st.DrawFn) -> str:
    parts = draw(
        st.lists(
            st.tuples(st.sampled_from(("", "b", "span", "sup", "sub", "a", "del", "ins", "q", "font")), TEXT),
            min_size=1,
            max_size=4,
        )
    )
    return "".join(
        f"<{tag} href='x'>{text}</{tag}>" if tag == "a" else f"<{tag}>{text}</{tag}>" if tag else text
        for tag, text in parts
    )


@st.composite
def table(draw: st.DrawFn) -> str:
    width = draw(st.integers(1, 4))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        cells = []
        for _ in range(draw(st.integers(0, width))):
            tag = draw(st.sampled_from(("td", "th")))
            spans = draw(st.sampled_from(("", " rowspan=2", " colspan=2", " rowspan=0", " colspan=9 rowspan=3")))
            cells.append(f"<{tag}{spans}>{draw(inline())}</{tag}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    caption = draw(st.sampled_from(("", "<caption>题注文字</caption>", "<caption><b>题注</b></caption>")))
    return f"<table>{caption}{''.join(rows)}</table>"


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    many = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        st.tuples(
            st.sampled_from(
                (
                    "div",
                    "section",
                    "article",
                    "form",
                    "blockquote",
                    "center",
                    "nav",
                    "aside",
                    "footer",
                    "header",
                    "main",
                    "fieldset",
                )
            ),
            many,
        ).map(lambda each: f"<{each[0]}>{''.join(each[1])}</{each[0]}>"),
        many.map(lambda each: "<ul>" + "".join(f"<li>{item}</li>" for item in each) + "</ul>"),
        many.map(lambda each: "<ol start=4>" + "".join(f"<li>{item}</li>" for item in each) + "</ol>"),
        many.map(lambda each: "<dl>" + "".join(f"<dt>{item}</dt><dd>{item}</dd>" for item in each) + "</dl>"),
        many.map(lambda each: "<table><tr>" + "".join(f"<td>{item}</td>" for item in each) + "</tr></table>"),
        many.map(lambda each: f"<div style='display:none'>{''.join(each)}</div>"),
        many.map(lambda each: f"<details><summary>{each[0]}</summary>{''.join(each[1:])}</details>"),
    )


BLOCKS = st.recursive(
    st.one_of(
        inline().map(lambda text: f"<p>{text}</p>"),
        inline(),
        inline().map(lambda text: f"<h2>{text}</h2>"),
        st.lists(inline(), min_size=1, max_size=4).map("<br>".join).map(lambda text: f"<div>{text}</div>"),
        table(),
        TEXT.map(lambda text: f"<pre>{text}\n{text}</pre>"),
        st.just(
            "<select><option>选项</option></select><input value='填写'><textarea>留言</textarea><button>提交</button>"
        ),
        st.just("<p>当前位置：<a href=/>首页</a> &gt; 通知</p>"),
        st.just("<p>【打印】【关闭】</p>"),
    ),
    wrapped,
    max_leaves=12,
)


@relaxed
@given(st.lists(BLOCKS, min_size=1, max_size=5))
def test_every_character_of_a_page_is_in_a_block_or_in_the_ledger(blocks: list[str]) -> None:
    page = f"<html><head><meta charset=utf-8><title>题目</title></head><body>{''.join(blocks)}</body></html>"
    extract = read_html(page.encode())
    assert lost(page_text(page), extract) == ""


@relaxed
@given(st.lists(BLOCKS, min_size=1, max_size=4), st.lists(BLOCKS, min_size=1, max_size=4))
def test_no_sentence_of_the_article_is_taken_for_frame(before: list[str], after: list[str]) -> None:
    """Whatever stands around it, the text of an article's own container is in the blocks."""
    sentences = [
        f"第{n}条 本办法所称企业{n}，是指在本市登记满{n}年的单位{n}，按规定享受补助{n}万元，逾期不予受理。" * 3
        for n in range(1, 9)
    ]
    article = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    page = f"<html><body><div>{''.join(before)}</div><div>{article}</div><div>{''.join(after)}</div></body></html>"
    told = "\n".join(block.text for block in read_html(page.encode()).blocks)
    assert all(sentence in told for sentence in sentences)


@relaxed
@example("<table><tr><td>甲类</td><td colspan=2>甲类</td></tr><tr><td colspan=2>8</td></tr></table>")
@given(table())
def test_every_cell_of_a_table_is_in_a_row(markup: str) -> None:
    page = f"<h1>关于补助的通知</h1><p>{'第一条 每家企业每年最高二十万元，由市局负责解释。' * 9}</p>{markup}"
    extract = read_html(page.encode())
    assert lost(page_text(page), extract) == ""
    assert all(block.cells for block in extract.blocks if block.kind is UnitKind.ROW)


@relaxed
@given(st.text(max_size=300))
def test_any_text_as_a_page_is_read_or_refused(text: str) -> None:
    from bot.errors import DocumentError

    try:
        read_html(text.encode("utf-8", errors="replace"))
    except DocumentError as error:
        assert "解决办法" in str(error)
