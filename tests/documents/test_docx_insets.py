"""What is set into a Word paragraph: fields, boxes, pictures, charts, formulas."""

import pytest

from bot.documents.blocks import Reason
from tests.support.word_files import LEAD, check_one, dropped, paragraph, read, run, style, styled, texts

# --- fields ---------------------------------------------------------------------------------------


def field(instruction: str, result: str | None, data: str = "") -> str:
    separate = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
        f'{separate}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (run("见") + field("REF _a", "第五条") + run("。"), "见第五条。"),
        (run("日期：") + '<w:fldSimple w:instr=" DATE ">' + run("2025年4月1日") + "</w:fldSimple>", "日期：2025年4月1日"),
        (run("序") + field("EQ \\o\\ac(○,2)", None), "序②"),
        (run("比例为") + field("EQ \\f(1,3)", None), "比例为1/3"),
        (run("是") + field("FORMCHECKBOX", None, '<w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData>'), "是☑"),
        (run("否") + field("FORMCHECKBOX", None, "<w:ffData><w:checkBox/></w:ffData>"), "否☐"),
        (
            run("类型：")
            + field(
                "FORMDROPDOWN",
                None,
                '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="一般"/><w:listEntry w:val="重点"/></w:ddList></w:ffData>',
            ),
            "类型：重点",
        ),
        (field("SYMBOL 254 \\f &quot;Wingdings&quot;", None) + run("已阅"), "☑已阅"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("开了头没收尾的域"), "开了头没收尾的域"),
    ],
)  # fmt: skip
def test_fields_show_their_results(content: str, expected: str) -> None:
    check_one(content, expected)


def test_a_field_within_an_instruction_shows_nothing_but_the_outer_result() -> None:
    inner = field("MERGEFIELD n", "内")
    body = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        + inner
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("外")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    extract = read(LEAD + paragraph(body))
    assert texts(extract)[1:] == ["外"] and dropped(extract, Reason.HIDDEN) == ["内"]


def test_a_table_of_contents_repeats_headings_and_is_noted() -> None:
    body = (
        styled("目录", "TOCHeading")
        + paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("总则") + "<w:r><w:tab/></w:r>" + field("PAGEREF _x", "3")
        )
        + paragraph(run("没有对应的一行") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        + styled("总则", "H1")
        + paragraph("为促进合作，制定本办法。")
    )  # fmt: skip
    styles = style("H1", label="heading 1") + style("TOCHeading", label="TOC Heading")
    extract = read(body, styles=styles)
    assert texts(extract) == ["目录", "没有对应的一行", "总则", "为促进合作，制定本办法。"]
    assert dropped(extract, Reason.REPEATED) == ["总则"] and dropped(extract, Reason.PAGE_NUMBER) == ["3"]


# --- drawings -------------------------------------------------------------------------------------


def box(text: str) -> str:
    inner = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>"
        f"<wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
    )


def test_a_text_box_stands_once_in_its_own_paragraph() -> None:
    body = paragraph(f"<w:r>{box('申报截止9月15日。')}</w:r>" + run("每家企业限报一项。"))
    after = paragraph(run("咨询请到服务窗口。") + f"<w:r>{box('周末不办公。')}</w:r>")
    extract = read(LEAD + body + after)
    assert texts(extract)[1:] == ["申报截止9月15日。", "每家企业限报一项。", "咨询请到服务窗口。", "周末不办公。"]
    assert dropped(extract, Reason.REPEATED) == ["申报截止9月15日。", "周末不办公。"]


@pytest.mark.parametrize(
    "drawing",
    [
        "<w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict>",
        "<w:drawing><wp:inline><wpg:wgp><wps:wsp><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></wps:wsp></wpg:wgp></wp:inline></w:drawing>",
        "<mc:AlternateContent><mc:Choice Requires='new'><w:drawing/></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        "<w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>",
    ],
)
def test_text_boxes_of_every_make(drawing: str) -> None:
    content = f"<w:r>{drawing.format(paragraph('受理时间为每周三。'))}</w:r>"
    assert texts(read(LEAD + paragraph(content)))[1:] == ["受理时间为每周三。"]


def test_text_drawn_in_shapes_and_as_lettering() -> None:
    shape = "<w:r><w:drawing><wp:inline><a:p><a:r><a:t>申报</a:t></a:r><a:r><a:t>流程</a:t></a:r></a:p></wp:inline></w:drawing></w:r>"
    lettering = '<w:r><w:pict><v:shape><v:textpath string="征求意见稿"/></v:shape></w:pict></w:r>'
    assert texts(read(LEAD + paragraph(shape) + paragraph(lettering)))[1:] == ["申报流程", "征求意见稿"]


def test_pictures_and_objects_are_counted() -> None:
    picture = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="a" descr="流程图"/><a:graphic><pic:pic><pic:blipFill>'
        '<a:blip r:embed="x"/></pic:blipFill></pic:pic></a:graphic></wp:inline></w:drawing></w:r>'
    )
    sheet = '<w:r><w:object><v:shape><v:imagedata r:id="y"/></v:shape><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
    extract = read(LEAD + paragraph(picture + picture) + paragraph(sheet))
    assert [(each.reason, each.text, each.where) for each in extract.dropped] == [
        (Reason.NO_TEXT, "图片：流程图", "第2段"),
        (Reason.NO_TEXT, "图片：流程图", "第2段"),
        (Reason.UNREADABLE, "嵌入的对象 Excel.Sheet.12", "第2段"),
    ]


NAMES_C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def test_a_chart_is_told_as_a_table() -> None:
    def points(*values: str) -> str:
        return "".join(f'<c:pt idx="{index}"><c:v>{each}</c:v></c:pt>' for index, each in enumerate(values))

    chart = (
        f"<c:chartSpace {NAMES_C}><c:title><a:p><a:r><a:t>研发投入占比</a:t></a:r></a:p></c:title>"
        f"<c:ser><c:tx><c:strRef><c:strCache>{points('全县')}</c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{points('2023年', '2024年')}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:numCache><c:formatCode>0.0%</c:formatCode>{points('0.021', '0.0254')}</c:numCache></c:numRef></c:val>"
        "</c:ser></c:chartSpace>"
    )
    drawing = '<w:r><w:drawing><wp:inline><c:chart r:id="chart1"/></wp:inline></w:drawing></w:r>'
    extract = read(LEAD + paragraph(drawing), {"charts/chart1.xml": chart})
    assert texts(extract)[1:] == ["研发投入占比", "2023年；全县：2.1%", "2024年；全县：2.5%"]


def test_a_diagram_is_told_line_by_line() -> None:
    data = (
        '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        "<dgm:pt><dgm:t><a:p><a:r><a:t>网上申报</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "<dgm:pt><dgm:t><a:p><a:r><a:t>专家评审</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"
    )
    drawing = '<w:r><w:drawing><wp:inline><dgm:relIds r:dm="data1"/></wp:inline></w:drawing></w:r>'
    assert texts(read(LEAD + paragraph(drawing), {"diagrams/data1.xml": data}))[1:] == ["网上申报", "专家评审"]
    missing = read(LEAD + paragraph(drawing.replace("data1", "nowhere")))
    assert dropped(missing, Reason.UNREADABLE) == ["图示"]


# --- formulas -------------------------------------------------------------------------------------


def math(inner: str) -> str:
    return f"<m:oMath>{inner}</m:oMath>"


def letters(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (f"<m:f><m:num>{letters('a+b')}</m:num><m:den>{letters('c')}</m:den></m:f>", "(a+b)/c"),
        (f"<m:sSup><m:e>{letters('x')}</m:e><m:sup>{letters('2')}</m:sup></m:sSup>", "x²"),
        (f"<m:sSup><m:e>{letters('x')}</m:e><m:sup>{letters('k')}</m:sup></m:sSup>", "x^(k)"),
        (f"<m:sSub><m:e>{letters('S')}</m:e><m:sub>{letters('总')}</m:sub></m:sSub>", "S_(总)"),
        (f"<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{letters('a+1')}</m:e></m:rad>", "√(a+1)"),
        (f"<m:rad><m:deg>{letters('3')}</m:deg><m:e>{letters('y')}</m:e></m:rad>", "∛y"),
        (
            f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{letters('i=1')}</m:sub><m:sup>{letters('n')}</m:sup>"
            f"<m:e>{letters('P')}</m:e></m:nary>",
            "∑_(i=1)^(n) P",
        ),
        (f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>{letters('0,1')}</m:e></m:d>", "[0,1]"),
        (f"<m:func><m:fName>{letters('ln')}</m:fName><m:e>{letters('x')}</m:e></m:func>", "ln x"),
        (letters("𝑄=𝑘"), "Q=k"),
    ],
)  # fmt: skip
def test_formulas_are_readable(formula: str, expected: str) -> None:
    check_one(run("按") + math(formula) + run("计算。"), f"按{expected}计算。")
    assert texts(read(LEAD + f"<m:oMathPara>{math(formula)}</m:oMathPara>"))[1:] == [expected]


def test_deleted_parts_of_a_formula_go_to_the_ledger() -> None:
    extract = read(LEAD + paragraph(math(letters("a") + f'<w:del w:id="1">{letters("+b")}</w:del>')))
    assert texts(extract)[1:] == ["a"] and dropped(extract, Reason.DELETED) == ["+b"]
