"""Footnotes, endnotes, comments, headers and footers, files taken in by others."""

import pytest

from bot.documents.blocks import Reason
from bot.documents.formats.docx import read_docx
from bot.types import UnitKind
from tests.support.word_files import cell, docx, dropped, paragraph, read, row, run, table, texts

LEAD = paragraph("云溪县科技特派员管理办法")


def reference(name: int, sort: str = "footnote", more: str = "") -> str:
    return f'<w:r><w:{sort}Reference {more} w:id="{name}"/></w:r>'


def note(name: int, *lines: str, sort: str = "footnote") -> str:
    inner = "".join(paragraph(f"<w:r><w:{sort}Ref/></w:r>" + run(line)) for line in lines)
    return f'<w:{sort} w:id="{name}">{inner}</w:{sort}>'


def test_notes_are_numbered_by_reference_and_follow_their_paragraph() -> None:
    body = paragraph(run("特派员") + reference(5) + run("每年下乡") + reference(2) + run("。")) + paragraph(
        "考核另定。"
    )
    notes = note(2, "不少于60天。") + note(5, "含法人特派员。")
    extract = read(LEAD + body, footnotes=notes)
    assert texts(extract)[1:] == ["特派员[1]每年下乡[2]。", "[1] 含法人特派员。", "[2] 不少于60天。", "考核另定。"]
    assert [(block.kind, block.marker) for block in extract.blocks[2:4]] == [
        (UnitKind.NOTE, "[1]"),
        (UnitKind.NOTE, "[2]"),
    ]


def test_endnotes_beside_footnotes_and_alone() -> None:
    body = paragraph(run("甲") + reference(1) + run("乙") + reference(1, "endnote"))
    ends = note(1, "尾注内容。", sort="endnote")
    assert texts(read(LEAD + body, footnotes=note(1, "脚注内容。"), endnotes=ends))[1:] == [
        "甲[1]乙[i]", "[1] 脚注内容。", "[i] 尾注内容。",
    ]  # fmt: skip
    alone = paragraph(run("乙") + reference(1, "endnote"))
    assert texts(read(LEAD + alone, endnotes=ends))[1:] == ["乙[1]", "[1] 尾注内容。"]


def test_a_note_of_several_paragraphs_a_second_reference_and_a_mark_of_its_own() -> None:
    body = paragraph(run("甲") + reference(1) + run("乙") + reference(1)) + paragraph(
        run("丙") + reference(2, more='w:customMarkFollows="1"') + run("*")
    )
    extract = read(LEAD + body, footnotes=note(1, "第一行。", "第二行。") + note(2, "* 星号注。"))
    assert texts(extract)[1:] == ["甲[1]乙[1]", "[1] 第一行。", "第二行。", "丙*", "* 星号注。"]
    assert [block.kind for block in extract.blocks[2:4]] == [UnitKind.NOTE] * 2


def test_a_note_in_a_table_follows_it() -> None:
    body = table(row("项目", "标准", "说明"), row("下乡补助", cell(paragraph(run("80元") + reference(1))), "按天"))
    assert texts(read(body + paragraph("其他。"), footnotes=note(1, "含伙食。"))) == [
        "项目：下乡补助；标准：80元[1]；说明：按天", "[1] 含伙食。", "其他。",
    ]  # fmt: skip


def test_notes_nobody_sees_and_notes_that_are_missing() -> None:
    gone = f'<w:del w:id="3">{reference(1)}</w:del>'
    extract = read(
        LEAD + paragraph(run("甲") + gone + reference(9)), footnotes=note(1, "删去的注。") + note(4, "无人引用。")
    )
    assert texts(extract)[1:] == ["甲[1]"]
    assert dropped(extract, Reason.DELETED) == ["删去的注。"] and dropped(extract, Reason.HIDDEN) == ["无人引用。"]
    assert dropped(extract, Reason.UNREADABLE) == ["脚注[1]"]


def test_comments_are_noted() -> None:
    extract = read(LEAD, comments=f'<w:comment w:id="0" w:author="x">{paragraph("这里再核一下")}</w:comment>')
    assert [(each.reason, each.text, each.where) for each in extract.dropped] == [
        (Reason.COMMENT, "这里再核一下", "批注")
    ]


# --- headers and footers --------------------------------------------------------------------------


def section(*references: str, first: bool = False) -> str:
    return f"<w:sectPr>{''.join(references)}{'<w:titlePg/>' if first else ''}</w:sectPr>"


def link(part: str, sort: str = "header", variant: str = "default") -> str:
    return f'<w:{sort}Reference w:type="{variant}" r:id="{part}"/>'


BODY = LEAD + paragraph("第一条 为规范管理，制定本办法。")
LINES = ["云溪县科技特派员管理办法", "第一条 为规范管理，制定本办法。"]


@pytest.mark.parametrize(
    "line", ["云科发〔2025〕21号", "秘密★1年", "特急", "云溪县科学技术局文件", "（征求意见稿）", "DB3299/T 5—2025"]
)
def test_what_a_running_head_says_of_the_document_stands_at_the_start(line: str) -> None:
    extract = read(BODY + section(link("header1")), header1=paragraph(line))
    assert texts(extract) == [line, *LINES] and not extract.dropped


def test_a_head_that_repeats_the_title_or_the_publisher_is_noted() -> None:
    head = paragraph("云溪县科技特派员管理办法") + paragraph("云溪县科学技术局")
    extract = read(BODY + section(link("header1")), header1=head)
    assert texts(extract) == LINES
    assert dropped(extract, Reason.RUNNING_HEAD) == ["云溪县科技特派员管理办法云溪县科学技术局"]


def test_a_first_page_of_its_own_keeps_its_letterhead_and_foot() -> None:
    body = BODY + section(
        link("header1", variant="first"), link("header2"), link("footer1", "footer", "first"), link("header3", variant="even"), first=True,
    )  # fmt: skip
    extract = read(
        body,
        header1=paragraph("云溪县科学技术局"),
        header2=paragraph("云科发〔2024〕1号"),
        header3=paragraph("双页页眉"),
        footer1=paragraph("打字：张某　校对：李某"),
    )
    assert texts(extract) == ["云溪县科学技术局", *LINES, "打字：张某 校对：李某"]
    # A second section may show the other head; here none does.
    assert dropped(extract, Reason.RUNNING_HEAD) == ["云科发〔2024〕1号双页页眉"]


def test_a_first_page_head_without_a_first_page_is_not_shown() -> None:
    extract = read(BODY + section(link("header1", variant="first")), header1=paragraph("云科发〔2025〕9号"))
    assert texts(extract) == LINES and dropped(extract, Reason.RUNNING_HEAD) == ["云科发〔2025〕9号"]


def test_page_numbers_of_feet() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("7") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    foot = paragraph(run("— ") + field + run(" —")) + paragraph(
        run("第") + '<w:fldSimple w:instr="PAGE">' + run("2") + "</w:fldSimple>" + run("页")
    )
    control = f"<w:sdt><w:sdtContent>{foot}</w:sdtContent></w:sdt>"
    extract = read(BODY + section(link("footer1", "footer")), footer1=control)
    assert texts(extract) == LINES
    assert "".join(dropped(extract, Reason.PAGE_NUMBER)).replace(" ", "") == "72——第页"


def test_heads_of_later_sections_stand_before_them() -> None:
    ends = paragraph("正文完。", section(link("header1")))
    body = BODY + ends + paragraph("申报表") + section(link("header2"))
    extract = read(body, header1=paragraph("云科发〔2025〕3号"), header2=paragraph("附件2"))
    assert texts(extract) == ["云科发〔2025〕3号", *LINES, "正文完。", "附件2", "申报表"]


def test_heads_go_on_in_the_next_section_and_are_told_once() -> None:
    ends = paragraph("正文完。", section(link("header1")))
    extract = read(BODY + ends + paragraph("附表") + section(), header1=paragraph("云科发〔2025〕3号"))
    assert texts(extract) == ["云科发〔2025〕3号", *LINES, "正文完。", "附表"]


def test_a_head_laid_out_as_a_table_and_one_with_a_watermark() -> None:
    water = '<w:p><w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r></w:p>'
    extract = read(BODY + section(link("header1")), header1=table(row("云科发〔2025〕5号", "签发人：王某")) + water)
    assert texts(extract) == ["云科发〔2025〕5号", "签发人：王某", "内部资料", *LINES]


def test_a_file_taken_in_by_another_is_read_and_one_of_another_kind_told() -> None:
    inner = docx(paragraph("附件里的正文。") + table(row("甲", "乙", "丙"), row("1", "2", "3")))
    outer = docx(
        LEAD + '<w:altChunk r:id="chunk1"/><w:altChunk r:id="page1"/>' + paragraph("完。"),
        {"chunk1.docx": inner, "page1.html": "<p>x</p>"},
    )
    extract = read_docx(outer)
    assert texts(extract) == ["云溪县科技特派员管理办法", "附件里的正文。", "甲：1；乙：2；丙：3", "完。"]
    assert dropped(extract, Reason.UNREADABLE) == ["插入的文件 word/page1.html"]
