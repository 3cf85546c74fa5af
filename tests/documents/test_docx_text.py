"""Word paragraphs: wrappers, looks, symbols, tracked changes, headings."""

import pytest

from bot.documents.blocks import Reason
from bot.types import UnitKind
from tests.support.word_files import LEAD, check_one, dropped, only, paragraph, read, run, style, styled, texts

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
