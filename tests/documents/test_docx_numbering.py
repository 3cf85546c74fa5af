"""Word's automatic numbers: continuing, restarting, inherited by styles, in every format used in Chinese documents."""

import pytest

from bot.documents.formats.word.number_formats import format_number
from bot.types import UnitKind
from tests.support.word_files import abstract, item, level, numbered, paragraph, read, run, style, styled, texts


def markers(body: str, **parts: str) -> list[str]:
    return [block.marker for block in read(body, **parts).blocks]


def test_lists_of_one_definition_go_on_and_restart_where_told() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="6"/></w:lvlOverride>'
    numbering = abstract(4, level("第%1条", "chineseCountingThousand")) + "".join(
        numbered(name, 4, override if name == 3 else "") for name in (1, 2, 3)
    )
    body = (
        item("甲", 1)
        + item("乙", 1)
        + paragraph("说明")
        + item("丙", 2)
        + item("丁", 3)
        + item("戊", 3)
        + item("己", 1)
    )
    extract = read(body, numbering=numbering)
    assert texts(extract) == ["第一条 甲", "第二条 乙", "说明", "第三条 丙", "第六条 丁", "第七条 戊", "第八条 己"]
    assert [block.kind for block in extract.blocks[:3]] == [UnitKind.ITEM, UnitKind.ITEM, UnitKind.PARAGRAPH]


def test_lists_of_their_own_definitions_count_by_themselves() -> None:
    numbering = abstract(0, level("%1.")) + abstract(1, level("（%1）")) + numbered(1, 0) + numbered(2, 1)
    assert markers(item("甲", 1) + item("乙", 2) + item("丙", 1) + item("丁", 2), numbering=numbering) == [
        "1.", "（1）", "2.", "（2）",
    ]  # fmt: skip


LEVELS = level("第%1章", "chineseCounting") + level("%1.%2", index=1) + level("（%3）", "lowerLetter", index=2)


def test_levels_restart_after_the_level_above() -> None:
    numbering = abstract(0, LEVELS) + numbered(1, 0)
    body = "".join(item("x", 1, depth) for depth in (0, 1, 2, 2, 1, 2, 0, 1))
    assert markers(body, numbering=numbering) == ["第一章", "一.1", "（a）", "（b）", "一.2", "（a）", "第二章", "二.1"]
    assert [block.level for block in read(body, numbering=numbering).blocks] == [1, 2, 3, 3, 2, 3, 1, 2]


def test_legal_levels_show_figures_only() -> None:
    numbering = abstract(0, level("%1", "chineseCounting"), level("%1.%2", index=1, more="<w:isLgl/>")) + numbered(1, 0)
    assert markers(item("x") + item("y", 1, 1), numbering=numbering) == ["一", "1.1"]


@pytest.mark.parametrize(
    ("restart", "expected"), [("0", ["1", "a", "2", "b"]), ("1", ["1", "a", "2", "a"]), (None, ["1", "a", "2", "a"])]
)
def test_a_level_may_count_on_over_the_level_above(restart: str | None, expected: list[str]) -> None:
    more = "" if restart is None else f'<w:lvlRestart w:val="{restart}"/>'
    numbering = abstract(0, level("%1"), level("%2", "lowerLetter", index=1, more=more)) + numbered(1, 0)
    body = item("x") + item("y", 1, 1) + item("x") + item("y", 1, 1)
    assert markers(body, numbering=numbering) == expected


def test_an_override_of_a_whole_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level("条件%1：", "upperLetter", start=3)}</w:lvlOverride>'
    numbering = abstract(0, level("%1.")) + numbered(1, 0) + numbered(2, 0, override)
    assert texts(read(item("甲", 2) + item("乙", 2), numbering=numbering)) == ["条件C：甲", "条件D：乙"]


def test_a_level_skipped_counts_from_its_start() -> None:
    numbering = abstract(0, level("%1"), level("%1.%2", index=1)) + numbered(1, 0)
    assert markers(item("x", 1, 1) + item("y", 1, 1), numbering=numbering) == ["1.1", "1.2"]


STYLES = (
    style("Clause", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>')
    + style("ClauseToo", based_on="Clause")
    + style("Off", '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>', based_on="Clause")
    + style("Sub", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
)


def test_numbers_by_style_and_inheritance() -> None:
    sub = level("（%2）", index=1, more='<w:pStyle w:val="Sub"/>')
    numbering = abstract(0, level("%1、", "chineseCounting"), sub) + numbered(1, 0)
    body = styled("甲", "Clause") + styled("乙", "ClauseToo") + styled("丙", "Sub") + styled("丁", "Off")
    body += paragraph("戊", '<w:pStyle w:val="Clause"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert texts(read(body, numbering=numbering, styles=STYLES)) == ["一、甲", "二、乙", "（1）丙", "丁", "戊"]


def test_a_heading_style_with_numbers_is_a_heading_with_its_marker() -> None:
    styles = style("H", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', label="heading 1")
    numbering = abstract(0, level("%1、", "chineseCounting", more='<w:pStyle w:val="H"/>')) + numbered(1, 0)
    (block,) = read(styled("支持标准", "H"), styles=styles, numbering=numbering).blocks
    assert (block.kind, block.level, block.marker, block.text) == (UnitKind.HEADING, 1, "一、", "一、支持标准")


def test_list_styles_lead_to_the_definition_they_name() -> None:
    styles = style("L", '<w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr>', sort="numbering")
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        + f'<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="L"/>{level("（%1）", "chineseCounting")}</w:abstractNum>'
        + numbered(1, 0)
        + numbered(9, 1)
    )
    assert markers(item("甲", 1) + item("乙", 9), styles=styles, numbering=numbering) == ["（一）", "（二）"]


def test_bullets_are_items_without_marker_unless_they_are_words() -> None:
    numbering = abstract(0, level("\uf06c", "bullet"), level("注：", "bullet", index=1)) + numbered(1, 0)
    extract = read(item("甲") + item("乙", 1, 1), numbering=numbering)
    assert [(block.kind, block.marker, block.text, block.level) for block in extract.blocks] == [
        (UnitKind.ITEM, "", "甲", 1), (UnitKind.ITEM, "注：", "注：乙", 2),
    ]  # fmt: skip


def test_what_does_not_count_and_what_does() -> None:
    numbering = abstract(0, level("%1.")) + numbered(1, 0)
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    hidden = paragraph(run("隐", "<w:vanish/>"), f"{number}<w:rPr><w:vanish/></w:rPr>")
    removed = paragraph(
        '<w:del w:id="1"><w:r><w:delText>删</w:delText></w:r></w:del>', f'{number}<w:rPr><w:del w:id="2"/></w:rPr>'
    )
    empty = f"<w:p><w:pPr>{number}</w:pPr></w:p>"
    joined = paragraph("前半", f'{number}<w:rPr><w:del w:id="3"/></w:rPr>') + paragraph("后半", number)
    body = item("甲") + hidden + item("乙") + removed + item("丙") + empty + item("丁") + joined
    assert texts(read(body, numbering=numbering)) == ["1.甲", "2.乙", "3.丙", "5.丁", "6.前半后半"]


def test_hidden_numbers_and_literal_text_without_number() -> None:
    numbering = (
        abstract(0, level("%1.", more="<w:rPr><w:vanish/></w:rPr>"))
        + abstract(1, level("附则", "none"))
        + numbered(1, 0)
        + numbered(2, 1)
    )
    assert texts(read(item("甲", 1) + item("乙", 2), numbering=numbering)) == ["甲", "附则 乙"]


def test_formats_that_newer_programs_wrap() -> None:
    wrapped = (
        '<w:lvl w:ilvl="0"><w:start w:val="7"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/>'
        '</mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
    )
    assert markers(item("甲"), numbering=abstract(0, wrapped) + numbered(1, 0)) == ["007"]


@pytest.mark.parametrize(
    ("text", "suffix", "following", "expected"),
    [
        ("%1、", "tab", "资金支持", "1、资金支持"),
        ("%1.", "tab", "5G应用", "1. 5G应用"),
        ("第%1条", "space", "本办法", "第1条 本办法"),
        ("第%1条", "nothing", "本办法", "第1条本办法"),
        ("%1", "nothing", "2025年", "1 2025年"),
        ("（%1）", "tab", "3年以上", "（1）3年以上"),
    ],
)
def test_a_number_does_not_run_into_its_text(text: str, suffix: str, following: str, expected: str) -> None:
    numbering = abstract(0, level(text, more=f'<w:suff w:val="{suffix}"/>')) + numbered(1, 0)
    assert texts(read(item(following), numbering=numbering)) == [expected]


@pytest.mark.parametrize("numbering", [numbered(1, 5), "", '<w:num w:numId="1"/>', numbered(1, 0) + abstract(0)])
def test_lists_that_are_defined_nowhere_have_no_numbers(numbering: str) -> None:
    assert texts(read(item("甲"), numbering=numbering)) == ["甲"]


@pytest.mark.parametrize(
    ("form", "counts", "expected"),
    [
        ("decimal", (1, 12), ["1", "12"]),
        ("decimalZero", (1, 12), ["01", "12"]),
        ("upperRoman", (4, 1999), ["IV", "MCMXCIX"]),
        ("lowerRoman", (9,), ["ix"]),
        ("upperLetter", (1, 26, 27, 53), ["A", "Z", "AA", "AAA"]),
        ("chineseCounting", (3, 10, 21), ["三", "十", "二十一"]),
        ("chineseCountingThousand", (110, 305), ["一百一十", "三百零五"]),
        ("ideographDigital", (10,), ["一〇"]),
        ("ideographTraditional", (1, 10, 11), ["甲", "癸", "11"]),
        ("ideographZodiac", (12,), ["亥"]),
        ("ideographZodiacTraditional", (1, 13), ["甲子", "丙子"]),
        ("ideographLegalTraditional", (3, 12), ["參", "壹拾貳"]),
        ("chineseLegalSimplified", (3, 20), ["叁", "贰拾"]),
        ("decimalEnclosedCircle", (1, 20, 50, 51), ["①", "⑳", "㊿", "51"]),
        ("decimalEnclosedParen", (2,), ["⑵"]),
        ("decimalEnclosedFullstop", (3,), ["⒊"]),
        ("decimalFullWidth", (10,), ["１０"]),
        ("ideographEnclosedCircle", (2,), ["㊁"]),
        ("none", (1,), [""]),
        ("nobody knows", (7,), ["7"]),
        ("upperRoman", (0, 5000), ["0", "5000"]),
    ],
)
def test_number_formats(form: str, counts: tuple[int, ...], expected: list[str]) -> None:
    assert [format_number(count, form) for count in counts] == expected
