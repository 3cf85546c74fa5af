"""PDF pages as people read them: order, lines, letters, notes, headings."""

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from bot.documents.blocks import Reason
from bot.documents.formats.pdf import read_pdf
from bot.types import UnitKind
from tests.support.pdf_files import FONT, HEIGHT, WIDTH, Paper, dropped, missing, read, texts

LONG = "凡在本区注册、具有独立法人资格的科技型企业，均可按本办法申请研发费用补助，每家企业每年最高五十万元。"


# --- order --------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_turned_page_is_read_whole(angle: int) -> None:
    paper = Paper((HEIGHT, WIDTH))
    paper.canvas.setPageRotation(angle)
    paper.lines("横向页面的标题在这里", "支持标准按下列办法执行。", "金额在最右边的一列", x=40)
    paper.text(700, 140, "八十万元")
    assert "支持标准按下列办法执行。" in texts(extract := read(paper))
    assert any("八十万元" in text for text in texts(extract))


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_drawn_turned_reads_like_any_other(angle: int) -> None:
    paper = Paper()
    paper.canvas.translate(WIDTH / 2, HEIGHT / 2)
    paper.canvas.rotate(angle)
    for number, line in enumerate(["第一条　本办法适用于全区。", "第二条　由区科委负责解释。"]):
        paper.canvas.setFont(FONT, 12)
        paper.canvas.drawString(-150, 40 - 20 * number, line)
        paper.drawn.append(line)
    assert texts(read(paper)) == ["第一条 本办法适用于全区。", "第二条 由区科委负责解释。"]


def test_a_box_turned_once_too_often_still_holds_the_page() -> None:
    paper = Paper((HEIGHT, WIDTH))
    paper.canvas.setPageRotation(90)
    paper.canvas.rotate(90)
    for x, text in ((40, "序号"), (300, "支持对象"), (650, "最高金额")):
        paper.canvas.setFont(FONT, 12)
        paper.canvas.drawString(x, -80, text)
        paper.drawn.append(text)
    extract = read(paper)
    assert not extract.dropped and texts(extract) == ["序号 支持对象 最高金额"]


def test_what_the_crop_box_cuts_off_is_told() -> None:
    paper = Paper()
    paper.canvas.setCropBox((0, 0, WIDTH, HEIGHT - 100))
    paper.text(60, 50, "裁掉的印刷标记")
    paper.lines("第一条　正文在页面里面，照常读入。", top=200)
    extract = read(paper)
    assert texts(extract) == ["第一条 正文在页面里面，照常读入。"]
    assert dropped(extract, Reason.HIDDEN) == [("裁掉的印刷标记", "第1页")]


COLUMNS = [
    ["第一条　为规范研发补助资金的管", "理，提高使用效益，制定本办法。", "第二条　本办法适用于本区企业。"],
    ["第三条　补助资金实行总额控制，", "每家企业每年最高五十万元，不得", "重复申报。"],
    ["第四条　本办法由区科委负责解释", "，自发布之日起施行，有效期为两", "年。"],
]
ARTICLES = [
    "第一条 为规范研发补助资金的管理，提高使用效益，制定本办法。",
    "第二条 本办法适用于本区企业。",
    "第三条 补助资金实行总额控制，每家企业每年最高五十万元，不得重复申报。",
    "第四条 本办法由区科委负责解释，自发布之日起施行，有效期为两年。",
]


@pytest.mark.parametrize(("count", "shift"), [(2, 0), (2, 9), (3, 0), (3, 7)])
def test_columns_are_read_one_after_the_other(count: int, shift: float) -> None:
    paper = Paper((HEIGHT, WIDTH))
    paper.text(300, 50, "研发补助资金管理办法", 18)
    # Drawn row by row, as some programs do.
    for row in range(3):
        for column in range(count):
            paper.text(40 + 260 * column, 100 + 20 * row + shift * column, COLUMNS[column][row])
    extract = read(paper)
    assert texts(extract) == ["研发补助资金管理办法", *ARTICLES[: count + 1]]
    assert extract.blocks[0].kind is UnitKind.HEADING


def test_columns_of_different_length_with_headings() -> None:
    left = [
        "一、申领条件",
        "企业须在本市注册，具有独立法人资",
        "格，并已办理税务登记。",
        "二、申领流程",
        "登录平台，填写申请表，经审核后",
        "发放。",
        "三、兑付",
        "服务完成后一个月内申请兑付。",
    ]
    right = [
        "四、监督",
        "任何单位不得弄虚作假，违者追回",
        "资金，三年内不得申请。",
        "五、附则",
        "本指南由市科技局负责解释。",
    ]
    paper = Paper()
    paper.text(200, 50, "创新券指南", 18)
    for number in range(len(left)):
        paper.lines(*left[number : number + 1], x=60, top=100 + 20 * number)
        paper.lines(*right[number : number + 1], x=320, top=100 + 20 * number)
    assert texts(read(paper)) == [
        "创新券指南", "一、申领条件", "企业须在本市注册，具有独立法人资格，并已办理税务登记。", "二、申领流程", "登录平台，填写申请表，经审核后发放。", "三、兑付", "服务完成后一个月内申请兑付。",
        "四、监督", "任何单位不得弄虚作假，违者追回资金，三年内不得申请。", "五、附则", "本指南由市科技局负责解释。",
    ]  # fmt: skip


def test_a_raised_mark_opens_its_footnote() -> None:
    paper = Paper()
    paper.text(60, 80, "本办法所称研发费用")
    paper.text(60 + 12 * 9, 76, "1", 7)
    paper.text(60 + 12 * 9 + 5, 80, "是指企业的投入。")
    paper.text(60, 770, "1", 6)
    paper.text(66, 773, "见财政部的规定。", 9)
    extract = read(paper)
    assert texts(extract) == ["本办法所称研发费用¹是指企业的投入。", "¹见财政部的规定。"]
    assert (extract.blocks[-1].kind, extract.blocks[-1].marker) == (UnitKind.NOTE, "¹")


def test_lines_are_joined_over_pages_and_notes_follow_the_paragraph() -> None:
    paper = Paper()
    paper.lines(LONG[:36], LONG[36:40] + "前页的话还没有说完，这一行排满了整整一行的宽度还要更多")
    paper.rule(60, 740, 180, 740)
    paper.text(60, 760, "① 指上一会计年度的研发费用。", 9)
    paper.page()
    paper.lines("才接着说完。", "第二段另起一行，说的是别的事情。")
    extract = read(paper)
    note = next(block for block in extract.blocks if block.kind is UnitKind.NOTE)
    assert (note.text, note.marker) == ("① 指上一会计年度的研发费用。", "①")
    assert any("还要更多才接着说完。" in text for text in texts(extract))


# --- letters ------------------------------------------------------------------------------------


def test_letter_spaced_text_is_closed_up() -> None:
    paper = Paper()
    for number, character in enumerate("研发补助管理办法"):
        paper.text(60 + 44 * number, 60, character, 18)
    paper.text(250, 100, "通　　知", 16)
    paper.lines("每 家 企 业 每 年 最 高 5 0 万 元 。", "联系 电话 仍 分开", top=160)
    found = texts(read(paper))
    assert found[:2] == ["研发补助管理办法", "通知"] or "研发补助管理办法" in found[0]
    assert any("每家企业每年最高50万元。" in text for text in found)


def test_raised_and_lowered_characters_keep_their_meaning() -> None:
    paper = Paper()
    for top, text, small, shift in (
        (80, "场地面积不少于500m", "2", -4),
        (110, "细胞数为10", "8", -4),
        (140, "排放的CO", "2", 3),
    ):
        paper.text(60, top, text)
        paper.text(60 + stringWidth(text, FONT, 12), top + shift, small, 7)
    paper.text(60, 170, "误差小于10")
    paper.text(60 + stringWidth("误差小于10", FONT, 12), 166, "-3", 7)
    found = " ".join(texts(read(paper)))
    assert "10⁸" in found and "m²" in found and "CO₂" in found and "10⁻³" in found


def test_radicals_ligatures_and_soft_hyphens() -> None:
    paper = Paper()
    paper.lines("费⽤⾦额由⼀个科⽬列支。")
    paper.lines("The oﬃce will be co\u00ad", "ordinated by the district.", top=200)
    # pdfplumber loses its place at characters that its tables do not have; what was drawn is the measure.
    extract = read_pdf(paper.save())
    assert not missing(extract, paper)
    found = texts(extract)
    assert found[0] == "费用金额由一个科目列支。" and "office will be coordinated" in found[1]


def test_bold_by_drawing_twice_is_read_once() -> None:
    paper = Paper()
    paper.text(60, 80, "申报截止时间为三月一日。")
    paper.text(60.4, 80, "申报截止时间为三月一日。")
    paper.lines("第二行只有一遍。", top=120)
    extract = read(paper)
    assert texts(extract) == ["申报截止时间为三月一日。", "第二行只有一遍。"]
    assert dropped(extract, Reason.REPEATED) == [("申报截止时间为三月一日。", "第1页")]


def test_vertical_text_is_read_from_right_to_left() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import CIDFont

    pdfmetrics.registerFont(CIDFont(FONT, "UniGB-UCS2-V"))
    paper = Paper()
    for column, line in enumerate(["右起第一行说的是宗旨，", "左边一行说的是办法。"]):
        paper.canvas.setFont(f"{FONT}-UniGB-UCS2-V", 14)
        paper.canvas.drawString(500 - 24 * column, 700, line.encode("utf-16-be").decode("latin-1"))
        paper.drawn.append(line)
    data = paper.save()
    extract = read_pdf(data)
    assert "".join(texts(extract)) == "右起第一行说的是宗旨，左边一行说的是办法。"


# --- headings and titles ------------------------------------------------------------------------


def test_bookmarks_give_the_level_and_size_where_there_are_none() -> None:
    paper = Paper()
    paper.canvas.setTitle("研发补助管理办法")
    paper.text(150, 60, "某区科学技术委员会关于印发", 20)
    paper.text(150, 86, "研发补助管理办法的通知", 20)
    for number, name in enumerate(["总体要求", "支持标准"]):
        paper.text(60, 140 + 100 * number, name)
        paper.canvas.bookmarkPage(name)
        paper.canvas.addOutlineEntry(name, name, level=1 if number else 0)
        paper.lines(LONG[:40], LONG[40:], top=170 + 100 * number)
    extract = read(paper)
    headings = [(block.text, block.level) for block in extract.blocks if block.kind is UnitKind.HEADING]
    assert headings == [("某区科学技术委员会关于印发研发补助管理办法的通知", 1), ("总体要求", 1), ("支持标准", 2)]
    assert extract.title == "研发补助管理办法"


@pytest.mark.parametrize("title", ["", "Microsoft Word - 文件.docx", "未命名", "untitled"])
def test_a_placeholder_is_no_title(title: str) -> None:
    paper = Paper()
    paper.canvas.setTitle(title)
    paper.lines("正文只有一行字，说明情况。")
    assert read_pdf(paper.save()).title is None


# --- a whole notice -----------------------------------------------------------------------------


def test_a_notice_over_three_pages() -> None:
    lines = [LONG[start : start + 30] for start in range(0, len(LONG), 30)]
    pages = [
        ["关于支持攻关的通知", "某科〔2024〕5号", "各有关单位：", "一、支持标准", lines[0]],
        [lines[1], "二、申报方式", *lines],
        ["三、其他", *lines, "某区科技局", "2024年3月1日"],
    ]
    paper = Paper()
    for number, page in enumerate(pages, 1):
        paper.lines("某区科技政策汇编", *page, f"- {number} -", x=72, top=62)
        paper.page()
    extract = read(paper)
    assert texts(extract) == [
        "关于支持攻关的通知", "某科〔2024〕5号", "各有关单位：", "一、支持标准", LONG, "二、申报方式", LONG, "三、其他", LONG, "某区科技局", "2024年3月1日",
    ]  # fmt: skip
    assert len(dropped(extract, Reason.RUNNING_HEAD)) == len(dropped(extract, Reason.PAGE_NUMBER)) == 3
    assert [block.marker for block in extract.blocks if block.kind is UnitKind.ITEM] == ["一、", "二、", "三、"]


def test_latin_words_keep_their_blanks() -> None:
    paper = Paper()
    paper.text(60, 80, "The district", font="Times-Roman")
    paper.text(60 + stringWidth("The district", "Times-Roman", 12) + 3, 80, "(Qingyan) pays", font="Times-Roman")
    paper.text(
        60 + stringWidth("The district (Qingyan) pays", "Times-Roman", 12) + 3, 80, "500,000 yuan.", font="Times-Roman"
    )
    assert texts(read(paper)) == ["The district (Qingyan) pays 500,000 yuan."]
