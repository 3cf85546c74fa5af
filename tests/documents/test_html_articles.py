"""Web pages of every kind: what is article and what is frame, the title and the labelled values."""

import pytest

from bot.documents.blocks import Reason
from bot.types import UnitKind
from tests.documents.web_pages import SECOND, SENTENCE, TITLE, body, dropped, read, texts

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
