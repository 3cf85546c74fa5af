"""Web pages of every kind: what is article, what is frame, and how each element reads."""

import pytest

from bot.documents.blocks import Block, Extract, Reason
from bot.documents.formats.html import read_html
from bot.documents.load import load_document
from bot.errors import DocumentError
from bot.types import UnitKind
from tests.documents.raw_text import lost, page_text
from tests.support.spent import within

SENTENCE = "为支持各类主体开展技术攻关，对符合条件的项目给予不超过总投入百分之三十的补助。"
SECOND = "同一单位每年限报一项，评审结果向社会公布，接受监督。"


def read(page: str, encoding: str = "utf-8") -> Extract:
    extract = read_html(page.encode(encoding))
    assert lost(page_text(page), extract) == ""
    return extract


def body(inner: str) -> Extract:
    return read(f"<html><head><meta charset='utf-8'></head><body>{inner}</body></html>")


def texts(extract: Extract, *kinds: UnitKind) -> list[str]:
    return [block.text for block in extract.blocks if not kinds or block.kind in kinds]


def dropped(extract: Extract, reason: Reason) -> list[str]:
    return [entry.text for entry in extract.dropped if entry.reason is reason]


PAGE = f"""<!DOCTYPE html><html><head><meta charset="{{charset}}">
<title>关于支持攻关的通知_某区人民政府网站</title><meta name="PubDate" content="2024-03-04 10:20">
<link rel="canonical" href="https://example.org/a.html">
<style>p {{{{ color: red }}}}</style><script>var a = "脚本";</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li></ul></div>
<div>当前位置：<a href="/">首页</a> &gt; 通知公告</div>
<div class="content"><h1>关于支持攻关的通知</h1><div>字体：大 中 小</div>
<div id="zoom"><p>各有关单位：</p><p>　　{SENTENCE}</p><p><strong>一、支持标准</strong></p>
<table><tr><th>类别</th><th>补助比例</th><th>上限</th></tr>
<tr><td rowspan="2">联合项目</td><td>30%</td><td>50万元</td></tr><tr><td>20%</td><td></td></tr></table>
<p>{SECOND}<br>第二行说明。</p><p>某区科技局</p><p>2024年3月1日</p></div>
<div>【打印】【关闭】</div></div><footer>版权所有 某区人民政府</footer></body></html>"""


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gbk", "gb18030")])
def test_a_page_gives_its_article_and_no_frame(charset: str, encoding: str) -> None:
    extract = read(PAGE.format(charset=charset), encoding)
    assert texts(extract) == [
        "关于支持攻关的通知",
        "各有关单位：",
        SENTENCE,
        "一、支持标准",
        "类别：联合项目；补助比例：30%；上限：50万元",
        "类别：联合项目；补助比例：20%",
        SECOND,
        "第二行说明。",
        "某区科技局",
        "2024年3月1日",
    ]
    assert (extract.title, extract.date) == ("关于支持攻关的通知", "2024-03-04")
    assert extract.source_url == "https://example.org/a.html" and extract.warnings == ()
    assert "当前位置：首页 > 通知公告" in dropped(extract, Reason.NAVIGATION)


# --- frame --------------------------------------------------------------------------------------


ARTICLE = f"<h1>某市创新券管理办法</h1><p>某科发〔2025〕12号</p><p>第一条 {SENTENCE}</p><p>第二条 {SECOND}</p>"
SIGNED = "<p>某市科学技术局</p><p>2025年3月1日</p>"
WHOLE = ["某市创新券管理办法", "某科发〔2025〕12号", f"第一条 {SENTENCE}", f"第二条 {SECOND}"]
SIGNATURE = ["某市科学技术局", "2025年3月1日"]


@pytest.mark.parametrize(
    "page",
    [
        f"<form id=f><div class=a>某市科技局网站</div><div>{ARTICLE}{SIGNED}</div><div>版权所有</div></form>",
        f"<form><div>{ARTICLE}{SIGNED}</div></form><div>主办单位：某局 地址：某路1号 技术支持：某公司</div>",
        f"<table><tr><td><a href=1>首页</a> <a href=2>新闻</a></td></tr><tr><td>{ARTICLE}{SIGNED}</td></tr></table>",
        f"<div><ul><li><a href=1>甲栏目</a><li><a href=2>乙栏目</a></ul></div><div><div>{ARTICLE}</div>{SIGNED}</div>",
        f"<nav><a href=1>首页</a></nav><main>{ARTICLE}{SIGNED}</main><aside><h3>热门</h3><a href=2>另一篇</a></aside>",
        f"<header><p>某市人民政府门户网站</p></header><article>{ARTICLE}{SIGNED}</article><footer>ICP备1号</footer>",
        f"<div>{ARTICLE}{SIGNED}</div><div><h3>相关新闻</h3><ul><li><a href=1>一条新闻的名称</a></ul></div>",
        f"<font><font>{ARTICLE}{SIGNED}</font></font><p><a href=1>上一篇：甲</a></p><p><a href=2>下一篇：乙</a></p>",
        f"<center><div>{ARTICLE}</div><div>某市科学技术局<br>2025年3月1日</div></center><div>网站地图 联系我们</div>",
        f"<div hidden>菜单一 菜单二</div>{ARTICLE}{SIGNED}<div style='display: none'>扫码分享</div>",
        f"<div>{ARTICLE}{SIGNED}</div><div><p>您访问的链接即将离开本网站，是否继续？</p><button>继续</button></div>",
        f"<form><input type=hidden value=x><input value=搜索><button>查询</button></form>{ARTICLE}{SIGNED}",
    ],
)
def test_the_whole_article_whatever_is_around_it(page: str) -> None:
    assert texts(body(page)) == WHOLE + SIGNATURE


def test_a_hidden_page_that_a_script_shows() -> None:
    page = (
        f"<body style='visibility: hidden'><div><a href=1>首页</a><a href=2>新闻</a></div><div>{ARTICLE}</div></body>"
    )
    assert texts(read(page)) == WHOLE


def test_an_article_in_two_parts_keeps_both() -> None:
    page = (
        f"<div>{ARTICLE * 3}</div><div><a href=1>甲</a><a href=2>乙</a><a href=3>丙</a></div><div><p>{SECOND}</p></div>"
    )
    assert texts(body(page))[-1] == SECOND


def test_links_inside_the_article_and_attachments_stay() -> None:
    page = (
        f"<div>{ARTICLE}<ul><li><a href=a>甲市办法</a></li><li><a href=b>乙市办法</a></li></ul><p>{SENTENCE}</p>"
        "<p>附件：</p><ul><li><a href='/x/1.doc'>申请书</a></li><li><a href='/x/2.xls'>汇总表</a></li></ul></div>"
    )
    extract = body(page)
    assert [*texts(extract, UnitKind.ITEM)] == ["甲市办法", "乙市办法", "申请书", "汇总表"]


def test_a_list_of_links_that_the_text_announces_stays() -> None:
    links = "".join(f"<li><a href={n}>某市创新券办法（202{n}年）</a></li>" for n in range(3))
    extract = body(
        f"<div><h1>{TITLE}</h1><p>现将有关文件汇编如下，供企业查阅使用。</p><ul>{links}</ul></div><div>版权所有</div>"
    )
    assert len(texts(extract, UnitKind.ITEM)) == 3


def test_pages_without_a_sentence() -> None:
    names = body(
        "<ul><li><a href=1>首页</a></li></ul><div><h1>获奖名单</h1><p>甲公司</p><p>乙公司</p></div><div>技术支持：某网络</div>"
    )
    assert texts(names) == ["获奖名单", "甲公司", "乙公司"]
    table = "<table><tr><td>序号</td><td>项目</td><td>单位</td></tr><tr><td>1</td><td>智能车</td><td>甲公司</td></tr></table>"
    assert texts(body(f"<div><a href=1>首页</a> <a href=2>公示</a></div><h1>项目公示</h1>{table}")) == [
        "项目公示",
        "序号：1；项目：智能车；单位：甲公司",
    ]


def test_an_attachment_tells_its_file_where_that_says_more() -> None:
    assert "附件1（申请书.docx）" in texts(
        body(f"{ARTICLE}<p><a href='f/%E7%94%B3%E8%AF%B7%E4%B9%A6.docx'>附件1</a></p>")
    )


def test_questions_and_answers_in_terms() -> None:
    page = f"<h2>问答</h2><dl><dt>问：谁可以申请？</dt><dd>答：{SENTENCE}</dd></dl>"
    assert texts(body(page)) == ["问答", "问：谁可以申请？", f"答：{SENTENCE}"]


def test_a_note_beside_the_article_stays_and_a_side_bar_goes() -> None:
    extract = body(f"<div>{ARTICLE}<aside>注：本办法由某局解释，自发布之日起施行。</aside>{SIGNED}</div>")
    assert "注：本办法由某局解释，自发布之日起施行。" in texts(extract)


# --- title and labelled values ------------------------------------------------------------------


TITLE = "某区青年公寓申请公告"


@pytest.mark.parametrize(
    ("head", "page"),
    [
        (
            f"<title>{TITLE}</title>",
            f"<div><h1>您当前的位置：<a>首页</a>&gt;<a>公开</a></h1></div><div><h1>{TITLE}</h1>@</div>",
        ),
        (
            f"<title>某区人民政府网站-{TITLE}</title>",
            f"<h1>某区人民政府网站</h1><div class=t>{TITLE}</div><div>@</div>",
        ),
        ("<title>通知公告 - 某区人民政府门户网站</title>", f"<h1>通知公告</h1><div><h2>{TITLE}</h2>@</div>"),
        (
            f"<meta name=ArticleTitle content={TITLE}><meta name=SiteName content=某区之窗>",
            f"<h1>某区之窗</h1><h3>{TITLE}</h3>@",
        ),
        (
            f"<title>{TITLE}_某区住建局</title>",
            f"<h2>搜索热词：公寓</h2><div><div><h1>{TITLE}</h1></div><div>@</div></div>",
        ),
        ("", f"<div><h1>某区住房建设局</h1></div><div><h1>{TITLE}</h1>@</div>"),
        (f"<title>{TITLE}</title>", "<div>@</div>"),
    ],
)
def test_the_title_is_the_document_and_no_site_column_or_crumb(head: str, page: str) -> None:
    text = f"<p>{SENTENCE}</p><h2>一、房源概况</h2><p>{SECOND}</p>"
    assert read(f"<html><head>{head}</head><body>{page.replace('@', text)}</body></html>").title == TITLE


@pytest.mark.parametrize(
    "box",
    [
        "<table><tr><td>发文字号：</td><td>某科发〔2025〕9号</td><td>发布机构：</td><td>某市科技局</td></tr>"
        "<tr><td>发布日期：</td><td>2025-03-02</td><td>失效日期：</td><td>2028-03-01</td></tr></table>",
        "<ul><li>发文字号： 某科发〔2025〕9号</li><li>发布机构：某市科技局</li><li>发布日期：2025-03-02</li>"
        "<li>失效日期：2028-03-01</li></ul>",
        "<dl><dt>发文字号</dt><dd>某科发〔2025〕9号</dd><dt>发布机构</dt><dd>某市科技局</dd><dt>发布日期</dt>"
        "<dd>2025-03-02</dd><dt>失效日期</dt><dd>2028-03-01</dd></dl>",
        "<div><span>发文字号：某科发〔2025〕9号</span> <span>发布机构：某市科技局</span>\n<span>发布日期：2025-03-02</span>"
        "<span> 失效日期：2028-03-01</span> <span>浏览次数：12</span></div>",
        "<div><p><b>发文字号：</b><i>某科发〔2025〕9号</i></p><p>发布机构：某市科技局</p><p>发布日期：2025-03-02</p>"
        "<p>失效日期：2028-03-01</p></div>",
        "<div><div><div>发文字号：</div><div>某科发〔2025〕9号</div></div><div><div>发布机构：</div><div>某市科技局</div></div>"
        "<div><div>发布日期：</div><div>2025-03-02</div></div><div><div>失效日期：</div><div>2028-03-01</div></div></div>",
    ],
    ids=["table", "list", "terms", "spans", "paragraphs", "boxes"],
)
def test_the_labelled_values_of_a_page(box: str) -> None:
    extract = body(f"<div>{box}<div><h1>{TITLE}</h1><p>{SENTENCE}</p><p>{SECOND}</p></div></div>")
    assert [(field.label, field.value) for field in extract.fields] == [
        ("发文字号", "某科发〔2025〕9号"),
        ("发布机构", "某市科技局"),
        ("发布日期", "2025-03-02"),
        ("失效日期", "2028-03-01"),
    ]
    assert "发文字号：某科发〔2025〕9号" in texts(extract, UnitKind.FIELD)
    assert extract.date == "2025-03-02"


def test_meta_elements_of_the_article_are_fields() -> None:
    head = "<meta name=PubDate content='2025-08-11 18:04'><meta name=ContentSource content=某局><meta name=Keywords content=甲>"
    extract = read(f"<html><head>{head}</head><body><h1>{TITLE}</h1><p>{SENTENCE}</p></body></html>")
    assert {(field.label, field.value) for field in extract.fields} == {
        ("pubdate", "2025-08-11 18:04"),
        ("contentsource", "某局"),
    }
    assert extract.date == "2025-08-11"


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
