import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bot.documents.chunking import chunk_document
from bot.documents.tables import render_rows
from bot.errors import DocumentError
from bot.types import Document

PARAGRAPH = "为支持各类主体开展技术攻关，对符合条件的项目给予不超过总投入百分之三十的补助，同一单位每年限报一项，评审结果向社会公布。"


def check_chunks(document: Document) -> None:
    chunks = chunk_document(document)
    assert chunks and all(document.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)


# --- html ---------------------------------------------------------------------------------------

PAGE = f"""<!DOCTYPE html><html><head><meta charset="{{charset}}">
<title>关于支持攻关的通知_某区人民政府网站</title><meta name="PubDate" content="2024-03-04 10:20">
<style>p {{{{ color: red }}}}</style><script>var a = "脚本";</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li></ul></div>
<div>当前位置：<a href="/">首页</a> &gt; 通知公告</div>
<div class="content"><h1>关于支持攻关的通知</h1><div>字体：大 中 小</div>
<div id="zoom"><p>各有关单位：</p><p>　　{PARAGRAPH}</p><p><strong>一、支持标准</strong></p>
<table><tr><th>类别</th><th>补助比例</th><th>上限</th></tr>
<tr><td rowspan="2">联合项目</td><td>30%</td><td>50万元</td></tr><tr><td>20%</td><td></td></tr></table>
<p>{PARAGRAPH}<br>第二行说明。</p><p>某区科技局</p><p>2024年3月1日</p></div>
<div>【打印】【关闭】</div></div><footer>版权所有 某区人民政府</footer></body></html>"""


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gbk", "gb18030")])
def test_a_page_gives_its_article_and_no_frame(load, charset: str, encoding: str) -> None:
    document = load("a.html", PAGE.format(charset=charset).encode(encoding))
    assert document.text.split("\n") == [
        "关于支持攻关的通知",
        "各有关单位：",
        PARAGRAPH,
        "一、支持标准",
        "类别：联合项目；补助比例：30%；上限：50万元",
        "类别：联合项目；补助比例：20%",
        PARAGRAPH,
        "第二行说明。",
        "某区科技局",
        "2024年3月1日",
    ]
    assert document.metadata.title == "关于支持攻关的通知"
    assert (document.metadata.issuer, document.metadata.date) == ("某区科技局", "2024-03-01")
    check_chunks(document)


def test_a_page_without_headings_takes_its_title_from_the_head(load) -> None:
    page = f"<html><head><title>攻关项目申报说明 - 某某网</title></head><body><p>{PARAGRAPH * 2}</p></body></html>"
    assert load("a.htm", page).metadata.title == "攻关项目申报说明"


def test_heading_levels_become_sections(load) -> None:
    page = f"<body><h1>总题目在此</h1><h2>第一部分</h2><p>{PARAGRAPH}</p><h3>细则</h3><p>{PARAGRAPH}</p><h2>第二部分</h2><p>{PARAGRAPH}</p>"
    paths = [section.path for section in load("a.html", page).sections]
    assert paths[1:] == [("第一部分",), ("第一部分", "细则"), ("第二部分",)]


@pytest.mark.parametrize("page", ["", "<html></html>", "<html><body><script>1</script></body></html>", "<p>  </p>"])
def test_a_page_without_text_is_an_error(load, page: str) -> None:
    with pytest.raises(DocumentError, match="解决办法"):
        load("a.html", page or "\n")


def test_deeply_nested_pages_are_put_up_with(load) -> None:
    assert PARAGRAPH in load("a.html", "<div>" * 200 + PARAGRAPH + "</div>" * 200).text


# --- docx ---------------------------------------------------------------------------------------


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_word_paragraphs_and_tables_in_order(load) -> None:
    document = docx.Document()
    document.add_heading("关于支持攻关的通知", 0)
    document.add_paragraph("各有关单位：")
    document.add_heading("一、支持标准", 1)
    document.add_paragraph(PARAGRAPH)
    table = document.add_table(3, 3)
    for row, values in zip(
        table.rows, [("类别", "比例", "上限"), ("联合", "30%", "50万元"), ("一般", "20%", "")], strict=True
    ):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("第一行\n第二行")
    result = load("a.docx", saved(document))
    assert result.text.split("\n") == [
        "关于支持攻关的通知",
        "各有关单位：",
        "一、支持标准",
        PARAGRAPH,
        "类别：联合；比例：30%；上限：50万元",
        "类别：一般；比例：20%",
        "第一行",
        "第二行",
    ]
    assert result.metadata.title == "关于支持攻关的通知"
    assert ("一、支持标准",) in [section.path for section in result.sections]
    check_chunks(result)


def test_word_list_numbers_are_written_out(load) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    )
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))

    def add(text: str, level: int) -> None:
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = 91

    document.add_paragraph("关于两件事的通知")
    for text, level in (("总体要求", 0), ("资金支持", 1), ("服务支持", 1), ("工作安排", 0), ("组织实施", 1)):
        add(text, level)
    assert load("a.docx", saved(document)).text.split("\n")[1:] == [
        "一、总体要求",
        "1.资金支持",
        "2.服务支持",
        "二、工作安排",
        "1.组织实施",
    ]


def test_word_tracked_changes_and_links(load) -> None:
    document = docx.Document()
    document.add_paragraph("题目一行字")
    paragraph = document.add_paragraph("补助")._p
    for xml in (
        f"<w:ins {nsdecls('w')}><w:r><w:t>上限</w:t></w:r></w:ins>",
        f"<w:del {nsdecls('w')}><w:r><w:delText>旧的</w:delText></w:r></w:del>",
        f"<w:hyperlink {nsdecls('w')}><w:r><w:t>五十万元</w:t></w:r></w:hyperlink>",
    ):
        paragraph.append(parse_xml(xml))
    assert load("a.docx", saved(document)).text == "题目一行字\n补助上限五十万元"


def test_word_merged_cells_and_core_title(load) -> None:
    document = docx.Document()
    document.core_properties.title = "项目一览"
    table = document.add_table(3, 3)
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(0, 2).text = "类别", "事项", "部门"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "资金"
    table.cell(1, 1).text, table.cell(1, 2).text = "补助", "甲"
    table.cell(2, 1).text, table.cell(2, 2).text = "贴息", "乙"
    result = load("a.docx", saved(document))
    assert result.text == "类别：资金；事项：补助；部门：甲\n类别：资金；事项：贴息；部门：乙"
    assert result.metadata.title == "项目一览"


def test_word_title_style_by_its_chinese_name(load) -> None:
    document = docx.Document()
    document.styles.add_style("标题 2", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("某件事情的说明")
    document.add_paragraph("小节名称", style="标题 2")
    document.add_paragraph(PARAGRAPH)
    assert [section.path for section in load("a.docx", saved(document)).sections] == [(), ("小节名称",)]


@pytest.mark.parametrize(
    "data",
    [b"no archive", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600],
    ids=["text", "zip", "ole"],
)
def test_damaged_word_files(load, data: bytes) -> None:
    with pytest.raises(DocumentError, match="docx.*解决办法|密码.*解决办法"):
        load("a.docx", data)


def test_other_archives_and_broken_parts_are_no_word_files(load) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hello.txt", "hi")
    with pytest.raises(DocumentError):
        load("a.docx", buffer.getvalue())
    whole = saved(docx.Document())
    with pytest.raises(DocumentError):
        load("b.docx", whole[: len(whole) // 2])


def test_a_word_file_that_unpacks_without_end_is_refused(load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.formats.docx.MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(DocumentError, match="太大"):
        load("a.docx", saved(docx.Document()))


# --- pdf ----------------------------------------------------------------------------------------


def pdf(pages: list[list[str]], title: str = "", password: str | None = None) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, encrypt=password)
    canvas.setTitle(title)
    for page in pages:
        canvas.setFont("STSong-Light", 12)
        for number, line in enumerate(page):
            canvas.drawString(72, 780 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def wrapped(text: str, width: int = 30) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def test_pdf_lines_are_joined_across_pages_and_furniture_goes(load) -> None:
    body = wrapped(PARAGRAPH)
    pages = [
        [
            "某区科技政策汇编",
            "关于支持攻关的通知",
            "某科〔2024〕5号",
            "各有关单位：",
            "一、支持标准",
            *body[:2],
            "- 1 -",
        ],
        ["某区科技政策汇编", *body[2:], "二、申报方式", *body, "- 2 -"],
        ["某区科技政策汇编", "三、其他", *body, "某区科技局", "2024年3月1日", "- 3 -"],
    ]
    document = load("a.pdf", pdf(pages))
    assert document.text.split("\n") == [
        "关于支持攻关的通知",
        "某科〔2024〕5号",
        "各有关单位：",
        "一、支持标准",
        PARAGRAPH,
        "二、申报方式",
        PARAGRAPH,
        "三、其他",
        PARAGRAPH,
        "某区科技局",
        "2024年3月1日",
    ]
    known = document.metadata
    assert (known.title, known.document_number, known.date) == ("关于支持攻关的通知", "某科〔2024〕5号", "2024-03-01")
    check_chunks(document)


def test_pdf_without_text_is_told_to_be_a_scan(load) -> None:
    with pytest.raises(DocumentError, match="文字层.*OCR"):
        load("a.pdf", pdf([[], []]))


def test_pdf_with_a_password_and_damaged_pdf(load) -> None:
    with pytest.raises(DocumentError, match="密码"):
        load("a.pdf", pdf([[PARAGRAPH]], password="secret"))
    whole = pdf([[PARAGRAPH]])
    with pytest.raises(DocumentError, match="解决办法"):
        load("b.pdf", b"%PDF-1.4 nothing here")
    with pytest.raises(DocumentError, match="解决办法"):
        load("c.pdf", whole[:200])


# --- tables and markdown ------------------------------------------------------------------------


def test_rows_carry_their_headers() -> None:
    assert render_rows([["名称", "上限"], ["甲", "10万元"]]) == ["名称：甲；上限：10万元"]
    assert render_rows([["对象", "中小企业"], ["上限", "10万元"]]) == ["对象：中小企业", "上限：10万元"]
    assert render_rows([["一览表"] * 3, ["甲", "乙", "丙"], ["1", "2", ""]]) == ["一览表", "甲：1；乙：2"]
    assert render_rows([["甲", "乙"], ["1", "2"]], header=True) == ["甲：1；乙：2"]
    assert render_rows([]) == [] and render_rows([["", ""]]) == [] and render_rows([["只有一格"]]) == ["只有一格"]


def test_markdown(load) -> None:
    text = (
        "<!-- 备注 -->\n# 某项支持\n\n据[公开页面](https://example.org/a)整理，\n这一句换了行。\n\n## 支持对象\n\n"
        "- **第一类**企业\n- 第二类企业\n\n> 引用一句。\n\n| 类别 | 比例 | 上限 |\n|---|:-:|---|\n| 甲 | 30% | 50万元 |\n\n---\n\n1. 第一条\n2. 第二条\n"
    )
    document = load("a.md", text)
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
    assert document.sections[1].path == ("支持对象",)
    assert document.sections[0].path == ()
