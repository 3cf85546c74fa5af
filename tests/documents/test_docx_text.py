"""Word paragraphs: looks, symbols, fields, tracked changes, controls, boxes, formulas, headings."""

import pytest

from bot.documents.blocks import Reason
from bot.types import UnitKind
from tests.support.word_files import dropped, only, paragraph, read, run, style, styled, texts

LEAD = paragraph("云溪县产学研合作补助办法")


def check_one(content: str, expected: str, **parts: str) -> None:
    assert texts(read(LEAD + paragraph(content), **parts))[1:] == [expected]


# --- wrappers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrapped",
    [
        "<w:sdt><w:sdtPr><w:id w:val='7'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>",
        "<w:customXml w:element='x'>{}</w:customXml>",
        "<w:ins w:id='1' w:author='a'>{}</w:ins>",
        "<w:future>{}</w:future>",
    ],
)
def test_wrappers_are_looked_through_at_every_level(wrapped: str) -> None:
    block = wrapped.format(paragraph("第二条 补助上限为12万元。"))
    assert texts(read(LEAD + block + paragraph("第三条 解释权归县科技局。"))) == [
        "云溪县产学研合作补助办法", "第二条 补助上限为12万元。", "第三条 解释权归县科技局。",
    ]  # fmt: skip
    check_one(run("补助上限为") + wrapped.format(run("12万元")) + run("。"), "补助上限为12万元。")


@pytest.mark.parametrize("tag", ["w:hyperlink w:anchor='a'", "w:smartTag w:element='d'", "w:dir", "w:bdo", "w:moveTo"])
def test_wrappers_within_a_paragraph(tag: str) -> None:
    check_one(run("请到") + f"<{tag}>{run('县政务网')}</{tag.split()[0]}>" + run("申报。"), "请到县政务网申报。")


def test_a_prompt_of_an_empty_control_is_no_text_but_a_filled_one_is() -> None:
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    extract = read(LEAD + paragraph(run("企业名称：") + control.format(run("单击此处输入文字。"))))
    assert texts(extract)[1:] == ["企业名称："] and dropped(extract, Reason.CHOICES) == ["单击此处输入文字。"]
    check_one(run("金额：") + control.format(run("8万元")), "金额：8万元")


# --- characters -----------------------------------------------------------------------------------


def raised(text: str) -> str:
    return run(text, '<w:vertAlign w:val="superscript"/>')


def lowered(text: str) -> str:
    return run(text, '<w:vertAlign w:val="subscript"/>')


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (run("不少于300m") + raised("2"), "不少于300m²"),
        (run("10") + raised("-") + raised("3") + run("mol"), "10⁻³mol"),
        (run("CO") + lowered("2") + run("减排"), "CO₂减排"),
        (run("x") + raised("a+b/2"), "x^(a+b/2)"),
        (run("V") + lowered("额定"), "V额定"),
        (run("P") + lowered("AB"), "P_(AB)"),
        (run("见文献") + raised("[3]"), "见文献[3]"),
        (run("5") + raised("th") + run(" edition"), "5th edition"),
        (run("1") + "<w:r><w:noBreakHyphen/></w:r>" + run("3年"), "1-3年"),
        (run("1\u20113年"), "1-3年"),
        (run("转") + "<w:r><w:softHyphen/></w:r>" + run("化"), "转化"),
        (run("姓名") + "<w:r><w:tab/></w:r>" + run("职务"), "姓名 职务"),
        (run("左") + '<w:r><w:ptab w:alignment="right"/></w:r>' + run("右"), "左 右"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("同意"), "☑同意"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>' + run("不同意"), "□不同意"),
        (run("面积") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("50亩"), "面积≥50亩"),
        (run("面积") + run("\uf0a3", '<w:rFonts w:ascii="Symbol"/>') + run("50亩"), "面积≤50亩"),
        ('<w:r><w:sym w:font="宋体" w:char="2103"/></w:r>' + run("以下"), "℃以下"),
    ],
)
def test_characters_that_runs_draw(content: str, expected: str) -> None:
    check_one(content, expected)


def test_a_symbol_nobody_knows_is_reported() -> None:
    extract = read(LEAD + paragraph('<w:r><w:sym w:font="House Font" w:char="F021"/></w:r>' + run("甲")))
    assert dropped(extract, Reason.UNREADABLE) == ["符号 House Font F021"]


def test_scripts_by_a_character_style() -> None:
    styles = style("Up", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>', sort="character")
    check_one(run("10") + run("6", '<w:rStyle w:val="Up"/>') + run("元"), "10⁶元", styles=styles)


def test_line_breaks_and_page_breaks_part_lines() -> None:
    extract = read(paragraph(run("第一行\n第二行") + '<w:r><w:br w:type="page"/></w:r>' + run("第三行")))
    assert texts(extract) == ["第一行", "第二行", "第三行"]


def test_ruby_keeps_the_base() -> None:
    ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('huì')}</w:rt><w:rubyBase>{run('惠')}</w:rubyBase></w:ruby></w:r>"
    extract = read(LEAD + paragraph(ruby + run("企政策")))
    assert texts(extract)[1:] == ["惠企政策"] and dropped(extract, Reason.RUBY) == ["huì"]


# --- hidden, struck, tracked ----------------------------------------------------------------------

HIDING = (
    style("Secret", "<w:rPr><w:vanish/></w:rPr>")
    + style("Deeper", based_on="Secret")
    + style("Gone", "<w:rPr><w:strike/></w:rPr>", sort="character")
    + style("Shown", '<w:rPr><w:vanish w:val="0"/></w:rPr>', based_on="Secret")
)


@pytest.mark.parametrize(
    ("looks", "reason"),
    [
        ("<w:vanish/>", Reason.HIDDEN),
        ('<w:vanish w:val="true"/>', Reason.HIDDEN),
        ("<w:strike/>", Reason.STRUCK),
        ('<w:dstrike w:val="1"/>', Reason.STRUCK),
        ('<w:rStyle w:val="Gone"/>', Reason.STRUCK),
    ],
)
def test_text_without_effect_is_left_out_and_noted(looks: str, reason: Reason) -> None:
    extract = read(LEAD + paragraph(run("上限20万元") + run("（曾议50万元）", looks) + run("。")), styles=HIDING)
    assert texts(extract)[1:] == ["上限20万元。"] and dropped(extract, reason) == ["（曾议50万元）"]


@pytest.mark.parametrize("looks", ['<w:vanish w:val="0"/>', '<w:strike w:val="false"/>', "<w:webHidden/>"])
def test_looks_that_are_switched_off_hide_nothing(looks: str) -> None:
    check_one(run("上限20万元。", looks), "上限20万元。")


def test_hidden_by_the_style_of_the_paragraph_and_what_it_is_based_on() -> None:
    body = LEAD + styled("内部意见", "Deeper") + styled("对外公布", "Shown")
    extract = read(body, styles=HIDING)
    assert texts(extract)[1:] == ["对外公布"] and dropped(extract, Reason.HIDDEN) == ["内部意见"]


def deleted(text: str) -> str:
    return f'<w:del w:id="1"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def test_tracked_changes_read_as_accepted() -> None:
    inserted = f'<w:ins w:id="2">{run("15%")}{deleted("又改")}</w:ins>'
    extract = read(LEAD + paragraph(run("补助比例为") + deleted("10%") + inserted + run("。")))
    assert texts(extract)[1:] == ["补助比例为15%。"] and dropped(extract, Reason.DELETED) == ["10%又改"]


def test_moved_text_stands_once_at_its_new_place() -> None:
    moved = "县级项目每年申报一次。"
    body = (
        paragraph(f'<w:moveFromRangeStart w:id="1"/><w:moveFrom w:id="2">{run(moved)}</w:moveFrom>')
        + paragraph("项目由县科技局管理。")
        + paragraph(f'<w:moveTo w:id="3">{run(moved)}</w:moveTo>')
    )
    extract = read(LEAD + body)
    assert texts(extract)[1:] == ["项目由县科技局管理。", moved] and dropped(extract, Reason.DELETED) == [moved]


@pytest.mark.parametrize("mark", ['<w:del w:id="9"/>', '<w:moveFrom w:id="9"/>', "<w:vanish/>"])
def test_a_deleted_paragraph_end_joins_two_paragraphs(mark: str) -> None:
    body = paragraph("补助资金于每年", f"<w:rPr>{mark}</w:rPr>") + paragraph("六月拨付。") + paragraph("其他事项。")
    assert texts(read(LEAD + body))[1:] == ["补助资金于每年六月拨付。", "其他事项。"]


def test_an_inserted_paragraph_end_parts_and_the_last_one_needs_no_next() -> None:
    parted = paragraph("甲段。", '<w:rPr><w:ins w:id="9"/></w:rPr>') + paragraph(
        "乙段。", '<w:rPr><w:del w:id="8"/></w:rPr>'
    )
    assert texts(read(LEAD + parted))[1:] == ["甲段。", "乙段。"]


def test_a_heading_in_the_line_of_its_text_stays_a_heading() -> None:
    body = paragraph("适用范围", '<w:outlineLvl w:val="1"/><w:rPr><w:vanish/><w:specVanish/></w:rPr>')
    blocks = read(LEAD + body + paragraph("适用于县域企业。")).blocks
    assert [(block.kind, block.text) for block in blocks[1:]] == [
        (UnitKind.HEADING, "适用范围"), (UnitKind.PARAGRAPH, "适用于县域企业。"),
    ]  # fmt: skip


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


# --- headings -------------------------------------------------------------------------------------

HEADINGS = (
    style("H1", label="heading 1")
    + style("H2cn", label="标题 2")
    + style("Titel", label="Title")
    + style("Own", based_on="H1")
    + style("Level", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
    + style("LevelToo", based_on="Level")
    + style("Plain", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', based_on="H1")
)


@pytest.mark.parametrize(
    ("style_id", "depth"),
    [("H1", 1), ("H2cn", 2), ("Titel", 1), ("Own", 1), ("Level", 3), ("LevelToo", 3), ("Plain", 0)],
)
def test_headings_by_style_name_outline_level_and_inheritance(style_id: str, depth: int) -> None:
    block = only(read(styled("支持方式", style_id), styles=HEADINGS))
    assert (block.kind, block.level) == (UnitKind.HEADING if depth else UnitKind.PARAGRAPH, depth)


def test_a_whole_paragraph_is_no_heading_whatever_its_style() -> None:
    assert only(read(styled("对通过验收的项目给予补助。", "H1"), styles=HEADINGS)).kind is UnitKind.PARAGRAPH


def test_lines_that_are_page_numbers_are_noted() -> None:
    extract = read(LEAD + paragraph("— 3 —") + paragraph("正文。"))
    assert texts(extract)[1:] == ["正文。"] and dropped(extract, Reason.PAGE_NUMBER) == ["— 3 —"]
